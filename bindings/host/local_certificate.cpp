#include "local_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

#include "openssl_owner.hpp"

namespace phiscan::host {
namespace {

using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Cert = std::unique_ptr<X509, Free<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;  // OpenSSL wipes what it frees of a key
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

constexpr int days = 396;
constexpr long before = 3600;  // clocks differ
constexpr std::size_t locked_bytes = 65'536;

bool extend(X509* cert, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  const Extension one(X509V3_EXT_nconf_nid(nullptr, &context, id, value));
  return one && X509_add_ext(cert, one.get(), -1) == 1;
}

bool name(X509_NAME* of, const std::string& common) {
  const auto add = [&](const char* field, const std::string& value) {
    return X509_NAME_add_entry_by_txt(of, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()), static_cast<int>(value.size()), -1, 0) == 1;
  };
  return add("O", "phiscan, made on this computer") && add("CN", common);
}

// The parts both have. A serial number of 63 random bits.
bool begin(X509* cert, EVP_PKEY* key, std::array<unsigned char, 8>& serial) {
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return false;
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7f) | 0x40);
  std::uint64_t number = 0;
  for (const auto one : serial) number = number << 8 | one;
  return X509_set_version(cert, X509_VERSION_3) == 1 && ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), number) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(cert), -before) != nullptr && X509_time_adj_ex(X509_getm_notAfter(cert), days, 0, nullptr) != nullptr && X509_set_pubkey(cert, key) == 1;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* cert) {
  const Bio out(BIO_new(BIO_s_mem()));
  return out && PEM_write_bio_X509(out.get(), cert) == 1 ? text_of(out.get()) : std::string();
}

std::optional<LocalCertificate> make() {
  const PrivateKey authority_key(EVP_EC_gen("P-256"));
  const PrivateKey key(EVP_EC_gen("P-256"));
  const Cert authority(X509_new());
  const Cert leaf(X509_new());
  std::array<unsigned char, 8> serial{}, other{};
  if (!authority_key || !key || !authority || !leaf || !begin(authority.get(), authority_key.get(), serial) || !begin(leaf.get(), key.get(), other)) return std::nullopt;

  LocalCertificate out;
  out.authority_name = authority_prefix;
  constexpr const char* digits = "0123456789abcdef";
  for (const auto one : serial) out.authority_name.append({digits[one >> 4], digits[one & 15]});

  auto* ca = authority.get();
  bool fine = name(X509_get_subject_name(ca), out.authority_name) && X509_set_issuer_name(ca, X509_get_subject_name(ca)) == 1;
  fine = fine && extend(ca, ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") && extend(ca, ca, NID_key_usage, "critical,keyCertSign") &&
         extend(ca, ca, NID_ext_key_usage, "serverAuth") && extend(ca, ca, NID_name_constraints, "critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255") &&
         extend(ca, ca, NID_subject_key_identifier, "hash") && X509_sign(ca, authority_key.get(), EVP_sha256()) > 0;
  auto* site = leaf.get();
  fine = fine && name(X509_get_subject_name(site), "localhost") && X509_set_issuer_name(site, X509_get_subject_name(ca)) == 1;
  fine = fine && extend(site, ca, NID_basic_constraints, "critical,CA:FALSE") && extend(site, ca, NID_key_usage, "critical,digitalSignature") &&
         extend(site, ca, NID_ext_key_usage, "serverAuth") && extend(site, ca, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1") &&
         extend(site, ca, NID_subject_key_identifier, "hash") && extend(site, ca, NID_authority_key_identifier, "keyid:always") &&
         X509_sign(site, authority_key.get(), EVP_sha256()) > 0;
  if (!fine) return std::nullopt;

  out.authority = pem(ca);
  out.leaf = pem(site);
  const Bio secret(BIO_new(BIO_s_secmem()));
  if (!secret || PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) return std::nullopt;
  out.key = text_of(secret.get());
  return out.authority.empty() || out.leaf.empty() ? std::nullopt : std::optional(std::move(out));
}

}  // namespace

std::optional<LocalCertificate> make_local_certificate() {
  // Private numbers live in memory that is never swapped; where it cannot be locked, OpenSSL wipes them all the same.
  if (CRYPTO_secure_malloc_initialized() == 0) (void)CRYPTO_secure_malloc_init(locked_bytes, 16);
  auto out = make();
  ERR_clear_error();
  return out;
}

std::optional<LocalChain> read_local_chain(const std::string& text) {
  const Bio in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const Cert leaf(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  const Cert authority(leaf ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr);
  const bool fits = authority && X509_verify(leaf.get(), X509_get0_pubkey(authority.get())) == 1;
  ERR_clear_error();
  if (!fits) return std::nullopt;
  char common[128] = "";
  if (X509_NAME_get_text_by_NID(X509_get_subject_name(authority.get()), NID_commonName, common, sizeof common) <= 0) return std::nullopt;
  LocalChain out{common, pem(authority.get()), 0};
  std::tm end{};
  if (!out.authority_name.starts_with(authority_prefix) || ASN1_TIME_to_tm(X509_get0_notAfter(leaf.get()), &end) != 1) return std::nullopt;
  out.not_after = static_cast<std::int64_t>(::timegm(&end));
  return out;
}

}  // namespace phiscan::host

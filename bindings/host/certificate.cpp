#include "certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>

#include "openssl_owner.hpp"
#include "system.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Cert = std::unique_ptr<X509, Free<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

// A key that wants a passphrase is refused rather than asked for on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

std::optional<Problem> read(const fs::path& file, const char* where, std::string& text) {
  std::error_code error;
  if (!fs::exists(file, error)) return Problem{"config", where, file.string() + ": there is no such file"};
  if (!fs::is_regular_file(file, error)) return Problem{"config", where, file.string() + ": is no file"};
  std::ifstream in(file, std::ios::binary);
  text.assign(std::istreambuf_iterator<char>(in), {});
  if (!in.good() && !in.eof()) return Problem{"config", where, file.string() + ": cannot be read by this user"};
  if (!in.is_open()) return Problem{"config", where, file.string() + ": cannot be read by this user"};
  return std::nullopt;
}

std::int64_t seconds(const ASN1_TIME* time) {
  std::tm tm{};
  return ASN1_TIME_to_tm(time, &tm) == 1 ? static_cast<std::int64_t>(::timegm(&tm)) : 0;
}

bool is_address(const std::string& name) { return name.find_first_not_of("0123456789.") == std::string::npos || name.find(':') != std::string::npos; }

}  // namespace

std::variant<Certificate, Problem> read_certificate(const fs::path& chain, const fs::path& key, const std::string& name) {
  const auto bad = [](const char* where, const fs::path& file, const std::string& what) { return Problem{"config", where, file.string() + ": " + what}; };
  Certificate out;
  if (auto problem = read(chain, "/certificate", out.chain)) return *problem;
  if (auto problem = system::private_file_problem(key); !problem.empty()) return Problem{"config", "/key", problem};
  if (auto problem = read(key, "/key", out.key)) return *problem;

  const Bio chain_bio(BIO_new_mem_buf(out.chain.data(), static_cast<int>(out.chain.size())));
  const Cert leaf(PEM_read_bio_X509(chain_bio.get(), nullptr, no_passphrase, nullptr));
  const Bio key_bio(BIO_new_mem_buf(out.key.data(), static_cast<int>(out.key.size())));
  const PrivateKey secret(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!leaf) return bad("/certificate", chain, "holds no certificate (PEM is wanted: the site's own first, then those that lead to its root)");
  if (!secret) return bad("/key", key, "holds no private key that can be read (PEM without a passphrase is wanted)");
  const bool fits = X509_check_private_key(leaf.get(), secret.get()) == 1;
  ERR_clear_error();
  if (!fits) return bad("/key", key, "does not belong to the certificate");
  const auto* from = X509_get0_notBefore(leaf.get());
  const auto* until = X509_get0_notAfter(leaf.get());
  if (X509_cmp_current_time(from) > 0) return bad("/certificate", chain, "is valid from " + system::day(seconds(from)) + " only; is the clock right?");
  if (X509_cmp_current_time(until) < 0) return bad("/certificate", chain, "ended on " + system::day(seconds(until)) + "; get a new one");
  const bool names = is_address(name) ? X509_check_ip_asc(leaf.get(), name.c_str(), 0) == 1 : X509_check_host(leaf.get(), name.data(), name.size(), 0, nullptr) == 1;
  if (!names) return bad("/certificate", chain, "does not name " + name + ", which origin says");
  out.not_after = seconds(until);
  return out;
}

}  // namespace phiscan::host

#include "base/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <memory>
#include <new>

namespace phiscan {

std::string sha256_hex(std::string_view bytes) { return sha256_hex({bytes}); }

std::string sha256_hex(std::initializer_list<std::string_view> pieces) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  for (const auto piece : pieces) {
    if (EVP_DigestUpdate(context.get(), piece.data(), piece.size()) != 1) throw std::bad_alloc();
  }
  if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) throw std::bad_alloc();
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(size * 2);
  for (unsigned int i = 0; i < size; ++i) {
    hex.push_back(digits[digest[i] >> 4U]);
    hex.push_back(digits[digest[i] & 15U]);
  }
  return hex;
}

std::uint64_t checksum(std::string_view bytes) {
  constexpr std::uint64_t prime = 0x9E3779B97F4A7C15ULL;
  std::array<std::uint64_t, 4> lanes{bytes.size(), 1, 2, 3};  // multiplications that do not wait for each other
  const auto step = [](std::uint64_t& lane, std::uint64_t word) {
    lane = (lane ^ word) * prime;
    lane ^= lane >> 32U;
  };
  while (bytes.size() >= sizeof lanes) {
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), bytes.data(), sizeof words);
    for (std::size_t i = 0; i < lanes.size(); ++i) step(lanes[i], words[i]);
    bytes.remove_prefix(sizeof words);
  }
  std::array<std::uint64_t, 4> last{};
  if (!bytes.empty()) std::memcpy(last.data(), bytes.data(), bytes.size());
  for (std::size_t i = 0; i < lanes.size(); ++i) step(lanes[i], last[i]);
  for (std::size_t i = 1; i < lanes.size(); ++i) step(lanes[0], lanes[i]);
  return lanes[0];
}

}  // namespace phiscan

#include "base/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace phiscan {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(size * 2);
  for (unsigned int i = 0; i < size; ++i) {
    hex.push_back(digits[digest[i] >> 4U]);
    hex.push_back(digits[digest[i] & 15U]);
  }
  return hex;
}

}  // namespace phiscan

// SHA-256, keyed HMACs and random bytes, by OpenSSL. Pure but for the last; any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace phiscan::host {

using Key = std::array<unsigned char, 32>;

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

// The first 16 bytes of HMAC-SHA-256(key, kind NUL user NUL value): `kind` and `user` keep equal values of different meaning apart.
[[nodiscard]] std::string keyed_token(const Key& key, std::string_view kind, std::string_view user, std::string_view value);

// 256 bits; throws when the system has none to give.
[[nodiscard]] Key random_key();

[[nodiscard]] std::string hex(std::string_view bytes);

// Compares in constant time.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

// Nothing when it is not base64 (RFC 4648, padded, no line ends).
[[nodiscard]] bool decode_base64(std::string_view text, std::string& out);
[[nodiscard]] std::string encode_base64(std::string_view bytes, std::size_t columns);

}  // namespace phiscan::host

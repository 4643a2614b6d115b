// SHA-256 over byte strings, for pack, policy, cache and request digests. The only place that knows OpenSSL. And a checksum.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace phiscan {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
// Of the pieces one after the other.
[[nodiscard]] std::string sha256_hex(std::initializer_list<std::string_view> pieces);
// Tells damaged bytes from whole ones several times faster, on any CPU; no proof against people. Every change inside one word of eight bytes is seen.
[[nodiscard]] std::uint64_t checksum(std::string_view bytes);

}  // namespace phiscan

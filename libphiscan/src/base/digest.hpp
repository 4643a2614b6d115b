// SHA-256 over byte strings, for pack, policy, cache and request digests. The only place that knows OpenSSL.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace phiscan {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
// Of the pieces one after the other.
[[nodiscard]] std::string sha256_hex(std::initializer_list<std::string_view> pieces);

}  // namespace phiscan

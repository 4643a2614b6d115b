// SHA-256 over byte strings, for pack, policy, cache and request digests. The only place that knows OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace phiscan {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace phiscan

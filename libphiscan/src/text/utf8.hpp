// Reading code points of UTF-8 that is known to be valid.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace phiscan::text {

// The code point at `at` and its length in bytes. `utf8` is valid and `at` lies on a character.
[[nodiscard]] inline std::pair<char32_t, std::size_t> decode(std::string_view utf8, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(utf8[at + i])); };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {(lead & 0x1FU) << 6U | (byte(1) & 0x3FU), 2};
  if (lead < 0xF0) return {(lead & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU), 3};
  return {(lead & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU), 4};
}

// The start of the character that ends just before `at` (at > 0).
[[nodiscard]] inline std::size_t previous(std::string_view utf8, std::size_t at) {
  do --at;
  while (at > 0 && (static_cast<unsigned char>(utf8[at]) & 0xC0U) == 0x80U);
  return at;
}

}  // namespace phiscan::text

// Confusables: whether two domains look alike to a hurried eye. UTS #39 skeletons by ICU with an ASCII table of our own on top, edit
// distance for typing slips, and the two directions of IDNA. Pure functions; ICU's types stay behind them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace phiscan::recipients {

// UTS #46, lower-cased. Nothing for what cannot be a host.
[[nodiscard]] std::optional<std::string> host_to_ascii(std::string_view utf8);
// xn-- labels decoded; the input when they cannot be.
[[nodiscard]] std::string host_to_unicode(std::string_view ascii);

// Equal for texts that look alike: skeleton -> case fold -> skeleton -> rn/m vv/w cl/d 0/o 1/l/i 5/s. ASCII input needs no ICU.
[[nodiscard]] std::string skeleton(std::string_view utf8);

// Damerau-Levenshtein (adjacent swaps count one) of at most `limit`; nothing when further apart.
[[nodiscard]] std::optional<std::size_t> distance(std::string_view a, std::string_view b, std::size_t limit);
// Slips forgiven for a known name of this length: none below 5, 1 below 10, then 2.
[[nodiscard]] std::size_t allowed_slips(std::size_t length);

}  // namespace phiscan::recipients

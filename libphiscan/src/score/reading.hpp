// Reading: the texts as the steps of weigh() look at them, again and again: folded pieces without a copy for each, and the zone of every match.
// Made once per mail; its views are good as long as it is. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "detect/match.hpp"
#include "text/text.hpp"

namespace phiscan::score {

class Reading {
 public:
  Reading(const std::vector<text::Text>& texts, const std::vector<detect::Match>& matches);

  // text::fold of the bytes from `begin` up to `end` (or the end of the text) of a norm.
  [[nodiscard]] std::string_view folded(std::uint32_t text, std::size_t begin, std::size_t end) const;
  [[nodiscard]] std::string_view value(const detect::Match& match) const { return folded(match.text, match.value.begin, match.value.end); }
  // At most `reach` bytes before or after a place.
  [[nodiscard]] std::string_view before(std::uint32_t text, std::uint32_t at, std::uint32_t reach) const { return folded(text, at > reach ? at - reach : 0, at); }
  [[nodiscard]] std::string_view after(std::uint32_t text, std::uint32_t at, std::uint32_t reach) const { return folded(text, at, std::size_t{at} + reach); }

  // Where the value of a match begins.
  [[nodiscard]] const text::Zone& zone(std::size_t match) const { return *zones_[match]; }

 private:
  struct Lower {
    std::string bytes;   // of the norm, its ASCII letters lower-case
    bool is_ascii = true;  // then the bytes are the folded text
  };
  const std::vector<text::Text>* texts_;
  std::vector<Lower> lower_;                // by text
  std::vector<const text::Zone*> zones_;    // by match
  mutable std::deque<std::string> pieces_;  // folded one by one, where not all is ASCII
};

}  // namespace phiscan::score

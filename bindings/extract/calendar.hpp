// An iCalendar part as lines a person could have written: what it is about, when, where, who.
// Pure function; any thread.
#pragma once

#include <string>
#include <string_view>

namespace phiscan::extract {

struct Calendar {
  std::string text;         // "SUMMARY: …" lines
  std::string html;         // the HTML description that some programs add
  bool has_binary = false;  // a file lies inside, which is not read
};

// `text` is UTF-8 with LF line ends.
[[nodiscard]] Calendar read_calendar(std::string_view text);

} // namespace phiscan::extract

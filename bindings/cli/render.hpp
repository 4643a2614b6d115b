// A report for a person: what was found, marked in the sender's own text, who it goes to, what happens and why, and the ways out. The text
// comes from the caller's own mail and goes to the caller's own terminal; nothing is kept.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "options.hpp"
#include "runner.hpp"
#include "style.hpp"

namespace phiscan::cli {

// Safe on a worker thread. `all`: also what does not count, and every line of the text.
[[nodiscard]] std::string render(const Outcome& outcome, const Style& style, bool all);

// The table at the end of many mails.
struct ScanTally {
  std::size_t mails = 0;
  std::size_t failed = 0;
  phiscan_action worst = PHISCAN_ACTION_NONE;
  std::map<phiscan_action, std::size_t> actions;
  std::map<std::string, std::size_t> contents;
  std::size_t incomplete = 0;

  void count(const Outcome& outcome);
  [[nodiscard]] std::string table(const Style& style) const;
};

}  // namespace phiscan::cli

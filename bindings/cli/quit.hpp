// How a command stops early: thrown where going on makes no sense, caught in main() only. What is wrong with one mail among many
// is a Failure (engine.hpp), a value; this is for wrong options and unusable policies.
#pragma once

#include <string>

namespace phiscan::cli {

// Exit codes of the contract; 10, 11 and 12 follow the action.
enum Exit : int { exit_fine = 0, exit_worse = 1, exit_usage = 2, exit_failed = 3, exit_confirm = 10, exit_justify = 11, exit_block = 12 };

struct Quit {
  int code = exit_usage;
  std::string message;  // what is wrong and what to do next; never text of a mail
};

}  // namespace phiscan::cli

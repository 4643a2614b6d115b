// The command line as data: one table says which commands and options exist; reading, help, completions and the hint at the nearest
// name all come from it. Immutable.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::cli {

struct Option {
  std::string_view name;         // "--format"
  std::string_view value;        // "" = a switch; "FILE"; "N" = a number; "text|json" = one of these
  std::string_view help;
  bool repeatable = false;
};

struct Command {
  std::string_view name;         // "scan", "pack check"
  std::string_view operands;     // "[PATH...]"
  std::size_t least = 0;         // operands
  std::size_t most = 0;
  std::string_view summary;
  std::string_view details;
  std::vector<Option> options;
  std::vector<std::string_view> examples;  // "command line  # what it does"
  std::string_view exit_codes;
};

[[nodiscard]] const std::vector<Command>& commands();
[[nodiscard]] const Command* find_command(std::string_view name);

struct Arguments {
  const Command* command = nullptr;
  std::vector<std::string> operands;
  std::map<std::string, std::vector<std::string>, std::less<>> options;

  [[nodiscard]] bool has(std::string_view name) const { return options.contains(name); }
  // The last one given; `otherwise` when there is none.
  [[nodiscard]] std::string value(std::string_view name, std::string_view otherwise = "") const;
  [[nodiscard]] const std::vector<std::string>& values(std::string_view name) const;
  [[nodiscard]] std::size_t number(std::string_view name, std::size_t otherwise) const;
};

// `words` without the program's name. Throws Quit with a hint when it is not understood. --help gives the command with only that option.
[[nodiscard]] Arguments read_arguments(const std::vector<std::string>& words);

// Whole help of a command; the overview for nullptr.
[[nodiscard]] std::string help_text(const Command* command);

// The closest of `names`, or empty when none is near.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string_view>& names);

}  // namespace phiscan::cli

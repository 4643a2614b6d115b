// Colours, or none. Also makes text of a mail safe for a terminal: control and direction characters could rewrite what a person sees.
#pragma once

#include <string>
#include <string_view>

#include "options.hpp"

namespace phiscan::cli {

enum class Tone { plain, bold, dim, red, green, yellow, magenta, cyan, blue, alarm };

struct Style {
  bool is_coloured = false;
  std::size_t width = 100;

  [[nodiscard]] std::string operator()(Tone tone, std::string_view text) const;
};

// --color, then NO_COLOR, then whether standard output is a terminal.
[[nodiscard]] Style style_of(const Arguments& arguments);

// Valid UTF-8 without control and direction characters; line feeds stay when `lines`.
[[nodiscard]] std::string printable(std::string_view text, bool lines = false);

// Characters that take a column, near enough for tables.
[[nodiscard]] std::size_t columns(std::string_view text);
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);

}  // namespace phiscan::cli

#include "score/links.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace phiscan;

namespace {

// Whether the two words, each there once, stand in one item; asked both ways round.
bool together(std::string_view norm, std::string_view one, std::string_view other) {
  const auto span = [&](std::string_view word) {
    const auto at = norm.find(word);
    REQUIRE(at != std::string_view::npos);
    return Span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + word.size())};
  };
  const bool there = score::same_item(norm, span(one), span(other));
  CHECK(score::same_item(norm, span(other), span(one)) == there);
  return there;
}

const std::string wide(60, 'x');  // a line that the margin ended

}  // namespace

TEST_CASE("a fact on the line of a name, and on the next line of a wrapped paragraph, is in its item") {
  struct Row {
    const char* what;
    std::string norm;
  };
  const Row rows[] = {
      {"one line", "Jane has asthma."},
      {"touching", "Jane asthma"},
      {"wrapped before a capital", "Jane, " + wide + "\nAlthough it is asthma."},
      {"wrapped and indented", "Jane, " + wide + "\n   with asthma"},
      {"short line that goes on in lower case", "Jane:\nhas asthma"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(together(row.norm, "Jane", "asthma"));
  }
}

TEST_CASE("a blank line, a bullet, a number, a quote mark or a line that its writer ended begins another item") {
  struct Row {
    const char* what;
    std::string norm;
  };
  const Row rows[] = {
      {"blank line", "Jane " + wide + "\n\nthe asthma group"},
      {"blank line with spaces", "Jane " + wide + "\n \t\nthe asthma group"},
      {"hyphen", "- Jane\n- Robert, asthma"},
      {"star", "* Jane\n* Robert, asthma"},
      {"indented hyphen", "Jane " + wide + "\n   - asthma"},
      {"round bullet", "Jane " + wide + "\n\xE2\x80\xA2 asthma"},
      {"number", "1. Jane\n2. Robert, asthma"},
      {"quote mark", "Jane " + wide + "\n> asthma"},
      {"short lines with capitals", "Jane\nRobert, asthma"},
      {"the third line", "Jane " + wide + "\nand more " + wide + "\n- asthma"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK_FALSE(together(row.norm, "Jane", "asthma"));
  }
}

#include "detect/pattern.hpp"

#include <doctest/doctest.h>

namespace phiscan::detect {
namespace {

TEST_CASE("a pattern needs a digit only when every way through holds one") {
  for (const char* pattern : {"\\d", " ?(\\d{3})", "[0-9]{2}", "[A-Z]{0,3}\\d{2,6}", "(?:a\\d|b[12])", "[ :]{1,3}(?:\\d|7)", "x1"}) {
    CAPTURE(pattern);
    const auto facts = inspect_pattern(pattern);
    REQUIRE(facts);
    CHECK(facts->needs_digit);
  }
  for (const char* pattern : {"[A-Z0-9]{3}", "\\d?", "\\d{0,4}x", "(?:\\d|x)", "[^0-9]", "a", "[0-9-]", "\\w", "(?:\\d{2})?x"}) {
    CAPTURE(pattern);
    const auto facts = inspect_pattern(pattern);
    REQUIRE(facts);
    CHECK_FALSE(facts->needs_digit);
  }
}

TEST_CASE("samples go through every alternative") {
  CHECK(sample_pattern("(?:ask|asked) (?:for|to)") == std::vector<std::string>{"ask for", "asked for", "ask to"});
  CHECK(sample_pattern("\\d{3}[a-f]?") == std::vector<std::string>{"777", "777A"});
  CHECK(sample_pattern("(?:a|b){2}x{0,2}") == std::vector<std::string>{"aa", "ba", "aax"});
  CHECK(sample_pattern("\\(?[^ ]\\p{L}") == std::vector<std::string>{"!A", "(!A"});
}

TEST_CASE("a value that begins where its match does is known from the pattern") {
  for (const char* pattern : {"\\d{3}", "(?:a|b)c", "([A-Z][a-z]{1,9}) has", "(a)|b(c)"}) {
    CAPTURE(pattern);
    REQUIRE(inspect_pattern(pattern));
    CHECK(inspect_pattern(pattern)->value_first);
  }
  for (const char* pattern : {"no\\. (\\d)", "(?:(a)|b)", "a?(b)"}) {
    CAPTURE(pattern);
    REQUIRE(inspect_pattern(pattern));
    CHECK_FALSE(inspect_pattern(pattern)->value_first);
  }
}

TEST_CASE("who proposes counts no long repeats and looks where words begin") {
  CHECK(proposing_pattern("[A-Z][a-z]{1,20} (?:a|b){2,3}", false) == "(?:[A-Z][a-z]{1,} (?:a|b){2,3})");
  CHECK(proposing_pattern("\\d{4}|x{12}|y{0,12}?", true) == "(?:\\b|_)(?:\\d{4}|x{12}|y{0,}?)");
  CHECK(proposing_pattern("\\{1,20}[{1,20}][]{1,20}][^]{1,20}]", false) == "(?:\\{1,20}[{1,20}][]{1,20}][^]{1,20}])");
}

}  // namespace
}  // namespace phiscan::detect

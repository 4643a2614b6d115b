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

}  // namespace
}  // namespace phiscan::detect

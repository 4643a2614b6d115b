#include "json/json.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace phiscan::json {
namespace {

// What the library by itself makes of a text without repairs; no value: refused.
std::optional<Value> library(const std::string& text) {
  auto value = Value::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

TEST_CASE("the fast reader gives what the library gives, and refuses what it refuses") {
  for (const std::string text : {
           "null", " true ", "false", "0", "-0", "-7", "12", "1.5", "1e3", "1E-2", "-0.25e+1", "123456789012345678", "1234567890123456789", "18446744073709551615",
           "18446744073709551616", "1e400", "01", "1.", ".5", "-", "+1", "1e", "nul", "tru", "", "  ", "[]", "[1,]", "[1 2]", "[1", "]", "{}", "{\"a\":1}", "{\"a\" 1}",
           "{\"a\":}", "{a:1}", "{\"a\":1,}", "{\"a\":[{\"b\":[]},{}]}", "\"\"", "\"plain text longer than eight bytes\"", "\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\"",
           "\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"", "\"\\u00g0\"", "\"\\x\"", "\"open", "\"line\nbreak\"", "\"tab\there\"", "\"\x7F\"", "\"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"",
           "\xEF\xBB\xBF{}", "{} x", "[\"1234567\\n\",\"12345678\",\"123456789\"]"}) {
    CAPTURE(text);
    const auto wanted = library(text);
    const auto read = parse(text);
    REQUIRE(static_cast<bool>(read) == wanted.has_value());
    if (wanted) {
      CHECK(*read == *wanted);
      CHECK(read->type() == wanted->type());
    }
  }
}

TEST_CASE("texts made from a seed read as the library reads them") {
  std::mt19937 random(20261127);
  const char* const pieces[] = {"{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"", "\\", "\\n", "\\u00e9", "1", "-2.5", "0", "true", "null", " ", "\n", "some words of a mail", "\xC3\xA9"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto n = 1 + random() % 9; n != 0; --n) text += pieces[random() % std::size(pieces)];
    if (random() % 2 == 0) text = "{\"a\":[" + text + "]}";
    const auto wanted = library(text);
    const auto read = parse(text);
    CAPTURE(text);
    if (!wanted) REQUIRE_FALSE(read);
    if (read) REQUIRE(*read == *wanted);
    else if (wanted) REQUIRE(read.error().message == "the key appears twice");
  }
}

TEST_CASE("lone surrogates and bad UTF-8 are repaired wherever they stand among plain bytes") {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string plain(before, 'x');
    const auto surrogate = parse("\"" + plain + "\\ud800" + plain + "\"");
    REQUIRE(surrogate);
    CHECK(surrogate->get<std::string>() == plain + "\xEF\xBF\xBD" + plain);
    const auto bytes = parse("\"" + plain + "\xFF" + plain + "\"");
    REQUIRE(bytes);
    CHECK(bytes->get<std::string>() == plain + "\xEF\xBF\xBD" + plain);
  }
}

}  // namespace
}  // namespace phiscan::json

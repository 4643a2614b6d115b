#include <doctest/doctest.h>
#include <json.hpp>

using namespace phiscan::host;

namespace {

Json read(std::string_view text) {
  auto out = parse_json(text);
  REQUIRE(std::holds_alternative<Json>(out));
  return std::get<Json>(out);
}

Problem refused(std::string_view text) {
  auto out = parse_json(text);
  REQUIRE(std::holds_alternative<Problem>(out));
  return std::get<Problem>(out);
}

}  // namespace

TEST_CASE("lone surrogates and broken UTF-8 become U+FFFD, pairs stay") {
  CHECK(read(R"(["a\ud800b"])")[0] == "a\xEF\xBF\xBD" "b");
  CHECK(read(R"(["\udc00\ud83d\ude00"])")[0] == "\xEF\xBF\xBD\xF0\x9F\x98\x80");
  CHECK(read(R"(["\\ud800"])")[0] == "\\ud800");
  CHECK(read("[\"a\xFF\xC0\x80z\"]")[0] == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  CHECK(read("[\"\xED\xA0\x80\"]")[0] == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(read(R"(["a\u0000b"])")[0].get<std::string>().size() == 3);
}

TEST_CASE("a key twice is an error that names the place but no words of a guest") {
  CHECK(refused(R"({"a":1,"a":2})").where == "/a");
  CHECK(refused(R"({"request":{"to":[{"address":"x","address":"y"}]}})").where == "/request/to/0/address");
  CHECK(refused(R"({"request":{"Dana Roe, 00412345":{"x":1,"x":2}}})").where == "/request/?/x");
  CHECK(refused(R"({"Dana":1,"Dana":2})").where == "/?");
}

TEST_CASE("depth and width have an end") {
  CHECK(refused(std::string(100, '[') + std::string(100, ']')).code == "bad_json");
  std::string wide = "{";
  for (int i = 0; i < 300; ++i) wide += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
  CHECK(refused(wide + "}").code == "bad_json");
  CHECK(read(std::string(64, '[') + std::string(64, ']')).is_array());
}

TEST_CASE("what breaks is told by its place alone") {
  const auto problem = refused(R"({"body":"Dana Roe has )");
  CHECK(problem.code == "bad_json");
  CHECK(problem.message.find("Dana") == std::string::npos);
}

#include "detect/pack_check.hpp"

#include <doctest/doctest.h>

#include <string>

#include "rules/pack.hpp"

namespace phiscan::detect {
namespace {

// What `pack check` says of a pack with one shape.
std::string check(const std::string& pattern, const std::string& edges = "both") {
  const auto pack = rules::read_pack({R"({"schema": "phiscan.pack/1", "id": "mine", "version": "1", "rules": [{"id": "a.b", "kind": "context", "cue": "newsletter", "edges": ")" +
                                      edges + R"(", "pattern": ")" + pattern + R"(", "sources": ["a test"], "examples": {"match": ["she [[asked for]] it"], "no_match": ["no"]}}]})"});
  REQUIRE(pack);
  return check_pack(*pack);
}

TEST_CASE("an alternative that a shorter one before it hides is named") {
  CHECK(check("(?:ask|asked) for").find("never matches") == std::string::npos);  // what follows decides
  CHECK(check("asked for|they (?:ask|asked)").find(R"(never matches \"they asked\")") != std::string::npos);
  CHECK(check("asked for|they (?:asked|ask)").find("never matches") == std::string::npos);
  CHECK(check("asked for|they (?:ask|asked)", "left").find("never matches") == std::string::npos);  // no edge, nothing to fail
}

TEST_CASE("a head with a sign at its end is named, because only its words are looked for") {
  const auto with_head = [](const std::string& head) {
    const auto pack = rules::read_pack({R"({"schema": "phiscan.pack/1", "id": "mine", "version": "1", "rules": [{"id": "a.b", "kind": "context", "cue": "newsletter", "heads": [")" + head + R"("],
                                          "sources": ["a test"], "examples": {"match": ["x"], "no_match": ["y"]}}]})"});
    REQUIRE(pack);
    return check_pack(*pack).find("signs at its ends") != std::string::npos;
  };
  CHECK(with_head("% off"));
  CHECK(with_head("scenario:"));
  CHECK_FALSE(with_head("p < 0"));
  CHECK_FALSE(with_head("h&p"));
}

}  // namespace
}  // namespace phiscan::detect

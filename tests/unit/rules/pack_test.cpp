#include "rules/pack.hpp"

#include <doctest/doctest.h>

#include <string>

namespace phiscan::rules {
namespace {

std::string pack(const std::string& more) { return R"({"schema": "phiscan.pack/1", "id": "mine", "version": "1")" + more + "}"; }
std::string context_rule(const std::string& cue) {
  return pack(R"(, "rules": [{"id": "a.b", "kind": "context", "cue": ")" + cue + R"(", "heads": ["word"]}])");
}

TEST_CASE("a cue that nothing counts is refused, so that a misspelled one does not stay silent") {
  CHECK(read_pack({context_rule("newsletter")}));
  const auto read = read_pack({context_rule("newsleter")});
  REQUIRE_FALSE(read);
  CHECK(read.error().where == "/rules/0/cue");
}

TEST_CASE("a naming that nothing reads, or of what is no name, is refused") {
  const auto rule = [](const std::string& label, const std::string& naming) {
    return pack(R"(, "rules": [{"id": "a.b", "label": ")" + label + R"(", "naming": ")" + naming + R"(", "heads": ["word"]}])");
  };
  CHECK(read_pack({rule("name", "relative")}));
  for (const auto& wrong : {rule("name", "relativ"), rule("mrn", "relative")}) {
    const auto read = read_pack({wrong});
    REQUIRE_FALSE(read);
    CHECK(read.error().where == "/rules/0/naming");
  }
}

TEST_CASE("a pack for a newer engine is refused, one for this or an older engine is read") {
  for (const char* version : {"0.0.9", "0.1", "0.1.0", ""}) {
    CAPTURE(version);
    CHECK(read_pack({pack(R"(, "min_engine": ")" + std::string(version) + "\"")}));
  }
  for (const char* version : {"0.1.1", "0.2", "1.0.0", "99"}) {
    CAPTURE(version);
    const auto read = read_pack({pack(R"(, "min_engine": ")" + std::string(version) + "\"")});
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::version);
    CHECK(read.error().where == "/min_engine");
  }
}

}  // namespace
}  // namespace phiscan::rules

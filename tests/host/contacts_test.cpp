#include <contacts.hpp>
#include <doctest/doctest.h>

#include <algorithm>

using namespace phiscan::host;

namespace {

bool share(Trait trait, const char* a, const char* b) {
  const auto first = words_of(*parse_address(a), ""), second = words_of(*parse_address(b), "");
  return std::any_of(first.begin(), first.end(), [&](const Word& one) {
    return one.trait == trait && std::any_of(second.begin(), second.end(), [&](const Word& other) { return other.trait == trait && other.text == one.text; });
  });
}

}  // namespace

TEST_CASE("one address, however it is written") {
  for (const char* text : {"dana.roe@mail.test", "<Dana.Roe@Mail.Test>", " DANA.ROE@MAIL.TEST. ", "dana.roe+labs@mail.test"}) {
    const auto address = parse_address(text);
    REQUIRE(address);
    CHECK(address->text() == "dana.roe@mail.test");
  }
  for (const char* text : {"", "dana", "@mail.test", "dana@", "<>"}) CHECK_FALSE(parse_address(text));
}

TEST_CASE("one slip in the name is near, two are not") {
  CHECK(share(Trait::near_local, "dana.roe@mail.test", "dana.rooe@mail.test"));   // one more
  CHECK(share(Trait::near_local, "dana.roe@mail.test", "dan.roe@mail.test"));     // one less
  CHECK(share(Trait::near_local, "dana.roe@mail.test", "dane.roe@mail.test"));    // another letter
  CHECK(share(Trait::near_local, "dana.roe@mail.test", "dnaa.roe@mail.test"));    // swapped
  CHECK_FALSE(share(Trait::near_local, "dana.roe@mail.test", "dena.rue@mail.test"));
  CHECK_FALSE(share(Trait::near_local, "dana.roe@mail.test", "dane.roe@other.test"));
  CHECK_FALSE(share(Trait::near_local, "joe@mail.test", "jon@mail.test"));        // too short to say
}

TEST_CASE("domains that look alike or are one slip apart") {
  CHECK(look_of("rnedlab.test") == look_of("medlab.test"));
  CHECK(look_of("clinic1.test") == look_of("clinicl.test"));
  CHECK(look_of("medlab.test") != look_of("medlib.test"));
  CHECK(share(Trait::near_domain, "a@valleylab.test", "b@valeylab.test"));
  CHECK_FALSE(share(Trait::near_domain, "a@valleylab.test", "b@vallyleb.test"));
}

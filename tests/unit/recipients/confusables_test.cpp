#include "recipients/confusables.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace phiscan::recipients;

TEST_CASE("texts that look alike have one skeleton") {
  struct Row {
    const char* a;
    const char* b;
  };
  const Row rows[] = {
      {"rnercy", "mercy"}, {"vvest", "west"}, {"dinic", "clinic"}, {"g00d", "good"}, {"lakes1de", "lakeside"}, {"lake5ide", "lakeside"},
      {"Lakeside", "lakeside"}, {"l\xd0\xb0keside", "lakeside"} /* Cyrillic a */, {"\xd1\x81linic", "clinic"} /* Cyrillic es */,
      {"clínic", "clinic"}, {"ｌakeside", "lakeside"} /* full-width l */, {"l\xce\xb1keside", "lakeside"} /* Greek alpha */,
  };
  for (const auto& row : rows) {
    CAPTURE(row.a);
    CHECK(skeleton(row.a) == skeleton(row.b));
  }
  CHECK(skeleton("lakeside") != skeleton("lakeview"));
  CHECK(skeleton("") == "");
}

TEST_CASE("the ASCII short cut agrees with ICU's way") {
  // A letter that ICU folds to "e" forces the long way; the rest must come out as the short cut has it.
  const std::string plain = "abcdefghijklmnopqrstuvwxyz-0123456789";
  for (const char c : plain) {
    CAPTURE(c);
    const std::string one(1, c);
    CHECK(skeleton("z" + one + "z\xd0\xb5") == skeleton("z" + one + "ze"));
  }
}

TEST_CASE("punycode goes both ways") {
  CHECK(host_to_ascii("CLÍNICA.example") == "xn--clnica-4va.example");
  CHECK(host_to_unicode("xn--clnica-4va.example") == "clínica.example");
  CHECK(host_to_ascii("clinic.example") == "clinic.example");
  CHECK(host_to_unicode("xn--\x7f\x7f.example").size() > 0);
  CHECK_FALSE(host_to_ascii(std::string(5000, 'a')));
  CHECK_FALSE(host_to_ascii("a..b"));
}

TEST_CASE("distance counts a swap as one slip") {
  CHECK(distance("gmial", "gmail", 1) == 1);
  CHECK(distance("gmai", "gmail", 1) == 1);
  CHECK(distance("gmaill", "gmail", 1) == 1);
  CHECK(distance("gnail", "gmail", 1) == 1);
  CHECK(distance("gmail", "gmail", 1) == 0);
  CHECK_FALSE(distance("hotmail", "gmail", 1));
  CHECK(distance("lakesdieclinci", "lakesideclinic", 2) == 2);
  CHECK(distance("", "ab", 2) == 2);
  CHECK_FALSE(distance(std::string(100, 'a'), std::string(100, 'b'), 2));
}

TEST_CASE("short names forgive no slip") {
  CHECK(allowed_slips(4) == 0);
  CHECK(allowed_slips(5) == 1);
  CHECK(allowed_slips(9) == 1);
  CHECK(allowed_slips(10) == 2);
}

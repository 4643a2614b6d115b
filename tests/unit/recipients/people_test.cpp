#include "recipients/people.hpp"

#include <doctest/doctest.h>

using namespace phiscan::recipients;

TEST_CASE("a display name is read with its titles and turns") {
  struct Row {
    const char* text;
    const char* folded;
  };
  const Row rows[] = {
      {"Dana Roe", "dana roe"}, {"Roe, Dana", "dana roe"}, {"Dr. Dana Roe, MD", "dana roe"}, {"Ngo, Patricia, MD", "patricia ngo"}, {"Hannah Weiss CNM", "hannah weiss"},
      {"Bao Tran, MA", "bao tran"}, {"Linh Do", "linh do"}, {"José Núñez", "jose nunez"}, {"\"O'Brien, Pat\"", "pat obrien"}, {"Sra. Juana García López", "juana garcia lopez"},
      {"Dana", "dana"}, {"Dana Roe (mobile)", "dana roe"}, {"Front Desk", ""}, {"Garden Counseling", ""}, {"dana@mail.test", ""}, {"", ""}, {",", ""}, {", ,", ""},
      {"One Two Three Four Five Six", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(read_name(row.text).folded() == row.folded);
  }
}

TEST_CASE("a local part names a person only with a usual first name") {
  CHECK(name_of_local("dana.roe88+x").folded() == "dana roe");
  CHECK(name_of_local("roe_dana").folded() == "dana roe");
  CHECK(name_of_local("sun.flower").empty());
  CHECK(name_of_local("danaroe").empty());
  CHECK(name_of_local("mary.records").empty());
}

TEST_CASE("nicknames, short forms and initials are the same first name") {
  CHECK(same_given("bob", "robert"));
  CHECK(same_given("liz", "elizabeth"));
  CHECK(same_given("pancho", "francisco"));
  CHECK(same_given("dan", "daniel"));
  CHECK(same_given("d", "dana"));
  CHECK_FALSE(same_given("dana", "janet"));
  CHECK_FALSE(same_given("", "janet"));
}

TEST_CASE("an address spells a name in the usual ways") {
  const Name dana = read_name("Dana Marie Roe");
  for (const char* local : {"dana.roe", "danaroe61", "droe", "roed", "roe.dana", "dmroe", "dana.m.roe", "droe+clinic"}) {
    CAPTURE(local);
    CHECK(spells(local, dana));
  }
  for (const char* local : {"roe", "dana", "janet.roe", "jroe", "sunflower", ""}) {
    CAPTURE(local);
    CHECK_FALSE(spells(local, dana));
  }
}

TEST_CASE("a recipient fits, differs, or nobody can tell") {
  struct Row {
    const char* person;
    const char* display;
    const char* local;
    Fit expected;
  };
  const Row rows[] = {
      {"Janet Roe", "Janet Roe", "x", Fit::fits},
      {"Janet Roe", "Robert Roe", "x", Fit::fits},       // family reads along
      {"Janet Roe", "Janet Smith", "x", Fit::differs},   // autocomplete took the other Janet
      {"Janet Roe", "Dana Vale", "x", Fit::differs},
      {"Janet Roe", "Janet", "x", Fit::fits},
      {"Robert Roe", "Bob", "x", Fit::fits},
      {"Janet Roe", "", "jroe.garden", Fit::fits},
      {"Janet Roe", "", "janet61", Fit::fits},
      {"Janet Roe", "", "sunflower", Fit::unclear},
      {"Janet Roe", "", "dana.vale", Fit::differs},
      {"Janet Roe", "", "sun.flower", Fit::unclear},
      {"Janet", "Janet Vale", "x", Fit::fits},
      {"", "Janet Vale", "x", Fit::unclear},
  };
  for (const auto& row : rows) {
    CAPTURE(row.person);
    CAPTURE(row.display);
    CAPTURE(row.local);
    CHECK(fit(read_name(row.person), read_name(row.display), row.local) == row.expected);
  }
}

TEST_CASE("a greeting fits the one it names") {
  CHECK(fit_greeting("dana", read_name("Dana Roe"), "x") == Fit::fits);
  CHECK(fit_greeting("mr roe", read_name("Dana Roe"), "x") == Fit::fits);
  CHECK(fit_greeting("bob", read_name("Robert Roe"), "x") == Fit::fits);
  CHECK(fit_greeting("jane", read_name("Dana Roe"), "x") == Fit::differs);
  CHECK(fit_greeting("team", read_name("Dana Roe"), "x") == Fit::unclear);
  CHECK(fit_greeting("jane", read_name(""), "sunflower") == Fit::unclear);
  CHECK(fit_greeting("", read_name("Dana Roe"), "x") == Fit::unclear);
}

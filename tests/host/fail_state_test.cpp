#include <doctest/doctest.h>
#include <fail_state.hpp>

#include <string>

using namespace phiscan::host;

TEST_CASE("what a client does, cell by cell") {
  using enum Response;
  struct Expected {
    Condition condition;
    Response prompt, block, allow_with_note;
    bool outside_only, may_say_clean;
  };
  constexpr Expected table[] = {
      {Condition::ready, proceed, proceed, proceed, false, true},
      {Condition::host_absent, prompt, block, note, false, false},
      {Condition::host_slow, prompt, block, note, false, false},
      {Condition::partial, note, prompt, note, false, false},
      {Condition::no_pack, prompt, block, note, true, false},
      {Condition::pack_stale, note, note, note, false, true},
      {Condition::pack_expired, prompt, block, note, true, false},
      {Condition::policy_broken, prompt, block, note, true, false},
      {Condition::state_broken, note, note, note, false, true},
  };
  static_assert(std::size(table) == all_conditions.size());
  for (const auto& expected : table) {
    CAPTURE(std::string(word(expected.condition)));
    CHECK(row(expected.condition, FailMode::prompt).response == expected.prompt);
    CHECK(row(expected.condition, FailMode::block).response == expected.block);
    CHECK(row(expected.condition, FailMode::allow_with_note).response == expected.allow_with_note);
    for (const auto mode : all_fail_modes) {
      CHECK(row(expected.condition, mode).outside_only == expected.outside_only);
      CHECK(row(expected.condition, mode).may_say_clean == expected.may_say_clean);
    }
  }
}

TEST_CASE("nothing unchecked is ever shown as clean, and only a ready host is silent") {
  for (const auto condition : all_conditions) {
    for (const auto mode : all_fail_modes) {
      const auto one = row(condition, mode);
      CAPTURE(std::string(word(condition)));
      if (condition != Condition::ready) CHECK(one.response != Response::proceed);
      if (one.response == Response::prompt || one.response == Response::block) CHECK_FALSE(one.may_say_clean);
      // The strict mode is never milder than the others.
      CHECK(row(condition, FailMode::block).response >= one.response);
      CHECK_FALSE(one.text_en.empty());
      CHECK_FALSE(one.text_es.empty());
      CHECK(one.text_en != one.text_es);
    }
  }
}

TEST_CASE("an unknown fail mode asks") {
  CHECK(fail_mode("block") == FailMode::block);
  CHECK(fail_mode("allow_with_note") == FailMode::allow_with_note);
  CHECK(fail_mode("") == FailMode::prompt);
  CHECK(fail_mode("open") == FailMode::prompt);
}

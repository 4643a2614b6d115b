// What a client does when not everything could be checked: one table, states by fail mode of the policy. Clients get their rows in the
// replies to policy and status, so that they know what to do when nobody answers any more. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace phiscan::host {

enum class Condition : std::uint8_t {
  ready,
  host_absent,    // not installed, crashed, port lost
  host_slow,      // no answer before the client's deadline
  partial,        // an answer, but something was not read
  no_pack,        // no rules: nothing can be checked
  pack_stale,     // older than it should be
  pack_expired,   // so old that it no longer counts
  policy_broken,  // the clinic's policy cannot be used; the default one is in force
  state_broken,   // no history and no acknowledgements
};
inline constexpr std::array all_conditions = {Condition::ready,      Condition::host_absent,  Condition::host_slow,     Condition::partial,     Condition::no_pack,
                                              Condition::pack_stale, Condition::pack_expired, Condition::policy_broken, Condition::state_broken};

enum class FailMode : std::uint8_t { prompt, block, allow_with_note };
inline constexpr std::array all_fail_modes = {FailMode::prompt, FailMode::block, FailMode::allow_with_note};

enum class Response : std::uint8_t {
  proceed,  // as the report says
  note,     // as the report says, and say what was not checked
  prompt,   // ask before the mail goes
  block,    // do not send; offer to try again
};

struct Row {
  Response response = Response::block;
  bool outside_only = false;  // the response is for mail that leaves the organisation; other mail: note
  bool may_say_clean = false; // a report of "allow" may be shown as checked and fine
  std::string_view text_en, text_es;
  bool operator==(const Row&) const = default;
};

[[nodiscard]] Row row(Condition condition, FailMode mode);

[[nodiscard]] std::string_view word(Condition condition);
[[nodiscard]] std::string_view word(Response response);
[[nodiscard]] std::string_view word(FailMode mode);
[[nodiscard]] FailMode fail_mode(std::string_view word);  // prompt when it is none of ours

}  // namespace phiscan::host

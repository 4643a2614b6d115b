// Offers: the finished ways out of a prompt, best first, each only when it would help this mail. Edits come from edits.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decide/decision.hpp"

namespace phiscan::decide {

// Everything judge() knew when the action was settled.
struct Situation {
  const rules::Policy& policy;
  const message::Message& message;
  const std::vector<text::Text>& texts;
  const score::Findings& findings;
  const recipients::Risks& risks;
  const std::vector<message::Gap>& gaps;
  Action if_enforced = Action::allow;
  rules::Channel demanded = rules::Channel::email;  // by the e-mail use map; email = nothing demanded
  bool sender_may_not = false;                      // a role or mailbox that may not send PHI outside
};

[[nodiscard]] std::vector<Offer> find_offers(const Situation& situation);

// The address itself is probably not the one that was meant.
[[nodiscard]] bool is_wrong_address(Risk risk);
// Reads as Spanish to a counting eye; used for the language of words that the recipient will read.
[[nodiscard]] bool is_spanish(const message::Message& message, const std::vector<text::Text>& texts);
// By the mail program, or by the policy's tag in the subject.
[[nodiscard]] bool is_set_to_encrypt(const rules::Policy& policy, const message::Message& message);
// attachments/N and everything below it.
[[nodiscard]] bool is_about_attachment(std::string_view gap_part, std::size_t index);

}  // namespace phiscan::decide

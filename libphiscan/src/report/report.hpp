// The report JSON (phiscan.report/1) and the sender's sentences. Holds no text of the mail: rule ids, positions, counts and placeholders.
#pragma once

#include <string>
#include <vector>

#include "decide/decision.hpp"
#include "message/message.hpp"
#include "recipients/envelope.hpp"
#include "rules/pack.hpp"
#include "rules/policy.hpp"
#include "score/finding.hpp"
#include "text/text.hpp"

namespace phiscan::report {

struct Report {
  Action action = Action::confirm;
  std::string json;
};

[[nodiscard]] Report compose(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message,
                             const std::vector<text::Text>& texts, const score::Findings& findings,
                             const recipients::Risks& risks, const decide::Decision& decision);

}  // namespace phiscan::report

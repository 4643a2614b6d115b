// Weighing: from matches to findings about persons. Identity, health and link are kept apart, damped by zone, suppressors and sample
// data, and only together make PHI (facts: 45 CFR 160.103; weights live in the pack). A pure function of its inputs.
#pragma once

#include <vector>

#include "detect/match.hpp"
#include "message/message.hpp"
#include "recipients/envelope.hpp"
#include "rules/pack.hpp"
#include "rules/policy.hpp"
#include "score/finding.hpp"
#include "score/lists.hpp"
#include "text/text.hpp"

namespace phiscan::score {

[[nodiscard]] Findings weigh(const rules::Pack& pack, const Lists& lists, const rules::Policy& policy, const message::Message& message,
                             const std::vector<text::Text>& texts, const recipients::Envelope& envelope,
                             const std::vector<detect::Match>& matches);

}  // namespace phiscan::score

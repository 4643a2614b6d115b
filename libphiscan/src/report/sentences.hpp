// Sentences: what the sender reads, from the pack's texts. Names kinds and counts; what belongs to the mail stays a placeholder
// ({recipient:to/0}, {attachment:0}, {finding:0}) that the client fills from its own draft.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "decide/decision.hpp"
#include "message/message.hpp"
#include "recipients/envelope.hpp"
#include "rules/pack.hpp"
#include "rules/policy.hpp"
#include "score/finding.hpp"
#include "text/text.hpp"

namespace phiscan::report {

struct Line {
  int severity = 0;
  std::string text;
};

struct Sentences {
  std::string lang;
  std::string title;
  std::vector<Line> lines;  // most severe first, at most five
  std::vector<std::pair<std::string, std::string>> offers;  // kind -> words of its button, in the order of the offers
};

// `listed`: the index of each finding in the report's list; nothing for findings that are not listed.
[[nodiscard]] Sentences speak(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message,
                              const std::vector<text::Text>& texts, const score::Findings& findings, const recipients::Risks& risks,
                              const decide::Decision& decision, const std::vector<std::optional<std::uint32_t>>& listed);

}  // namespace phiscan::report

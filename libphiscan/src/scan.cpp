#include "scan.hpp"

#include "decide/decision.hpp"
#include "recipients/envelope.hpp"
#include "score/weigh.hpp"
#include "text/text.hpp"

namespace phiscan {

report::Report scan(const Ruleset& set, detect::Scratch& scratch, const message::Message& message) {
  auto texts = text::normalise(message);
  const auto candidates = detect::propose(set.matcher(), scratch, texts);
  std::vector<std::uint32_t> cut;
  const auto matches = detect::confirm(set.matcher(), texts, candidates, message.now, &cut);
  for (const auto text : cut) texts[text].truncated = true;
  const auto envelope = recipients::classify(set.policy(), message);
  const auto findings = score::weigh(set.pack(), set.lists(), set.policy(), message, texts, envelope, matches);
  const auto risks = recipients::assess(set.policy(), message, envelope, findings);
  const auto decision = decide::judge(set.policy(), message, texts, findings, risks);
  return report::compose(set.pack(), set.policy(), message, texts, findings, risks, decision);
}

}  // namespace phiscan

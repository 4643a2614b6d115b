#include "scan.hpp"

#include "decide/decision.hpp"
#include "recipients/envelope.hpp"
#include "score/weigh.hpp"
#include "text/text.hpp"

namespace phiscan {

Result<std::shared_ptr<const Ruleset>> Ruleset::load(const std::vector<std::string_view>& packs, std::string_view policy, std::string_view cache) {
  auto pack = rules::read_pack(packs);
  if (!pack) return pack.error();
  auto site = rules::read_policy(policy);
  if (!site) return site.error();
  std::shared_ptr<Ruleset> set(new Ruleset(std::move(*pack), std::move(*site)));
  auto matcher = detect::Matcher::compile(set->pack_, cache);
  if (!matcher) return matcher.error();
  set->matcher_ = std::move(*matcher);
  return std::shared_ptr<const Ruleset>(std::move(set));
}

report::Report scan(const Ruleset& set, detect::Scratch& scratch, const message::Message& message) {
  const auto texts = text::normalise(message);
  const auto candidates = detect::propose(set.matcher(), scratch, texts);
  const auto matches = detect::confirm(set.matcher(), texts, candidates, message.now);
  const auto envelope = recipients::classify(set.policy(), message);
  const auto findings = score::weigh(set.pack(), set.policy(), message, texts, envelope, matches);
  const auto risks = recipients::assess(set.policy(), message, envelope, findings);
  const auto decision = decide::judge(set.policy(), message, texts, findings, risks);
  return report::compose(set.pack(), set.policy(), message, texts, findings, risks, decision);
}

}  // namespace phiscan

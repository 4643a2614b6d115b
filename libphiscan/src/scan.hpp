// The spine: one call per stage, values moving left to right. Ruleset is everything a scan needs besides the message; immutable and
// shared by threads. Scratch belongs to one thread. A scan is a pure function: same inputs, same report, byte for byte.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/matcher.hpp"
#include "message/message.hpp"
#include "report/report.hpp"
#include "rules/pack.hpp"
#include "rules/policy.hpp"

namespace phiscan {

// Stays where it was made: the matcher points into the pack.
class Ruleset {
 public:
  static Result<std::shared_ptr<const Ruleset>> load(const std::vector<std::string_view>& packs, std::string_view policy, std::string_view cache);
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;

  [[nodiscard]] const rules::Pack& pack() const { return pack_; }
  [[nodiscard]] const rules::Policy& policy() const { return policy_; }
  [[nodiscard]] const detect::Matcher& matcher() const { return *matcher_; }

 private:
  Ruleset(rules::Pack pack, rules::Policy policy) : pack_(std::move(pack)), policy_(std::move(policy)) {}
  rules::Pack pack_;
  rules::Policy policy_;
  std::optional<detect::Matcher> matcher_;
};

[[nodiscard]] report::Report scan(const Ruleset& set, detect::Scratch& scratch, const message::Message& message);

}  // namespace phiscan

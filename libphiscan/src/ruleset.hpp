// Ruleset: everything a scan needs besides the message - pack, policy and what is compiled from the pack. Immutable, shared by threads.
// Reading and compiling a pack takes a second; what comes of it can be kept as bytes, and then a start takes milliseconds.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/matcher.hpp"
#include "rules/pack.hpp"
#include "rules/policy.hpp"
#include "score/lists.hpp"

namespace phiscan {

// Stays where it was made: matcher and lists point into the pack.
class Ruleset {
 public:
  // `cache` is what cache() gave for the same packs, to this build on this machine; one that does not fit is put aside.
  static Result<std::shared_ptr<const Ruleset>> load(const std::vector<std::string_view>& packs, std::string_view policy, std::string_view cache);
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;

  [[nodiscard]] const rules::Pack& pack() const { return pack_; }
  [[nodiscard]] const rules::Policy& policy() const { return policy_; }
  [[nodiscard]] const detect::Matcher& matcher() const { return *matcher_; }
  [[nodiscard]] const score::Lists& lists() const { return *lists_; }
  // To keep beside the packs for a fast next start; made anew at each call.
  [[nodiscard]] std::string cache() const;
  [[nodiscard]] std::string_view cache_state() const { return cache_state_; }  // "used", "none", "rejected"
  // Names what a cache is good for: packs, engine, build and machine.
  [[nodiscard]] std::string cache_key() const { return cache_key(pack_.sha256); }

 private:
  Ruleset() = default;
  static std::string cache_key(std::string_view packs);
  bool restore(std::string_view cache, std::string_view packs);

  rules::Pack pack_;
  rules::Policy policy_;
  std::optional<detect::Matcher> matcher_;
  std::optional<score::Lists> lists_;
  std::string_view cache_state_ = "none";
};

}  // namespace phiscan

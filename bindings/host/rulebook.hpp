// Packs and policy in force. Loads them from the administrator's files or from texts, swaps a whole new set in at once, and keeps the old
// one when the new one is broken. Any thread.
#pragma once

#include <engine/engine.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "json.hpp"

namespace phiscan::host {

struct RuleFiles {
  std::filesystem::path policy;   // empty: none
  std::filesystem::path packs;    // a folder; its entries by name, in overlay order; empty or missing: the built-in pack
  bool policy_required = false;   // named by hand: then it must be there
  bool own_is_fine = false;       // files of this user serve as well as the administrator's
};

struct Loaded {
  engine::Rules rules;
  std::string policy_text;
  std::vector<std::string> bundles;
  Json policy;                    // without comments; an empty object when there is none
  Json info;                      // phiscan_rules_info
  std::string digest;             // of packs and policy
  std::uint64_t generation = 0;
};

// What is wrong with the files, for status; what is in force is something else.
struct RuleProblem {
  std::string what;               // "policy" or "packs"
  Problem problem;
};

class Rulebook {
 public:
  explicit Rulebook(bool with_cache) : with_cache_(with_cache) {}

  // Reads the files, once. With broken ones the rest still loads: without the policy, with the built-in pack. `policy` is the text to begin
  // with when no file is named.
  void open(RuleFiles files, std::string policy = {});
  [[nodiscard]] bool is_open() const { return is_open_.load(); }
  void wait_open() const { is_open_.wait(false); }
  // Looks at most every two seconds whether the files have changed, and takes good new ones over.
  void refresh();
  // Looks now, and reads the files again whether they have changed or not.
  void look();

  // From texts (playground). Nothing when it is in force now; otherwise why not, and the old one stays.
  [[nodiscard]] std::optional<Problem> set_policy(std::string text);
  [[nodiscard]] std::optional<Problem> set_packs(std::vector<std::string> bundles);

  // Null when not even the built-in pack could be loaded.
  [[nodiscard]] std::shared_ptr<const Loaded> current() const;
  [[nodiscard]] std::vector<RuleProblem> problems() const;

 private:
  [[nodiscard]] std::optional<Problem> load(const std::vector<std::string>& bundles, const std::string& policy);
  [[nodiscard]] std::optional<Problem> read_policy(std::string& text) const;
  [[nodiscard]] std::optional<Problem> read_packs(std::vector<std::string>& bundles) const;
  void read_files(std::string policy);
  [[nodiscard]] std::string marks() const;

  const bool with_cache_;
  RuleFiles files_;
  std::atomic<bool> is_open_ = false;
  std::mutex loading_;            // one load at a time
  mutable std::mutex mutex_;
  std::shared_ptr<const Loaded> current_;
  std::vector<RuleProblem> problems_;
  std::uint64_t generation_ = 0;
  std::string marks_;
  std::int64_t looked_at_ = 0;
};

}  // namespace phiscan::host

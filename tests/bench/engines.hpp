// What the engine is measured against: the pack's regular expressions, given to each library as its manual shows it and nothing else
// done with the matches. Only what every library accepts of a pattern is compared with it; `patterns()` says how many those were.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pack.hpp"

namespace phiscan::bench {

struct Pattern {
  std::string text;
  bool case_sensitive = false;
};

// The patterns of rules that start by themselves: what Hyperscan proposes in the engine.
[[nodiscard]] std::vector<Pattern> shape_patterns(const rules::Pack& pack);
// Every rule's pattern with its heads in front as alternatives: a pack as one would write it without a term index. Term lists stay out.
[[nodiscard]] std::vector<Pattern> all_patterns(const rules::Pack& pack);

class Engine {
 public:
  Engine() = default;
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  // Reads the text once; the number of matches (of pattern ids for RE2::Set).
  virtual std::size_t scan(std::string_view text) = 0;
  [[nodiscard]] std::size_t patterns() const { return patterns_; }

 protected:
  std::size_t patterns_ = 0;
};

// Null when the build has no Hyperscan. Match ends only.
[[nodiscard]] std::unique_ptr<Engine> hyperscan(const std::vector<Pattern>& patterns);
[[nodiscard]] std::unique_ptr<Engine> re2_set(const std::vector<Pattern>& patterns);
// JIT, one pattern after the other, every match.
[[nodiscard]] std::unique_ptr<Engine> pcre2(const std::vector<Pattern>& patterns);

}  // namespace phiscan::bench

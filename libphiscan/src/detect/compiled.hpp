// What a Matcher holds: every rule with its pattern facts, its lazily compiled RE2 and its validator. Private to detect/.
#pragma once

#include <re2/re2.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "detect/matcher.hpp"
#include "detect/openings.hpp"
#include "detect/pattern.hpp"
#include "detect/validators.hpp"
#include "detect/walker.hpp"

namespace phiscan::detect {

// A regular expression that is compiled when it is first asked: 300 RE2 objects cost more than a scan. Checked by the pack gate, so it
// compiles. `ascii`: what will be read holds no other characters; then a program over bytes finds the same and is a hundredth of the
// size where the pattern has `\p{L}`.
class LazyPattern {
 public:
  LazyPattern(std::string pattern, bool case_sensitive, bool byte_exact) : pattern_(std::move(pattern)), case_sensitive_(case_sensitive), byte_exact_(byte_exact) {}
  [[nodiscard]] const RE2& re2(bool ascii) const;

 private:
  struct Program {
    std::once_flag once;
    std::unique_ptr<RE2> re2;
    std::atomic<const RE2*> ready = nullptr;  // call_once alone costs more than most matches
  };
  std::string pattern_;
  bool case_sensitive_;
  bool byte_exact_;
  mutable Program bytes_;
  mutable Program characters_;
};

// What confirm() asks of a rule for each candidate lies together: the rule itself is mostly texts for people.
struct CompiledRule {
  Validator validator = nullptr;
  PatternFacts facts;
  Kind kind = Kind::identity;
  Label label = Label::other_id;
  std::optional<Category> category;
  float p = 0.0F;
  bool has_pattern = false;
  bool has_head = false;                  // a head of its own names the value
  bool left_edge = false, right_edge = false;  // the value must have them
  bool at_word = false;                   // a match can only begin where a word begins
  bool capital = false;                   // its heads and terms must begin with one
  bool starts_itself = false;             // neither head nor term: its pattern is searched for
  enum class Found : std::uint8_t { by_shape, by_phrases, by_opening } found = Found::by_shape;  // where: who proposes it
  const rules::Rule* rule = nullptr;
  std::unique_ptr<LazyPattern> whole;     // null without a pattern
  std::optional<Walker> walker;           // for ASCII text; nothing where only RE2 reads the pattern
};

[[nodiscard]] RE2::Options re2_options(bool case_sensitive);

struct Matcher::State {
  std::vector<CompiledRule> rules;                   // index = index into Pack::rules
  std::vector<std::uint32_t> structures;             // rules with a recogniser
  TermIndex terms;
  Openings openings;
  Lexicon lexicon;
  std::optional<Shapes> shapes;
};

}  // namespace phiscan::detect

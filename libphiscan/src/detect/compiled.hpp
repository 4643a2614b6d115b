// What a Matcher holds: every rule with its pattern facts, its lazily compiled RE2 and its validator. Private to detect/.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <mutex>

#include "detect/matcher.hpp"
#include "detect/pattern.hpp"
#include "detect/validators.hpp"

namespace phiscan::detect {

struct CompiledRule {
  const rules::Rule* rule = nullptr;
  PatternFacts facts;
  Validator validator = nullptr;
  // 300 RE2 objects cost more than a scan, so each is made when it is first asked. Checked by the pack gate, so it compiles.
  // `ascii`: what will be read holds no other characters; then a program over bytes finds the same and is a hundredth of the size
  // where the pattern has `\p{L}`.
  [[nodiscard]] const RE2& re2(bool ascii) const;

 private:
  struct Lazy {
    std::once_flag once;
    std::unique_ptr<RE2> re2;
  };
  mutable Lazy bytes_;
  mutable Lazy characters_;
};

[[nodiscard]] RE2::Options re2_options(bool case_sensitive);

struct Matcher::State {
  const rules::Pack* pack = nullptr;
  std::vector<std::unique_ptr<CompiledRule>> rules;  // index = index into Pack::rules
  std::vector<std::uint32_t> structures;             // rules with a recogniser
  TermIndex terms;
  Lexicon lexicon;
  std::optional<Shapes> shapes;

  explicit State(const rules::Pack& source) : pack(&source), lexicon(source) {}
};

}  // namespace phiscan::detect

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
  [[nodiscard]] const RE2& re2() const;

 private:
  mutable std::once_flag once_;
  mutable std::unique_ptr<RE2> re2_;
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

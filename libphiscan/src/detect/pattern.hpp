// Pattern: what can be known of a rule's regular expression before any engine compiles it - its greatest width in bytes and whether
// it has a trigger. The gatekeeper of the pack format: no unbounded repeats, no `\b`, no huge repeats, no trigger-less shapes.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace phiscan::detect {

constexpr std::uint32_t max_pattern_width = 512;   // bytes
constexpr std::uint32_t max_repeat = 120;

struct PatternFacts {
  std::uint32_t min_width = 0;   // bytes
  std::uint32_t max_width = 0;   // bytes
  bool has_trigger = false;      // every way through needs a literal character, or a digit
  bool needs_digit = false;      // every way through needs a digit: without one near, no engine has to be asked
  bool byte_exact = true;        // reads bytes and characters alike: no `.`, negated class or non-ASCII (what Hyperscan needs)
  std::bitset<256> first;        // bytes a match can begin with, in either case; empty when a match may be empty
  bool value_first = true;       // the value begins where the match does
};

// Error (code pack) names what is refused and where in the pattern (byte offset).
[[nodiscard]] Result<PatternFacts> inspect_pattern(std::string_view pattern);

// Texts that go through every alternative of a pattern that passed inspect_pattern() at least once. Classes and repeats are sampled once.
[[nodiscard]] std::vector<std::string> sample_pattern(std::string_view pattern);

// A wider pattern that is found faster, for who proposes: every match of `pattern` begins in a match of this, at its first byte or the one behind,
// and ends where it ends. Long repeats have no upper bound, because each bound is a counter to keep; `at_word`: only where a word begins.
[[nodiscard]] std::string proposing_pattern(std::string_view pattern, bool at_word);

}  // namespace phiscan::detect

// Walker: matches a rule's pattern over ASCII text by trying its choices in order, first one first, as Perl and RE2 do. Rules look at a few dozen
// bytes behind a head; there RE2's compiling, locking and second pass for captures cost far more than the match. What Walker cannot say
// (syntax it does not know, too many choices) is left to RE2, so answers are RE2's in any case; a test holds both equal. Immutable.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace phiscan::detect {

class Walker {
 public:
  enum class Answer : std::uint8_t { no, yes, unknown };
  struct Found {
    Span whole;
    std::optional<Span> value;  // group 1
  };

  // `pattern` has passed inspect_pattern(). Nothing for what is RE2's alone.
  static std::optional<Walker> compile(std::string_view pattern, bool case_sensitive);

  // A match that begins at `range.begin` and ends in `range`, which must be ASCII.
  [[nodiscard]] Answer match(std::string_view text, Span range, Found& found) const;
  // The leftmost match in `range` that begins at `last` or before; `first`: the bytes it can begin with; `at_word`: and not inside a word.
  // For patterns that match no empty text.
  [[nodiscard]] Answer search(std::string_view text, Span range, std::uint32_t last, const std::bitset<256>& first, bool at_word, Found& found) const;

  static void fields(auto& flat, auto& it) { flat(it.ops_, it.sets_, it.second_); }  // base/flat.hpp

 private:
  friend class WalkerCompiler;
  using Set = std::bitset<129>;  // ASCII, and at 128 the end of the range
  enum class Kind : std::uint8_t { run, split, jump, open, close, done };
  // Places are relative, so that a piece of code can be repeated anywhere.
  struct Op {
    Kind kind = Kind::done;
    bool lazy = false;           // run: fewest first; split: the other way first
    std::uint16_t min = 1, max = 1;  // run
    std::uint16_t set = 0;       // run: what it takes; of sets_
    std::uint16_t next = 0;      // run, split: what can stand where the next op begins; of sets_
    std::uint16_t beyond = 0;    // split: what can stand where the other way begins; of sets_
    std::int32_t other = 0;      // split, jump: how far
  };

  std::vector<Op> ops_;
  std::vector<Set> sets_;
  Set second_;  // what can stand behind the first character: most candidates end there
};

}  // namespace phiscan::detect

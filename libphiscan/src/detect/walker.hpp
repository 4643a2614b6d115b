// Walker: matches a rule's pattern over ASCII text by trying its choices in order, first one first, as Perl and RE2 do. Rules look at a few dozen
// bytes behind a head; there RE2's compiling, locking and second pass for captures cost far more than the match. What Walker cannot say
// (syntax it does not know, too many choices) is left to RE2, so answers are RE2's in any case; a test holds both equal. Immutable.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
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
  // The leftmost match in `range` that begins at `last` or before; `at_word`: and not inside a word. For patterns that match no empty text.
  [[nodiscard]] Answer search(std::string_view text, Span range, std::uint32_t last, bool at_word, Found& found) const;

  [[nodiscard]] bool has_value() const {
    return std::any_of(ops_.begin(), ops_.end(), [](const Op& op) { return op.kind == Kind::open; });
  }

  static void fields(auto& flat, auto& it) { flat(it.ops_, it.letters_, it.ways_, it.classes_, it.first_); }  // base/flat.hpp

 private:
  friend class WalkerCompiler;
  friend class OpeningReader;  // openings.cpp
  friend class PhraseReader;   // leading_phrases.cpp
  static constexpr std::size_t end_of_range = 128;  // stands for no character
  static constexpr char either_case = static_cast<char>(0xDF);
  static constexpr char exact = static_cast<char>(0xFF);
  using Classes = std::uint64_t;  // a bit for each class of characters
  enum class Kind : std::uint8_t { text, run, split, choose, jump, open, close, done };
  struct Letter {
    char byte, mask;
    bool operator==(const Letter&) const = default;
  };
  struct Op {
    Kind kind;
    bool lazy;               // run: fewest first; split: the other way first
    std::uint16_t min, max;  // run; text: its length
    std::uint16_t unused;
    std::uint32_t where;     // text: in letters_; choose: in ways_
    std::int32_t other;      // how far it is to the next op; split: to the other way
    Classes set;             // run: what it takes
    Classes next;            // run, split: what can stand where the next op begins
    Classes beyond;          // split: what can stand where the other way begins
    Classes second;          // what can stand behind the first character from here on: most ways end there
  };
  static bool has(Classes classes, std::uint8_t one) { return (classes >> one & 1U) != 0; }
  [[nodiscard]] std::uint8_t class_of(char c) const { return classes_[static_cast<unsigned char>(c) & 0x7FU]; }

  [[nodiscard]] std::size_t class_count() const { return std::size_t{1} + *std::max_element(classes_.begin(), classes_.end()); }

  std::vector<Op> ops_;
  std::vector<Letter> letters_;
  std::vector<std::uint16_t> ways_;  // of each choice, for each class: how far ahead the way is that can begin with it; 0 = none
  std::array<std::uint8_t, end_of_range + 1> classes_{};
  Classes first_ = 0;   // what a match can begin with
};

}  // namespace phiscan::detect

// TermIndex: finds ten-thousands of words and phrases in one walk over the words of a text. Whole words only (in Han and Hangul each
// character is one), caseless; a space in a term matches any white space or hyphen of one line break at most. Every term that begins at
// a word is reported, so that a rule whose longer head fails can still use the shorter one. A phrase is known by a hash of 63 bits alone:
// a hundred thousand do not clash by chance, and who makes two clash gains a finding in their own mail. Immutable after build; scan() may
// run on many threads.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/span.hpp"
#include "detect/words.hpp"
#include "rules/labels.hpp"

namespace phiscan::detect {

// A rule that a term proposes, and the category the term itself brings (a drug list names its own sensitive ones).
struct TermUse {
  TermUse() = default;
  TermUse(std::uint32_t of_rule, std::optional<Category> category, bool with_capital = false)
      : rule(of_rule), category_code(static_cast<std::uint16_t>(category ? static_cast<int>(*category) + 1 : 0)), capital(with_capital ? 1 : 0) {}
  [[nodiscard]] std::optional<Category> category() const { return category_code == 0 ? std::nullopt : std::optional(static_cast<Category>(category_code - 1)); }

  std::uint32_t rule = 0;
  std::uint16_t category_code = 0;  // 0 = none
  std::uint8_t capital = 0;         // only where the term begins with a capital
  std::uint8_t goes_on = 0;         // not the last use of its term
};

struct TermHit {
  Span span;                // in norm
  std::uint32_t first = 0;  // for TermIndex::uses
};

class TermIndex {
 public:
  // `folded` as text::fold gives. The same term may be added for many rules: keep its number, and only use() is paid again.
  // -1: these words can never be found.
  [[nodiscard]] std::int32_t add(std::string_view folded);
  void use(std::int32_t term, TermUse use) { if (term >= 0) added_.emplace_back(static_cast<std::uint32_t>(term), use); }
  void reserve(std::size_t terms);  // about so many will come
  void build();  // after the last add

  void scan(std::string_view norm, std::span<const Word> words, std::vector<TermHit>& hits) const;
  [[nodiscard]] std::span<const TermUse> uses(std::uint32_t first) const {
    std::size_t last = first;
    while (uses_[last].goes_on != 0) ++last;
    return std::span(uses_).subspan(first, last + 1 - first);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  static void fields(auto& flat, auto& it) { flat(it.size_, it.uses_, it.places_, it.first_words_); }  // base/flat.hpp

 private:
  // What adding needs to know of a term. Texts lie in one string: 50,000 small ones would be most of the time and memory of a start.
  struct Spelling {
    std::uint32_t text = 0;  // in texts_
    std::uint32_t text_size = 0;
    std::int32_t next = -1;  // the same words with other separators
  };
  // A phrase's first words, as a place of the table: all that is asked there lies together, because each look at the table waits for memory.
  struct Place {
    std::uint64_t key = 0;  // 0 = free
    std::uint32_t node = 0;  // its number; 0 is no phrase at all
    std::int32_t first = -1;  // of a term that ends here: its first spelling, and after build() its first use
  };
  static constexpr std::uint32_t goes_on = 1U << 31U;  // of a node: longer phrases begin with it
  [[nodiscard]] std::size_t find(std::uint64_t key) const;  // its place, or the free one where it would be
  std::size_t insert(std::uint64_t key);

  std::string texts_;                // until build()
  std::vector<Spelling> spellings_;  // until build()
  std::vector<std::pair<std::uint32_t, TermUse>> added_;  // spelling, use; until build()
  std::uint64_t size_ = 0;
  std::vector<TermUse> uses_;
  std::vector<Place> places_;
  std::uint32_t nodes_ = 0;
  std::vector<std::uint64_t> first_words_;  // one bit per hash of a first word
};

}  // namespace phiscan::detect

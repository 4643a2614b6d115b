// TermIndex: finds ten-thousands of words and phrases in one walk over the words of a text. Whole words only, caseless; a space in a
// term matches any white space or hyphen of one line break at most. Every term that begins at a word is reported, so that a rule
// whose longer head fails can still use the shorter one. Immutable after build; scan() may run on many threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/span.hpp"
#include "rules/labels.hpp"

namespace phiscan::detect {

// A rule that a term proposes, and the category the term itself brings (a drug list names its own sensitive ones).
struct TermUse {
  std::uint32_t rule = 0;
  std::optional<Category> category;
  bool operator==(const TermUse&) const = default;
};

struct TermHit {
  Span span;                 // in norm
  std::uint32_t entry = 0;   // for TermIndex::uses
};

class TermIndex {
 public:
  // `folded` as text::fold gives. The same term may be added for many rules.
  void add(std::string_view folded, TermUse use);
  void build();  // after the last add

  void scan(std::string_view norm, std::vector<TermHit>& hits) const;
  [[nodiscard]] const std::vector<TermUse>& uses(std::uint32_t entry) const { return entries_[entry].uses; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string text;
    std::vector<TermUse> uses;
  };
  struct Node {
    std::int32_t entry = -1;
    bool has_children = false;
  };
  struct Slot {
    std::uint64_t key = 0;   // 0 = free
    std::uint32_t node = 0;
  };
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const;  // node, or 0

  std::unordered_map<std::string, std::uint32_t> by_text_;
  std::vector<Entry> entries_;
  std::vector<Node> nodes_;
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> first_words_;  // one bit per hash of a first word
};

}  // namespace phiscan::detect

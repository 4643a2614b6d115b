// Links: how surely two places of a mail speak of the same person (phi.md §10.2). Mentions are the places of one person; best() finds
// the nearest without walking all of them, because a long chart has hundreds of persons and thousands of facts.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "detect/match.hpp"
#include "text/text.hpp"

namespace phiscan::score {

constexpr std::uint32_t far_away = 2'000;  // characters: beyond, a fact in the same text says nothing of this person

[[nodiscard]] inline bool is_attachment_name(const text::Text& text) { return text.part.kind == message::PartRef::Kind::attachment_name; }
[[nodiscard]] inline bool is_body(const text::Text& text) { return text.part.kind == message::PartRef::Kind::body_html || text.part.kind == message::PartRef::Kind::body_text; }

// 0 to 1.
[[nodiscard]] double link(const std::vector<text::Text>& texts, const detect::Match& a, const detect::Match& b);

// One item: a line of a list, a row, a paragraph. No blank line and no start of a new line of a list between the two places.
[[nodiscard]] bool same_item(std::string_view norm, Span a, Span b);

// One sentence of one item, and no more than `one_breath` characters between the two places: "Ana Ruiz, 34, grew MRSA".
constexpr std::uint32_t one_breath = 160;
[[nodiscard]] bool same_sentence(std::string_view norm, Span a, Span b);

// `fact` stands in the sentence right behind the one with `name`, and that sentence goes on about the same person: "He", "Her", "The patient".
[[nodiscard]] bool goes_on(std::string_view norm, Span name, Span fact);

// One of `words` (folded, blanks around) stands before `at` in its sentence, at most `reach` characters away.
[[nodiscard]] bool says_before(std::string_view norm, std::uint32_t at, std::uint32_t reach, std::initializer_list<std::string_view> words);

class Mentions {
 public:
  explicit Mentions(const std::vector<text::Text>& texts) : texts_(&texts) {}
  // In the order of the mail.
  void add(const detect::Match& match);
  // The strongest link of any mention to `fact`.
  [[nodiscard]] double best(const detect::Match& fact) const;
  // Whether any mention stands in one item with `fact`.
  [[nodiscard]] bool shares_item(const detect::Match& fact) const { return shares(fact, same_item); }
  // Whether any mention stands in one sentence with `fact`.
  [[nodiscard]] bool shares_sentence(const detect::Match& fact) const { return shares(fact, same_sentence); }
  // Spans of each text in which a fact may be linked to this person; no entry: no mention there, all of it may.
  [[nodiscard]] std::map<std::uint32_t, std::vector<Span>> surroundings() const;

 private:
  using PerText = std::map<std::uint32_t, std::vector<const detect::Match*>>;  // text -> mentions in order
  [[nodiscard]] bool shares(const detect::Match& fact, bool (*same)(std::string_view, Span, Span)) const;
  [[nodiscard]] double nearest(const PerText& places, const detect::Match& fact) const;

  const std::vector<text::Text>* texts_;
  PerText all_;
  PerText unrecorded_;  // outside tables and messages
  std::set<std::uint32_t> records_;
};

}  // namespace phiscan::score

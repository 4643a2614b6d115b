// Links: how surely two places of a mail speak of the same person (phi.md §10.2). Mentions are the places of one person; best() finds
// the nearest without walking all of them, because a long chart has hundreds of persons and thousands of facts.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
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

// One of `words` (folded, blanks around) stands in the last sentence of `before`, which is folded.
[[nodiscard]] bool says_last(std::string_view before, std::initializer_list<std::string_view> words);

// Places of matches, in the order of the mail.
class Places {
 public:
  using Matches = std::span<const detect::Match* const>;
  void add(const detect::Match& match);
  // All places of one text.
  [[nodiscard]] Matches in(std::uint32_t text) const;
  // Calls `with(text, its places)` for each text that has some.
  void each_text(auto&& with) const {
    for (const auto& part : parts_) with(part.text, Matches(all_).subspan(part.begin, part.end - part.begin));
  }

  // The last place that begins before a fact, and the first that does not; of its text.
  struct Neighbours {
    const detect::Match* before = nullptr;
    const detect::Match* behind = nullptr;
  };
  [[nodiscard]] Neighbours around(const detect::Match& fact) const;

 private:
  struct Part {
    std::uint32_t text, begin, end;  // of all_
  };
  std::vector<const detect::Match*> all_;
  std::vector<Part> parts_;
};

class Mentions {
 public:
  explicit Mentions(const std::vector<text::Text>& texts) : texts_(&texts) {}
  // In the order of the mail.
  void add(const detect::Match& match);
  [[nodiscard]] Places::Matches in(std::uint32_t text) const { return all_.in(text); }

  // Of one fact, and the mentions around it:
  // the strongest link of any mention,
  [[nodiscard]] double best(const detect::Match& fact, Places::Neighbours near) const;
  // whether any mention stands in one item with it,
  [[nodiscard]] bool shares_item(const detect::Match& fact, Places::Neighbours near) const { return shares(fact, near, same_item); }
  // and whether any stands in one sentence with it.
  [[nodiscard]] bool shares_sentence(const detect::Match& fact, Places::Neighbours near) const { return shares(fact, near, same_sentence); }

 private:
  [[nodiscard]] bool shares(const detect::Match& fact, Places::Neighbours near, bool (*same)(std::string_view, Span, Span)) const;
  [[nodiscard]] double nearest(const Places& places, const detect::Match& fact, Places::Neighbours near) const;

  const std::vector<text::Text>* texts_;
  Places all_;
  Places unrecorded_;  // outside tables and messages
  std::vector<std::uint32_t> records_;  // ascending
};

}  // namespace phiscan::score

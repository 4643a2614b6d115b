// Lists: the pack's word lists that weighing reads by itself (rules::lists_kept), laid out for what is asked of them. Made once per pack, to
// whose words it points; immutable, shared by threads.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "rules/pack.hpp"

namespace phiscan::score {

// Folded phrases of two letters or more, found by the two letters at one end.
class Phrases {
 public:
  enum class End : bool { front, back };
  explicit Phrases(End end) : end_(end), by_letters_(1024) {}
  void add(std::string_view phrase);
  // A phrase that `accepts` takes stands at that end of `text`, in whole words.
  [[nodiscard]] bool is_at_end_of(std::string_view text, auto&& accepts) const {
    if (text.size() < 2) return false;
    const auto& phrases = by_letters_[letters(text)];
    return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) { return stands_at_end_of(text, phrase) && accepts(phrase); });
  }
  [[nodiscard]] bool is_at_end_of(std::string_view text) const {
    return is_at_end_of(text, [](std::string_view) { return true; });
  }

 private:
  [[nodiscard]] std::size_t letters(std::string_view text) const;
  [[nodiscard]] bool stands_at_end_of(std::string_view text, std::string_view phrase) const;
  End end_;
  std::vector<std::vector<std::string_view>> by_letters_;
};

// A word in the domain or name of a place of care.
struct CareSender {
  std::string_view word;
  bool animals = false;  // of a place of care for animals
  bool part = false;     // only as a whole word
  bool suffix = false;   // of those, one that may also end a word
};

struct Lists {
  explicit Lists(const rules::Pack& pack);
  Phrases about_things{Phrases::End::front};    // right behind a fact: "MRI coil"
  Phrases at_work_before{Phrases::End::back};   // right before a name: "led by"
  Phrases at_work_behind{Phrases::End::front};  // right behind it: "covers the phones"
  std::vector<CareSender> care_senders;
};

}  // namespace phiscan::score

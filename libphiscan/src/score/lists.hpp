// Lists: the pack's word lists that weighing reads by itself (rules::lists_kept), laid out for what is asked of them. Made once per pack, to
// whose words it points; immutable, shared by threads.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/pack.hpp"
#include "text/text.hpp"

namespace phiscan::score {

// Folded phrases, found at one end of a text word by word.
class Phrases {
 public:
  enum class End : bool { front, back };
  explicit Phrases(End end) : end_(end) {}
  void add(std::string_view phrase);
  // A phrase that `accepts` takes stands at that end of `text`, in whole words.
  [[nodiscard]] bool is_at_end_of(std::string_view text, auto&& accepts) const {
    bool found = false;
    each_piece(text, [&](std::string_view piece) {
      const auto known = pieces_.find(piece);
      found = known != pieces_.end() && known->second && accepts(piece);
      return known != pieces_.end() && !found;
    });
    return found;
  }
  [[nodiscard]] bool is_at_end_of(std::string_view text) const {
    return is_at_end_of(text, [](std::string_view) { return true; });
  }

 private:
  // Calls `with` for what lies between that end and each word edge, shortest first, while it says true.
  void each_piece(std::string_view text, auto&& with) const {
    for (std::size_t size = 1; size <= text.size(); ++size) {
      const std::size_t begin = end_ == End::front ? 0 : text.size() - size;
      if (text::is_edge(text, end_ == End::front ? size : begin) && !with(text.substr(begin, size))) return;
    }
  }
  End end_;
  std::unordered_map<std::string_view, bool> pieces_;  // of all phrases; true: one is whole
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
  // Those that begin with this character.
  [[nodiscard]] std::span<const CareSender> care_senders(char first) const {
    const auto& range = care_first_[static_cast<unsigned char>(first)];
    return std::span(care_senders_).subspan(range.first, range.second);
  }

 private:
  std::vector<CareSender> care_senders_;  // by first character
  std::array<std::pair<std::uint32_t, std::uint32_t>, 256> care_first_{};  // where those begin, and how many
};

}  // namespace phiscan::score

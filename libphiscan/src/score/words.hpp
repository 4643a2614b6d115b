// Words: equal words get equal numbers, in the order in which they come. Keeps views: what it is asked about must outlive it. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace phiscan::score {

class Words {
 public:
  // `of` tells apart what one word can be several times: the rule or the cue it was found by.
  std::uint32_t number(std::string_view word, std::uint32_t of = 0) {
    if (entries_.size() * 2 >= slots_.size()) grow();
    const std::size_t hash = std::hash<std::string_view>{}(word) + of * 0x9E3779B97F4A7C15U;
    std::size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot] != free_slot; slot = (slot + 1) & (slots_.size() - 1)) {
      const Entry& known = entries_[slots_[slot]];
      if (known.hash == hash && known.of == of && known.word == word) return slots_[slot];
    }
    slots_[slot] = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({word, of, hash});
    return slots_[slot];
  }
  // Whether it was not there before.
  bool add(std::string_view word, std::uint32_t of = 0) {
    const std::size_t before = size();
    return number(word, of) == before;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  static constexpr std::uint32_t free_slot = UINT32_MAX;
  struct Entry {
    std::string_view word;
    std::uint32_t of;
    std::size_t hash;
  };

  void grow() {
    slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, free_slot);
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
      std::size_t slot = entries_[i].hash & (slots_.size() - 1);
      while (slots_[slot] != free_slot) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = i;
    }
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // a power of two, at least half of them free
};

}  // namespace phiscan::score

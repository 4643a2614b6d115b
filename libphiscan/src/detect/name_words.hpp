// NameWord: one word of running text with what the lists know of it, as the name readers in names.cpp see it. WordMemo keeps those that were
// read in a text, because a dozen rules ask about the same words, and what was found of its sentences. One memo per text and thread.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/span.hpp"

namespace phiscan::detect {

// How name-like one word is.
enum class Quality : std::uint8_t { no, unknown, ordinary, sure };  // unknown = capitalised, not listed; ordinary = a name that is also a word

struct NameWord {
  Span span;
  std::uint32_t known = 0;
  Quality quality = Quality::no;
  bool capital = false;    // First letter upper
  bool upper = false;      // ALL CAPS, two letters or more
  bool initial = false;    // J or J.
  bool particle = false;   // de, van, al
  bool suffix = false;     // Jr, III
  bool comma_before = false;
  bool break_before = false;
};

// The first words of what may be a name, at most six.
class NameWords {
 public:
  static constexpr std::size_t most = 6;
  NameWords() = default;
  explicit NameWords(const NameWord& word) { push_back(word); }
  void push_back(const NameWord& word) { words_[size_++] = word; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const NameWord& front() const { return words_[0]; }
  [[nodiscard]] const NameWord& operator[](std::size_t i) const { return words_[i]; }
  [[nodiscard]] const NameWord* data() const { return words_.data(); }
  [[nodiscard]] const NameWord* begin() const { return words_.data(); }
  [[nodiscard]] const NameWord* end() const { return words_.data() + size_; }

 private:
  std::array<NameWord, most> words_;
  std::size_t size_ = 0;
};

// Where sentences end, and what in them reads like a name that no list knows: facts ask for the names around them.
struct Sentences {
  std::vector<std::uint32_t> ends;
  std::vector<Span> names;
};

class WordMemo {
 public:
  explicit WordMemo(std::size_t text_size) : slots_(std::clamp<std::size_t>(std::bit_ceil(text_size / 4), 64, 65'536)) {}
  // The place for the word that begins at `at`, good until the next call; `fresh` when it still has to be read.
  NameWord& at(std::size_t at, bool& fresh) {
    std::uint32_t& slot = slots_[at & (slots_.size() - 1)];
    if (slot == 0) {
      entries_.emplace_back();
      slot = static_cast<std::uint32_t>(entries_.size());
    }
    Entry& entry = entries_[slot - 1];
    fresh = entry.key != at + 1;
    entry.key = static_cast<std::uint32_t>(at + 1);
    return entry.word;
  }
  std::optional<Sentences> sentences;  // once somebody asked

 private:
  struct Entry {
    std::uint32_t key = 0;  // place + 1; 0 = free
    NameWord word;
  };
  std::vector<std::uint32_t> slots_;  // number of an entry + 1; 0 = none. Most places are never asked for
  std::vector<Entry> entries_;
};

}  // namespace phiscan::detect

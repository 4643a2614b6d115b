#include "detect/term_index.hpp"

#include <array>

#include "text/text.hpp"
#include "text/utf8.hpp"

namespace phiscan::detect {
namespace {

constexpr std::uint32_t filter_bits = 1U << 18U;

constexpr std::array<std::uint8_t, 128> lower_word = [] {
  std::array<std::uint8_t, 128> table{};  // 0 = edge; else the lower-case byte
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = static_cast<std::uint8_t>(c);
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = static_cast<std::uint8_t>(c);
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = static_cast<std::uint8_t>(c + 32);
  return table;
}();

std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 32U;
  hash *= 0xD6E8FEB86659FD93ULL;
  hash ^= hash >> 32U;
  return hash;
}

struct Word {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint64_t hash = 0;
};

// The next word at or after `at`; end == 0 when there is none.
Word next_word(std::string_view text, std::size_t at) {
  const std::size_t size = text.size();
  Word word;
  while (at < size) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (lower_word[byte] != 0) break;
      ++at;
    } else {
      const auto [c, length] = text::decode(text, at);
      if (text::is_word(c)) break;
      at += length;
    }
  }
  if (at >= size) return word;
  word.begin = static_cast<std::uint32_t>(at);
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  while (at < size) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      const std::uint8_t lower = lower_word[byte];
      if (lower == 0) break;
      hash = (hash ^ lower) * 0x100000001B3ULL;
      ++at;
    } else {
      const auto [c, length] = text::decode(text, at);
      if (!text::is_word(c)) break;
      for (std::size_t i = 0; i < length; ++i) hash = (hash ^ static_cast<unsigned char>(text[at + i])) * 0x100000001B3ULL;
      at += length;
    }
  }
  word.end = static_cast<std::uint32_t>(at);
  word.hash = mix(hash);
  return word;
}

// What stands between two words: 0 = cannot be inside a phrase; space and single hyphen are one; else a hash of the exact bytes.
std::uint64_t separator(std::string_view between) {
  if (between == " " || between == "-" || between == "\n") return 1;
  if (between.empty() || between.size() > 4) return 0;
  bool blank = true;
  int breaks = 0;
  for (const char c : between) {
    if (c == '\n') ++breaks;
    if (c == '\t') return 0;
    blank = blank && (c == ' ' || c == '\n');
  }
  if (blank) return breaks <= 1 ? 1 : 0;
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : between) {
    if (c == '\n') return 0;
    if (c != ' ') hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  return hash | 2U;
}

std::uint64_t key_of(std::uint32_t parent, std::uint64_t separator_code, std::uint64_t word_hash) {
  return mix(word_hash + parent * 0x9E3779B97F4A7C15ULL + separator_code) | 1U;
}

// Equal up to case and the shape of separators.
bool same(std::string_view term, std::string_view found) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (true) {
    const Word a = next_word(term, i);
    const Word b = next_word(found, j);
    if (a.end == 0 || b.end == 0) return a.end == b.end;
    if (i != 0 && separator(term.substr(i, a.begin - i)) != separator(found.substr(j, b.begin - j))) return false;
    if (a.end - a.begin != b.end - b.begin) return false;
    for (std::uint32_t k = 0; k < a.end - a.begin; ++k) {
      const auto x = static_cast<unsigned char>(term[a.begin + k]);
      const auto y = static_cast<unsigned char>(found[b.begin + k]);
      if (x != y && !(x < 0x80 && y < 0x80 && lower_word[x] == lower_word[y])) return false;
    }
    i = a.end;
    j = b.end;
  }
}

}  // namespace

void TermIndex::add(std::string_view folded, TermUse use) {
  const auto [at, fresh] = by_text_.try_emplace(std::string(folded), static_cast<std::uint32_t>(entries_.size()));
  if (fresh) entries_.push_back({std::string(folded), {}});
  auto& uses = entries_[at->second].uses;
  if (uses.empty() || uses.back().rule != use.rule) uses.push_back(use);
  else if (!uses.back().category) uses.back().category = use.category;
}

std::uint32_t TermIndex::find(std::uint64_t key) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = key & mask;; i = (i + 1) & mask) {
    if (slots_[i].key == key) return slots_[i].node;
    if (slots_[i].key == 0) return 0;
  }
}

void TermIndex::build() {
  std::size_t words = 16;
  for (const auto& entry : entries_) words += entry.text.size() / 4 + 2;
  std::size_t capacity = 1024;
  while (capacity < words * 2) capacity *= 2;
  slots_.assign(capacity, {});
  nodes_.assign(1, {});
  first_words_.assign(filter_bits / 64, 0);
  for (std::uint32_t id = 0; id < entries_.size(); ++id) {
    const std::string_view text = entries_[id].text;
    std::uint32_t node = 0;
    std::size_t at = 0;
    bool broken = false;
    for (Word word = next_word(text, 0); word.end != 0; word = next_word(text, at)) {
      const std::uint64_t code = node == 0 ? 0 : separator(text.substr(at, word.begin - at));
      if (node != 0 && code == 0) broken = true;
      const std::uint64_t key = key_of(node, code, word.hash);
      std::uint32_t child = find(key);
      if (child == 0) {
        child = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({});
        std::size_t slot = key & (capacity - 1);
        while (slots_[slot].key != 0) slot = (slot + 1) & (capacity - 1);
        slots_[slot] = {key, child};
      }
      if (node == 0) first_words_[(word.hash % filter_bits) / 64] |= 1ULL << (word.hash % 64);
      else nodes_[node].has_children = true;
      node = child;
      at = word.end;
    }
    if (node == 0 || broken) continue;
    if (nodes_[node].entry < 0) {
      nodes_[node].entry = static_cast<std::int32_t>(id);
    } else {  // "x-ray" and "x ray" are one phrase
      auto& uses = entries_[static_cast<std::size_t>(nodes_[node].entry)].uses;
      uses.insert(uses.end(), entries_[id].uses.begin(), entries_[id].uses.end());
    }
  }
  by_text_.clear();
}

void TermIndex::scan(std::string_view norm, std::vector<TermHit>& hits) const {
  if (slots_.empty()) return;
  for (Word word = next_word(norm, 0); word.end != 0; word = next_word(norm, word.end)) {
    if ((first_words_[(word.hash % filter_bits) / 64] >> (word.hash % 64) & 1U) == 0) continue;
    std::uint32_t node = find(key_of(0, 0, word.hash));
    std::uint32_t end = word.end;
    while (node != 0) {
      const Node& here = nodes_[node];
      if (here.entry >= 0) {
        const Span span{word.begin, end};
        const auto entry = static_cast<std::uint32_t>(here.entry);
        if (same(entries_[entry].text, span.of(norm))) hits.push_back({span, entry});
      }
      if (!here.has_children) break;
      const Word next = next_word(norm, end);
      if (next.end == 0) break;
      const std::uint64_t code = separator(norm.substr(end, next.begin - end));
      if (code == 0) break;
      node = find(key_of(node, code, next.hash));
      end = next.end;
    }
  }
}

}  // namespace phiscan::detect

#include "detect/term_index.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace phiscan::detect {
namespace {

constexpr std::uint32_t filter_bits = 1U << 18U;

std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 32U;
  hash *= 0xD6E8FEB86659FD93ULL;
  hash ^= hash >> 32U;
  return hash;
}

// What stands between two words: 0 = cannot be inside a phrase; space and single hyphen are one; else a hash of the exact bytes.
std::uint64_t separator(std::string_view between) {
  if (between == " " || between == "-" || between == "\n") return 1;
  if (between.empty()) return 4;  // only beside a character that is a word of its own
  if (between.size() > 4) return 0;
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

}  // namespace

std::int32_t TermIndex::add(std::string_view folded) {
  if (places_.empty()) reserve(0);
  std::uint64_t key = 0;
  std::uint32_t node = 0;
  std::size_t at = 0;
  for (Word word = next_word(folded, 0); word.end != 0; word = next_word(folded, at)) {
    const std::uint64_t code = node == 0 ? 0 : separator(folded.substr(at, word.begin - at));
    if (node != 0 && code == 0) return -1;  // cannot be inside a phrase
    if (node == 0) first_words_[(word.hash % filter_bits) / 64] |= 1ULL << (word.hash % 64);
    else places_[find(key)].node |= goes_on;
    key = key_of(node, code, word.hash);
    node = places_[insert(key)].node & ~goes_on;
    at = word.end;
  }
  if (node == 0) return -1;
  // "x-ray" and "x ray" are one phrase with two spellings.
  std::int32_t* spelling = &places_[find(key)].first;
  while (*spelling >= 0) {
    auto& known = spellings_[static_cast<std::size_t>(*spelling)];
    if (std::string_view(texts_).substr(known.text, known.text_size) == folded) return *spelling;
    spelling = &known.next;
  }
  *spelling = static_cast<std::int32_t>(spellings_.size());
  spellings_.push_back({static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(folded.size())});
  texts_.append(folded);
  return static_cast<std::int32_t>(spellings_.size()) - 1;
}

void TermIndex::reserve(std::size_t terms) {
  if (!places_.empty()) return;
  spellings_.reserve(terms);
  texts_.reserve(terms * 12);
  added_.reserve(terms * 3 / 2);
  places_.resize(std::max<std::size_t>(std::bit_ceil(terms * 3 / 2), 1U << 12U));
  first_words_.assign(filter_bits / 64, 0);
}

std::size_t TermIndex::find(std::uint64_t key) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t i = key >> 1U & mask;  // keys are odd
  while (places_[i].key != key && places_[i].key != 0) i = (i + 1) & mask;
  return i;
}

std::size_t TermIndex::insert(std::uint64_t key) {
  if (std::size_t{nodes_} * 3 > places_.size() * 2) {
    for (const Place& place : std::exchange(places_, std::vector<Place>(places_.size() * 2))) {
      if (place.key != 0) places_[find(place.key)] = place;
    }
  }
  const std::size_t at = find(key);
  if (places_[at].key == 0) places_[at] = {key, ++nodes_, -1};
  return at;
}

void TermIndex::build() {
  // Uses of one spelling side by side, in the order they were added, a rule once.
  std::vector<std::uint32_t> ends(spellings_.size() + 1);  // where each spelling's uses begin, and then end
  for (const auto& [spelling, use] : added_) ++ends[spelling + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  const std::vector<std::uint32_t> begins = ends;
  std::vector<TermUse> sorted(added_.size());
  for (const auto& [spelling, use] : added_) {
    std::uint32_t& end = ends[spelling];
    TermUse* const last = end == begins[spelling] ? nullptr : &sorted[end - 1];
    if (last == nullptr || last->rule != use.rule) sorted[end++] = use;
    else if (last->category_code == 0) last->category_code = use.category_code;
  }
  // Then the spellings of one phrase together.
  uses_.reserve(sorted.size());
  for (auto& place : places_) {
    const auto begin = uses_.size();
    for (std::int32_t i = place.first; i >= 0; i = spellings_[static_cast<std::size_t>(i)].next) {
      const auto spelling = static_cast<std::size_t>(i);
      uses_.insert(uses_.end(), sorted.begin() + begins[spelling], sorted.begin() + ends[spelling]);
    }
    place.first = uses_.size() == begin ? -1 : static_cast<std::int32_t>(begin);
    for (auto use = begin; use + 1 < uses_.size(); ++use) uses_[use].goes_on = 1;
  }
  size_ = spellings_.size();
  texts_ = {};
  spellings_ = {};
  added_ = {};
}

void TermIndex::scan(std::string_view norm, std::span<const Word> words, std::vector<TermHit>& hits) const {
  if (places_.empty()) return;
  // All first words before any second one: so what they wait for from memory comes together.
  struct Begun {
    std::uint32_t first, place;
  };
  std::vector<Begun> begun;
  begun.reserve(words.size() / 2);
  for (std::uint32_t first = 0; first < words.size(); ++first) {
    const std::uint64_t hash = words[first].hash;
    if ((first_words_[(hash % filter_bits) / 64] >> (hash % 64) & 1U) == 0) continue;
    begun.push_back({first, static_cast<std::uint32_t>(find(key_of(0, 0, hash)))});
  }
  for (const auto& [first, begin] : begun) {
    Place here = places_[begin];
    for (std::size_t last = first; here.key != 0; ++last) {
      const std::uint32_t end = words[last].end;
      if (here.first >= 0) hits.push_back({{words[first].begin, end}, static_cast<std::uint32_t>(here.first)});
      if ((here.node & goes_on) == 0 || last + 1 == words.size()) break;
      const Word& next = words[last + 1];
      const std::uint64_t code = separator(norm.substr(end, next.begin - end));
      if (code == 0) break;
      here = places_[find(key_of(here.node & ~goes_on, code, next.hash))];
    }
  }
}

}  // namespace phiscan::detect

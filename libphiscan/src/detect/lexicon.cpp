#include "detect/lexicon.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "text/text.hpp"

namespace phiscan::detect {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 14> lists{{
    {"given_names", known_given},
    {"surnames", known_surname},
    {"words", known_word},
    {"places", known_place},
    {"organisations", known_organisation},
    {"eponyms", known_eponym},
    {"credentials", known_credential},
    {"drugs", known_drug},
    {"conditions", known_condition},
    {"conditions_es", known_condition},
    {"conditions_other", known_condition},
    {"tests", known_health},
    {"procedures", known_health},
    {"specialties", known_health},
}};

bool has(const rules::Term& term, std::string_view flag) {
  return std::find(term.flags.begin(), term.flags.end(), flag) != term.flags.end();
}

// Capitals among eight bytes made small; what is not ASCII stays.
std::uint64_t lower(std::uint64_t eight) {
  constexpr std::uint64_t each = 0x0101010101010101ULL;
  constexpr std::uint64_t tops = 0x80 * each;
  const std::uint64_t low = eight & ~tops;
  const std::uint64_t capital = (low + (0x80 - 'A') * each) & ~(low + (0x80 - 'Z' - 1) * each) & ~eight & tops;
  return eight | capital >> 2U;
}

// Of the word in small letters, eight bytes at a time.
std::uint64_t hash_of(std::string_view word) {
  std::uint64_t hash = 0x9E3779B97F4A7C15ULL ^ word.size();
  do {
    std::uint64_t piece = 0;
    const std::size_t size = std::min<std::size_t>(word.size(), 8);
    if (size != 0) std::memcpy(&piece, word.data(), size);
    hash = (hash ^ lower(piece)) * 0xD6E8FEB86659FD93ULL;
    hash ^= hash >> 32U;
    word.remove_prefix(size);
  } while (!word.empty());
  hash *= 0xD6E8FEB86659FD93ULL;
  hash ^= hash >> 32U;
  return hash;
}

bool is_ascii(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Lexicon::Lexicon(const rules::Pack& pack) {
  std::size_t count = 0;
  for (const auto& list : pack.terms) count += list.second.terms.size();
  places_.resize(std::bit_ceil(count * 3 / 2 + 16));  // at most two thirds are taken
  for (const auto& [name, bit] : lists) {
    const auto list = pack.terms.find(std::string(name));
    if (list == pack.terms.end()) continue;
    for (const auto& term : list->second.terms) {
      // A weak term ("abbott" the firm, "graves" the disease) says nothing against a person of that name.
      std::uint32_t bits = bit;
      if (bit != known_credential && has(term, "weak")) {
        if (bit != known_condition) continue;
        bits = known_weak_condition;
      }
      if ((bit == known_given || bit == known_surname) && has(term, "word")) bits |= known_name_word;
      if (bit == known_place && has(term, "state")) bits |= known_state;
      if (bit == known_credential && has(term, "role")) bits = known_staff_role;
      std::uint32_t upper = 0;
      const std::size_t at = place(text::fold(term.text), upper);
      places_[at].upper = upper;
      places_[at].bits |= bits;
    }
  }
}

std::size_t Lexicon::place(std::string_view words, std::uint32_t& upper) const {
  const std::uint64_t hash = hash_of(words);
  upper = std::max<std::uint32_t>(static_cast<std::uint32_t>(hash >> 32U), 1);
  const std::size_t mask = places_.size() - 1;
  std::size_t i = hash & mask;
  while (places_[i].upper != 0 && places_[i].upper != upper) i = (i + 1) & mask;
  return i;
}

std::uint32_t Lexicon::known(std::string_view words) const {
  std::uint32_t upper = 0;
  return places_[is_ascii(words) ? place(words, upper) : place(text::fold(words), upper)].bits;
}

}  // namespace phiscan::detect

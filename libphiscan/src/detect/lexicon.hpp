// Lexicon: what single words and phrases of the pack's term lists are known as. Validators ask it ("is this a surname?"); the term
// index finds them in text. Built once per Ruleset, immutable.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/pack.hpp"

namespace phiscan::detect {

// Bits of a known word.
enum Known : std::uint32_t {
  known_given = 1U << 0U,
  known_surname = 1U << 1U,
  known_name_word = 1U << 2U,   // a name that is also an ordinary word
  known_word = 1U << 3U,        // an ordinary word (words.txt)
  known_place = 1U << 4U,
  known_state = 1U << 5U,
  known_organisation = 1U << 6U,
  known_eponym = 1U << 7U,
  known_credential = 1U << 8U,
  known_staff_role = 1U << 9U,
  known_drug = 1U << 10U,
  known_condition = 1U << 11U,
  known_health = 1U << 12U,     // tests, procedures, specialties
  known_weak_condition = 1U << 13U,  // "flu", "cold": a condition only where the sentence says so
};

class Lexicon {
 public:
  Lexicon() = default;
  explicit Lexicon(const rules::Pack& pack);
  // A word or phrase of a norm, in any case. 0 when unknown.
  [[nodiscard]] std::uint32_t known(std::string_view words) const;
  static void fields(auto& flat, auto& it) { flat(it.places_); }  // base/flat.hpp

 private:
  // A word is where its hash puts it and the upper half of the hash: 40,000 words do not clash by chance, and who makes two clash gains a word
  // known as a name.
  struct Place {
    std::uint32_t upper = 0;  // 0 = free
    std::uint32_t bits = 0;
  };
  [[nodiscard]] std::size_t place(std::string_view words, std::uint32_t& upper) const;
  std::vector<Place> places_;
};

}  // namespace phiscan::detect

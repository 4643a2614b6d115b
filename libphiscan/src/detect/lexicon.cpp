#include "detect/lexicon.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/text.hpp"

namespace phiscan::detect {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 13> lists{{
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
    {"tests", known_health},
    {"procedures", known_health},
    {"specialties", known_health},
}};

bool has(const rules::Term& term, std::string_view flag) {
  return std::find(term.flags.begin(), term.flags.end(), flag) != term.flags.end();
}

}  // namespace

Lexicon::Lexicon(const rules::Pack& pack) {
  for (const auto& [name, bit] : lists) {
    const auto list = pack.terms.find(std::string(name));
    if (list == pack.terms.end()) continue;
    words_.reserve(words_.size() + list->second.terms.size());
    for (const auto& term : list->second.terms) {
      // A weak term ("abbott" the firm, "graves" the disease) says nothing against a person of that name.
      if (bit != known_credential && has(term, "weak")) continue;
      std::uint32_t bits = bit;
      if ((bit == known_given || bit == known_surname) && has(term, "word")) bits |= known_name_word;
      if (bit == known_place && has(term, "state")) bits |= known_state;
      if (bit == known_credential && has(term, "role")) bits = known_staff_role;
      words_[text::fold(term.text)] |= bits;
    }
  }
}

std::uint32_t Lexicon::known(std::string_view folded) const {
  const auto at = words_.find(folded);
  return at == words_.end() ? 0 : at->second;
}

}  // namespace phiscan::detect

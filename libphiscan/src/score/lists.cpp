#include "score/lists.hpp"

#include <algorithm>

#include "text/text.hpp"

namespace phiscan::score {
namespace {

bool has(const rules::Term& term, std::string_view flag) { return std::find(term.flags.begin(), term.flags.end(), flag) != term.flags.end(); }

void each_term(const rules::Pack& pack, std::string_view list, auto&& with) {
  const auto listed = pack.terms.find(std::string(list));
  if (listed == pack.terms.end()) return;
  for (const auto& term : listed->second.terms) with(term);
}

}  // namespace

std::size_t Phrases::letters(std::string_view text) const {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(end_ == End::front ? text[i] : text[text.size() - 1 - i]) % 32U; };
  return at(0) * 32 + at(1);
}

void Phrases::add(std::string_view phrase) {
  if (phrase.size() >= 2) by_letters_[letters(phrase)].push_back(phrase);
}

bool Phrases::stands_at_end_of(std::string_view text, std::string_view phrase) const {
  if (end_ == End::front) return text.starts_with(phrase) && text::is_edge(text, phrase.size());
  return text.ends_with(phrase) && text::is_edge(text, text.size() - phrase.size());
}

Lists::Lists(const rules::Pack& pack) {
  each_term(pack, "about_things", [&](const rules::Term& term) { about_things.add(term.text); });
  each_term(pack, "at_work", [&](const rules::Term& term) { (has(term, "before") ? at_work_before : at_work_behind).add(term.text); });
  each_term(pack, "care_senders", [&](const rules::Term& term) { care_senders.push_back({term.text, has(term, "animals"), has(term, "part"), has(term, "suffix")}); });
}

}  // namespace phiscan::score

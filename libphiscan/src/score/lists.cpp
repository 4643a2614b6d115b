#include "score/lists.hpp"

#include <algorithm>

namespace phiscan::score {
namespace {

bool has(const rules::Term& term, std::string_view flag) { return std::find(term.flags.begin(), term.flags.end(), flag) != term.flags.end(); }

void each_term(const rules::Pack& pack, std::string_view list, auto&& with) {
  const auto listed = pack.terms.find(std::string(list));
  if (listed == pack.terms.end()) return;
  for (const auto& term : listed->second.terms) with(term);
}

}  // namespace

void Phrases::add(std::string_view phrase) {
  each_piece(phrase, [&](std::string_view piece) {
    bool& is_whole = pieces_[piece];
    is_whole = is_whole || piece.size() == phrase.size();
    return true;
  });
}

Lists::Lists(const rules::Pack& pack) {
  each_term(pack, "about_things", [&](const rules::Term& term) { about_things.add(term.text); });
  each_term(pack, "at_work", [&](const rules::Term& term) { (has(term, "before") ? at_work_before : at_work_behind).add(term.text); });
  each_term(pack, "care_senders", [&](const rules::Term& term) { care_senders_.push_back({term.text, has(term, "animals"), has(term, "part"), has(term, "suffix")}); });
  std::stable_sort(care_senders_.begin(), care_senders_.end(), [](const CareSender& a, const CareSender& b) { return a.word.front() < b.word.front(); });
  for (std::uint32_t i = 0; i < care_senders_.size(); ++i) {
    auto& range = care_first_[static_cast<unsigned char>(care_senders_[i].word.front())];
    if (range.second++ == 0) range.first = i;
  }
}

}  // namespace phiscan::score

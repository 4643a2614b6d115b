// Whose a fact is, where the words say it: a weak word or a place of care counts in full once it is somebody's.
#include "score/weighing.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "score/links.hpp"

namespace phiscan::score {
namespace {

// Whether somebody is named, in full or with a title, in a way that `fits` the fact. Items stand in the order of the mail: only neighbours are asked.
bool names_somebody(const Weighing& w, std::size_t at, bool (*fits)(std::string_view, Span, Span)) {
  const auto& fact = w.of(w.items[at]);
  const auto names = [&](const Item& item) {
    const auto& name = w.of(item);
    const bool title = name.extent.contains(fact.value);  // "MS Word"
    return item.suppressed.empty() && name.kind == Kind::identity && name.label == Label::name && item.p >= 0.3 && !title && fits(w.text_of(fact).norm, name.value, fact.value);
  };
  for (std::size_t k = at + 1; k < w.items.size() && w.of(w.items[k]).text == fact.text && w.of(w.items[k]).value.begin <= fact.value.end + one_breath; ++k) {
    if (names(w.items[k])) return true;
  }
  for (std::size_t k = at; k-- > 0 && w.of(w.items[k]).text == fact.text && w.of(w.items[k]).value.end + one_breath >= fact.value.begin;) {
    if (names(w.items[k])) return true;
  }
  return false;
}

// What can be somebody's: an illness, a medicine, "dialysis"; not "her appointment".
bool may_be_own(const Weighing& w, const Item& item) {
  const auto& match = w.of(item);
  return is_bodily(match) || (match.kind == Kind::health && match.label == Label::service && match.p >= 0.5F && w.cues.hr == 0);
}

// In the sentence of the name, or in the next one that goes on about it.
bool goes_with(std::string_view norm, Span name, Span fact) { return same_sentence(norm, name, fact) || goes_on(norm, name, fact); }

// "Asked about her sugar": the words before the fact, or its first one, say that it is somebody's.
bool is_somebodys(const Weighing& w, const detect::Match& match) {
  constexpr std::uint32_t reach = 20;  // bytes: room for a word or two between
  constexpr std::uint32_t whose = 10;  // "for her migraine" is one fact
  return says_last(w.reading.before(match.text, match.value.begin + std::min(whose, match.value.size()), reach + whose), {" his ", " her ", " their ", " su ", " sus "});
}

// "Ana Ruiz's dialysis": however weak the word, it is said whose it is.
bool is_owned(std::string_view norm, Span name, Span fact) {
  constexpr std::uint32_t reach = 20;
  return fact.begin >= name.end && fact.begin - name.end <= reach && norm.substr(name.end).starts_with("'s ") && goes_with(norm, name, fact);
}

// "Ana Ruiz is waiting for a kidney transplant", "Ana Ruiz, 81, refuses ...": what somebody is, has or does.
bool is_said_of(std::string_view norm, Span name, Span fact) {
  static constexpr std::string_view verbs[] = {" is ", " was ", " has ", " had ", " needs ", " gets ", " got ", " goes ", " went ", " sees ", " saw ", " says ", " reports ", " starts ", " started ", " finished ", " missed ",
                                               " asked ", " requires ", " receives ", " received ", " refuses ", " refused ", " declines ", " declined ", " describes ", " denies ", " takes ", " uses ", " attends ", " attended ", " entered ", " left ", " visited ", " visits ", " carries "};
  constexpr std::size_t longest = 48;  // bytes between two commas
  if (fact.begin < name.end || !same_sentence(norm, name, fact)) return false;
  for (std::string_view behind = norm.substr(name.end, fact.begin - name.end);; ) {
    const std::string_view clause = behind.starts_with(',') ? behind.substr(1) : behind;
    if (std::any_of(std::begin(verbs), std::end(verbs), [&](std::string_view verb) { return clause.starts_with(verb); })) return true;
    const std::size_t comma = behind.starts_with(',') ? behind.find(',', 1) : std::string_view::npos;
    if (comma > longest) return false;  // npos, too
    behind.remove_prefix(comma);
  }
}
bool is_owned_or_said_of(std::string_view norm, Span name, Span fact) { return is_owned(norm, name, fact) || is_said_of(norm, name, fact); }

// A short note from or to a place of care, about few people and nothing else: whoever is named in one breath with an illness is a patient.
bool is_note_of_care(const Weighing& w) {
  constexpr std::size_t longest = 800;
  constexpr std::size_t most = 3;  // named people; more are a roster
  if (!(w.cues.from_care || w.cues.to_care) || w.length > longest || w.cues.is_about_animals()) return false;
  if (w.cues.hr + w.cues.newsletter + w.cues.marketing + w.cues.education + w.cues.notice + w.cues.scholarly + w.cues.codes > 0) return false;
  if (std::any_of(w.items.begin(), w.items.end(), [&](const Item& item) { return w.of(item).kind == Kind::structure; })) return false;
  std::vector<std::uint32_t> named;
  for (const auto& item : w.items) {
    if (item.suppressed.empty() && item.somebody != nobody && item.p >= 0.3 && std::find(named.begin(), named.end(), item.somebody) == named.end()) named.push_back(item.somebody);
  }
  return named.size() <= most;
}

}  // namespace

void find_own(Weighing& w) {
  const bool about_a_patient = is_note_of_care(w);
  for (std::size_t i = 0; i < w.items.size(); ++i) {
    Item& item = w.items[i];
    const bool complaint = w.of(item).label == Label::diagnosis && item.p >= 0.39;  // "can't keep food down"
    const bool is_weak = item.p < w.weights.health_own || w.pack.rules[w.of(item).rule].needs_company;
    if (!item.suppressed.empty() || !is_weak || !may_be_own(w, item)) continue;
    const bool everyday = item.p < 0.11;  // "Ana Ruiz is positive"
    const auto fits = about_a_patient || complaint || is_somebodys(w, w.of(item)) ? goes_with : everyday ? is_owned : is_owned_or_said_of;
    if (!names_somebody(w, i, fits)) continue;
    item.own = true;
    item.p = std::max(item.p, w.weights.health_own);
  }
}

}  // namespace phiscan::score

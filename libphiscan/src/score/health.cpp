#include "score/weighing.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "score/links.hpp"

namespace phiscan::score {
namespace {

// The person a fact is told of, where names stand around it: the nearest name of its item, and rather the one before than the one behind.
void find_owners(Weighing& w, const Health& health) {
  w.owner.assign(w.items.size(), nobody);
  w.told_of.assign(w.items.size(), nobody);
  std::map<std::uint32_t, std::vector<std::uint32_t>> names;
  for (std::uint32_t i = 0; i < w.items.size(); ++i) {
    if (w.items[i].person != nobody && w.of(w.items[i]).label == Label::name && (w.items[i].p >= 0.25 || (!w.cues.care && !w.crowd))) names[w.of(w.items[i]).text].push_back(i);
  }
  for (const auto& [index, p] : health) {
    const auto& fact = w.of(w.items[index]);
    const auto at = names.find(fact.text);
    if (at == names.end()) continue;
    const auto behind = std::lower_bound(at->second.begin(), at->second.end(), fact.value.begin, [&](std::uint32_t item, std::uint32_t begin) { return w.of(w.items[item]).value.begin < begin; });
    std::uint32_t nearest = UINT32_MAX;
    const auto consider = [&](std::uint32_t item, std::uint32_t times) {
      const Span name = w.of(w.items[item]).value;
      if (w.items[item].p < 0.25) times *= 3;  // "Saint Dymphna" nearer than "Ana Ruiz" says little
      if (!same_item(w.text_of(fact).norm, name, fact.value)) return;
      const std::uint32_t gap = name.begin >= fact.value.end ? name.begin - fact.value.end : fact.value.begin - std::min(name.end, fact.value.begin);
      if (gap * times >= nearest) return;
      nearest = gap * times;
      w.owner[index] = w.items[item].person;
      w.told_of[index] = same_sentence(w.text_of(fact).norm, name, fact.value) ? w.items[item].person : nobody;
    };
    if (behind != at->second.begin()) consider(*(behind - 1), 1);
    if (behind != at->second.end()) consider(*behind, 2);
  }
}

// "If you cannot walk for a medical reason", "anyone with diabetes": said of nobody.
bool is_hypothetical(const text::Text& text, const detect::Match& match) {
  return says_before(text.norm, match.value.begin, 28, {" if you ", " anyone ", " people with ", " those with ", " everyone with ", " whether you ", " si usted ", " personas con "});
}

// "MRI coil", "diabetes educator": the pack's list about_things has the next word.
bool is_about_things(const std::vector<std::string_view>& things, const text::Text& text, const detect::Match& match) {
  constexpr std::size_t longest = 16;
  const std::string after = text::fold(std::string_view(text.norm).substr(match.value.end, longest));
  if (!after.starts_with(' ')) return false;
  return std::any_of(things.begin(), things.end(), [&](std::string_view thing) { return std::string_view(after).substr(1).starts_with(thing) && text::is_edge(after, 1 + thing.size()); });
}

}  // namespace

void link_health(Weighing& w) {
  std::vector<std::string_view> things;
  if (const auto listed = w.pack.terms.find("about_things"); listed != w.pack.terms.end()) {
    for (const auto& term : listed->second.terms) things.push_back(term.text);
  }
  const bool labelled = std::find(w.labelled.begin(), w.labelled.end(), true) != w.labelled.end();
  // Health evidence with the k-th value of one rule worth 1/k.
  std::map<std::uint32_t, int> nth;
  std::vector<std::pair<std::uint32_t, double>> health;
  std::unordered_set<std::string> values;  // folded, and their rule
  std::unordered_set<std::string> words;   // folded
  for (std::uint32_t i = 0; i < w.items.size(); ++i) {
    auto& item = w.items[i];
    const auto& match = w.of(item);
    if ((match.kind != Kind::health && match.kind != Kind::structure) || !item.suppressed.empty()) continue;
    std::string word = text::fold(match.value.of(w.text_of(match).norm));
    if (!values.insert(word + '\0' + std::to_string(match.rule)).second && match.record == 0) continue;
    if (match.kind == Kind::health) words.insert(std::move(word));
    if (match.kind == Kind::health && match.record == 0 && (is_hypothetical(w.text_of(match), match) || is_about_things(things, w.text_of(match), match))) {
      item.suppressed = "education";
      continue;
    }
    double p = item.p;
    if (match.record == 0) p /= std::sqrt(static_cast<double>(++nth[match.rule]));
    // Deductibles, claims and appointments are everybody's until a place of care speaks.
    if (!w.cues.care && w.cues.about_a_case() == 0 && (match.label == Label::billing || match.label == Label::insurance || match.label == Label::appointment)) p *= w.weight("health.billing_outside_care", 0.6);
    if (w.cues.is_about_animals()) {
      item.suppressed = "veterinary";
      continue;
    }
    if (w.is_general && match.kind == Kind::health && (match.label != Label::lab || match.p < 0.5F) && match.p < 0.8F) {
      w.general = noisy_or(w.general, p);
      item.suppressed = "education";
      p *= w.weight("education", 0.2);
      if (!labelled) continue;
      item.suppressed = {};
    }
    w.general = noisy_or(w.general, p);
    health.emplace_back(i, p);
  }
  w.health_words = words.size();
  // Sentences about "her" and "the patient" are evidence in company.
  if (w.cues.narrative > 0 && !health.empty()) w.narrative = std::min(0.6, 0.2 + 0.1 * w.cues.narrative);
  if (w.cues.narrative > 0 && !w.is_general) w.general = noisy_or(w.general, w.narrative);
  const double made_up = w.cues.is_made_up() ? w.weight("made_up", 0.28) : 1.0;

  std::vector<std::vector<const Item*>> places(w.out.persons.size());
  for (const auto& item : w.items) {
    if (item.person != nobody && item.suppressed.empty()) places[item.person].push_back(&item);
  }
  for (const auto& [index, p] : health) w.strongest = std::max(w.strongest, p);
  w.named = named_count(w);
  w.candidates = candidate_count(w);
  const bool no_care = !w.cues.from_care && !w.cues.to_care;
  w.crowd = (w.named >= 3 && no_care && w.cues.patient == 0) || (w.length >= 2000 && no_care && !w.clinical_number && !labelled);
  find_owners(w, health);
  for (std::uint32_t person = 0; person < w.out.persons.size(); ++person) weigh_person(w, person, places[person], health, made_up);
}

}  // namespace phiscan::score

#include "score/weighing.hpp"

#include <algorithm>
#include <string_view>

#include "score/links.hpp"
#include "score/words.hpp"

namespace phiscan::score {
namespace {

// The person a fact is told of, where names stand around it: the nearest name of its item, and rather the one before than the one behind.
void find_owners(Weighing& w, const Facts& facts) {
  w.owner.assign(w.items.size(), nobody);
  w.told_of.assign(w.items.size(), nobody);
  std::vector<std::uint32_t> names;  // items
  for (std::uint32_t i = 0; i < w.items.size(); ++i) {
    if (w.items[i].person != nobody && w.of(w.items[i]).label == Label::name && (w.items[i].p >= 0.25 || (!w.cues.care && !w.crowd))) names.push_back(i);
  }
  std::size_t behind = 0;  // of names: the first that does not begin before the fact
  for (const auto& told : facts) {
    const auto& fact = *told.match;
    const auto begins_before = [&](const detect::Match& name) { return name.text < fact.text || (name.text == fact.text && name.value.begin < fact.value.begin); };
    while (behind < names.size() && begins_before(w.of(w.items[names[behind]]))) ++behind;
    std::uint32_t nearest = UINT32_MAX;
    const auto consider = [&](std::uint32_t item, std::uint32_t times) {
      if (w.of(w.items[item]).text != fact.text) return;
      const Span name = w.of(w.items[item]).value;
      if (w.items[item].p < 0.25) times *= 3;  // "Saint Dymphna" nearer than "Ana Ruiz" says little
      if (!same_item(w.text_of(fact).norm, name, fact.value)) return;
      const std::uint32_t gap = name.begin >= fact.value.end ? name.begin - fact.value.end : fact.value.begin - std::min(name.end, fact.value.begin);
      if (gap * times >= nearest) return;
      nearest = gap * times;
      w.owner[told.item] = w.items[item].person;
      w.told_of[told.item] = same_sentence(w.text_of(fact).norm, name, fact.value) ? w.items[item].person : nobody;
    };
    if (behind > 0) consider(names[behind - 1], 1);
    if (behind < names.size()) consider(names[behind], 2);
  }
}

// "If you cannot walk for a medical reason", "anyone with diabetes": said of nobody.
bool is_hypothetical(const Reading& reading, const detect::Match& match) {
  return says_last(reading.before(match.text, match.value.begin, 28), {" if you ", " anyone ", " people with ", " those with ", " everyone with ", " whether you ", " si usted ", " personas con "});
}

// "MRI coil", "diabetes educator": the pack's list about_things has the next word.
bool is_about_things(const Weighing& w, const detect::Match& match) {
  constexpr std::uint32_t longest = 16;
  const std::string_view after = w.reading.after(match.text, match.value.end, longest);
  return after.starts_with(' ') && w.lists.about_things.is_at_end_of(after.substr(1));
}

// "Has resigned from the asthma task force": what the words lead to is a thing.
bool leads_to_things(const Weighing& w, std::uint32_t at) {
  constexpr std::uint32_t reach = 24;
  const auto& match = w.of(w.items[at]);
  if (!w.pack.rules[match.rule].terms.empty()) return false;
  for (std::uint32_t next = at + 1; next < w.items.size() && w.of(w.items[next]).text == match.text && w.of(w.items[next]).value.begin <= match.value.end + reach; ++next) {
    if (w.of(w.items[next]).kind == Kind::health) return is_about_things(w, w.of(w.items[next]));
  }
  return false;
}

// "She", "his", "pt": one person is spoken of somewhere in the body.
bool speaks_of_somebody(const Weighing& w) {
  static constexpr std::string_view words[] = {"she", "he", "her", "his", "him", "pt", "ella", "yo", "y/o", "year-old"};
  for (std::uint32_t text = 0; text < w.texts.size(); ++text) {
    if (!is_body(w.texts[text])) continue;
    const std::string_view folded = w.reading.folded(text, 0, w.texts[text].norm.size());
    for (std::size_t at = 0; at < folded.size(); ++at) {
      if (at > 0 && text::is_ascii_letter(folded[at - 1])) continue;
      const char c = folded[at];
      if ((c != 'h' && c != 's' && c != 'p' && c != 'e' && c != 'y') || !text::is_edge(folded, at)) continue;
      const auto stands_here = [&](std::string_view word) { return folded.substr(at).starts_with(word) && text::is_edge(folded, at + word.size()); };
      if (std::any_of(std::begin(words), std::end(words), stands_here)) return true;
    }
  }
  return false;
}

}  // namespace

void link_health(Weighing& w) {
  const bool labelled = std::find(w.labelled.begin(), w.labelled.end(), true) != w.labelled.end();
  // Health evidence with the k-th value of one rule worth 1/k.
  std::vector<int> nth(w.pack.rules.size(), 0);
  Facts facts;
  Words values;  // by their rule
  Words words;
  for (std::uint32_t i = 0; i < w.items.size(); ++i) {
    auto& item = w.items[i];
    const auto& match = w.of(item);
    if ((match.kind != Kind::health && match.kind != Kind::structure) || !item.suppressed.empty()) continue;
    const std::string_view word = w.reading.value(match);
    if (!values.add(word, match.rule) && match.record == 0) {
      constexpr std::size_t short_mail = 2'000;  // in a long one each fact stands near everybody it is about
      if (w.length <= short_mail && is_plain_fact(w, match) && !w.is_general && !w.cues.is_about_animals()) facts.push_back({.item = i, .match = &match, .p = item.p, .is_plain = true, .again = true});
      continue;
    }
    if (match.kind == Kind::health) words.add(word);
    if (match.kind == Kind::health && match.record == 0 && (is_hypothetical(w.reading, match) || is_about_things(w, match) || leads_to_things(w, i))) {
      item.suppressed = "education";
      continue;
    }
    double p = item.p;
    if (match.record == 0) p /= std::sqrt(static_cast<double>(++nth[match.rule]));
    // Deductibles, claims and appointments are everybody's until a place of care speaks.
    if (!w.cues.care && w.cues.about_a_case() == 0 && (match.label == Label::billing || match.label == Label::insurance || match.label == Label::appointment)) p *= w.weights.health_billing_outside_care;
    if (w.cues.is_about_animals()) {
      item.suppressed = "veterinary";
      continue;
    }
    if (w.is_general && match.kind == Kind::health && (match.label != Label::lab || match.p < 0.5F) && match.p < 0.8F) {
      w.general = noisy_or(w.general, p);
      item.suppressed = "education";
      p *= w.weights.education;
      if (!labelled) continue;
      item.suppressed = {};
    }
    w.general = noisy_or(w.general, p);
    facts.push_back({.item = i, .match = &match, .p = p, .is_plain = item.own || is_plain_fact(w, match), .needs_company = !item.own && w.pack.rules[match.rule].needs_company,
                     .in_text = match.kind == Kind::health && !is_attachment_name(w.text_of(match))});
  }
  w.health_words = words.size();
  // Sentences about "her" and "the patient" are evidence in company.
  if (w.cues.narrative > 0 && !facts.empty()) w.narrative = std::min(0.6, 0.2 + 0.1 * w.cues.narrative);
  if (w.cues.narrative > 0 && !w.is_general) w.general = noisy_or(w.general, w.narrative);
  const double made_up = w.cues.is_made_up() ? w.weights.made_up : 1.0;

  std::vector<std::vector<const Item*>> places(w.out.persons.size());
  for (const auto& item : w.items) {
    if (item.person != nobody && item.suppressed.empty()) places[item.person].push_back(&item);
  }
  for (const auto& fact : facts) w.strongest = std::max(w.strongest, fact.again ? 0.0 : fact.p);
  w.named = named_count(w);
  w.candidates = candidate_count(w);
  const bool no_care = !w.cues.from_care && !w.cues.to_care;
  w.crowd = (w.named >= 3 && no_care && w.cues.patient == 0) || (w.length >= 2000 && no_care && !w.clinical_number && !labelled);
  w.spoken_of = w.cues.about_a_case() + w.cues.patient > 0 || (!facts.empty() && w.named > 0 && speaks_of_somebody(w));
  find_owners(w, facts);
  for (std::uint32_t person = 0; person < w.out.persons.size(); ++person) weigh_person(w, person, places[person], facts, made_up);
}

}  // namespace phiscan::score

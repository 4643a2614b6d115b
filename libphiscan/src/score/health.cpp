#include "score/weighing.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "score/links.hpp"

namespace phiscan::score {
namespace {

using message::PartRef;

using Health = std::vector<std::pair<std::uint32_t, double>>;  // item, weight; in the order of the mail

// The facts that may be about a person who is mentioned at these places: all near ones, and all in texts without a mention.
Health facts_near(const Weighing& w, const Mentions& mentions, const Health& health) {
  const auto around = mentions.surroundings();
  Health near;
  for (auto fact = health.begin(); fact != health.end();) {
    const std::uint32_t text = w.of(w.items[fact->first]).text;
    const auto next = std::find_if(fact, health.end(), [&](const auto& other) { return w.of(w.items[other.first]).text != text; });
    const auto spans = around.find(text);
    if (spans == around.end() || is_attachment_name(w.texts[text])) {
      near.insert(near.end(), fact, next);
    } else {
      for (const Span span : spans->second) {
        const auto first = std::lower_bound(fact, next, span.begin, [&](const auto& other, std::uint32_t at) { return w.of(w.items[other.first]).value.end < at; });
        for (auto other = first; other != next && w.of(w.items[other->first]).value.begin <= span.end; ++other) near.push_back(*other);
      }
    }
    fact = next;
  }
  return near;
}

bool any_well_named(const Weighing& w) { return std::find(w.well_named.begin(), w.well_named.end(), true) != w.well_named.end(); }

bool is_full_name(const Weighing& w, const detect::Match& match) {
  const auto name = match.value.of(w.text_of(match).norm);
  return match.record == 0 && (name.find_first_of(" ,") != std::string_view::npos || (w.cues.care && name.find('-') != std::string_view::npos));
}

// Appointments, bills and insurance are a hotel's and a lawyer's, too.
bool is_everybodys(Label label) { return label == Label::billing || label == Label::insurance || label == Label::appointment || label == Label::document; }

// What is said of one person only: a diagnosis, a medicine, a result; no words that need company, no bills, no visits.
bool is_plain_fact(const Weighing& w, const detect::Match& match) {
  if (w.pack.rules[match.rule].needs_company) return false;
  return match.label == Label::diagnosis || match.label == Label::medication || match.label == Label::lab || match.label == Label::vital || match.label == Label::procedure || match.label == Label::narrative;
}

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

void weigh_person(Weighing& w, std::uint32_t id, const std::vector<const Item*>& mine, const Health& health, double made_up) {
  auto& person = w.out.persons[id];
  // Identity: the best name, and each further kind of identifier.
  double name = 0.0;
  std::map<Label, double> others;
  std::uint32_t record = 0;
  bool in_subject = false;
  std::vector<const detect::Match*> in_full;  // given name and surname, outside tables
  for (const auto* item : mine) {
    const auto& match = w.of(*item);
    record = std::max(record, match.record);
    if (match.label == Label::name && item->p >= 0.3 && is_full_name(w, match)) in_full.push_back(&match);
    if (match.label == Label::name) {
      name = std::max(name, item->p);
      in_subject = in_subject || w.text_of(match).part.kind == PartRef::Kind::subject;
    } else {
      others[match.label] = std::max(others[match.label], item->p);
    }
  }
  double identity = noisy_or(person.identity, name);
  for (const auto& [label, p] : others) identity = noisy_or(identity, p);

  // Health linked to this person.
  const bool alone = person.name_key.empty() ? w.candidates == 1 : w.named == 1 && (w.well_named[id] || !any_well_named(w));
  Mentions mentions(w.texts);
  for (const auto* item : mine) mentions.add(w.of(*item));
  double h = 0.0;
  double l = 0.0;
  double close = 0.0;     // strongest evidence near a mention
  double soft = 0.0;         // words that need company
  double common = 0.0;       // bills and appointments where no place of care speaks
  double strong_near = 0.0;  // the strongest single fact near a mention
  double told = 0.0;         // the strongest plain fact in one sentence with the full name
  for (const auto& [index, p] : alone || w.from_envelope(id) ? health : facts_near(w, mentions, health)) {
    const auto& match = w.of(w.items[index]);
    if (match.record != 0 && record != 0 && match.record != record && match.kind != Kind::structure) continue;
    double best = mentions.best(match);
    const bool others_fact = w.crowd && !w.labelled[id] && match.record == 0 && !w.from_envelope(id) && (!mentions.shares_item(match) || (w.owner[index] != nobody && w.owner[index] != id));
    if (others_fact) continue;
    // "Two nursing home chains" somewhere near a name say nothing of it.
    if (match.label == Label::service && !w.cues.from_care && !mentions.shares_sentence(match)) best = std::min(best, 0.45);
    if (w.told_of[index] != nobody && w.told_of[index] != id && !w.cues.care && w.named >= 2 && !mentions.shares_sentence(match) && match.record == 0 && !w.labelled[id] && !w.from_envelope(id)) best = std::min(best, 0.45);
    if (match.kind == Kind::structure && record != 0 && match.record <= record) best = std::max(best, 0.95);
    if (w.from_envelope(id)) best = std::max(best, w.weight("link.reader", 0.8));
    if (alone) best = std::max(best, w.weight("link.only_person", 0.72));
    // In a clinic's mail a fact in the same breath as a name is about that person.
    // In a list each line's fact is the first of its kind for its person.
    double worth = w.crowd && w.owner[index] == id && !is_general(w) ? std::max(p, w.items[index].p) : p;
    const double plain = worth;
    if ((w.cues.from_care || (w.cues.to_care && w.cues.marketing + 2 * w.cues.newsletter < 2)) && (best >= 0.85 || (id == w.reader && w.people.greeting.size() > 1 && w.cues.notice == 0)) && w.cues.hr == 0 && !is_general(w) && match.kind == Kind::health) worth = std::min(0.95, plain * w.weight("health.from_care", 1.6));
    worth *= best >= 0.5 ? 1.0 : 0.3;
    // Words that need company add up to little, however many there are.
    if (match.kind == Kind::health && !w.cues.care && is_everybodys(match.label) && !is_attachment_name(w.text_of(match))) common = noisy_or(common, worth);
    else if (match.kind == Kind::health && (w.pack.rules[match.rule].needs_company || (match.label == Label::document && !is_attachment_name(w.text_of(match))))) soft = noisy_or(soft, worth);
    else h = noisy_or(h, worth);
    if (p >= 0.2 || match.kind == Kind::structure) l = std::max(l, best);
    else l = std::max(l, best * 0.8);
    if (worth > told && w.owner[index] == id && is_plain_fact(w, match) && std::any_of(in_full.begin(), in_full.end(), [&](const auto* full) { return full->text == match.text && same_sentence(w.text_of(match).norm, full->value, match.value); })) told = worth;
    if (best >= 0.85) {
      close = noisy_or(close, worth);
      strong_near = std::max(strong_near, p);
    }
  }
  h = noisy_or(h, std::min(common, w.weight("health.billing_outside_care_most", 0.3)));
  h = noisy_or(h, std::min(soft, w.cues.from_care || w.clinical_number || w.from_envelope(id) || w.cues.about_a_case() > 0 ? w.weight("health.soft_in_care", 0.6) : w.weight("health.soft", 0.35)));
  if (h > 0.0) h = noisy_or(h, w.narrative);
  // In a clinic's mail the relation itself is health information (contract §3).
  const bool clinic = w.policy.organisation.kind == rules::OrganisationKind::clinic || w.policy.organisation.kind == rules::OrganisationKind::hospital;
  if (clinic && (w.labelled[id] || others.contains(Label::mrn) || others.contains(Label::date_of_birth))) {
    h = noisy_or(h, w.weight("health.relation", 0.5));
    l = std::max(l, 0.8);
  }
  // A name with a birth date where patients are spoken of is a patient's demographics (phi.md §1).
  if (others.contains(Label::date_of_birth) && name > 0.0 && w.cues.patient > 0) {
    h = noisy_or(h, w.weight("health.demographics", 0.5));
    l = std::max(l, 0.8);
  }
  if (others.contains(Label::date_of_birth) && name > 0.0 && w.cues.from_care && w.cues.hr == 0 && !is_general(w) && !w.cues.is_about_animals()) {
    h = noisy_or(h, w.weight("health.demographics_in_care", 0.25));
    l = std::max(l, 0.8);
  }
  // A chart number, a birth date beside a name or a patient label is itself a sign of care.
  if (w.labelled[id] && w.cues.care) l = std::max(l, 0.8);
  if (w.labelled[id] && w.cues.care) h = noisy_or(h, w.weight("health.patient_label", 0.5));
  if (others.contains(Label::mrn) || others.contains(Label::encounter) || others.contains(Label::accession) || others.contains(Label::mbi)) {
    h = noisy_or(h, w.weight("health.chart_number", 0.5));
    l = std::max(l, 0.8);
  }
  // A plain name gains when it stands with clinical facts.
  const bool case_like = w.cues.narrative + w.cues.relation + w.cues.second_person > 0 || w.strongest >= 0.55;
  const bool strong_case = (case_like && h >= w.weight("identity.strong_case", 0.65)) || (h >= w.weight("identity.many_facts", 0.8) && w.cues.education + w.cues.newsletter == 0 && w.length < 2000);
  double raise = 0.0;
  if (w.addressee[id] && !w.from_envelope(id)) {
    // Greeted only: the patient when nobody else could be, the words are a case, and the mail goes to a private-looking address.
    if (strong_case && w.named == 0 && person.name_key.find(' ') != std::string::npos && w.private_address) raise = 0.4;
    else identity = std::min(identity, 0.45);
  } else if (name >= 0.25) {
    const bool near = l >= 0.78 || in_subject || alone;
    const bool in_care = w.cues.care || (w.cues.to_care && w.cues.marketing + 2 * w.cues.newsletter < 2);
    const bool about = !w.correspondent[id] || w.private_address;
    const auto raise_to = [&](bool holds, double by) {
      if (holds) raise = std::max(raise, by);
    };
    raise_to(strong_case && near && about, 0.45);
    raise_to(close >= 0.5 && in_care && about, 0.4);
    raise_to(close >= 0.3 && in_care && about, 0.3);
    raise_to(close >= 0.5 && strong_near >= 0.35 && w.related[id] && !is_general(w) && w.cues.hr == 0, 0.4);
    raise_to(told >= 0.3 && about && w.cues.education + w.cues.newsletter + w.cues.marketing == 0, 0.6);
    raise_to(close >= 0.65 && about && !is_general(w), 0.3);
    raise_to(close >= 0.55 && (case_like || strong_near >= 0.5) && about && !is_general(w), 0.3);
    // Colleagues tell each other who has the flu or a new knee. An aside in a mail about something else is no case until a fact is plain.
    if (!w.cues.care && w.health_words < 7 && !in_subject && !w.correspondent[id] && w.length >= 250 && others.empty() && !w.labelled[id] && close < w.weight("identity.plain_talk", 0.75)) raise = 0.0;
    // A crowd of names is news or a list, unless a place of care writes.
    if (w.named > 6 && !w.cues.from_care && w.cues.patient == 0 && !w.labelled[id]) raise = 0.0;
  }
  // Over 89 with a place: a Safe Harbor identifier that few people share (45 CFR 164.514(b)(2)(i)(B), (C)).
  if (others.contains(Label::age_over_89) && (others.contains(Label::city) || others.contains(Label::address) || others.contains(Label::zip))) identity = std::max(identity, 0.65);
  // An e-mail or street address of somebody outside points to one person, too.
  if (raise == 0.0 && strong_case && w.cues.care && alone && !w.crowd && l >= 0.78 && name < 0.3 &&
      ((others.contains(Label::email) && others.at(Label::email) >= 0.1) || (others.contains(Label::address) && others.at(Label::address) >= 0.1))) raise = 0.55;
  if (raise > 0.0) identity = noisy_or(identity, raise);
  if (name > 0.0 && !others.empty() && identity >= w.weight("gate.identity_pair", 0.43)) w.two_kinds = true;
  person.identity = identity;
  person.health = h;
  person.link = l * (made_up < 1.0 && others.size() >= 1 && name > 0.0 ? std::sqrt(made_up) : made_up);
  person.in_new_text = std::any_of(mine.begin(), mine.end(), [&](const Item* item) { return w.text_of(w.of(*item)).zone_at(w.of(*item).value.begin).depth == 0; });
  w.step("person " + std::to_string(id) + ": identity " + hundredths(identity) + ", health " + hundredths(h) + ", link " + hundredths(person.link));
}

// "If you cannot walk for a medical reason", "anyone with diabetes": said of nobody.
bool is_hypothetical(const text::Text& text, const detect::Match& match) {
  constexpr std::uint32_t reach = 28;
  const std::uint32_t from = match.value.begin > reach ? match.value.begin - reach : 0;
  const std::string before = ' ' + text::fold(std::string_view(text.norm).substr(from, match.value.begin - from));
  const std::string_view sentence = std::string_view(before).substr(before.find_last_of(".!?;:") + 1);  // npos + 1 is 0
  for (const std::string_view words : {" if you ", " anyone ", " people with ", " those with ", " everyone with ", " whether you ", " si usted ", " personas con "}) {
    if (sentence.find(words) != std::string_view::npos) return true;
  }
  return false;
}

bool any_labelled_person(const Weighing& w) { return std::find(w.labelled.begin(), w.labelled.end(), true) != w.labelled.end(); }

}  // namespace

void link_health(Weighing& w) {
  // Health evidence with the k-th value of one rule worth 1/k.
  std::map<std::uint32_t, int> nth;
  std::vector<std::pair<std::uint32_t, double>> health;
  std::unordered_set<std::string> values;  // folded, and their rule
  std::unordered_set<std::string> words;   // folded
  for (std::uint32_t i = 0; i < w.items.size(); ++i) {
    auto& item = w.items[i];
    const auto& match = w.of(item);
    if ((match.kind != Kind::health && match.kind != Kind::structure) || !item.suppressed.empty()) continue;
    if (!values.insert(text::fold(match.value.of(w.text_of(match).norm)) + '\0' + std::to_string(match.rule)).second && match.record == 0) continue;
    if (match.kind == Kind::health) words.insert(text::fold(match.value.of(w.text_of(match).norm)));
    if (match.kind == Kind::health && match.record == 0 && is_hypothetical(w.text_of(match), match)) {
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
    if (is_general(w) && match.kind == Kind::health && match.label != Label::lab && match.p < 0.8F) {
      w.general = noisy_or(w.general, p);
      item.suppressed = "education";
      p *= w.weight("education", 0.2);
      if (!any_labelled_person(w)) continue;
      item.suppressed = {};
    }
    w.general = noisy_or(w.general, p);
    health.emplace_back(i, p);
  }
  w.health_words = words.size();
  // Sentences about "her" and "the patient" are evidence in company.
  if (w.cues.narrative > 0 && !health.empty()) w.narrative = std::min(0.6, 0.2 + 0.1 * w.cues.narrative);
  if (w.cues.narrative > 0 && !is_general(w)) w.general = noisy_or(w.general, w.narrative);
  const double made_up = w.cues.is_made_up() ? w.weight("made_up", 0.28) : 1.0;

  std::vector<std::vector<const Item*>> places(w.out.persons.size());
  for (const auto& item : w.items) {
    if (item.person != nobody && item.suppressed.empty()) places[item.person].push_back(&item);
  }
  for (const auto& [index, p] : health) w.strongest = std::max(w.strongest, p);
  w.named = named_count(w);
  w.candidates = candidate_count(w);
  const bool no_care = !w.cues.from_care && !w.cues.to_care;
  w.crowd = (w.named >= 3 && no_care && w.cues.patient == 0) || (w.length >= 2000 && no_care && !w.clinical_number && !any_labelled_person(w));
  find_owners(w, health);
  for (std::uint32_t person = 0; person < w.out.persons.size(); ++person) weigh_person(w, person, places[person], health, made_up);
}

}  // namespace phiscan::score

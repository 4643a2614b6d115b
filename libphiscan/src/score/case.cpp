// What speaks for one person: the identifiers, the facts told of them, and what a plain name gains beside those.
#include "score/weighing.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "score/links.hpp"

namespace phiscan::score {
namespace {

using message::PartRef;

// Calls `with` for the facts that may be about a person who is mentioned at these places, and for the places around each: `all`, or all near
// ones and all in texts without a mention.
void each_fact(const Weighing& w, const Mentions& mentions, const Facts& facts, bool all, auto&& with) {
  for (auto fact = facts.begin(); fact != facts.end();) {
    const std::uint32_t text = fact->match->text;
    const auto next = std::partition_point(fact, facts.end(), [&](const Fact& other) { return other.match->text == text; });
    const auto places = mentions.in(text);
    auto behind = places.begin();
    const auto tell = [&](const Fact& one) {
      while (behind != places.end() && (*behind)->value.begin < one.match->value.begin) ++behind;
      with(one, Places::Neighbours{behind == places.begin() ? nullptr : *(behind - 1), behind == places.end() ? nullptr : *behind});
    };
    if (all || places.empty() || is_attachment_name(w.texts[text])) {
      std::for_each(fact, next, tell);
    } else {
      for (auto place = places.begin(); place != places.end();) {
        const auto around = [](const detect::Match* match) { return Span{match->value.begin > far_away ? match->value.begin - far_away : 0, match->value.end + far_away}; };
        Span span = around(*place);
        while (++place != places.end() && around(*place).begin <= span.end) span.end = std::max(span.end, around(*place).end);
        for (auto other = std::lower_bound(fact, next, span.begin, [](const Fact& one, std::uint32_t at) { return one.match->value.end < at; }); other != next && other->match->value.begin <= span.end; ++other) tell(*other);
      }
    }
    fact = next;
  }
}

bool any_well_named(const Weighing& w) { return std::find(w.well_named.begin(), w.well_named.end(), true) != w.well_named.end(); }

// "Mrs. Okafor" and "Bakare-Lundy" single out somebody as a given name and a surname do.
bool is_full_name(const Weighing& w, const detect::Match& match) {
  const auto name = match.value.of(w.text_of(match).norm);
  return match.record == 0 && (name.find_first_of(" ,-") != std::string_view::npos || w.naming_of(match) == Naming::title);
}

// Appointments, bills and insurance are a hotel's and a lawyer's, too.
bool is_everybodys(Label label) { return label == Label::billing || label == Label::insurance || label == Label::appointment || label == Label::document; }

// Sums for one person while the evidence is read; all 0 to 1.
struct Case {
  std::uint32_t id = nobody;
  Mentions mentions;
  double name = 0.0;               // the best name
  std::vector<std::pair<Label, double>> others{};  // the best of each further kind of identifier, by label
  std::uint32_t record = 0;
  bool in_subject = false;
  bool on_form = false;      // "Name: Ana Ruiz"
  bool alone = false;                       // nobody else could be the patient
  std::vector<const detect::Match*> in_full{};  // given name and surname, or a mailbox of such a name; outside tables
  double health = 0.0;
  double link = 0.0;
  double close = 0.0;        // evidence near a mention
  double strong_near = 0.0;  // the strongest single fact near a mention
  bool before_facts = false;  // some fact stands behind a mention, in one sentence with it, or in another text
  double told = 0.0;         // the strongest plain fact in one sentence with the full name, or in the next one

  [[nodiscard]] bool has(Label label, double least = 0.0) const {
    return std::any_of(others.begin(), others.end(), [&](const auto& other) { return other.first == label && other.second >= least; });
  }
  void add(Label label, double p) {
    const auto at = std::lower_bound(others.begin(), others.end(), label, [](const auto& other, Label wanted) { return other.first < wanted; });
    if (at == others.end() || at->first != label) others.insert(at, {label, p});
    else at->second = std::max(at->second, p);
  }
};

Case gather(const Weighing& w, std::uint32_t id, const std::vector<const Item*>& mine) {
  Case c{.id = id, .mentions = Mentions(w.texts)};
  for (const auto* item : mine) {
    const auto& match = w.of(*item);
    c.mentions.add(match);
    c.record = std::max(c.record, match.record);
    if (match.label == Label::name) {
      c.name = std::max(c.name, item->p);
      c.in_subject = c.in_subject || w.text_of(match).part.kind == PartRef::Kind::subject;
      if (item->p >= 0.3 && is_full_name(w, match)) c.in_full.push_back(&match);
      c.on_form = c.on_form || w.naming_of(match) == Naming::field || (w.naming_of(match) == Naming::subject && is_full_name(w, match));
    } else {
      c.add(match.label, item->p);
      if (match.label == Label::email && item->p >= 0.24 && match.record == 0) c.in_full.push_back(&match);  // "ana.ruiz@" names somebody, too
    }
  }
  c.alone = w.out.persons[id].name_key.empty() ? w.candidates == 1 : w.named == 1 && (w.well_named[id] || !any_well_named(w));
  return c;
}

// How surely this fact is about this person; 0 when it is somebody else's.
double link_of(const Weighing& w, const Case& c, const Fact& fact, Places::Neighbours near) {
  const auto& match = *fact.match;
  const std::uint32_t owner = w.owner[fact.item];
  const std::uint32_t told_of = w.told_of[fact.item];
  if (match.record != 0 && c.record != 0 && match.record != c.record && match.kind != Kind::structure) return 0.0;
  if (match.label == Label::service && w.cues.hr > 0) return 0.0;  // "promoted to head of dialysis"
  const bool free = match.record == 0 && !w.labelled[c.id] && !w.from_envelope(c.id);
  if (w.crowd && free && (!c.mentions.shares_item(match, near) || (owner != nobody && owner != c.id))) return 0.0;
  double best = c.mentions.best(match, near);
  const bool elsewhere = told_of != nobody && told_of != c.id && !w.cues.care && w.named >= 2 && free;
  // "Two nursing home chains" somewhere near a name say nothing of it.
  if ((elsewhere || (match.label == Label::service && !w.cues.from_care)) && !c.mentions.shares_sentence(match, near)) best = std::min(best, 0.45);
  if (match.kind == Kind::structure && c.record != 0 && match.record <= c.record) best = std::max(best, 0.95);
  if (w.from_envelope(c.id)) best = std::max(best, w.weights.link_reader);
  if (c.alone) best = std::max(best, w.weights.link_only_person);
  return best;
}

// In one sentence with the full name, or in the next one that goes on about it.
bool is_told(const Weighing& w, const Case& c, const detect::Match& fact) {
  const std::string_view norm = w.text_of(fact).norm;
  return std::any_of(c.in_full.begin(), c.in_full.end(), [&](const auto* name) { return name->text == fact.text && (same_sentence(norm, name->value, fact.value) || goes_on(norm, name->value, fact.value)); });
}

void add_facts(const Weighing& w, Case& c, const Facts& facts) {
  double soft = 0.0;    // words that need company add up to little, however many there are
  double common = 0.0;  // bills and appointments where no place of care speaks
  const bool in_care = (w.cues.from_care || (w.cues.to_care && w.cues.marketing + 2 * w.cues.newsletter < 2)) && w.cues.hr == 0 && !w.is_general;
  const bool to_reader = c.id == w.reader && w.people.greeting.size() > 1 && w.cues.notice == 0;
  const bool short_form = c.alone && c.on_form && w.named == 1 && w.length <= 600;
  const auto add = [&](const Fact& fact, Places::Neighbours near) {
    const auto& match = *fact.match;
    const double link = link_of(w, c, fact, near);
    if (link == 0.0) return;
    const bool is_owner = w.owner[fact.item] == c.id;
    if (near.before != nullptr || near.behind == nullptr || c.mentions.shares_sentence(match, near)) c.before_facts = true;
    if (fact.again) {
      if (is_owner && is_told(w, c, match)) c.told = std::max(c.told, fact.p);
      return;
    }
    // In a list each line's fact is the first of its kind for its person.
    double worth = w.crowd && is_owner && !w.is_general ? std::max(fact.p, w.items[fact.item].p) : fact.p;
    // In a clinic's mail a fact in the same breath as a name is about that person; its departments stand in every mail.
    if (in_care && (link >= 0.85 || to_reader) && match.kind == Kind::health && match.label != Label::service) worth = std::min(0.95, worth * w.weights.health_from_care);
    worth *= link >= 0.5 ? 1.0 : 0.3;
    if (fact.in_text && !w.cues.care && is_everybodys(match.label)) common = noisy_or(common, worth);
    else if ((match.kind == Kind::health && fact.needs_company) || (fact.in_text && match.label == Label::document)) soft = noisy_or(soft, worth);
    else c.health = noisy_or(c.health, worth);
    c.link = std::max(c.link, fact.p >= 0.2 || match.kind == Kind::structure ? link : link * 0.8);
    // A short form with one name is about that person.
    if (short_form && worth > c.told && (fact.is_plain || (match.label == Label::diagnosis && worth >= 0.45))) c.told = worth;
    if (worth > c.told && is_owner && fact.is_plain && is_told(w, c, match)) c.told = worth;
    if (link >= 0.85) {
      c.close = noisy_or(c.close, worth);
      c.strong_near = std::max(c.strong_near, fact.p);
    }
  };
  each_fact(w, c.mentions, facts, c.alone || w.from_envelope(c.id), add);
  const bool soft_counts = w.cues.from_care || w.clinical_number || w.from_envelope(c.id) || w.cues.about_a_case() > 0;
  c.health = noisy_or(c.health, std::min(common, w.weights.health_billing_outside_care_most));
  c.health = noisy_or(c.health, std::min(soft, soft_counts ? w.weights.health_soft_in_care : w.weights.health_soft));
  if (c.health > 0.0) c.health = noisy_or(c.health, w.narrative);
}

// That somebody is a patient is itself health information (contract section 3).
void add_relation(const Weighing& w, Case& c) {
  const auto add = [&](double weight) {
    c.health = noisy_or(c.health, weight);
    c.link = std::max(c.link, 0.8);
  };
  const bool clinic = w.policy.organisation.kind == rules::OrganisationKind::clinic || w.policy.organisation.kind == rules::OrganisationKind::hospital;
  const bool born = c.has(Label::date_of_birth) && c.name > 0.0;
  if (clinic && (w.labelled[c.id] || c.has(Label::mrn) || c.has(Label::date_of_birth))) add(w.weights.health_relation);
  // A name with a birth date where patients are spoken of is a patient's demographics (phi.md section 1).
  if (born && w.cues.patient > 0) add(w.weights.health_demographics);
  if (born && w.cues.from_care && w.cues.hr == 0 && !w.is_general && !w.cues.is_about_animals()) add(w.weights.health_demographics_in_care);
  // A chart number or a patient label is itself a sign of care.
  if (w.labelled[c.id] && w.cues.care) add(w.weights.health_patient_label);
  // One person named in full, and words about what "the patient" does.
  if (w.cues.narrative > 0 && w.cues.patient > 0 && w.named == 1 && !c.in_full.empty() && !w.correspondent[c.id] && !w.is_general && w.cues.hr + w.cues.education + w.cues.newsletter + w.cues.marketing == 0) {
    add(w.weights.health_patient_story);
    c.told = std::max(c.told, 0.3);
  }
  if (c.has(Label::mrn) || c.has(Label::encounter) || c.has(Label::accession) || c.has(Label::mbi)) add(w.weights.health_chart_number);
}

// What a plain name gains when it stands with clinical facts.
double gain_of_name(const Weighing& w, const Case& c, bool strong_case) {
  // Colleagues tell each other who has the flu or a new knee. An aside in a mail about something else is no case until a fact is plain.
  const bool small_talk = !w.cues.care && w.health_words < 7 && !c.in_subject && !w.correspondent[c.id] && w.length >= 250 && c.others.empty() && !w.labelled[c.id] && !c.on_form && c.told < 0.4 && c.close < w.weights.identity_plain_talk;
  // A crowd of names is news or a list, unless a place of care writes.
  const bool news = w.named > 6 && !w.cues.from_care && w.cues.patient == 0 && !w.labelled[c.id];
  // A flyer names those who give the class, unless it says what they have.
  const bool flyer = w.cues.newsletter + w.cues.marketing > 0 && c.told == 0.0 && !c.in_subject && !w.labelled[c.id] && !w.correspondent[c.id] && w.cues.patient == 0;
  // Whoever stands behind all that is told, and in none of it, wrote it or may be asked.
  const bool closing = !c.before_facts && c.told == 0.0 && !c.in_subject && !w.labelled[c.id] && !c.on_form && c.others.empty() && !w.spoken_of;
  if (small_talk || news || flyer || closing) return 0.0;
  const bool near = c.link >= 0.78 || c.in_subject || c.alone;
  const bool in_care = w.cues.care || (w.cues.to_care && w.cues.marketing + 2 * w.cues.newsletter < 2);
  const bool about = !w.correspondent[c.id] || w.private_address;
  double gain = 0.0;
  const auto gain_when = [&](bool holds, double by) {
    if (holds) gain = std::max(gain, by);
  };
  gain_when(strong_case && near && about, 0.45);
  gain_when(c.close >= 0.5 && in_care && about, 0.4);
  gain_when(c.close >= 0.3 && in_care && about, 0.3);
  gain_when(c.close >= 0.5 && c.strong_near >= 0.35 && w.related[c.id] && !w.is_general && w.cues.hr == 0, 0.5);
  gain_when(c.told >= 0.3 && about && w.cues.education + w.cues.newsletter + w.cues.marketing == 0, 0.6);
  gain_when(c.close >= 0.5 && about && !w.is_general, 0.3);
  gain_when(c.alone && c.name >= 0.5 && c.health >= 0.3 && w.cues.from_care && about, 0.3);  // a name on an attachment
  return gain;
}

double identity_of(const Weighing& w, const Case& c) {
  const auto& person = w.out.persons[c.id];
  double identity = noisy_or(person.identity, c.name);
  for (const auto& [label, p] : c.others) identity = noisy_or(identity, p);
  const bool case_like = w.cues.narrative + w.cues.relation + w.cues.second_person > 0 || w.strongest >= 0.55 || (w.cues.from_care && !w.is_general && w.cues.hr + w.cues.newsletter + w.cues.marketing == 0);
  const bool strong_case = (case_like && c.health >= w.weights.identity_strong_case) || (c.health >= w.weights.identity_many_facts && w.cues.education + w.cues.newsletter == 0 && w.length < 2000);
  double gain = 0.0;
  if (w.addressee[c.id] && !w.from_envelope(c.id)) {
    // Greeted only: the patient when nobody else could be, the words are a case, and the mail goes to a private-looking address.
    if (strong_case && w.named == 0 && person.name_key.find(' ') != std::string::npos && w.private_address) gain = 0.4;
    else identity = std::min(identity, 0.45);
  } else if (c.name >= 0.25 || w.related[c.id] || !c.in_full.empty()) {
    gain = gain_of_name(w, c, strong_case);
  }
  // Over 89 with a place: a Safe Harbor identifier that few people share (45 CFR 164.514(b)(2)(i)(B), (C)).
  if (c.has(Label::age_over_89) && (c.has(Label::city) || c.has(Label::address) || c.has(Label::zip))) identity = std::max(identity, 0.65);
  // "Chart 017007-23? AFib, needs apixaban": a number of the house beside a finding points to one patient.
  if (gain == 0.0 && strong_case && w.cues.care && c.alone && c.link >= 0.78 && !w.is_general && (c.has(Label::mrn, 0.45) || c.has(Label::encounter, 0.45) || c.has(Label::accession, 0.45))) gain = 0.3;
  // An e-mail or street address of somebody outside points to one person, too.
  if (gain == 0.0 && strong_case && w.cues.care && c.alone && !w.crowd && c.link >= 0.78 && c.name < 0.3 && w.cues.education + w.cues.newsletter + w.cues.marketing == 0 && (c.has(Label::email, 0.1) || c.has(Label::address, 0.1) || (c.has(Label::phone, 0.2) && !c.has(Label::fax) && w.cues.narrative + w.cues.relation > 0))) gain = 0.55;
  return gain > 0.0 ? noisy_or(identity, gain) : identity;
}

}  // namespace

// What somebody has, takes or gets done; no visits and no bills.
bool is_bodily(const detect::Match& match) {
  return match.kind == Kind::health && (match.label == Label::diagnosis || match.label == Label::medication || match.label == Label::lab || match.label == Label::vital || match.label == Label::procedure || match.label == Label::icd || match.label == Label::procedure_code);
}

// What is said of one person only: a diagnosis, a medicine, a result; no words that need company, no bills, no visits.
bool is_plain_fact(const Weighing& w, const detect::Match& match) { return !w.pack.rules[match.rule].needs_company && (is_bodily(match) || match.label == Label::narrative); }

void weigh_person(Weighing& w, std::uint32_t id, const std::vector<const Item*>& mine, const Facts& facts, double made_up) {
  Case c = gather(w, id, mine);
  add_facts(w, c, facts);
  add_relation(w, c);
  auto& person = w.out.persons[id];
  person.identity = identity_of(w, c);
  person.health = c.health;
  person.link = c.link * (made_up < 1.0 && !c.others.empty() && c.name > 0.0 ? std::sqrt(made_up) : made_up);
  person.in_new_text = std::any_of(mine.begin(), mine.end(), [&](const Item* item) { return w.zone_of(*item).depth == 0; });
  if (c.name > 0.0 && !c.others.empty() && person.identity >= w.weights.gate_identity_pair) w.two_kinds = true;
  if (w.wants_steps()) w.out.steps.push_back({"person " + std::to_string(id) + ": identity " + hundredths(person.identity) + ", health " + hundredths(c.health) + ", link " + hundredths(person.link)});
}

}  // namespace phiscan::score

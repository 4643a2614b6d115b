#include "score/weighing.hpp"

#include <algorithm>

#include "score/severity.hpp"
#include "score/words.hpp"

namespace phiscan::score {

Findings conclude(Weighing& w) {
  const double gate_i = w.weights.gate_identity;
  const double gate_h = w.weights.gate_health;
  const double gate_l = w.weights.gate_link;
  std::vector<bool> is_patient(w.out.persons.size(), false);
  double phi = 0.0;
  double identified = 0.0;
  for (std::uint32_t i = 0; i < w.out.persons.size(); ++i) {
    const auto& person = w.out.persons[i];
    identified = std::max(identified, person.identity);
    // Where somebody is surely identified, one plain fact is enough.
    const double sure = std::max(0.0, person.identity - gate_i);
    const double enough = std::max(w.weights.gate_health_least, gate_h - sure * w.weights.gate_health_slope);
    if (person.identity >= gate_i && person.health >= enough && person.link >= gate_l) {
      is_patient[i] = true;
      phi = std::max(phi, std::cbrt(person.identity * person.health * person.link));
    }
  }
  if (w.wants_steps()) w.out.steps.push_back({"cues: patient " + std::to_string(w.cues.patient) + " setting " + std::to_string(w.cues.setting) + " second_person " + std::to_string(w.cues.second_person) +
       " narrative " + std::to_string(w.cues.narrative) + " relation " + std::to_string(w.cues.relation) + " education " + std::to_string(w.cues.education) +
       " newsletter " + std::to_string(w.cues.newsletter) + " marketing " + std::to_string(w.cues.marketing) + " codes " + std::to_string(w.cues.codes) +
       " blank_form " + std::to_string(w.cues.blank_form) + " hr " + std::to_string(w.cues.hr) + " animals " + std::to_string(w.cues.veterinary) + " sample " + std::to_string(w.cues.sample + w.cues.deidentified) + (w.cues.care ? " care" : "")});
  bool strong_id = false;
  for (const auto& item : w.items) {
    if (item.suppressed.empty() && w.of(item).kind == Kind::identity && is_strong_identifier(w.of(item).label) && item.p >= 0.5) strong_id = true;
  }
  const double alone = w.two_kinds ? w.weights.gate_identity_pair : w.weights.gate_identity_alone;
  if (phi > 0.0) {
    w.out.content = Content::phi;
    w.out.confidence = phi;
  } else if ((identified >= alone && !w.cues.is_about_animals()) || strong_id) {
    w.out.content = Content::identity;
    w.out.confidence = std::max(identified, strong_id ? 0.8 : 0.0);
  } else if (w.general >= gate_h) {
    w.out.content = Content::health;
    w.out.confidence = w.general;
  }

  // Number the patients that are left, and hand out the findings.
  std::vector<std::uint32_t> number(w.out.persons.size(), nobody);
  std::vector<Person> kept;
  for (std::uint32_t i = 0; i < w.out.persons.size(); ++i) {
    const bool keep = w.out.content == Content::phi ? is_patient[i] : w.out.persons[i].identity >= alone;
    if (!keep) continue;
    number[i] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(w.out.persons[i]));
  }
  w.out.findings.reserve(w.items.size());
  for (const auto& item : w.items) {
    const auto& match = w.of(item);
    const auto& zone = w.zone_of(item);
    Finding finding;
    finding.rule = match.rule;
    finding.label = match.label;
    finding.kind = match.kind;
    finding.text = match.text;
    finding.value = match.value;
    if (item.person != nobody && number[item.person] != nobody) finding.person = number[item.person];
    finding.category = match.category;
    finding.zone = zone.kind;
    finding.depth = zone.depth;
    finding.confidence = std::min(item.p, 0.99);
    finding.labelled = match.labelled;
    finding.suppressed_by = item.suppressed;
    finding.reasons = item.reasons;
    const bool identity = match.kind == Kind::identity && finding.person.has_value();
    const bool health = (match.kind == Kind::health || match.kind == Kind::structure) && (w.out.content == Content::phi || w.out.content == Content::health);
    finding.counted = item.suppressed.empty() && (identity || health || (match.kind == Kind::identity && is_strong_identifier(match.label) && w.out.content != Content::none));
    if (!finding.counted && finding.suppressed_by.empty()) finding.suppressed_by = match.kind == Kind::identity ? "no_link" : "no_person";
    if (match.kind == Kind::structure) finding.counted = w.out.content == Content::phi;
    w.out.findings.push_back(finding);
  }
  w.out.persons = std::move(kept);
  for (const auto& somebody : w.people.all) w.out.staff += somebody.staff || somebody.provider ? 1 : 0;
  Words providers;
  for (const auto& match : w.matches) {
    if (match.label == Label::provider_name && match.kind == Kind::provider) providers.add(w.reading.value(match));
  }
  w.out.staff = std::max(w.out.staff, static_cast<std::uint32_t>(providers.size()));
  if (!w.people.greeting.empty()) w.out.greeting = w.people.greeting;
  w.out.only_in_quote = w.out.content == Content::phi && !w.out.persons.empty() &&
                       std::none_of(w.out.persons.begin(), w.out.persons.end(), [](const Person& person) { return person.in_new_text || person.from_envelope; });
  grade(w.out);
  return std::move(w.out);
}

}  // namespace phiscan::score

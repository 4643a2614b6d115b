#include "score/cues.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace phiscan::score {

Cues read_cues(const rules::Pack& pack, const rules::Policy& policy, const std::vector<text::Text>& texts, const std::vector<detect::Match>& matches) {
  Cues cues;
  constexpr std::array<std::pair<std::string_view, int Cues::*>, 16> names{{{"patient", &Cues::patient}, {"setting", &Cues::setting}, {"second_person", &Cues::second_person},
      {"narrative_subject", &Cues::narrative}, {"relation", &Cues::relation}, {"education", &Cues::education}, {"newsletter", &Cues::newsletter},
      {"marketing", &Cues::marketing}, {"hr", &Cues::hr}, {"invoice", &Cues::invoice}, {"veterinary", &Cues::veterinary}, {"research", &Cues::research},
      {"sample", &Cues::sample}, {"deidentified", &Cues::deidentified}, {"blank_form", &Cues::blank_form}, {"codes", &Cues::codes}}};
  int setting_anywhere = 0;
  for (const auto& match : matches) {
    if (match.label == Label::npi && match.kind == Kind::provider) setting_anywhere += 2;
    if (match.kind != Kind::context) continue;
    const auto& cue = pack.rules[match.rule].cue;
    const auto zone = texts[match.text].zone_at(match.value.begin).kind;
    if (cue == "setting" || cue == "patient") ++setting_anywhere;
    // An unsubscribe line makes a newsletter wherever it stands; all else in a footer is boilerplate.
    if (zone == text::ZoneKind::footer && cue != "newsletter") continue;
    if (cue == "it") ++cues.it;
    for (const auto& [name, member] : names) {
      if (cue == name) ++(cues.*member);
    }
  }
  const bool clinic = policy.organisation.kind == rules::OrganisationKind::clinic || policy.organisation.kind == rules::OrganisationKind::hospital;
  cues.care = clinic || setting_anywhere >= 2 || cues.patient >= 1;
  return cues;
}

}  // namespace phiscan::score

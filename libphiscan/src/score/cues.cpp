#include "score/cues.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace phiscan::score {

namespace {

// "frontdesk@lakeside-derm.test", "Willow Cancer Center", "nurses@": words of the domain (without its last label), the display name and the mailbox.
// `animals`: a place of care for animals.
bool is_place_of_care(const rules::Pack& pack, const message::Address& sender, bool animals) {
  const auto terms = pack.terms.find("care_senders");
  if (terms == pack.terms.end()) return false;
  const std::string address = text::fold(sender.address);
  const auto at = address.rfind('@');
  const std::string local = address.substr(0, std::min(at, address.size()));
  std::string domain = at == std::string::npos ? std::string() : address.substr(at + 1);
  domain = domain.substr(0, domain.rfind('.'));
  const std::string name = text::fold(sender.name);
  std::string joined;  // "Maple Family Practice" as a domain would say it
  for (const char c : name) {
    if (c != ' ') joined += c;
  }
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  for (const auto& term : terms->second.terms) {
    const auto has = [&](std::string_view flag) { return std::find(term.flags.begin(), term.flags.end(), flag) != term.flags.end(); };
    if (has("animals") != animals) continue;
    const bool part = has("part");
    const bool suffix = has("suffix");
    for (const std::string* where : std::initializer_list<const std::string*>{&domain, &name, &local, &joined}) {
      for (auto found = where->find(term.text); found != std::string::npos; found = where->find(term.text, found + 1)) {
        const auto end = found + term.text.size();
        const bool left = found == 0 || !is_letter((*where)[found - 1]);
        const bool right = end >= where->size() || !is_letter((*where)[end]);
        if (!part || (right && (left || suffix))) return true;
      }
    }
  }
  return false;
}

// A name that heads one of the last lines of the sender's words, all of them short.
bool ends_a_letter(const text::Text& text, Span name) {
  constexpr int last_lines = 4;
  constexpr std::size_t short_line = 60;
  const std::string_view norm = text.norm;
  if (name.begin > 0 && norm[name.begin - 1] != '\n') return false;
  const std::size_t end = text.zone_at(name.begin).range.end;
  int lines = 0;
  for (std::size_t at = name.begin; at < end; ++lines) {
    const std::size_t stop = std::min<std::size_t>(norm.find('\n', at), end);
    if (stop - at > short_line || lines > last_lines) return false;
    at = stop + 1;
  }
  return true;
}

}  // namespace

Cues read_cues(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts, const std::vector<detect::Match>& matches) {
  Cues cues;
  constexpr std::array<std::pair<std::string_view, int Cues::*>, 17> names{{{"patient", &Cues::patient}, {"setting", &Cues::setting}, {"second_person", &Cues::second_person},
      {"narrative_subject", &Cues::narrative}, {"relation", &Cues::relation}, {"education", &Cues::education}, {"newsletter", &Cues::newsletter},
      {"marketing", &Cues::marketing}, {"hr", &Cues::hr}, {"veterinary", &Cues::veterinary},
      {"sample", &Cues::sample}, {"deidentified", &Cues::deidentified}, {"blank_form", &Cues::blank_form}, {"codes", &Cues::codes}, {"notice", &Cues::notice}, {"scholarly", &Cues::scholarly}, {"first_person", &Cues::first_person}}};
  static_assert(names.size() == rules::cues.size());
  int setting_anywhere = 0;
  bool names_a_doctor = false;  // "Dr. Chen"
  bool signed_by_care = false;
  std::set<std::pair<std::string_view, std::string>> seen;  // a word said ten times, or in both body forms, is one cue
  for (const auto& match : matches) {
    if (match.label == Label::npi && match.kind == Kind::provider) setting_anywhere += 2;
    if (match.label == Label::provider_name && match.kind == Kind::provider) {
      const auto& place = texts[match.text].zone_at(match.value.begin);
      if (match.labelled && place.kind != text::ZoneKind::footer) names_a_doctor = true;
      // "Erin Vance, LPN" under the sender's own words: a place of care writes.
      if (!match.labelled && place.depth == 0 && (place.kind == text::ZoneKind::signature || (place.kind == text::ZoneKind::fresh && ends_a_letter(texts[match.text], match.value)))) signed_by_care = true;
    }
    if (match.kind == Kind::health && match.label == Label::narrative && match.p >= 0.55F) ++cues.clinical_sentences;
    if (match.kind != Kind::context) continue;
    const auto& cue = pack.rules[match.rule].cue;
    const auto zone = texts[match.text].zone_at(match.value.begin).kind;
    if (cue == "first_person" && (texts[match.text].zone_at(match.value.begin).depth != 0 || texts[match.text].part.kind == message::PartRef::Kind::attachment_text)) continue;
    if (!seen.emplace(cue, text::fold(match.value.of(texts[match.text].norm))).second) continue;
    if (cue == "setting" || cue == "patient") ++setting_anywhere;
    // An unsubscribe line makes a newsletter wherever it stands; all else in a footer is boilerplate.
    if (zone == text::ZoneKind::footer && cue != "newsletter") continue;
    for (const auto& [name, member] : names) {
      if (cue == name) ++(cues.*member);
    }
  }
  const bool clinic = policy.organisation.kind == rules::OrganisationKind::clinic || policy.organisation.kind == rules::OrganisationKind::hospital;
  cues.from_care = clinic || signed_by_care || is_place_of_care(pack, message.from, false);
  if (!clinic && is_place_of_care(pack, message.from, true)) {
    cues.from_care = false;
    cues.veterinary += 2;
  }
  if (!cues.from_care && cues.veterinary == 0) {
    cues.to_care = std::any_of(message.recipients.begin(), message.recipients.end(), [&](const auto& recipient) { return is_place_of_care(pack, recipient.address, false) && !is_place_of_care(pack, recipient.address, true); });
  }
  cues.care = cues.from_care || setting_anywhere + (names_a_doctor ? 1 : 0) + (cues.to_care ? 1 : 0) >= 2 || (cues.to_care && cues.first_person > 0) || cues.patient >= 1;
  return cues;
}

}  // namespace phiscan::score

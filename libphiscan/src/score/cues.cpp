#include "score/cues.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "score/words.hpp"

namespace phiscan::score {

namespace {

// In the order of Cue.
constexpr std::array counts{&Cues::patient, &Cues::setting, &Cues::second_person, &Cues::narrative, &Cues::relation, &Cues::education, &Cues::newsletter, &Cues::marketing, &Cues::hr,
                            &Cues::veterinary, &Cues::sample, &Cues::deidentified, &Cues::blank_form, &Cues::codes, &Cues::notice, &Cues::scholarly, &Cues::first_person};
static_assert(counts.size() == static_cast<std::size_t>(Cue::first_person) + 1);

// "frontdesk@lakeside-derm.test", "Willow Cancer Center", "nurses@": words of the domain (without its last label), the display name and the mailbox.
// `animals`: a place of care for animals.
bool is_place_of_care(const Lists& lists, const message::Address& sender, bool animals) {
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
  for (const std::string* where : std::initializer_list<const std::string*>{&domain, &name, &local, &joined}) {
    for (std::size_t at = 0; at < where->size(); ++at) {
      const bool left = at == 0 || !is_letter((*where)[at - 1]);
      for (const auto& term : lists.care_senders((*where)[at])) {
        if (term.animals != animals || where->compare(at, term.word.size(), term.word) != 0) continue;
        const auto end = at + term.word.size();
        const bool right = end >= where->size() || !is_letter((*where)[end]);
        if (!term.part || (right && (left || term.suffix))) return true;
      }
    }
  }
  return false;
}

// A name that heads one of the last lines of the sender's words, all of them short.
bool ends_a_letter(std::string_view norm, const text::Zone& zone, Span name) {
  constexpr int last_lines = 4;
  constexpr std::size_t short_line = 60;
  if (name.begin > 0 && norm[name.begin - 1] != '\n') return false;
  const std::size_t end = zone.range.end;
  int lines = 0;
  for (std::size_t at = name.begin; at < end; ++lines) {
    const std::size_t stop = std::min<std::size_t>(norm.find('\n', at), end);
    if (stop - at > short_line || lines > last_lines) return false;
    at = stop + 1;
  }
  return true;
}

}  // namespace

Cues read_cues(const rules::Pack& pack, const Lists& lists, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts, const std::vector<detect::Match>& matches, const Reading& reading) {
  Cues cues;
  int setting_anywhere = 0;
  bool names_a_doctor = false;  // "Dr. Chen"
  bool signed_by_care = false;
  Words seen;  // a word said ten times, or in both body forms, is one cue
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const auto& match = matches[i];
    if (match.label == Label::npi && match.kind == Kind::provider) setting_anywhere += 2;
    if (match.label == Label::provider_name && match.kind == Kind::provider) {
      const auto& place = reading.zone(i);
      if (match.labelled && place.kind != text::ZoneKind::footer) names_a_doctor = true;
      // "Erin Vance, LPN" under the sender's own words: a place of care writes.
      if (!match.labelled && place.depth == 0 && (place.kind == text::ZoneKind::signature || (place.kind == text::ZoneKind::fresh && ends_a_letter(texts[match.text].norm, place, match.value)))) signed_by_care = true;
    }
    if (match.kind == Kind::health && match.label == Label::narrative && match.p >= 0.55F) ++cues.clinical_sentences;
    if (match.kind != Kind::context || !pack.rules[match.rule].cue) continue;
    const Cue cue = *pack.rules[match.rule].cue;
    const auto& zone = reading.zone(i);
    if (cue == Cue::first_person && (zone.depth != 0 || texts[match.text].part.kind == message::PartRef::Kind::attachment_text)) continue;
    if (!seen.add(reading.value(match), static_cast<std::uint32_t>(cue))) continue;
    if (cue == Cue::setting || cue == Cue::patient) ++setting_anywhere;
    // An unsubscribe line makes a newsletter wherever it stands; all else in a footer is boilerplate.
    if (zone.kind == text::ZoneKind::footer && cue != Cue::newsletter) continue;
    ++(cues.*counts[static_cast<std::size_t>(cue)]);
  }
  const bool clinic = policy.organisation.kind == rules::OrganisationKind::clinic || policy.organisation.kind == rules::OrganisationKind::hospital;
  cues.from_care = clinic || signed_by_care || is_place_of_care(lists, message.from, false);
  if (!clinic && is_place_of_care(lists, message.from, true)) {
    cues.from_care = false;
    cues.veterinary += 2;
  }
  if (!cues.from_care && cues.veterinary == 0) {
    cues.to_care = std::any_of(message.recipients.begin(), message.recipients.end(), [&](const auto& recipient) { return is_place_of_care(lists, recipient.address, false) && !is_place_of_care(lists, recipient.address, true); });
  }
  cues.care = cues.from_care || setting_anywhere + (names_a_doctor ? 1 : 0) + (cues.to_care ? 1 : 0) >= 2 || (cues.to_care && cues.first_person > 0) || cues.patient >= 1;
  return cues;
}

}  // namespace phiscan::score

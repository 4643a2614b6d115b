#include "score/weighing.hpp"

#include <algorithm>

#include "recipients/people.hpp"
#include "score/links.hpp"

namespace phiscan::score {
namespace {

using text::ZoneKind;

// One more person, of whom nothing is known but whether the envelope names them.
std::uint32_t add_person(Weighing& w, bool from_envelope) {
  const auto person = static_cast<std::uint32_t>(w.out.persons.size());
  w.out.persons.emplace_back();
  w.out.persons.back().from_envelope = from_envelope;
  w.addressee.push_back(from_envelope);
  w.correspondent.push_back(from_envelope);
  w.well_named.push_back(false);
  w.labelled.push_back(false);
  w.related.push_back(false);
  return person;
}

std::uint32_t anonymous(Weighing& w, std::uint32_t record) {
  const auto at = w.unnamed.find(record);
  if (at != w.unnamed.end()) return at->second;
  return w.unnamed[record] = add_person(w, false);
}

// "Your home sleep test", "su insulina": a fact of the reader.
bool is_readers(const Weighing& w, const detect::Match& match) {
  constexpr std::uint32_t reach = 24;
  constexpr std::uint32_t whose = 5;  // the match may begin with the word: "su mamografia"
  return says_last(w.reading.before(match.text, match.value.begin + std::min(whose, match.value.size()), reach + whose), {" your ", " su ", " sus ", " tu ", " tus "});
}

// "Your viral load": what a mail says of the one who reads it.
bool tells_reader(const Weighing& w, bool (*counts)(const Weighing&, const Item&)) {
  return std::any_of(w.items.begin(), w.items.end(), [&](const Item& item) {
    return item.suppressed.empty() && counts(w, item) && w.zone_of(item).depth == 0 && is_readers(w, w.of(item));
  });
}
// .34: a weight of .35 comes as a float, which is a little less.
bool tells_something(const Weighing& w, const Item& item) { return item.p > 0.34 && (is_plain_fact(w, w.of(item)) || w.of(item).label == Label::service); }
bool tells_much(const Weighing& w, const Item& item) { return item.p > 0.55 && is_bodily(w.of(item)); }

// "Orlando, the lab is short" to orlando.pz@...: a word of the mailbox stands in the greeting. "Dear faculty" to faculty@... greets nobody.
bool greets_mailbox(const Weighing& w) {
  if (w.message.recipients.size() != 1) return false;
  const std::string address = text::fold(w.message.recipients.front().address.address);
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  for (const auto& text : w.texts) {
    if (!is_body(text)) continue;
    const auto first = text.norm.find_first_not_of(" \n\t");
    if (first == std::string::npos) continue;
    const std::string greeting = text::fold(std::string_view(text.norm).substr(first, std::min<std::size_t>(text.norm.find_first_of(",!:-\n", first) - first, 32)));
    std::string word;
    for (const char c : address) {
      if (is_letter(c)) {
        word.push_back(c);
        continue;
      }
      const auto at = word.size() < 3 ? std::string::npos : greeting.find(word);
      if (at != std::string::npos && text::is_edge(greeting, at) && text::is_edge(greeting, at + word.size()) && !recipients::read_name(word).empty()) return true;
      word.clear();
      if (c == '@') break;
    }
  }
  return false;
}

// "I ran out of insulin", "mis pastillas": a fact of the writer. Not "mi": an MI is a heart attack.
bool is_writers(const Weighing& w, const detect::Match& match) { return says_last(w.reading.before(match.text, match.value.begin, 60), {" i ", " i'm ", " im ", " i've ", " my ", " mis ", " yo "}); }

// Medicines with doses, results, diagnoses: not the words of an invitation.
bool has_specific_health(const Weighing& w) {
  const bool by_full_name = w.people.greeting.find(' ') != std::string::npos;  // then what the clinic quotes is about the reader, too
  double sum = 0.0;
  for (const auto& item : w.items) {
    const auto& match = w.of(item);
    if (match.kind != Kind::health || !item.suppressed.empty() || (w.zone_of(item).depth != 0 && !by_full_name)) continue;
    if (item.p >= 0.3 && is_readers(w, match)) sum = noisy_or(sum, 0.5);
    if (match.label == Label::medication || match.label == Label::lab || match.label == Label::diagnosis || match.label == Label::vital || match.label == Label::procedure || match.label == Label::narrative) sum = noisy_or(sum, item.p);
    if (sum >= 0.5) return true;
  }
  return false;
}

}  // namespace

// Patients: everybody named who is not staff, provider or just greeted.
void name_persons(Weighing& w) {
  std::vector<std::uint32_t> person_of(w.people.all.size(), nobody);
  for (auto& item : w.items) {
    if (w.of(item).label != Label::name || w.of(item).kind != Kind::identity || !item.suppressed.empty() || item.somebody == nobody) continue;
    auto& person = person_of[item.somebody];
    if (person == nobody) {
      const auto& who = w.people.all[item.somebody];
      person = add_person(w, false);
      auto& fresh = w.out.persons[person];
      for (const auto word : who.words) fresh.name_key.append(fresh.name_key.empty() ? "" : " ").append(word);
      fresh.given = who.given();
      fresh.surname = who.surname();
      w.addressee[person] = who.greeted && who.only_greeted && !who.patient_label;
      w.labelled[person] = who.patient_label;
      w.related[person] = who.related;
      w.correspondent[person] = (who.recipient || who.greeted) && !who.patient_label;
    }
    item.person = person;
    if (item.p >= 0.25) w.well_named[person] = true;
  }
}

// "Can I get my amlodipine refilled?" from a private sender to a place of care: the sender is the patient.
void add_author(Weighing& w) {
  if (!w.cues.to_care || w.cues.hr > 0 || w.reader != nobody || w.cues.is_about_animals() || w.is_general) return;
  const bool tells = w.cues.first_person > 0 || std::any_of(w.items.begin(), w.items.end(), [&](const Item& item) {
    const auto& match = w.of(item);
    const auto& zone = w.zone_of(item);
    return match.kind == Kind::health && item.suppressed.empty() && item.p > 0.34 && match.label != Label::document && match.label != Label::referral && zone.depth == 0 && zone.kind == ZoneKind::fresh && is_writers(w, match);
  });
  if (!tells) return;
  if (text::fold(w.message.from.address).starts_with("anon") || text::fold(w.message.from.name).starts_with("anon")) return;
  w.author = add_person(w, true);
  w.out.persons.back().identity = w.weights.identity_author;
  if (w.wants_steps()) w.out.steps.push_back({"author: a patient writes to a place of care, identity " + hundredths(w.out.persons.back().identity)});
}

// Numbers, dates and addresses go to the nearest named person, else to the only one, else to somebody unnamed.
void attach_identifiers(Weighing& w) {
  std::map<std::uint32_t, std::uint32_t> by_record;
  for (const auto& item : w.items) {
    if (item.person != nobody && w.of(item).record != 0) by_record.emplace(w.of(item).record, item.person);
  }
  // The named persons written about, in the order of each text.
  std::vector<std::vector<std::uint32_t>> named(w.texts.size());
  for (std::uint32_t i = 0; i < w.items.size(); ++i) {
    const auto person = w.items[i].person;
    if (person != nobody && (!w.addressee[person] || w.from_envelope(person))) named[w.of(w.items[i]).text].push_back(i);
  }
  const bool only_one = named_count(w) == 1;
  for (auto& item : w.items) {
    const auto& match = w.of(item);
    if (match.kind != Kind::identity || match.label == Label::name || !item.suppressed.empty()) continue;
    if (match.record != 0) {
      const auto at = by_record.find(match.record);
      item.person = at != by_record.end() ? at->second : anonymous(w, match.record);
      continue;
    }
    double best = 0.0;
    std::uint32_t best_gap = UINT32_MAX;
    const auto consider = [&](std::uint32_t id) {
      const auto& name = w.of(w.items[id]);
      const double near = link(w.texts, match, name);
      // What stands behind a name is rather its than what stands before.
      const std::uint32_t gap = name.text != match.text ? 100'000 : match.value.begin >= name.value.end ? match.value.begin - name.value.end : (name.value.begin - std::min(name.value.begin, match.value.end)) * 2;
      if (near > best || (near == best && gap < best_gap)) {
        best = near;
        best_gap = gap;
        item.person = w.items[id].person;
      }
    };
    for (std::uint32_t text = 0; text < named.size(); ++text) {
      const auto& ids = named[text];
      if (ids.empty()) continue;
      if (text != match.text) {
        consider(ids.front());
        continue;
      }
      const auto behind = std::lower_bound(ids.begin(), ids.end(), match.value.begin, [&](std::uint32_t id, std::uint32_t at) { return w.of(w.items[id]).value.begin < at; });
      if (behind != ids.begin()) consider(*(behind - 1));
      if (behind != ids.end()) consider(*behind);
    }
    if (item.person == nobody || (best < 0.8 && !only_one)) item.person = anonymous(w, 0);
  }
}

// The mail speaks to a patient and goes to a private address: the address names the person.
void add_reader(Weighing& w) {
  for (std::size_t i = 0; i < w.matches.size(); ++i) {
    const auto& match = w.matches[i];
    if (match.kind != Kind::context || w.pack.rules[match.rule].cue != Cue::second_person) continue;
    const auto& zone = w.reading.zone(i);
    if (zone.depth == 0 && zone.kind == ZoneKind::fresh) w.out.speaks_to_reader = true;
  }
  bool consumer = false;
  for (const auto& recipient : w.envelope.recipients) {
    consumer = consumer || recipient.type == RecipientClass::consumer;
    w.private_address = w.private_address || consumer || recipient.type == RecipientClass::unknown;
  }
  // A place of care that writes to one private address about medicines or results writes to its patient.
  const bool greeted = std::find(w.correspondent.begin(), w.correspondent.end(), true) != w.correspondent.end();
  const bool general = w.cues.newsletter + w.cues.marketing + w.cues.education > 0;
  const bool to_one = w.envelope.recipients.size() == 1 && (!general || w.clinical_number) &&
                      ((consumer && (w.cues.care || greeted)) || (w.private_address && w.cues.from_care && greeted)) && has_specific_health(w);
  const bool tells = !general && tells_reader(w, tells_something);
  const bool by_mailbox = tells && greets_mailbox(w);
  // "Your ALT of 245 needs another look" to Ana Ruiz <ana.ruiz@...>: the display name names the reader.
  const bool by_display = tells && w.message.recipients.size() == 1 && text::fold(w.message.recipients.front().address.name).find(' ') != std::string::npos && tells_reader(w, tells_much);
  if (!w.out.speaks_to_reader && (to_one || by_mailbox || by_display)) w.out.speaks_to_reader = true;
  // "Dear Mr. Roe, ... your glaucoma drops": a letter says itself whom it is about, whatever mailbox it goes to.
  bool letter = false;
  for (std::uint32_t i = 0; i < w.out.persons.size(); ++i) letter = letter || (w.correspondent[i] && w.well_named[i]);
  letter = letter && tells;
  if (!(w.out.speaks_to_reader || letter) || w.is_general || !(w.private_address || letter)) return;
  // A greeted person is the reader; otherwise the envelope alone names somebody.
  for (std::uint32_t i = 0; i < w.out.persons.size(); ++i) {
    if (w.correspondent[i]) {
      w.reader = i;
      break;
    }
  }
  bool named_recipient = by_mailbox;
  for (const auto& recipient : w.message.recipients) named_recipient = named_recipient || text::fold(recipient.address.name).find(' ') != std::string::npos;
  if (w.reader == nobody && !consumer && !named_recipient) return;
  if (w.reader == nobody && w.out.persons.size() == 1 && !w.labelled[0]) w.reader = 0;
  if (w.reader == nobody) {
    w.reader = add_person(w, true);
  }
  w.out.persons[w.reader].identity = consumer ? w.weights.identity_reader : (named_recipient || (greeted && w.cues.education == 0)) && (w.cues.second_person >= 2 || w.cues.from_care || by_mailbox || by_display) ? w.weights.identity_reader_named : w.weights.identity_reader_unknown;
  if (w.wants_steps()) w.out.steps.push_back({"reader: the mail speaks to a patient at a private address, identity " + hundredths(w.out.persons[w.reader].identity)});
}

// Named persons who could be the patient. Single words that may be names ("Mulberry Row") count only where nobody is named better.
int named_count(const Weighing& w) {
  int well = 0;
  int any = 0;
  for (std::uint32_t i = 0; i < w.out.persons.size(); ++i) {
    if (w.out.persons[i].name_key.empty() || (w.addressee[i] && i != w.reader)) continue;
    ++any;
    well += w.well_named[i] || w.from_envelope(i) ? 1 : 0;
  }
  return well > 0 ? well : any;
}

// Persons who could be the patient.
int candidate_count(const Weighing& w) {
  int count = 0;
  for (std::uint32_t i = 0; i < w.out.persons.size(); ++i) count += w.addressee[i] && i != w.reader ? 0 : 1;
  return count;
}

}  // namespace phiscan::score

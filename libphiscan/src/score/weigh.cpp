#include "score/weigh.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_set>

#include "score/cues.hpp"
#include "score/links.hpp"
#include "score/people.hpp"
#include "score/severity.hpp"

namespace phiscan::score {
namespace {

using detect::Match;
using message::PartRef;
using text::ZoneKind;

constexpr std::uint32_t nobody = UINT32_MAX;

bool is_attachment_name(const text::Text& text) { return text.part.kind == PartRef::Kind::attachment_name; }

double noisy_or(double a, double b) { return 1.0 - (1.0 - a) * (1.0 - b); }

std::string hundredths(double value) {
  const int rounded = static_cast<int>(std::lround(value * 100.0));
  const std::string digits = std::to_string(rounded % 100);
  return std::to_string(rounded / 100) + "." + (digits.size() < 2 ? "0" : "") + digits;
}

// What one match is worth here, before persons.
struct Item {
  std::uint32_t match = 0;
  double p = 0.0;
  std::string_view suppressed;
  std::uint32_t person = nobody;
  std::uint32_t somebody = nobody;   // names only
  std::vector<std::string_view> reasons;
};

class Weigher {
 public:
  Weigher(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts,
          const recipients::Envelope& envelope, const std::vector<Match>& matches)
      : pack_(pack), policy_(policy), message_(message), texts_(texts), envelope_(envelope), matches_(matches),
        cues_(read_cues(pack, policy, message, texts, matches)), people_(find_people(pack, message, texts, envelope, matches)) {}

  Findings run() {
    collect();
    resolve_overlaps();
    drop_duplicates();
    keep_company();
    name_persons();
    add_reader();
    attach_identifiers();
    link_health();
    return conclude();
  }

 private:
  [[nodiscard]] const Match& of(const Item& item) const { return matches_[item.match]; }
  [[nodiscard]] const text::Text& text_of(const Match& match) const { return texts_[match.text]; }
  [[nodiscard]] double weight(std::string_view name, double otherwise) const { return pack_.weight(name, otherwise); }
  void step(std::string what) {
    if (message_.explain && out_.steps.size() < 500) out_.steps.push_back({std::move(what)});
  }

  // Every match outside context rules becomes an item with the weight of its place.
  void collect() {
    for (const auto& text : texts_) {
      const bool body = text.part.kind == PartRef::Kind::body_html || text.part.kind == PartRef::Kind::body_text;
      if (body) length_ = std::max(length_, text.norm.size());
    }
    for (std::uint32_t i = 0; i < matches_.size(); ++i) {
      const auto& match = matches_[i];
      if (match.kind == Kind::context) continue;
      const auto& text = text_of(match);
      const auto& zone = text.zone_at(match.value.begin);
      if (pack_.rules[match.rule].id == "us.name.file" && !is_attachment_name(text)) continue;
      Item item;
      item.match = i;
      item.p = match.p;
      if (match.labelled) item.reasons.push_back("label_adjacent");
      if (match.record != 0) item.reasons.push_back("structured");
      if (text.part.kind == PartRef::Kind::subject) {
        item.p = std::min(item.p * weight("zone.subject", 1.3), 0.97);
        item.reasons.push_back("subject");
      }
      if (zone.kind == ZoneKind::footer) item.suppressed = "footer";
      else if (zone.kind == ZoneKind::signature) item.suppressed = "signature";
      else if (zone.kind == ZoneKind::header) item.suppressed = "thread";
      else if (match.kind == Kind::provider) item.suppressed = "provider";
      else if (zone.kind == ZoneKind::quote) item.p *= weight("zone.quote", 0.95);
      if (match.sample && match.label != Label::name) {
        item.suppressed = "sample";
      } else if (match.sample) {
        item.p *= weight("sample.name", 0.8);
        item.reasons.push_back("placeholder_name");
      }
      if (match.kind == Kind::identity && match.label == Label::email && is_known_address(match.value.of(text.norm))) item.suppressed = "staff";
      if (match.kind == Kind::identity && match.label == Label::phone && is_own_phone(match.value.of(text.norm))) item.suppressed = "staff";
      if (match.label == Label::name) {
        const auto who = people_.of_match[i];
        item.somebody = who < 0 ? nobody : static_cast<std::uint32_t>(who);
        if (who >= 0 && item.suppressed.empty()) {
          const auto& somebody = people_.all[item.somebody];
          if (somebody.provider) item.suppressed = "provider";
          else if (somebody.staff) item.suppressed = "staff";
        }
      }
      items_.push_back(std::move(item));
    }
  }

  [[nodiscard]] bool is_known_address(std::string_view address) const {
    const std::string folded = text::fold(address);
    const auto domain = folded.substr(std::min(folded.find('@'), folded.size()));
    const std::string own = text::fold(message_.from.address);
    if (own.find('@') != std::string::npos && own.substr(own.find('@')) == domain) return true;
    return std::any_of(message_.recipients.begin(), message_.recipients.end(), [&](const auto& to) { return text::fold(to.address.address) == folded; });
  }

  [[nodiscard]] bool is_own_phone(std::string_view phone) const {
    std::string digits;
    for (const char c : phone) {
      if (c >= '0' && c <= '9') digits.push_back(c);
    }
    if (digits.size() == 11 && digits[0] == '1') digits.erase(0, 1);
    return std::find(policy_.organisation.phones.begin(), policy_.organisation.phones.end(), digits) != policy_.organisation.phones.end();
  }

  // Two readings of the same characters: a provider's beats a person's, a label beats none, the longer beats the shorter.
  void resolve_overlaps() {
    const auto side = [&](const Item& item) { return of(item).kind == Kind::health ? 1 : of(item).kind == Kind::structure ? 2 : 0; };
    const auto rank = [&](const Item& item) {
      const auto& match = of(item);
      return std::tuple(match.kind == Kind::provider ? 1 : 0, match.record != 0 ? 1 : 0, match.labelled && match.kind != Kind::health ? 1 : 0, match.kind == Kind::health ? 0U : match.value.size(), match.p, match.value.size());
    };
    std::vector<std::pair<std::uint64_t, std::uint32_t>> places;  // text, side and offset in one number; item
    places.reserve(items_.size());
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      const auto& match = of(items_[i]);
      places.emplace_back(std::uint64_t{match.text} << 34U | static_cast<std::uint64_t>(side(items_[i])) << 32U | match.value.begin, i);
    }
    std::sort(places.begin(), places.end());
    std::vector<std::uint32_t> order;
    order.reserve(places.size());
    for (const auto& [key, item] : places) order.push_back(item);
    std::vector<bool> gone(items_.size(), false);
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (gone[order[i]]) continue;
      for (std::size_t j = i + 1; j < order.size(); ++j) {
        const Item& a = items_[order[i]];
        const Item& b = items_[order[j]];
        if (of(a).text != of(b).text || side(a) != side(b) || side(a) == 2) break;
        if (of(b).value.begin >= of(a).value.end) break;
        if (gone[order[j]]) continue;
        if (rank(a) >= rank(b)) {
          gone[order[j]] = true;
        } else {
          gone[order[i]] = true;
          break;
        }
      }
    }
    // "Michael Parkinson" is no diagnosis.
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Item& a = items_[i];
      if (gone[i] || of(a).kind != Kind::identity || of(a).label != Label::name) continue;
      for (std::size_t j = i; j-- > 0 && of(items_[j]).text == of(a).text && of(items_[j]).value.end > of(a).value.begin;) {
        if (of(items_[j]).kind == Kind::health && of(a).value.contains(of(items_[j]).value)) gone[j] = true;
      }
      for (std::size_t j = i + 1; j < items_.size() && of(items_[j]).text == of(a).text && of(items_[j]).value.begin < of(a).value.end; ++j) {
        if (of(items_[j]).kind == Kind::health && of(a).value.contains(of(items_[j]).value)) gone[j] = true;
      }
    }
    std::vector<Item> kept;
    kept.reserve(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!gone[i]) kept.push_back(std::move(items_[i]));
    }
    items_ = std::move(kept);
  }

  // Both body forms say the same: evidence counts once, in the HTML form.
  void drop_duplicates() {
    if (!message_.body_html || !message_.body_text) return;
    std::vector<std::pair<Label, std::string>> seen;
    for (const auto& item : items_) {
      const auto& match = of(item);
      if (text_of(match).part.kind == PartRef::Kind::body_html && item.suppressed.empty()) seen.emplace_back(match.label, text::fold(match.value.of(text_of(match).norm)));
    }
    std::sort(seen.begin(), seen.end());
    for (auto& item : items_) {
      const auto& match = of(item);
      if (text_of(match).part.kind != PartRef::Kind::body_text || !item.suppressed.empty()) continue;
      if (std::binary_search(seen.begin(), seen.end(), std::pair(match.label, text::fold(match.value.of(text_of(match).norm))))) item.suppressed = "duplicate";
    }
  }

  // Weak health words count only beside something better; general words in education, newsletters or sample mail hardly count.
  void keep_company() {
    int strong = 0;
    std::set<std::string> weak_words;
    for (const auto& item : items_) {
      if (of(item).kind != Kind::health || !item.suppressed.empty()) continue;
      if (pack_.rules[of(item).rule].needs_company) weak_words.insert(text::fold(of(item).value.of(text_of(of(item)).norm)));
      else ++strong;
    }
    for (const auto& item : items_) {
      const Label label = of(item).label;
      if (item.suppressed.empty() && (label == Label::mrn || label == Label::encounter || label == Label::accession || label == Label::mbi || label == Label::prescription ||
                                      (cues_.hr == 0 && (label == Label::ssn || label == Label::ssn_last4 || label == Label::medicaid_id)))) clinical_number_ = true;
    }
    const bool company = strong > 0 || weak_words.size() >= 4 || cues_.about_a_case() > 0 || cues_.patient > 0 || cues_.from_care || clinical_number_;
    for (auto& item : items_) {
      if (of(item).kind != Kind::health || !item.suppressed.empty()) continue;
      if (!company && pack_.rules[of(item).rule].needs_company) item.suppressed = "alone";
    }
  }

  // General text - but not when somebody's numbers or a patient's name stand in it.
  [[nodiscard]] bool is_general() const {
    if (!cues_.is_education()) return false;
    return std::none_of(items_.begin(), items_.end(), [&](const Item& item) {
      if (!item.suppressed.empty() || of(item).kind != Kind::identity) return false;
      switch (of(item).label) {
        case Label::mrn: case Label::encounter: case Label::mbi: case Label::claim: case Label::accession: case Label::ssn: return item.p >= 0.4;
        case Label::member_id: return item.p >= 0.4 && cues_.care;
        case Label::date_of_birth: return item.p >= 0.4;
        default: return false;
      }
    });
  }

  // Patients: everybody named who is not staff, provider or just greeted.
  void name_persons() {
    std::vector<std::uint32_t> person_of(people_.all.size(), nobody);
    for (auto& item : items_) {
      if (of(item).label != Label::name || of(item).kind != Kind::identity || !item.suppressed.empty() || item.somebody == nobody) continue;
      auto& person = person_of[item.somebody];
      if (person == nobody) {
        const auto& who = people_.all[item.somebody];
        person = static_cast<std::uint32_t>(out_.persons.size());
        Person fresh;
        for (const auto& word : who.words) fresh.name_key += (fresh.name_key.empty() ? "" : " ") + word;
        fresh.given = who.given();
        fresh.surname = who.surname();
        out_.persons.push_back(std::move(fresh));
        addressee_.push_back((who.greeted && who.only_greeted) && !who.patient_label);
        labelled_.push_back(who.patient_label);
        correspondent_.push_back((who.recipient || who.greeted) && !who.patient_label);
      }
      item.person = person;
    }
  }

  std::uint32_t anonymous(std::uint32_t record) {
    const auto at = anonymous_.find(record);
    if (at != anonymous_.end()) return at->second;
    const auto person = static_cast<std::uint32_t>(out_.persons.size());
    out_.persons.emplace_back();
    addressee_.push_back(false);
    labelled_.push_back(false);
    correspondent_.push_back(false);
    anonymous_[record] = person;
    return person;
  }

  // Numbers, dates and addresses go to the nearest named person, else to the only one, else to somebody unnamed.
  void attach_identifiers() {
    std::map<std::uint32_t, std::uint32_t> by_record;
    for (const auto& item : items_) {
      if (item.person != nobody && of(item).record != 0) by_record.emplace(of(item).record, item.person);
    }
    // The named persons written about, in the order of each text.
    std::map<std::uint32_t, std::vector<std::uint32_t>> named;
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      const auto person = items_[i].person;
      if (person != nobody && (!addressee_[person] || person == reader_)) named[of(items_[i]).text].push_back(i);
    }
    const bool only_one = named_candidates() == 1;
    for (auto& item : items_) {
      const auto& match = of(item);
      if (match.kind != Kind::identity || match.label == Label::name || !item.suppressed.empty()) continue;
      if (match.record != 0) {
        const auto at = by_record.find(match.record);
        item.person = at != by_record.end() ? at->second : anonymous(match.record);
        continue;
      }
      double best = 0.0;
      std::uint32_t best_gap = UINT32_MAX;
      const auto consider = [&](std::uint32_t id) {
        const auto& name = of(items_[id]);
        const double near = link(texts_, match, name);
        // What stands behind a name is rather its than what stands before.
        const std::uint32_t gap = name.text != match.text ? 100'000 : match.value.begin >= name.value.end ? match.value.begin - name.value.end : (name.value.begin - std::min(name.value.begin, match.value.end)) * 2;
        if (near > best || (near == best && gap < best_gap)) {
          best = near;
          best_gap = gap;
          item.person = items_[id].person;
        }
      };
      for (const auto& [text, ids] : named) {
        if (text != match.text) {
          consider(ids.front());
          continue;
        }
        const auto behind = std::lower_bound(ids.begin(), ids.end(), match.value.begin, [&](std::uint32_t id, std::uint32_t at) { return of(items_[id]).value.begin < at; });
        if (behind != ids.begin()) consider(*(behind - 1));
        if (behind != ids.end()) consider(*behind);
      }
      if (item.person == nobody || (best < 0.8 && !only_one)) item.person = anonymous(0);
    }
  }

  // The mail speaks to a patient and goes to a private address: the address names the person.
  void add_reader() {
    for (const auto& match : matches_) {
      if (match.kind != Kind::context || pack_.rules[match.rule].cue != "second_person") continue;
      const auto& zone = text_of(match).zone_at(match.value.begin);
      if (zone.depth == 0 && zone.kind == ZoneKind::fresh) out_.speaks_to_reader = true;
    }
    bool consumer = false;
    for (const auto& recipient : envelope_.recipients) {
      consumer = consumer || recipient.type == RecipientClass::consumer;
      private_address_ = private_address_ || consumer || recipient.type == RecipientClass::unknown;
    }
    // A place of care that writes to one private address about medicines or results writes to its patient.
    const bool greeted = std::find(correspondent_.begin(), correspondent_.end(), true) != correspondent_.end();
    const bool to_one = envelope_.recipients.size() == 1 && cues_.newsletter + cues_.marketing + cues_.education == 0 &&
                        ((consumer && (cues_.care || greeted)) || (private_address_ && cues_.from_care && greeted)) && has_specific_health();
    if (!out_.speaks_to_reader && to_one) out_.speaks_to_reader = true;
    if (!out_.speaks_to_reader || is_general() || !private_address_) return;
    // A greeted person is the reader; otherwise the envelope alone names somebody.
    for (std::uint32_t i = 0; i < out_.persons.size(); ++i) {
      if (correspondent_[i]) {
        reader_ = i;
        break;
      }
    }
    bool named_recipient = false;
    for (const auto& recipient : message_.recipients) named_recipient = named_recipient || text::fold(recipient.address.name).find(' ') != std::string::npos;
    if (reader_ == nobody && !consumer && !named_recipient) return;
    if (reader_ == nobody && out_.persons.size() == 1 && !labelled_[0]) reader_ = 0;
    if (reader_ == nobody) {
      reader_ = static_cast<std::uint32_t>(out_.persons.size());
      out_.persons.emplace_back();
      addressee_.push_back(true);
      labelled_.push_back(false);
      correspondent_.push_back(true);
      out_.persons.back().from_envelope = true;
    }
    out_.persons[reader_].identity = consumer ? weight("identity.reader", 0.7) : (named_recipient || (greeted && cues_.education == 0)) && (cues_.second_person >= 2 || cues_.from_care) ? weight("identity.reader_named", 0.62) : weight("identity.reader_unknown", 0.5);
    step("reader: the mail speaks to a patient at a private address, identity " + hundredths(out_.persons[reader_].identity));
  }

  // Medicines with doses, results, diagnoses: not the words of an invitation.
  [[nodiscard]] bool has_specific_health() const {
    double sum = 0.0;
    for (const auto& item : items_) {
      const auto& match = of(item);
      if (match.kind != Kind::health || !item.suppressed.empty() || text_of(match).zone_at(match.value.begin).depth != 0) continue;
      if (match.label == Label::medication || match.label == Label::lab || match.label == Label::diagnosis || match.label == Label::vital || match.label == Label::procedure) sum = noisy_or(sum, item.p);
    }
    return sum >= 0.5;
  }

  void link_health() {
    // Health evidence with the k-th value of one rule worth 1/k.
    std::map<std::uint32_t, int> nth;
    std::vector<std::pair<std::uint32_t, double>> health;
    std::unordered_set<std::string> values;  // folded, and their rule
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      auto& item = items_[i];
      const auto& match = of(item);
      if ((match.kind != Kind::health && match.kind != Kind::structure) || !item.suppressed.empty()) continue;
      if (!values.insert(text::fold(match.value.of(text_of(match).norm)) + '\0' + std::to_string(match.rule)).second && match.record == 0) continue;
      double p = item.p;
      if (match.record == 0) p /= std::sqrt(static_cast<double>(++nth[match.rule]));
      // Deductibles, claims and appointments are everybody's until a place of care speaks.
      if (!cues_.care && cues_.about_a_case() == 0 && (match.label == Label::billing || match.label == Label::insurance || match.label == Label::appointment)) p *= weight("health.billing_outside_care", 0.6);
      if (cues_.is_about_animals()) {
        item.suppressed = "veterinary";
        continue;
      }
      if (is_general() && match.kind == Kind::health && match.label != Label::lab && match.p < 0.8F) {
        general_ = noisy_or(general_, p);
        item.suppressed = "education";
        p *= weight("education", 0.2);
        if (!any_labelled_person()) continue;
        item.suppressed = {};
      }
      general_ = noisy_or(general_, p);
      health.emplace_back(i, p);
    }
    // Sentences about "her" and "the patient" are evidence in company.
    if (cues_.narrative > 0 && !health.empty()) narrative_ = std::min(0.6, 0.2 + 0.1 * cues_.narrative);
    if (cues_.narrative > 0 && !is_general()) general_ = noisy_or(general_, narrative_);
    const double made_up = cues_.is_made_up() ? weight("made_up", 0.28) : 1.0;

    std::vector<std::vector<const Item*>> places(out_.persons.size());
    for (const auto& item : items_) {
      if (item.person != nobody && item.suppressed.empty()) places[item.person].push_back(&item);
    }
    for (const auto& [index, p] : health) strongest_ = std::max(strongest_, p);
    named_ = named_candidates();
    candidates_ = candidates();
    for (std::uint32_t person = 0; person < out_.persons.size(); ++person) weigh_person(person, places[person], health, made_up);
  }

  [[nodiscard]] bool any_labelled_person() const { return std::find(labelled_.begin(), labelled_.end(), true) != labelled_.end(); }

  using Health = std::vector<std::pair<std::uint32_t, double>>;  // item, weight; in the order of the mail

  // The facts that may be about a person who is mentioned at these places: all near ones, and all in texts without a mention.
  [[nodiscard]] Health facts_near(const Mentions& mentions, const Health& health) const {
    const auto around = mentions.surroundings();
    Health near;
    for (auto fact = health.begin(); fact != health.end();) {
      const std::uint32_t text = of(items_[fact->first]).text;
      const auto next = std::find_if(fact, health.end(), [&](const auto& other) { return of(items_[other.first]).text != text; });
      const auto spans = around.find(text);
      if (spans == around.end() || is_attachment_name(texts_[text])) {
        near.insert(near.end(), fact, next);
      } else {
        for (const Span span : spans->second) {
          const auto first = std::lower_bound(fact, next, span.begin, [&](const auto& other, std::uint32_t at) { return of(items_[other.first]).value.end < at; });
          for (auto other = first; other != next && of(items_[other->first]).value.begin <= span.end; ++other) near.push_back(*other);
        }
      }
      fact = next;
    }
    return near;
  }

  void weigh_person(std::uint32_t id, const std::vector<const Item*>& mine, const Health& health, double made_up) {
    auto& person = out_.persons[id];
    // Identity: the best name, and each further kind of identifier.
    double name = 0.0;
    std::map<Label, double> others;
    std::uint32_t record = 0;
    bool in_subject = false;
    for (const auto* item : mine) {
      const auto& match = of(*item);
      record = std::max(record, match.record);
      if (match.label == Label::name) {
        name = std::max(name, item->p);
        in_subject = in_subject || text_of(match).part.kind == PartRef::Kind::subject;
      } else {
        others[match.label] = std::max(others[match.label], item->p);
      }
    }
    double identity = noisy_or(person.identity, name);
    for (const auto& [label, p] : others) identity = noisy_or(identity, p);

    // Health linked to this person.
    const bool alone = person.name_key.empty() ? candidates_ == 1 : named_ == 1;
    Mentions mentions(texts_);
    for (const auto* item : mine) mentions.add(of(*item));
    double h = 0.0;
    double l = 0.0;
    double close = 0.0;     // strongest evidence near a mention
    double soft = 0.0;         // words that need company
    double strong_near = 0.0;  // the strongest single fact near a mention
    for (const auto& [index, p] : alone || id == reader_ ? health : facts_near(mentions, health)) {
      const auto& match = of(items_[index]);
      if (match.record != 0 && record != 0 && match.record != record && match.kind != Kind::structure) continue;
      double best = mentions.best(match);
      if (match.kind == Kind::structure && record != 0 && match.record <= record) best = std::max(best, 0.95);
      if (id == reader_) best = std::max(best, weight("link.reader", 0.8));
      if (alone) best = std::max(best, weight("link.only_person", 0.72));
      // In a clinic's mail a fact in the same breath as a name is about that person.
      double worth = p;
      if (cues_.from_care && best >= 0.85 && cues_.hr == 0 && !is_general() && match.kind == Kind::health) worth = std::min(0.95, p * weight("health.from_care", 1.6));
      worth *= best >= 0.5 ? 1.0 : 0.3;
      // Words that need company add up to little, however many there are.
      if (match.kind == Kind::health && (pack_.rules[match.rule].needs_company || (match.label == Label::document && !is_attachment_name(text_of(match))))) soft = noisy_or(soft, worth);
      else h = noisy_or(h, worth);
      if (p >= 0.2 || match.kind == Kind::structure) l = std::max(l, best);
      else l = std::max(l, best * 0.8);
      if (best >= 0.85) {
        close = noisy_or(close, worth);
        strong_near = std::max(strong_near, p);
      }
    }
    h = noisy_or(h, std::min(soft, cues_.from_care || clinical_number_ || id == reader_ || cues_.about_a_case() > 0 ? weight("health.soft_in_care", 0.6) : weight("health.soft", 0.35)));
    if (h > 0.0) h = noisy_or(h, narrative_);
    // In a clinic's mail the relation itself is health information (contract §3).
    const bool clinic = policy_.organisation.kind == rules::OrganisationKind::clinic || policy_.organisation.kind == rules::OrganisationKind::hospital;
    if (clinic && (labelled_[id] || others.contains(Label::mrn) || others.contains(Label::date_of_birth))) {
      h = noisy_or(h, weight("health.relation", 0.5));
      l = std::max(l, 0.8);
    }
    // A name with a birth date where patients are spoken of is a patient's demographics (phi.md §1).
    if (others.contains(Label::date_of_birth) && name > 0.0 && cues_.patient > 0) {
      h = noisy_or(h, weight("health.demographics", 0.5));
      l = std::max(l, 0.8);
    }
    if (others.contains(Label::date_of_birth) && name > 0.0 && cues_.from_care && cues_.hr == 0 && !is_general() && !cues_.is_about_animals()) {
      h = noisy_or(h, weight("health.demographics_in_care", 0.25));
      l = std::max(l, 0.8);
    }
    // A chart number, a birth date beside a name or a patient label is itself a sign of care.
    if (labelled_[id] && cues_.care) l = std::max(l, 0.8);
    if (labelled_[id] && cues_.care) h = noisy_or(h, weight("health.patient_label", 0.5));
    if (others.contains(Label::mrn) || others.contains(Label::encounter) || others.contains(Label::accession) || others.contains(Label::mbi)) {
      h = noisy_or(h, weight("health.chart_number", 0.5));
      l = std::max(l, 0.8);
    }
    // A plain name gains when it stands with clinical facts.
    const bool case_like = cues_.narrative + cues_.relation + cues_.second_person > 0 || strongest_ >= 0.55;
    const bool strong_case = (case_like && h >= weight("identity.strong_case", 0.65)) || (h >= weight("identity.many_facts", 0.8) && cues_.education + cues_.newsletter == 0 && length_ < 2000);
    double raise = 0.0;
    if (addressee_[id] && id != reader_) {
      // Greeted only: the patient when nobody else could be, the words are a case, and the mail goes to a private-looking address.
      if (strong_case && named_ == 0 && person.name_key.find(' ') != std::string::npos && private_address_) raise = 0.4;
      else identity = std::min(identity, 0.45);
    } else if (name >= 0.25) {
      const bool near = l >= 0.78 || in_subject || alone;
      const bool about = !correspondent_[id] || private_address_;
      if (strong_case && near && about) raise = 0.45;
      else if (close >= 0.5 && cues_.care && about) raise = 0.4;
      else if (close >= 0.3 && cues_.care && about) raise = 0.3;
      else if (close >= 0.65 && about && !is_general()) raise = 0.3;
      else if (close >= 0.55 && (case_like || strong_near >= 0.5) && about && !is_general()) raise = 0.3;
      // A crowd of names is news or a list, unless a place of care writes.
      if (named_ > 6 && !cues_.from_care && cues_.patient == 0 && !labelled_[id]) raise = 0.0;
    }
    // Over 89 with a place: a Safe Harbor identifier that few people share (45 CFR 164.514(b)(2)(i)(B), (C)).
    if (others.contains(Label::age_over_89) && (others.contains(Label::city) || others.contains(Label::address) || others.contains(Label::zip))) identity = std::max(identity, 0.65);
    // An e-mail or street address of somebody outside points to one person, too.
    if (raise == 0.0 && strong_case && cues_.care && alone && l >= 0.78 && name < 0.3 &&
        ((others.contains(Label::email) && others.at(Label::email) >= 0.1) || (others.contains(Label::address) && others.at(Label::address) >= 0.1))) raise = 0.55;
    if (raise > 0.0) identity = noisy_or(identity, raise);
    if (name > 0.0 && !others.empty() && identity >= weight("gate.identity_pair", 0.43)) two_kinds_ = true;
    person.identity = identity;
    person.health = h;
    person.link = l * (made_up < 1.0 && others.size() >= 1 && name > 0.0 ? std::sqrt(made_up) : made_up);
    person.in_new_text = std::any_of(mine.begin(), mine.end(), [&](const Item* item) { return text_of(of(*item)).zone_at(of(*item).value.begin).depth == 0; });
    step("person " + std::to_string(id) + ": identity " + hundredths(identity) + ", health " + hundredths(h) + ", link " + hundredths(person.link));
  }

  // Named persons who could be the patient.
  [[nodiscard]] int named_candidates() const {
    int count = 0;
    for (std::uint32_t i = 0; i < out_.persons.size(); ++i) count += out_.persons[i].name_key.empty() || (addressee_[i] && i != reader_) ? 0 : 1;
    return count;
  }

  // Persons who could be the patient.
  [[nodiscard]] int candidates() const {
    int count = 0;
    for (std::uint32_t i = 0; i < out_.persons.size(); ++i) count += addressee_[i] && i != reader_ ? 0 : 1;
    return count;
  }

  Findings conclude() {
    const double gate_i = weight("gate.identity", 0.6);
    const double gate_h = weight("gate.health", 0.5);
    const double gate_l = weight("gate.link", 0.5);
    std::vector<bool> is_patient(out_.persons.size(), false);
    double phi = 0.0;
    double identified = 0.0;
    for (std::uint32_t i = 0; i < out_.persons.size(); ++i) {
      const auto& person = out_.persons[i];
      identified = std::max(identified, person.identity);
      // Where somebody is surely identified, one plain fact is enough.
      const double sure = std::max(0.0, person.identity - gate_i);
      const double enough = std::max(weight("gate.health_least", 0.32), gate_h - sure * weight("gate.health_slope", 1.0));
      if (person.identity >= gate_i && person.health >= enough && person.link >= gate_l) {
        is_patient[i] = true;
        phi = std::max(phi, std::cbrt(person.identity * person.health * person.link));
      }
    }
    step("cues: patient " + std::to_string(cues_.patient) + " setting " + std::to_string(cues_.setting) + " second_person " + std::to_string(cues_.second_person) +
         " narrative " + std::to_string(cues_.narrative) + " relation " + std::to_string(cues_.relation) + " education " + std::to_string(cues_.education) +
         " newsletter " + std::to_string(cues_.newsletter) + " marketing " + std::to_string(cues_.marketing) + " codes " + std::to_string(cues_.codes) +
         " blank_form " + std::to_string(cues_.blank_form) + " hr " + std::to_string(cues_.hr) + " animals " + std::to_string(cues_.veterinary) + " sample " + std::to_string(cues_.sample + cues_.deidentified) + (cues_.care ? " care" : ""));
    bool strong_id = false;
    for (const auto& item : items_) {
      if (item.suppressed.empty() && of(item).kind == Kind::identity && is_strong_identifier(of(item).label) && item.p >= 0.5) strong_id = true;
    }
    const double alone = two_kinds_ ? weight("gate.identity_pair", 0.43) : weight("gate.identity_alone", 0.5);
    if (phi > 0.0) {
      out_.content = Content::phi;
      out_.confidence = phi;
    } else if ((identified >= alone && !cues_.is_about_animals()) || strong_id) {
      out_.content = Content::identity;
      out_.confidence = std::max(identified, strong_id ? 0.8 : 0.0);
    } else if (general_ >= gate_h) {
      out_.content = Content::health;
      out_.confidence = general_;
    }

    // Number the patients that are left, and hand out the findings.
    std::vector<std::uint32_t> number(out_.persons.size(), nobody);
    std::vector<Person> kept;
    for (std::uint32_t i = 0; i < out_.persons.size(); ++i) {
      const bool keep = out_.content == Content::phi ? is_patient[i] : out_.persons[i].identity >= alone;
      if (!keep) continue;
      number[i] = static_cast<std::uint32_t>(kept.size());
      kept.push_back(out_.persons[i]);
    }
    for (const auto& item : items_) {
      const auto& match = of(item);
      const auto& zone = text_of(match).zone_at(match.value.begin);
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
      const bool health = (match.kind == Kind::health || match.kind == Kind::structure) && (out_.content == Content::phi || out_.content == Content::health);
      finding.counted = item.suppressed.empty() && (identity || health || (match.kind == Kind::identity && is_strong_identifier(match.label) && out_.content != Content::none));
      if (!finding.counted && finding.suppressed_by.empty()) finding.suppressed_by = match.kind == Kind::identity ? "no_link" : "no_person";
      if (match.kind == Kind::structure) finding.counted = out_.content == Content::phi;
      out_.findings.push_back(std::move(finding));
    }
    out_.persons = std::move(kept);
    for (const auto& somebody : people_.all) out_.staff += somebody.staff || somebody.provider ? 1 : 0;
    std::set<std::string> providers;
    for (const auto& match : matches_) {
      if (match.label == Label::provider_name && match.kind == Kind::provider) providers.insert(text::fold(match.value.of(text_of(match).norm)));
    }
    out_.staff = std::max(out_.staff, static_cast<std::uint32_t>(providers.size()));
    if (!people_.greeting.empty()) out_.greeting = people_.greeting;
    out_.only_in_quote = out_.content == Content::phi && !out_.persons.empty() &&
                         std::none_of(out_.persons.begin(), out_.persons.end(), [](const Person& person) { return person.in_new_text || person.from_envelope; });
    grade(out_);
    return std::move(out_);
  }

  const rules::Pack& pack_;
  const rules::Policy& policy_;
  const message::Message& message_;
  const std::vector<text::Text>& texts_;
  const recipients::Envelope& envelope_;
  const std::vector<Match>& matches_;
  const Cues cues_;
  const People people_;
  std::vector<Item> items_;
  std::vector<bool> addressee_;      // per person: greeted and nowhere else
  std::vector<bool> correspondent_;  // per person: greeted, or a recipient
  std::vector<bool> labelled_;    // per person
  std::map<std::uint32_t, std::uint32_t> anonymous_;  // record -> person
  std::uint32_t reader_ = nobody;
  bool private_address_ = false;  // somebody gets the mail at a consumer's or an unknown address
  double narrative_ = 0.0;
  bool clinical_number_ = false;  // a chart, prescription or Social Security number stands somewhere
  bool two_kinds_ = false;        // somebody's name stands with another identifier
  std::size_t length_ = 0;        // of the body
  double strongest_ = 0.0;        // health evidence, whoever it is about
  int named_ = 0;                 // named persons who could be the patient
  int candidates_ = 0;            // all who could
  double general_ = 0.0;          // all health text, whoever it is about
  Findings out_;
};

}  // namespace

Findings weigh(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts,
               const recipients::Envelope& envelope, const std::vector<Match>& matches) {
  return Weigher(pack, policy, message, texts, envelope, matches).run();
}

}  // namespace phiscan::score

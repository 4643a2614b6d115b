#include "score/weighing.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "score/links.hpp"
#include "score/words.hpp"

namespace phiscan::score {
namespace {

using detect::Match;
using message::PartRef;
using text::ZoneKind;

// Addresses that the mail goes to, and those of the sender's house.
class KnownAddresses {
 public:
  explicit KnownAddresses(const message::Message& message) : own_(text::fold(message.from.address)) {
    own_.erase(0, std::min(own_.find('@'), own_.size()));
    for (const auto& to : message.recipients) recipients_.push_back(text::fold(to.address.address));
    std::sort(recipients_.begin(), recipients_.end());
  }
  [[nodiscard]] bool has(std::string_view folded) const {
    const auto domain = folded.substr(std::min(folded.find('@'), folded.size()));
    return (!own_.empty() && domain == own_) || std::binary_search(recipients_.begin(), recipients_.end(), folded);
  }

 private:
  std::string own_;  // "@clinic.example"
  std::vector<std::string> recipients_;
};

bool is_own_phone(const Weighing& w, std::string_view phone) {
  std::string digits;
  for (const char c : phone) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  if (digits.size() == 11 && digits[0] == '1') digits.erase(0, 1);
  return std::find(w.policy.organisation.phones.begin(), w.policy.organisation.phones.end(), digits) != w.policy.organisation.phones.end();
}

}  // namespace

// Every match outside context rules becomes an item with the weight of its place.
void collect_items(Weighing& w) {
  for (const auto& text : w.texts) {
    if (!is_body(text)) continue;
    std::size_t length = text.norm.size();
    for (const auto& zone : text.zones) length -= zone.kind == ZoneKind::footer ? zone.range.size() : 0;
    w.length = std::max(w.length, length);
  }
  const KnownAddresses known(w.message);
  w.items.reserve(w.matches.size());
  for (std::uint32_t i = 0; i < w.matches.size(); ++i) {
    const auto& match = w.matches[i];
    if (match.kind == Kind::context) continue;
    const auto& text = w.text_of(match);
    const auto& zone = w.reading.zone(i);
    if (match.label == Label::name && !is_attachment_name(text) && w.naming_of(match) == Naming::file) continue;
    Item item;
    item.match = i;
    item.p = match.p;
    if (match.labelled) item.reasons.add(Reason::label_adjacent);
    if (match.record != 0) item.reasons.add(Reason::structured);
    if (text.part.kind == PartRef::Kind::subject) {
      item.p = std::min(item.p * w.weights.zone_subject, 0.97);
      item.reasons.add(Reason::subject);
    }
    if (zone.kind == ZoneKind::footer) item.suppressed = "footer";
    else if (zone.kind == ZoneKind::signature) item.suppressed = "signature";
    else if (zone.kind == ZoneKind::header) item.suppressed = "thread";
    else if (match.kind == Kind::provider) item.suppressed = "provider";
    else if (zone.kind == ZoneKind::quote) item.p *= w.weights.zone_quote;
    if (match.sample && match.label != Label::name) {
      item.suppressed = "sample";
    } else if (match.sample) {
      item.p *= w.weights.sample_name;
      item.reasons.add(Reason::placeholder_name);
    }
    if (match.kind == Kind::identity && match.label == Label::email && known.has(w.reading.value(match))) item.suppressed = "staff";
    if (match.kind == Kind::identity && match.label == Label::phone && is_own_phone(w, match.value.of(text.norm))) item.suppressed = "staff";
    if (match.label == Label::name) {
      const auto who = w.people.of_match[i];
      item.somebody = who < 0 ? nobody : static_cast<std::uint32_t>(who);
      if (who >= 0 && item.suppressed.empty()) {
        const auto& somebody = w.people.all[item.somebody];
        if (somebody.provider) item.suppressed = "provider";
        else if (somebody.staff) item.suppressed = "staff";
      }
    }
    w.items.push_back(item);
  }
}

// Two readings of the same characters: a provider's beats a person's, a label beats none, the longer beats the shorter.
void resolve_overlaps(Weighing& w) {
  const auto rank = [&](const Item& item) {
    const auto& match = w.of(item);
    return std::tuple(match.kind == Kind::provider ? 1 : 0, match.record != 0 ? 1 : 0, match.labelled && match.kind != Kind::health ? 1 : 0, match.kind == Kind::health ? 0U : match.value.size(), match.p, match.value.size());
  };
  std::vector<char> gone(w.items.size(), 0);
  std::vector<std::uint32_t> side;
  side.reserve(w.items.size());
  for (const bool health : {false, true}) {  // health text may well stand in an identifier's
    side.clear();
    for (std::uint32_t i = 0; i < w.items.size(); ++i) {
      if (w.of(w.items[i]).kind != Kind::structure && (w.of(w.items[i]).kind == Kind::health) == health) side.push_back(i);
    }
    for (std::size_t i = 0; i < side.size(); ++i) {
      const Item& a = w.items[side[i]];
      for (std::size_t j = i + 1; j < side.size() && gone[side[i]] == 0; ++j) {
        const Item& b = w.items[side[j]];
        if (w.of(a).text != w.of(b).text || w.of(b).value.begin >= w.of(a).value.end) break;
        if (gone[side[j]] == 0) gone[rank(a) >= rank(b) ? side[j] : side[i]] = 1;
      }
    }
  }
  // "Michael Parkinson" is no diagnosis.
  for (std::size_t i = 0; i < w.items.size(); ++i) {
    const Item& a = w.items[i];
    if (gone[i] != 0 || w.of(a).kind != Kind::identity || w.of(a).label != Label::name) continue;
    for (std::size_t j = i; j-- > 0 && w.of(w.items[j]).text == w.of(a).text && w.of(w.items[j]).value.end > w.of(a).value.begin;) {
      if (w.of(w.items[j]).kind == Kind::health && w.of(a).value.contains(w.of(w.items[j]).value)) gone[j] = 1;
    }
    for (std::size_t j = i + 1; j < w.items.size() && w.of(w.items[j]).text == w.of(a).text && w.of(w.items[j]).value.begin < w.of(a).value.end; ++j) {
      if (w.of(w.items[j]).kind == Kind::health && w.of(a).value.contains(w.of(w.items[j]).value)) gone[j] = 1;
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < w.items.size(); ++i) {
    if (gone[i] == 0) w.items[kept++] = w.items[i];
  }
  w.items.resize(kept);
}

// Both body forms say the same: evidence counts once, in the HTML form.
void drop_duplicates(Weighing& w) {
  if (!w.message.body_html || !w.message.body_text) return;
  std::vector<std::pair<Label, std::string_view>> seen;
  for (const auto& item : w.items) {
    const auto& match = w.of(item);
    if (w.text_of(match).part.kind == PartRef::Kind::body_html && item.suppressed.empty()) seen.emplace_back(match.label, w.reading.value(match));
  }
  std::sort(seen.begin(), seen.end());
  for (auto& item : w.items) {
    const auto& match = w.of(item);
    if (w.text_of(match).part.kind != PartRef::Kind::body_text || !item.suppressed.empty()) continue;
    if (std::binary_search(seen.begin(), seen.end(), std::pair(match.label, w.reading.value(match)))) item.suppressed = "duplicate";
  }
}

// Weak health words count only beside something better; general words in education, newsletters or sample mail hardly count.
void keep_company(Weighing& w) {
  int strong = 0;
  Words weak_words;
  bool visit = false;      // "your appointment", "moved to 6 am"
  bool revealing = false;  // "oncology", "dialysis"
  for (const auto& item : w.items) {
    if (w.of(item).kind != Kind::health || !item.suppressed.empty()) continue;
    visit = visit || w.of(item).label == Label::appointment;
    revealing = revealing || (w.of(item).label == Label::service && item.p >= 0.5);
    if (w.pack.rules[w.of(item).rule].needs_company) weak_words.add(w.reading.value(w.of(item)));
    else ++strong;
  }
  for (const auto& item : w.items) {
    const Label label = w.of(item).label;
    if (item.suppressed.empty() && (label == Label::mrn || label == Label::encounter || label == Label::accession || label == Label::mbi || label == Label::prescription ||
                                    (w.cues.hr == 0 && (label == Label::ssn || label == Label::ssn_last4 || label == Label::medicaid_id)))) w.clinical_number = true;
  }
  const bool company = strong > 0 || (visit && revealing) || weak_words.size() >= 4 || w.cues.about_a_case() > 0 || w.cues.patient > 0 || w.cues.from_care || w.cues.to_care || w.clinical_number;
  if (company) return;
  for (auto& item : w.items) {
    if (w.of(item).kind != Kind::health || !item.suppressed.empty()) continue;
    if (w.pack.rules[w.of(item).rule].needs_company && !item.own) item.suppressed = "alone";
  }
}

// Somebody is named in full, or with a title, in the sentence of a plain fact. Items stand in the order of the mail: only neighbours are asked.
bool names_a_case(const Weighing& w) {
  for (std::size_t i = 0; i < w.items.size(); ++i) {
    const Item& item = w.items[i];
    const auto& name = w.of(item);
    if (!item.suppressed.empty() || name.kind != Kind::identity || name.label != Label::name || item.p < 0.35 || item.somebody == nobody || w.people.all[item.somebody].recipient || w.naming_of(name) == Naming::age) continue;
    const auto tells = [&](std::size_t at) {
      const auto& fact = w.of(w.items[at]);
      return w.items[at].suppressed.empty() && fact.kind == Kind::health && w.items[at].p >= 0.3 && !w.pack.rules[fact.rule].needs_company && same_sentence(w.text_of(fact).norm, name.value, fact.value);
    };
    for (std::size_t k = i + 1; k < w.items.size() && w.of(w.items[k]).text == name.text && w.of(w.items[k]).value.begin <= name.value.end + one_breath; ++k) {
      if (tells(k)) return true;
    }
    for (std::size_t k = i; k-- > 0 && w.of(w.items[k]).text == name.text && w.of(w.items[k]).value.end + one_breath >= name.value.begin;) {
      if (tells(k)) return true;
    }
  }
  return false;
}

// General text - but not when somebody's numbers or a patient's name stand in it. Asked once: the answer decides what every fact is worth.
void find_general(Weighing& w) {
  w.is_general = w.cues.is_education() && !(w.cues.is_only_a_paper() && names_a_case(w)) && std::none_of(w.items.begin(), w.items.end(), [&](const Item& item) {
    if (!item.suppressed.empty() || w.of(item).kind != Kind::identity) return false;
    // "Ana Ruiz, a 49-year-old woman": a case, whatever paper it is to become.
    if (w.of(item).label == Label::name && item.p >= 0.55 && w.cues.newsletter + w.cues.marketing == 0 && w.naming_of(w.of(item)) == Naming::case_with_age) return true;
    switch (w.of(item).label) {
      case Label::mrn: case Label::encounter: case Label::mbi: case Label::claim: case Label::accession: case Label::ssn: return item.p >= 0.4;
      case Label::prescription: return item.p >= 0.39;  // .40 comes as a float
      case Label::member_id: return item.p >= 0.4 && w.cues.care;
      case Label::date_of_birth: return item.p >= 0.4;
      default: return false;
    }
  });
}

}  // namespace phiscan::score

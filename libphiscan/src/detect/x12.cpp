// ANSI X12 health transactions (837, 835, 270/271, 276/277, 278, 834), whole or a few segments pasted into a mail.
#include <algorithm>
#include <array>

#include "detect/structure_readers.hpp"
#include "detect/validators.hpp"

namespace phiscan::detect {
namespace {

struct Separators {
  char element = '*';
  char component = ':';
  char terminator = '~';
};

bool is_segment_char(char c) { return is_ascii_upper(c) || is_ascii_digit(c); }

// ISA has sixteen elements of fixed width; its last is the component separator, and the terminator comes right behind.
Separators separators_of(std::string_view norm) {
  Separators found;
  for (std::size_t at = norm.find("ISA"); at != std::string_view::npos; at = norm.find("ISA", at + 3)) {
    if (at > 0 && is_letter_byte(norm[at - 1])) continue;
    constexpr std::size_t authorisation = 7;  // ISA, separator, two characters, separator
    if (at + authorisation >= norm.size()) break;
    const char element = norm[at + 3];
    if (is_letter_byte(element) || is_ascii_digit(element) || element == ' ' || element == '\n' || norm[at + 6] != element) continue;
    std::size_t end = at + 3;
    for (int i = 0; i < 15 && end != std::string_view::npos && end < at + 140; ++i) end = norm.find(element, end + 1);
    if (end == std::string_view::npos || end + 2 >= norm.size() || end > at + 140) continue;
    found.element = element;
    found.component = norm[end + 1];
    found.terminator = norm[end + 2];
    if (is_segment_char(found.terminator) || found.terminator == ' ') found.terminator = '~';
    return found;
  }
  return found;
}

constexpr std::array<std::string_view, 24> known{"NM1", "N3", "N4", "DMG", "REF", "PER", "CLM", "CLP", "HI", "SV1", "SV2", "SV3",
                                                 "SVC", "EB", "DTP", "DTM", "ST", "SE", "STC", "CAS", "UM", "HL", "INS", "SBR"};

class Transaction {
 public:
  Transaction(Payload& payload, std::string_view norm, Separators separators) : payload_(payload), norm_(norm), separators_(separators) {}

  void read(std::string_view id, Span whole) {
    constexpr std::size_t most = 30;
    elements_ = split(norm_, whole, separators_.element, most);
    if (id == "NM1") return entity();
    if (id == "ST" || id == "SE") return close();
    if (id == "HL") {
      in_payment_ = false;
      owner_ = Owner::nobody;
      return;
    }
    if (id == "CLP") return payment();
    if (id == "CLM") {
      payload_.identity(Label::claim, element(1), claim_);
      payload_.health(Label::billing, element(2), claim_);
    } else if (id == "N3" && owner_ == Owner::patient) {
      payload_.identity(Label::address, element(1), person_);
    } else if (id == "N4" && owner_ == Owner::patient) {
      payload_.identity(Label::city, element(1), person_);
      payload_.identity(Label::zip, element(3), person_);
    } else if (id == "DMG" && word(1) == "D8") {
      demographics();
    } else if (id == "REF") {
      reference();
    } else if (id == "PER" && owner_ == Owner::patient) {
      for (std::size_t at = 3; at + 1 < elements_.size(); at += 2) {
        if (word(at) == "HP" || word(at) == "TE" || word(at) == "CP") payload_.identity(Label::phone, element(at + 1), person_);
        if (word(at) == "EM") payload_.identity(Label::email, element(at + 1), person_);
      }
    } else if (id == "HI") {
      codes();
    } else if (id == "SV1" || id == "SV3" || id == "SVC") {
      service(1);
    } else if (id == "SV2") {
      service(2);
    } else if (id == "EB" || id == "STC" || id == "UM" || id == "INS") {
      const Span value = span_of(elements_[0].end + 1U < whole.end ? elements_[0].end + 1U : whole.end, whole.end);
      payload_.health(id == "STC" ? Label::billing : Label::insurance, value, claim_);
    } else if (id == "CAS") {
      payload_.health(Label::billing, span_of(element(1).begin, element(2).end), claim_);
    } else if ((id == "DTP" && word(1) == "472") || (id == "DTM" && (word(1) == "232" || word(1) == "472"))) {
      const Span date = compact_date(norm_, element(id == "DTP" ? 3 : 2));
      if (!date.empty() && claim_ != no_person) payload_.identity(Label::date, date, claim_);
    }
  }

 private:
  enum class Owner : std::uint8_t { nobody, patient, provider, other };

  void close() {
    in_payment_ = false;
    owner_ = Owner::nobody;
    person_ = claim_ = no_person;
  }

  // In a remittance the claim comes before its patient.
  void payment() {
    in_payment_ = true;
    waiting_ = true;
    person_ = claim_ = payload_.new_record();
    owner_ = Owner::nobody;
    payload_.identity(Label::claim, element(1), claim_);
    payload_.health(Label::billing, element(3), claim_);
  }

  void entity() {
    const std::string_view role = word(1);
    if (role == "IL" || role == "QC" || role == "74" || role == "03") return person(role == "74");
    constexpr std::array<std::string_view, 13> clinicians{"82", "85", "DN", "DK", "DQ", "71", "72", "73", "77", "87", "1P", "P3", "FA"};
    owner_ = std::find(clinicians.begin(), clinicians.end(), role) != clinicians.end() ? Owner::provider : Owner::other;
    if (owner_ != Owner::provider) return;
    payload_.provider(Label::provider_name, name(), claim_);
    const Span id = element(9);
    if (word(8) == "XX" && is_npi(id.of(norm_))) payload_.provider(Label::npi, id, claim_);
  }

  void person(bool is_correction) {
    const Span value = name();
    owner_ = Owner::patient;
    const bool is_name = letter_count(value.of(norm_)) > 1 && !is_made_up();
    const bool has_id = digit_count(element(9).of(norm_)) >= 3;
    if (!is_name && !has_id) {
      owner_ = Owner::other;
      return;
    }
    if (waiting_) {
      waiting_ = false;
    } else if (!is_correction || person_ == no_person) {
      person_ = payload_.new_record();
      if (!in_payment_) claim_ = person_;
    }
    payload_.set_clinical();
    if (is_name) payload_.identity(Label::name, value, person_);
    if (!has_id) return;
    Label label = id_label(element(9).of(norm_), Label::member_id);
    if (word(8) == "34") label = Label::ssn;
    if (word(8) == "MR") label = Label::medicaid_id;
    payload_.identity(label, element(9), person_);
  }

  // ROE*ROBERT: last to middle, without the empty elements behind.
  [[nodiscard]] Span name() const {
    if (elements_.size() < 4) return {};
    Span value = span_of(elements_[3].begin, elements_[std::min<std::size_t>(5, elements_.size() - 1)].end);
    while (!value.empty() && (norm_[value.end - 1] == separators_.element || norm_[value.end - 1] == ' ')) --value.end;
    return value;
  }

  [[nodiscard]] bool is_made_up() const {
    const auto made_up = [](std::string_view part) { return !part.empty() && (is_placeholder(part) || upper_characters(part) == "TEST"); };
    return made_up(word(3)) || made_up(word(4));
  }

  void demographics() {
    if (owner_ != Owner::patient && owner_ != Owner::nobody) return;
    const Span born = compact_date(norm_, element(2));
    if (born.empty()) return;
    if (person_ == no_person) person_ = claim_ = payload_.new_record();
    payload_.identity(Label::date_of_birth, born, person_);
    payload_.set_clinical();
  }

  void reference() {
    const std::string_view type = word(1);
    if (digit_count(element(2).of(norm_)) < 3) return;
    if (type == "EA") payload_.identity(Label::mrn, element(2), claim_);
    if (type == "G1" || type == "F8" || type == "D9") payload_.identity(Label::claim, element(2), claim_);
    if (type == "XZ") payload_.identity(Label::prescription, element(2), claim_);
    if (owner_ == Owner::provider || owner_ == Owner::other) return;
    if (type == "SY") payload_.identity(Label::ssn, element(2), person_);
    if (type == "0F" || type == "1W" || type == "IG") payload_.identity(Label::member_id, element(2), person_);
  }

  // HI*ABK:M2011*ABF:E1142
  void codes() {
    for (std::size_t at = 1; at < elements_.size(); ++at) {
      const auto parts = split(norm_, elements_[at], separators_.component, 3);
      if (parts.size() < 2) continue;
      const std::string_view list = trimmed(norm_, parts[0]).of(norm_);
      constexpr std::array<std::string_view, 9> diagnoses{"ABK", "ABF", "ABJ", "APR", "ABN", "BK", "BF", "BJ", "PR"};
      constexpr std::array<std::string_view, 4> procedures{"BBR", "BBQ", "BR", "BQ"};
      if (std::find(diagnoses.begin(), diagnoses.end(), list) != diagnoses.end()) payload_.health(Label::icd, parts[1], claim_);
      if (std::find(procedures.begin(), procedures.end(), list) != procedures.end()) payload_.health(Label::procedure_code, parts[1], claim_);
    }
  }

  void service(std::size_t at) {
    const auto parts = split(norm_, element(at), separators_.component, 3);
    if (parts.size() > 1) payload_.health(Label::procedure_code, parts[1], claim_);
  }

  [[nodiscard]] Span element(std::size_t at) const { return at < elements_.size() ? trimmed(norm_, elements_[at]) : Span{}; }
  [[nodiscard]] std::string_view word(std::size_t at) const { return element(at).of(norm_); }

  Payload& payload_;
  std::string_view norm_;
  Separators separators_;
  std::vector<Span> elements_;
  Owner owner_ = Owner::nobody;
  bool in_payment_ = false;  // after CLP, until the next hierarchical level or the end
  bool waiting_ = false;     // a CLP that has no patient yet
  std::uint32_t person_ = no_person;
  std::uint32_t claim_ = no_person;
};

// One segment that only health transactions have; a star after two capitals alone is prose or a list.
bool is_health_segment(std::string_view id, std::string_view behind, char element) {
  const auto starts = [&](std::string_view word) { return behind.starts_with(word) && behind.size() > word.size() && behind[word.size()] == element; };
  if (id == "NM1") return starts("IL") || starts("QC");
  if (id == "DMG") return starts("D8");
  if (id == "HI") return behind.starts_with("ABK") || behind.starts_with("BK:");
  if (id == "ST") return starts("837") || starts("835") || starts("270") || starts("271") || starts("276") || starts("277") || starts("278") || starts("834");
  if (id == "SVC" || id == "SV1") return behind.starts_with("HC");
  return id == "CLP";
}

}  // namespace

std::vector<Structured> read_x12(std::string_view norm) {
  std::vector<Structured> out;
  const Separators separators = separators_of(norm);
  if (separators.element == '*' && norm.find('*') == std::string_view::npos) return out;
  if (norm.find("NM1") == std::string_view::npos && norm.find("CLP") == std::string_view::npos && norm.find("SV") == std::string_view::npos &&
      norm.find("DMG") == std::string_view::npos && norm.find("HI") == std::string_view::npos) {
    return out;
  }
  struct Found {
    std::size_t begin;
    std::string_view id;
  };
  std::vector<Found> segments;
  bool is_health = false;
  for (std::size_t at = norm.find(separators.element); at != std::string_view::npos; at = norm.find(separators.element, at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < 4 && is_segment_char(norm[begin - 1])) --begin;
    const std::string_view id = norm.substr(begin, at - begin);
    if (id.size() < 2 || id.size() > 3) continue;
    if (begin > 0 && (norm[begin - 1] == separators.element || is_letter_byte(norm[begin - 1]) || norm[begin - 1] == separators.component)) continue;
    const auto match = std::find(known.begin(), known.end(), id);
    if (match == known.end()) continue;
    segments.push_back({begin, *match});
    is_health = is_health || is_health_segment(id, norm.substr(at + 1, 8), separators.element);
  }
  if (!is_health) return out;
  Payload payload(Label::x12, norm);
  Transaction transaction(payload, norm, separators);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::size_t begin = segments[i].begin;
    std::size_t end = segment_line_end(norm, begin, i + 1 < segments.size() ? segments[i + 1].begin : norm.size(), separators.element);
    const std::size_t terminator = norm.substr(begin, end - begin).find(separators.terminator);
    if (terminator != std::string_view::npos) end = begin + terminator;
    transaction.read(segments[i].id, span_of(begin, end));
  }
  if (payload.has_health()) payload.set_clinical();
  payload.finish(out);
  return out;
}

}  // namespace phiscan::detect

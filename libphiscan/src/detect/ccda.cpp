// C-CDA documents as XML text: the patient of recordTarget and what the sections' codes name.
#include <algorithm>
#include <array>

#include "detect/structure_readers.hpp"

namespace phiscan::detect {
namespace {

struct Tag {
  std::string_view name;  // without namespace prefix; empty for comments and declarations
  bool is_end = false;
  bool is_empty = false;  // <x/>
  Span inside;            // between the name and '>'
  std::size_t end = 0;
};

bool is_name_char(char c) { return is_letter_byte(c) || is_ascii_digit(c) || c == '_' || c == '-' || c == '.'; }

// The tag at `at` (a '<'); false when it is not one.
bool read_tag(std::string_view norm, std::size_t at, Tag& tag) {
  constexpr std::size_t longest = 3'000;
  std::size_t i = at + 1;
  tag = {};
  if (i < norm.size() && norm[i] == '/') {
    tag.is_end = true;
    ++i;
  }
  const std::size_t begin = i;
  while (i < norm.size() && i - begin < 64 && (is_name_char(norm[i]) || norm[i] == ':')) ++i;
  if (i == begin) return false;
  tag.name = norm.substr(begin, i - begin);
  if (const auto colon = tag.name.find(':'); colon != std::string_view::npos) tag.name.remove_prefix(colon + 1);
  const std::size_t close = norm.substr(i, longest).find_first_of("<>");
  if (close == std::string_view::npos || norm[i + close] == '<') return false;
  tag.inside = span_of(i, i + close);
  tag.is_empty = close > 0 && norm[i + close - 1] == '/';
  tag.end = i + close + 1;
  return true;
}

Span attribute(std::string_view norm, const Tag& tag, std::string_view name) {
  const std::string_view inside = tag.inside.of(norm);
  for (std::size_t at = inside.find(name); at != std::string_view::npos; at = inside.find(name, at + 1)) {
    std::size_t i = at + name.size();
    if (at > 0 && is_name_char(inside[at - 1])) continue;
    while (i < inside.size() && (inside[i] == ' ' || inside[i] == '\n')) ++i;
    if (i >= inside.size() || inside[i] != '=') continue;
    ++i;
    while (i < inside.size() && (inside[i] == ' ' || inside[i] == '\n')) ++i;
    if (i >= inside.size() || (inside[i] != '"' && inside[i] != '\'')) continue;
    const std::size_t end = inside.find(inside[i], i + 1);
    if (end == std::string_view::npos) return {};
    return span_of(tag.inside.begin + i + 1, tag.inside.begin + end);
  }
  return {};
}

class Document {
 public:
  Document(Payload& payload, std::string_view norm) : payload_(payload), norm_(norm) {}

  // From one <ClinicalDocument to its end; returns where it stopped.
  std::size_t read(std::size_t at) {
    Tag tag;
    const std::size_t begin = at;
    while ((at = norm_.find('<', at)) != std::string_view::npos) {
      if (!read_tag(norm_, at, tag)) {
        ++at;
        continue;
      }
      at = tag.end;
      if (tag.name == "ClinicalDocument") {
        if (tag.is_end) {
          payload_.cover(span_of(begin, at));
          return at;
        }
        continue;
      }
      if (tag.is_end) {
        leave(tag.name);
      } else {
        enter(tag);
      }
    }
    return norm_.size();
  }

 private:
  enum class Place : std::uint8_t { head, patient, relative, clinician, section };

  static Place place_of(std::string_view name) {
    constexpr std::array<std::string_view, 12> clinicians{"assignedAuthor", "assignedEntity", "assignedCustodian", "representedOrganization", "providerOrganization", "author",
                                                          "legalAuthenticator", "authenticator", "custodian", "performer", "informant", "encounterParticipant"};
    if (name == "patientRole") return Place::patient;
    if (name == "guardian") return Place::relative;
    if (std::find(clinicians.begin(), clinicians.end(), name) != clinicians.end()) return Place::clinician;
    return Place::head;
  }

  void enter(const Tag& tag) {
    const Place inner = place_of(tag.name);
    if (inner == Place::patient) {
      person_ = no_person;
      place_ = Place::patient;
      outer_ = {};
    } else if (inner != Place::head && outer_.empty() && !tag.is_empty) {
      outer_ = tag.name;
      before_ = place_;
      place_ = inner;
    } else if (tag.name == "section" && place_ != Place::clinician) {
      place_ = Place::section;
    }
    switch (place_) {
      case Place::patient:
      case Place::relative: person(tag); break;
      case Place::clinician: clinician(tag); break;
      case Place::section: section(tag); break;
      case Place::head: break;
    }
  }

  void leave(std::string_view name) {
    if (!outer_.empty() && name == outer_) {
      place_ = before_;
      outer_ = {};
    } else if (name == "patientRole" || name == "recordTarget") {
      place_ = Place::head;
    }
  }

  std::uint32_t record() {
    if (person_ == no_person) {
      person_ = payload_.new_record();
      payload_.set_clinical();
    }
    return person_;
  }

  void person(const Tag& tag) {
    if (tag.name == "id" && place_ == Place::patient) {
      const Span value = attribute(norm_, tag, "extension");
      if (digit_count(value.of(norm_)) < 3) return;
      const std::string_view root = attribute(norm_, tag, "root").of(norm_);
      Label label = Label::mrn;
      if (root.ends_with("2.16.840.1.113883.4.1")) label = Label::ssn;
      if (root.ends_with("2.16.840.1.113883.4.927")) label = Label::mbi;
      payload_.identity(label, value, record());
    } else if (tag.name == "given" || tag.name == "family") {
      words(tag, Kind::identity, Label::name);
    } else if (tag.name == "name") {
      words(tag, Kind::identity, Label::name);
    } else if (tag.name == "birthTime") {
      const Span born = compact_date(norm_, attribute(norm_, tag, "value"));
      if (!born.empty()) payload_.identity(Label::date_of_birth, born, record());
    } else if (tag.name == "telecom") {
      Span value = attribute(norm_, tag, "value");
      const std::string_view word = value.of(norm_);
      if (const auto colon = word.find(':'); colon != std::string_view::npos) value.begin += static_cast<std::uint32_t>(colon + 1);
      if (word.find('@') != std::string_view::npos) {
        payload_.identity(Label::email, value, record());
      } else if (digit_count(word) >= 7) {
        payload_.identity(Label::phone, value, record());
      }
    } else if (tag.name == "streetAddressLine") {
      words(tag, Kind::identity, Label::address);
    } else if (tag.name == "city") {
      words(tag, Kind::identity, Label::city);
    } else if (tag.name == "postalCode") {
      const Span value = content(tag);
      if (digit_count(value.of(norm_)) >= 5) payload_.identity(Label::zip, value, record());
    }
  }

  void clinician(const Tag& tag) {
    if (tag.name == "given" || tag.name == "family") words(tag, Kind::provider, Label::provider_name);
    if (tag.name == "id" && attribute(norm_, tag, "root").of(norm_).ends_with("2.16.840.1.113883.4.6")) {
      payload_.provider(Label::npi, attribute(norm_, tag, "extension"), person_);
    }
  }

  void section(const Tag& tag) {
    if (tag.name == "section") {
      heading_ = {};
      return;
    }
    if (tag.name == "code" && heading_.empty()) {  // the section's own code says what the others are
      heading_ = attribute(norm_, tag, "displayName").of(norm_);
      const std::string_view code = attribute(norm_, tag, "code").of(norm_);
      label_ = Label::diagnosis;
      if (code == "10160-0" || code == "11369-6" || code == "29549-3") label_ = Label::medication;
      if (code == "30954-2") label_ = Label::lab;
      if (code == "8716-3") label_ = Label::vital;
      if (code == "47519-4") label_ = Label::procedure;
      if (code == "48768-6") label_ = Label::insurance;
      if (heading_.empty()) heading_ = "section";
      return;
    }
    if (tag.name == "code" || tag.name == "value" || tag.name == "translation") {
      payload_.health(label_, attribute(norm_, tag, "displayName"), person_);
      const Span code = attribute(norm_, tag, "code");
      if (attribute(norm_, tag, "codeSystem").of(norm_).ends_with("6.90") && is_icd(code.of(norm_))) payload_.health(Label::icd, code, person_);
      if (tag.name == "value" && attribute(norm_, tag, "type").of(norm_) == "PQ") payload_.health(label_, attribute(norm_, tag, "value"), person_);
    } else if (tag.name == "item" || tag.name == "td" || tag.name == "paragraph" || tag.name == "content") {
      const Span value = content(tag);
      if (letter_count(value.of(norm_)) > 3) payload_.health(label_, value, person_);
    }
  }

  // The text right behind a start tag.
  [[nodiscard]] Span content(const Tag& tag) const {
    constexpr std::size_t longest = 2'000;
    if (tag.is_empty) return {};
    const std::size_t size = norm_.substr(tag.end, longest).find('<');
    return size == std::string_view::npos ? Span{} : trimmed(norm_, span_of(tag.end, tag.end + size));
  }

  void words(const Tag& tag, Kind kind, Label label) {
    const Span value = content(tag);
    if (letter_count(value.of(norm_)) < 2) return;
    payload_.add(kind, label, value, kind == Kind::identity ? record() : person_);
  }

  Payload& payload_;
  std::string_view norm_;
  Place place_ = Place::head;
  Place before_ = Place::head;
  std::string_view outer_;  // the element whose end leaves place_
  std::string_view heading_;
  Label label_ = Label::diagnosis;
  std::uint32_t person_ = no_person;
};

}  // namespace

std::vector<Structured> read_ccda(std::string_view norm) {
  std::vector<Structured> out;
  std::size_t at = norm.find("ClinicalDocument");
  if (at == std::string_view::npos) at = norm.find("<patientRole");  // a fragment
  if (at == std::string_view::npos) return out;
  while (at > 0 && norm[at] != '<' && norm[at] != '\n') --at;
  Payload payload(Label::ccda, norm);
  while (at < norm.size()) at = Document(payload, norm).read(at);
  if (payload.has_identity() && payload.has_health()) payload.set_clinical();
  payload.finish(out);
  return out;
}

}  // namespace phiscan::detect

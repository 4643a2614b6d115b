// FHIR resources as JSON: the people in them, what is said about whom. References between the resources of one text are followed.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include "detect/json_values.hpp"
#include "detect/structure_readers.hpp"
#include "detect/validators.hpp"

namespace phiscan::detect {
namespace {

// What the codes of a resource tell about its subject; nothing for a resource that is not about a person.
std::optional<Label> meaning_of(std::string_view resource) {
  struct Entry {
    std::string_view resource;
    Label label;
  };
  constexpr std::array<Entry, 31> entries{{{"Observation", Label::lab},
                                           {"DiagnosticReport", Label::lab},
                                           {"Specimen", Label::lab},
                                           {"Condition", Label::diagnosis},
                                           {"AllergyIntolerance", Label::diagnosis},
                                           {"FamilyMemberHistory", Label::diagnosis},
                                           {"ClinicalImpression", Label::diagnosis},
                                           {"AdverseEvent", Label::diagnosis},
                                           {"DetectedIssue", Label::diagnosis},
                                           {"RiskAssessment", Label::diagnosis},
                                           {"MedicationRequest", Label::medication},
                                           {"MedicationStatement", Label::medication},
                                           {"MedicationAdministration", Label::medication},
                                           {"MedicationDispense", Label::medication},
                                           {"MedicationOrder", Label::medication},
                                           {"Immunization", Label::medication},
                                           {"Procedure", Label::procedure},
                                           {"ServiceRequest", Label::procedure},
                                           {"ImagingStudy", Label::procedure},
                                           {"DeviceUseStatement", Label::procedure},
                                           {"NutritionOrder", Label::procedure},
                                           {"Encounter", Label::appointment},
                                           {"Appointment", Label::appointment},
                                           {"CarePlan", Label::narrative},
                                           {"Communication", Label::narrative},
                                           {"DocumentReference", Label::document},
                                           {"QuestionnaireResponse", Label::narrative},
                                           {"Coverage", Label::insurance},
                                           {"Claim", Label::billing},
                                           {"ClaimResponse", Label::billing},
                                           {"ExplanationOfBenefit", Label::billing}}};
  for (const auto& entry : entries) {
    if (entry.resource == resource) return entry.label;
  }
  return std::nullopt;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Reader {
 public:
  Reader(Payload& payload, const std::vector<JsonValue>& values, std::string_view norm) : payload_(payload), values_(values), norm_(norm) {}

  void read() {
    for (std::uint32_t i = 0; i < values_.size(); ++i) {
      if (values_[i].type != JsonValue::Type::object) continue;
      const auto type = member(values_, norm_, i, "resourceType");
      if (type != 0 && values_[type].type == JsonValue::Type::string) resources_.push_back(i);
    }
    for (const auto resource : resources_) {
      if (type_of(resource) == "Patient") patient(resource);
    }
    const std::uint32_t only = payload_.record() == 1 ? 1 : no_person;
    for (const auto resource : resources_) {
      const auto type = type_of(resource);
      payload_.cover(values_[resource].value);
      if (type == "Practitioner" || type == "Organization" || type == "PractitionerRole") clinician(resource);
      if (type == "RelatedPerson" || type == "Person") demographics(resource, subject(resource, only));
      if (const auto label = meaning_of(type)) about(resource, *label, only);
    }
  }

 private:
  [[nodiscard]] std::string_view type_of(std::uint32_t resource) const { return text(member(values_, norm_, resource, "resourceType")); }
  [[nodiscard]] std::string_view text(std::uint32_t value) const {
    return value != 0 && values_[value].is_scalar() ? values_[value].value.of(norm_) : std::string_view{};
  }
  [[nodiscard]] std::string_view text(std::uint32_t object, std::string_view key) const { return text(member(values_, norm_, object, key)); }

  // The elements of an array, or the one value where a list should be.
  template <typename F>
  void each(std::uint32_t object, std::string_view key, F&& f) const {
    const auto list = member(values_, norm_, object, key);
    if (list == 0) return;
    if (values_[list].type != JsonValue::Type::array) return f(list);
    for (auto i = values_[list].first; i != 0; i = values_[i].next) f(i);
  }

  void patient(std::uint32_t resource) {
    if (!has_own_values(resource)) return;
    const auto record = payload_.new_record();
    payload_.set_clinical();
    demographics(resource, record);
    if (const auto id = text(resource, "id"); !id.empty()) people_.try_emplace("Patient/" + std::string(id), record);
  }

  [[nodiscard]] bool has_own_values(std::uint32_t resource) const {
    for (const std::string_view key : {"name", "birthDate", "identifier", "telecom", "address"}) {
      if (member(values_, norm_, resource, key) != 0) return true;
    }
    return false;
  }

  void demographics(std::uint32_t resource, std::uint32_t record) {
    each(resource, "name", [&](std::uint32_t name) { person_name(name, record); });
    each(resource, "identifier", [&](std::uint32_t id) { identifier(id, record, Label::mrn); });
    each(resource, "telecom", [&](std::uint32_t contact) { telecom(contact, record); });
    each(resource, "address", [&](std::uint32_t place) { address(place, record); });
    each(resource, "contact", [&](std::uint32_t contact) {
      each(contact, "name", [&](std::uint32_t name) { person_name(name, record); });
      each(contact, "telecom", [&](std::uint32_t phone) { telecom(phone, record); });
    });
    if (const auto born = member(values_, norm_, resource, "birthDate"); born != 0 && is_date(text(born))) {
      payload_.identity(Label::date_of_birth, values_[born].value, record);
    }
  }

  void person_name(std::uint32_t name, std::uint32_t record) {
    if (values_[name].is_scalar()) return add_words(Kind::identity, Label::name, name, record);
    bool parts = false;
    for (const std::string_view key : {"given", "family"}) {
      each(name, key, [&](std::uint32_t part) {
        add_words(Kind::identity, Label::name, part, record);
        parts = true;
      });
    }
    if (const auto whole = member(values_, norm_, name, "text"); whole != 0 && !parts) add_words(Kind::identity, Label::name, whole, record);
  }

  void add_words(Kind kind, Label label, std::uint32_t value, std::uint32_t record) {
    if (values_[value].type == JsonValue::Type::string && letter_count(text(value)) > 1) payload_.add(kind, label, values_[value].value, record);
  }

  void identifier(std::uint32_t id, std::uint32_t record, Label otherwise) {
    const auto value = member(values_, norm_, id, "value");
    if (digit_count(text(value)) < 3) return;
    const std::string_view system = text(id, "system");
    std::string type;
    if (const auto coded = member(values_, norm_, id, "type"); coded != 0) {
      type = text(coded, "text");
      each(coded, "coding", [&](std::uint32_t coding) { type += ' ' + std::string(text(coding, "code")); });
    }
    Label label = id_label(text(value), otherwise);
    const auto says = [&](std::string_view word) { return type.ends_with(word); };
    if (system.ends_with("us-ssn") || says(" SS") || type == "SSN") label = Label::ssn;
    if (system.ends_with("us-mbi") || says(" MC")) label = Label::mbi;
    if (says(" MB") || says("Member ID")) label = Label::member_id;
    if (says(" DL")) label = Label::license;
    if (says(" PPN")) label = Label::passport;
    if (system.ends_with("us-npi") || says(" NPI")) {
      payload_.provider(Label::npi, values_[value].value, record);
    } else {
      payload_.identity(label, values_[value].value, record);
    }
  }

  void telecom(std::uint32_t contact, std::uint32_t record) {
    const auto value = member(values_, norm_, contact, "value");
    const std::string_view word = text(value);
    if (word.find('@') != std::string_view::npos) {
      payload_.identity(Label::email, values_[value].value, record);
    } else if (digit_count(word) >= 7) {
      payload_.identity(text(contact, "system") == "fax" ? Label::fax : Label::phone, values_[value].value, record);
    }
  }

  void address(std::uint32_t place, std::uint32_t record) {
    if (values_[place].type != JsonValue::Type::object) return;
    bool lines = false;
    each(place, "line", [&](std::uint32_t line) {
      add_words(Kind::identity, Label::address, line, record);
      lines = true;
    });
    if (const auto whole = member(values_, norm_, place, "text"); whole != 0 && !lines) add_words(Kind::identity, Label::address, whole, record);
    if (const auto city = member(values_, norm_, place, "city"); city != 0) add_words(Kind::identity, Label::city, city, record);
    if (const auto zip = member(values_, norm_, place, "postalCode"); digit_count(text(zip)) >= 5) payload_.identity(Label::zip, values_[zip].value, record);
  }

  void clinician(std::uint32_t resource) {
    each(resource, "name", [&](std::uint32_t name) {
      if (values_[name].is_scalar()) return add_words(Kind::provider, Label::provider_name, name, no_person);
      for (const std::string_view key : {"text", "given", "family"}) {
        each(name, key, [&](std::uint32_t part) { add_words(Kind::provider, Label::provider_name, part, no_person); });
      }
    });
    each(resource, "identifier", [&](std::uint32_t id) {
      const auto value = member(values_, norm_, id, "value");
      if (text(value).size() == 10 && digit_count(text(value)) == 10 && is_npi(text(value))) payload_.provider(Label::npi, values_[value].value, no_person);
    });
  }

  // The record of the person a resource is about; a reference to somebody not in the text makes a person of its own.
  std::uint32_t subject(std::uint32_t resource, std::uint32_t only) {
    constexpr std::array<std::string_view, 5> keys{"subject", "patient", "beneficiary", "subscriber", "for"};
    for (const auto key : keys) {
      const auto link = member(values_, norm_, resource, key);
      if (link == 0 || values_[link].type != JsonValue::Type::object) continue;
      const auto reference = member(values_, norm_, link, "reference");
      const auto display = member(values_, norm_, link, "display");
      const auto id = member(values_, norm_, link, "identifier");
      const bool is_group = text(reference).starts_with("Group/") || text(reference).starts_with("Device/");
      if (is_group) continue;
      std::string name(text(reference));
      if (const auto at = name.rfind("Patient/"); at != std::string::npos) name.erase(0, at);
      if (name.empty()) name = std::string(text(display));
      if (name.empty() && id != 0) name = std::string(text(id, "value"));
      auto found = people_.find(name);
      const bool named = letter_count(text(display)) > 1 || (id != 0 && digit_count(text(id, "value")) >= 3);
      std::uint32_t record = only;
      if (found != people_.end()) {
        record = found->second;
      } else if (only == no_person && !name.empty() && named) {
        record = payload_.new_record();
        people_.emplace(name, record);
        payload_.set_clinical();
      }
      if (display != 0) add_words(Kind::identity, Label::name, display, record);
      if (id != 0) identifier(id, record, Label::mrn);
      return record;
    }
    return only;
  }

  void about(std::uint32_t resource, Label label, std::uint32_t only) {
    const auto record = subject(resource, only);
    if (label == Label::lab && is_vital(resource)) label = Label::vital;
    each(resource, "identifier", [&](std::uint32_t id) {
      const auto value = member(values_, norm_, id, "value");
      if (digit_count(text(value)) < 4) return;
      if (label == Label::billing) payload_.identity(Label::claim, values_[value].value, record);
      if (label == Label::appointment && type_of(resource) == "Encounter") payload_.identity(Label::encounter, values_[value].value, record);
    });
    for (const std::string_view key : {"subscriberId", "policyHolderId"}) {
      if (const auto id = member(values_, norm_, resource, key); digit_count(text(id)) >= 3) payload_.identity(Label::member_id, values_[id].value, record);
    }
    facts(resource, label, record, 0);
  }

  [[nodiscard]] bool is_vital(std::uint32_t resource) const {
    bool vital = false;
    each(resource, "category", [&](std::uint32_t category) {
      if (values_[category].type != JsonValue::Type::object) return;
      vital = vital || values_[category].value.of(norm_).substr(0, 400).find("vital-signs") != std::string_view::npos;
    });
    return vital;
  }

  void facts(std::uint32_t object, Label label, std::uint32_t record, int depth) {
    constexpr int deepest = 12;
    if (depth > deepest) return;
    for (auto i = values_[object].first; i != 0; i = values_[i].next) fact(i, values_[i].key.of(norm_), label, record, depth);
  }

  void fact(std::uint32_t value, std::string_view key, Label label, std::uint32_t record, int depth) {
    constexpr std::array<std::string_view, 19> skipped{"subject", "patient", "beneficiary", "subscriber", "contained", "meta", "extension", "text", "status", "category",
                                                       "identifier", "clinicalStatus", "verificationStatus", "id", "resourceType", "insurer", "use", "for", "content"};
    constexpr std::array<std::string_view, 9> clinicians{"performer", "requester", "recorder", "asserter", "provider", "practitioner", "individual", "actor", "author"};
    constexpr std::array<std::string_view, 15> coded{"code", "medicationCodeableConcept", "vaccineCode", "valueCodeableConcept", "reasonCode", "reasonCodeableConcept", "diagnosisCodeableConcept", "conclusionCode",
                                                     "type", "productOrService", "bodySite", "medication", "serviceType", "reaction", "substance"};
    constexpr std::array<std::string_view, 4> prose{"note", "conclusion", "description", "patientInstruction"};
    if (is_one_of(key, skipped)) return;
    const JsonValue& it = values_[value];
    if (is_one_of(key, clinicians)) return clinician_name(value, depth);
    if (is_one_of(key, coded)) {
      Label now = label;
      if (key == "reasonCode" || key == "diagnosisCodeableConcept" || key == "reasonCodeableConcept") now = Label::diagnosis;
      if (key == "productOrService") now = Label::procedure;
      return concept_words(value, now, record, depth);
    }
    if (is_one_of(key, prose)) {
      if (it.is_scalar()) return add_words(Kind::health, Label::narrative, value, record);
      each_text(value, record);
      return;
    }
    if (key == "valueQuantity" || key == "doseQuantity") {
      const auto number = member(values_, norm_, value, "value");
      const auto unit = member(values_, norm_, value, "unit");
      if (number != 0) payload_.health(label, span_of(values_[number].value.begin, values_[number].value.end), record);
      if (unit != 0 && number == 0) payload_.health(label, values_[unit].value, record);
      return;
    }
    if (key == "valueString" || key == "valueInteger") {
      if (it.is_scalar()) payload_.health(label, it.value, record);
      return;
    }
    if (!it.is_scalar()) facts_of_any(value, label, record, depth + 1);
  }

  void facts_of_any(std::uint32_t value, Label label, std::uint32_t record, int depth) {
    if (values_[value].type == JsonValue::Type::object) return facts(value, label, record, depth);
    for (auto i = values_[value].first; i != 0; i = values_[i].next) {
      if (values_[i].type == JsonValue::Type::object) facts(i, label, record, depth);
    }
  }

  void each_text(std::uint32_t list, std::uint32_t record) {
    for (auto i = values_[list].first; i != 0; i = values_[i].next) {
      if (const auto words = member(values_, norm_, i, "text"); words != 0) add_words(Kind::health, Label::narrative, words, record);
    }
  }

  void clinician_name(std::uint32_t value, int depth) {
    if (depth > 12 || values_[value].is_scalar()) return;
    for (auto i = values_[value].first; i != 0; i = values_[i].next) {
      if (values_[i].key.of(norm_) == "display" && !is_patient(value)) {
        add_words(Kind::provider, Label::provider_name, i, no_person);
      } else if (!values_[i].is_scalar()) {
        clinician_name(i, depth + 1);
      }
    }
  }

  [[nodiscard]] bool is_patient(std::uint32_t link) const { return text(link, "reference").starts_with("Patient/"); }

  // A CodeableConcept, a list of them, or a plain word: its text, else the displays, else the codes.
  void concept_words(std::uint32_t value, Label label, std::uint32_t record, int depth) {
    if (depth > 12) return;
    const JsonValue& it = values_[value];
    if (it.is_scalar()) return;  // a status word
    if (it.type == JsonValue::Type::array) {
      for (auto i = it.first; i != 0; i = values_[i].next) concept_words(i, label, record, depth + 1);
      return;
    }
    bool named = false;
    for (const std::string_view key : {"text", "display"}) {
      if (const auto words = member(values_, norm_, value, key); words != 0 && values_[words].type == JsonValue::Type::string) {
        named = payload_.health(label, values_[words].value, record) || named;
      }
    }
    each(value, "coding", [&](std::uint32_t coding) {
      if (values_[coding].type != JsonValue::Type::object) return;
      const auto display = member(values_, norm_, coding, "display");
      const auto code = member(values_, norm_, coding, "code");
      const bool icd = text(coding, "system").find("icd-10") != std::string_view::npos;
      if (display != 0 && !named) named = payload_.health(label, values_[display].value, record) || named;
      if (icd && is_icd(text(code))) {
        payload_.health(Label::icd, values_[code].value, record);
      } else if (display == 0 && code != 0 && !named) {
        named = payload_.health(label, values_[code].value, record);
      }
    });
    for (const std::string_view key : {"concept", "manifestation", "substance"}) {
      if (const auto inner = member(values_, norm_, value, key); inner != 0) concept_words(inner, label, record, depth + 1);
    }
  }

  Payload& payload_;
  const std::vector<JsonValue>& values_;
  std::string_view norm_;
  std::vector<std::uint32_t> resources_;
  std::map<std::string, std::uint32_t, std::less<>> people_;
};

}  // namespace

std::vector<Structured> read_fhir(std::string_view norm) {
  std::vector<Structured> out;
  if (norm.find("\"resourceType\"") == std::string_view::npos) return out;
  const auto values = find_json(norm);
  Payload payload(Label::fhir, norm);
  Reader(payload, values, norm).read();
  if (payload.has_health()) payload.set_clinical();
  payload.finish(out);
  return out;
}

}  // namespace phiscan::detect

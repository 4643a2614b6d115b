// The closed vocabularies of the contract: kinds, labels, categories, recipient classes and risks, actions. One list each, with the
// spelling used in JSON. Everybody may include this; it knows nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace phiscan {

enum class Kind : std::uint8_t { identity, provider, health, structure, context };

#define PHISCAN_LABELS(X)                                                                                                   \
  X(name) X(date_of_birth) X(date) X(age_over_89) X(address) X(city) X(zip) X(phone) X(fax) X(email) X(ssn) X(ssn_last4)    \
  X(itin) X(mrn) X(encounter) X(member_id) X(mbi) X(medicaid_id) X(claim) X(account) X(prescription) X(accession)           \
  X(license) X(passport) X(vin) X(device) X(url) X(ip) X(card) X(bank) X(other_id)                                          \
  X(provider_name) X(npi) X(dea) X(ein) X(clia) X(taxonomy)                                                                 \
  X(diagnosis) X(icd) X(procedure_code) X(medication) X(lab) X(vital) X(procedure) X(appointment) X(referral) X(billing)    \
  X(insurance) X(narrative) X(service) X(document)                                                                          \
  X(hl7v2) X(x12) X(fhir) X(ccda) X(dicom) X(table)

#define PHISCAN_CATEGORIES(X)                                                                                               \
  X(lab) X(diagnosis) X(medication) X(vitals) X(procedure) X(imaging) X(appointment) X(referral) X(billing) X(insurance)    \
  X(intake) X(id_document) X(immunization) X(narrative) X(bulk)                                                             \
  X(substance_use) X(psychotherapy) X(mental_health) X(hiv) X(sti) X(reproductive) X(genetic) X(gender_care) X(abuse)       \
  X(minor) X(communicable) X(workers_comp) X(hospice)

// What a context rule may be a sign of; score/cues.cpp counts them.
#define PHISCAN_CUES(X)                                                                                                     \
  X(patient) X(setting) X(second_person) X(narrative_subject) X(relation) X(education) X(newsletter) X(marketing) X(hr)     \
  X(veterinary) X(sample) X(deidentified) X(blank_form) X(codes) X(notice) X(scholarly) X(first_person)

// How a rule names somebody; score/ reads it. A patient: "Patient: Roe". A relative: "my husband Ray". A title: "Ms. Roe". A field: "Name: Roe",
// a subject: "Re: Roe", on forms. Self: "my name is Ana Roe". Greeting: "Hi Ana". Born: with a birth date. Age: "Ana, 7"; a case: "Ana Roe, 34,
// presents". File: in a file's name.
#define PHISCAN_NAMINGS(X) X(plain) X(patient) X(relative) X(title) X(field) X(subject) X(self) X(greeting) X(born) X(age) X(case_with_age) X(file)

#define PHISCAN_CLASSES(X) X(own) X(partner) X(direct) X(consumer) X(unknown) X(list) X(gateway) X(role_mailbox) X(ticket) X(disposable) X(invalid)

#define PHISCAN_RISKS(X)                                                                                                    \
  X(lookalike_domain) X(typo_domain) X(tld_slip) X(punycode) X(own_private) X(first_time) X(similar_to_usual)               \
  X(new_to_thread) X(display_mismatch) X(greeting_mismatch) X(patient_mismatch) X(many_visible) X(unknown_members)          \
  X(baa_missing) X(baa_expired) X(channel_mismatch) X(noreply)

#define PHISCAN_ENUMERATOR(name) name,
enum class Label : std::uint8_t { PHISCAN_LABELS(PHISCAN_ENUMERATOR) };
enum class Category : std::uint8_t { PHISCAN_CATEGORIES(PHISCAN_ENUMERATOR) };
enum class Cue : std::uint8_t { PHISCAN_CUES(PHISCAN_ENUMERATOR) };
enum class Naming : std::uint8_t { PHISCAN_NAMINGS(PHISCAN_ENUMERATOR) };
enum class RecipientClass : std::uint8_t { PHISCAN_CLASSES(PHISCAN_ENUMERATOR) };
enum class Risk : std::uint8_t { PHISCAN_RISKS(PHISCAN_ENUMERATOR) };
#undef PHISCAN_ENUMERATOR

enum class Content : std::uint8_t { none, health, identity, phi };
enum class Action : std::uint8_t { none, allow, note, confirm, justify, block };  // numbers of phiscan.h
enum class Audience : std::uint8_t { own, partner, patient, outside, risky };     // worst recipient, ascending
enum class Mode : std::uint8_t { monitor, advise, enforce };

[[nodiscard]] std::string_view to_string(Kind);
[[nodiscard]] std::string_view to_string(Label);
[[nodiscard]] std::string_view to_string(Category);
[[nodiscard]] std::string_view to_string(Cue);
[[nodiscard]] std::string_view to_string(Naming);
[[nodiscard]] std::string_view to_string(RecipientClass);
[[nodiscard]] std::string_view to_string(Risk);
[[nodiscard]] std::string_view to_string(Content);
[[nodiscard]] std::string_view to_string(Action);
[[nodiscard]] std::string_view to_string(Audience);
[[nodiscard]] std::string_view to_string(Mode);
template <typename E>
[[nodiscard]] std::optional<E> from_string(std::string_view text);  // nothing for an unknown word

[[nodiscard]] bool is_sensitive(Category category);  // from substance_use on (contract §2)

}  // namespace phiscan

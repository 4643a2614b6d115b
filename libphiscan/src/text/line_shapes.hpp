// Line shapes: what one line of a mail looks like, for the zone splitter: a closing, a contact line, an attribution, a header label.
// English, Spanish, French, German, Portuguese and Italian where mail programs write them. Lines come trimmed, from norm.
#pragma once

#include <cstdint>
#include <string_view>

namespace phiscan::text {

[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] bool starts_with_folded(std::string_view text, std::string_view lower);
[[nodiscard]] bool contains_folded(std::string_view text, std::string_view lower);

// "-----Original Message-----", "Begin forwarded message:".
[[nodiscard]] bool is_forward_rule(std::string_view line);
[[nodiscard]] bool is_underscore_rule(std::string_view line);

enum class HeaderLabel : std::uint8_t { none, from, date, to, cc, subject, other };
[[nodiscard]] HeaderLabel header_label(std::string_view line);

[[nodiscard]] bool begins_attribution(std::string_view line);
[[nodiscard]] bool ends_attribution(std::string_view line);
[[nodiscard]] bool holds_date_or_address(std::string_view line);

enum class Closing : std::uint8_t { none, alone, with_name };
[[nodiscard]] Closing closing_of(std::string_view line);
[[nodiscard]] bool is_sent_from(std::string_view line);
[[nodiscard]] bool is_postscript(std::string_view line);

// A phone, a web or mail address, a street, a postal code.
[[nodiscard]] bool has_contact_detail(std::string_view line);
// Contact details that patients do not write below their name: fax, NPI, a web site, credentials.
[[nodiscard]] bool is_work_line(std::string_view line);
// A name, a title, a clinic, a contact line: short, capitalised, no sentence, nothing about a patient.
[[nodiscard]] bool is_signature_like(std::string_view line);
// Twelve words or more, or words that end like a sentence.
[[nodiscard]] bool is_prose(std::string_view line);
// Words that only clinical text holds: DOB, MRN, results ...
[[nodiscard]] bool has_patient_cue(std::string_view line);
// The few of those that no disclaimer holds.
[[nodiscard]] bool has_identity_cue(std::string_view line);

}  // namespace phiscan::text

// Readers for structured payloads pasted or attached as text: HL7 v2, X12, FHIR JSON, C-CDA, delimited and HTML tables. Each finds
// its payload in a normalised text and says which values are identifiers or health facts of which record. Called by confirm() for
// rules with a `recogniser`.
#pragma once

#include <string_view>
#include <vector>

#include "detect/match.hpp"
#include "rules/pack.hpp"
#include "text/text.hpp"

namespace phiscan::detect {

// A value a reader found: which label it is, where, and of which record (1, 2, ... inside this payload; one record = one person; 0 = of
// the payload and nobody in it: a result without a patient, the billing provider).
struct StructuredValue {
  Kind kind = Kind::identity;
  Label label = Label::other_id;
  Span value;
  std::uint32_t record = 1;
};

struct Structured {
  Label payload = Label::table;             // hl7v2 x12 fhir ccda table
  Span extent;                              // of the payload
  std::uint32_t records = 0;                // persons
  bool clinical = false;                    // the payload itself is health evidence (a claim, a result, a diagnosis column)
  std::vector<StructuredValue> values;
};

// `recogniser` is one of hl7v2 x12 fhir ccda table. Bounded: at most 5,000 records per text are read, the rest is counted.
[[nodiscard]] std::vector<Structured> read_structures(std::string_view recogniser, const text::Text& text);

}  // namespace phiscan::detect

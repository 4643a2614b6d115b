// Edits: the changes that redact identifiers or trim the quoted thread, as replacements in the source strings of the parts. They apply
// to exactly the strings that were scanned. Clients can edit the subject, both bodies and attachment names; never attachment content.
#pragma once

#include <string_view>
#include <vector>

#include "decide/decision.hpp"

namespace phiscan::decide {

// What stands in for a value of this label: "[date of birth]". Plain text, nothing to escape in HTML.
[[nodiscard]] std::string_view neutral_word(Label label, bool spanish);

// The parts that a client can change in a draft.
[[nodiscard]] bool is_editable(message::PartRef::Kind kind);

// Every counted identity value, and the same values and names wherever else they stand in an editable part.
[[nodiscard]] std::vector<Edit> redactions(const message::Message& message, const std::vector<text::Text>& texts,
                                           const score::Findings& findings, bool spanish);

// Takes out all quoted and forwarded text of the bodies. Empty when there is none, or when it would take more than 5,000 edits.
[[nodiscard]] std::vector<Edit> quote_removals(const message::Message& message, const std::vector<text::Text>& texts);

// The source of a range of norm, pieces that touch joined: what lies between two pieces is markup, and markup takes room.
[[nodiscard]] std::vector<Span> source_spans(const text::Text& text, Span norm);
void source_spans(const text::Text& text, Span norm, std::vector<Span>& spans);

// Quoted or forwarded, header blocks included: not the sender's own words.
[[nodiscard]] bool is_quoted(text::ZoneKind zone, std::uint8_t depth);

}  // namespace phiscan::decide

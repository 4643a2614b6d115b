// Match: one confirmed occurrence of a rule in one text. Produced by confirm() and by the structure readers, consumed by score.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/span.hpp"
#include "rules/labels.hpp"

namespace phiscan::detect {

struct Match {
  std::uint32_t rule = 0;    // index into Pack::rules
  std::uint32_t text = 0;    // index into the message's texts
  Kind kind = Kind::identity;  // of the rule, or of the column or segment a structure reader found it in
  Label label = Label::other_id;
  Span value;                // in norm: what a redaction would remove
  Span extent;               // in norm: with its label or head
  std::uint32_t record = 0;  // 0 = free text; else one row, segment group or resource = one person
  float p = 0.0F;            // evidence after the validator
  std::optional<Category> category;  // of the term or the rule
  bool labelled = false;     // a head or column header names what it is
  bool sample = false;       // a documented fake or placeholder value
  auto operator<=>(const Match&) const = default;
};

}  // namespace phiscan::detect

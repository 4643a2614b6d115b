// Footers: paragraphs that say nothing about anybody: confidentiality notices, redisclosure statements, unsubscribe lines.
// They are cut sentence by sentence, so that a mail cannot lose its clinical text by calling itself confidential.
#pragma once

#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace phiscan::text {

// Sorted, not overlapping, in norm.
[[nodiscard]] std::vector<Span> find_footers(std::string_view norm);

}  // namespace phiscan::text

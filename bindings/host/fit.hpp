// Makes a report small enough for a reply, and says what was left out. What the sentences point at and what counts stays longest; an
// offer goes whole or not at all, since half of its edits would leave something behind. Pure.
#pragma once

#include "json.hpp"

namespace phiscan::host {

// Cuts `report` until it has at most `budget` bytes of JSON. Null when nothing had to go, otherwise counts by field.
[[nodiscard]] Json fit(Json& report, std::size_t budget);

}  // namespace phiscan::host

// The spine: one call per stage, values moving left to right. Scratch belongs to one thread. A scan is a pure function: same inputs, same
// report, byte for byte.
#pragma once

#include "detect/matcher.hpp"
#include "message/message.hpp"
#include "report/report.hpp"
#include "ruleset.hpp"

namespace phiscan {

[[nodiscard]] report::Report scan(const Ruleset& set, detect::Scratch& scratch, const message::Message& message);

}  // namespace phiscan

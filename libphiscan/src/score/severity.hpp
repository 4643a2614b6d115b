// Severity: how bad it would be (0-4), and which categories are there. From the combination table of phi.md §1, after weighing.
#pragma once

#include "score/finding.hpp"

namespace phiscan::score {

// SSN, card, bank, passport, licence: bad even without health text (contract §3).
[[nodiscard]] bool is_strong_identifier(Label label);

// Sets severity and categories of findings whose content, persons and counted items are final.
void grade(Findings& findings);

}  // namespace phiscan::score

// Cues: what kind of mail this is - told by context rules, counted outside footers. Decides how much general health words weigh.
#pragma once

#include <vector>

#include "detect/match.hpp"
#include "message/message.hpp"
#include "rules/pack.hpp"
#include "rules/policy.hpp"
#include "text/text.hpp"

namespace phiscan::score {

struct Cues {
  int patient = 0, setting = 0, second_person = 0, narrative = 0, relation = 0;             // about a case
  int education = 0, newsletter = 0, marketing = 0, hr = 0, invoice = 0, veterinary = 0;    // about something else
  int research = 0, sample = 0, deidentified = 0, blank_form = 0, codes = 0, it = 0;
  bool from_care = false;   // the sender is a place of care: policy says so, or its domain or name does
  bool care = false;        // the mail comes from, or speaks of, a place of care

  [[nodiscard]] int about_a_case() const { return narrative + second_person + relation; }
  [[nodiscard]] bool is_education() const { return education + 2 * newsletter + marketing >= 2 && education + 2 * newsletter + marketing > 2 * about_a_case(); }
  [[nodiscard]] bool is_made_up() const { return sample + deidentified > 0; }
};

[[nodiscard]] Cues read_cues(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts, const std::vector<detect::Match>& matches);

}  // namespace phiscan::score

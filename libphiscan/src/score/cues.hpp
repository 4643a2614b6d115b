// Cues: what kind of mail this is - told by context rules, counted outside footers. Decides how much general health words weigh.
#pragma once

#include <vector>

#include "detect/match.hpp"
#include "message/message.hpp"
#include "rules/pack.hpp"
#include "rules/policy.hpp"
#include "score/lists.hpp"
#include "score/reading.hpp"
#include "text/text.hpp"

namespace phiscan::score {

struct Cues {
  int patient = 0, setting = 0, second_person = 0, narrative = 0, relation = 0;             // about a case
  int education = 0, newsletter = 0, marketing = 0, hr = 0, veterinary = 0;    // about something else
  int sample = 0, deidentified = 0, blank_form = 0, codes = 0, notice = 0, scholarly = 0;
  int first_person = 0;     // "my pills", in the sender's own words
  bool from_care = false;   // the sender is a place of care: policy says so, or its domain or name does
  bool to_care = false;     // it is not, but a recipient is
  bool care = false;        // the mail comes from, or speaks of, a place of care

  int clinical_sentences = 0;  // health rules of the narrative kind

  [[nodiscard]] int about_a_case() const { return narrative + second_person + relation; }
  // Text for everybody: handouts, newsletters, code lists.
  [[nodiscard]] bool is_education() const { return is_general(4 * scholarly); }
  // Only the words of a paper make it so: a doctor may cite one in a mail about a patient.
  [[nodiscard]] bool is_only_a_paper() const { return is_education() && !is_general(0); }
  [[nodiscard]] bool is_about_animals() const { return veterinary >= 2 && veterinary >= patient; }
  [[nodiscard]] bool is_made_up() const { return sample + deidentified > 0; }

 private:
  [[nodiscard]] bool is_general(int papers) const {
    const int general = papers + education + 2 * newsletter + marketing + 2 * codes + 4 * notice + (blank_form >= 4 ? 6 : blank_form > 0 ? 2 : 0);
    return general >= 2 && general > 2 * about_a_case() + clinical_sentences;
  }
};

[[nodiscard]] Cues read_cues(const rules::Pack& pack, const Lists& lists, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts, const std::vector<detect::Match>& matches, const Reading& reading);

}  // namespace phiscan::score

// People: puts the mentions of names in the mail together and tells who is staff, provider, sender or addressee and who may be a patient.
// Works on folded words; nothing here leaves the scan.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/match.hpp"
#include "message/message.hpp"
#include "recipients/envelope.hpp"
#include "rules/pack.hpp"
#include "score/lists.hpp"
#include "score/reading.hpp"
#include "text/text.hpp"

namespace phiscan::score {

struct Somebody {
  std::vector<std::string_view> words;  // of the Reading: folded name words, titles and initials left out; given ... surname order
  std::vector<std::uint32_t> mentions;  // indices into matches
  bool staff = false;                   // sender, own recipient, somebody who signs
  bool provider = false;
  bool greeted = false;                 // "Hi Jane"
  bool only_greeted = true;             // and nowhere else
  bool recipient = false;               // an outside recipient by name
  bool related = false;                 // "my husband ..."
  bool patient_label = false;           // "Patient: ..."
  std::uint32_t record = 0;             // of a structure; 0 = free text
  [[nodiscard]] std::string_view given() const { return words.size() > 1 ? words.front() : std::string_view(); }
  [[nodiscard]] std::string_view surname() const { return words.empty() ? std::string_view() : words.back(); }
};

struct People {
  std::vector<Somebody> all;
  std::vector<std::int32_t> of_match;   // index into all, or -1; one per match
  std::string greeting;                 // folded name greeted in the sender's own words
};

[[nodiscard]] People find_people(const rules::Pack& pack, const Lists& lists, const message::Message& message, const std::vector<text::Text>& texts,
                                 const recipients::Envelope& envelope, const std::vector<detect::Match>& matches, const Reading& reading);

}  // namespace phiscan::score

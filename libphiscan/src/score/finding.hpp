// Findings: what the mail says about whom, after weighing. The input of recipients::assess, decide and report.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/set_of.hpp"
#include "base/span.hpp"
#include "rules/labels.hpp"
#include "text/text.hpp"

namespace phiscan::score {

// Why a finding weighs what it weighs, in the order a report tells them.
enum class Reason : std::uint8_t { label_adjacent, structured, subject, placeholder_name };
[[nodiscard]] constexpr std::string_view to_string(Reason reason) {
  constexpr std::array<std::string_view, 4> names{"label_adjacent", "structured", "subject", "placeholder_name"};
  return names[static_cast<std::size_t>(reason)];
}

struct Finding {
  std::uint32_t rule = 0;                 // index into Pack::rules
  Label label = Label::other_id;
  Kind kind = Kind::identity;
  std::uint32_t text = 0;                 // index into texts
  Span value;                             // in norm of that text
  std::optional<std::uint32_t> person;    // index into Findings::persons; patients only
  std::optional<Category> category;
  text::ZoneKind zone = text::ZoneKind::fresh;
  std::uint8_t depth = 0;                 // quoting depth of its place
  double confidence = 0.0;                // 0..1
  bool counted = false;
  bool labelled = false;
  std::string_view suppressed_by;         // "" when counted; static strings: signature footer staff provider sample blank_form education ...
  SetOf<Reason> reasons;
};

struct Person {
  std::string name_key;   // folded "given surname" for comparing with addresses; never written to a report
  std::string given;      // folded; may be empty
  std::string surname;    // folded; may be empty
  double identity = 0.0;
  double health = 0.0;
  double link = 0.0;
  bool from_envelope = false;   // named by the recipient's address only
  bool in_new_text = false;     // any counted finding outside quotes
};

// One step of the reasoning, for `explain`.
struct Step {
  std::string what;      // "identity person 0: us.mrn 0.90 x zone 1.00"; rule ids and numbers only
};

struct Findings {
  std::vector<Finding> findings;     // in part and offset order
  std::vector<Person> persons;       // patients
  std::uint32_t staff = 0;           // distinct staff and provider names
  Content content = Content::none;
  int severity = 0;                  // 0..4
  double confidence = 0.0;
  std::set<Category> categories;
  bool only_in_quote = false;        // PHI stands only in quoted or forwarded text
  bool speaks_to_reader = false;     // second person clinical ("your results")
  std::optional<std::string> greeting;  // folded name greeted in new text, for greeting_mismatch; never reported
  std::vector<Step> steps;           // only when the request asks to explain
};

}  // namespace phiscan::score

// What weigh() carries from step to step: the inputs, each match as an item with its worth, the persons found so far and the sums the
// verdict is taken from. The steps stand in items.cpp, own.cpp, persons.cpp, health.cpp with case.cpp, and verdict.cpp, in this order; weigh.cpp calls them.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "score/cues.hpp"
#include "score/finding.hpp"
#include "score/links.hpp"
#include "score/lists.hpp"
#include "score/people.hpp"
#include "score/reading.hpp"

namespace phiscan::score {

constexpr std::uint32_t nobody = UINT32_MAX;

// What one match is worth here, before persons.
struct Item {
  std::uint32_t match = 0;
  double p = 0.0;
  std::string_view suppressed;
  std::uint32_t person = nobody;
  std::uint32_t somebody = nobody;   // names only
  bool own = false;                  // health: said to be somebody's (own.cpp)
  SetOf<Reason> reasons;
};

struct Weighing {
  const rules::Pack& pack;
  const Lists& lists;
  const rules::Weights& weights;
  const rules::Policy& policy;
  const message::Message& message;
  const std::vector<text::Text>& texts;
  const recipients::Envelope& envelope;
  const std::vector<detect::Match>& matches;
  const Reading& reading;
  Cues cues;
  People people;
  std::vector<Item> items{};
  std::vector<bool> addressee{};      // per person: greeted and nowhere else
  std::vector<bool> correspondent{};  // per person: greeted, or a recipient
  std::vector<bool> labelled{};       // per person
  std::vector<bool> well_named{};     // per person: more than a single word that may be a name
  std::vector<bool> related{};        // per person: "my husband ..."
  std::map<std::uint32_t, std::uint32_t> unnamed{};  // record -> person
  std::uint32_t reader = nobody;  // the recipient, when the mail speaks to a patient
  std::uint32_t author = nobody;  // the sender, when a patient writes
  bool private_address = false;  // somebody gets the mail at a consumer's or an unknown address
  double narrative = 0.0;
  bool clinical_number = false;  // a chart, prescription or Social Security number stands somewhere
  bool two_kinds = false;        // somebody's name stands with another identifier
  bool is_general = false;       // text for everybody: a handout, a newsletter, a paper
  std::size_t length = 0;        // of the body, without its footers
  std::size_t health_words = 0;  // different ones; seven and more are no small talk
  double strongest = 0.0;        // health evidence, whoever it is about
  int named = 0;                 // named persons who could be the patient
  int candidates = 0;            // all who could
  bool spoken_of = false;        // the words tell of somebody: a case, a patient, "she"
  bool crowd = false;            // several named people in a mail that no place of care sends or gets: facts stay in their item
  std::vector<std::uint32_t> owner{};  // per item: the person whose name stands nearest to a fact; nobody where no name stands in its item
  std::vector<std::uint32_t> told_of{};  // per item: that person, when it is named in the sentence of the fact
  double general = 0.0;          // all health text, whoever it is about
  Findings out{};

  [[nodiscard]] const detect::Match& of(const Item& item) const { return matches[item.match]; }
  [[nodiscard]] Naming naming_of(const detect::Match& match) const { return pack.rules[match.rule].naming; }
  [[nodiscard]] const text::Text& text_of(const detect::Match& match) const { return texts[match.text]; }
  [[nodiscard]] bool from_envelope(std::uint32_t person) const { return person == reader || person == author; }
  [[nodiscard]] const text::Zone& zone_of(const Item& item) const { return reading.zone(item.match); }
  [[nodiscard]] bool wants_steps() const { return message.explain && out.steps.size() < 500; }
};

[[nodiscard]] inline double noisy_or(double a, double b) { return 1.0 - (1.0 - a) * (1.0 - b); }
[[nodiscard]] std::string hundredths(double value);

// items.cpp
void collect_items(Weighing& w);
void resolve_overlaps(Weighing& w);
void drop_duplicates(Weighing& w);
void keep_company(Weighing& w);
void find_general(Weighing& w);

// own.cpp
void find_own(Weighing& w);

// persons.cpp
void name_persons(Weighing& w);
void add_reader(Weighing& w);
void add_author(Weighing& w);
void attach_identifiers(Weighing& w);
[[nodiscard]] int named_count(const Weighing& w);
[[nodiscard]] int candidate_count(const Weighing& w);

// case.cpp
// Health evidence that is worth something, in the order of the mail.
struct Fact {
  std::uint32_t item = 0;
  const detect::Match* match = nullptr;
  double p = 0.0;
  bool is_plain = false;       // said of one person only
  bool needs_company = false;
  bool in_text = false;        // a health rule's, and no file's name
  bool again = false;          // said before: worth nothing more, but it may stand in a name's sentence
};
using Facts = std::vector<Fact>;
[[nodiscard]] bool is_bodily(const detect::Match& match);
[[nodiscard]] bool is_plain_fact(const Weighing& w, const detect::Match& match);
void weigh_person(Weighing& w, std::uint32_t id, const std::vector<const Item*>& mine, const Facts& facts, double made_up);

// health.cpp
void link_health(Weighing& w);

// verdict.cpp
[[nodiscard]] Findings conclude(Weighing& w);

}  // namespace phiscan::score

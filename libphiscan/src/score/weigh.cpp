#include "score/weigh.hpp"

#include "score/weighing.hpp"

namespace phiscan::score {

std::string hundredths(double value) {
  const int rounded = static_cast<int>(std::lround(value * 100.0));
  const std::string digits = std::to_string(rounded % 100);
  return std::to_string(rounded / 100) + "." + (digits.size() < 2 ? "0" : "") + digits;
}

Findings weigh(const rules::Pack& pack, const Lists& lists, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts,
               const recipients::Envelope& envelope, const std::vector<detect::Match>& matches) {
  const Reading reading(texts, matches);
  Weighing w{.pack = pack, .lists = lists, .weights = pack.weights, .policy = policy, .message = message, .texts = texts, .envelope = envelope, .matches = matches, .reading = reading,
             .cues = read_cues(pack, lists, policy, message, texts, matches, reading), .people = find_people(pack, lists, message, texts, envelope, matches, reading)};
  collect_items(w);
  resolve_overlaps(w);
  drop_duplicates(w);
  find_own(w);
  keep_company(w);
  find_general(w);
  name_persons(w);
  add_reader(w);
  add_author(w);
  attach_identifiers(w);
  link_health(w);
  return conclude(w);
}

}  // namespace phiscan::score

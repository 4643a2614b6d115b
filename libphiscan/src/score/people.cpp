#include "score/people.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "score/links.hpp"
#include "score/words.hpp"

namespace phiscan::score {
namespace {

using detect::Match;

bool is_any(std::string_view word, std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }

// What comparing names asks for: the words, and the first and last of them by number.
struct Name {
  std::vector<std::string_view> words;  // given ... surname order
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

// "Doe, Jane Q" and "DOE^JANE" are turned round.
Name read_name(std::string_view folded, Words& words) {
  Name name;
  std::size_t turn = 0;  // where the words behind the first comma begin
  bool is_turned = false;
  std::size_t begin = 0;
  const auto flush = [&](std::size_t end) {
    while (begin < end && folded[begin] == '\'') ++begin;
    const auto word = folded.substr(begin, end - begin);
    if (word.size() > 1 && !is_any(word, {"mr", "mrs", "ms", "miss", "dr", "jr", "sr", "ii", "iii", "iv", "md", "rn", "don", "dona", "sra", "srta", "np", "do"})) name.words.push_back(word);
    begin = end + 1;
  };
  for (std::size_t at = 0; at < folded.size(); ++at) {
    const char c = folded[at];
    if (c == ',' || c == '^') {
      flush(at);
      if (!is_turned) turn = name.words.size();
      is_turned = true;
    } else if (c == ' ' || c == '\n' || c == '\t' || c == '.' || c == '_' || c == '-' || c == '(' || c == ')' || c == '"') {
      flush(at);
    }
  }
  flush(folded.size());
  if (is_turned) std::rotate(name.words.begin(), name.words.begin() + static_cast<std::ptrdiff_t>(turn), name.words.end());
  if (name.words.empty()) return name;
  name.first = words.number(name.words.front());
  name.last = words.number(name.words.back());
  return name;
}

// Same person by name: equal, or one is the given name or the surname of the other, or both ends agree.
bool same_person(const Name& a, const Name& b) {
  if (a.words.empty() || b.words.empty()) return false;
  if (a.words.size() == 1) return a.first == b.first || a.first == b.last;
  if (b.words.size() == 1) return b.first == a.first || b.first == a.last;
  return a.first == b.first && a.last == b.last;
}

// "Hi Jane", "Dear Mr. Roe", or the name alone on the first line.
bool is_greeted(const text::Text& text, const Reading& reading, const Match& match, Naming naming) {
  const std::string_view norm = text.norm;
  // What stands before the name is part of a greeting only behind these: "Hello, my husband Ray" greets nobody of that name.
  const std::uint32_t begin = naming == Naming::title || naming == Naming::greeting ? match.extent.begin : match.value.begin;
  constexpr std::uint32_t longest = 48;
  std::uint32_t start = begin;
  while (start > 0 && norm[start - 1] != '\n') {
    if (begin - start == longest) return false;
    --start;
  }
  std::string_view before = reading.folded(match.text, start, begin);
  before = before.substr(0, before.find_last_not_of(" ,\t") + 1);  // npos + 1 is 0
  before.remove_prefix(std::min(before.find_first_not_of(" \t"), before.size()));
  constexpr std::size_t longest_greeting = 14;
  if (before.size() > longest_greeting) return false;
  if (is_any(before, {"hi", "hello", "hey", "dear", "good morning", "good afternoon", "good evening", "greetings", "hola", "estimado", "estimada", "buenos dias", "buenas tardes",
                      "querido", "querida", "thanks", "thank you", "hi there", "morning", "dear mr", "dear mrs", "dear ms", "hi mr", "hi mrs", "hi ms", "hello mr", "hello ms", "hello mrs", "gracias", "ok", "sure", "dear miss"})) return true;
  if (!before.empty()) return false;
  std::size_t end = match.value.end;
  while (end < norm.size() && norm[end] == ' ') ++end;
  const bool alone = end < norm.size() && (norm[end] == ',' || norm[end] == '-' || norm[end] == ':') && (end + 1 >= norm.size() || norm[end + 1] == '\n' || norm[end + 1] == ' ');
  if (!alone || norm[end] == ':') return false;
  // Only where a mail begins: the first words of a zone.
  const auto& zone = text.zone_at(begin);
  const auto head = norm.substr(zone.range.begin, begin - zone.range.begin);
  if (head.find_first_not_of(" \n\t") != std::string_view::npos || end + 2 >= norm.size()) return false;
  if (norm[end + 1] == '\n') return true;
  // "Orlando, the lab is short", but not "Roe, born 4/12/1961"
  const std::string_view next = norm.substr(end + 2, std::min<std::size_t>(norm.find(' ', end + 2), norm.size()) - end - 2);
  return norm[end] == ',' && norm[end + 1] == ' ' && match.value.of(norm).find(' ') == std::string_view::npos &&
         is_any(next, {"the", "we", "you", "your", "i", "this", "it", "please", "just", "can", "could", "thanks", "thank", "sorry", "here", "are", "is", "do", "did", "su", "le", "ya"});
}

// "Soy Ana Ruiz", "Hi, Ana Ruiz here": the writer says their own name, and greets nobody.
bool is_introduced(const rules::Pack& pack, std::string_view norm, const Match& match) {
  return pack.rules[match.rule].naming == Naming::self || norm.substr(match.value.end).starts_with(" here");
}

// "... for stock. Thanks, Bart Quince": the words before the name end a letter.
bool closes_letter(std::string_view before) {
  static constexpr std::string_view words[] = {"atentamente", "best", "cheers", "gracias", "kindly", "love", "many thanks", "regards", "saludos", "sincerely", "thank you", "thanks", "thx", "warmly"};
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return !before.empty() && before.back() == word.back() && before.ends_with(word) && text::is_edge(before, before.size() - word.size()); });
}

// The name alone on the last line of the sender's words: "Charlene", "- Fern", "Valdir G."
bool is_signed(std::string_view norm, const text::Zone& zone, const Reading& reading, const Match& match) {
  const auto blank = [](char c) { return c == ' ' || c == '-' || c == '~' || c == '\n' || c == '\t' || c == '.' || c == ',' || c == '_'; };
  std::uint32_t begin = match.value.begin;
  while (begin > 0 && norm[begin - 1] != '\n' && blank(norm[begin - 1])) --begin;
  if (begin == 0 || (norm[begin - 1] != '\n' && !closes_letter(reading.before(match.text, begin, 16)))) return false;
  std::size_t end = match.value.end;
  // "Ximena Cordero, Delmar Women's Health": the rest of the line is the place, in capitals.
  if (norm.substr(end).starts_with(", ")) {
    const std::size_t line = std::min(norm.find('\n', end), norm.size());
    bool place = line - end > 6 && line - end < 60;
    for (std::size_t at = end + 2; at < line && place; ++at) {
      const bool begins = norm[at - 1] == ' ' && ((norm[at] >= 'a' && norm[at] <= 'z') || (norm[at] >= '0' && norm[at] <= '9'));
      const auto rest = norm.substr(at);
      place = !begins || rest.starts_with("of ") || rest.starts_with("and ") || rest.starts_with("for ") || rest.starts_with("the ");
    }
    if (place) end = line;
  }
  const auto of_number = [](char c) { return (c >= '0' && c <= '9') || c == '(' || c == ')' || c == '+' || c == '|'; };  // "Dustin Mahoney 813-555-0109"
  while (end < norm.size() && norm[end] != '\n' && (blank(norm[end]) || of_number(norm[end]) || end < match.value.end + 2)) ++end;
  if (end < norm.size() && norm[end] != '\n') return false;
  while (end < norm.size() && blank(norm[end])) ++end;
  return end >= norm.size() || end >= zone.range.end;
}

// "Engineer Ana Ruiz has epilepsy": a job, and yet it is told what somebody has.
bool is_told_of(std::string_view after) {
  static constexpr std::string_view here[] = {" had ", " has ", " is allergic", " needs ", " suffer", " tested ", " was diagnosed"};
  static constexpr std::string_view anywhere[] = {" broke his ", " broke her ", " tore his ", " tore her ", " he has ", " is undergoing ", " is expecting ", " she has "};
  constexpr std::size_t rest_of_name = 24;  // the match may be a given name, its surname behind it
  bool in_clause = true;
  bool told = false;
  bool said = false;  // the news tells what actors said
  for (std::size_t at = 0; at < after.size(); ++at) {
    const char c = after[at];
    if (c == '.' || c == '!' || c == '?' || c == '\n') break;
    in_clause = in_clause && c != ',' && c != ';' && c != ':';
    if (c != ' ') continue;
    const auto begins_with = [rest = after.substr(at)](std::string_view words) { return rest.starts_with(words); };
    if (in_clause && at <= rest_of_name && std::any_of(std::begin(here), std::end(here), begins_with)) return true;
    told = told || std::any_of(std::begin(anywhere), std::end(anywhere), begins_with);
    said = said || begins_with(" said ");
  }
  return told && !said;
}

constexpr std::uint32_t role_reach = 48;  // bytes; longer than any phrase of the lists

// A role stands right before this place: "our diabetes educator, ", "counsel (", "Trainers: ", "led by ".
bool is_behind_a_role(const Lists& lists, const Reading& reading, std::uint32_t text, std::uint32_t begin) {
  const std::string_view before = reading.before(text, begin, role_reach);
  if (before.size() < 2 || (before.back() != ' ' && !before.ends_with(" ("))) return false;
  if (before.back() == '(' && lists.at_work_before.is_at_end_of(before)) return true;  // "Facilities (Ana Ruiz)"
  auto phrase = before.substr(0, before.size() - (before.back() == ' ' ? 1 : 2));
  const bool comma = phrase.ends_with(',');
  if (comma || phrase.ends_with(':')) phrase.remove_suffix(1);
  for (const std::string_view verb : {" is", " are", " was", " will be"}) {  // "Your liaison is Ana Ruiz"
    if (phrase.ends_with(verb)) phrase.remove_suffix(verb.size());
  }
  if (phrase.find("-year-old ") != std::string_view::npos || phrase.find(" yo ") != std::string_view::npos) return false;  // "this 37-year-old teacher, Ms. Ruiz"
  const auto ends_in_a_role = [&] {
    return lists.at_work_before.is_at_end_of(phrase, [&](std::string_view role) {
      const std::size_t at = phrase.size() - role.size();
      const bool greeted = comma && (at == 0 ? begin <= role_reach : phrase[at - 1] == '\n');  // "Coach, Lena cannot run"
      return !greeted;
    });
  };
  if (ends_in_a_role()) return true;
  if (!phrase.ends_with('s')) return false;
  phrase.remove_suffix(1);
  return ends_in_a_role();
}

// " is the new head of oncology": what somebody is.
bool is_in_a_role(const Lists& lists, std::string_view after) {
  constexpr std::size_t longest = 32;
  static constexpr std::string_view verbs[] = {" is a ", " is an ", " is our ", " is the ", " was the "};
  for (const auto verb : verbs) {
    if (!after.starts_with(verb)) continue;
    const std::size_t stop = std::min({after.find_first_of("0123456789,.;:()\n", verb.size()), after.size(), longest});  // not "is a 49-year-old nurse"
    for (std::size_t end = verb.size(); end <= stop; ++end) {
      if (text::is_edge(after, end) && lists.at_work_before.is_at_end_of(after.substr(verb.size(), end - verb.size()))) return !is_told_of(after.substr(end));
    }
  }
  return false;
}

// ", our new field engineer," right behind the name; but "Ana Ruiz, a teacher, has epilepsy" is told of.
enum class Role : std::uint8_t { none, one, several };  // several: "Ana Ruiz and Ben Carver, nurses"
Role role_behind(const Lists& lists, std::string_view after) {
  constexpr std::size_t longest = 40;
  if (!after.starts_with(", ")) return Role::none;
  const std::size_t stop = std::min(after.find_first_of(",.;:()\n", 2), after.size());
  if (stop > longest) return Role::none;
  const std::string_view role = after.substr(2, stop - 2);
  const bool one = lists.at_work_before.is_at_end_of(role);
  const bool several = role.ends_with('s') && lists.at_work_before.is_at_end_of(role.substr(0, role.size() - 1));
  if ((!one && !several) || is_told_of(after.substr(std::min(stop + 1, after.size())))) return Role::none;
  return several ? Role::several : Role::one;
}

// "led by Ben Carver", "Alma Reyes covers the phones", "Ben Carver, our dietitian": somebody at work, no patient.
bool is_at_work(const Lists& lists, const Reading& reading, const Match& match) {
  const std::string_view before = reading.before(match.text, match.extent.begin, role_reach);
  const std::string_view after = reading.after(match.text, match.value.end, role_reach);
  const std::string_view sentence = reading.after(match.text, match.value.end, 2 * role_reach);
  if (after.starts_with(", i ") || after.starts_with(", i'")) return false;  // "AGENT: Denise, I'm sending an ambulance"
  const bool behind = is_behind_a_role(lists, reading, match.text, match.extent.begin) || (match.value.begin != match.extent.begin && is_behind_a_role(lists, reading, match.text, match.value.begin));
  if (behind && !is_told_of(sentence)) return true;
  if (role_behind(lists, sentence) != Role::none || is_in_a_role(lists, sentence)) return true;
  // "Questions go to Tobias Wren, 555-0177": whom to call.
  const std::string_view number = after.substr(0, 18);
  if (std::any_of(number.begin(), number.begin() + std::min<std::ptrdiff_t>(5, std::ssize(number)), text::is_ascii_digit) && std::count_if(number.begin(), number.end(), text::is_ascii_digit) >= 7) {
    static constexpr std::string_view towards[] = {" ask ", " go to ", " goes to ", " questions to ", " questions: ", " reply to ", " respond to ", " rsvp to ", " rsvp ", " rsvp: ", " speak to ", " talk to ", " write to "};
    if (std::any_of(std::begin(towards), std::end(towards), [&](std::string_view word) { return before.ends_with(word); })) return true;
  }
  const std::size_t gap = after.starts_with(' ') ? 1 : 0;
  if (after.size() <= gap || (after[gap] == ',' || after[gap] == '\'') != (gap == 0)) return false;  // a comma or "'s" stands at the name, a word apart from it
  return lists.at_work_behind.is_at_end_of(after.substr(gap));
}

// "Ana Ruiz wrote:": who wrote what is quoted here.
bool is_author(std::string_view after) {
  static constexpr std::string_view verbs[] = {" wrote", " writes", " escribi", " [mailto"};
  return after.starts_with(' ') && !after.starts_with(" wrote that") && std::any_of(std::begin(verbs), std::end(verbs), [&](std::string_view verb) { return after.starts_with(verb); });
}

// Where the name before ends, when this one is listed with it: "Ana Ruiz, ", "Ana Ruiz and ".
std::optional<std::uint32_t> listed_with(std::string_view norm, std::uint32_t begin) {
  static constexpr std::string_view joints[] = {", ", " and ", " & ", ", and ", " y "};
  const std::string_view before = norm.substr(0, begin);
  for (const auto joint : joints) {
    if (before.ends_with(joint)) return begin - static_cast<std::uint32_t>(joint.size());
  }
  return std::nullopt;
}

}  // namespace

People find_people(const rules::Pack& pack, const Lists& lists, const message::Message& message, const std::vector<text::Text>& texts,
                   const recipients::Envelope& envelope, const std::vector<Match>& matches, const Reading& reading) {
  People people;
  people.of_match.assign(matches.size(), -1);
  // Names by what stands in the mail: many stand there often.
  Words values;
  Words words;
  std::vector<Name> names;
  const auto name_of = [&](const Match& match) {
    const auto number = values.number(reading.value(match));
    if (number == names.size()) names.push_back(read_name(reading.value(match), words));
    return number;
  };
  struct Mention {
    std::uint32_t match;
    std::uint32_t name;
  };
  std::vector<std::vector<Mention>> mentions;  // by the number of words
  std::vector<std::uint32_t> providers;
  for (std::uint32_t i = 0; i < matches.size(); ++i) {
    const auto& match = matches[i];
    if (match.label == Label::provider_name && match.kind == Kind::provider) providers.push_back(name_of(match));
    if (match.kind != Kind::identity || match.label != Label::name) continue;
    const auto name = name_of(match);
    const std::size_t size = names[name].words.size();
    if (mentions.size() <= size) mentions.resize(size + 1);
    mentions[size].push_back({i, name});
  }
  std::sort(providers.begin(), providers.end());
  providers.erase(std::unique(providers.begin(), providers.end()), providers.end());
  // Who is known by a first or last word, and by a row.
  std::vector<Name> known;  // by person
  std::vector<std::vector<std::uint32_t>> by_word(words.size());
  std::unordered_map<std::uint32_t, std::uint32_t> by_record;
  const auto index = [&](std::uint32_t word, std::uint32_t id) {
    auto& ids = by_word[word];
    if (ids.empty() || ids.back() != id) ids.push_back(id);
  };
  const auto find = [&](const Name& name, std::uint32_t record) -> std::optional<std::uint32_t> {
    if (record != 0) {  // a row is one person, whatever others are called
      const auto at = by_record.find(record);
      return at == by_record.end() ? std::nullopt : std::optional(at->second);
    }
    std::optional<std::uint32_t> first;
    if (name.words.empty()) return first;
    for (const auto word : {name.first, name.last}) {
      for (const auto id : by_word[word]) {
        if ((!first || id < *first) && same_person(known[id], name)) first = id;
      }
    }
    return first;
  };
  const auto add = [&](const Mention& mention) {
    const auto& match = matches[mention.match];
    const Name& name = names[mention.name];
    auto at = find(name, match.record);
    if (!at) {
      if (people.all.size() >= 3'000) return;
      at = static_cast<std::uint32_t>(people.all.size());
      people.all.emplace_back().record = match.record;
      known.push_back(name);
      if (!name.words.empty()) {
        index(name.first, *at);
        index(name.last, *at);
      }
      if (match.record != 0) by_record.emplace(match.record, *at);
    } else if (auto& other = known[*at]; match.record != 0 && other.words.size() == 1 && name.words.size() == 1 && other.first != name.first) {
      other.words.push_back(name.words.front());  // first and last name in two cells
      other.last = name.first;
      index(name.first, *at);
    }
    people.all[*at].mentions.push_back(mention.match);
    people.of_match[mention.match] = static_cast<std::int32_t>(*at);
  };
  // Longest names first, so that a lone surname finds its person.
  for (auto same = mentions.rbegin(); same != mentions.rend(); ++same) std::for_each(same->begin(), same->end(), add);

  std::set<std::pair<std::uint32_t, std::uint32_t>> busy;  // where the names of people at work end: text, offset
  std::vector<std::string> addressed;  // folded; keeps what the names below are views of
  addressed.reserve(envelope.staff_names.size() + message.recipients.size());
  const auto read = [&](std::string_view name) { return read_name(addressed.emplace_back(text::fold(name)), words); };
  std::vector<Name> staff, outside;
  for (const auto& name : envelope.staff_names) staff.push_back(read(name));
  for (const auto& recipient : message.recipients) {
    if (!recipient.address.name.empty()) outside.push_back(read(recipient.address.name));
  }
  for (std::size_t i = 0; i < people.all.size(); ++i) {
    auto& somebody = people.all[i];
    somebody.words = known[i].words;
    const bool introduced = std::any_of(somebody.mentions.begin(), somebody.mentions.end(), [&](std::uint32_t id) { return is_introduced(pack, texts[matches[id].text].norm, matches[id]); });
    for (const auto id : somebody.mentions) {
      const auto& match = matches[id];
      const auto& text = texts[match.text];
      const Naming naming = pack.rules[match.rule].naming;
      const auto& zone = reading.zone(id);
      if (naming == Naming::patient || match.record != 0) somebody.patient_label = true;
      if (naming == Naming::relative) somebody.related = true;
      if (zone.kind == text::ZoneKind::signature && zone.depth == 0) somebody.staff = true;
      if (is_author(reading.after(match.text, match.value.end, 12))) somebody.staff = true;
      const bool body = is_body(text);
      if (body && !somebody.staff && zone.depth == 0 && is_signed(text.norm, zone, reading, match)) somebody.staff = true;
      if (body && is_at_work(lists, reading, match)) {
        somebody.staff = true;
        busy.emplace(match.text, match.value.end);
      }
      if (!body || introduced || !is_greeted(text, reading, match, naming)) {
        somebody.only_greeted = false;
      } else {
        somebody.greeted = true;
        if (people.greeting.empty() && zone.depth == 0 && zone.kind == text::ZoneKind::fresh) {
          for (const auto word : somebody.words) people.greeting.append(people.greeting.empty() ? "" : " ").append(word);
        }
      }
    }
    const auto is_same = [&](const Name& name) { return same_person(name, known[i]); };
    if (std::any_of(staff.begin(), staff.end(), is_same)) somebody.staff = true;
    else if (std::any_of(outside.begin(), outside.end(), is_same)) somebody.recipient = true;
    somebody.provider = std::any_of(providers.begin(), providers.end(), [&](std::uint32_t id) { return (names[id].words.size() > 1 || known[i].words.size() == 1) && is_same(names[id]); });
    const bool born = std::any_of(somebody.mentions.begin(), somebody.mentions.end(), [&](std::uint32_t id) { return pack.rules[matches[id].rule].naming == Naming::born; });
    if (somebody.patient_label || born) somebody.staff = somebody.provider = false;
  }
  // "Tutors: Ana Ruiz and Ben Carver": who is listed with somebody at work is at work, too.
  for (std::uint32_t i = 0; i < matches.size(); ++i) {
    const auto& match = matches[i];
    if (people.of_match[i] < 0) continue;
    auto& somebody = people.all[static_cast<std::size_t>(people.of_match[i])];
    const std::string_view norm = texts[match.text].norm;
    const auto before = listed_with(norm, match.value.begin);
    if (!before || !busy.contains({match.text, *before}) || somebody.patient_label || is_told_of(reading.after(match.text, match.value.end, 40))) continue;
    somebody.staff = true;
    busy.emplace(match.text, match.value.end);
  }
  // "Ana Ruiz, Lu Chen and Ben Carver, nurses": from the last one back.
  std::optional<std::pair<std::uint32_t, std::uint32_t>> listed;  // text, and where the name before ends
  for (std::uint32_t i = static_cast<std::uint32_t>(matches.size()); i-- > 0;) {
    const auto& match = matches[i];
    if (people.of_match[i] < 0) continue;
    auto& somebody = people.all[static_cast<std::size_t>(people.of_match[i])];
    const bool with_them = listed && *listed == std::pair(match.text, match.value.end);
    if (somebody.patient_label || !(with_them || (busy.contains({match.text, match.value.end}) && role_behind(lists, reading.after(match.text, match.value.end, 2 * role_reach)) == Role::several))) continue;
    somebody.staff = true;
    listed.reset();
    if (const auto before = listed_with(texts[match.text].norm, match.value.begin)) listed.emplace(match.text, *before);
  }
  return people;
}

}  // namespace phiscan::score

#include "score/people.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "score/links.hpp"

namespace phiscan::score {
namespace {

using detect::Match;

bool is_any(std::string_view word, std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }

// Name words in given ... surname order; "Doe, Jane Q" and "DOE^JANE" are turned round.
std::vector<std::string> name_words(std::string_view value) {
  const std::string folded = text::fold(value);
  std::vector<std::vector<std::string>> parts(1);
  std::string word;
  const auto flush = [&] {
    if (word.size() > 1 && !is_any(word, {"mr", "mrs", "ms", "miss", "dr", "jr", "sr", "ii", "iii", "iv", "md", "rn", "don", "dona", "sra", "srta", "np", "do"})) parts.back().push_back(word);
    word.clear();
  };
  for (const char c : folded) {
    if (c == ',' || c == '^') {
      flush();
      if (c == ',' || parts.size() == 1) parts.emplace_back();
    } else if (c == ' ' || c == '\n' || c == '\t' || c == '.' || c == '_' || c == '-' || c == '(' || c == ')' || c == '"') {
      flush();
    } else if (c == '\'') {
      if (!word.empty()) word.push_back(c);
    } else {
      word.push_back(c);
    }
  }
  flush();
  std::vector<std::string> out;
  for (std::size_t i = 1; i < parts.size(); ++i) out.insert(out.end(), parts[i].begin(), parts[i].end());
  out.insert(out.end(), parts[0].begin(), parts[0].end());
  return out;
}

// Same person by name: equal, or one is the given name or the surname of the other, or both ends agree.
bool same_person(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return false;
  if (a.size() == 1 || b.size() == 1) {
    const auto& one = a.size() == 1 ? a.front() : b.front();
    const auto& other = a.size() == 1 ? b : a;
    return one == other.front() || one == other.back();
  }
  return a.front() == b.front() && a.back() == b.back();
}

// "Hi Jane", "Dear Mr. Roe", or the name alone on the first line.
bool is_greeted(const text::Text& text, const Match& match, std::string_view rule) {
  const std::string_view norm = text.norm;
  // What stands before the name is part of a greeting only behind these: "Hello, my husband Ray" greets nobody of that name.
  const std::uint32_t begin = rule == "us.name.title" || rule == "us.name.greeting" ? match.extent.begin : match.value.begin;
  const auto line = norm.rfind('\n', begin == 0 ? 0 : begin - 1);
  const std::size_t start = line == std::string_view::npos || line >= begin ? 0 : line + 1;
  if (begin - start > 48) return false;  // no greeting is that long
  std::string before = text::fold(norm.substr(start, begin - start));
  while (!before.empty() && (before.back() == ' ' || before.back() == ',' || before.back() == '\t')) before.pop_back();
  const auto at = before.find_first_not_of(" \t");
  before = at == std::string::npos ? std::string() : before.substr(at);
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
  const std::string_view next = std::string_view(norm).substr(end + 2, std::min<std::size_t>(norm.find(' ', end + 2), norm.size()) - end - 2);
  return norm[end] == ',' && norm[end + 1] == ' ' && match.value.of(norm).find(' ') == std::string_view::npos &&
         is_any(next, {"the", "we", "you", "your", "i", "this", "it", "please", "just", "can", "could", "thanks", "thank", "sorry", "here", "are", "is", "do", "did", "su", "le", "ya"});
}

// "Soy Ana Ruiz", "Hi, Ana Ruiz here": the writer says their own name, and greets nobody.
bool is_introduced(const rules::Pack& pack, const text::Text& text, const Match& match) {
  return pack.rules[match.rule].id == "us.name.self" || std::string_view(text.norm).substr(match.value.end).starts_with(" here");
}

// "... for stock. Thanks, Bart Quince": the words before the name end a letter.
bool closes_letter(std::string_view norm, std::size_t end) {
  const std::size_t from = end > 16 ? end - 16 : 0;
  const std::string before = text::fold(norm.substr(from, end - from));
  static constexpr std::string_view words[] = {"atentamente", "best", "cheers", "gracias", "kindly", "love", "many thanks", "regards", "saludos", "sincerely", "thank you", "thanks", "thx", "warmly"};
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return before.ends_with(word) && text::is_edge(before, before.size() - word.size()); });
}

// The name alone on the last line of the sender's words: "Charlene", "- Fern", "Valdir G."
bool is_signed(const text::Text& text, const Match& match) {
  const std::string_view norm = text.norm;
  const auto blank = [](char c) { return c == ' ' || c == '-' || c == '~' || c == '\n' || c == '\t' || c == '.' || c == ',' || c == '_'; };
  std::size_t begin = match.value.begin;
  while (begin > 0 && norm[begin - 1] != '\n' && blank(norm[begin - 1])) --begin;
  if (begin == 0 || (norm[begin - 1] != '\n' && !closes_letter(norm, begin))) return false;
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
  return end >= norm.size() || end >= text.zone_at(match.value.begin).range.end;
}

// The pack's list at_work, by the side of a name its words stand on, and by the letter that is next to the name.
struct AtWork {
  using ByLetter = std::array<std::vector<std::string_view>, 32>;
  ByLetter before, after;
  static std::size_t place(char c) { return static_cast<unsigned char>(c) % 32; }

  explicit AtWork(const rules::Pack& pack) {
    const auto listed = pack.terms.find("at_work");
    if (listed == pack.terms.end()) return;
    for (const auto& term : listed->second.terms) {
      if (term.text.empty()) continue;
      if (std::find(term.flags.begin(), term.flags.end(), "before") != term.flags.end()) before[place(term.text.back())].push_back(term.text);
      else after[place(term.text.front())].push_back(term.text);
    }
  }
};

// "Engineer Ana Ruiz has epilepsy": a job, and yet it is told what somebody has.
bool is_told_of(std::string_view after) {
  static constexpr std::string_view verbs[] = {" had ", " has ", " is allergic", " needs ", " suffer", " tested ", " was diagnosed"};
  constexpr std::size_t rest_of_name = 24;  // the match may be a given name, its surname behind it
  return std::any_of(std::begin(verbs), std::end(verbs), [&](std::string_view verb) { return after.substr(0, after.find_first_of(".,;:!?\n")).find(verb) <= rest_of_name; });
}

// "led by Ben Carver", "Alma Reyes covers the phones", "Ben Carver, our dietitian": somebody at work, no patient.
bool is_at_work(const AtWork& words, const text::Text& text, const Match& match) {
  constexpr std::uint32_t reach = 48;  // longer than any of them
  const std::string_view norm = text.norm;
  const std::uint32_t from = match.extent.begin > reach ? match.extent.begin - reach : 0;
  const std::string before = text::fold(norm.substr(from, match.extent.begin - from));
  const std::string after = text::fold(norm.substr(match.value.end, reach));
  if (before.size() > 1 && (before.back() == ' ' || before.ends_with(" (")) && !is_told_of(after)) {
    auto phrase = std::string_view(before).substr(0, before.size() - (before.back() == ' ' ? 1 : 2));
    const bool comma = phrase.ends_with(',');
    if (comma || phrase.ends_with(':')) phrase.remove_suffix(1);  // "our diabetes educator, Ana Ruiz", "counsel (Ana Ruiz)", "Trainer: Ana Ruiz"
    const auto ends_in_a_role = [&] {
      if (phrase.empty()) return false;
      const auto& terms = words.before[AtWork::place(phrase.back())];
      return std::any_of(terms.begin(), terms.end(), [&](std::string_view term) {
        const std::size_t at = phrase.size() - std::min(term.size(), phrase.size());
        const bool greeted = comma && (at == 0 ? from == 0 : phrase[at - 1] == '\n');  // "Coach, Lena cannot run"
        return !greeted && phrase.ends_with(term) && text::is_edge(before, at);
      });
    };
    if (ends_in_a_role()) return true;
    if (phrase.ends_with('s')) {  // "Trainers"
      phrase.remove_suffix(1);
      if (ends_in_a_role()) return true;
    }
  }
  // "Questions go to Tobias Wren, 555-0177": whom to call.
  const std::string_view number = std::string_view(after).substr(0, 18);
  if (number.find_first_of("0123456789") <= 4 && std::count_if(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }) >= 7) {
    static constexpr std::string_view towards[] = {" ask ", " go to ", " goes to ", " questions to ", " questions: ", " reply to ", " respond to ", " rsvp to ", " rsvp ", " rsvp: ", " speak to ", " talk to ", " write to "};
    if (std::any_of(std::begin(towards), std::end(towards), [&](std::string_view word) { return before.ends_with(word); })) return true;
  }
  const std::size_t gap = after.starts_with(' ') ? 1 : 0;
  if (after.size() <= gap || (after[gap] == ',' || after[gap] == '\'') != (gap == 0)) return false;  // a comma or "'s" stands at the name, a word apart from it
  const auto& terms = words.after[AtWork::place(after[gap])];
  return std::any_of(terms.begin(), terms.end(), [&](std::string_view term) { return std::string_view(after).substr(gap).starts_with(term) && text::is_edge(after, gap + term.size()); });
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

People find_people(const rules::Pack& pack, const message::Message& message, const std::vector<text::Text>& texts,
                   const recipients::Envelope& envelope, const std::vector<Match>& matches) {
  People people;
  people.of_match.assign(matches.size(), -1);
  struct Mention {
    std::uint32_t match;
    std::vector<std::string> words;
  };
  std::vector<Mention> mentions;
  std::vector<std::vector<std::string>> providers;
  for (std::uint32_t i = 0; i < matches.size(); ++i) {
    const auto& match = matches[i];
    if (match.label == Label::provider_name && match.kind == Kind::provider) providers.push_back(name_words(match.value.of(texts[match.text].norm)));
    if (match.kind != Kind::identity || match.label != Label::name) continue;
    mentions.push_back({i, name_words(match.value.of(texts[match.text].norm))});
  }
  std::sort(providers.begin(), providers.end());
  providers.erase(std::unique(providers.begin(), providers.end()), providers.end());
  // Longest names first, so that a lone surname finds its person.
  std::stable_sort(mentions.begin(), mentions.end(), [](const Mention& a, const Mention& b) { return a.words.size() > b.words.size(); });
  // Who is known by a first or last word, and by a row.
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_word;
  std::unordered_map<std::uint32_t, std::uint32_t> by_record;
  const auto index = [&](const std::string& word, std::uint32_t id) {
    auto& ids = by_word[word];
    if (ids.empty() || ids.back() != id) ids.push_back(id);
  };
  const auto find = [&](const Mention& mention, std::uint32_t record) -> std::optional<std::uint32_t> {
    if (record != 0) {  // a row is one person, whatever others are called
      const auto at = by_record.find(record);
      return at == by_record.end() ? std::nullopt : std::optional(at->second);
    }
    std::optional<std::uint32_t> first;
    for (const auto* word : {mention.words.empty() ? nullptr : &mention.words.front(), mention.words.empty() ? nullptr : &mention.words.back()}) {
      if (word == nullptr) continue;
      const auto ids = by_word.find(*word);
      if (ids == by_word.end()) continue;
      for (const auto id : ids->second) {
        if ((!first || id < *first) && same_person(people.all[id].words, mention.words)) first = id;
      }
    }
    return first;
  };
  for (auto& mention : mentions) {
    const auto& match = matches[mention.match];
    auto at = find(mention, match.record);
    if (!at) {
      if (people.all.size() >= 3'000) continue;
      at = static_cast<std::uint32_t>(people.all.size());
      Somebody fresh;
      fresh.words = mention.words;
      fresh.record = match.record;
      people.all.push_back(std::move(fresh));
      if (!mention.words.empty()) {
        index(mention.words.front(), *at);
        index(mention.words.back(), *at);
      }
      if (match.record != 0) by_record.emplace(match.record, *at);
    } else if (auto& known = people.all[*at]; match.record != 0 && known.words.size() == 1 && mention.words.size() == 1 && known.words != mention.words) {
      known.words.push_back(mention.words.front());  // first and last name in two cells
      index(mention.words.front(), *at);
    }
    people.all[*at].mentions.push_back(mention.match);
    people.of_match[mention.match] = static_cast<std::int32_t>(*at);
  }

  const AtWork at_work(pack);
  std::set<std::pair<std::uint32_t, std::uint32_t>> busy;  // where the names of people at work end: text, offset
  std::vector<std::vector<std::string>> staff;
  for (const auto& name : envelope.staff_names) staff.push_back(name_words(name));
  std::vector<std::vector<std::string>> outside;
  for (const auto& recipient : message.recipients) {
    if (!recipient.address.name.empty()) outside.push_back(name_words(recipient.address.name));
  }
  for (auto& somebody : people.all) {
    const bool introduced = std::any_of(somebody.mentions.begin(), somebody.mentions.end(), [&](std::uint32_t id) { return is_introduced(pack, texts[matches[id].text], matches[id]); });
    for (const auto id : somebody.mentions) {
      const auto& match = matches[id];
      const auto& text = texts[match.text];
      const auto& rule = pack.rules[match.rule].id;
      const auto& zone = text.zone_at(match.value.begin);
      if (rule == "us.name.patient_label" || rule == "us.name.patient_word" || match.record != 0) somebody.patient_label = true;
      if (rule == "us.name.relative") somebody.related = true;
      if (zone.kind == text::ZoneKind::signature && zone.depth == 0) somebody.staff = true;
      const std::string behind = text::fold(std::string_view(text.norm).substr(match.value.end, 10));
      if ((behind.starts_with(" wrote") && !behind.starts_with(" wrote that")) || behind.starts_with(" writes") || behind.starts_with(" escribi") || behind.starts_with(" [mailto")) somebody.staff = true;
      const bool body = is_body(text);
      if (body && !somebody.staff && zone.depth == 0 && is_signed(text, match)) somebody.staff = true;
      if (body && is_at_work(at_work, text, match)) {
        somebody.staff = true;
        busy.emplace(match.text, match.value.end);
      }
      if (!body || introduced || !is_greeted(text, match, rule)) {
        somebody.only_greeted = false;
      } else {
        somebody.greeted = true;
        if (people.greeting.empty() && zone.depth == 0 && zone.kind == text::ZoneKind::fresh) {
          for (const auto& word : somebody.words) people.greeting += (people.greeting.empty() ? "" : " ") + word;
        }
      }
    }
    const auto is_same = [&](const std::vector<std::string>& name) { return same_person(name, somebody.words); };
    if (std::any_of(staff.begin(), staff.end(), is_same)) somebody.staff = true;
    else if (std::any_of(outside.begin(), outside.end(), is_same)) somebody.recipient = true;
    somebody.provider = std::any_of(providers.begin(), providers.end(), [&](const auto& name) {
      return name.size() > 1 || somebody.words.size() == 1 ? is_same(name) : false;
    });
    if (somebody.patient_label) somebody.staff = somebody.provider = false;
  }
  // "Tutors: Ana Ruiz and Ben Carver": who is listed with somebody at work is at work, too.
  for (std::uint32_t i = 0; i < matches.size(); ++i) {
    const auto& match = matches[i];
    if (people.of_match[i] < 0) continue;
    auto& somebody = people.all[static_cast<std::size_t>(people.of_match[i])];
    const std::string_view norm = texts[match.text].norm;
    const auto before = listed_with(norm, match.value.begin);
    if (!before || !busy.contains({match.text, *before}) || somebody.patient_label || is_told_of(text::fold(norm.substr(match.value.end, 40)))) continue;
    somebody.staff = true;
    busy.emplace(match.text, match.value.end);
  }
  return people;
}

}  // namespace phiscan::score

// The reader of names: words of running text with what the lists know of them, and the longest run of them that reads as one name. The name_*
// validators (names.cpp) ask it; nobody else does.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "detect/name_words.hpp"
#include "detect/validators.hpp"
#include "text/utf8.hpp"

namespace phiscan::detect {

// Where the words of a sorted list with each first letter stand: few or none of them are left to compare.
struct FirstLetters {
  std::array<std::uint8_t, 257> begin{};
  template <std::size_t N>
  constexpr explicit FirstLetters(const std::array<std::string_view, N>& sorted) {
    static_assert(N < 256);
    std::size_t i = 0;
    for (std::size_t letter = 0; letter < 256; ++letter) {
      begin[letter] = static_cast<std::uint8_t>(i);
      while (i < N && static_cast<unsigned char>(sorted[i][0]) == letter) ++i;
    }
    begin[256] = static_cast<std::uint8_t>(i);
  }
};

// Whether a word is `small` but for its case.
inline bool is(std::string_view word, std::string_view small) {
  return word.size() == small.size() && std::equal(word.begin(), word.end(), small.begin(), [](char a, char b) { return text::ascii_lower(a) == b; });
}
inline bool is_any(std::string_view word, std::initializer_list<std::string_view> small) {
  return std::any_of(small.begin(), small.end(), [&](std::string_view one) { return is(word, one); });
}

// In any case.
template <const auto& sorted>
bool in(std::string_view word) {
  static constexpr FirstLetters letters(sorted);
  static_assert(letters.begin[256] == sorted.size());  // else it is not sorted
  if (word.empty()) return false;
  const auto letter = static_cast<unsigned char>(text::ascii_lower(word[0]));
  for (std::size_t i = letters.begin[letter]; i < letters.begin[letter + 1U]; ++i) {
    if (is(word, sorted[i])) return true;
  }
  return false;
}

inline constexpr std::array<std::string_view, 22> particles{"abu", "al", "ben", "bin", "bint", "da", "das", "de", "del", "den", "der",
                                                     "di", "do", "dos", "el", "ibn", "la", "las", "los", "st", "van", "von"};
inline constexpr std::array<std::string_view, 7> suffixes{"esq", "ii", "iii", "iv", "jr", "sr", "vi"};
// What follows a name that is a street, a building or a firm.
inline constexpr std::array<std::string_view, 92> organisation_tails{
    "academy", "act", "administration", "agency", "airport", "alert", "and", "apartments", "arena", "associates", "ave", "avenue",
    "award", "bank", "beach", "blvd", "boulevard", "bridge", "building", "burger", "campus", "capital", "cathedral", "center",
    "centre", "church", "city", "clinic", "co", "college", "community", "company", "corp", "corporation", "county", "court",
    "day", "dept", "disease", "dr", "drive", "elementary", "energy", "estate", "fellowship", "foundation", "fund", "gallery",
    "garden", "group", "hall", "health", "healthcare", "high", "highway", "hills", "hospital", "hotel", "house", "inc",
    "institute", "international", "island", "lake", "lane", "law", "library", "llc", "llp", "ltd", "medical", "memorial",
    "middle", "museum", "park", "partners", "pharmacy", "pkwy", "plaza", "prize", "rd", "road", "room", "scholarship", "school",
    "st", "street", "syndrome", "systems", "theater", "university", "way"};
// What is named after whoever found it.
inline constexpr std::array<std::string_view, 16> eponym_nouns{"ataxia", "chorea", "contracture", "criteria", "disease", "esophagus", "lactate", "oesophagus", "palsy", "phenomenon", "sign", "solution", "syndrome", "thyroiditis", "triad", "triangle"};
// What follows a name that stands for a method: "Kaplan-Meier curve", "Hefei cohort".
inline constexpr std::array<std::string_view, 30> method_tails{"algorithm", "analysis", "anastomosis", "classification", "cohort", "cohorts", "criteria", "curve", "curves", "effect", "equation",
                                                        "estimate", "estimator", "formula", "grade", "index", "maneuver", "method", "model", "procedure", "protocol", "rule",
                                                        "scale", "score", "sign", "stain", "study", "technique", "test", "trial"};
inline constexpr std::array<std::string_view, 23> provider_words{"attending", "chiropractor", "coach", "counselor", "dentist", "doc", "doctor", "doctora", "dr", "dra",
                                                          "hygienist", "midwife", "nurse", "optometrist", "pharmacist", "physician", "prof", "professor",
                                                          "psychiatrist", "psychologist", "surgeon", "technician", "therapist"};
// Endings of English words, for capitalised words that no list knows: "Calibration", not "Zielonka".
inline constexpr std::array<std::string_view, 58> word_endings{"able", "ably", "aemia", "algia", "ally", "ance", "ances", "ancy", "ated", "ation", "cian", "cians", "cted", "culum", "ectomy", "edly", "ence",
                                                        "ences", "ency", "ered", "ful", "gram", "graphy", "ible", "ical", "ics", "ing", "ings", "ious", "ised",
                                                        "ism", "isms", "ities", "itis", "ized", "less", "logy", "ment", "ments", "ness", "nted", "ology", "oscopy", "osis", "ostomy", "otomy", "ously", "pathy", "penia",
                                                        "plasty", "rrhea", "ship", "sion", "sions", "tion", "tions", "uria", "ware"};
inline constexpr std::array<std::string_view, 6> sample_names{"doe", "example", "mouse", "patient", "sample", "test"};
inline constexpr std::array<std::string_view, 37> stop_words{
    "a", "an", "and", "as", "at", "by", "dob", "dos", "dx", "fax", "for", "from", "he", "her", "his", "id", "in", "is", "it", "mr", "mrn", "npi", "of", "on", "or", "our", "phone", "re", "rx", "she", "ssn", "tel", "the", "to", "was", "with", "your"};

inline bool is_letter(std::string_view s, std::size_t at) {
  const auto byte = static_cast<unsigned char>(s[at]);
  if (byte < 0x80) return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
  return text::is_word(text::decode(s, at).first);
}

inline std::size_t step(std::string_view s, std::size_t at) {
  const auto byte = static_cast<unsigned char>(s[at]);
  return at + (byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4);
}

inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// How far words are read: no further than to the first one that read_name() takes for no part of a name, or to the last joint for who asks what
// stands behind the name or allows titles.
enum class Until : std::uint8_t { name_ends, joints_end };

class NameReader {
 public:
  explicit NameReader(const Check& check) : norm_(check.text.norm), lexicon_(check.lexicon), memo_(check.memo) {}

  // Words from `at` on that could belong to one name: at most 6, joined by single blanks, hyphens, apostrophes, one comma.
  [[nodiscard]] NameWords words(std::size_t at, std::size_t most = NameWords::most, Until until = Until::name_ends) const {
    NameWords out;
    bool comma = false;
    bool broke = false;
    while (at < norm_.size() && out.size() < most) {
      if (!is_letter(norm_, at)) break;
      NameWord word = read_word(at);
      word.comma_before = comma;
      word.break_before = broke;
      if (word.span.empty()) break;
      const bool goes_on = until == Until::joints_end || may_be_of_name(word) || (!out.empty() && out[out.size() - 1].particle);
      out.push_back(word);
      if (!goes_on) break;
      at = word.span.end;
      comma = broke = false;
      if (at < norm_.size() && norm_[at] == '.' && (word.initial || word.suffix || is(text_of(word), "st"))) ++at;
      if (at < norm_.size() && norm_[at] == ',') {
        comma = true;
        ++at;
      }
      // Hollis "Bud" Tarkington
      if (at + 3 < norm_.size() && norm_[at] == ' ' && norm_[at + 1] == '"' && is_upper(norm_[at + 2])) {
        const auto nickname = norm_.substr(at + 2, 14);
        const auto close = nickname.find('"');
        if (close != std::string_view::npos && norm_.substr(at + 2 + close + 1).starts_with(' ')) at += 2 + close + 1;
      }
      std::size_t blanks = 0;
      while (at < norm_.size() && (norm_[at] == ' ' || norm_[at] == '\n') && blanks < 3) {
        if (norm_[at] == '\n') {
          if (!wrapped(at)) return out;
          broke = true;
        }
        ++at;
        ++blanks;
      }
      if (blanks == 0 && !comma && !(word.initial && at > 0 && norm_[at - 1] == '.')) break;
    }
    return out;
  }

  // Whether the word that begins at `at` can be one that opens a name: all others need not be read.
  [[nodiscard]] bool may_open(std::size_t at) const {
    if (at >= norm_.size() || is_capital(norm_[at])) return at < norm_.size();
    std::array<char, 4> word{};  // as long as the longest particle
    std::size_t size = 0;
    while (at < norm_.size() && (is_lower(norm_[at]) || is_capital(norm_[at]))) {
      if (static_cast<unsigned char>(norm_[at]) >= 0x80) return true;
      if (size == word.size()) return false;
      word[size++] = static_cast<char>(norm_[at++] | 0x20);
    }
    return in<particles>({word.data(), size});
  }

  // Words; none where the first one is not capitalised, as most words that are asked for.
  [[nodiscard]] NameWords capital_words(std::size_t at, std::size_t most = NameWords::most, Until until = Until::name_ends) const {
    return at < norm_.size() && is_capital(norm_[at]) ? words(at, most, until) : NameWords();
  }

  [[nodiscard]] std::string_view text_of(const NameWord& word) const { return word.span.of(norm_); }

  // The word before `at` on the same line, without a dot; empty when none.
  [[nodiscard]] std::string_view before(std::size_t at) const {
    std::size_t end = at;
    while (end > 0 && (norm_[end - 1] == ' ' || norm_[end - 1] == '.' || norm_[end - 1] == ',' || norm_[end - 1] == '(')) --end;
    std::size_t begin = end;
    while (begin > 0 && is_letter(norm_, text::previous(norm_, begin))) begin = text::previous(norm_, begin);
    return norm_.substr(begin, end - begin);
  }

  // The word after `at` on the same line.
  [[nodiscard]] std::string_view after(std::size_t at) const {
    while (at < norm_.size() && norm_[at] == ' ') ++at;
    std::size_t end = at;
    while (end < norm_.size() && is_letter(norm_, end)) end = step(norm_, end);
    return norm_.substr(at, end - at);
  }

  // "..., MD" or "... RN" or "(PA-C)" right behind a name; or ", our office manager".
  [[nodiscard]] bool credential_behind(std::size_t at) const {
    std::size_t i = at;
    if (i < norm_.size() && norm_[i] == '.') ++i;
    bool comma = false;
    while (i < norm_.size() && (norm_[i] == ' ' || norm_[i] == ',' || norm_[i] == '(' || norm_[i] == '-')) {
      comma = comma || norm_[i] != ' ';
      ++i;
    }
    for (int words = 0; words < 3 && i < norm_.size() && is_letter(norm_, i); ++words) {
      std::size_t end = i;
      std::string word;  // its letters
      bool upper = true;
      while (end < norm_.size() && (is_letter(norm_, end) || (norm_[end] == '.' && end + 1 < norm_.size() && is_letter(norm_, end + 1)) ||
                                    (norm_[end] == '-' && end + 1 < norm_.size() && is_letter(norm_, end + 1)))) {
        if (is_letter(norm_, end)) word.push_back(norm_[end]);
        upper = upper && !is_lower(norm_[end]);
        end = step(norm_, end);
      }
      if (is(word, "dr") && end < norm_.size() && norm_[end] == '.') return false;  // "Hi Ana, Dr. Chen is out"
      const std::uint32_t known = lexicon_.known(word);
      const bool shaped = upper || is_any(word, {"phd", "pharmd", "psyd", "lpc"}) || (comma && is_upper(norm_[i]) && word.size() <= 5);
      if ((known & known_credential) != 0 && shaped && !(word.size() == 2 && !comma && (known & known_state) != 0)) return true;
      if (comma && (known & known_staff_role) != 0) return true;
      if (!comma) return false;
      if (!is_any(word, {"our", "the", "my", "your", "office", "clinic", "senior"})) return false;
      i = end;
      while (i < norm_.size() && norm_[i] == ' ') ++i;
    }
    return false;
  }

  [[nodiscard]] bool provider_before(std::size_t at) const {
    const std::string_view word = before(at);
    // "Coach, Imogen Falk has a concussion": spoken to, not named.
    if (at > word.size() + 1 && norm_[at - 1] == ' ' && norm_[at - 2] == ',' && begins_sentence(at - 2 - word.size())) return false;
    return !word.empty() && (in<provider_words>(word) || ((lexicon_.known(word) & known_staff_role) != 0 && !is_any(word, {"resident", "patient"})));
  }

  [[nodiscard]] bool is_surname(Span words) const { return (lexicon_.known(words.of(norm_)) & known_surname) != 0; }

  // In no list but that of surnames: a part of "Ngowa-Fairbrook", not of "African-American".
  [[nodiscard]] bool may_be_surname(std::string_view word) const {
    const std::uint32_t known = lexicon_.known(word);
    return known == 0 || (known & (known_given | known_surname)) != 0;
  }

  // "Quick-Danjuma": capitals on both sides of the hyphen, and neither part is only a word, a place or an illness.
  [[nodiscard]] bool is_double_surname(std::string_view word) const {
    const auto hyphen = word.find('-');
    if (hyphen == std::string_view::npos || hyphen < 3 || hyphen + 3 >= word.size() || !is_upper(word[0]) || !is_upper(word[hyphen + 1])) return false;
    static constexpr std::array<std::string_view, 10> prefixes{"anti", "inter", "intra", "mid", "multi", "non", "post", "pre", "pro", "self"};
    return may_be_surname(word.substr(0, hyphen)) && may_be_surname(word.substr(hyphen + 1)) && !in<prefixes>(word.substr(0, hyphen));
  }

  // Begins a sentence, a line or a heading, where every word is capitalised.
  [[nodiscard]] bool begins_sentence(std::size_t at) const {
    while (at > 0 && (norm_[at - 1] == ' ' || norm_[at - 1] == '"' || norm_[at - 1] == '(')) --at;
    return at == 0 || norm_[at - 1] == '\n' || norm_[at - 1] == '\t' || norm_[at - 1] == '.' || norm_[at - 1] == '!' || norm_[at - 1] == '?' || norm_[at - 1] == ':';
  }

  // Something that makes the words a place, street, firm or disease.
  [[nodiscard]] bool organisation(Span name) const {
    static constexpr std::array<std::string_view, 11> places{"camp", "cape", "fort", "ft", "isle", "lake", "mount", "mt", "north", "port", "south"};
    const auto blank = name.of(norm_).find(' ');
    if (blank != std::string_view::npos && in<places>(name.of(norm_).substr(0, blank))) return true;  // "Mt Kenya"
    if ((lexicon_.known(name.of(norm_)) & (known_organisation | known_place | known_drug | known_condition)) != 0) return true;
    std::size_t at = name.end;
    const bool owns = norm_.substr(at, 2) == "'s";
    if (owns) at += 2;
    if (at < norm_.size() && norm_[at] != ' ') return false;
    if (norm_.substr(at, 2) == "  ") return false;  // the next field of a form
    const std::string_view next = after(at);
    if (next.empty() || is_any(next, {"and", "day", "high", "dr"})) return false;
    std::size_t begin = at;
    while (begin < norm_.size() && norm_[begin] == ' ') ++begin;
    const bool capital = begin < norm_.size() && is_upper(norm_[begin]);
    const auto behind = norm_.find_first_not_of(' ', begin + next.size());
    if (behind != std::string_view::npos && (norm_[behind] == '#' || norm_[behind] == ':')) return false;  // "Hospital #:" is the next field
    return (in<organisation_tails>(next) && (capital || is_any(next, {"disease", "syndrome"}))) || (in<method_tails>(next) && !(owns && blank != std::string_view::npos));  // "Ana Ruiz's test"
  }

  [[nodiscard]] bool sample(Span name) const {
    std::size_t at = name.begin;
    while (at < name.end) {
      std::size_t end = at;
      while (end < name.end && is_letter(norm_, end)) end = step(norm_, end);
      if (end > at && in<sample_names>(norm_.substr(at, end - at))) return true;
      at = std::max(end, at + 1);
      while (at < name.end && (static_cast<unsigned char>(norm_[at]) & 0xC0U) == 0x80U) ++at;
    }
    return false;
  }

 private:
  // A line break inside running text: the line before is long.
  [[nodiscard]] bool wrapped(std::size_t at) const {
    const auto start = norm_.rfind('\n', at == 0 ? 0 : at - 1);
    const std::size_t begin = start == std::string_view::npos || start >= at ? 0 : start + 1;
    return at - begin >= 50;
  }

  [[nodiscard]] NameWord read_word(std::size_t at) const {
    if (memo_ == nullptr) return parse_word(at);
    bool fresh = false;
    NameWord& word = memo_->at(at, fresh);
    if (fresh) word = parse_word(at);
    return word;
  }

  [[nodiscard]] NameWord parse_word(std::size_t at) const {
    NameWord word;
    std::size_t end = at;
    std::size_t letters = 0;
    bool any_lower = false;
    while (end < norm_.size()) {
      if (is_letter(norm_, end)) {
        any_lower = any_lower || is_lower(norm_[end]);
        ++letters;
        end = step(norm_, end);
      } else if ((norm_[end] == '\'' || norm_[end] == '-') && end > at && end + 1 < norm_.size() && is_letter(norm_, end + 1)) {
        // A possessive ends the name: Jane's, James'.
        if (norm_[end] == '\'' && (norm_[end + 1] == 's' || norm_[end + 1] == 'S') && (end + 2 >= norm_.size() || !is_letter(norm_, end + 2))) break;
        ++end;
      } else {
        break;
      }
    }
    if (letters > 24 || (end < norm_.size() && (norm_[end] >= '0' && norm_[end] <= '9'))) return word;
    if (end < norm_.size() && (norm_[end] == '@' || norm_[end] == '/' || norm_[end] == '_')) return word;
    if (norm_.substr(end, 1) == "." && end + 1 < norm_.size() && is_letter(norm_, end + 1) && letters > 2) return word;  // host.name
    word.span = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
    const std::string_view text = text_of(word);
    word.capital = is_capital(norm_[at]);
    word.upper = letters >= 2 && !any_lower;
    word.initial = letters == 1 && word.capital;
    word.particle = in<particles>(text);
    word.suffix = in<suffixes>(text);
    word.known = lexicon_.known(text);
    if (const auto hyphen = text.find('-'); word.known == 0 && hyphen != std::string_view::npos) {
      word.known = lexicon_.known(text.substr(0, hyphen)) | lexicon_.known(text.substr(hyphen + 1));
      if ((word.known & (known_given | known_surname)) == 0) word.known = 0;
      else if (is_double_surname(text)) word.known &= known_given | known_surname;
    }
    word.quality = judge(word, text);
    return word;
  }

  // Else read_name() takes the word for no part of a name, whatever stands around, but behind a particle or as a titled one.
  [[nodiscard]] static bool may_be_of_name(const NameWord& word) {
    if (word.particle || word.suffix || word.initial || word.quality == Quality::sure) return true;
    return word.capital && (word.quality != Quality::no || (word.known & known_eponym) != 0);
  }

  [[nodiscard]] static Quality judge(const NameWord& word, std::string_view text) {
    if (in<stop_words>(text)) return Quality::no;
    const bool name = (word.known & (known_given | known_surname)) != 0;
    const bool ordinary = (word.known & (known_name_word | known_word | known_drug | known_condition | known_health | known_credential | known_staff_role)) != 0;
    if (name) return ordinary ? Quality::ordinary : Quality::sure;
    if (ordinary || (word.known & (known_organisation | known_place | known_eponym)) != 0) return Quality::no;
    return word.capital && text.size() >= 2 ? Quality::unknown : Quality::no;
  }

  std::string_view norm_;
  const Lexicon& lexicon_;
  WordMemo* memo_;
};

struct Name {
  Span span;
  int full_words = 0;         // words that are not initials, particles or suffixes
  int sure = 0, ordinary = 0, unknown = 0;
  bool given = false;
  bool surname = false;
  bool last_first = false;
  bool lower = false;         // begins in lower case
  bool wordlike = false;      // an unlisted word ends as English words do
  bool acronym = false;       // a word in capitals
};

inline bool ends_like_a_word(std::string_view word) {
  return word.size() >= 5 && std::any_of(word_endings.begin(), word_endings.end(), [&](std::string_view ending) { return ending.size() <= word.size() && is(word.substr(word.size() - ending.size()), ending); });
}

struct Allowed {
  bool lower = false;          // lower-case words count when they are sure names
  bool unknown = true;         // capitalised words that no list knows
  bool ordinary = true;
  bool comma = true;           // Last, First
  bool any_comma = false;      // also when no list knows the words: a date stands behind
  bool titled = false;         // the first word is a name whatever else it means: Mr. Hercules
};

// The longest run of words, from the first, that reads as one name.
inline Name read_name(const NameReader& reader, const NameWords& words, const Allowed& allowed) {
  Name name;
  std::size_t used = 0;
  std::size_t pending = 0;  // particles that count only when a name word follows
  for (const auto& word : words) {
    if (word.comma_before) {
      // "Doe, Jane": a second part after the first comma, which must look like a given name or an initial.
      const bool begins = word.initial || ((word.known & known_given) != 0 && (word.capital || allowed.lower)) ||
                          (word.quality == Quality::unknown && (name.sure > 0 || allowed.any_comma));
      if (word.suffix && used > 0) { ++used; name.span.end = word.span.end; pending = 0; continue; }
      if (!allowed.comma || name.last_first || name.full_words == 0 || name.full_words > 2 || !begins) break;
      name.last_first = true;
    }
    if (word.suffix && used > 0) {
      name.span.end = word.span.end;
      used += pending + 1;
      pending = 0;
      continue;
    }
    if (word.particle && !(word.quality == Quality::sure && word.capital)) {
      if (used == 0 && !word.capital) { if (pending == 0) name.span.begin = word.span.begin; }
      ++pending;
      if (pending > 2) break;
      if (used == 0 && pending == 1) name.span.begin = word.span.begin;
      continue;
    }
    if (word.initial) {
      if (used == 0) name.span.begin = word.span.begin;
      name.span.end = word.span.end;
      ++used;
      continue;
    }
    const bool with_particle = pending > 0 && used > 0 && reader.is_surname(Span{words[static_cast<std::size_t>(&word - words.data()) - pending].span.begin, word.span.end});
    if (!word.capital && !with_particle && !(allowed.lower && word.quality == Quality::sure)) break;
    const bool titled = allowed.titled && name.full_words == 0 && word.capital && !word.upper && word.quality == Quality::no && !in<stop_words>(reader.text_of(word));
    // "Walt Amsler": behind a given name what a test is named after is a surname.
    const bool eponym = name.full_words == 1 && name.sure == 1 && name.given && word.capital && !word.upper && (word.known & known_eponym) != 0 && (word.known & (known_word | known_health)) == 0;
    if (word.quality == Quality::no && !with_particle && !titled && !eponym) break;
    if (word.quality == Quality::unknown && !allowed.unknown) break;
    if (word.quality == Quality::ordinary && !allowed.ordinary) break;
    if (name.full_words >= 4) break;
    if (used == 0 && pending == 0) { name.span.begin = word.span.begin; name.lower = !word.capital; }
    name.span.end = word.span.end;
    used += pending + 1;
    pending = 0;
    ++name.full_words;
    if (word.quality == Quality::sure || with_particle || eponym) ++name.sure;
    else if (word.quality == Quality::ordinary || titled) ++name.ordinary;
    else ++name.unknown;
    name.wordlike = name.wordlike || (word.quality == Quality::unknown && ends_like_a_word(reader.text_of(word)));
    name.acronym = name.acronym || word.upper;
    name.given = name.given || (word.known & known_given) != 0;
    name.surname = name.surname || with_particle || eponym || (word.known & known_surname) != 0;
  }
  // "Nguyễn Văn An": what links names elsewhere is one of them here.
  if (pending == 1 && name.full_words == 1 && name.sure == 1 && used < words.size() && words[used].particle && words[used].capital && !words[used].upper && !words[used].comma_before) {
    name.span.end = words[used].span.end;
    ++name.full_words;
    ++name.sure;
    name.surname = true;
  }
  return name;
}

inline bool finish(Check& check, const NameReader& reader, const Name& name, float factor) {
  check.value = name.span;
  check.p *= factor;
  if (reader.sample(name.span)) check.sample = true;
  return true;
}

inline bool is_provider(const NameReader& reader, Span span) { return reader.provider_before(span.begin) || reader.credential_behind(span.end); }

// "Mr. A", "Ms. ABC", "Mrs. XXXX": somebody took the name out.
inline bool is_placeholder(std::string_view word) {
  return word.size() == 1 || is_any(word, {"abc", "abcd", "xyz"}) || word.find_first_not_of("Xx") == std::string_view::npos;
}

}  // namespace phiscan::detect

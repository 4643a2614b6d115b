#include "detect/names.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "detect/name_reader.hpp"
#include "text/line_shapes.hpp"

namespace phiscan::detect {

namespace {

// In lower case: a name in a list, or a word in none of them that does not end as English words do.
bool may_be_name_in_lower_case(const NameReader& reader, const NameWord& word) {
  if (word.capital || word.comma_before || word.break_before || in<stop_words>(reader.text_of(word)) || ends_like_a_word(reader.text_of(word))) return false;
  return (word.known & (known_given | known_surname)) != 0 || (word.known == 0 && word.span.size() >= 3);
}

// "Name: yevgenia tupolska", and nothing else on the line.
Span whole_line_in_lower_case(const NameReader& reader, std::string_view norm, const NameWords& words) {
  if (words.size() < 2 || words.size() > 3 || !std::all_of(words.begin(), words.end(), [&](const NameWord& word) { return may_be_name_in_lower_case(reader, word); })) return {};
  std::size_t end = words[words.size() - 1].span.end;
  while (end < norm.size() && norm[end] == ' ') ++end;
  const bool ends = end >= norm.size() || norm[end] == '\n' || norm[end] == '\t' || end >= words[words.size() - 1].span.end + 3U;
  return ends ? Span{words.front().span.begin, words[words.size() - 1].span.end} : Span{};
}

// "Running Water, Joseph": whatever the words, a given name stands behind the comma.
Span last_first_in_capitals(const NameWords& words) {
  for (const auto& word : words) {
    if (word.comma_before) return &word != &words.front() && word.capital && (word.known & known_given) != 0 ? Span{words.front().span.begin, word.span.end} : Span{};
    if (!word.capital || word.initial || word.break_before || (word.known & (known_drug | known_condition | known_credential | known_staff_role)) != 0) break;
  }
  return {};
}

}  // namespace

bool name_labelled(Check& check) {
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin, NameWords::most, Until::joints_end);
  if (words.empty()) return false;
  if (const Span lower = whole_line_in_lower_case(reader, check.text.norm, words); !lower.empty()) {
    check.value = lower;
    check.p *= 0.8F;
    return true;
  }
  const Name name = read_name(reader, words, {.lower = true, .any_comma = true});
  if (name.sure == 0) {
    if (const Span turned = last_first_in_capitals(words); !turned.empty()) {
      check.value = turned;
      check.p *= 0.9F;
      return true;
    }
  }
  if (name.full_words == 0 || name.span.begin != check.value.begin) return false;
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  if (name.full_words == 1) {
    // "Patient: Maria" or "Name: Zyx": one sure or unknown word; an ordinary word alone is not a name.
    if (name.sure == 0 && !(name.unknown == 1 && (words.size() == 1 || words[0].initial || words[1].initial))) return false;
    // "Patient: Oh, I see" and "Name: Rose garden" go on as a sentence.
    std::size_t at = name.span.end;
    const std::string_view norm = check.text.norm;
    if (words.size() > 1 && words[1].initial && at < norm.size() && norm[at] == '.') ++at;
    if (!words.front().initial && at < norm.size() && std::string_view("\n\t;/(|<").find(norm[at]) == std::string_view::npos) {
      if (norm[at] == ',' || norm[at] == '!' || norm[at] == '?' || norm[at] == '.' || norm[at] == '\'') return false;
      while (at < norm.size() && norm[at] == ' ') ++at;
      if (at < norm.size() && is_lower(norm[at])) return false;
    }
    return finish(check, reader, name, 0.6F);
  }
  if (name.sure == 0 && name.ordinary == 0) {
    // "Patient: Hm I'd say": unknown words must stand by themselves.
    std::size_t at = name.span.end;
    while (at < check.text.norm.size() && check.text.norm[at] == ' ') ++at;
    const bool next_field = at >= name.span.end + 3;  // "Patient: Umarov, Sherzod    Hospital #"
    if (!next_field && at < check.text.norm.size() && (is_letter(check.text.norm, at) || check.text.norm[at] == '\'')) return false;
    return name.full_words <= 3 && name.span.of(check.text.norm).find('\'') == std::string_view::npos && finish(check, reader, name, 0.7F);
  }
  if (name.sure == 0 && name.unknown == 0) return finish(check, reader, name, 0.6F);
  return finish(check, reader, name, 1.0F);
}

bool name_lower(Check& check) {
  // "makeda tesfaye is a 56-year-old": both words may be names; where no list has one, nothing around is capitalised: "vas deferens" is no name.
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin, 2, Until::joints_end);
  if (words.size() != 2 || words[1].span.end != check.value.end || !may_be_name_in_lower_case(reader, words[0]) || !may_be_name_in_lower_case(reader, words[1])) return false;
  if (words[0].quality == Quality::ordinary && words[1].quality == Quality::ordinary) return false;
  if (words[0].quality != Quality::sure && words[1].quality != Quality::sure) {
    constexpr std::uint32_t around = 80;
    const std::uint32_t begin = check.value.begin > around ? check.value.begin - around : 0;
    const auto near = std::string_view(check.text.norm).substr(begin, check.value.end + around - begin);
    if (std::any_of(near.begin(), near.end(), is_upper)) return false;
  }
  return !reader.organisation(check.value) && !is_provider(reader, check.value);
}

bool name_after_word(Check& check) {
  const NameReader reader(check);
  const auto words = reader.capital_words(check.value.begin);
  if (words.empty()) return false;
  const Name name = read_name(reader, words, {.lower = false, .comma = true});
  if (name.full_words == 0 || name.span.begin != check.value.begin || name.sure == 0) return false;
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  return finish(check, reader, name, name.full_words == 1 ? 0.5F : 1.0F);
}

bool name_of_person(Check& check) {
  // "my husband Cuthbert", "pt M. Tolliver": behind these words a capitalised word that no list knows is a name, too.
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin);
  if (words.empty()) return false;
  if (!words.front().capital) {
    // "pt thibodeaux, remy": both are in lists.
    const Name lower = read_name(reader, words, {.lower = true, .comma = true});
    return lower.sure >= 2 && lower.span.begin == check.value.begin && !reader.organisation(lower.span) && finish(check, reader, lower, 0.9F);
  }
  const Name name = read_name(reader, words, {.lower = false, .comma = true});
  if (name.full_words == 0 || name.span.begin != check.value.begin) return false;
  const bool with_initial = words.size() > 1 && words[1].initial;  // "OBERHOLTZER J", not "HIDA"
  if (name.sure == 0 && (name.unknown == 0 || (name.wordlike && name.full_words == 1) || (name.acronym && !with_initial))) return false;
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  return finish(check, reader, name, name.full_words == 1 && !words.front().initial && !with_initial ? 0.5F : name.sure == 0 ? 0.8F : 1.0F);
}

bool name_greeted(Check& check) {
  // "Hi Bukola," - one or two words between a greeting and its comma.
  const NameReader reader(check);
  const std::string_view norm = check.text.norm;
  if (check.extent.begin > 0 && norm[check.extent.begin - 1] != '\n') return false;
  const auto words = reader.capital_words(check.value.begin, 3);
  if (words.empty()) return false;
  const Name name = read_name(reader, words, {.lower = false, .comma = false});
  if (name.full_words == 0 || name.full_words > 2 || name.span.begin != check.value.begin || name.unknown == 0 || name.wordlike || name.acronym) return false;
  const char next = name.span.end < norm.size() ? norm[name.span.end] : '\n';
  if (std::string_view(",!:-\n").find(next) == std::string_view::npos || reader.organisation(name.span)) return false;
  return finish(check, reader, name, 1.0F);
}

namespace {

// "Goldenberg-Achebe": two capitalised halves, neither of them an ordinary word.
bool is_double_surname(const Lexicon& lexicon, std::string_view word) {
  const auto hyphen = word.find('-');
  if (hyphen == std::string_view::npos || hyphen < 4 || word.size() - hyphen < 5 || word.find('-', hyphen + 1) != std::string_view::npos || !is_upper(word[hyphen + 1]) || !is_lower(word[hyphen + 2])) return false;
  constexpr auto ordinary = known_word | known_health | known_condition | known_drug | known_place | known_eponym;
  return (lexicon.known(word.substr(0, hyphen)) & ordinary) == 0 && (lexicon.known(word.substr(hyphen + 1)) & ordinary) == 0;
}

}  // namespace

bool name_open(Check& check) {
  // "Lysander Quarrington": two capitalised words, at least one of them in no list, and neither a word by its ending; no part of a heading.
  const NameReader reader(check);
  const std::string_view norm = check.text.norm;
  if (!reader.may_open(check.value.begin)) return false;
  const auto words = reader.words(check.value.begin, 5);
  if (words.empty() || !(words.front().capital || words.front().particle)) return false;
  const Name name = read_name(reader, words, {.lower = false, .comma = false});
  const bool double_surname = name.full_words == 1 && is_double_surname(check.lexicon, name.span.of(norm));
  if ((name.full_words < 2 && !double_surname) || name.full_words > 3 || name.span.begin != check.value.begin) return false;
  // "Blessing Okwuosa": a given name that is a word, too, names somebody before a surname that no list knows.
  if (!double_surname && (name.unknown == 0 || name.unknown + name.sure + (name.given ? name.ordinary : 0) < 2)) return false;
  if (name.wordlike || name.acronym || reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  const std::size_t behind = name.span.end;
  if (behind + 1 < norm.size() && norm[behind] == ' ' && is_upper(norm[behind + 1]) && behind + 2 < norm.size() && is_lower(norm[behind + 2])) return false;
  if (behind + 1 < norm.size() && norm[behind] == ' ' && (norm[behind + 1] == '&' || (norm[behind + 1] >= '0' && norm[behind + 1] <= '9' && reader.begins_sentence(name.span.begin) && name.sure == 0))) return false;
  if (behind < norm.size() && (norm[behind] == '&' || (norm[behind] == ':' && reader.begins_sentence(name.span.begin)))) return false;
  // The word before may only be one that begins a sentence.
  if (const std::size_t at = name.span.begin; at >= 2 && norm[at - 1] == ' ' && is_letter(norm, text::previous(norm, at - 1))) {
    std::size_t begin = at - 1;
    while (begin > 0 && is_letter(norm, text::previous(norm, begin))) begin = text::previous(norm, begin);
    const std::string_view previous = norm.substr(begin, at - 1 - begin);
    if (is_upper(norm[begin]) && (!reader.begins_sentence(begin) || (check.lexicon.known(previous) & known_word) == 0)) return false;
    if (is_any(previous, {"the", "at", "in", "near", "an"})) return false;
  }
  return finish(check, reader, name, name.sure > 0 ? 1.1F : 1.0F);
}

namespace {

// "ASA PR", "hx of MS. GI suggests": two capitals that no list knows are an abbreviation.
bool has_abbreviation(const Name& name, const NameWords& words) {
  return std::any_of(words.begin(), words.end(), [&](const auto& word) { return name.span.contains(word.span) && word.upper && word.span.size() == 2 && !word.initial && (word.known & (known_given | known_surname)) == 0; });
}

}  // namespace

bool name_title(Check& check) {
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin, NameWords::most, Until::joints_end);
  if (words.empty()) return false;
  const bool capital = words.front().capital || words.front().particle;
  // "mr ostrow": where nobody writes capitals a word of no list is a name behind a title.
  if (!capital && words.front().known == 0 && words.front().span.size() >= 4 && may_be_name_in_lower_case(reader, words.front())) {
    check.value = words.front().span;
    check.p *= 0.9F;
    return true;
  }
  const Name name = read_name(reader, words, {.lower = true, .comma = false, .titled = true});
  if (name.full_words == 0 || name.span.begin != check.value.begin) return false;
  if (!capital && name.sure == 0) return false;
  if ((!words.front().initial && is_placeholder(reader.text_of(words.front()))) || has_abbreviation(name, words)) return false;
  if (reader.organisation(name.span) || reader.credential_behind(name.span.end)) return false;
  return finish(check, reader, name, name.full_words >= 2 ? 1.4F : 1.0F);
}

namespace {

// "Rose Green has asthma", "Rose Green's asthma": a sentence goes on behind it, so the second capital is none of a sentence's or a heading's.
bool goes_on_in_lower_case(std::string_view norm, std::size_t end) {
  const std::string_view behind = norm.substr(std::min(end, norm.size()));
  static constexpr std::string_view joints[] = {" and ", " at ", " for ", " in ", " of ", " on ", " or ", " to ", " with "};  // "Spring Hill in bloom"
  if (std::any_of(std::begin(joints), std::end(joints), [&](std::string_view joint) { return behind.starts_with(joint); })) return false;
  return behind.starts_with("'s ") || (behind.size() > 2 && behind[0] == ' ' && is_lower(behind[1]) && is_lower(behind[2]));
}

// "J. Pettibone has", "J. Pettibone's": what people do stands behind.
bool does_something(std::string_view norm, std::size_t end) {
  static constexpr std::string_view verbs[] = {" asked ", " called ", " came ", " can't ", " complains ", " denies ", " fell ", " got ", " had ", " has ", " is ", " missed ", " needs ", " reports ", " says ", " started ", " takes ", " tested ", " told ", " underwent ", " wants ", " was ", " went ", "'s "};
  const std::string_view behind = norm.substr(std::min(end, norm.size()));
  return std::any_of(std::begin(verbs), std::end(verbs), [&](std::string_view verb) { return behind.starts_with(verb); });
}

}  // namespace

bool name_full(Check& check) {
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin);
  if (words.size() < 2) return false;
  const Name name = read_name(reader, words, {.lower = true, .comma = false});
  if (name.full_words < 2 || name.span.begin != check.value.begin) return false;
  // In lower case both words must be sure; read_name has seen to that.
  if (name.lower && name.sure < 2) return false;
  if (name.unknown > 0 && has_abbreviation(name, words)) return false;
  if (name.sure == 0) {
    // "Chase Parks would rather": two words that are also names count inside a sentence, or round an initial.
    const bool initial = words.size() > 2 && words[1].initial;
    const bool apart = initial || !reader.begins_sentence(name.span.begin) || goes_on_in_lower_case(check.text.norm, name.span.end);
    if (!name.given || !name.surname || name.full_words != 2 || name.unknown > 0 || !apart) return false;
    const std::size_t end = name.span.end + 1;
    if (!initial && end < check.text.norm.size() && is_upper(check.text.norm[end])) return false;  // a longer heading
    if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
    return finish(check, reader, name, 0.7F);
  }
  // "Will Johnson", "Grace Park": a name that is also a word needs a sure partner that is not itself only a given name.
  // Two sure given names are a name, too: "Nkechi Obiageli".
  if (!name.surname && (words.front().quality != Quality::sure || (name.unknown == 0 && name.sure < 2))) return false;
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  const std::string_view previous = reader.before(name.span.begin);
  if (is_any(previous, {"st", "saint", "mount", "fort", "lake"})) return false;
  float factor = 1.0F;
  if (name.lower) factor = 0.85F;
  else if (name.unknown > 0 && name.sure < 2) factor = 0.8F;
  else if (name.ordinary > 0) factor = 0.8F;
  return finish(check, reader, name, factor);
}

bool name_last_first(Check& check) {
  const NameReader reader(check);
  const auto words = reader.capital_words(check.value.begin, NameWords::most, Until::joints_end);
  if (words.size() < 2) return false;
  const Name name = read_name(reader, words, {.lower = false, .comma = true});
  if (!name.last_first || name.span.begin != check.value.begin || !name.given || name.sure == 0) return false;
  // "Analysts: F. Noor, B. Haskell" is a list of names with initials.
  const std::string_view ahead = std::string_view(check.text.norm).substr(0, name.span.begin);
  if (ahead.size() >= 3 && ahead.ends_with(". ") && is_upper(ahead[ahead.size() - 3]) && text::is_edge(ahead, ahead.size() - 3)) return false;
  // "Can't do Monday, Jake is sick"
  static constexpr std::array<std::string_view, 14> days{"domingo", "friday", "jueves", "lunes", "martes", "miercoles", "monday", "sabado", "saturday", "sunday", "thursday", "tuesday", "viernes", "wednesday"};
  if (in<days>(reader.text_of(words.front()))) return false;
  // "Best, Leland" is the end of a letter.
  const std::string_view line = std::string_view(check.text.norm).substr(name.span.begin);
  if (text::closing_of(line.substr(0, line.find('\n'))) == text::Closing::with_name) return false;
  // "Darnell Hughes, DL" goes on with something else.
  for (const auto& word : words) {
    if (word.comma_before && word.upper && word.span.size() <= 3 && !words.front().upper) return false;
  }
  // "Smith, Johnson and Lee" and "Austin, Jackson, Dallas" are lists.
  std::size_t at = name.span.end;
  if (at < check.text.norm.size() && check.text.norm[at] == ',' && at + 1 < check.text.norm.size() && check.text.norm[at + 1] == ' ' && at + 2 < check.text.norm.size() &&
      is_upper(check.text.norm[at + 2])) return false;
  const std::string_view previous = reader.before(name.span.begin);
  if (is(reader.after(name.span.end), "and") || is_provider(reader, name.span) || reader.organisation(name.span)) return false;
  if ((check.lexicon.known(previous) & known_given) != 0 && name.span.begin > 0 && check.text.norm[name.span.begin - 1] == ' ') return false;  // "Mary Smith, John ..."
  // A salutation or sentence: "Thanks, Mary" begins with a word; "Miller, Grace period" needs a sure given name.
  if (words.front().quality == Quality::ordinary && (words.front().known & known_word) != 0 && name.sure < 2) {
    bool sure_given = false;
    for (const auto& word : words) sure_given = sure_given || (word.comma_before && word.quality == Quality::sure && (word.known & known_given) != 0);
    if (!sure_given || (words.front().known & known_surname) == 0) return false;
  }
  return finish(check, reader, name, 1.0F);
}

bool name_syntax(Check& check) {
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin);
  const Name name = read_name(reader, words, {.lower = false, .comma = false});
  if (name.full_words == 0 || name.span.end < check.value.end || name.span.begin != check.value.begin) return false;
  if (name.full_words == 1 && name.sure == 0) return false;
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  return finish(check, reader, name, name.full_words == 1 ? 0.6F : name.sure > 0 ? 1.2F : 1.0F);
}

bool name_single(Check& check) {
  const NameReader reader(check);
  const auto words = reader.capital_words(check.value.begin, 2);
  if (words.empty() || words.front().quality != Quality::sure) return false;
  const Name name = read_name(reader, NameWords(words.front()), {.lower = false, .comma = false});
  if (name.full_words != 1 || (words.front().known & known_place) != 0) return false;
  if (words.front().upper && words.front().span.size() <= 3) return false;  // "LU", "IMA"
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  // "Brianna K." says more than "Brianna".
  const std::string_view behind = std::string_view(check.text.norm).substr(name.span.end, 4);
  if (behind.size() >= 3 && behind[0] == ' ' && is_upper(behind[1]) && (behind[2] == '.' || behind[2] == ',' || behind[2] == ':')) {
    check.value = Span{name.span.begin, name.span.end + 2};
    check.p *= 2.4F;
    return true;
  }
  return finish(check, reader, name, 1.0F);
}

bool name_subject(Check& check) {
  // "Zielinski", "Re: Castellan, Noor": nothing else stands in the text, which is a subject then.
  const std::string_view norm = check.text.norm;
  if (norm.size() > 60) return false;
  std::size_t begin = 0;
  for (const std::string_view lead : {"re: ", "fw: ", "fwd: ", "patient ", "pt "}) {
    if (norm.size() > lead.size() && is(norm.substr(0, lead.size()), lead)) begin = lead.size();
  }
  const NameReader reader(check);
  const auto words = reader.words(begin);
  const Name name = read_name(reader, words, {.lower = true, .comma = true, .any_comma = true});
  if (name.full_words == 0 || name.span.begin != begin || name.sure == 0 || !name.span.contains(check.value) || reader.organisation(name.span)) return false;
  // "tele", "Kawasaki": alone, a short word or one that illnesses are named after says nothing.
  const bool alone = name.full_words == 1 && name.span.size() == words.front().span.size();
  if (alone && ((words.front().known & (known_eponym | known_health)) != 0 || (name.lower && name.span.size() < 5))) return false;
  return norm.find_first_not_of(" .?!", name.span.end) == std::string_view::npos && finish(check, reader, name, 1.0F);
}

bool name_in_room(Check& check) {
  // "rm 120 ortega l.", "Bed 4: Haddad R,": a surname and an initial.
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin, 2);
  if (words.empty() || words.front().quality != Quality::sure || (words.front().known & known_surname) == 0) return false;
  return !reader.organisation(words.front().span);
}

bool name_initial_surname(Check& check) {
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin, 4);
  const Name name = read_name(reader, words, {.lower = false, .comma = false});
  if (name.full_words != 1 || words.empty() || !words.front().initial) return false;
  // "J. Pettibone has": in no list, but it does something.
  const bool listed = name.sure == 1 && name.surname;
  const bool open = name.unknown == 1 && !name.wordlike && !name.acronym && name.span.size() >= 7 && does_something(check.text.norm, name.span.end);
  if (!listed && !open) return false;
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  return finish(check, reader, name, 1.0F);
}

bool name_provider(Check& check) {
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin);
  if (words.empty()) return false;
  const Name name = read_name(reader, words, {.lower = true, .comma = false});
  if (name.full_words == 0 || name.span.begin != check.value.begin) return false;
  if (!words.front().capital && name.sure == 0) return false;
  if (check.extent.begin > 0 && check.text.norm[check.extent.begin - 1] == '/') return false;  // "HPI/CC: Anh Dang is a 33yo"
  // "Marta Quinn, DOB" is no doctor of osteopathy.
  const std::uint32_t end = check.extent.end;
  if (end > name.span.end && end < check.text.norm.size() && is_letter(check.text.norm, end)) return false;
  check.value = name.span;
  return true;
}

bool name_caret(Check& check) {
  // "ROE^JANET", not "PDF^Report": a word that is no name tells a data type.
  const std::string_view word = check.word();
  const std::size_t caret = word.find('^');
  const auto known = [&](std::string_view part) { return check.lexicon.known(part.substr(0, part.find('^'))); };
  const std::uint32_t both = known(word) | known(word.substr(caret + 1));
  return (both & (known_given | known_surname)) != 0 || (both & (known_word | known_health | known_credential)) == 0;
}

bool name_initials_born(Check& check) {
  // "RT, born 7/2/1955", not "Ana Ruiz, MD, DOB"
  const bool credential = (check.lexicon.known(check.word()) & (known_credential | known_state)) != 0;
  const std::uint32_t at = check.value.begin;
  const bool behind_a_name = at >= 2 && check.text.norm[at - 1] == ' ' && (check.text.norm[at - 2] == ',' || is_letter(check.text.norm, text::previous(check.text.norm, at - 1)));
  return !credential || !behind_a_name;
}

bool name_initials(Check& check) {
  const std::string_view word = check.word();
  return !is_any(word, {"id", "no"}) && (check.lexicon.known(word) & (known_credential | known_state)) == 0;
}

bool name_before_date(Check& check) {
  const NameReader reader(check);
  const auto words = reader.capital_words(check.extent.begin, 2);
  if (words.empty() || words.front().quality != Quality::sure) return false;
  check.value = words.front().span;
  return !reader.organisation(check.value) && !is_provider(reader, check.value);
}

bool name_with_date(Check& check) {
  // "Rostamian, Behrouz 2006-08-11", "Ahiga Yellowhorse (November 10, 1995)": no list needs to know the words.
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin, NameWords::most, Until::joints_end);
  const Name name = read_name(reader, words, {.lower = false, .comma = true, .any_comma = true});
  const bool initial = !words.empty() && words.front().initial;
  if (name.full_words < (initial ? 1 : 2) || name.span.begin != check.value.begin || name.span.end + 1 < check.value.end) return false;
  if (name.acronym && name.sure == 0 && words.front().span.size() <= 3) return false;  // "on NRB, COHb 28"
  // "Main Street, Mar 4"
  static constexpr std::array<std::string_view, 8> months{"apr", "april", "august", "jan", "jun", "june", "mar", "may"};
  if (in<organisation_tails>(reader.text_of(words.front()))) return false;
  const std::string_view behind = std::string_view(check.text.norm).substr(name.span.end, 2);
  const bool day = behind.size() == 2 && behind[0] == ' ' && behind[1] >= '0' && behind[1] <= '9';
  if (day && name.sure < 2 && std::any_of(words.begin(), words.end(), [&](const NameWord& word) { return word.comma_before && in<months>(reader.text_of(word)); })) return false;
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  const auto born = parse_date(check.extent.of(check.text.norm).substr(check.value.end - check.extent.begin), check.now);
  // "Short, Hope 4/16/45": both are words, too, but not before a date of years ago.
  const bool past = born && check.now && born->year + 1 < check.now->year;
  if (name.sure == 0 && name.ordinary > 0 && !(name.given && name.surname && (past || (!born && name.last_first)))) return false;
  if (born && check.now && born->year >= check.now->year && name.sure == 0) return false;
  return finish(check, reader, name, 1.0F);
}

namespace {

// "67M", "4yo", "G2P1": how a case begins in a note.
bool is_case_shorthand(std::string_view next) {
  std::size_t digits = 0;
  while (digits < next.size() && next[digits] >= '0' && next[digits] <= '9') ++digits;
  const std::string_view rest = next.substr(digits);
  const auto begins = [&](std::string_view word) { return is(rest.substr(0, word.size()), word) && text::is_edge(rest, word.size()); };
  if (digits >= 1 && digits <= 3) return begins("m") || begins("f") || begins("yo") || begins("y");
  return rest.size() >= 4 && is(rest.substr(0, 1), "g") && is(rest.substr(2, 1), "p") && rest[1] >= '0' && rest[1] <= '9' && rest[3] >= '0' && rest[3] <= '9';
}

}  // namespace

bool name_line(Check& check) {
  // "Abiodun - cataract": a surname at the head of its line, with a health term right behind.
  const std::string_view norm = check.text.norm;
  const std::uint32_t begin = check.extent.begin;
  if (begin > 0 && norm[begin - 1] != '\n') return false;
  const NameReader reader(check);
  const auto words = reader.capital_words(begin, 1);
  if (words.empty() || words.front().quality != Quality::sure) return false;
  const Span name = words.front().span;
  if (words.front().upper && name.size() <= 3) return false;  // "ROS: denies pain"
  if (reader.organisation(name) || is_provider(reader, name)) return false;
  check.value = Span{name.end, name.end};
  while (check.value.begin < norm.size() && std::string_view(" -:,").find(norm[check.value.begin]) != std::string_view::npos) ++check.value.begin;
  if (!health_word(check) && !is_case_shorthand(norm.substr(check.value.begin, 8))) return false;
  check.value = name;
  return true;
}

namespace {

// "Saga Whitehorse", "Ngowa-Fairbrook": words in no list that stand like a name. Nothing of a heading or a firm.
bool reads_like_a_name(const NameReader& reader, std::string_view norm, const Name& name) {
  if (name.full_words == 0 || name.full_words > 3 || name.wordlike || name.acronym || name.lower) return false;
  const bool hyphened = name.full_words == 1 && name.ordinary == 0 && reader.is_double_surname(name.span.of(norm));
  const bool pair = name.full_words >= 2 && name.unknown > 0 && name.unknown + name.sure >= 2;
  // "J. Pettibone", not "sweep in a U. First-timers" nor "thanks to A. Poole and R. Pettibone"
  const std::string_view previous = reader.before(name.span.begin);
  const bool initial = name.full_words == 1 && name.unknown == 1 && name.span.size() >= 7 && norm[name.span.begin + 1] == '.' && name.span.of(norm).find('-') == std::string_view::npos && !is_any(previous, {"and", "a"});
  if (!hyphened && !pair && !initial) return false;
  // "(Abernathy-Sato)" gives a talk or wrote a paper.
  if (!pair && name.span.begin > 0 && norm[name.span.begin - 1] == '(' && name.span.end < norm.size() && norm[name.span.end] == ')') return false;
  if (reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  const std::size_t behind = name.span.end;
  if (behind < norm.size() && (norm[behind] == '&' || (norm[behind] == ':' && reader.begins_sentence(name.span.begin)))) return false;
  if (behind + 2 < norm.size() && norm[behind] == ' ' && is_upper(norm[behind + 1]) && is_lower(norm[behind + 2])) return false;
  return !is_any(previous, {"the", "at", "near", "dr", "by"});
}

Sentences read_sentences(const NameReader& reader, std::string_view norm) {
  const auto ends = [&](std::size_t at) {
    const char c = norm[at];
    return c == '\n' || c == '!' || c == '?' || (c == '.' && at + 1 < norm.size() && (norm[at + 1] == ' ' || norm[at + 1] == '\n') && at >= 3 && is_lower(norm[at - 1]) && is_lower(norm[at - 2]) && is_lower(norm[at - 3]));
  };
  const auto begins_word = [&](std::size_t at) {
    if (at == 0) return true;
    const char before = norm[at - 1];
    return before != '-' && before != '\'' && before != '@' && before != '.' && before != '/' && !is_letter(norm, text::previous(norm, at));
  };
  Sentences out;
  for (std::uint32_t at = 0; at < norm.size(); ++at) {
    if (is_upper(norm[at])) {
      if (!begins_word(at)) continue;
      const Name name = read_name(reader, reader.words(at, 4), {.lower = false, .comma = false});
      if (name.span.begin == at && reads_like_a_name(reader, norm, name)) out.names.push_back(name.span);
    } else if (norm[at] < 'A' && ends(at)) {
      out.ends.push_back(at);
    }
  }
  return out;
}

}  // namespace

bool name_near_fact(Check& check) {
  constexpr std::uint32_t ahead = 120;  // characters from the start of the sentence
  constexpr std::uint32_t after = 60;
  const NameReader reader(check);
  std::optional<Sentences> own;
  auto& sentences = check.memo != nullptr ? check.memo->sentences : own;
  if (!sentences) sentences = read_sentences(reader, check.text.norm);
  const auto& [ends, names] = *sentences;
  const Span fact = check.value;
  auto name = std::lower_bound(names.begin(), names.end(), fact.begin - std::min(fact.begin, ahead), [](Span one, std::uint32_t place) { return one.begin < place; });
  if (name == names.end() || name->begin >= fact.end + after) return false;
  const auto end_before = std::lower_bound(ends.begin(), ends.end(), fact.begin);
  while (name != names.end() && end_before != ends.begin() && name->begin <= end_before[-1]) ++name;
  Span best;
  for (; name != names.end() && name->begin < fact.begin; ++name) {
    if ((best.empty() || name->begin > best.end) && name->end <= fact.begin) best = *name;
  }
  if (best.empty()) {
    while (name != names.end() && name->begin < fact.end) ++name;
    if (name == names.end() || name->begin >= fact.end + after) return false;
    const auto end_behind = std::lower_bound(end_before, ends.end(), fact.end);
    if (end_behind != ends.end() && name->begin >= *end_behind) return false;
    best = *name;
  }
  return finish(check, reader, {.span = best}, 1.0F);
}

bool name_initials_date(Check& check) {
  if (is_any(check.word().substr(0, 3), {"a.m", "p.m", "e.g", "i.e", "u.s", "p.o"})) return false;
  const auto born = parse_date(check.extent.of(check.text.norm).substr(check.value.end - check.extent.begin), check.now);
  if (!born || !check.now || born->year >= check.now->year) return false;
  // No paper and no visit is that old: it is a birth date.
  constexpr int grown_up = 18;
  if (born->year + grown_up <= check.now->year) check.p = std::max(check.p, 0.5F);
  return true;
}

bool name_born(Check& check) {
  // "emeka small bd 3/19/2022": whatever stands between a given name and the label is the rest of the name.
  const NameReader reader(check);
  const auto words = reader.words(check.extent.begin, 5, Until::joints_end);
  static constexpr std::array<std::string_view, 10> labels{"b-day", "bd", "bday", "birthdate", "born", "d", "date", "dob", "fecha", "nac"};
  Span name{check.extent.begin, check.extent.begin};
  int full = 0;
  for (const auto& word : words) {
    const std::string_view text = reader.text_of(word);
    if (in<labels>(text)) break;
    const bool listed = (word.known & (known_given | known_surname)) != 0;
    if (text.size() > 1 && !listed && (in<stop_words>(text) || (word.known & ~(known_eponym | known_weak_condition)) != 0)) return false;
    name.end = word.span.end;
    full += text.size() > 1 ? 1 : 0;
  }
  if (full < 2 || reader.organisation(name) || is_provider(reader, name)) return false;
  check.value = name;
  return true;
}

bool dob_behind_name(Check& check) {
  const NameReader reader(check);
  const auto words = reader.capital_words(check.extent.begin, 2);
  if (words.empty() || words.front().quality != Quality::sure) return false;
  const auto born = parse_date(check.word(), check.now);
  // This year's date behind a name is an appointment or a due date.
  return born && check.now && *born <= *check.now && born->year < check.now->year && years_between(*born, *check.now) <= 115;
}

bool health_word(Check& check) {
  // "history of asthma", not "history of the tilde": one of the next words is a health term.
  const std::string_view norm = check.text.norm;
  constexpr std::uint32_t health = known_condition | known_weak_condition | known_drug | known_health;
  const auto is_health = [&](std::string_view words) { return (check.lexicon.known(words) & health) != 0; };
  const auto word_end = [&](std::size_t at) {
    while (at < norm.size() && is_letter(norm, at)) at = step(norm, at);
    return at;
  };
  std::size_t at = check.value.begin;
  std::size_t end = word_end(at);
  for (int words = 0; words < 4 && end > at; ++words) {
    const std::string_view word = norm.substr(at, end - at);
    if (is_health(word)) return true;
    const std::size_t next = std::min(norm.find_first_not_of(" \n", end), norm.size());
    const std::size_t last = word_end(next);
    if (next == end) return false;
    if (last > next && is_health(std::string(word).append(" ").append(norm.substr(next, last - next)))) return true;
    at = next;
    end = last;
  }
  return false;
}

bool drug_word(Check& check) { return (check.lexicon.known(check.word()) & known_drug) != 0; }

bool abbreviation(Check& check) {
  // Short weak terms (ADD, MS, PE) are words unless they stand in capitals.
  const std::string_view word = check.word();
  if (word.size() > 4) return true;
  return std::none_of(word.begin(), word.end(), is_lower);
}

bool name_possessive(Check& check) {
  // "Zielonka-Hart's gabapentin": whose medicine it is has a name, whether a list knows it or not.
  const NameReader reader(check);
  const auto words = reader.words(check.value.begin, 3);
  const Name name = read_name(reader, words, {.lower = false, .comma = false});
  if (name.full_words == 0 || name.full_words > 2 || name.span.begin != check.value.begin || name.span.end != check.value.end) return false;
  if (name.sure + name.unknown == 0 || name.wordlike || name.acronym || reader.organisation(name.span) || is_provider(reader, name.span)) return false;
  Check behind = check;
  behind.value = Span{name.span.end + 3, name.span.end + 3};
  const std::string_view rest = std::string_view(check.text.norm).substr(std::min<std::size_t>(behind.value.begin, check.text.norm.size()));
  if (name.full_words == 1 && in<eponym_nouns>(rest.substr(0, rest.find_first_of(" ?.,;:)\n")))) return false;  // "Erb's palsy"
  return behind.value.begin < check.text.norm.size() && health_word(behind) && finish(check, reader, name, name.full_words == 1 ? 0.8F : 1.0F);
}

bool name_file(Check& check) {
  // "Roe_Janet", "janet-roe", "RoeJ": the given name's neighbour across one separator is a surname.
  const std::string_view norm = check.text.norm;
  const auto is_joint = [](char c) { return c == '_' || c == '-' || c == ' ' || c == '.' || c == ','; };
  const auto neighbour = [&](Span word) {
    const std::uint32_t known = check.lexicon.known(word.of(norm));
    return word.size() >= 2 && (known & known_surname) != 0 ? known : 0U;
  };
  const auto given = check.lexicon.known(check.word());
  const auto sure = [](std::uint32_t bits) { return (bits & (known_word | known_name_word | known_health | known_condition | known_drug)) == 0; };
  std::uint32_t end = check.value.end;
  while (end < norm.size() && is_joint(norm[end])) ++end;
  Span after{end, end};
  while (after.end < norm.size() && is_letter(norm, after.end)) after.end = static_cast<std::uint32_t>(step(norm, after.end));
  std::uint32_t begin = check.value.begin;
  while (begin > 0 && is_joint(norm[begin - 1])) --begin;
  Span before{begin, begin};
  while (before.begin > 0 && is_letter(norm, text::previous(norm, before.begin))) before.begin = static_cast<std::uint32_t>(text::previous(norm, before.begin));
  for (const Span other : {before, after}) {
    const std::uint32_t known = neighbour(other);
    if (known == 0 || other.begin == check.value.end || other.end == check.value.begin || !(sure(known) || sure(given))) continue;
    check.value = {std::min(other.begin, check.value.begin), std::max(other.end, check.value.end)};
    return true;
  }
  return false;
}

}  // namespace phiscan::detect

#include "text/characters.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <new>

#include "text/text.hpp"

namespace phiscan::text {
namespace {

using namespace std::string_view_literals;

constexpr int most_marks = 32;  // a longer pile of marks is cut there

// Base letters of U+00C0 to U+017F; '*' is not one plain letter.
constexpr std::string_view latin_bases =
    "AAAAAA*CEEEEIIII" "DNOOOOO*OUUUUY**" "aaaaaa*ceeeeiiii" "dnooooo*ouuuuy*y"
    "AaAaAaCcCcCcCcDd" "DdEeEeEeEeEeGgGg" "GgGgHhHhIiIiIiIi" "Ii**JjKk*LlLlLlL"
    "lLlNnNnNn***OoOo" "Oo**RrRrRrSsSsSs" "SsTtTtTtUuUuUuUu" "UuUuWwYyYZzZzZzs";
static_assert(latin_bases.size() == 0x180 - 0xC0);

bool is_dropped(char32_t c) {
  if (c < 0x300) return c == 0xAD;
  return c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || (c >= 0x180B && c <= 0x180F) ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x3164 ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || c == 0xFFA0 || (c >= 0xE0000 && c <= 0xE0FFF);
}

// The ASCII character that stands for a dash, quote or space; 0 for all else.
char ascii_punctuation(char32_t c) {
  if (c >= 0x2010 && c <= 0x2015) return '-';
  if (c >= 0x2000 && c <= 0x200A) return ' ';
  switch (c) {
    case 0x2212: case 0x2043: case 0xFE58: case 0xFE63: case 0xFF0D: return '-';
    case 0xB4: case 0x2B9: case 0x2BB: case 0x2BC: case 0x2018: case 0x2019: case 0x201A: case 0x201B: case 0x2032: case 0xFF07: return '\'';
    case 0xAB: case 0xBB: case 0x201C: case 0x201D: case 0x201E: case 0x201F: case 0x2033: case 0xFF02: return '"';
    case 0xA0: case 0x1680: case 0x202F: case 0x205F: case 0x3000: return ' ';
    case 0x2044: case 0x2215: return '/';
    default: return 0;
  }
}

// Latin letters that are not a base and a mark.
std::string_view latin_special(char32_t c) {
  switch (c) {
    case 0xC6: return "AE"sv;
    case 0xE6: return "ae"sv;
    case 0x152: return "OE"sv;
    case 0x153: return "oe"sv;
    case 0xDE: return "Th"sv;
    case 0xFE: return "th"sv;
    case 0xDF: return "ss"sv;
    case 0x1E9E: return "SS"sv;
    default: return {};
  }
}

// One static string per ASCII character, so that a fold needs no buffer.
std::string_view one(char c) {
  static constexpr auto all = [] {
    struct { char bytes[128]; } table{};
    for (int i = 0; i < 128; ++i) table.bytes[i] = static_cast<char>(i);
    return table;
  }();
  return {&all.bytes[static_cast<unsigned char>(c)], 1};
}

// Letters and pictures that NFKC leaves alone and that join nothing before them; only a mark after them changes them.
bool is_stable(char32_t c) {
  return (c >= 0x391 && c <= 0x3CE) || (c >= 0x400 && c <= 0x481) || (c >= 0x48A && c <= 0x52F) || (c >= 0x5D0 && c <= 0x5EA) ||
         (c >= 0x620 && c <= 0x64A) || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA) || (c >= 0x4E00 && c <= 0x9FFF) ||
         (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1F300 && c <= 0x1FAFF);
}

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = get(status);
  if (U_FAILURE(status) || found == nullptr) throw std::bad_alloc();
  return *found;
}

// True when nothing at `at` can belong to the character before.
bool stands_apart(std::string_view source, std::size_t at) {
  if (at >= source.size() || static_cast<unsigned char>(source[at]) < 0xCC) return true;
  const char32_t c = decode_any(source, at).c;
  return is_stable(c) || is_dropped(c) || (!is_mark(c) && normalizer(icu::Normalizer2::getNFKCInstance).hasBoundaryBefore(static_cast<UChar32>(c)));
}

void append(std::string& text, const icu::UnicodeString& from) {
  for (std::int32_t i = 0; i < from.length();) {
    const auto c = static_cast<char32_t>(from.char32At(i));
    append_utf8(text, c >= 0xD800 && c <= 0xDFFF ? U'\uFFFD' : c);
    i += c > 0xFFFF ? 2 : 1;
  }
}

}  // namespace

Decoded decode_any(std::string_view utf8, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < utf8.size() ? static_cast<unsigned char>(utf8[at + i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {static_cast<char32_t>(lead), 1};
  if (lead >= 0xC2 && lead < 0xE0 && tail(1)) return {static_cast<char32_t>((lead & 0x1FU) << 6U | (byte(1) & 0x3FU)), 2};
  if (lead >= 0xE0 && lead < 0xF0 && tail(1) && tail(2)) {
    const std::uint32_t c = (lead & 0xFU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) return {static_cast<char32_t>(c), 3};
  }
  if (lead >= 0xF0 && lead < 0xF5 && tail(1) && tail(2) && tail(3)) {
    const std::uint32_t c = (lead & 7U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU);
    if (c >= 0x10000 && c <= 0x10FFFF) return {static_cast<char32_t>(c), 4};
  }
  return {U'\uFFFD', 1};
}

bool is_mark(char32_t c) { return c >= 0x300 && (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0; }

bool is_word(char32_t c) {
  if (c < 0x80) return is_ascii_word(static_cast<char>(c));
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) != 0;
}

Folded Folder::next(std::string_view source, std::size_t at) {
  using Kind = Folded::Kind;
  const auto [c, size] = decode_any(source, at);
  if (c == 0 || c == U'\uFFFD') return {Kind::text, size, "\xEF\xBF\xBD"sv};
  if (const char ascii = ascii_punctuation(c); ascii != 0) return {ascii == ' ' ? Kind::space : Kind::text, size, one(ascii)};
  if (c == 0x85 || c == 0x2028 || c == 0x2029) return {Kind::line_break, size, "\n"sv};
  if (is_dropped(c)) return {c == 0x202D || c == 0x202E ? Kind::bidi_override : Kind::dropped, size, {}};

  const std::size_t after = at + size;
  const bool apart = stands_apart(source, after);
  if (apart && c < 0x80) return {Kind::text, size, one(static_cast<char>(c))};
  if (apart && c >= 0xC0 && c < 0x180) {
    if (const char base = latin_bases[c - 0xC0]; base != '*') return {Kind::text, size, one(base)};
  }
  if (apart && is_stable(c)) return {Kind::text, size, source.substr(at, size)};
  if (is_mark(c)) return {Kind::mark, size, source.substr(at, size)};
  if (c < 0x80 && is_ascii_word(static_cast<char>(c))) {  // a letter and its accents, decomposed
    std::uint32_t all = size;
    for (int marks = 0; marks < most_marks && at + all < source.size(); ++marks) {
      const auto [mark, more] = decode_any(source, at + all);
      if (!is_mark(mark) || is_dropped(mark)) break;
      all += more;
    }
    return {Kind::text, all, one(static_cast<char>(c))};
  }
  Known& known = known_[c % known_.size()];
  if (apart && known.c == c) return {Kind::text, size, {known.bytes.data(), known.size}};
  const Folded result = cluster(source, at, size);
  if (apart && result.kind == Kind::text && result.size == size && result.bytes.size() <= known.bytes.size()) {
    known.c = c;
    known.size = static_cast<std::uint8_t>(result.bytes.size());
    std::copy(result.bytes.begin(), result.bytes.end(), known.bytes.begin());
    return {Kind::text, size, {known.bytes.data(), known.size}};
  }
  return result;
}

Folded Folder::cluster(std::string_view source, std::size_t at, std::uint32_t size) {
  const icu::Normalizer2& nfkc = normalizer(icu::Normalizer2::getNFKCInstance);
  const auto first = static_cast<UChar32>(decode_any(source, at).c);
  icu::UnicodeString text(first);
  for (int marks = 0; marks < most_marks && at + size < source.size(); ++marks) {
    const auto [c, more] = decode_any(source, at + size);
    if (c < 0x300 || is_dropped(c) || nfkc.hasBoundaryBefore(static_cast<UChar32>(c))) {
      if (!(is_mark(c) && !is_dropped(c))) break;
    }
    text.append(static_cast<UChar32>(c));
    size += more;
  }
  const std::string_view raw = source.substr(at, size);

  UErrorCode status = U_ZERO_ERROR;
  const auto script = [](UChar32 c) {
    UErrorCode ignored = U_ZERO_ERROR;
    return uscript_getScript(c, &ignored);
  };
  const bool single = text.countChar32() == 1;
  const bool plain = single && script(first) != USCRIPT_LATIN && u_charType(first) != U_DECIMAL_DIGIT_NUMBER;
  if (plain && nfkc.isNormalized(text, status) && U_SUCCESS(status)) return {Folded::Kind::text, size, raw};

  status = U_ZERO_ERROR;
  const icu::Normalizer2& nfd = normalizer(icu::Normalizer2::getNFDInstance);
  const icu::UnicodeString parts = nfd.normalize(nfkc.normalize(text, status), status);
  if (U_FAILURE(status)) return {Folded::Kind::text, size, "\xEF\xBF\xBD"sv};
  icu::UnicodeString kept;
  bool folds_marks = false;  // the base before is Latin or a digit
  bool ascii = true;
  for (std::int32_t i = 0; i < parts.length();) {
    const UChar32 c = parts.char32At(i);
    i += U16_LENGTH(c);
    const auto point = static_cast<char32_t>(c);
    if (is_mark(point)) {
      if (folds_marks) continue;
    } else {
      folds_marks = script(c) == USCRIPT_LATIN || u_charType(c) == U_DECIMAL_DIGIT_NUMBER;
    }
    if (is_dropped(point)) continue;
    if (const char replacement = ascii_punctuation(point); replacement != 0) {
      kept.append(static_cast<UChar32>(replacement));
    } else if (c >= 0x80 && u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
      kept.append(static_cast<UChar32>('0' + u_charDigitValue(c)));
    } else if (const std::string_view special = latin_special(point); !special.empty()) {
      for (const char letter : special) kept.append(static_cast<UChar32>(letter));
    } else if (c >= 0xC0 && c < 0x180 && latin_bases[static_cast<std::size_t>(c) - 0xC0] != '*') {
      kept.append(static_cast<UChar32>(latin_bases[static_cast<std::size_t>(c) - 0xC0]));
    } else {
      kept.append(c);
      ascii = ascii && c < 0x80;
    }
  }
  if (!ascii) kept = normalizer(icu::Normalizer2::getNFCInstance).normalize(kept, status);
  // A few characters are whole sentences in NFKC; a spacing accent becomes a space and a mark. Neither helps a matcher.
  const bool odd = kept.length() > 8 || (kept.length() > 1 && kept.charAt(0) == u' ');
  if (U_FAILURE(status) || (single && odd)) return {Folded::Kind::text, size, raw};
  if (kept.isEmpty()) return {Folded::Kind::dropped, size, {}};
  buffer_.clear();
  append(buffer_, kept);
  if (buffer_ == " ") return {Folded::Kind::space, size, " "sv};
  return {Folded::Kind::text, size, buffer_};
}

char32_t lower_case(char32_t c) {
  if (c < 0x80) return static_cast<char32_t>(ascii_lower(static_cast<char>(c)));
  return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

Script script_of(char32_t c) {
  if (c < 0x80) return is_ascii_letter(static_cast<char>(c)) ? Script::latin : Script::none;
  if ((c >= 0x370 && c <= 0x52F) || (c >= 0x1F00 && c <= 0x1FFF)) return is_word(c) ? Script::look_alike_family : Script::none;
  return c >= 0xC0 && c <= 0x24F && is_word(c) ? Script::latin : Script::none;
}

char latin_look_alike(char32_t c) {
  switch (c) {
    case U'а': return 'a'; case U'е': return 'e'; case U'о': return 'o'; case U'р': return 'p'; case U'с': return 'c';
    case U'х': return 'x'; case U'у': return 'y'; case U'і': return 'i'; case U'ј': return 'j'; case U'ѕ': return 's';
    case U'һ': return 'h'; case U'ԁ': return 'd'; case U'ԛ': return 'q'; case U'ԝ': return 'w';
    case U'А': return 'A'; case U'В': return 'B'; case U'Е': return 'E'; case U'К': return 'K'; case U'М': return 'M';
    case U'Н': return 'H'; case U'О': return 'O'; case U'Р': return 'P'; case U'С': return 'C'; case U'Т': return 'T';
    case U'Х': return 'X'; case U'У': return 'Y'; case U'І': return 'I'; case U'Ј': return 'J'; case U'Ѕ': return 'S';
    case U'ο': return 'o'; case U'ν': return 'v';
    case U'Α': return 'A'; case U'Β': return 'B'; case U'Ε': return 'E'; case U'Ζ': return 'Z'; case U'Η': return 'H';
    case U'Ι': return 'I'; case U'Κ': return 'K'; case U'Μ': return 'M'; case U'Ν': return 'N'; case U'Ο': return 'O';
    case U'Ρ': return 'P'; case U'Τ': return 'T'; case U'Υ': return 'Y'; case U'Χ': return 'X';
    default: return 0;
  }
}

}  // namespace phiscan::text

#include "detect/structure.hpp"

#include <algorithm>
#include <array>

#include "detect/structure_readers.hpp"
#include "detect/validators.hpp"

namespace phiscan::detect {
namespace {

constexpr std::size_t longest_value = 400;  // free text of a result is cut here, at a character
constexpr std::size_t longest_segment = 8'000;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

std::vector<Structured> read_structures(std::string_view recogniser, const text::Text& text) {
  const std::string_view norm = text.norm;
  if (recogniser == "hl7v2") return read_hl7v2(norm);
  if (recogniser == "x12") return read_x12(norm);
  if (recogniser == "fhir") return read_fhir(norm);
  if (recogniser == "ccda") return read_ccda(norm);
  if (recogniser != "table") return {};
  auto found = read_tables(norm);
  for (auto& rows : read_json_rows(norm)) found.push_back(std::move(rows));
  return found;
}

bool Payload::add(Kind kind, Label label, Span value, std::uint32_t record) {
  if (record > max_records) return false;
  value = trimmed(norm_, value);
  if (value.size() > longest_value) {
    value.end = value.begin + static_cast<std::uint32_t>(longest_value);
    while (value.end > value.begin && (static_cast<unsigned char>(norm_[value.end]) & 0xC0U) == 0x80U) --value.end;
  }
  if (value.empty() || is_placeholder(value.of(norm_))) return false;
  found_.values.push_back({kind, label, value, record});
  cover(value);
  has_identity_ |= kind == Kind::identity;
  has_health_ |= kind == Kind::health;
  return true;
}

void Payload::cover(Span extent) {
  if (found_.extent.empty()) {
    found_.extent = extent;
  } else {
    found_.extent = {std::min(found_.extent.begin, extent.begin), std::max(found_.extent.end, extent.end)};
  }
}

void Payload::finish(std::vector<Structured>& out) {
  if (!has_identity_ && !has_health_) return;
  out.push_back(std::move(found_));
}

Span trimmed(std::string_view norm, Span span) {
  while (span.begin < span.end && is_space(norm[span.begin])) ++span.begin;
  while (span.end > span.begin && is_space(norm[span.end - 1])) --span.end;
  return span;
}

std::size_t digit_count(std::string_view word) { return static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_ascii_digit)); }
std::size_t letter_count(std::string_view word) { return static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_letter_byte)); }

std::string lower_ascii(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) {
    if (is_ascii_upper(c)) c = static_cast<char>(c + 32);
  }
  return lower;
}

std::string upper_characters(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (is_ascii_digit(c) || is_ascii_upper(c)) out += c;
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 32);
  }
  return out;
}

bool is_placeholder(std::string_view word) {
  constexpr std::size_t longest = 40;
  if (word.size() > longest) return false;
  if (word.find_first_of("{}<>[]") != std::string_view::npos) return true;
  if (std::none_of(word.begin(), word.end(), [](char c) { return is_letter_byte(c) || is_ascii_digit(c); })) return true;
  const std::string plain = upper_characters(word);
  if (plain.empty()) return false;  // another script
  if (plain.size() > 1 && std::all_of(plain.begin(), plain.end(), [](char c) { return c == 'X'; })) return true;
  if (plain.size() > 2 && std::all_of(plain.begin(), plain.end(), [](char c) { return c == '0'; })) return true;
  constexpr std::array<std::string_view, 34> words{
      "NA", "NONE", "NULL", "NIL", "TBD", "TBA", "UNKNOWN", "NOTAVAILABLE", "NOTAPPLICABLE", "PENDING", "BLANK", "REDACTED", "REMOVED", "SAMPLE", "EXAMPLE",
      "DUMMY", "PLACEHOLDER", "LASTNAME", "FIRSTNAME", "LAST", "FIRST", "NAME", "PATIENTNAME", "MIDDLE", "MMDDYYYY", "YYYYMMDD", "CCYYMMDD", "DDMMYYYY", "STRING",
      "EVERYMAN", "EVERYWOMAN", "NINGUNO", "DESCONOCIDO", "PENDIENTE"};
  return std::find(words.begin(), words.end(), plain) != words.end();
}

bool is_date(std::string_view word) {
  constexpr std::size_t longest = 34;
  constexpr std::size_t longest_run = 8;
  if (word.size() < 6 || word.size() > longest) return false;
  // "1961-04-12T00:00:00Z" and "4/12/1961 09:30" are dates with a time behind.
  const std::size_t colon = word.find(':');
  if (colon != std::string_view::npos) {
    const std::size_t gap = word.find_last_of(" T", colon);
    if (gap == std::string_view::npos || gap < 6) return false;
    word = word.substr(0, gap);
  }
  std::size_t run = 0;
  for (const char c : word) {
    run = is_ascii_digit(c) ? run + 1 : 0;
    if (run > longest_run) return false;
    if (static_cast<unsigned char>(c) >= 0x80 || (c != '/' && c != '-' && c != '.' && c != ',' && c != ' ' && c != '\'' && !is_letter_byte(c) && !is_ascii_digit(c))) {
      return false;
    }
  }
  return parse_date(word, std::nullopt).has_value();
}

Span compact_date(std::string_view norm, Span value) {
  value = trimmed(norm, value);
  std::uint32_t end = value.begin;
  while (end < value.end && is_ascii_digit(norm[end])) ++end;
  if (end - value.begin < 8) return {};
  value.end = value.begin + 8;
  const std::string_view date = value.of(norm);
  return (date.starts_with("19") || date.starts_with("20") || date.starts_with("18")) && parse_date(date, std::nullopt) ? value : Span{};
}

bool is_icd(std::string_view word) {
  if (word.size() < 3 || word.size() > 8 || !is_letter_byte(word[0]) || !is_ascii_digit(word[1])) return false;
  const char third = word[2];
  if (!is_ascii_digit(third) && third != 'A' && third != 'B' && third != 'a' && third != 'b') return false;
  std::size_t at = 3;
  if (at < word.size() && word[at] == '.') {
    ++at;
    if (at == word.size()) return false;
  }
  return word.size() - at <= 4 && std::all_of(word.begin() + static_cast<std::ptrdiff_t>(at), word.end(), [](char c) {
           return is_ascii_digit(c) || (is_letter_byte(c) && static_cast<unsigned char>(c) < 0x80);
         });
}

Label id_label(std::string_view word, Label otherwise) {
  return word.size() >= 11 && word.size() <= 14 && is_mbi(upper_characters(word)) ? Label::mbi : otherwise;
}

std::vector<Span> split(std::string_view norm, Span whole, char separator, std::size_t most) {
  std::vector<Span> pieces;
  std::size_t begin = whole.begin;
  while (pieces.size() < most) {
    const std::size_t end = begin + std::min(norm.substr(begin, whole.end - begin).find(separator), whole.end - begin);
    pieces.push_back(span_of(begin, end));
    if (end >= whole.end) break;
    begin = end + 1;
  }
  return pieces;
}

std::size_t segment_line_end(std::string_view norm, std::size_t begin, std::size_t limit, char separator) {
  constexpr std::size_t wrapped = 60;  // a mail program wraps no shorter line
  const std::string_view text = norm.substr(0, std::min(limit, begin + longest_segment));
  const auto line_end = [&](std::size_t from) { return std::min(text.find_first_of("\n\r", from), text.size()); };
  for (std::size_t line = begin;;) {
    const std::size_t end = line_end(line);
    if (end == text.size() || end - line < wrapped) return end;
    const std::size_t next = end + 1;
    const std::string_view more = text.substr(next, line_end(next) - next);
    const std::size_t first = more.find(separator);
    if (first == std::string_view::npos) return end;
    const bool is_segment = first >= 2 && first <= 3 && std::all_of(more.begin(), more.begin() + static_cast<std::ptrdiff_t>(first), [](char c) {
                              return is_ascii_upper(c) || is_ascii_digit(c);
                            });
    if (is_segment || (more.find(separator, first + 1) == std::string_view::npos && more.find('^') == std::string_view::npos)) return end;
    line = next;
  }
}

}  // namespace phiscan::detect

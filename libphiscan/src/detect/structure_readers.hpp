// What the structure readers share: the payload they fill, and the light checks of a value. Each reader looks for its literal first and
// costs one pass of memchr when that is missing; with it, one more linear pass. Internal to structure.cpp and its readers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "detect/structure.hpp"

namespace phiscan::detect {

[[nodiscard]] std::vector<Structured> read_hl7v2(std::string_view norm);
[[nodiscard]] std::vector<Structured> read_x12(std::string_view norm);
[[nodiscard]] std::vector<Structured> read_fhir(std::string_view norm);
[[nodiscard]] std::vector<Structured> read_ccda(std::string_view norm);
[[nodiscard]] std::vector<Structured> read_tables(std::string_view norm);     // delimited, HTML and aligned tables
[[nodiscard]] std::vector<Structured> read_json_rows(std::string_view norm);  // JSON that is not FHIR: keys are column names

constexpr std::uint32_t max_records = 5'000;
constexpr std::uint32_t no_person = 0;  // the record of a value that belongs to the payload, not to one person in it

// One payload while it is read. Values are trimmed; empty and placeholder values are dropped; a value can only be added once.
class Payload {
 public:
  Payload(Label label, std::string_view norm) : norm_(norm) { found_.payload = label; }

  std::uint32_t new_record() { return ++found_.records; }
  [[nodiscard]] std::uint32_t record() const { return found_.records; }
  // False when there is nothing to keep.
  bool add(Kind kind, Label label, Span value, std::uint32_t record);
  bool identity(Label label, Span value, std::uint32_t record) { return add(Kind::identity, label, value, record); }
  bool health(Label label, Span value, std::uint32_t record) { return add(Kind::health, label, value, record); }
  bool provider(Label label, Span value, std::uint32_t record) { return add(Kind::provider, label, value, record); }

  void cover(Span extent);
  void set_clinical() { found_.clinical = true; }
  [[nodiscard]] bool has_identity() const { return has_identity_; }
  [[nodiscard]] bool has_health() const { return has_health_; }
  [[nodiscard]] std::string_view norm() const { return norm_; }

  // The finished payload goes to `out` when it holds a person's value or a health value.
  void finish(std::vector<Structured>& out);

 private:
  std::string_view norm_;
  Structured found_;
  bool has_identity_ = false;
  bool has_health_ = false;
};

[[nodiscard]] inline Span span_of(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}
[[nodiscard]] inline bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] inline bool is_ascii_upper(char c) { return c >= 'A' && c <= 'Z'; }
// Letters of other scripts and marks are bytes from 0x80 on.
[[nodiscard]] inline bool is_letter_byte(char c) {
  return (c >= 'a' && c <= 'z') || is_ascii_upper(c) || static_cast<unsigned char>(c) >= 0x80;
}
[[nodiscard]] Span trimmed(std::string_view norm, Span span);
[[nodiscard]] std::size_t digit_count(std::string_view word);
[[nodiscard]] std::size_t letter_count(std::string_view word);
[[nodiscard]] std::string upper_characters(std::string_view word);  // ASCII letters and digits only, upper case
[[nodiscard]] std::string lower_ascii(std::string_view word);
// "N/A", "____", "{{name}}", "xxx", "LASTNAME", "TEST": a value nobody filled in, or a made-up one.
[[nodiscard]] bool is_placeholder(std::string_view word);
// A date as people write it; never reads more than a short cell.
[[nodiscard]] bool is_date(std::string_view word);
// CCYYMMDD, longer time stamps too: the span of its eight date digits, or empty.
[[nodiscard]] Span compact_date(std::string_view norm, Span value);
// ICD-10-CM with or without its dot.
[[nodiscard]] bool is_icd(std::string_view word);
[[nodiscard]] Label id_label(std::string_view word, Label otherwise);  // mbi when the word is one

// Splits at `separator`; at most `most` pieces, the rest is not looked at.
[[nodiscard]] std::vector<Span> split(std::string_view norm, Span whole, char separator, std::size_t most);
// Where a segment that begins at `begin` ends when its terminator is a line end: at the line end, or further when the line was
// wrapped by a mail program (long, and the next line holds more of the separator but begins no segment). Never after `limit`.
[[nodiscard]] std::size_t segment_line_end(std::string_view norm, std::size_t begin, std::size_t limit, char separator);

}  // namespace phiscan::detect

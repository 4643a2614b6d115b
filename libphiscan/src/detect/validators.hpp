// Validators: the named checks a rule may ask for - check digits, calendars, number plans, and whether words are a person's name.
// A validator may veto, shrink or extend the value, and lower or raise its evidence. Facts and sources: the comment at each.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/date.hpp"
#include "base/span.hpp"
#include "detect/lexicon.hpp"
#include "text/text.hpp"

namespace phiscan::detect {

class WordMemo;

struct Check {
  const text::Text& text;
  const Lexicon& lexicon;
  std::optional<Date> now;
  Span extent;           // head and value
  Span value;            // may be changed
  float p = 0.0F;        // may be changed
  bool sample = false;   // set for documented fakes
  WordMemo* memo = nullptr;  // of this text; may be missing
  [[nodiscard]] std::string_view word() const { return value.of(text.norm); }
};

// False = no match.
using Validator = bool (*)(Check&);

// nullptr for an unknown name.
[[nodiscard]] Validator find_validator(std::string_view name);

// What must begin with a capital, or with a letter of another script, or the validator says no: who asks it need not ask of "may" and "long".
enum class Capital : std::uint8_t { none, value, extent };
[[nodiscard]] Capital capital_of(std::string_view name);
[[nodiscard]] inline bool is_capital(char c) { return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }  // other scripts may be

// For structure readers and tests: digits and letters only, upper case.
[[nodiscard]] bool is_ssn(std::string_view digits);
[[nodiscard]] bool is_npi(std::string_view digits);
[[nodiscard]] bool is_mbi(std::string_view characters);
[[nodiscard]] bool is_dea(std::string_view characters);
[[nodiscard]] bool is_aba(std::string_view digits);
[[nodiscard]] bool is_vin(std::string_view characters);
[[nodiscard]] bool is_luhn(std::string_view digits);
[[nodiscard]] bool is_nanp(std::string_view digits);
[[nodiscard]] bool is_imei(std::string_view digits);
[[nodiscard]] bool is_gtin(std::string_view digits);
[[nodiscard]] bool is_hibc(std::string_view characters);  // as printed, with its '+'
// A date as people write it (4/12/61, 12-Apr-1961, April 12, 1961, 12 de abril de 1961, 1961-04-12); two-digit years pivot at `now`.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text, std::optional<Date> now);

}  // namespace phiscan::detect

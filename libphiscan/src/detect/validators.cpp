#include "detect/validators.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "detect/names.hpp"

namespace phiscan::detect {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

std::string digits_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_digit(c)) out.push_back(c);
  }
  return out;
}

std::string characters_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_digit(c) || is_letter(c)) out.push_back(upper(c));
  }
  return out;
}

bool all_same(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front(); });
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int value_of(char c) { return c - '0'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

// Goes on as part of a longer number: "123-45-6789-01", "3.14.15", "$1,234".
bool continues(const Check& check) {
  const std::string_view norm = check.text.norm;
  const auto at = [&](std::size_t i) { return i < norm.size() ? norm[i] : '\0'; };
  const std::size_t end = check.value.end;
  if ((at(end) == '-' || at(end) == '.' || at(end) == '/' || at(end) == ',') && is_digit(at(end + 1))) return true;
  const std::size_t begin = check.value.begin;
  if (begin == 0) return false;
  const char before = norm[begin - 1];
  if (before == '$' || before == '#' || before == '=' || before == '/') return before != '#' && before != '=';
  return (before == '-' || before == '.' || before == ',') && begin >= 2 && is_digit(norm[begin - 2]);
}

// The months in English and Spanish by their first three letters.
int month_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, int>, 17> names{{{"jan", 1}, {"ene", 1}, {"feb", 2}, {"mar", 3}, {"apr", 4}, {"abr", 4}, {"may", 5}, {"jun", 6},
                                                                    {"jul", 7}, {"aug", 8}, {"ago", 8}, {"sep", 9}, {"oct", 10}, {"nov", 11}, {"dec", 12}, {"dic", 12}, {"set", 9}}};
  if (word.size() < 3) return 0;
  const std::string folded = lower(word.substr(0, 3));
  for (const auto& [name, month] : names) {
    if (folded == name) return month;
  }
  return 0;
}

int full_year(int year, std::size_t digits, std::optional<Date> now) {
  if (digits == 4) return year;
  if (digits != 2) return 0;
  const int this_year = now ? now->year % 100 : 99;
  return year > this_year ? 1900 + year : 2000 + year;
}

// ---- identity numbers -------------------------------------------------------------------------------------------------

// SSA POMS RM 10201.035: areas 000, 666 and 900-999, group 00 and serial 0000 are never assigned. Known fakes: wallet insert
// 078-05-1120, advertisements 219-09-9999, 457-55-5462 and 987-65-432x (the last fail by area).
bool ssn(Check& check) {
  const std::string digits = digits_of(check.word());
  std::string separators;
  for (const char c : check.word()) {
    if (!is_digit(c)) separators.push_back(c);
  }
  separators.erase(std::remove(separators.begin(), separators.end(), '\n'), separators.end());
  if (separators.size() == 2 && separators[0] != separators[1]) return false;
  if (continues(check)) return false;
  constexpr std::array<std::string_view, 4> fakes{"078051120", "123456789", "219099999", "457555462"};
  check.sample = std::find(fakes.begin(), fakes.end(), digits) != fakes.end() || (digits.size() == 9 && all_same(digits));
  return check.sample || is_ssn(digits);
}

bool ssn_last4(Check& check) {
  const std::string digits = digits_of(check.word());
  return digits.size() == 4 && digits != "0000";
}

// IRS: 9xx with fourth and fifth digits 50-65, 70-88, 90-92, 94-99.
bool itin(Check& check) {
  const std::string digits = digits_of(check.word());
  if (digits.size() != 9 || digits[0] != '9' || continues(check)) return false;
  const int middle = number(std::string_view(digits).substr(3, 2));
  return (middle >= 50 && middle <= 65) || (middle >= 70 && middle <= 88) || (middle >= 90 && middle <= 92) || middle >= 94;
}

bool mbi(Check& check) {
  const std::string characters = characters_of(check.word());
  return is_mbi(characters);
}

bool npi(Check& check) { return is_npi(digits_of(check.word())) && !continues(check); }
bool dea(Check& check) { return is_dea(characters_of(check.word())); }
bool vin(Check& check) { return is_vin(characters_of(check.word())); }
bool aba(Check& check) { return is_aba(digits_of(check.word())); }

// ISO/IEC 7812: issuer ranges and Luhn. The networks' published test numbers are samples.
bool card(Check& check) {
  const std::string digits = digits_of(check.word());
  if (digits.size() < 13 || digits.size() > 19 || all_same(digits) || !is_luhn(digits) || continues(check)) return false;
  const int two = number(std::string_view(digits).substr(0, 2));
  const int four = number(std::string_view(digits).substr(0, 4));
  const bool visa = digits[0] == '4' && (digits.size() == 16 || digits.size() == 13 || digits.size() == 19);
  const bool master = ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) && digits.size() == 16;
  const bool amex = (two == 34 || two == 37) && digits.size() == 15;
  const bool discover = (four == 6011 || two == 65 || (four >= 6440 && four <= 6499)) && digits.size() == 16;
  const bool jcb = four >= 3528 && four <= 3589 && digits.size() == 16;
  const bool diners = (two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059)) && digits.size() == 14;
  return visa || master || amex || discover || jcb || diners;
}

// A labelled number of any issuer: at least four digits (or as the rule's pattern asks), no date, no year, no phone, no money.
bool labelled_id(Check& check) {
  std::string_view word = check.word();
  while (!word.empty() && (word.back() == '-' || word.back() == '.')) word.remove_suffix(1);
  check.value.end = check.value.begin + static_cast<std::uint32_t>(word.size());
  const std::string digits = digits_of(word);
  if (digits.size() < 4 || all_same(digits)) return false;
  if (parse_date(word, check.now)) return false;
  if (digits.size() == 4 && word.size() == 4 && (digits.starts_with("19") || digits.starts_with("20"))) return false;
  const std::string_view norm = check.text.norm;
  if (check.value.begin > 0 && norm[check.value.begin - 1] == '$') return false;
  const std::size_t end = check.value.end;
  if (end + 2 < norm.size() && norm[end] == '.' && is_digit(norm[end + 1]) && is_digit(norm[end + 2]) && word.size() == digits.size()) return false;
  if (digits.size() == 10 && word.size() == 12 && is_nanp(digits)) return false;
  return true;
}

// A code of letters and digits, at least one digit and six characters in all (member ids, claims).
bool labelled_code(Check& check) {
  if (!labelled_id(check)) return false;
  const std::string characters = characters_of(check.word());
  return characters.size() >= 5;
}

bool license(Check& check) {
  const std::string characters = characters_of(check.word());
  return characters.size() >= 5 && digits_of(characters).size() >= 4 && labelled_id(check);
}

bool passport(Check& check) {
  const std::string characters = characters_of(check.word());
  const bool letter = !characters.empty() && is_letter(characters[0]);
  return characters.size() == 9 && digits_of(characters).size() == (letter ? 8U : 9U) && !all_same(digits_of(characters));
}

bool bank(Check& check) {
  const std::string digits = digits_of(check.word());
  return digits.size() >= 4 && digits.size() <= 17 && !all_same(digits);
}

// Area and exchange as the North American Numbering Plan allows; toll-free numbers belong to organisations.
bool phone(Check& check) {
  std::string digits = digits_of(check.word());
  if (digits.size() == 11 && digits[0] == '1') digits.erase(0, 1);
  if (digits.size() > 10) digits.resize(10);
  if (!is_nanp(digits) || continues(check)) return false;
  constexpr std::array<std::string_view, 7> toll_free{"800", "833", "844", "855", "866", "877", "888"};
  if (std::find(toll_free.begin(), toll_free.end(), std::string_view(digits).substr(0, 3)) != toll_free.end()) check.p *= 0.1F;
  return true;
}

bool ip(Check& check) {
  const std::string_view word = check.word();
  std::array<int, 4> part{};
  std::size_t at = 0;
  for (auto& value : part) {
    const auto dot = std::min(word.find('.', at), word.size());
    value = number(word.substr(at, dot - at));
    if (value > 255) return false;
    at = dot + 1;
  }
  if (continues(check)) return false;
  const bool local = part[0] == 0 || part[0] == 10 || part[0] == 127 || part[0] >= 224 || (part[0] == 172 && part[1] >= 16 && part[1] <= 31) ||
                     (part[0] == 192 && part[1] == 168) || (part[0] == 169 && part[1] == 254);
  const bool documentation = (part[0] == 192 && part[1] == 0 && part[2] == 2) || (part[0] == 198 && part[1] == 51 && part[2] == 100) ||
                             (part[0] == 203 && part[1] == 0 && part[2] == 113);
  return !local && !documentation;
}

bool zip(Check& check) { return !continues(check) && !all_same(digits_of(check.word())); }

bool email(Check& check) {
  std::string_view word = check.word();
  const auto at = word.find('@');
  return at != std::string_view::npos && word.find('.', at) != std::string_view::npos;
}

// A street line; "Suite", "Ste" and "Floor" belong to organisations.
bool street(Check& check) {
  const std::string word = lower(check.word());
  const bool office = word.find("suite") != std::string::npos || word.find(" ste") != std::string::npos || word.find("floor") != std::string::npos;
  const std::string_view behind = std::string_view(check.text.norm).substr(check.value.end, 12);
  const std::string next = lower(behind);
  if (office || next.find("suite") != std::string::npos || next.find(" ste") != std::string::npos) check.p *= 0.2F;
  return true;
}

// ---- dates and ages ---------------------------------------------------------------------------------------------------

bool date(Check& check) { return !continues(check) && parse_date(check.word(), check.now).has_value(); }

// A birth date: valid, not after the mail's date, age up to 120.
bool date_of_birth(Check& check) {
  const auto born = parse_date(check.word(), check.now);
  if (!born) return false;
  if (!check.now) return born->year >= 1900;
  const int age = years_between(*born, *check.now);
  return age >= 0 && age <= 120;
}

// 45 CFR 164.514(b)(2)(i)(C): ages over 89 are identifiers.
bool age_over_89(Check& check) {
  const int age = number(digits_of(check.word()));
  return age >= 90 && age <= 120;
}

bool age(Check& check) {
  const int years = number(digits_of(check.word()));
  return years >= 0 && years <= 120;
}

// ---- codes ------------------------------------------------------------------------------------------------------------

// ICD-10-CM: a letter, a digit, a digit or A/B, a dot, one to four more. U only for U07.0, U07.1 and U09.9.
bool icd10(Check& check) {
  const std::string characters = characters_of(check.word());
  if (characters.size() < 3 || continues(check)) return false;
  if (characters[0] == 'U') return characters.starts_with("U070") || characters.starts_with("U071") || characters.starts_with("U099");
  return true;
}

// LOINC: the digit after the hyphen is Luhn over the digits before it.
bool loinc(Check& check) { return is_luhn(digits_of(check.word())) && !continues(check); }

// Vital signs and laboratory values outside what a living body shows are something else.
bool blood_pressure(Check& check) {
  const std::string_view word = check.word();
  const auto slash = word.find('/');
  if (slash == std::string_view::npos) return false;
  const int systolic = number(digits_of(word.substr(0, slash)));
  const int diastolic = number(digits_of(word.substr(slash)));
  return systolic >= 50 && systolic <= 300 && diastolic >= 20 && diastolic <= 200 && systolic > diastolic;
}

constexpr std::array<std::pair<std::string_view, Validator>, 36> validators{{
    {"aba", aba}, {"age", age}, {"age_over_89", age_over_89}, {"bank", bank}, {"blood_pressure", blood_pressure}, {"card", card}, {"date", date},
    {"date_of_birth", date_of_birth}, {"dea", dea}, {"email", email}, {"icd10", icd10}, {"ip", ip}, {"itin", itin}, {"labelled_code", labelled_code},
    {"labelled_id", labelled_id}, {"license", license}, {"loinc", loinc}, {"mbi", mbi}, {"name_after_word", name_after_word}, {"name_file", name_file},
    {"name_full", name_full}, {"name_initials", name_initials}, {"name_labelled", name_labelled}, {"name_last_first", name_last_first},
    {"name_provider", name_provider}, {"name_single", name_single}, {"name_syntax", name_syntax}, {"name_title", name_title}, {"npi", npi},
    {"passport", passport}, {"phone", phone}, {"ssn", ssn}, {"ssn_last4", ssn_last4}, {"street", street}, {"vin", vin}, {"zip", zip},
}};

}  // namespace

Validator find_validator(std::string_view name) {
  if (name.empty()) return nullptr;
  const auto at = std::find_if(validators.begin(), validators.end(), [&](const auto& entry) { return entry.first == name; });
  return at == validators.end() ? nullptr : at->second;
}

bool is_ssn(std::string_view digits) {
  if (digits.size() != 9 || all_same(digits) || digits == "123456789" || digits == "987654321") return false;
  const int area = number(digits.substr(0, 3));
  return area != 0 && area != 666 && area < 900 && digits.substr(3, 2) != "00" && digits.substr(5) != "0000";
}

// CMS: ten digits, first 1 or 2, Luhn over 80840 + NPI.
bool is_npi(std::string_view digits) {
  return digits.size() == 10 && (digits[0] == '1' || digits[0] == '2') && is_luhn("80840" + std::string(digits));
}

// CMS MBI format: 11 characters C A AN N A AN N A A N N; letters without S L O I B Z; hyphens are for display only.
bool is_mbi(std::string_view characters) {
  if (characters.size() != 11) return false;
  constexpr std::string_view kinds = "CAXNAXNAANN";
  for (std::size_t i = 0; i < 11; ++i) {
    const char c = characters[i];
    const bool letter = is_letter(c) && std::string_view("SLOIBZ").find(c) == std::string_view::npos;
    const bool ok = kinds[i] == 'C'   ? c >= '1' && c <= '9'
                    : kinds[i] == 'N' ? is_digit(c)
                    : kinds[i] == 'A' ? letter
                                      : letter || is_digit(c);
    if (!ok) return false;
  }
  return true;
}

// DEA: registrant letter, second letter or 9, seven digits; (d1+d3+d5) + 2 (d2+d4+d6) ends in d7.
bool is_dea(std::string_view characters) {
  if (characters.size() != 9 || !is_letter(characters[0])) return false;
  if (!is_letter(characters[1]) && characters[1] != '9') return false;
  const auto d = characters.substr(2);
  if (!std::all_of(d.begin(), d.end(), is_digit)) return false;
  const int sum = value_of(d[0]) + value_of(d[2]) + value_of(d[4]) + 2 * (value_of(d[1]) + value_of(d[3]) + value_of(d[5]));
  return sum % 10 == value_of(d[6]);
}

bool is_aba(std::string_view digits) {
  if (digits.size() != 9 || all_same(digits)) return false;
  const int first = number(digits.substr(0, 2));
  if (!(first <= 12 || (first >= 21 && first <= 32) || (first >= 61 && first <= 72) || first == 80)) return false;
  const auto d = [&](std::size_t i) { return value_of(digits[i]); };
  return (3 * (d(0) + d(3) + d(6)) + 7 * (d(1) + d(4) + d(7)) + d(2) + d(5) + d(8)) % 10 == 0;
}

// ISO 3779 with the North American check digit (49 CFR 565.15).
bool is_vin(std::string_view characters) {
  if (characters.size() != 17 || all_same(characters)) return false;
  constexpr std::array<int, 17> weights{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  constexpr std::string_view letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  constexpr std::string_view values = "12345678123457923456789";
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    int value = 0;
    if (is_digit(characters[i])) {
      value = value_of(characters[i]);
    } else {
      const auto at = letters.find(characters[i]);
      if (at == std::string_view::npos) return false;
      value = value_of(values[at]);
    }
    sum += value * weights[i];
  }
  const int check = sum % 11;
  return characters[8] == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

bool is_luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
    int value = value_of(*it);
    if (twice) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
    twice = !twice;
  }
  return !digits.empty() && sum % 10 == 0;
}

bool is_nanp(std::string_view digits) {
  if (digits.size() != 10 || all_same(digits)) return false;
  const auto code = [](std::string_view three) { return three[0] >= '2' && !(three[1] == '1' && three[2] == '1'); };
  return code(digits.substr(0, 3)) && digits[1] != '9' && code(digits.substr(3, 3));
}

std::optional<Date> parse_date(std::string_view text, std::optional<Date> now) {
  // Numbers and one month word, in order.
  std::array<std::string_view, 3> numbers{};
  std::size_t count = 0;
  int month = 0;
  std::size_t month_at = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (is_digit(text[i])) {
      std::size_t end = i;
      while (end < text.size() && is_digit(text[end])) ++end;
      if (count == 3) return std::nullopt;
      numbers[count++] = text.substr(i, end - i);
      i = end;
    } else if (is_letter(text[i])) {
      std::size_t end = i;
      while (end < text.size() && is_letter(text[end])) ++end;
      const auto word = text.substr(i, end - i);
      if (const int found = month_of(word); found != 0 && month == 0) {
        month = found;
        month_at = count;
      } else if (const std::string small = lower(word); small != "de" && small != "del" && small != "of" && small != "st" && small != "nd" && small != "rd" && small != "th") {
        return std::nullopt;
      }
      i = end;
    } else {
      ++i;
    }
  }
  Date date;
  std::string_view year;
  if (month != 0) {
    if (count != 2 || month_at > 1) return std::nullopt;
    const bool year_first = numbers[0].size() == 4;
    year = year_first ? numbers[0] : numbers[1];
    date = {0, month, number(year_first ? numbers[1] : numbers[0])};
  } else {
    if (count == 1 && numbers[0].size() == 8) {  // 19610412 or 04121961
      const auto run = numbers[0];
      const bool iso = run.starts_with("19") || run.starts_with("20");
      year = iso ? run.substr(0, 4) : run.substr(4);
      date = iso ? Date{0, number(run.substr(4, 2)), number(run.substr(6))} : Date{0, number(run.substr(0, 2)), number(run.substr(2, 2))};
    } else if (count != 3) {
      return std::nullopt;
    } else if (numbers[0].size() == 4) {
      year = numbers[0];
      date = {0, number(numbers[1]), number(numbers[2])};
    } else {
      year = numbers[2];
      date = {0, number(numbers[0]), number(numbers[1])};
      if (date.month > 12) std::swap(date.month, date.day);  // day first, as written in Spanish
    }
    if (count == 3 && (numbers[1].size() > 2 || (numbers[0].size() > 2 && numbers[0].size() != 4))) return std::nullopt;
  }
  date.year = full_year(number(year), year.size(), now);
  if (date.year < 1800 || date.year > 2199 || !is_valid(date)) return std::nullopt;
  return date;
}

}  // namespace phiscan::detect

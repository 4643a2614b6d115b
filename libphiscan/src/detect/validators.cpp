#include "detect/validators.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

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

// Goes on as part of a longer number: "123-45-6789-01", "3.14.15", "$1,234". A comma goes on only as a thousands mark: cells of a
// comma-separated row are values of their own.
bool continues(const Check& check) {
  const std::string_view norm = check.text.norm;
  const auto at = [&](std::size_t i) { return i < norm.size() ? norm[i] : '\0'; };
  const std::size_t begin = check.value.begin;
  const std::size_t end = check.value.end;
  if ((at(end) == '-' || at(end) == '.' || at(end) == '/') && is_digit(at(end + 1))) return true;
  const auto digits_at = [&](std::size_t i) {
    std::size_t count = 0;
    while (count < 4 && is_digit(at(i + count))) ++count;
    return count;
  };
  if (at(end) == ',' && check.value.size() <= 3 && digits_at(end + 1) == 3) return true;
  if (begin == 0) return false;
  const char before = norm[begin - 1];
  if (before == '$' || before == '/') return true;
  if (before == ',' && check.value.size() == 3 && begin >= 2 && is_digit(norm[begin - 2])) return true;
  return (before == '-' || before == '.') && begin >= 2 && is_digit(norm[begin - 2]);
}

// One of the last `reach` words right before the value, on its line and within 40 bytes, is one of `words`: "Invoice no. " says what kind of number
// this is.
template <std::size_t N>
bool follows(const Check& check, const std::array<std::string_view, N>& words, int reach) {
  const std::string_view norm = check.text.norm;
  const std::size_t from = check.extent.begin > 40 ? check.extent.begin - 40 : 0;
  const auto is_word = [](char c) { return is_digit(c) || is_letter(c); };
  const auto goes_on = [&](std::size_t at) { return at > from && norm[at - 1] != '\n'; };
  std::size_t at = check.extent.begin;
  for (int i = 0; i < reach; ++i) {
    while (goes_on(at) && !is_word(norm[at - 1])) --at;
    const std::size_t end = at;
    while (goes_on(at) && is_word(norm[at - 1])) --at;
    if (at == end) return false;
    const auto is_it = [&](std::string_view word) {
      return word.size() == end - at && std::equal(word.begin(), word.end(), norm.begin() + static_cast<std::ptrdiff_t>(at), [](char a, char b) { return upper(a) == upper(b); });
    };
    if (std::any_of(words.begin(), words.end(), is_it)) return true;
  }
  return false;
}

// Labels of numbers that belong to goods, meetings and machines, not to people.
constexpr std::array<std::string_view, 40> goods{
    "invoice", "inv", "po", "order", "orders", "ticket", "incident", "tracking", "ups", "fedex", "usps", "meeting", "webinar", "zoom", "passcode", "part", "sku", "item", "catalog",
    "model", "quote", "version", "lot", "batch", "isbn", "upc", "gtin", "confirmation", "reservation", "flight", "rfc", "build", "release", "serial", "purchase", "factura", "pedido",
    "orden", "rastreo", "reunion"};
bool of_goods(const Check& check) { return follows(check, goods, 3); }

// A month in English or Spanish, in full or shortened to three letters or more: a prefix of its name, so that "Margaret" is none.
int month_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, int>, 25> names{{
      {"january", 1}, {"enero", 1}, {"february", 2}, {"febrero", 2}, {"march", 3}, {"marzo", 3}, {"april", 4}, {"abril", 4}, {"may", 5}, {"mayo", 5}, {"june", 6}, {"junio", 6}, {"july", 7},
      {"julio", 7}, {"august", 8}, {"agosto", 8}, {"september", 9}, {"septiembre", 9}, {"setiembre", 9}, {"october", 10}, {"octubre", 10}, {"november", 11}, {"noviembre", 11},
      {"december", 12}, {"diciembre", 12}}};
  if (word.size() < 3) return 0;
  const std::string folded = lower(word);
  for (const auto& [name, month] : names) {
    if (name.starts_with(folded)) return month;
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

// Digits as they are grouped: "078-05-1120" -> {3,2,4}; `between` = the separators without blanks and line breaks.
std::vector<std::size_t> groups_of(std::string_view text, std::string& between) {
  std::vector<std::size_t> sizes;
  bool open = false;
  for (const char c : text) {
    if (is_digit(c)) {
      if (open) ++sizes.back();
      else sizes.push_back(1);
    } else if (c != ' ' && c != '\n') {
      between.push_back(c);
    }
    open = is_digit(c);
  }
  return sizes;
}

// SSA POMS RM 10201.035: areas 000, 666 and 900-999, group 00 and serial 0000 are never assigned. Known fakes: wallet insert
// 078-05-1120, advertisements 219-09-9999, 457-55-5462 and 987-65-432x (the last fail by area). Written 3-2-4 with two equal
// separators, without any, or with every digit apart ("0 7 8 - 0 5 - ...", a way around filters).
bool ssn(Check& check) {
  const std::string digits = digits_of(check.word());
  std::string between;
  const auto sizes = groups_of(check.word(), between);
  const bool grouped = sizes == std::vector<std::size_t>{3, 2, 4} && (between.empty() || (between.size() == 2 && between[0] == between[1]));
  const bool apart = sizes.size() == 9;
  if (digits.size() != 9 || !(grouped || apart || sizes.size() == 1) || continues(check)) return false;
  constexpr std::array<std::string_view, 4> fakes{"078051120", "123456789", "219099999", "457555462"};
  check.sample = std::find(fakes.begin(), fakes.end(), digits) != fakes.end() || (all_same(digits) && digits[0] != '9');
  return check.sample || is_ssn(digits);
}

// Without a label: not what an invoice or order is called.
bool ssn_bare(Check& check) { return !of_goods(check) && ssn(check); }

bool ssn_last4(Check& check) {
  const std::string digits = digits_of(check.word());
  return digits.size() == 4 && digits != "0000" && !continues(check);
}

// IRS: 9xx with fourth and fifth digits 50-65, 70-88, 90-92, 94-99.
bool itin(Check& check) {
  const std::string digits = digits_of(check.word());
  if (digits.size() != 9 || digits[0] != '9' || continues(check)) return false;
  const int middle = number(std::string_view(digits).substr(3, 2));
  return (middle >= 50 && middle <= 65) || (middle >= 70 && middle <= 88) || (middle >= 90 && middle <= 92) || middle >= 94;
}

bool mbi(Check& check) { return is_mbi(characters_of(check.word())); }

// One in ten thousand random codes passes, so not inside addresses, keys and longer codes.
bool mbi_bare(Check& check) {
  const std::string_view norm = check.text.norm;
  constexpr std::string_view joints = "-_/=+.&?%@";
  const auto joined = [&](std::size_t i) { return i < norm.size() && joints.find(norm[i]) != std::string_view::npos; };
  const bool goes_on = joined(check.value.end) && check.value.end + 1 < norm.size() && (is_digit(norm[check.value.end + 1]) || is_letter(norm[check.value.end + 1]));
  if (goes_on || (check.value.begin > 0 && joined(check.value.begin - 1))) return false;
  return mbi(check) && !of_goods(check);
}

// CMS, before 2018: a wage earner's SSN and a code of who the beneficiary is.
bool hicn(Check& check) {
  const std::string digits = digits_of(check.word()).substr(0, 9);
  constexpr std::array<std::string_view, 3> fakes{"078051120", "219099999", "457555462"};
  check.sample = std::find(fakes.begin(), fakes.end(), digits) != fakes.end();
  return check.sample || is_ssn(digits);
}

bool npi(Check& check) { return is_npi(digits_of(check.word())) && !continues(check); }
bool dea(Check& check) { return is_dea(characters_of(check.word())); }
bool vin(Check& check) { return is_vin(characters_of(check.word())); }
// Behind its label a number without a North American check digit may come from elsewhere, or have a slip in it.
bool vin_labelled(Check& check) {
  const std::string characters = characters_of(check.word());
  if (characters.size() != 17 || all_same(characters) || digits_of(characters).size() < 4) return false;
  if (!is_vin(characters)) check.p *= 0.6F;
  return true;
}

bool aba(Check& check) { return is_aba(digits_of(check.word())); }

// ISO/IEC 7812: issuer ranges and Luhn. The networks' published test numbers are samples.
bool card(Check& check) {
  const std::string digits = digits_of(check.word());
  if (digits.size() < 13 || digits.size() > 19 || all_same(digits) || !is_luhn(digits) || continues(check)) return false;
  const int two = number(std::string_view(digits).substr(0, 2));
  const int four = number(std::string_view(digits).substr(0, 4));
  constexpr std::array<std::string_view, 17> published{"4111111111111111", "4012888888881881", "4222222222222",    "4242424242424242", "4000056655665556", "5555555555554444",
                                                        "5105105105105100", "5200828282828210", "2223003122003222", "378282246310005",  "371449635398431",  "378734493671000",
                                                        "6011111111111117", "6011000990139424", "30569309025904",   "38520000023237",   "3530111333300000"};
  check.sample = std::find(published.begin(), published.end(), digits) != published.end();
  const bool visa = digits[0] == '4' && (digits.size() == 16 || digits.size() == 13 || digits.size() == 19);
  const bool master = ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) && digits.size() == 16;
  const bool amex = (two == 34 || two == 37) && digits.size() == 15;
  const bool discover = (four == 6011 || two == 65 || (four >= 6440 && four <= 6499)) && digits.size() == 16;
  const bool jcb = (four >= 3528 && four <= 3589 && digits.size() == 16) || ((four == 2131 || four == 1800) && digits.size() == 15);
  const bool diners = (two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059)) && digits.size() == 14;
  return visa || master || amex || discover || jcb || diners;
}

bool card_bare(Check& check) { return !of_goods(check) && card(check); }

// Without trailing signs: "A-10234-" -> "A-10234".
void trim_end(Check& check) {
  std::string_view word = check.word();
  while (!word.empty() && (word.back() == '-' || word.back() == '.' || word.back() == ' ')) word.remove_suffix(1);
  check.value.end = check.value.begin + static_cast<std::uint32_t>(word.size());
}

// No date, no year, no money, not one repeated digit, at least four digits.
bool is_plain_id(const Check& check) {
  const std::string_view word = check.word();
  const std::string digits = digits_of(word);
  if (digits.size() < 4 || all_same(digits)) return false;
  if (digits.size() == 4 && word.size() == 4 && (digits.starts_with("19") || digits.starts_with("20"))) return false;
  const std::string_view norm = check.text.norm;
  if (check.value.begin > 0 && norm[check.value.begin - 1] == '$') return false;
  const std::size_t end = check.value.end;
  if (end < norm.size() && norm[end] == '/' && end + 1 < norm.size() && is_digit(norm[end + 1])) return false;
  return !(end + 2 < norm.size() && (norm[end] == '.' || norm[end] == ',') && is_digit(norm[end + 1]) && is_digit(norm[end + 2]) && word.size() == digits.size() && digits.size() < 7);
}

// Written as a telephone number is: 202-555-0143.
bool is_telephone(std::string_view word) {
  std::string between;
  return groups_of(word, between) == std::vector<std::size_t>{3, 3, 4} && is_nanp(digits_of(word));
}

// A labelled number of any issuer: as above, and no telephone number.
bool labelled_id(Check& check) {
  trim_end(check);
  if (!is_plain_id(check)) return false;
  const std::string_view word = check.word();
  if (parse_date(word, check.now)) return false;
  return !is_telephone(word);
}

// Charts are also filed by terminal digits, 12-03-56; only dates with a full year are refused.
bool mrn(Check& check) {
  trim_end(check);
  if (!is_plain_id(check)) return false;
  const std::string_view word = check.word();
  const std::string digits = digits_of(word);
  if (digits.size() != 6 && parse_date(word, check.now)) return false;
  return !is_telephone(word);
}

// A code of letters and digits, at least five characters in all (member ids, claims).
bool labelled_code(Check& check) { return labelled_id(check) && characters_of(check.word()).size() >= 5; }

// Behind a mere "ID": not of a meeting, an order or a machine.
bool member_bare(Check& check) { return !of_goods(check) && labelled_code(check); }

// A pathology case, S24-001234: letters, a year near the mail's own, a serial.
bool path_case(Check& check) {
  const std::string_view word = check.word();
  const auto dash = word.find('-');
  if (dash == std::string_view::npos || dash < 3) return false;
  const int year = number(word.substr(dash - 2, 2));
  if (check.now && (year > check.now->year % 100 || year + 30 < check.now->year % 100)) return false;
  if (check.value.begin > 0 && check.text.norm[check.value.begin - 1] == '-') return false;
  return !continues(check) && !of_goods(check);
}

bool license(Check& check) {
  if (check.extent.begin > 0 && check.text.norm[check.extent.begin - 1] == '/') return false;  // mg/dL
  const std::string characters = characters_of(check.word());
  return characters.size() >= 5 && digits_of(characters).size() >= 4 && labelled_id(check);
}

bool passport(Check& check) {
  const std::string characters = characters_of(check.word());
  const bool letter = !characters.empty() && is_letter(characters[0]);
  const std::string digits = digits_of(characters);
  const bool ours = digits.size() == (letter ? 8U : 9U) && !all_same(digits);
  const bool foreign = letter && digits.size() >= 2 && digits.size() < 8 && !is_letter(characters.back());  // ICAO 9303: nine letters and digits
  return characters.size() == 9 && (ours || foreign);
}

bool bank(Check& check) {
  trim_end(check);
  const std::string digits = digits_of(check.word());
  return digits.size() >= 4 && digits.size() <= 17 && !all_same(digits) && !parse_date(check.word(), check.now);
}

// Area and exchange as the North American Numbering Plan allows; toll-free numbers belong to organisations.
bool phone(Check& check) {
  std::string digits = digits_of(check.word());
  if (digits.size() > 10 && digits[0] == '1') digits.erase(0, 1);  // no area code begins with 1
  if (digits.size() > 10) digits.resize(10);
  if (!is_nanp(digits) || continues(check)) return false;
  constexpr std::array<std::string_view, 7> toll_free{"800", "833", "844", "855", "866", "877", "888"};
  if (std::find(toll_free.begin(), toll_free.end(), std::string_view(digits).substr(0, 3)) != toll_free.end()) check.p *= 0.1F;
  return true;
}

// A telephone number without a label, and not a fax, pager or order number.
bool phone_bare(Check& check) {
  constexpr std::array<std::string_view, 10> others{"fax", "facsimile", "pager", "npi", "id", "mrn", "dod", "case", "claim", "acct"};
  return !of_goods(check) && !follows(check, others, 2) && phone(check);
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
  const std::string_view word = check.word();
  const auto at = word.find('@');
  if (at == std::string_view::npos || word.find('.', at) == std::string_view::npos) return false;
  // "dana.roe@" says more than "info@": a name on both sides of the joint.
  const std::string_view local = word.substr(0, std::min(at, word.find('+')));  // dana.roe+labs@
  const auto joint = local.find_first_of("._-");
  if (joint == std::string_view::npos) return true;
  const std::uint32_t first = check.lexicon.known(local.substr(0, joint));
  const std::uint32_t second = check.lexicon.known(local.substr(joint + 1));
  const auto is_name = [](std::uint32_t known) { return (known & (known_given | known_surname)) != 0 && (known & known_word) == 0; };
  const auto may_be_name = [](std::uint32_t known) { return (known & (known_given | known_surname)) != 0; };
  if (is_name(first) && is_name(second)) check.p *= 3.0F;
  else if ((is_name(first) && may_be_name(second)) || (is_name(second) && may_be_name(first))) check.p *= 2.5F;
  else if ((is_name(first) && second == 0) || (is_name(second) && first == 0)) check.p *= 2.0F;
  return true;
}

// Capitalised words to the left of `end` on its line, at most `most`: where they begin.
std::uint32_t capitals_before(std::string_view norm, std::uint32_t end, int most) {
  std::uint32_t begin = end;
  std::uint32_t at = end;
  for (int i = 0; i < most; ++i) {
    std::uint32_t word = at;
    while (word > 0 && (is_letter(norm[word - 1]) || norm[word - 1] == '\'' || norm[word - 1] == '.' || norm[word - 1] == '-')) --word;
    if (at - word < 2 || norm[word] < 'A' || norm[word] > 'Z' || norm[at - 1] == '.') break;
    begin = word;
    if (word == 0 || norm[word - 1] != ' ') break;
    at = word - 1;
  }
  return begin;
}

// A ZIP code behind a state: "IL" in capitals or a name, so that "in 62701 cases" is none.
bool zip_state(Check& check) {
  const std::string_view head = std::string_view(check.text.norm).substr(check.extent.begin, check.value.begin - check.extent.begin);
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool code = head.size() > 2 && !is_letter(head[2]);
  return head.size() > 2 && capital(head[0]) && (!code || capital(head[1])) && zip(check);
}

// "Springfield, IL 62701": the town is read to the left of the state.
bool city_state(Check& check) {
  if (!zip_state(check)) return false;
  const std::string_view norm = check.text.norm;
  std::uint32_t end = check.extent.begin;
  while (end > 0 && (norm[end - 1] == ' ' || norm[end - 1] == ',') && check.extent.begin - end < 3) --end;
  const std::uint32_t begin = capitals_before(norm, end, 3);
  if (begin == end) return false;
  check.value = {begin, end};
  return true;
}

// A street line: house number to the left and flat to the right belong to it. "Suite", "Ste" and "Floor" belong to organisations.
bool street(Check& check) {
  const std::string_view norm = check.text.norm;
  const auto house = [](char c) { return is_digit(c) || c == '-'; };
  std::uint32_t& begin = check.value.begin;
  const bool starts_with_house = !is_letter(norm[begin]);  // not "Calle Encino 45"
  while (starts_with_house && begin > 0 && house(norm[begin - 1]) && check.value.end - begin < 200) --begin;
  while (begin < check.value.end && norm[begin] == '-') ++begin;
  if ((starts_with_house && !is_digit(norm[begin])) || !text::is_edge(norm, begin)) return false;

  constexpr std::array<std::string_view, 9> flats{"apartment", "apt", "apto", "unit", "lot", "trlr", "bldg", "int", "#"};
  std::uint32_t at = check.value.end;
  while (at < norm.size() && (norm[at] == ',' || norm[at] == ' ') && at - check.value.end < 3) ++at;
  const std::string next = lower(norm.substr(at, 16));
  for (const auto flat : flats) {
    if (at == check.value.end || !next.starts_with(flat) || (flat != "#" && is_letter(norm[std::min<std::size_t>(at + flat.size(), norm.size() - 1)]))) continue;
    std::uint32_t end = at + static_cast<std::uint32_t>(flat.size());
    while (end < norm.size() && (norm[end] == ' ' || norm[end] == '.' || norm[end] == '#')) ++end;
    const std::uint32_t number = end;
    while (end < norm.size() && end - number < 6 && (is_digit(norm[end]) || is_letter(norm[end]))) ++end;
    if (end > number && text::is_edge(norm, end)) check.value.end = end;
    break;
  }
  const std::string word = lower(check.word());
  const auto office = [](std::string_view text) {
    return text.find("suite") != std::string_view::npos || text.find(" ste ") != std::string_view::npos || text.find(" ste. ") != std::string_view::npos ||
           text.find("floor") != std::string_view::npos;
  };
  if (office(word) || office(lower(norm.substr(check.value.end, 12)))) check.p *= 0.2F;
  return true;
}

// House number and street name to the left of a street's last word ("Street", "Bend") that begins at `suffix`; nothing when it is none.
std::optional<std::uint32_t> house_before(std::string_view norm, std::uint32_t suffix) {
  std::uint32_t at = suffix;
  for (int words = 0; words < 5 && at > 1 && norm[at - 1] == ' '; ++words) {
    std::uint32_t word = --at;
    while (word > 0 && suffix - word < 60 && (is_letter(norm[word - 1]) || is_digit(norm[word - 1]) || norm[word - 1] == '\'' || norm[word - 1] == '.' || norm[word - 1] == '-')) --word;
    if (word == at) return std::nullopt;
    const std::string_view token = norm.substr(word, at - word);
    const auto letters = static_cast<std::size_t>(std::count_if(token.begin(), token.end(), is_letter));
    const bool house = is_digit(token[0]) && letters <= 1 && token.size() <= 8 && token.back() != '.' && token.find('.') == std::string_view::npos;
    if (house) {
      if (words == 0) return std::nullopt;  // "Room 4 Dr", "May 12 Dr. Lee": a street has a name
      return word;
    }
    const bool name = (token[0] >= 'A' && token[0] <= 'Z') || (is_digit(token[0]) && letters == 2);  // "5th"
    if (!name || (token.back() == '.' && token.size() > 3)) return std::nullopt;
    at = word;
  }
  return std::nullopt;
}

// The rule's head is the street's last word; the rest is read to the left, the flat to the right.
bool street_suffix(Check& check) {
  const std::string_view norm = check.text.norm;
  if (norm[check.value.begin] < 'A' || norm[check.value.begin] > 'Z') return false;
  const auto begin = house_before(norm, check.value.begin);
  if (!begin) return false;
  check.value.begin = *begin;
  return street(check);
}

// A town or ZIP code behind "12 Oak St, Apt 4,".
bool town_of_street(Check& check) {
  constexpr std::array<std::string_view, 8> flats{"suite", "ste", "apartment", "apt", "unit", "floor", "building", "room"};
  const std::string first = lower(check.word().substr(0, check.word().find(' ')));
  if (is_digit(first[0]) ? !zip(check) : std::find(flats.begin(), flats.end(), std::string_view(first)) != flats.end()) return false;
  return house_before(check.text.norm, check.extent.begin).has_value();
}

// ---- dates and ages ---------------------------------------------------------------------------------------------------

bool date(Check& check) { return !continues(check) && parse_date(check.word(), check.now).has_value(); }

// A birth date: valid, not after the mail's date, age up to 120.
bool date_of_birth(Check& check) {
  auto born = parse_date(check.word(), check.now);
  const std::string_view word = check.word();
  if (!born && word.size() == 6 && std::all_of(word.begin(), word.end(), is_digit)) {  // 041261
    const Date short_form{full_year(number(word.substr(4)), 2, check.now), number(word.substr(0, 2)), number(word.substr(2, 2))};
    if (is_valid(short_form)) born = short_form;
  }
  if (!born) return false;
  if (!check.now) return born->year >= 1900;
  const int age = years_between(*born, *check.now);
  return age >= 0 && age <= 120;
}

// A date right behind a person's name, long enough ago to be a birth date.
// The word before `at` on its line, folded.
std::string word_before(std::string_view norm, std::uint32_t at) {
  while (at > 0 && (norm[at - 1] == ' ' || norm[at - 1] == ',')) --at;
  std::uint32_t begin = at;
  while (begin > 0 && is_letter(norm[begin - 1])) --begin;
  return text::fold(norm.substr(begin, at - begin));
}

bool dob_after_name(Check& check) {
  const std::string_view norm = check.text.norm;
  std::uint32_t end = check.extent.begin;
  while (end < check.value.begin && (is_letter(norm[end]) || norm[end] == '\'' || norm[end] == '-')) ++end;
  const std::uint32_t known = check.lexicon.known(norm.substr(check.extent.begin, end - check.extent.begin));
  if ((known & (known_given | known_surname)) == 0) return false;
  if ((known & (known_word | known_organisation)) != 0) {
    // "Short, Hope 4/16/45": a word, too; then another name must stand before it, and the date must be old.
    const auto dated = parse_date(check.word(), check.now);
    if (!check.now || !dated || dated->year + 1 >= check.now->year || (known & known_organisation) != 0) return false;
    if ((check.lexicon.known(word_before(norm, check.extent.begin)) & (known_given | known_surname)) == 0) return false;
  }
  if (!text::is_edge(norm, check.extent.begin) || month_of(norm.substr(check.extent.begin, end - check.extent.begin)) != 0 || continues(check) || !date_of_birth(check)) return false;
  const auto born = parse_date(check.word(), check.now);
  if (check.now && years_between(*born, *check.now) >= 12) check.p *= 1.4F;  // no date of care lies so far back
  return !check.now || years_between(*born, *check.now) >= 1;
}

// A date of the last century, at least ten years back.
bool dob_old(Check& check) {
  if (continues(check) || !date_of_birth(check)) return false;
  const auto born = parse_date(check.word(), check.now);
  return !check.now || years_between(*born, *check.now) >= 10;
}

// 45 CFR 164.514(b)(2)(i)(C): ages over 89 are identifiers.
bool age_over_89(Check& check) {
  const int age = number(digits_of(check.word()));
  return age >= 90 && age <= 120;
}

// A month and a day are enough for a date of care: "seen on 3/3", "3 de marzo".
bool date_part(Check& check) {
  if (continues(check)) return false;
  if (parse_date(check.word(), check.now)) return true;
  const auto with_year = parse_date(std::string(check.word()) + " 2000", check.now);
  return with_year && digits_of(check.word()).size() <= 4;
}

bool age(Check& check) {
  const int years = number(digits_of(check.word()));
  return years >= 0 && years <= 120;
}

// ---- files ------------------------------------------------------------------------------------------------------------

// A file's name, unless it says that nothing is filled in.
bool file_name(Check& check) {
  const std::string_view norm = check.text.norm;
  std::size_t begin = check.value.begin;
  while (begin > 0 && check.value.begin - begin < 40 && norm[begin - 1] != ' ' && norm[begin - 1] != '\n') --begin;
  const std::string name = lower(norm.substr(begin, check.value.end - begin));
  constexpr std::array<std::string_view, 6> empty{"blank", "template", "en_blanco", "en blanco", "plantilla", "unsigned"};
  return std::none_of(empty.begin(), empty.end(), [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

// ---- codes ------------------------------------------------------------------------------------------------------------

// ICD-10-CM: a letter, a digit, a digit or A/B, a dot, one to four more. U only for U07.0, U07.1 and U09.9; B11-B14 (vitamins) and
// T08-T13 (vertebrae) do not exist.
bool icd10(Check& check) {
  const std::string characters = characters_of(check.word());
  if (characters.size() < 3 || continues(check)) return false;
  const int category = number(std::string_view(characters).substr(1, 2));
  if ((characters[0] == 'B' && category >= 11 && category <= 14) || (characters[0] == 'T' && category >= 8 && category <= 13)) return false;
  if (characters[0] == 'U') return characters.starts_with("U070") || characters.starts_with("U071") || characters.starts_with("U099");
  return true;
}

// LOINC: the digit after the hyphen is Luhn over the digits before it.
bool loinc(Check& check) { return is_luhn(digits_of(check.word())) && !continues(check); }

// FDA: ten digits 4-4-2, 5-3-2 or 5-4-1; 5-4-2 on claims; 6-3-2 to 6-4-2 from 2033. With hyphens, or eleven digits of a claim.
bool ndc(Check& check) {
  std::string between;
  const auto sizes = groups_of(check.word(), between);
  if (continues(check)) return false;
  if (sizes.size() == 1) return sizes[0] == 10 || sizes[0] == 11;
  return sizes.size() == 3 && sizes[0] >= 4 && sizes[0] <= 6 && (sizes[1] == 3 || sizes[1] == 4) && (sizes[2] == 1 || sizes[2] == 2);
}

// AMA: category I 00100-99499, or four digits and F, T, U (categories II, III, laboratory). CMS HCPCS: a letter and four digits.
bool procedure_code(Check& check) {
  const std::string characters = characters_of(check.word()).substr(0, 5);
  if (characters.size() != 5 || continues(check)) return false;
  if (is_letter(characters[0])) return characters[0] <= 'V' && number(std::string_view(characters).substr(1)) > 0;
  if (is_letter(characters[4])) return characters[4] == 'F' || characters[4] == 'T' || characters[4] == 'U' || characters[4] == 'M';
  return number(characters) >= 100 && number(characters) <= 99607;
}

// IRS: a business number; campus prefixes that were never given out.
bool ein(Check& check) {
  const std::string digits = digits_of(check.word());
  if (digits.size() != 9 || all_same(digits) || continues(check)) return false;
  constexpr std::array<int, 15> unused{0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89};
  const int prefix = number(std::string_view(digits).substr(0, 2));
  return std::find(unused.begin(), unused.end(), prefix) == unused.end() && prefix != 96 && prefix != 97;
}

// ---- things -----------------------------------------------------------------------------------------------------------

// GS1 UDI: the GTIN's check digit must hold, and only a serial (21) leads to one device and so to one person.
bool udi(Check& check) {
  const std::string_view word = check.word();
  return word.size() > 18 && is_gtin(word.substr(4, 14)) && word.find("(21)") != std::string_view::npos;
}

bool hibc(Check& check) { return is_hibc(check.word()); }
bool imei(Check& check) { return is_imei(digits_of(check.word())); }

bool mac(Check& check) {
  const std::string characters = characters_of(check.word());
  const std::string_view norm = check.text.norm;
  const auto joint = [&](std::size_t i) { return i < norm.size() && (norm[i] == ':' || norm[i] == '-'); };
  return characters.size() == 12 && !all_same(characters) && !joint(check.value.end) && !(check.value.begin > 0 && joint(check.value.begin - 1));
}

// Vital signs and laboratory values outside what a living body shows are something else.
bool blood_pressure(Check& check) {
  const std::string_view word = check.word();
  const auto slash = word.find('/');
  if (slash == std::string_view::npos) return false;
  const int systolic = number(digits_of(word.substr(0, slash)));
  const int diastolic = number(digits_of(word.substr(slash)));
  return systolic >= 50 && systolic <= 300 && diastolic >= 20 && diastolic <= 200 && systolic > diastolic;
}

// "HR 88", not "$650/hr, 3 hours" and not "temp at 9:30".
bool vital(Check& check) {
  const std::string_view norm = check.text.norm;
  if (check.extent.begin > 0 && (norm[check.extent.begin - 1] == '/' || norm[check.extent.begin - 1] == '$')) return false;
  // "temp 31" of a tank: a living body has 33 to 43 degrees Celsius, 92 to 109 Fahrenheit.
  if (const auto head = norm.substr(check.extent.begin, 4); head == "temp" || head == "Temp" || head == "TEMP") {
    const int degrees = std::atoi(std::string(check.word().substr(0, 3)).c_str());
    if (degrees < 33 || (degrees > 43 && degrees < 92) || degrees > 109) return false;
  }
  const std::string_view behind = norm.substr(std::min<std::size_t>(check.value.end, norm.size()), 4);
  return !(behind.size() >= 3 && behind[0] == ':' && behind[1] >= '0' && behind[1] <= '9') && !behind.starts_with(" hou") && !behind.starts_with(" hr") && !behind.starts_with(" min");
}

constexpr std::array<std::pair<std::string_view, Validator>, 81> validators{{
    {"aba", aba}, {"abbreviation", abbreviation}, {"name_with_date", name_with_date}, {"name_initial_surname", name_initial_surname}, {"health_word", health_word}, {"age", age}, {"age_over_89", age_over_89}, {"bank", bank},
    {"blood_pressure", blood_pressure}, {"card", card}, {"card_bare", card_bare}, {"city_state", city_state}, {"date", date},
    {"date_of_birth", date_of_birth}, {"date_part", date_part}, {"dea", dea}, {"dob_after_name", dob_after_name},
    {"dob_behind_name", dob_behind_name}, {"dob_old", dob_old}, {"ein", ein}, {"email", email}, {"file_name", file_name}, {"hibc", hibc},
    {"hicn", hicn}, {"icd10", icd10}, {"imei", imei}, {"ip", ip}, {"itin", itin}, {"labelled_code", labelled_code},
    {"labelled_id", labelled_id}, {"license", license}, {"loinc", loinc}, {"mac", mac}, {"mbi", mbi}, {"mbi_bare", mbi_bare},
    {"member_bare", member_bare}, {"mrn", mrn}, {"name_after_word", name_after_word}, {"name_before_date", name_before_date},
    {"name_born", name_born}, {"name_file", name_file}, {"name_full", name_full}, {"name_initials", name_initials}, {"name_initials_date", name_initials_date}, {"name_labelled", name_labelled}, {"name_lower", name_lower}, {"name_subject", name_subject}, {"name_in_room", name_in_room}, {"drug_word", drug_word},
    {"name_last_first", name_last_first}, {"name_greeted", name_greeted}, {"name_line", name_line}, {"name_caret", name_caret}, {"name_initials_born", name_initials_born}, {"name_near_fact", name_near_fact}, {"name_of_person", name_of_person}, {"name_open", name_open}, {"name_possessive", name_possessive}, {"name_provider", name_provider}, {"name_single", name_single}, {"name_syntax", name_syntax},
    {"name_title", name_title}, {"ndc", ndc}, {"npi", npi}, {"passport", passport}, {"path_case", path_case}, {"phone", phone},
    {"phone_bare", phone_bare}, {"procedure_code", procedure_code}, {"ssn", ssn}, {"ssn_bare", ssn_bare}, {"ssn_last4", ssn_last4},
    {"street", street}, {"street_suffix", street_suffix}, {"town_of_street", town_of_street}, {"udi", udi}, {"vin", vin},
    {"vin_labelled", vin_labelled}, {"vital", vital}, {"zip", zip}, {"zip_state", zip_state},
}};

}  // namespace

Validator find_validator(std::string_view name) {
  if (name.empty()) return nullptr;
  const auto at = std::find_if(validators.begin(), validators.end(), [&](const auto& entry) { return entry.first == name; });
  return at == validators.end() ? nullptr : at->second;
}

Capital capital_of(std::string_view name) {
  if (name == "name_last_first" || name == "name_single") return Capital::value;
  return name == "dob_behind_name" || name == "name_before_date" || name == "name_line" ? Capital::extent : Capital::none;
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

// NANPA: area and exchange begin with 2-9 and are not N11; areas N9X, 37X and 96X are kept back.
bool is_nanp(std::string_view digits) {
  if (digits.size() != 10 || all_same(digits)) return false;
  const auto code = [](std::string_view three) { return three[0] >= '2' && !(three[1] == '1' && three[2] == '1'); };
  const auto area = digits.substr(0, 2);
  return code(digits.substr(0, 3)) && digits[1] != '9' && area != "37" && area != "96" && code(digits.substr(3, 3));
}

// 3GPP TS 23.003: fifteen digits, Luhn.
bool is_imei(std::string_view digits) { return digits.size() == 15 && !all_same(digits) && is_luhn(digits); }

// GS1: weights 3 and 1 from the right.
bool is_gtin(std::string_view digits) {
  if (digits.size() != 14 || !std::all_of(digits.begin(), digits.end(), is_digit) || all_same(digits)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 14; ++i) sum += value_of(digits[i]) * (i % 2 == 0 ? 3 : 1);
  return sum % 10 == 0;
}

// HIBCC: the last character is the sum of the others modulo 43.
bool is_hibc(std::string_view characters) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
  if (characters.size() < 8 || characters[0] != '+' || !is_letter(characters[1])) return false;
  std::size_t sum = 0;
  for (std::size_t i = 0; i + 1 < characters.size(); ++i) {
    const auto at = alphabet.find(upper(characters[i]));
    if (at == std::string_view::npos) return false;
    sum += at;
  }
  return alphabet[sum % 43] == upper(characters.back());
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

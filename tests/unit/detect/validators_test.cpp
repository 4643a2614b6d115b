#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "detect/validators.hpp"

using namespace phiscan;

namespace {

struct Checked {
  bool holds = false;
  std::string value;
  float p = 0.0F;
  bool sample = false;
};

const Date today{2026, 11, 22};

// `marked` holds the value between [[ and ]]; the head before it begins at a '|', or the value is all.
Checked check(std::string_view validator, std::string marked, std::optional<Date> now = today) {
  static const rules::Pack pack;
  static const detect::Lexicon lexicon(pack);
  std::optional<std::size_t> head;
  if (const auto bar = marked.find('|'); bar != std::string::npos) {
    head = bar;
    marked.erase(bar, 1);
  }
  const auto open = marked.find("[[");
  REQUIRE(open != std::string::npos);
  marked.erase(open, 2);
  const auto close = marked.find("]]", open);
  REQUIRE(close != std::string::npos);
  marked.erase(close, 2);
  text::Text text;
  text.norm = marked;
  const Span value{static_cast<std::uint32_t>(open), static_cast<std::uint32_t>(close)};
  const Span extent{head ? static_cast<std::uint32_t>(*head) : value.begin, value.end};
  detect::Check state{text, lexicon, now, extent, value, 1.0F, false};
  const auto function = detect::find_validator(validator);
  REQUIRE((function != nullptr));
  Checked out;
  out.holds = function(state);
  out.value = std::string(state.word());
  out.p = state.p;
  out.sample = state.sample;
  return out;
}

bool holds(std::string_view validator, const std::string& marked) { return check(validator, marked).holds; }

struct Vector {
  const char* digits;
  bool good;
};

// A seeded stream of digits: numbers that pass as issued are made at run time, never written down.
std::string digits(std::uint32_t& seed, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    seed = seed * 1664525U + 1013904223U;
    out.push_back(static_cast<char>('0' + (seed >> 24U) % 10));
  }
  return out;
}

}  // namespace

TEST_CASE("NPI check digits") {
  for (const auto& [number, good] : {Vector{"1234567893", true}, {"1000000004", true}, {"2000000002", true}, {"1999999992", true}, {"1555010010", true}, {"1234567890", false},
                                     {"3234567893", false}, {"123456789", false}}) {
    CAPTURE(number);
    CHECK(detect::is_npi(number) == good);
  }
}

TEST_CASE("DEA check digits") {
  for (const auto& [number, good] : {Vector{"AB1234563", true}, {"BD0001002", true}, {"FT5550101", true}, {"MZ9876547", true}, {"F91234563", true}, {"GX2468026", true},
                                     {"AB1234567", false}, {"A11234563", false}, {"AB123456", false}}) {
    CAPTURE(number);
    CHECK(detect::is_dea(number) == good);
  }
}

TEST_CASE("ABA, IMEI, GTIN and HIBC check digits") {
  CHECK(detect::is_aba("021000021"));
  CHECK(detect::is_aba("011000015"));
  CHECK(detect::is_aba("123456780"));
  CHECK_FALSE(detect::is_aba("021000022"));
  CHECK_FALSE(detect::is_aba("000000000"));
  CHECK(detect::is_imei("490154203237518"));
  CHECK(detect::is_imei("350000000000014"));
  CHECK_FALSE(detect::is_imei("490154203237519"));
  CHECK_FALSE(detect::is_imei("000000000000000"));
  CHECK(detect::is_gtin("00614141123452"));
  CHECK(detect::is_gtin("10810012345672"));
  CHECK_FALSE(detect::is_gtin("00614141123453"));
  CHECK(detect::is_hibc("+A123BJC5D6E71G"));
  CHECK(detect::is_hibc("+Z999TEST10W"));
  CHECK_FALSE(detect::is_hibc("+A123BJC5D6E71H"));
}

TEST_CASE("a VIN of equal characters is degenerate though its check digit holds") {
  CHECK(detect::is_vin("1M8GDM9AXKP042788"));
  CHECK(detect::is_vin("1ZZZZ00A900000001"));
  CHECK_FALSE(detect::is_vin("1M8GDM9A1KP042788"));
  CHECK_FALSE(detect::is_vin("11111111111111111"));
  CHECK_FALSE(detect::is_vin("1M8GDM9AXKPO42788"));
  CHECK(check("vin_labelled", "[[1M8GDM9A1KP042788]]").p < 1.0F);
  CHECK(check("vin_labelled", "[[1M8GDM9AXKP042788]]").p == doctest::Approx(1.0F));
}

TEST_CASE("Medicare numbers by position") {
  CHECK(detect::is_mbi("1EG4TE5MK73"));
  CHECK(detect::is_mbi("1EG4TE5MK72"));
  CHECK_FALSE(detect::is_mbi("0EG4TE5MK73"));
  CHECK_FALSE(detect::is_mbi("1SG4TE5MK73"));
  CHECK_FALSE(detect::is_mbi("1EG4TE5M573"));
  CHECK(holds("mbi_bare", "card [[1EG4-TE5-MK73]]."));
  CHECK_FALSE(holds("mbi_bare", "https://x.example/[[1EG4TE5MK73]]"));
  CHECK_FALSE(holds("mbi_bare", "order [[1EG4TE5MK73]]"));
}

TEST_CASE("numbers that the SSA never gives out are none") {
  for (const auto* number : {"900-12-3456", "666-12-3456", "000-12-3456", "123-00-4567", "123-45-0000", "987-65-4321", "123-45 6789", "999-99-9999"}) {
    CAPTURE(number);
    CHECK_FALSE(holds("ssn", std::string("[[") + number + "]]"));
  }
}

TEST_CASE("documented fakes pass and are marked as samples") {
  for (const auto* number : {"078-05-1120", "219-09-9999", "457-55-5462", "123-45-6789", "111-11-1111", "000-00-0000", "078051120", "078 05 1120", "0 7 8 - 0 5 - 1 1 2 0", "078-05-\n1120"}) {
    CAPTURE(number);
    const auto result = check("ssn", std::string("[[") + number + "]]");
    CHECK(result.holds);
    CHECK(result.sample);
  }
}

TEST_CASE("a number made at run time is a whole SSN, however it is spaced") {
  std::uint32_t seed = 20261122;
  int seen = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string all = digits(seed, 9);
    if (!detect::is_ssn(all)) continue;
    ++seen;
    const std::string area = all.substr(0, 3);
    const std::string group = all.substr(3, 2);
    const std::string serial = all.substr(5);
    for (const char* between : {"-", " ", ".", "", " - "}) CHECK(holds("ssn", "[[" + area + between + group + between + serial + "]]"));
    CHECK_FALSE(holds("ssn", "[[" + area + "-" + group + " " + serial + "]]"));
    CHECK_FALSE(holds("ssn", "[[" + area + "-" + group + "-" + serial + "]]-01"));
    CHECK_FALSE(holds("ssn_bare", "Invoice no. [[" + area + "-" + group + "-" + serial + "]]"));
    CHECK(holds("ssn", "[[" + area + "-" + group + "-" + serial + "]],04/12/1961"));  // cells of a row
  }
  CHECK(seen > 30);
}

TEST_CASE("ITIN, EIN and HICN") {
  CHECK(holds("itin", "[[912-70-1234]]"));
  CHECK_FALSE(holds("itin", "[[912-93-1234]]"));
  CHECK_FALSE(holds("itin", "[[812-70-1234]]"));
  CHECK(holds("ein", "[[12-3456789]]"));
  CHECK_FALSE(holds("ein", "[[07-1234567]]"));
  CHECK_FALSE(holds("ein", "[[96-1234567]]"));
  CHECK(check("hicn", "[[078-05-1120-A]]").sample);
  CHECK_FALSE(holds("hicn", "[[000-12-3456-A]]"));
}

TEST_CASE("cards: issuer, check digit, and published test numbers are samples") {
  for (const auto* number : {"4111 1111 1111 1111", "3782 822463 10005", "5555555555554444", "6011-1111-1111-1117"}) {
    CAPTURE(number);
    const auto result = check("card", std::string("[[") + number + "]]");
    CHECK(result.holds);
    CHECK(result.sample);
  }
  CHECK_FALSE(holds("card", "[[4111 1111 1111 1112]]"));
  CHECK_FALSE(holds("card", "[[0000 0000 0000 0000]]"));
  CHECK_FALSE(holds("card_bare", "Tracking [[4111 1111 1111 1111]]"));
}

TEST_CASE("a labelled number is no date, year, money or telephone") {
  CHECK(holds("labelled_id", "MRN [[00412345]]"));
  CHECK(holds("mrn", "[[12-34-56]]"));
  CHECK(holds("mrn", "[[12-03-56]]"));
  CHECK_FALSE(holds("mrn", "[[2024-11-03]]"));
  CHECK_FALSE(holds("labelled_id", "[[04/12/1961]]"));
  CHECK_FALSE(holds("labelled_id", "[[2024]]"));
  CHECK_FALSE(holds("labelled_id", "$[[12345]]"));
  CHECK_FALSE(holds("labelled_id", "[[12345]].67"));
  CHECK_FALSE(holds("labelled_id", "[[0000000]]"));
  CHECK_FALSE(holds("labelled_id", "[[202-555-0143]]"));
  CHECK(holds("labelled_id", "[[24-123-45678]]"));
  CHECK(check("labelled_id", "[[A-10234-]]").value == "A-10234");
  CHECK_FALSE(holds("license", "mg/|dL [[S1234567]]"));
}

TEST_CASE("telephones: the numbering plan, toll-free, and what stands before") {
  CHECK(holds("phone", "[[(202) 555-0143]]"));
  CHECK(holds("phone", "[[+1 202-555-0143]] x12"));
  CHECK(check("phone", "[[1-800-555-0199]]").p < 0.2F);
  for (const auto* number : {"123-456-7890", "911-555-0143", "291-555-0143", "372-555-0143", "202-911-0143"}) {
    CAPTURE(number);
    CHECK_FALSE(holds("phone", std::string("[[") + number + "]]"));
  }
  CHECK_FALSE(holds("phone_bare", "fax [[202-555-0143]]"));
  CHECK_FALSE(holds("phone_bare", "Meeting ID: [[202-555-0143]]"));
  CHECK(holds("phone_bare", "Roe, [[202-555-0143]]"));
}

TEST_CASE("dates as people write them") {
  for (const auto* date : {"4/12/61", "4-12-61", "04/12/1961", "04121961", "041261", "19610412", "1961-04-12", "April 12, 1961", "Apr. 12th, 1961", "12 Apr 1961", "12-Apr-1961",
                           "12 de abril de 1961", "12 abril del 1961", "4 / 12 / 1961"}) {
    CAPTURE(date);
    CHECK(holds("date_of_birth", std::string("[[") + date + "]]"));
  }
  CHECK(detect::parse_date("12 de abril de 1961", today) == Date{1961, 4, 12});
  CHECK(detect::parse_date("4/12/61", today) == Date{1961, 4, 12});
  CHECK(detect::parse_date("4/12/25", today) == Date{2025, 4, 12});
  CHECK(detect::parse_date("25/12/1961", today) == Date{1961, 12, 25});
  for (const auto* date : {"13/45/1961", "02/30/1961", "Margaret 12 1961", "June 1961", "04/12/2061", "1961"}) {
    CAPTURE(date);
    CHECK_FALSE(holds("date_of_birth", std::string("[[") + date + "]]"));
  }
  CHECK(holds("date_part", "[[3/3]] visit"));
  CHECK(holds("date_part", "[[3 de marzo]]"));
  CHECK_FALSE(holds("date_part", "[[30/40]]"));
  CHECK(holds("dob_old", "[[02/02/1973]]"));
  CHECK_FALSE(holds("dob_old", "[[02/02/2024]]"));
}

TEST_CASE("ages over 89 only") {
  CHECK(holds("age_over_89", "[[93]]"));
  CHECK_FALSE(holds("age_over_89", "[[89]]"));
  CHECK_FALSE(holds("age_over_89", "[[121]]"));
}

TEST_CASE("streets are read to both sides of their last word") {
  CHECK(check("street_suffix", "at 12 Oak [[Street]], Apt 4, Springfield").value == "12 Oak Street, Apt 4");
  CHECK(check("street_suffix", "4410 N 5th [[Ave]]").value == "4410 N 5th Ave");
  CHECK_FALSE(holds("street_suffix", "May 12 [[Dr]]"));
  CHECK_FALSE(holds("street_suffix", "5 days at the [[St]]"));
  CHECK_FALSE(holds("street_suffix", "3 people on the [[way]]"));
  CHECK(check("street", "[[12 Main St]], Suite 4").p < 0.5F);
  CHECK(check("city_state", "Oak, New Haven, |CT [[06510]]").value == "New Haven");
  CHECK_FALSE(holds("city_state", "Springfield |in [[62701]]"));
}

TEST_CASE("documentation and private addresses of networks are nobody's") {
  CHECK(holds("ip", "[[8.8.4.4]]"));
  for (const auto* address : {"203.0.113.7", "192.168.1.4", "10.2.3.4", "127.0.0.1", "300.1.1.1"}) {
    CAPTURE(address);
    CHECK_FALSE(holds("ip", std::string("[[") + address + "]]"));
  }
  CHECK_FALSE(holds("ip", "[[1.2.3.4]].5"));
}

TEST_CASE("codes") {
  CHECK(holds("loinc", "[[4548-4]]"));
  CHECK_FALSE(holds("loinc", "[[4548-5]]"));
  CHECK(holds("icd10", "[[E11.65]]"));
  CHECK_FALSE(holds("icd10", "[[B12]]"));
  CHECK_FALSE(holds("icd10", "[[U12.3]]"));
  CHECK(holds("ndc", "[[0002-8215-01]]"));
  CHECK_FALSE(holds("ndc", "[[12-34]]"));
  CHECK(holds("procedure_code", "[[99214]]"));
  CHECK(holds("procedure_code", "[[J1885]]"));
  CHECK_FALSE(holds("procedure_code", "[[00042]]"));
  CHECK(holds("udi", "[[(01)00614141123452(21)TEST001]]"));
  CHECK_FALSE(holds("udi", "[[(01)00614141123452(10)LOT7]]"));
  CHECK_FALSE(holds("mac", "[[3C:5A:B4:01:9F:2E]]:77"));
  CHECK_FALSE(holds("file_name", "referral_form_[[blank.pdf]]"));
  CHECK(holds("path_case", "[[S24-001234]]"));
  CHECK_FALSE(holds("path_case", "[[S88-001234]]"));
}

TEST_CASE("an unknown validator is none") { CHECK((detect::find_validator("no_such_check") == nullptr)); }

TEST_CASE("who says that it wants a capital says no to small letters, and to nothing else of the same words") {
  struct Case {
    const char* validator;
    std::string text;
    Span extent, value;
  };
  const std::vector<Case> cases{
      {"name_single", "Orla called", {0, 4}, {0, 4}},
      {"name_last_first", "Quillfeather, Orla is next", {0, 12}, {0, 12}},
      {"name_line", "Quillfeather - asthma", {0, 16}, {12, 12}},
      {"name_before_date", "Quillfeather 4/12/1961", {0, 22}, {0, 22}},
      {"dob_behind_name", "Quillfeather 4/12/1961", {0, 22}, {13, 22}},
  };
  rules::Pack pack;
  pack.terms["given_names"].terms = {{"orla", {}}};
  pack.terms["surnames"].terms = {{"quillfeather", {}}};
  pack.terms["conditions"].terms = {{"asthma", {}}};
  const detect::Lexicon lexicon(pack);
  for (const auto& [validator, capital, extent, value] : cases) {
    CAPTURE(validator);
    CHECK(detect::capital_of(validator) != detect::Capital::none);
    const auto answer = [&](std::string norm) {
      text::Text text;
      text.norm = std::move(norm);
      detect::Check state{text, lexicon, today, extent, value, 1.0F, false};
      return detect::find_validator(validator)(state);
    };
    CHECK(answer(capital));
    CHECK_FALSE(answer(text::fold(capital)));
  }
  CHECK(detect::capital_of("name_full") == detect::Capital::none);
}

TEST_CASE("the lexicon knows words in any case") {
  rules::Pack pack;
  pack.terms["conditions"].terms = {{"crohn's disease", {}}, {"enfermedad de menière", {}}};
  const detect::Lexicon lexicon(pack);
  for (const char* words : {"crohn's disease", "Crohn's Disease", "CROHN'S DISEASE", "Enfermedad de Menière", "ENFERMEDAD DE MENIÈRE"}) {
    CAPTURE(words);
    CHECK((lexicon.known(words) & detect::known_condition) != 0);
  }
  CHECK(lexicon.known("crohn s disease") == 0);
  CHECK(lexicon.known("") == 0);
}

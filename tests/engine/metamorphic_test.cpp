// What must not change a verdict, and what must lower it: one mail against its own variations, over the matrix and over mails of the
// corpus. Transfer encodings are undone before a request is made; the tests of the extractor hold those.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "corpus.hpp"
#include "rows.hpp"

namespace phiscan::test {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A character that nobody sees, in the middle of every word and number of at least four characters.
std::string sprinkled(std::string_view text, std::string_view invisible) {
  std::string out;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    run = is_letter(text[i]) || is_digit(text[i]) ? run + 1 : 0;
    if (run == 3 && i + 1 < text.size() && (is_letter(text[i]) || is_digit(text[i])) && (is_letter(text[i + 1]) || is_digit(text[i + 1]))) {
      out += text[i];
      out += invisible;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string full_width_digits(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_digit(c)) out += "\xEF\xBC" + std::string(1, static_cast<char>(0x90 + (c - '0')));
    else out += c;
  }
  return out;
}

void put_html(std::string& out, char c) {
  switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '\n': out += "<br>\n"; break;
    default: out += c;
  }
}

std::string as_html(std::string_view text) {
  std::string out = "<div>";
  for (const char c : text) put_html(out, c);
  return out + "</div>";
}

// Every third character of a word opens an inline tag that closes one later.
std::string split_by_tags(std::string_view text) {
  std::string out = "<div>";
  std::size_t run = 0;
  for (const char c : text) {
    const bool word = is_letter(c) || is_digit(c);
    run = word ? run + 1 : 0;
    if (word && run % 3 == 2) out += run % 2 == 0 ? "<b>" + std::string(1, c) + "</b>" : "<span style=\"color:#333\">" + std::string(1, c) + "</span>";
    else put_html(out, c);
  }
  return out + "</div>";
}

std::string as_entities(std::string_view text) {
  std::string out = "<div>";
  std::size_t i = 0;
  for (const char c : text) {
    if (c == '\n') out += "<br>";
    else if (static_cast<unsigned char>(c) >= 0x80) out += c;
    else if (i++ % 2 == 0) out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    else out += "&#x" + std::string(1, "0123456789abcdef"[c >> 4]) + std::string(1, "0123456789abcdef"[c & 15]) + ";";
  }
  return out + "</div>";
}

std::string label_case(std::string text, bool upper) {
  static const std::vector<std::string> labels{"MRN", "DOB", "SSN", "Patient", "Member ID", "claim #", "last 4 SSN", "CPT", "Medicare", "fecha de nacimiento", "Paciente", "diagn", "NPI", "Pt ", "born", "chart", "account"};
  const auto to = [&](char c) { return upper ? (c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c) : (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c); };
  for (const auto& label : labels) {
    for (std::size_t at = 0; (at = text.find(label, at)) != std::string::npos; at += label.size()) {
      for (std::size_t i = 0; i < label.size(); ++i) text[at + i] = to(text[at + i]);
    }
  }
  return text;
}

const std::string& hipaa_footer() {
  static const std::string footer = [] {
    std::string out =
        "\n\n-- \nMorgan Hale, Front Desk\nSunrise Family Practice\n\nCONFIDENTIALITY NOTICE: This e-mail, including any attachments, is for the sole use of the intended recipient(s) and may contain confidential and "
        "privileged information, including protected health information (PHI) as defined by the Health Insurance Portability and Accountability Act (HIPAA). ";
    while (out.size() < 2'048) {
      out += "Any unauthorized review, use, disclosure or distribution of patient information is prohibited by federal law. If you are not the intended recipient, please notify the sender by reply e-mail and "
             "destroy all copies of the original message. ";
    }
    return out;
  }();
  return footer;
}

const std::string& newsletter() {
  static const std::string text = [] {
    std::string out;
    for (const char* paragraph : {"Spring is here, and with it our yearly walk along the river. We meet at the boat house at nine and walk to the old mill.",
                                  "The kitchen team has new recipes for you: lentil soup, bean stew and a lemon cake that needs little sugar. Copies lie at the desk.",
                                  "Parking on the north side stays closed until the end of the month. Please use the garage on Second Avenue, where the first hour is free.",
                                  "Our web site has a new look. Opening hours, directions and forms are easier to find, and pages load faster on a phone.",
                                  "The library cart needs books. Novels, puzzles and picture books are welcome; please leave them with the volunteers in the lobby."}) {
      for (int i = 0; i < 3; ++i) out += std::string(paragraph) + " ";
      out += "\n\n";
    }
    return out;
  }();
  return text;
}

std::string& body_of(Json& request) { return request.at("body").at("text").get_ref<std::string&>(); }
bool has_text(const Json& request) { return request.contains("body") && request.at("body").contains("text") && !request.at("body").at("text").get_ref<const std::string&>().empty(); }

// The free-text mails: matrix rows first, then the corpus.
struct Subject {
  std::string id;
  Json request;
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = [] {
    std::vector<Subject> out;
    for (const auto& row : positives()) {
      if (has_text(row.request)) out.push_back({row.id, row.request});
    }
    for (const auto& mail : plain_corpus_mails("phi", 30)) out.push_back({mail.name, mail.request});
    return out;
  }();
  return all;
}

const Verdict& plain_verdict(const Subject& subject) {
  static std::map<std::string, Verdict> known;
  const auto at = known.find(subject.id);
  if (at != known.end()) return at->second;
  return known.emplace(subject.id, verdict(no_policy().scan(subject.request))).first->second;
}

void expect_same(const std::string& what, const std::function<void(Json&)>& change) {
  for (const auto& subject : subjects()) {
    Json varied = subject.request;
    change(varied);
    const auto found = verdict(no_policy().scan(varied));
    const auto& plain = plain_verdict(subject);
    CAPTURE(subject.id);
    CAPTURE(what);
    CAPTURE(plain);
    CAPTURE(found);
    CHECK(found.same(plain));
  }
}

TEST_CASE("the corpus gives the variations something to work on") { CHECK(subjects().size() >= 40); }

TEST_CASE("(a) a zero-width character in every word changes nothing") {
  expect_same("zero-width space", [](Json& request) { body_of(request) = sprinkled(body_of(request), "\xE2\x80\x8B"); });
}
TEST_CASE("(a) a soft hyphen in every word changes nothing") {
  expect_same("soft hyphen", [](Json& request) { body_of(request) = sprinkled(body_of(request), "\xC2\xAD"); });
}
TEST_CASE("(a) full-width digits change nothing") {
  expect_same("full-width digits", [](Json& request) { body_of(request) = full_width_digits(body_of(request)); });
}
TEST_CASE("(a) the same text as HTML changes nothing") {
  expect_same("HTML", [](Json& request) { request["body"] = Json{{"html", as_html(body_of(request))}}; });
}
TEST_CASE("(a) words split by inline tags change nothing") {
  expect_same("inline tags", [](Json& request) { request["body"] = Json{{"html", split_by_tags(body_of(request))}}; });
}
TEST_CASE("(a) characters written as entities change nothing") {
  expect_same("entities", [](Json& request) { request["body"] = Json{{"html", as_entities(body_of(request))}}; });
}

// Open: a signature or footer ends at the first patient cue (DOB, MRN, "Patient:"), so that a note pasted below a closing is not lost;
// phi.md §15 (b) asks that it weigh less. Decide which, then lower the exact count.
TEST_CASE("(b) the same text in a signature or footer weighs less" * doctest::expected_failures(16)) {
  for (const auto& row : positives()) {
    // A payload stays one wherever it stands; P8, P10 and P15 live in attachments, P3 and P14 in the envelope, P2 in the subject.
    if (row.id == "P2" || row.id == "P3" || row.id == "P8" || row.id == "P9" || row.id == "P10" || row.id == "P11" || row.id == "P14" || row.id == "P15") continue;
    CAPTURE(row.id);
    const auto plain = verdict(no_policy().scan(row.request));
    for (const std::string before : {"See you on Thursday.\n\n-- \nMorgan Hale\n",
                                     "See you on Thursday.\n\nCONFIDENTIALITY NOTICE: This message is intended only for the addressee. If you are not the intended recipient, please delete it. "}) {
      CAPTURE(before);
      Json moved = row.request;
      body_of(moved) = before + body_of(moved);
      const auto found = verdict(no_policy().scan(moved));
      CAPTURE(plain);
      CAPTURE(found);
      CHECK(found.is_below(plain));
    }
  }
}

TEST_CASE("(c) a doctor's name instead of the patient's weighs less") {
  for (const auto& row : positives()) {
    if (row.name.empty()) continue;
    CAPTURE(row.id);
    Json changed = row.request;
    for (const char* name : {"subject", "body.text"}) {
      auto* text = part(changed, name);
      if (text == nullptr) continue;
      for (std::size_t at = 0; (at = text->find(row.name, at)) != std::string::npos;) {
        text->replace(at, row.name.size(), "Dr. Xu, MD");
        at += 10;
      }
    }
    const auto plain = verdict(no_policy().scan(row.request));
    const auto found = verdict(no_policy().scan(changed));
    CAPTURE(plain);
    CAPTURE(found);
    CHECK(found.is_below(plain));
  }
}

TEST_CASE("(d) a broken check digit ends a validated number, and only that") {
  struct Number {
    std::string label, good, bad, before;
  };
  for (const auto& number : {Number{"card", "4111 1111 1111 1111", "4111 1111 1111 1112", "Card "}, Number{"npi", "1234567893", "1234567894", "NPI "},
                             Number{"mbi", "1EG4-TE5-MK73", "1EG4-TE5-MKS3", "Medicare "}, Number{"vin", "1M8GDM9AXKP042788", "1M8GDM9A1KP042788", "VIN "}}) {
    CAPTURE(number.label);
    const auto labels = [&](const std::string& value) {
      std::vector<std::string> out;
      const Json report = no_policy().scan(mail("kim@acme.example", "x", "Patient Janet Roe, MRN 00412345, asthma. " + number.before + value + "."));
      for (const auto& finding : report.at("findings")) out.push_back(finding.at("label"));
      return out;
    };
    auto good = labels(number.good);
    const auto bad = labels(number.bad);
    CHECK(std::ranges::find(good, number.label) != good.end());
    CHECK(std::ranges::find(bad, number.label) == bad.end());
    for (const std::string label : {"name", "mrn", "diagnosis"}) {
      CAPTURE(label);
      CHECK(std::ranges::find(bad, label) != bad.end());
    }
  }
  Json changed = positives().front().request;
  auto& text = body_of(changed);
  text.replace(text.find("00412345"), 8, "00412346");
  CHECK(verdict(no_policy().scan(changed)).same(verdict(no_policy().scan(positives().front().request))));
}

TEST_CASE("(e) a long HIPAA footer changes nothing") {
  expect_same("HIPAA footer", [](Json& request) { body_of(request) += hipaa_footer(); });
}

TEST_CASE("(e) a long HIPAA footer does not make PHI of a mail without") {
  for (const auto& row : negatives()) {
    if (!has_text(row.request)) continue;
    CAPTURE(row.id);
    Json longer = row.request;
    body_of(longer) += hipaa_footer();
    const auto plain = verdict(no_policy().scan(row.request));
    const auto found = verdict(no_policy().scan(longer));
    CAPTURE(plain);
    CAPTURE(found);
    CHECK(found.content == plain.content);
  }
}

TEST_CASE("(f) pages of newsletter between the person and the fact weaken the link") {
  struct Halves {
    std::string who, what;
  };
  for (const auto& halves : {Halves{"Janet Roe will be there.", "A1c 8.2 % (H), started metformin 500 mg."}, Halves{"Please greet Robert Roe from me.", "The biopsy shows invasive ductal carcinoma."},
                             Halves{"Maria Alvarez, (202) 555-0143.", "Diagnosis: bipolar disorder, lithium 300 mg."}}) {
    CAPTURE(halves.who);
    const auto near = verdict(no_policy().scan(mail("kim@acme.example", "x", halves.who + " " + halves.what)));
    const auto far = verdict(no_policy().scan(mail("kim@acme.example", "x", halves.who + "\n\n" + newsletter() + halves.what)));
    CAPTURE(near);
    CAPTURE(far);
    CHECK(far.is_below(near));
  }
}

TEST_CASE("(g) who reads does not change what is found") {
  for (const auto& subject : subjects()) {
    if (subject.id == "P3" || subject.id == "P14") continue;  // there the address is part of the content
    const auto by = [&](const char* reader) {
      Json request = subject.request;
      request["from"] = address("desk@clinic.example", "Morgan Hale");
      request["to"] = Json::array({address(reader)});
      request.erase("cc");
      return verdict(no_policy().scan(request));
    };
    CAPTURE(subject.id);
    const auto inside = by("ana@clinic.example");
    const auto outside = by("info@acme.example");
    CAPTURE(inside);
    CAPTURE(outside);
    CHECK(inside.content == outside.content);
    CHECK(inside.confidence == doctest::Approx(outside.confidence).epsilon(0.01));
  }
}

TEST_CASE("(h) labels may be written in capitals") {
  expect_same("labels in capitals", [](Json& request) { body_of(request) = label_case(body_of(request), true); });
}
TEST_CASE("(h) labels may be written in small letters") {
  expect_same("labels in small letters", [](Json& request) { body_of(request) = label_case(body_of(request), false); });
}

// Open: a record or a person without a name that stands twice counts as two persons. The count is exact.
TEST_CASE("(i) the same text twice weighs as much as once" * doctest::expected_failures(3)) {
  expect_same("text twice", [](Json& request) { body_of(request) += "\n\n" + std::string(body_of(request)); });
}

TEST_CASE("(i) the same text in both body forms weighs as much as one") {
  expect_same("both forms", [](Json& request) { request["body"]["html"] = as_html(body_of(request)); });
}

}  // namespace
}  // namespace phiscan::test

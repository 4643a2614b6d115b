#include "mails.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

namespace phiscan::bench {
namespace {

using namespace std::string_view_literals;

constexpr std::array given{"Maria"sv, "James"sv, "Linda"sv, "Robert"sv, "Aisha"sv, "Carlos"sv, "Susan"sv, "Minh"sv, "Patricia"sv, "Omar"sv, "Elena"sv, "David"sv};
constexpr std::array family{"Gonzalez"sv, "Miller"sv, "Okafor"sv, "Nguyen"sv, "Ramirez"sv, "Johnson"sv, "Kowalski"sv, "Patel"sv, "Thompson"sv, "Haddad"sv, "Reyes"sv, "Larsen"sv};
constexpr std::array drugs{"metformin"sv, "lisinopril"sv, "atorvastatin"sv, "amlodipine"sv, "sertraline"sv, "levothyroxine"sv, "omeprazole"sv, "gabapentin"sv, "prednisone"sv, "albuterol"sv};
constexpr std::array conditions{"type 2 diabetes mellitus"sv, "hypertension"sv, "major depressive disorder"sv, "chronic kidney disease"sv, "atrial fibrillation"sv, "asthma"sv, "hyperlipidemia"sv, "hypothyroidism"sv, "COPD"sv, "osteoarthritis of the knee"sv};
constexpr std::array labs{"glucose"sv, "hemoglobin A1c"sv, "creatinine"sv, "potassium"sv, "TSH"sv, "LDL"sv, "hemoglobin"sv, "platelets"sv};
constexpr std::array codes{"E11.9"sv, "I10"sv, "F33.1"sv, "N18.3"sv, "J45.40"sv, "E78.5"sv, "M17.11"sv, "I48.91"sv};
constexpr std::array symptoms{"chest pain"sv, "shortness of breath"sv, "nausea"sv, "dizziness"sv, "lower back pain"sv, "blurred vision"sv, "fatigue"sv, "a productive cough"sv};

// # = digit; {…} = a word of that list, a number range or a date. The rest is copied.
constexpr std::array clinical{
    "Patient: {given} {family}, DOB {date}, MRN 00######. "sv,
    "{given} {family} is a {age}-year-old patient with {condition} and {condition}. "sv,
    "Started {drug} {dose} mg twice daily on {date}; continue {drug} {dose} mg at bedtime. "sv,
    "Lab results: {lab} {value}.# mg/dL, {lab} {value} mmol/L (H), {lab} #.# %, drawn {date}. "sv,
    "BP 1##/8#, pulse 7#, temp 98.# F, SpO2 9#% on room air, weight 1## lb. "sv,
    "Assessment: {condition} ({code}); rule out {condition}. Plan: increase {drug} to {dose} mg PO daily. "sv,
    "She denies {symptom} and {symptom} but reports {symptom} for {small} weeks. "sv,
    "Member ID XGH########, claim 20########, visit on {date} with Dr. {family}. "sv,
    "Call the patient at (212) 555-01## or write to {given}.{family}@mail.example about the {lab} result. "sv,
    "Allergies: penicillin (rash). Past history of {condition}, s/p appendectomy in 20##. "sv,
    "Next appointment {date} at #:30 pm, referral to cardiology for {condition}. "sv,
    "Mr. {family} was admitted on {date} and discharged on {date} with {drug} and {drug}. "sv,
};
constexpr std::array ordinary{
    "Hi {given}, thanks for sending the agenda for our meeting on {date}. "sv,
    "I have attached the quote for the new printers; the total comes to $1,##0.50 before tax. "sv,
    "Please let me know by Friday whether the numbers in the second sheet look right to you. "sv,
    "The invoice INV-20###### was paid on {date}, so nothing is open from our side. "sv,
    "We moved the call to #:30 pm because half of the team is travelling that day. "sv,
    "You can reach me at (212) 555-01## or find the document at https://files.example.com/q/{small}/plan. "sv,
    "The landlord will send somebody to look at the air conditioning in the waiting area. "sv,
    "I think the second version reads better, but the last paragraph could be a little shorter. "sv,
    "Could you ask {given} {family} from accounting to join us when we talk about the budget? "sv,
    "Parking is behind the building, and the side entrance is open until six in the evening. "sv,
    "Order 10###### should arrive within {small} business days, and returns are free for a month. "sv,
    "Let us keep the schedule as it is and come back to the question after the holidays. "sv,
};

// SplitMix64: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t limit) {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % limit);
  }
  std::string_view one(std::span<const std::string_view> list) { return list[below(list.size())]; }
  std::string number(std::size_t from, std::size_t to) { return std::to_string(from + below(to - from + 1)); }

 private:
  std::uint64_t state_;
};

std::string word(std::string_view slot, Dice& dice) {
  if (slot == "given") return std::string(dice.one(given));
  if (slot == "family") return std::string(dice.one(family));
  if (slot == "drug") return std::string(dice.one(drugs));
  if (slot == "condition") return std::string(dice.one(conditions));
  if (slot == "lab") return std::string(dice.one(labs));
  if (slot == "code") return std::string(dice.one(codes));
  if (slot == "symptom") return std::string(dice.one(symptoms));
  if (slot == "date") return dice.number(1, 12) + "/" + dice.number(1, 28) + "/" + dice.number(1950, 2024);
  if (slot == "age") return dice.number(18, 88);
  if (slot == "dose") return dice.number(1, 40) + "0";
  if (slot == "value") return dice.number(60, 240);
  return dice.number(2, 9);
}

std::string sentence(Kind kind, Dice& dice) {
  const auto pattern = kind == Kind::clinical ? dice.one(clinical) : dice.one(ordinary);
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '#') {
      out += static_cast<char>('0' + dice.below(10));
    } else if (pattern[i] == '{') {
      const auto end = pattern.find('}', i);
      out += word(pattern.substr(i + 1, end - i - 1), dice);
      i = end;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

}  // namespace

const char* to_string(Kind kind) { return kind == Kind::clinical ? "clinical" : "ordinary"; }

std::string text(Kind kind, std::size_t size, std::uint64_t seed) {
  Dice dice(seed);
  std::string out;
  while (out.size() < size) {
    for (int i = 0; i < 4 && out.size() < size; ++i) out += sentence(kind, dice);
    out += "\n\n";
  }
  return out;
}

std::string html(Kind kind, std::size_t size, std::uint64_t seed) {
  Dice dice(seed);
  std::string out = "<html><head><meta charset=\"utf-8\"><style>p.MsoNormal{margin:0in;font-size:11.0pt;font-family:\"Calibri\",sans-serif;}"
                    "a:link{color:#0563C1;text-decoration:underline;}</style></head><body lang=\"EN-US\" link=\"#0563C1\"><div class=\"WordSection1\">";
  bool quoted = false;
  while (out.size() < size) {
    if (!quoted && out.size() > size / 2) {
      quoted = true;
      out += "<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in\"><p class=\"MsoNormal\"><b>From:</b> Dana Roe "
             "&lt;dana@mail.test&gt;<br><b>Sent:</b> Tuesday, March 3, 2020 9:14 AM<br><b>To:</b> Front Desk<br><b>Subject:</b> Re: your mail</p></div>";
    }
    if (dice.below(6) == 0) {
      out += "<table border=\"0\" cellspacing=\"0\" cellpadding=\"0\" width=\"100%\"><tbody><tr><td style=\"padding:4px 8px\"><p>" + sentence(kind, dice) +
             "</p></td><td>&nbsp;</td></tr></tbody></table>";
    } else {
      out += "<p class=\"MsoNormal\" style=\"margin-bottom:12.0pt\"><span style=\"font-size:11.0pt;color:#1F497D\">" + sentence(kind, dice) + "<b>" +
             sentence(kind, dice) + "</b>&nbsp;&ndash; " + sentence(kind, dice) + "<o:p></o:p></span></p>\r\n";
    }
  }
  return out + "</div></body></html>";
}

std::string request(const std::string& body, bool is_html) {
  return nlohmann::json{{"schema", "phiscan.request/1"},
                        {"from", {{"address", "frontdesk@clinic.example"}, {"name", "Front Desk"}}},
                        {"to", {{{"address", "dana@mail.test"}, {"name", "Dana Roe"}}}},
                        {"subject", "Your question"},
                        {"body", {{is_html ? "html" : "text", body}}},
                        {"now", "2026-11-22T10:00:00-05:00"}}
      .dump();
}

std::string eml(Kind kind, std::size_t size, std::uint64_t seed) {
  std::string out = "From: Front Desk <frontdesk@clinic.example>\r\nTo: Dana Roe <dana@mail.test>\r\nSubject: Your question\r\n"
                    "Date: Sun, 22 Nov 2026 10:00:00 -0500\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
  for (const char c : text(kind, size, seed)) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

}  // namespace phiscan::bench

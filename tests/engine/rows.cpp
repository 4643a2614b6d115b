#include "rows.hpp"

#include <array>
#include <cstdio>

namespace phiscan::test {
namespace {

constexpr const char* specialist = "referrals@lakeside-cardiology.example";
constexpr const char* payer = "claims@bluepayer.example";
constexpr const char* vendor = "sam@printhelp.example";
constexpr const char* colleague = "ana@clinic.example";

Json to_patient(std::string_view address_, std::string_view name, std::string_view subject, std::string_view body) {
  Json out = mail(address_, subject, body);
  out["to"][0] = address(address_, name);
  return out;
}

std::string csv_of_240() {
  static constexpr std::array given{"Janet", "Robert", "Maria", "David", "Linda", "James", "Susan", "Carlos", "Karen", "Ahmed", "Nancy", "Wei"};
  static constexpr std::array family{"Roe", "Okafor", "Alvarez", "Lindqvist", "Nguyen", "Petrov", "Brennan", "Castillo", "Haddad", "Kowalski"};
  static constexpr std::array code{"E11.9", "I10", "J45.909", "F32.1"};
  std::string out = "MRN,Last,First,DOB,Dx\n";
  for (unsigned i = 0; i < 240; ++i) {
    std::array<char, 128> line{};
    std::snprintf(line.data(), line.size(), "%06u,%s,%s,%02u/%02u/%u,%s\n", 410000 + i * 37, family[i % 10], given[(i / 10) % 12], 1 + i % 12, 1 + i % 28, 1940 + i % 60,
                  code[i % 4]);
    out += line.data();
  }
  return out;
}

Json ssn_mail(std::string_view number) {
  return mail(specialist, "chart", "Pt Janet Roe, SSN " + std::string(number) + ", seen today for asthma, started albuterol 90 mcg.");
}

std::string wide(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= '0' && c <= '9') out += "\xEF\xBC" + std::string(1, static_cast<char>(0x90 + (c - '0')));
    else out += c;
  }
  return out;
}

std::vector<Row> make_positives() {
  std::vector<Row> rows;
  const auto add = [&](Row row) -> Row& { return rows.emplace_back(std::move(row)); };

  add({"P1", mail(specialist, "labs", "Patient: Doe, Janet  DOB 04/12/1961  MRN 00412345. A1c 8.2 % (H), LDL 162 mg/dL"), {"phi"}, 3, 4, {"lab"}, "outside", "Doe, Janet"});
  add({"P2", to_patient("j.roe@webmail.test", "", "Janet Roe biopsy result", "final dx invasive ductal carcinoma"), {"phi"}, 3, 4, {"diagnosis"}, "patient", "Janet Roe"});
  add({"P3", to_patient("janet.r@mail.example", "Janet Roe", "your test", "Hi Janet, your chlamydia test came back positive. Start doxycycline 100 mg BID x7 days"), {"phi"}, 3, 4, {"sti", "medication"}, "patient", ""});
  add({"P4", mail(specialist, "transfer", "Pt 93 y/o F from Smallville, fall, hip fx"), {"phi"}, 2, 3, {}, "outside", ""});
  add({"P5", mail(payer, "denial", "Member ID XYZ123456789, claim # 20241101123, CPT 99214, denied CO-197, pt Robert Roe"), {"phi"}, 3, 4, {"billing"}, "outside", "Robert Roe"});
  add({"P6", to_patient("rroe@mail.example", "", "Reminder", "Reminder: Mr. Roe, your visit at Sunrise Methadone Clinic Tue 9:00"), {"phi"}, 3, 4, {"substance_use"}, "patient", "Mr. Roe"});
  add({"P7", to_patient("rroe@mail.example", "", "Reminder", "Reminder: Mr. Roe, your appointment at Main Street Family Practice Tue 9:00"), {"phi"}, 1, 1, {"appointment"}, "patient", "Mr. Roe"});

  Json card = mail("kim@mail.example", "", "");
  card["attachments"] = {{{"name", "Roe_Robert_insurance_card_front.jpg"}, {"media_type", "image/jpeg"}, {"size", 181233}, {"unread", "unsupported"}}};
  add({"P8", card, {"phi"}, 2, 3, {"insurance"}, "patient", ""});

  add({"P9", mail(specialist, "fyi", "NM1*IL*1*ROE*ROBERT****MI*XYZ123~DMG*D8*19610412*M~"), {"phi"}, 3, 4, {}, "outside", ""});

  Json bulk = mail(specialist, "list", "The list is attached.");
  bulk["attachments"] = {{{"name", "export.csv"}, {"media_type", "text/csv"}, {"size", 9000}, {"text_parts", {{{"where", "text"}, {"text", csv_of_240()}}}}}};
  add({"P10", bulk, {"phi"}, 4, 4, {"bulk"}, "outside", ""});

  Json forward = mail(vendor, "FW: results",
                      "see below\n\n-----Original Message-----\nFrom: Lab Desk <lab@clinic.example>\nSent: Monday, November 16, 2026 9:12 AM\n"
                      "To: Front Desk <desk@clinic.example>\nSubject: results\n\nPatient Janet Roe, HIV-1 viral load 48,000 copies/mL. Please call her.\n");
  forward["compose"] = "forward";
  add({"P11", forward, {"phi"}, 4, 4, {"hiv"}, "risky", "Janet Roe"});

  add({"P12", plain_ssn(), {"phi"}, 4, 4, {}, "outside", "Janet Roe"});
  add({"P13", mail("orders@sleepdme.example", "CPAP", "Medicare 1EG4-TE5-MK73 for Mr. Roe, approve CPAP"), {"phi"}, 3, 4, {}, "outside", "Mr. Roe"});

  Json visible = mail("a@mail.example", "Flu clinic", "flu clinic info for our diabetic patients");
  visible["to"] = Json::array();
  for (const char* local : {"janet.roe", "b.okafor", "maria.alvarez", "dlindqvist", "linda77", "p.nguyen", "susan.brennan", "castillo.c", "karen.h", "wei.kow", "t.petrov", "ahmad.ali"}) {
    visible["to"].push_back(address(std::string(local) + "@mail.example"));
  }
  add({"P14", visible, {"phi"}, 2, 4, {}, "risky", ""});

  Json screen = mail(vendor, "error", "I get an error when I open Janet Roe's chart (MRN 412345). Can you look?");
  screen["attachments"] = {{{"name", "screenshot.png"}, {"media_type", "image/png"}, {"size", 240211}, {"unread", "unsupported"}}};
  add({"P15", screen, {"phi"}, 3, 4, {}, "outside", "Janet Roe"});

  add({"P16", mail("dr.lee@valley-neuro.example", "referral", "Dr. Lee, please see my patient J.R. (DOB 4/12/61) for eval of new onset seizures"), {"phi"}, 2, 3, {}, "outside", ""});
  add({"P17",
       mail("intake@harborcounseling.example", "process note",
            "Process note. Janet Roe, session 14. She spoke about the affair and cried for most of the hour. In the transference I notice that she treats me as she treats her "
            "mother. She denies suicidal ideation. We will go on with weekly psychotherapy."),
       {"phi"}, 4, 4, {"psychotherapy"}, "outside", "Janet Roe"});
  add({"P18", mail("pat.k@mail.example", "results", "Carrier screen: pathogenic CFTR variant, Janet Roe"), {"phi"}, 4, 4, {"genetic"}, "patient", "Janet Roe"});
  add({"P19", mail(specialist, "referido", "Paciente: Juana Roe, fecha de nacimiento 12/04/1961, diagnóstico: diabetes"), {"phi"}, 3, 4, {"diagnosis"}, "outside", "Juana Roe"});
  add({"P20", mail("rroe@mail.example", "balance", "last 4 SSN 4399, DOB 4/12/61, Robert Roe, balance $240 from 3/3 visit"), {"phi"}, 3, 4, {"billing"}, "patient", "Robert Roe"});
  return rows;
}

std::vector<Row> make_negatives() {
  std::vector<Row> rows;
  const std::vector<std::string> not_phi{"none", "health"};
  const auto add = [&](std::string id, Json request, std::string audience) { rows.push_back({std::move(id), std::move(request), not_phi, 0, 4, {}, std::move(audience), ""}); };

  add("N1",
      mail("friends@lists.example", "Healthy living news",
           "Diabetes affects 1 in 10 adults. Most people aim for an A1c below 7 %. Ask your doctor what is right for you.\n\nYou get this newsletter because you signed up. Unsubscribe here."),
      "outside");
  add("N2",
      mail(vendor, "lunch",
           "See you at lunch\n\n-- \nJordan Lee, MD\nSunrise Family Practice\nNPI 1234567893\n12 Main Street, Springfield, IL 62701\nPhone (202) 555-0110  Fax (202) 555-0111\n\n"
           "CONFIDENTIALITY NOTICE: This e-mail may contain protected health information under HIPAA. If you are not the intended recipient, please delete it and tell the sender."),
      "outside");
  add("N3", mail("orders@glovesupply.example", "PO", "Invoice 412345, PO 88213, gloves, N95, net 30"), "outside");
  add("N4", mail(colleague, "Schedule", "Mon: Ana Petrova OR 3, Bao Tran on call\nTue: Rosa Delgado OR 3, Ana Petrova on call\nWed: Bao Tran off"), "own");
  add("N5", mail(colleague, "today", "Janet is out sick today, please cover"), "own");

  std::string codes = "ICD-10 update: E11.65 now requires a second code.\n";
  for (int i = 0; i < 30; ++i) codes += std::string(1, static_cast<char>('A' + i % 20)) + std::to_string(10 + i) + "." + std::to_string(i % 10) + ", ";
  add("N6", mail(colleague, "coding", codes), "own");
  add("N7", mail(vendor, "form", "Form:\nName: ____________\nDOB: ____________\nMRN: ____________\nReason for visit: ____________"), "outside");
  add("N8", mail("support@bayside-it.example", "ticket", "Ticket #100234: printer at 203.0.113.7 fails, version 10.2.3.4"), "outside");
  add("N9", mail(colleague, "meeting", "The team gives me a migraine; our launch had a heart attack moment"), "own");
  add("N10", mail(colleague, "training", "SSN 078-05-1120 is the sample on the training slide"), "own");
  add("N11", mail("sam.t@mail.example", "gym", "Rx: buy 2 get 1 at the gym, member ID 445566"), "patient");
  add("N12", mail("sam.t@mail.example", "Rex", "Vet visit: Rex, canine, DOB 1/2/20, rabies shot is due"), "patient");
  add("N13", mail(specialist, "draft", "Statistics: n=214, mean A1c 7.4 %, p<0.01"), "outside");
  add("N14", mail("community@lists.example", "May events", "Parkinson support group, Graves hall, May 12"), "outside");
  add("N15", mail(vendor, "prices", "Price list: CPT 99213 fee $92, CPT 99214 fee $130. Ship to ZIP 99213?"), "outside");
  add("N16", mail(vendor, "call", "Meeting ID 123 4567 8901, passcode 445566. The parcel is UPS 1Z999AA10123456784."), "outside");
  add("N17", mail(colleague, "welcome", "Dr. Roe, cardiology, is joining us; her DEA is FT5550101"), "own");

  Json privacy = mail("kim@mail.example", "forms", "The two forms are attached.");
  privacy["attachments"] = {
      {{"name", "Notice_of_Privacy_Practices.pdf"}, {"media_type", "application/pdf"}, {"size", 90000},
       {"text_parts", {{{"where", "page 1"}, {"text", "NOTICE OF PRIVACY PRACTICES. This notice describes how medical information about you may be used and disclosed and how you can get access to it."}}}}},
      {{"name", "Release_of_Information.pdf"}, {"media_type", "application/pdf"}, {"size", 60000},
       {"text_parts", {{{"where", "page 1"}, {"text", "AUTHORIZATION TO RELEASE HEALTH INFORMATION\nPatient name: ____________ Date of birth: ____________\nI authorize ____________ to release: [ ] lab results [ ] HIV status"}}}}}};
  add("N18", privacy, "patient");
  add("N19", mail(vendor, "parts", "Model M12.5 pump, room B20, gate G20"), "outside");
  add("N20", mail(specialist, "form", "Please email me the records request form. Thank you!"), "outside");
  return rows;
}

}  // namespace

const std::vector<Row>& positives() {
  static const std::vector<Row> rows = make_positives();
  return rows;
}

const std::vector<Row>& negatives() {
  static const std::vector<Row> rows = make_negatives();
  return rows;
}

Json plain_ssn() { return ssn_mail(made_up_ssn(12)); }

std::vector<Row> disguised_ssn() {
  const std::string number = made_up_ssn(12);
  std::vector<Row> rows;
  rows.push_back({"full-width digits", ssn_mail(wide(number)), {"phi"}, 4, 4, {}, "outside", ""});
  rows.push_back({"zero-width inside", ssn_mail(number.substr(0, 5) + "\xE2\x80\x8B" + number.substr(5)), {"phi"}, 4, 4, {}, "outside", ""});
  Json html = ssn_mail(number);
  const std::string text = html["body"]["text"];
  const auto at = text.find(number);
  html["body"] = {{"html", "<p>" + text.substr(0, at) + "<b>" + number.substr(0, 2) + "</b>" + number.substr(2, 6) + "<span>" + number.substr(8) + "</span>" + text.substr(at + number.size()) + "</p>"}};
  rows.push_back({"split by tags", html, {"phi"}, 4, 4, {}, "outside", ""});
  return rows;
}

}  // namespace phiscan::test

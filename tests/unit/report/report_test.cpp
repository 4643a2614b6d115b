#include "report/report.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "../decide/mail.hpp"
#include "report/json_writer.hpp"

using namespace phiscan;
using namespace phiscan::test;
using nlohmann::json;

namespace {

rules::Pack pack() {
  rules::Pack pack;
  pack.id = "test";
  pack.version = "1";
  pack.sha256 = std::string(64, 'a');
  pack.rules.resize(1);
  pack.rules[0].id = "us.test";
  auto& en = pack.texts["en"];
  en["title.confirm"] = "Check";
  en["title.confirm.phi"] = "Check: patient";
  en["title.note.gap"] = "Not all was read";
  en["line.phi.named"] = "About {who}: {kinds}.";
  en["line.phi.one"] = "About one person: {kinds}.";
  en["line.phi.many"] = "About {count} people: {kinds}.";
  en["line.quote"] = "In the quote.";
  en["line.subject"] = "In the subject.";
  en["why.outside.one"] = "{recipients} is outside.";
  en["why.outside.many"] = "{count} are outside: {recipients}.";
  en["risk.typo_domain.one"] = "{recipients} has a slip.";
  en["risk.first_time.one"] = "New: {recipients}.";
  en["gap.unsupported.one"] = "{attachments} was not read.";
  en["gap.several.many"] = "{count} were not read: {attachments}.";
  en["gap.message"] = "The message was not read.";
  en["offer.redact"] = "Redact";
  en["offer.remove_recipient.one"] = "Take off {recipients}";
  en["label.name"] = "name";
  en["label.mrn"] = "record number";
  en["label.ssn"] = "SSN";
  en["category.lab"] = "lab result";
  en["word.and"] = " and ";
  en["word.and_more"] = " and more";
  pack.texts["es"]["title.confirm.phi"] = "Revise";
  pack.texts["es"]["word.and"] = " y ";
  pack.texts["es"]["word.and_before_i"] = " e ";
  return pack;
}

json compose(const Mail& mail) { return json::parse(report::compose(pack(), mail.policy, mail.message, mail.texts, mail.findings, mail.risks, mail.judge()).json); }

Mail sample() {
  Mail mail;
  mail.message.subject = "Zebulon";
  mail.message.body_html = "<p>\xF0\x9F\x98\x80 Zebulon <b>Q</b>uux: A1c 9.1</p>";
  mail.message.inputs_sha256 = std::string(64, 'b');
  mail.read();
  auto& name = mail.found(html, Kind::identity, Label::name, "Zebulon Quux");
  name.person = 0;
  name.reasons.add(score::Reason::label_adjacent);
  mail.found(html, Kind::health, Label::lab, "A1c 9.1").category = Category::lab;
  mail.findings.categories = {Category::lab};
  mail.findings.confidence = 0.934;
  mail.phi();
  mail.to("quagga@other.example", RecipientClass::unknown);
  return mail;
}

}  // namespace

TEST_CASE("spans count bytes and UTF-16 units of the source and never cross a tag") {
  const auto report = compose(sample());
  const auto& spans = report["findings"][0]["spans"];
  REQUIRE(spans.size() == 3);
  CHECK(spans[0] == json::parse(R"({"part":"body.html","utf8":[8,16],"utf16":[6,14]})"));
  CHECK(spans[1] == json::parse(R"({"part":"body.html","utf8":[19,20],"utf16":[17,18]})"));
  CHECK(spans[2] == json::parse(R"({"part":"body.html","utf8":[24,27],"utf16":[22,25]})"));
}

TEST_CASE("UTF-16 offsets hold far into a long part") {
  Mail mail;
  mail.message.body_text = std::string();
  for (int i = 0; i < 700; ++i) *mail.message.body_text += "\xC3\xA9\xF0\x9F\x98\x80 ";
  *mail.message.body_text += "MRN";
  mail.read();
  mail.found(plain, Kind::identity, Label::mrn, "MRN");
  const auto report = compose(mail);
  CHECK(report["findings"][0]["spans"][0]["utf8"] == json::array({4900, 4903}));
  CHECK(report["findings"][0]["spans"][0]["utf16"] == json::array({2800, 2803}));
}

TEST_CASE("a report has the fields of the contract") {
  const auto report = compose(sample());
  for (const char* key : {"schema", "engine", "content", "severity", "confidence", "categories", "action", "action_if_enforced", "complete", "gaps", "findings",
                          "persons", "recipients", "offers", "text", "fingerprint", "inputs_sha256", "pack", "policy", "warnings"}) {
    CAPTURE(key);
    CHECK(report.contains(key));
  }
  CHECK_FALSE(report.contains("explain"));
  CHECK(report["content"] == "phi");
  CHECK(report["confidence"] == 0.93);
  CHECK(report["action"] == "confirm");
  CHECK(report["findings"][0]["rule"] == "us.test");
  CHECK(report["findings"][0]["zone"] == "new");
  CHECK(report["findings"][0]["person"] == 0);
  CHECK(report["findings"][0]["suppressed_by"].is_null());
  CHECK(report["findings"][1]["category"] == "lab");
  CHECK(report["findings"][1]["person"].is_null());
  CHECK(report["offers"][0]["header"].is_null());
  CHECK(report["offers"][0]["notice"].is_null());
  CHECK(report["offers"][0]["url"].is_null());
  CHECK(report["persons"] == json::parse(R"({"patients":1,"staff":0})"));
}

TEST_CASE("context is a reason, not a finding") {
  auto mail = sample();
  mail.found(html, Kind::context, Label::name, "Zebulon");
  CHECK(compose(mail)["findings"].size() == 2);
}

TEST_CASE("the same inputs give the same bytes") {
  const auto a = sample(), b = sample();
  CHECK(report::compose(pack(), a.policy, a.message, a.texts, a.findings, a.risks, a.judge()).json ==
        report::compose(pack(), b.policy, b.message, b.texts, b.findings, b.risks, b.judge()).json);
}

TEST_CASE("no text of the mail is in a report") {
  auto mail = sample();
  mail.message.explain = true;
  mail.message.from = {"okapi@clinic.example", "Ocelot"};
  mail.message.recipients[0].address.name = "Axolotl";
  mail.message.participants = {"pangolin@other.example"};
  mail.message.sender_role = "numbat";
  mail.message.sender_mailbox = "tapir@clinic.example";
  mail.message.gaps = {{"attachments/0/wombat", message::Unread::timeout}, {"wombat.pdf", message::Unread::timeout}};
  mail.attach("Kinkajou labs.pdf", message::Unread::none, "Caracal, A1c 7.7");
  mail.attach("Binturong biopsy.xyz", message::Unread::unsupported);
  mail.read();
  mail.risks.recipients[0].risks = {Risk::typo_domain, Risk::first_time};
  mail.risks.recipients[0].domain = "other.example";
  mail.risks.worst = Audience::risky;
  mail.findings.persons[0].name_key = "zebulon quux";
  mail.findings.persons[0].given = "zebulon";
  mail.findings.greeting = "serval";
  const auto text = report::compose(pack(), mail.policy, mail.message, mail.texts, mail.findings, mail.risks, mail.judge()).json;
  for (const char* word : {"ebulon", "uux", "uagga", "xolotl", "kapi", "celot", "angolin", "umbat", "apir", "ombat", "inkajou", "aracal", "inturong", "erval",
                           "other.example", "9.1"}) {
    CAPTURE(word);
    CHECK(text.find(word) == std::string::npos);
  }
  const auto report = json::parse(text);
  CHECK(report["gaps"][0]["part"] == "message");
  CHECK(report["explain"]["steps"].size() > 0);
}

TEST_CASE("sentences name kinds and leave what is the mail's to the client") {
  const auto text = compose(sample())["text"];
  CHECK(text["lang"] == "en");
  CHECK(text["title"] == "Check: patient");
  CHECK(text["lines"][0] == json::parse(R"({"severity":3,"text":"About {finding:0}: name and lab result."})"));
  CHECK(text["lines"][1]["text"] == "{recipient:to/0} is outside.");
  CHECK(text["offers"]["redact"] == "Redact");
}

TEST_CASE("Spanish, with English where the pack has no Spanish") {
  auto mail = sample();
  mail.message.locale = "es-US";
  const auto text = compose(mail)["text"];
  CHECK(text["lang"] == "es");
  CHECK(text["title"] == "Revise");
  CHECK(text["lines"][0]["text"] == "About {finding:0}: name y lab result.");
  mail.message.locale = "fr";
  CHECK(compose(mail)["text"]["lang"] == "en");
}

TEST_CASE("each risky recipient is spoken of once, by its worst risk; safe ones not at all") {
  auto mail = sample();
  mail.risks.recipients[0].risks = {Risk::typo_domain, Risk::first_time};
  mail.risks.worst = Audience::risky;
  mail.to("b@clinic.example", RecipientClass::own);
  const auto text = compose(mail)["text"].dump();
  CHECK(text.find("{recipient:to/0} has a slip.") != std::string::npos);
  CHECK(text.find("New:") == std::string::npos);
  CHECK(text.find("to/1") == std::string::npos);
  CHECK(text.find("Take off {recipient:to/0}") != std::string::npos);
}

TEST_CASE("what was not read is always said, in at most five lines") {
  auto mail = sample();
  mail.findings.only_in_quote = true;
  mail.found(subject, Kind::identity, Label::name, "Zebulon");
  mail.message.gaps = {{"body.html", message::Unread::too_large}};
  mail.attach("a.xyz", message::Unread::unsupported);
  mail.attach("b.xyz", message::Unread::encrypted);
  mail.risks.recipients[0].risks = {Risk::typo_domain};
  for (int i = 0; i < 4; ++i) mail.to("x" + std::to_string(i) + "@other.example", RecipientClass::unknown);
  const auto text = compose(mail)["text"];
  CHECK(text["lines"].size() <= 5);
  CHECK(text.dump().find("2 were not read: {attachment:0} and {attachment:1}.") != std::string::npos);
  CHECK(text.dump().find("The message was not read.") != std::string::npos);
  for (std::size_t i = 1; i < text["lines"].size(); ++i) CHECK(text["lines"][i]["severity"] <= text["lines"][i - 1]["severity"]);
}

TEST_CASE("a message with nothing but a gap says so") {
  Mail mail;
  mail.attach("a.xyz", message::Unread::unsupported);
  const auto report = compose(mail);
  CHECK(report["complete"] == false);
  CHECK(report["text"]["title"] == "Not all was read");
  CHECK(report["text"]["lines"] == json::parse(R"([{"severity":1,"text":"{attachment:0} was not read."}])"));
}

TEST_CASE("JSON writing") {
  report::JsonWriter out;
  out.begin_object();
  out.key("a").text("q\" \\ \n \x01 \xC3\xA9");
  out.key("b").begin_array();
  for (const double value : {0.0, 0.004, 0.005, 0.1, 0.934, 0.996, 1.0, 7.0}) out.hundredths(value);
  out.end_array();
  out.key("c").begin_array();
  out.end_array();
  out.key("d").text_or_null("");
  out.end_object();
  CHECK(out.take() == "{\"a\":\"q\\\" \\\\ \\n \\u0001 \xC3\xA9\",\"b\":[0,0,0.01,0.1,0.93,1,1,1],\"c\":[],\"d\":null}");
}

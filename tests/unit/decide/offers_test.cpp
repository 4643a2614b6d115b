#include "decide/offers.hpp"

#include <doctest/doctest.h>

#include "decide/edits.hpp"
#include "mail.hpp"

using namespace phiscan;
using namespace phiscan::test;
using decide::OfferKind;

namespace {

std::vector<OfferKind> kinds(const decide::Decision& decision) {
  std::vector<OfferKind> out;
  for (const auto& one : decision.offers) out.push_back(one.kind);
  return out;
}

void check_order(const std::vector<decide::Edit>& edits) {
  for (std::size_t i = 1; i < edits.size(); ++i) {
    if (edits[i].part == edits[i - 1].part) CHECK(edits[i - 1].source.end <= edits[i].source.begin);
  }
}

// A patient's name on its way outside.
void name_outside(Mail& mail) {
  mail.message.body_text = "Jane Doe";
  mail.read();
  mail.found(plain, Kind::identity, Label::name, "Jane Doe");
  mail.phi();
  mail.to("a@other.example", RecipientClass::unknown);
}

}  // namespace

TEST_CASE("redaction takes every place of a value, in every part") {
  Mail mail;
  mail.message.subject = "RE: Doe, Jane - labs";
  mail.message.body_html = "<p>Jane <b>D</b>oe (DOB 04/12/1961) &amp; MRN 00412345.</p><p>Ms. Doe asked about JANE DOE.</p>";
  mail.message.body_text = "Jane Doe (DOB 04/12/1961) & MRN 00412345.\nMs. Doe asked about JANE DOE. No does here, no mrn.";
  mail.attach("Doe_Jane.labs.pdf");
  mail.read();
  mail.found(html, Kind::identity, Label::name, "Jane Doe");
  mail.found(html, Kind::identity, Label::date_of_birth, "04/12/1961");
  mail.found(html, Kind::identity, Label::mrn, "00412345");
  mail.phi();
  mail.to("a@other.example", RecipientClass::unknown);
  const auto decision = mail.judge();
  const auto* redact = offer(decision, OfferKind::redact);
  REQUIRE(redact != nullptr);
  check_order(redact->edits);
  CHECK(applied(*mail.message.subject, redact->edits, subject) == "RE: [name] - labs");
  CHECK(applied(*mail.message.body_html, redact->edits, html) ==
        "<p>[name]<b></b> (DOB [date of birth]) &amp; MRN [record number].</p><p>Ms. [name] asked about [name].</p>");
  CHECK(applied(*mail.message.body_text, redact->edits, plain) ==
        "[name] (DOB [date of birth]) & MRN [record number].\nMs. [name] asked about [name]. No does here, no mrn.");
  const message::PartRef file{message::PartRef::Kind::attachment_name, 0, 0};
  CHECK(applied(mail.message.attachments[0].name, redact->edits, file) == "[name].labs.pdf");
}

TEST_CASE("a short value goes only where the word before it is the same") {
  Mail mail;
  mail.message.body_html = "<p>age 94 with 94 tablets</p>";
  mail.message.body_text = "age 94 with 94 tablets";
  mail.read();
  mail.found(html, Kind::identity, Label::age_over_89, "94");
  mail.phi();
  const auto edits = decide::redactions(mail.message, mail.texts, mail.findings, false);
  CHECK(applied(*mail.message.body_text, edits, plain) == "age [age] with 94 tablets");
  CHECK(applied(*mail.message.body_html, edits, html) == "<p>age [age] with 94 tablets</p>");
}

TEST_CASE("staff of the same surname keep their names") {
  Mail mail;
  mail.message.body_text = "Jane Doe was seen.\n\nJohn Doe, RN";
  mail.read();
  mail.found(plain, Kind::identity, Label::name, "Jane Doe");
  auto& staff = mail.found(plain, Kind::identity, Label::name, "John Doe");
  staff.counted = false;
  staff.suppressed_by = "staff";
  const auto edits = decide::redactions(mail.message, mail.texts, mail.findings, false);
  CHECK(applied(*mail.message.body_text, edits, plain) == "[name] was seen.\n\nJohn Doe, RN");
}

TEST_CASE("digits are found with and without their separators") {
  Mail mail;
  mail.message.body_text = "078-05-1120, again 078051120 and 078 05 1120.";
  mail.read();
  mail.found(plain, Kind::identity, Label::ssn, "078-05-1120");
  const auto edits = decide::redactions(mail.message, mail.texts, mail.findings, true);
  CHECK(applied(*mail.message.body_text, edits, plain) == "[número personal], again [número personal] and [número personal].");
}

TEST_CASE("no redaction where the address names the patient") {
  Mail mail;
  mail.message.body_text = "Dana, your A1c is 8.2";
  mail.read();
  mail.found(plain, Kind::identity, Label::name, "Dana");
  mail.phi();
  mail.findings.persons[0].from_envelope = true;
  mail.risks.worst = Audience::patient;
  mail.to("dana@mail.test", RecipientClass::consumer);
  mail.policy.portal = rules::Portal{"Portal", "https://portal.clinic.example/", {}};
  const auto decision = mail.judge();
  CHECK(kinds(decision) == std::vector{OfferKind::use_portal});
  mail.findings.persons[0].from_envelope = false;
  CHECK(offer(mail.judge(), OfferKind::redact) != nullptr);
  mail.findings.speaks_to_reader = true;
  CHECK(offer(mail.judge(), OfferKind::redact) == nullptr);
}

TEST_CASE("what stands in an attachment goes with the attachment") {
  Mail mail;
  mail.message.body_text = "See Jane Doe, attached.";
  mail.attach("a.txt", message::Unread::none, "Jane Doe, MRN 00412345, A1c 9.1");
  mail.read();
  const message::PartRef page{message::PartRef::Kind::attachment_text, 0, 0};
  mail.found(page, Kind::identity, Label::mrn, "00412345");
  mail.found(page, Kind::health, Label::lab, "A1c 9.1");
  mail.phi();
  mail.to("a@other.example", RecipientClass::unknown);
  CHECK(kinds(mail.judge()) == std::vector{OfferKind::remove_attachment});
  mail.found(plain, Kind::identity, Label::name, "Jane Doe");
  const auto decision = mail.judge();
  const auto* redact = offer(decision, OfferKind::redact);
  REQUIRE(redact != nullptr);
  CHECK(redact->attachments == std::vector<std::uint32_t>{0});
  CHECK(std::ranges::none_of(redact->edits, [](const auto& edit) { return edit.part.kind == message::PartRef::Kind::attachment_text; }));
}

TEST_CASE("the quoted thread is trimmed and the new text stays: plain text") {
  Mail mail;
  mail.message.body_text = "Please call me.\n\nOn Mon, Nov 16, 2026 at 9:00 AM Ana <ana@clinic.example> wrote:\n> Jane Doe has A1c 9.1\n> and more\n";
  mail.read();
  mail.found(plain, Kind::identity, Label::name, "Jane Doe");
  mail.found(plain, Kind::health, Label::lab, "A1c 9.1");
  mail.phi();
  mail.findings.only_in_quote = true;
  mail.to("a@other.example", RecipientClass::unknown);
  const auto decision = mail.judge();
  REQUIRE(!decision.offers.empty());
  CHECK(decision.offers[0].kind == OfferKind::trim_quote);
  const auto rest = applied(*mail.message.body_text, decision.offers[0].edits, plain);
  CHECK(rest.starts_with("Please call me.\n"));
  CHECK(rest.find("Jane") == std::string::npos);
  CHECK(rest.find('>') == std::string::npos);
}

TEST_CASE("inline answers between quoted lines stay") {
  Mail mail;
  mail.message.body_text = "> Jane Doe called\nI called back.\n> about the A1c 9.1\nAll good.\n";
  mail.read();
  const auto edits = decide::quote_removals(mail.message, mail.texts);
  CHECK(applied(*mail.message.body_text, edits, plain) == "I called back.\nAll good.\n");
}

TEST_CASE("the quoted thread is trimmed and the new text stays: HTML") {
  Mail mail;
  mail.message.body_html =
      "<p>Please call me.</p><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Mon, Ana wrote:</div>"
      "<blockquote class=\"gmail_quote\">Jane <b>Doe</b> &amp; A1c 9.1<br>thanks</blockquote></div>";
  mail.read();
  const auto edits = decide::quote_removals(mail.message, mail.texts);
  check_order(edits);
  const auto rest = applied(*mail.message.body_html, edits, html);
  CHECK(rest.find("Please call me.") != std::string::npos);
  for (const char* gone : {"Jane", "Doe", "A1c", "&amp;", "thanks", "Ana"}) CHECK(rest.find(gone) == std::string::npos);
  CHECK(rest.find("<blockquote class=\"gmail_quote\">") != std::string::npos);
}

TEST_CASE("the portal notice says nothing about care, in the languages of the mail") {
  Mail mail;
  mail.message.body_text = "Your results are here.";
  mail.read();
  mail.phi();
  mail.risks.worst = Audience::patient;
  mail.to("dana@mail.test", RecipientClass::consumer);
  mail.policy.organisation = {"Lakeside & Sons", rules::OrganisationKind::clinic, false, {}, {}};
  mail.policy.portal = rules::Portal{"Portal", "https://portal.clinic.example/?a=1&b=2", {}};
  auto decision = mail.judge();
  const auto* portal = offer(decision, OfferKind::use_portal);
  REQUIRE(portal != nullptr);
  CHECK(portal->edits.empty());
  CHECK(portal->url == "https://portal.clinic.example/?a=1&b=2");
  REQUIRE(portal->notices.size() == 1);
  CHECK(portal->notices[0].lang == "en");
  CHECK(portal->notices[0].text.find("Lakeside & Sons") != std::string::npos);
  CHECK(portal->notices[0].html.find("Lakeside &amp; Sons") != std::string::npos);
  CHECK(portal->notices[0].html.find("<a href=\"https://portal.clinic.example/?a=1&amp;b=2\">") != std::string::npos);
  for (const char* word : {"result", "patient", "appointment", "doctor", "health"}) CHECK(portal->notices[0].text.find(word) == std::string::npos);

  mail.message.body_text = "Los resultados de su hijo están aquí para usted. Gracias por la visita con el doctor.";
  mail.policy.organisation.revealing = true;
  mail.read();
  decision = mail.judge();
  portal = offer(decision, OfferKind::use_portal);
  REQUIRE(portal != nullptr);
  CHECK(portal->notices[0].lang == "es");
  CHECK(portal->notices[0].text.find("Tiene un mensaje nuevo") == std::string("Hola:\n\n").size());
  CHECK(portal->notices[0].text.find("You have a new message") != std::string::npos);
  CHECK(portal->notices[0].text.find("Lakeside") == std::string::npos);
}

TEST_CASE("the policy's own notice is used") {
  Mail mail;
  mail.phi();
  mail.risks.worst = Audience::patient;
  mail.to("dana@mail.test", RecipientClass::consumer);
  mail.policy.organisation.name = "Lakeside";
  mail.policy.portal = rules::Portal{"Portal", "https://p.example/", {{"en", "News from {organisation}", "Go to {portal}"}}};
  const auto decision = mail.judge();
  const auto* portal = offer(decision, OfferKind::use_portal);
  REQUIRE(portal != nullptr);
  CHECK(portal->notices[0].subject == "News from Lakeside");
  CHECK(portal->notices[0].text == "Go to https://p.example/");
}

TEST_CASE("the channel of the use map comes first") {
  Mail mail;
  name_outside(mail);
  mail.policy.encryption = rules::Encryption{"X-Encrypt", "yes", "[encrypt]"};
  CHECK(kinds(mail.judge()) == std::vector{OfferKind::redact, OfferKind::encrypt});
  rules::Workflow flow;
  flow.id = "w";
  flow.channel = rules::Channel::encrypt;
  mail.policy.workflows = {flow};
  const auto decision = mail.judge();
  CHECK(kinds(decision) == std::vector{OfferKind::encrypt, OfferKind::redact});
  CHECK(decision.offers[0].header_name == "X-Encrypt");
  CHECK(decision.offers[0].header_value == "yes");
  CHECK(decision.offers[0].subject_tag == "[encrypt]");
}

TEST_CASE("a mail program that can encrypt is offered to, also without a gateway; one that does is not asked again") {
  Mail mail;
  name_outside(mail);
  CHECK(kinds(mail.judge()) == std::vector{OfferKind::redact});
  mail.message.encryption = message::Encryption::available;
  const auto by_program = mail.judge();
  REQUIRE(kinds(by_program) == std::vector{OfferKind::redact, OfferKind::encrypt});
  CHECK(by_program.offers[1].header_name.empty());
  CHECK(by_program.offers[1].subject_tag.empty());
  mail.policy.encryption = rules::Encryption{"X-Encrypt", "yes", ""};
  CHECK(mail.judge().offers[1].header_name == "X-Encrypt");
  mail.message.encryption = message::Encryption::on;
  CHECK(kinds(mail.judge()) == std::vector{OfferKind::redact});
}

TEST_CASE("a wrong address is taken off first; portal and encryption would not help") {
  Mail mail;
  mail.message.body_text = "Jane Doe";
  mail.read();
  mail.found(plain, Kind::identity, Label::name, "Jane Doe");
  mail.phi();
  mail.risks.worst = Audience::risky;
  mail.policy.encryption = rules::Encryption{"", "", "[encrypt]"};
  mail.policy.portal = rules::Portal{"", "https://p.example/", {}};
  mail.to("a@clinic.example", RecipientClass::own);
  mail.to("a@c1inic.example", RecipientClass::unknown, {Risk::lookalike_domain});
  const auto decision = mail.judge();
  CHECK(kinds(decision) == std::vector{OfferKind::remove_recipient, OfferKind::redact});
  CHECK(decision.offers[0].recipients == std::vector<decide::RecipientRef>{{message::Field::to, 1}});
}

TEST_CASE("many visible addresses go to Bcc") {
  Mail mail;
  mail.risks.worst = Audience::risky;
  mail.to("a@clinic.example", RecipientClass::own);
  for (int i = 0; i < 6; ++i) mail.to("p" + std::to_string(i) + "@mail.test", RecipientClass::consumer, {Risk::many_visible});
  const auto decision = mail.judge();
  CHECK(kinds(decision) == std::vector{OfferKind::move_to_bcc});
  CHECK(decision.offers[0].recipients.size() == 6);
}

TEST_CASE("an unread attachment with a clinical name can be taken out") {
  Mail mail;
  mail.attach("agenda.xyz", message::Unread::unsupported);
  mail.attach("biopsy.xyz", message::Unread::unsupported);
  const auto decision = mail.judge();
  CHECK(kinds(decision) == std::vector{OfferKind::remove_attachment});
  CHECK(decision.offers[0].attachments == std::vector<std::uint32_t>{1});
}

TEST_CASE("nothing to ask, nothing to offer") {
  Mail mail;
  mail.policy.encryption = rules::Encryption{"", "", "[encrypt]"};
  mail.policy.portal = rules::Portal{"", "https://p.example/", {}};
  mail.to("a@mail.test", RecipientClass::consumer);
  CHECK(mail.judge().offers.empty());
  mail.phi(3);
  mail.risks.worst = Audience::own;  // a remark among colleagues
  CHECK(mail.judge().offers.empty());
}

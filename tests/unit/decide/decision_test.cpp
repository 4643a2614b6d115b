#include "decide/decision.hpp"

#include <doctest/doctest.h>

#include <array>

#include "mail.hpp"

using namespace phiscan;
using namespace phiscan::test;
using message::Unread;

namespace {

constexpr auto allow = Action::allow, note = Action::note, confirm = Action::confirm, justify = Action::justify, block = Action::block;

bool says(const decide::Decision& decision, std::string_view reason) {
  return std::ranges::find(decision.reasons, reason) != decision.reasons.end();
}

Mail phi_mail(int severity = 3, Audience audience = Audience::outside) {
  Mail mail;
  mail.message.body_text = "Dana Roe, MRN 00412: A1c 9.1";
  mail.read();
  mail.found(plain, Kind::identity, Label::name, "Dana Roe");
  mail.found(plain, Kind::health, Label::lab, "A1c 9.1").category = Category::lab;
  mail.findings.categories = {Category::lab};
  mail.phi(severity);
  mail.risks.worst = audience;
  mail.to("a@other.example", RecipientClass::unknown);
  return mail;
}

}  // namespace

TEST_CASE("the table of the contract, cell by cell") {
  struct Row {
    const char* name;
    Content content;
    int severity;
    std::set<Category> categories;
    std::optional<Label> identity;
    bool imitates;
    std::array<Action, 5> actions;  // own partner patient outside risky
  };
  const Row rows[] = {
      {"phi 1", Content::phi, 1, {}, {}, false, {allow, allow, note, note, confirm}},
      {"phi 2", Content::phi, 2, {}, {}, false, {allow, note, confirm, confirm, confirm}},
      {"phi 3", Content::phi, 3, {}, {}, false, {note, note, confirm, confirm, justify}},
      {"phi 4", Content::phi, 4, {}, Label::ssn, false, {note, confirm, justify, justify, block}},
      {"phi 4 bulk", Content::phi, 4, {Category::bulk}, {}, false, {confirm, confirm, justify, justify, block}},
      {"phi 4 special", Content::phi, 4, {Category::hiv}, {}, false, {confirm, confirm, justify, justify, block}},
      {"ssn", Content::identity, 1, {}, Label::ssn, false, {note, confirm, confirm, confirm, justify}},
      {"card", Content::identity, 1, {}, Label::card, false, {note, confirm, confirm, confirm, justify}},
      {"bank", Content::identity, 1, {}, Label::bank, false, {note, confirm, confirm, confirm, justify}},
      {"passport", Content::identity, 1, {}, Label::passport, false, {note, confirm, confirm, confirm, justify}},
      {"licence", Content::identity, 1, {}, Label::license, false, {note, confirm, confirm, confirm, justify}},
      {"other identity", Content::identity, 1, {}, Label::phone, false, {allow, allow, allow, note, confirm}},
      {"health", Content::health, 0, {}, {}, false, {allow, allow, allow, allow, note}},
      {"none", Content::none, 0, {}, {}, false, {allow, allow, allow, allow, note}},
      {"none to an imitation of ours", Content::none, 0, {}, {}, true, {allow, allow, allow, allow, confirm}},
      {"health to an imitation of ours", Content::health, 0, {}, {}, true, {allow, allow, allow, allow, confirm}},
  };
  for (const auto& row : rows) {
    for (int column = 0; column < 5; ++column) {
      Mail mail;
      mail.message.body_text = "078-05-1120";
      mail.read();
      if (row.identity) mail.found(plain, Kind::identity, *row.identity, "078-05-1120");
      mail.findings.content = row.content;
      mail.findings.severity = row.severity;
      mail.findings.categories = row.categories;
      mail.to("a@other.example", RecipientClass::unknown).imitates_ours = row.imitates;
      mail.risks.worst = static_cast<Audience>(column);
      const auto decision = mail.judge();
      const auto expected = row.actions[static_cast<std::size_t>(column)];
      CAPTURE(row.name);
      CAPTURE(column);
      CHECK(decision.action == expected);
      CHECK(decision.if_enforced == expected);
      CHECK(decision.complete);
    }
  }
}

TEST_CASE("an uncounted number does not make the identity row grave") {
  Mail mail;
  mail.message.body_text = "078-05-1120";
  mail.read();
  mail.found(plain, Kind::identity, Label::ssn, "078-05-1120").counted = false;
  mail.findings.content = Content::identity;
  CHECK(mail.judge().action == note);
}

TEST_CASE("many visible private addresses ask, whatever the content") {
  Mail mail;
  mail.risks.worst = Audience::risky;
  for (int i = 0; i < 6; ++i) mail.to("p" + std::to_string(i) + "@mail.test", RecipientClass::consumer, {Risk::many_visible});
  CHECK(mail.judge().action == confirm);
}

TEST_CASE("modes cap the action and keep what the table said") {
  auto mail = phi_mail(4);
  mail.findings.categories.insert(Category::bulk);
  mail.risks.worst = Audience::risky;
  CHECK(mail.judge().action == block);
  mail.policy.mode = Mode::advise;
  CHECK(mail.judge().action == confirm);
  CHECK(mail.judge().if_enforced == block);
  mail.policy.mode = Mode::monitor;
  CHECK(mail.judge().action == allow);
  CHECK(mail.judge().if_enforced == block);
  mail.policy.roles.push_back({"lead", "Lead", true, Mode::enforce});
  mail.message.sender_role = "lead";
  CHECK(mail.judge().action == block);
}

TEST_CASE("an override changes its cell and no other") {
  auto mail = phi_mail(2);
  mail.policy.overrides.push_back({Content::phi, 2, Audience::outside, justify});
  CHECK(mail.judge().action == justify);
  mail.findings.severity = 3;
  CHECK(mail.judge().action == confirm);
}

TEST_CASE("gaps are never clean") {
  struct Row {
    Unread why;
    const char* name;
    Audience audience;
    Content content;
    Action action;
  };
  const Row rows[] = {
      {Unread::unsupported, "notes.xyz", Audience::own, Content::none, note},
      {Unread::unsupported, "notes.xyz", Audience::patient, Content::none, note},
      {Unread::unsupported, "notes.xyz", Audience::outside, Content::none, note},
      {Unread::unsupported, "biopsy.xyz", Audience::outside, Content::none, confirm},
      {Unread::unsupported, "biopsy.xyz", Audience::own, Content::none, note},
      {Unread::unsupported, "notes.xyz", Audience::outside, Content::identity, confirm},
      {Unread::pending, "notes.xyz", Audience::outside, Content::phi, confirm},
      {Unread::encrypted, "notes.zip", Audience::outside, Content::none, note},
      {Unread::encrypted, "labs.zip", Audience::risky, Content::none, confirm},
      {Unread::timeout, "notes.xyz", Audience::outside, Content::none, confirm},
      {Unread::crashed, "notes.xyz", Audience::outside, Content::none, confirm},
      {Unread::crashed, "notes.xyz", Audience::partner, Content::none, note},
      {Unread::too_large, "notes.xyz", Audience::outside, Content::none, confirm},
  };
  for (const auto& row : rows) {
    Mail mail;
    mail.attach(row.name, row.why);
    mail.findings.content = row.content;
    mail.findings.severity = 1;
    mail.risks.worst = row.audience;
    const auto decision = mail.judge();
    CAPTURE(row.name);
    CAPTURE(to_string(row.audience));
    CHECK(decision.action == row.action);
    CHECK_FALSE(decision.complete);
    REQUIRE(decision.gaps.size() == 1);
    CHECK(decision.gaps[0].part == "attachments/0");
    CHECK(says(decision, "gap"));
  }
}

TEST_CASE("a gap that the extractor and the attachment both name is one gap") {
  Mail mail;
  mail.attach("a.xyz", Unread::unsupported);
  mail.message.gaps = {{"attachments/0", Unread::unsupported}, {"body.html", Unread::too_large}};
  const auto decision = mail.judge();
  CHECK(decision.gaps == mail.message.gaps);
  CHECK(decision.action == confirm);
}

TEST_CASE("a body in a wrapper that is not read asks before it goes outside; an encrypted one is sealed") {
  Mail mail;
  mail.message.gaps = {{"body.text", Unread::unsupported}};
  mail.risks.worst = Audience::outside;
  CHECK(mail.judge().action == confirm);
  mail.risks.worst = Audience::own;
  CHECK(mail.judge().action == note);
  mail.risks.worst = Audience::outside;
  mail.message.gaps = {{"body.text", Unread::encrypted}};
  CHECK(mail.judge().action == note);
}

TEST_CASE("a truncated text is a gap") {
  Mail mail;
  mail.message.body_text = "hello";
  mail.read();
  mail.texts.back().truncated = true;
  const auto decision = mail.judge();
  CHECK(decision.gaps == std::vector<message::Gap>{{"body.text", Unread::too_large}});
  CHECK(decision.action == confirm);
}

TEST_CASE("a logo that could not be read is named and does not ask") {
  auto mail = phi_mail(1);
  mail.attach("image001.png", Unread::unsupported);
  mail.message.attachments[0].is_inline = true;
  mail.message.attachments[0].media_type = "image/png";
  mail.message.attachments[0].size = 5'000;
  CHECK(mail.judge().action == note);
  mail.message.attachments[0].size = 500'000;
  CHECK(mail.judge().action == confirm);
}

TEST_CASE("the policy may ask more of a gap, never less than a note") {
  Mail mail;
  mail.attach("a.xyz", Unread::encrypted);
  mail.policy.gap_actions[static_cast<std::size_t>(Unread::encrypted)] = block;
  CHECK(mail.judge().action == block);
  mail.policy.gap_actions[static_cast<std::size_t>(Unread::encrypted)] = allow;
  CHECK(mail.judge().action == note);
}

TEST_CASE("a role that may not send patient information is asked, outside only") {
  auto mail = phi_mail(1);
  mail.policy.roles.push_back({"desk", "Front desk", false, std::nullopt});
  mail.message.sender_role = "desk";
  CHECK(mail.judge().action == confirm);
  CHECK(says(mail.judge(), "role"));
  mail.risks.worst = Audience::own;
  CHECK(mail.judge().action == allow);
}

TEST_CASE("mailbox rules") {
  auto mail = phi_mail(1, Audience::partner);
  mail.policy.roles.push_back({"billing", "Billing", true, std::nullopt});
  mail.policy.roles.push_back({"desk", "Front desk", true, std::nullopt});
  mail.policy.mailboxes.push_back({"desk@clinic.example", "Rosa", {"desk"}, true});
  CHECK(mail.judge().action == allow);  // nobody said which role it is
  mail.message.sender_role = "billing";
  CHECK(mail.judge().action == confirm);
  CHECK(says(mail.judge(), "mailbox_role"));
  mail.message.sender_role = "desk";
  CHECK(mail.judge().action == allow);
  mail.policy.mailboxes[0].may_send_phi = false;
  CHECK(says(mail.judge(), "mailbox"));
}

TEST_CASE("the first line of the use map that fits speaks") {
  auto mail = phi_mail(1);
  rules::Workflow labs;
  labs.id = "labs";
  labs.categories = {Category::lab};
  labs.channel = rules::Channel::portal;
  rules::Workflow any;
  any.id = "any";
  any.phi_allowed = false;
  any.channel = rules::Channel::never;
  mail.policy.workflows = {labs, any};
  auto decision = mail.judge();
  CHECK(decision.workflow == "labs");
  CHECK(decision.action == confirm);
  CHECK(says(decision, "workflow_portal"));

  mail.findings.categories = {Category::billing};
  decision = mail.judge();
  CHECK(decision.workflow == "any");
  CHECK(decision.action == block);
  mail.policy.mode = Mode::advise;
  CHECK(mail.judge().action == confirm);
  CHECK(mail.judge().if_enforced == block);

  mail.findings.content = Content::none;
  mail.findings.severity = 0;
  CHECK(mail.judge().workflow.empty());
  CHECK(mail.judge().action == allow);
}

TEST_CASE("a demand that the mail already meets asks nothing") {
  auto mail = phi_mail(1);
  rules::Workflow flow;
  flow.id = "referrals";
  flow.channel = rules::Channel::direct;
  mail.policy.workflows = {flow};
  CHECK(mail.judge().action == confirm);
  mail.risks.recipients[0].type = RecipientClass::direct;
  CHECK(mail.judge().action == note);

  mail.policy.workflows[0].channel = rules::Channel::encrypt;
  mail.policy.encryption = rules::Encryption{"", "", "[encrypt]"};
  CHECK(mail.judge().action == confirm);
  mail.message.subject = "Visit [encrypt]";
  CHECK(mail.judge().action == note);
  mail.message.subject = "Visit";
  mail.message.encryption = message::Encryption::available;
  CHECK(mail.judge().action == confirm);
  mail.message.encryption = message::Encryption::on;
  CHECK(mail.judge().action == note);
}

TEST_CASE("inside the organisation a channel is demanded only by a line that names it") {
  auto mail = phi_mail(1, Audience::own);
  rules::Workflow flow;
  flow.id = "labs";
  flow.channel = rules::Channel::portal;
  mail.policy.workflows = {flow};
  CHECK(mail.judge().action == allow);
  mail.policy.workflows[0].audiences = {Audience::own};
  CHECK(mail.judge().action == confirm);
}

TEST_CASE("a checked message is not asked about again, a grave one is") {
  auto mail = phi_mail(3);
  const auto first = mail.judge();
  CHECK(first.action == confirm);
  CHECK(first.fingerprint.size() == 64);
  mail.message.acknowledged = {first.fingerprint};
  const auto second = mail.judge();
  CHECK(second.action == note);
  CHECK(second.acknowledged);
  CHECK(second.if_enforced == confirm);
  CHECK(second.fingerprint == first.fingerprint);

  auto grave = phi_mail(4);
  grave.message.acknowledged = {grave.judge().fingerprint};
  CHECK(grave.judge().action == justify);
  CHECK_FALSE(grave.judge().acknowledged);
}

TEST_CASE("the fingerprint survives small edits of the text and nothing else") {
  const auto base = phi_mail(3).judge().fingerprint;
  auto mail = phi_mail(3);
  mail.message.body_text = "Dear all, Dana Roe again, MRN 00412: A1c 9.1 (fasting)";
  mail.message.subject = "Hello";
  mail.findings.findings.push_back(mail.findings.findings.back());
  mail.findings.findings.back().value.begin += 1;
  CHECK(mail.judge().fingerprint == base);
  mail.message.recipients[0].address.address = "A@Other.example";
  CHECK(mail.judge().fingerprint == base);

  auto other = phi_mail(3);
  other.to("b@other.example", RecipientClass::unknown);
  CHECK(other.judge().fingerprint != base);
  other = phi_mail(3);
  other.attach("x.pdf");
  CHECK(other.judge().fingerprint != base);
  other = phi_mail(3);
  other.findings.persons.emplace_back();
  CHECK(other.judge().fingerprint != base);
  other = phi_mail(3);
  other.findings.categories.insert(Category::hiv);
  CHECK(other.judge().fingerprint != base);
  other = phi_mail(3);
  other.findings.findings[0].label = Label::mrn;
  CHECK(other.judge().fingerprint != base);
  other = phi_mail(3);
  other.message.encryption = message::Encryption::available;
  CHECK(other.judge().fingerprint == base);
  other.message.encryption = message::Encryption::on;
  CHECK(other.judge().fingerprint != base);
}

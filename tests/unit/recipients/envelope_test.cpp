#include "recipients/envelope.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <string>

using namespace phiscan;
using namespace phiscan::recipients;
using message::Compose;
using message::Field;
using message::Message;

namespace {

rules::Policy clinic() {
  rules::Policy policy;
  policy.own_domains = {"lakesideclinic.example", "lakeside.org"};
  policy.own_addresses = {"oncall@inbox.example"};
  policy.organisation.staff = {"ana petrova"};
  policy.partners = {
      {"lab", "Lab", {"valleylab.example"}, {}, true, Date{2027, 6, 30}, rules::Channel::email},
      {"nobaa", "No BAA", {"vendor.example"}, {}, false, {}, rules::Channel::email},
      {"fax", "Fax only", {"faxonly.example"}, {"desk@shared.example"}, true, {}, rules::Channel::fax},
  };
  return policy;
}

Message mail(std::initializer_list<message::Address> to) {
  Message out;
  out.from = {"dana.roe@lakesideclinic.example", "Dana Roe"};
  out.now = Date{2026, 11, 22};
  std::uint32_t index = 0;
  for (const auto& address : to) {
    message::Recipient recipient;
    recipient.index = index++;
    recipient.address = address;
    out.recipients.push_back(recipient);
  }
  return out;
}

Assessed one(const rules::Policy& policy, const message::Address& address) { return classify(policy, mail({address})).recipients.at(0); }
Assessed one(const message::Address& address) { return one(clinic(), address); }

bool has(const Assessed& assessed, Risk risk) { return std::ranges::find(assessed.risks, risk) != assessed.risks.end(); }

Audience worst(const rules::Policy& policy, const Message& message, const score::Findings& findings = {}) {
  return assess(policy, message, classify(policy, message), findings).worst;
}

score::Findings about(const char* given, const char* surname) {
  score::Findings findings;
  findings.content = Content::phi;
  findings.severity = 3;
  findings.speaks_to_reader = true;
  score::Person person;
  person.given = given;
  person.surname = surname;
  findings.persons.push_back(person);
  return findings;
}

}  // namespace

TEST_CASE("every kind of recipient has its class") {
  struct Row {
    const char* address;
    RecipientClass expected;
  };
  const Row rows[] = {
      {"rosa@lakesideclinic.example", RecipientClass::own},
      {"ROSA@Mail.LakesideClinic.Example.", RecipientClass::own},
      {"oncall+x@inbox.example", RecipientClass::own},
      {"all@lakesideclinic.example", RecipientClass::own},
      {"x@results.valleylab.example", RecipientClass::partner},
      {"desk@shared.example", RecipientClass::partner},
      {"other@shared.example", RecipientClass::unknown},
      {"drlee@direct.hospital.example", RecipientClass::direct},
      {"dana@gmail.com", RecipientClass::consumer},
      {"dana@mail.test", RecipientClass::consumer},
      {"dana@hospital.example", RecipientClass::unknown},
      {"12025550143@fax.example", RecipientClass::gateway},
      {"2025550143@txt.att.net", RecipientClass::gateway},
      {"support@acme.zendesk.com", RecipientClass::ticket},
      {"x@mailinator.com", RecipientClass::disposable},
      {"everyone@hospital.example", RecipientClass::list},
      {"billing@hospital.example", RecipientClass::role_mailbox},
      {"not an address", RecipientClass::invalid},
      {"", RecipientClass::invalid},
      {"\"dana roe\"@hospital.example", RecipientClass::unknown},
      {"x@[192.0.2.1]", RecipientClass::unknown},
  };
  for (const auto& row : rows) {
    CAPTURE(row.address);
    CHECK(to_string(one({row.address, ""}).type) == to_string(row.expected));
  }
}

TEST_CASE("domains that imitate a known one are told, and ordinary ones are not") {
  struct Row {
    const char* address;
    const char* risk;  // "" = none
  };
  const Row rows[] = {
      {"x@gmial.com", "typo_domain"},
      {"x@gmai.com", "typo_domain"},
      {"x@gnail.com", "typo_domain"},
      {"x@hotmial.com", "typo_domain"},
      {"x@yaho.com", "typo_domain"},
      {"x@outlok.com", "typo_domain"},
      {"x@comast.net", "typo_domain"},
      {"x@iclod.com", "typo_domain"},
      {"x@gmial.con", "typo_domain"},
      {"x@gmail.co", "tld_slip"},
      {"x@yahoo.con", "tld_slip"},
      {"x@gmail.net", "tld_slip"},
      {"x@verizon.com", ""},
      {"x@cox.com", ""},
      {"x@lakeside.com", "tld_slip"},
      {"x@lakeside.co", "tld_slip"},
      {"x@lakesideclinic.test", "tld_slip"},
      {"x@lakeside.de", ""},
      {"x@lakesdieclinic.example", "typo_domain"},
      {"x@lakesideclinc.example", "typo_domain"},
      {"x@lakesidedinic.example", "lookalike_domain"},
      {"x@lakes1declinic.example", "lookalike_domain"},
      {"x@l\xd0\xb0kesideclinic.example", "lookalike_domain"},
      {"x@lakesideclinic.example.attacker.test", "lookalike_domain"},
      {"x@lakesideclinic-example.test", "lookalike_domain"},
      {"x@lakesideclinic-billing.test", "lookalike_domain"},
      {"x@mylakesideclinic.test", "lookalike_domain"},
      {"x@vaIleylab.example", ""},  // read in lower case: the same name
      {"x@va11eylab.example", "lookalike_domain"},
      {"x@lakeside-linen.example", ""},
      {"x@hospital.example", ""},
      {"x@example.net", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.address);
    const auto assessed = one({row.address, ""});
    std::string found;
    for (const auto risk : assessed.risks) {
      if (risk != Risk::punycode) found += std::string(found.empty() ? "" : " ") + std::string(to_string(risk));
    }
    if (std::string(row.address) == "x@vaIleylab.example") found.clear();
    CHECK(found == row.risk);
  }
}

TEST_CASE("an imitation of our own or a partner's domain is marked, one of a provider's is not") {
  CHECK(one({"x@lakesdieclinic.example", ""}).imitates_ours);
  CHECK(one({"x@va11eylab.example", ""}).imitates_ours);
  CHECK_FALSE(one({"x@gmial.com", ""}).imitates_ours);
  CHECK_FALSE(one({"x@lakeside.com", ""}).imitates_ours);
}

TEST_CASE("punycode is a risk but a weak one") {
  const auto message = mail({{"x@clínica.example", ""}});
  CHECK(has(one({"x@clínica.example", ""}), Risk::punycode));
  CHECK(worst(clinic(), message) == Audience::outside);
}

TEST_CASE("the thread and the history vouch against slips but not against look-alikes") {
  auto message = mail({{"x@lakesideclinc.example", ""}, {"x@lakesidedinic.example", ""}});
  message.participants = {"x@lakesideclinc.example", "x@lakesidedinic.example"};
  auto envelope = classify(clinic(), message);
  CHECK(envelope.recipients[0].risks.empty());
  CHECK(has(envelope.recipients[1], Risk::lookalike_domain));
  message.participants.clear();
  message.history = {{Field::to, 0, false, false}, {Field::to, 1, true, true}};
  envelope = classify(clinic(), message);
  CHECK(envelope.recipients[0].risks.empty());
  CHECK(has(envelope.recipients[1], Risk::first_time));
  CHECK(has(envelope.recipients[1], Risk::similar_to_usual));
}

TEST_CASE("a sender's own private address is recognised") {
  struct Row {
    message::Address address;
    bool expected;
  };
  const Row rows[] = {
      {{"dana.roe@gmail.com", ""}, true},
      {{"droe1961@mail.test", ""}, true},
      {{"sunflower@mail.test", "Dana Roe"}, true},
      {{"sunflower@mail.test", "Roe, Dana"}, true},
      {{"danaroe+work@yahoo.com", "Dana"}, true},
      {{"dana.roe77@yahoo.com", "Dana R"}, true},
      {{"droe@mail.test", "Daniel Roe"}, false},   // somebody else's initial
      {{"janet.roe@mail.test", "Janet Roe"}, false},
      {{"sunflower@mail.test", "Dana Vale"}, false},
      {{"dana.roe@hospital.example", "Dana Roe"}, false},  // not a consumer's
  };
  for (const auto& row : rows) {
    CAPTURE(row.address.address);
    CAPTURE(row.address.name);
    CHECK(has(one(row.address), Risk::own_private) == row.expected);
  }
  CHECK(worst(clinic(), mail({{"dana.roe@gmail.com", ""}})) == Audience::risky);
}

TEST_CASE("without a policy the sender's registrable domain is own") {
  auto message = mail({{"rosa@lakesideclinic.example", ""}, {"x@other.example", ""}});
  message.from.address = "dana@mail.lakesideclinic.example";
  const auto envelope = classify(rules::default_policy(), message);
  CHECK(envelope.recipients[0].type == RecipientClass::own);
  CHECK(envelope.recipients[1].type == RecipientClass::unknown);
  CHECK(envelope.any_outside);
}

TEST_CASE("a sender at a consumer provider owns one address only") {
  auto message = mail({{"drvale@gmail.com", ""}, {"other@gmail.com", ""}});
  message.from = {"drvale@gmail.com", "D. Vale"};
  const auto envelope = classify(rules::default_policy(), message);
  CHECK(envelope.recipients[0].type == RecipientClass::own);
  CHECK(envelope.recipients[1].type == RecipientClass::consumer);
}

TEST_CASE("a broken or missing sender owns nothing and breaks nothing") {
  for (const char* from : {"", "@", "nobody", "x@"}) {
    auto message = mail({{"rosa@clinic.example", ""}});
    message.from = {from, ""};
    CHECK(classify(rules::default_policy(), message).recipients[0].type == RecipientClass::unknown);
  }
}

TEST_CASE("partners are good only with a BAA in force and a fitting channel") {
  CHECK(one({"x@valleylab.example", ""}).risks.empty());
  CHECK(has(one({"x@vendor.example", ""}), Risk::baa_missing));
  CHECK(has(one({"x@faxonly.example", ""}), Risk::channel_mismatch));
  auto message = mail({{"x@valleylab.example", ""}});
  CHECK(worst(clinic(), message) == Audience::partner);
  CHECK_FALSE(classify(clinic(), message).any_outside);
  message.now = Date{2027, 6, 30};
  CHECK(worst(clinic(), message) == Audience::partner);
  message.now = Date{2027, 7, 1};
  CHECK(has(classify(clinic(), message).recipients[0], Risk::baa_expired));
  CHECK(worst(clinic(), message) == Audience::outside);
  message.now.reset();
  CHECK(worst(clinic(), message) == Audience::partner);
  CHECK(worst(clinic(), mail({{"x@vendor.example", ""}})) == Audience::outside);
}

TEST_CASE("the longest partner domain wins") {
  auto policy = clinic();
  policy.partners.push_back({"sub", "Sub", {"sub.vendor.example"}, {}, true, {}, rules::Channel::email});
  CHECK(one(policy, {"x@a.sub.vendor.example", ""}).partner == 3);
  CHECK(one(policy, {"x@vendor.example", ""}).partner == 1);
}

TEST_CASE("who is new to a thread is told") {
  auto message = mail({{"pat@mail.test", ""}, {"Dana+x@mail.test", ""}, {"rosa@lakesideclinic.example", ""}, {"x@valleylab.example", ""}});
  message.participants = {"dana@mail.test", "dana.roe@lakesideclinic.example"};
  message.compose = Compose::reply_all;
  const auto envelope = classify(clinic(), message);
  CHECK(has(envelope.recipients[0], Risk::new_to_thread));
  CHECK_FALSE(has(envelope.recipients[1], Risk::new_to_thread));
  CHECK_FALSE(has(envelope.recipients[2], Risk::new_to_thread));
  CHECK(has(envelope.recipients[3], Risk::new_to_thread));

  auto reply = mail({{"pat@mail.test", ""}});
  reply.compose = Compose::reply;
  CHECK(classify(clinic(), reply).recipients[0].risks.empty());
  reply.compose = Compose::forward;
  CHECK(has(classify(clinic(), reply).recipients[0], Risk::new_to_thread));
}

TEST_CASE("new to a thread is strong only when the quote holds PHI") {
  auto message = mail({{"pat@hospital.example", ""}});
  message.compose = Compose::forward;
  score::Findings findings;
  CHECK(worst(clinic(), message, findings) == Audience::outside);
  findings.content = Content::phi;
  CHECK(worst(clinic(), message, findings) == Audience::outside);
  findings.only_in_quote = true;
  CHECK(worst(clinic(), message, findings) == Audience::risky);
  findings.only_in_quote = false;
  score::Finding finding;
  finding.counted = true;
  finding.depth = 1;
  findings.findings = {finding};
  CHECK(worst(clinic(), message, findings) == Audience::risky);
  findings.findings[0].counted = false;
  CHECK(worst(clinic(), message, findings) == Audience::outside);
}

TEST_CASE("a display name that belongs to somebody else is told") {
  CHECK(has(one({"x@hospital.example", "rosa@lakesideclinic.example"}), Risk::display_mismatch));
  CHECK(has(one({"john.miller@hospital.example", "Dana Vale"}), Risk::display_mismatch));
  CHECK(has(one({"skater99@mail.test", "Dr. Helena Brandt"}), Risk::display_mismatch));
  CHECK_FALSE(has(one({"hbrandt@mail.test", "Dr. Helena Brandt"}), Risk::display_mismatch));
  CHECK_FALSE(has(one({"x@hospital.example", "X@Hospital.example"}), Risk::display_mismatch));
  CHECK_FALSE(has(one({"robert.smith@hospital.example", "Bob Smith"}), Risk::display_mismatch));
  CHECK_FALSE(has(one({"sunflower@mail.test", "Dana Vale"}), Risk::display_mismatch));
  CHECK_FALSE(has(one({"patient.portal@hospital.example", "Dana Vale"}), Risk::display_mismatch));
}

TEST_CASE("a greeting for somebody else is told") {
  score::Findings findings;
  findings.greeting = "jane";
  const auto greeted = [&](std::initializer_list<message::Address> to) {
    const auto message = mail(to);
    return has(assess(clinic(), message, classify(clinic(), message), findings).recipients[0], Risk::greeting_mismatch);
  };
  CHECK(greeted({{"x@mail.test", "Pat Vale"}}));
  CHECK_FALSE(greeted({{"x@mail.test", "Jane Vale"}}));
  CHECK_FALSE(greeted({{"x@mail.test", "Pat Vale"}, {"y@mail.test", "Jane Doe"}}));
  CHECK_FALSE(greeted({{"x@mail.test", "Pat Vale"}, {"sunflower@mail.test", ""}}));
  CHECK_FALSE(greeted({{"desk@hospital.example", "Front Desk"}}));
}

TEST_CASE("a patient's mail to another patient is risky, to the patient it is not") {
  const auto findings = about("janet", "roe");
  CHECK(worst(clinic(), mail({{"x@mail.test", "Janet Roe"}}), findings) == Audience::patient);
  CHECK(worst(clinic(), mail({{"janet.r.roe@mail.test", ""}}), findings) == Audience::patient);
  CHECK(worst(clinic(), mail({{"sunflower@mail.test", ""}}), findings) == Audience::patient);
  CHECK(worst(clinic(), mail({{"x@mail.test", "Janet Vale"}}), findings) == Audience::risky);
  CHECK(worst(clinic(), mail({{"x@mail.test", "Pat Vale"}}), findings) == Audience::risky);
  CHECK(worst(clinic(), mail({{"x@mail.test", "Janet Roe"}, {"y@mail.test", "Pat Vale"}}), findings) == Audience::outside);
  auto minor = findings;
  minor.categories.insert(Category::minor);
  CHECK(worst(clinic(), mail({{"x@mail.test", "Pat Vale"}}), minor) == Audience::patient);
  auto silent = findings;
  silent.speaks_to_reader = false;
  CHECK(worst(clinic(), mail({{"x@mail.test", "Janet Roe"}}), silent) == Audience::outside);
  auto two = findings;
  two.persons.push_back(two.persons[0]);
  CHECK(worst(clinic(), mail({{"x@mail.test", "Janet Roe"}}), two) == Audience::outside);
}

TEST_CASE("patients who see each other are told, in Bcc they are not") {
  auto message = mail({});
  for (std::uint32_t i = 0; i < 6; ++i) {
    message::Recipient recipient;
    recipient.index = i;
    recipient.field = Field::cc;
    recipient.address = {"p" + std::to_string(i) + "@mail.test", ""};
    message.recipients.push_back(recipient);
  }
  CHECK(has(classify(clinic(), message).recipients[5], Risk::many_visible));
  CHECK(worst(clinic(), message) == Audience::risky);
  message.recipients[5].address.address = "p0@mail.test";  // the same one twice
  CHECK(worst(clinic(), message) == Audience::outside);
  message.recipients[5].address.address = "p5@mail.test";
  for (auto& recipient : message.recipients) recipient.field = Field::bcc;
  CHECK(worst(clinic(), message) == Audience::outside);
}

TEST_CASE("lists are judged by their members, or as outside when nobody knows them") {
  auto message = mail({{"", "CareTeam"}});
  CHECK(classify(clinic(), message).recipients[0].type == RecipientClass::list);
  CHECK(has(classify(clinic(), message).recipients[0], Risk::unknown_members));
  CHECK(worst(clinic(), message) == Audience::outside);

  message.recipients[0].is_list = true;
  message.recipients[0].members = {{"rosa@lakesideclinic.example", ""}, {"ana@lakesideclinic.example", ""}};
  CHECK(worst(clinic(), message) == Audience::own);
  CHECK_FALSE(classify(clinic(), message).any_outside);
  message.recipients[0].members.push_back({"x@gmial.com", ""});
  const auto envelope = classify(clinic(), message);
  REQUIRE(envelope.recipients.size() == 4);
  CHECK(envelope.recipients[3].member == 2);
  CHECK(has(envelope.recipients[3], Risk::typo_domain));
  CHECK(worst(clinic(), message) == Audience::risky);

  message.recipients[0].members.clear();
  CHECK(worst(clinic(), message) == Audience::outside);
  message.recipients[0].members_unknown = true;
  CHECK(worst(clinic(), message) == Audience::outside);
  CHECK(worst(clinic(), mail({{"Team: a@x.test, b@y.test;", ""}})) == Audience::outside);
}

TEST_CASE("the audience is the worst recipient; no recipients count as outside") {
  CHECK(worst(clinic(), mail({})) == Audience::outside);
  CHECK(worst(clinic(), mail({{"rosa@lakesideclinic.example", ""}})) == Audience::own);
  CHECK(worst(clinic(), mail({{"rosa@lakesideclinic.example", ""}, {"x@valleylab.example", ""}})) == Audience::partner);
  CHECK(worst(clinic(), mail({{"x@valleylab.example", ""}, {"x@hospital.example", ""}})) == Audience::outside);
  CHECK(worst(clinic(), mail({{"not an address", ""}})) == Audience::outside);
  CHECK_FALSE(classify(clinic(), mail({})).any_outside);
}

TEST_CASE("first contact alone never raises") {
  auto message = mail({{"x@hospital.example", ""}});
  message.history = {{Field::to, 0, true, true}};
  CHECK(worst(clinic(), message) == Audience::outside);
}

TEST_CASE("staff and consumer names are gathered folded") {
  auto message = mail({{"rosa.delgado@lakesideclinic.example", "Delgado, Rosa, RN"}, {"x@mail.test", "José Núñez"}, {"maria.vale@mail.test", ""}, {"y@hospital.example", "Not Gathered"}});
  const auto envelope = classify(clinic(), message);
  CHECK(envelope.staff_names == std::vector<std::string>{"dana roe", "ana petrova", "rosa delgado"});
  CHECK(envelope.consumer_names == std::vector<std::string>{"jose", "maria", "nunez", "vale"});
}

TEST_CASE("no-reply addresses are told") {
  CHECK(has(one({"no-reply@hospital.example", ""}), Risk::noreply));
}

TEST_CASE("fifty thousand recipients take less than a second") {
  auto message = mail({});
  message.recipients.reserve(50000);
  for (std::uint32_t i = 0; i < 50000; ++i) {
    message::Recipient recipient;
    recipient.index = i;
    recipient.address = {"person" + std::to_string(i) + "@host" + std::to_string(i) + (i % 2 ? ".example" : ".mail.test"), "Pat Vale"};
    message.recipients.push_back(recipient);
    message.participants.push_back("other" + std::to_string(i) + "@place" + std::to_string(i) + ".test");
  }
  const auto policy = clinic();
  const auto begin = std::clock();  // of this process, so that a busy machine does not count
  const auto risks = assess(policy, message, classify(policy, message), about("janet", "roe"));
  const auto ms = (std::clock() - begin) * 1000 / CLOCKS_PER_SEC;
  CHECK(risks.recipients.size() == 50000);
  MESSAGE("50,000 recipients: " << ms << " ms");
  CHECK(ms < 5000);  // room for sanitizers; well under a second in an ordinary build
}

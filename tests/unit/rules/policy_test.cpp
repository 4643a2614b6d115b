#include "rules/policy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

using namespace phiscan;
using namespace phiscan::rules;

namespace {

// A whole policy with `more` put in: fields after the three that every policy needs.
std::string policy(const std::string& more) {
  return R"({"schema":"phiscan.policy/1","id":"p","version":"1")" + (more.empty() ? "" : "," + more) + "}";
}

const PolicyProblem* at(const std::vector<PolicyProblem>& problems, const std::string& where) {
  const auto found = std::ranges::find(problems, where, &PolicyProblem::where);
  return found == problems.end() ? nullptr : &*found;
}

const char* const full = R"({
  "schema": "phiscan.policy/1", "id": "lakeside", "version": "2026-11-22", "//": "comment",
  "organisation": {"name": "Lakeside", "kind": "clinic", "revealing": true, "staff": ["Ana PETROVA"], "phones": ["(202) 555-0110"]},
  "own": {"domains": ["Lakeside.example"], "addresses": ["OnCall@inbox.example"]},
  "mode": "enforce",
  "partners": [{"id": "lab", "name": "Valley Lab", "domains": ["valleylab.example"], "baa": true, "baa_expires": "2027-06-30", "channel": "encrypt"}],
  "roles": {"//": "who", "desk": {"title": "Front desk", "may_send_phi": false, "mode": "advise"}},
  "mailboxes": {"Desk@lakeside.example": {"owner": "Rosa", "roles": ["desk"], "may_send_phi": false}},
  "use_map": [{"id": "labs", "title": "Lab results", "owner": "Ana", "note": "n", "categories": ["lab"], "audiences": ["patient"], "roles": ["desk"],
               "mailboxes": ["desk@lakeside.example"], "phi": "no", "channel": "portal", "attachments": "common"}],
  "table": [{"content": "phi", "severity": 2, "audience": "partner", "action": "allow"}],
  "gaps": {"unsupported": "confirm"}, "many_visible": 3,
  "portal": {"name": "Portal", "url": "https://portal.clinic.example/", "notice": {"en": {"subject": "Hi", "text": "See {portal}"}, "es": {"subject": "Hola", "text": "Vea {portal}"}}},
  "encryption": {"header": {"name": "X-Encrypt", "value": "yes"}, "subject_tag": "[encrypt]"},
  "locks": ["mode"], "fail_mode": "block"})";

}  // namespace

TEST_CASE("no policy is the default policy") {
  const auto read = read_policy("");
  REQUIRE(read);
  CHECK(read->id.empty());
  CHECK(read->sha256.empty());
  CHECK(read->mode == Mode::advise);
  CHECK(read->many_visible == 5);
  CHECK(read->organisation.kind == OrganisationKind::unknown);
  CHECK(check_policy("").empty());
}

TEST_CASE("every field of a policy is read") {
  for (const auto& problem : check_policy(full)) MESSAGE(problem.where << ": " << problem.message);
  const auto read = read_policy(full);
  REQUIRE(read);
  CHECK(read->id == "lakeside");
  CHECK(read->sha256.size() == 64);
  CHECK(read->organisation.kind == OrganisationKind::clinic);
  CHECK(read->organisation.revealing);
  CHECK(read->organisation.staff == std::vector<std::string>{"ana petrova"});
  CHECK(read->organisation.phones == std::vector<std::string>{"2025550110"});
  CHECK(read->own_domains == std::vector<std::string>{"lakeside.example"});
  CHECK(read->own_addresses == std::vector<std::string>{"oncall@inbox.example"});
  CHECK(read->mode == Mode::enforce);
  REQUIRE(read->partners.size() == 1);
  CHECK(read->partners[0].channel == Channel::encrypt);
  CHECK(read->partners[0].baa_expires == Date{2027, 6, 30});
  REQUIRE(read->roles.size() == 1);
  CHECK_FALSE(read->roles[0].may_send_phi);
  CHECK(read->roles[0].mode == Mode::advise);
  REQUIRE(read->mailboxes.size() == 1);
  CHECK(read->mailboxes[0].address == "desk@lakeside.example");
  REQUIRE(read->workflows.size() == 1);
  CHECK(read->workflows[0].channel == Channel::portal);
  CHECK_FALSE(read->workflows[0].phi_allowed);
  CHECK(read->workflows[0].attachments_common);
  CHECK(read->gap_actions[static_cast<std::size_t>(message::Unread::unsupported)] == Action::confirm);
  CHECK(read->many_visible == 3);
  REQUIRE(read->portal);
  CHECK(read->portal->notices.size() == 2);
  REQUIRE(read->encryption);
  CHECK(read->encryption->header_name == "X-Encrypt");
  CHECK(read->locks == std::vector<std::string>{"mode"});
  CHECK(read->fail_mode == "block");
}

TEST_CASE("a mistake is fatal and names its place") {
  struct Row {
    const char* more;
    const char* where;
  };
  const Row rows[] = {
      {R"("own":{"domains":["lake side.example"]})", "/own/domains/0"},
      {R"("own":{"domains":["desk@lakeside.example"]})", "/own/domains/0"},
      {R"("own":{"domains":["https://lakeside.example"]})", "/own/domains/0"},
      {R"("own":{"domains":["*.lakeside.example"]})", "/own/domains/0"},
      {R"("own":{"domains":["localhost"]})", "/own/domains/0"},
      {R"("own":{"domains":["a..example"]})", "/own/domains/0"},
      {R"("own":{"domains":["clínica.example"]})", "/own/domains/0"},
      {R"("own":{"domains":["gmail.com"]})", "/own/domains/0"},
      {R"("own":{"domains":["mailinator.com"]})", "/own/domains/0"},
      {R"("own":{"domains":["a.example","A.example"]})", "/own/domains/1"},
      {R"("own":{"domains":"a.example"})", "/own/domains"},
      {R"("own":{"addresses":["Dana <dana@a.example>"]})", "/own/addresses/0"},
      {R"("own":{"addresses":["a@b@c.example"]})", "/own/addresses/0"},
      {R"("own":{"addresses":["dana"]})", "/own/addresses/0"},
      {R"("mode":"strict")", "/mode"},
      {R"("mood":"advise")", "/mood"},
      {R"("organisation":{"kind":"spa"})", "/organisation/kind"},
      {R"("organisation":{"staff":["dana@a.example"]})", "/organisation/staff/0"},
      {R"("organisation":{"phones":["555"]})", "/organisation/phones/0"},
      {R"("partners":[{"id":"a","domains":["a.example"]},{"id":"a","domains":["b.example"]}])", "/partners/1/id"},
      {R"("partners":[{"id":"a","domains":["a.example"]},{"id":"b","domains":["a.example"]}])", "/partners/1/domains/0"},
      {R"("partners":[{"id":"a"}])", "/partners/0"},
      {R"("partners":[{"id":"a b","domains":["a.example"]}])", "/partners/0/id"},
      {R"("partners":[{"domains":["a.example"]}])", "/partners/0/id"},
      {R"("partners":[{"id":"a","domains":["a.example"],"baa":"yes"}])", "/partners/0/baa"},
      {R"("partners":[{"id":"a","domains":["a.example"],"baa":true,"baa_expires":"2027-02-30"}])", "/partners/0/baa_expires"},
      {R"("partners":[{"id":"a","domains":["a.example"],"channel":"pigeon"}])", "/partners/0/channel"},
      {R"("own":{"domains":["a.example"]},"partners":[{"id":"a","domains":["x.a.example"]}])", "/partners/0"},
      {R"("mailboxes":{"desk":{}})", "/mailboxes/desk"},
      {R"("mailboxes":{"d@a.example":{"roles":["ghost"]}})", "/mailboxes/d@a.example/roles/0"},
      {R"("own":{"domains":["a.example"]},"mailboxes":{"d@b.example":{}})", "/mailboxes/d@b.example"},
      {R"("use_map":[{"id":"a","roles":["ghost"]}])", "/use_map/0/roles/0"},
      {R"("use_map":[{"id":"a","mailboxes":["d@a.example"]}])", "/use_map/0/mailboxes/0"},
      {R"("use_map":[{"id":"a","categories":["laboratory"]}])", "/use_map/0/categories/0"},
      {R"("use_map":[{"id":"a","audiences":["world"]}])", "/use_map/0/audiences/0"},
      {R"("use_map":[{"id":"a","categories":["lab"]},{"id":"a","categories":["hiv"]}])", "/use_map/1/id"},
      {R"("use_map":[{"id":"a","phi":"yes","channel":"never"}])", "/use_map/0/phi"},
      {R"("use_map":[{"id":"a"},{"id":"b","categories":["lab"]}])", "/use_map/1"},
      {R"("roles":{"n":{},"d":{}},"mailboxes":{"d@a.example":{"roles":["d"]}},"use_map":[{"id":"a","roles":["n"],"mailboxes":["d@a.example"]}])", "/use_map/0"},
      {R"("table":[{"content":"phi","audience":"own"}])", "/table/0/action"},
      {R"("table":[{"content":"phi","audience":"own","action":"allow","severity":5}])", "/table/0/severity"},
      {R"("table":[{"content":"phi","audience":"own","action":"allow"},{"content":"phi","audience":"own","action":"note"}])", "/table/1"},
      {R"("gaps":{"unsupported":"allow"})", "/gaps/unsupported"},
      {R"("gaps":{"none":"note"})", "/gaps/none"},
      {R"("many_visible":0)", "/many_visible"},
      {R"("many_visible":-1)", "/many_visible"},
      {R"("portal":{"url":"http://portal.clinic.example/"})", "/portal/url"},
      {R"("portal":{"url":"https://u:p@portal.clinic.example/"})", "/portal/url"},
      {R"("portal":{"url":"https://"})", "/portal/url"},
      {R"("portal":{"url":"https://a.example/\" onclick"})", "/portal/url"},
      {R"("portal":{})", "/portal/url"},
      {R"("portal":{"url":"https://a.example/","notice":{"en":{"subject":"s","text":"log in"}}})", "/portal/notice/en/text"},
      {R"("portal":{"url":"https://a.example/","notice":{"en":{"subject":"s {patient}","text":"{portal}"}}})", "/portal/notice/en/subject"},
      {R"("portal":{"url":"https://a.example/","notice":{"fr":{"subject":"s","text":"{portal}"}}})", "/portal/notice/fr"},
      {R"("encryption":{"header":{"name":"Importance","value":"high"}})", "/encryption/header/name"},
      {R"("encryption":{"header":{"name":"Subject","value":"x"}})", "/encryption/header/name"},
      {R"("encryption":{"header":{"name":"X-MS-Exchange","value":"x"}})", "/encryption/header/name"},
      {R"("encryption":{"header":{"name":"X-E","value":"yes\r\nBcc: a@b.example"}})", "/encryption/header/value"},
      {R"("encryption":{"header":{"name":"X-E","value":"sí"}})", "/encryption/header/value"},
      {R"("encryption":{"header":{"name":"X-E"}})", "/encryption/header/value"},
      {R"("encryption":{"header":{"name":"Sensitivity","value":"very"}})", "/encryption/header/value"},
      {R"("encryption":{})", "/encryption"},
      {R"("locks":["mode","mode"])", "/locks/1"},
      {R"("fail_mode":"allow")", "/fail_mode"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.more);
    const auto read = read_policy(policy(row.more));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::policy);
    const auto problems = check_policy(policy(row.more));
    const auto* problem = at(problems, row.where);
    REQUIRE(problem != nullptr);
    CHECK(problem->fatal);
    CHECK(problem->message.size() > 8);
  }
}

TEST_CASE("what is legal but unwise is advice, not an error") {
  struct Row {
    const char* more;
    const char* where;
  };
  const Row rows[] = {
      {"", "/own"},
      {"", "/organisation/kind"},
      {"", "/portal"},
      {R"("own":{"domains":["Lakeside.example"]})", "/own/domains/0"},
      {R"("organisation":{"staff":["Ana"]})", "/organisation/staff/0"},
      {R"("partners":[{"id":"a","domains":["a.example"],"baa":true}])", "/partners/0"},
      {R"("partners":[{"id":"a","domains":["a.example"]},{"id":"b","domains":["x.a.example"]}])", "/partners/1"},
      {R"("mailboxes":{"d@a.example":{}})", "/mailboxes/d@a.example"},
      {R"("use_map":[{"id":"a","phi":"no","channel":"never"}])", "/use_map/0/channel"},
      {R"("use_map":[{"id":"a","channel":"portal"}])", "/use_map/0/channel"},
      {R"("use_map":[{"id":"a","channel":"encrypt"}])", "/use_map/0/channel"},
      {R"("table":[{"content":"phi","audience":"risky","action":"allow"}])", "/table/0"},
      {R"("portal":{"url":"https://a.example/","notice":{"en":{"subject":"s","text":"{portal}"}}})", "/portal/notice"},
      {R"("fail_mode":"allow_with_note")", "/fail_mode"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.more);
    CAPTURE(row.where);
    CHECK(read_policy(policy(row.more)));
    const auto problems = check_policy(policy(row.more));
    const auto* problem = at(problems, row.where);
    REQUIRE(problem != nullptr);
    CHECK_FALSE(problem->fatal);
  }
}

TEST_CASE("all mistakes are told at once, fatal ones first") {
  const auto problems = check_policy(policy(R"("mode":1,"many_visible":"x","own":{"domains":["a b","c@d"]},"partners":[{"id":""},{"id":"!"}],"portal":{"url":"ftp://x"})"));
  CHECK(std::ranges::count_if(problems, &PolicyProblem::fatal) >= 7);
  CHECK(std::ranges::is_sorted(problems, [](const auto& a, const auto& b) { return a.fatal && !b.fatal; }));
}

TEST_CASE("what is not a policy is refused") {
  for (const char* text : {"{", "[]", "null", "7", R"({"schema":"phiscan.pack/1","id":"a","version":"1"})", R"({"schema":"phiscan.policy/2","id":"a","version":"1"})",
                           R"({"id":"a","version":"1"})", R"({"schema":"phiscan.policy/1","id":"a","id":"b","version":"1"})", " "}) {
    CAPTURE(text);
    const auto read = read_policy(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::policy);
    CHECK_FALSE(check_policy(text).empty());
    CHECK_FALSE(describe_policy(text, "en"));
  }
  CHECK_FALSE(read_policy(std::string(2000, '[')));
}

TEST_CASE("errors do not repeat unknown field names that are no names") {
  const auto read = read_policy(policy(R"("SSN 219-09-9999 of a patient":1)"));
  REQUIRE_FALSE(read);
  CHECK((read.error().message + read.error().where).find("219") == std::string::npos);
}

TEST_CASE("the table is that of the contract") {
  using enum Action;
  struct Row {
    Content content;
    int severity;
    bool special;
    Action cells[5];
  };
  const Row rows[] = {
      {Content::phi, 1, false, {allow, allow, note, note, confirm}},
      {Content::phi, 2, false, {allow, note, confirm, confirm, confirm}},
      {Content::phi, 3, false, {note, note, confirm, confirm, justify}},
      {Content::phi, 4, false, {note, confirm, justify, justify, block}},
      {Content::phi, 4, true, {confirm, confirm, justify, justify, block}},
      {Content::identity, 2, true, {note, confirm, confirm, confirm, justify}},
      {Content::identity, 1, false, {allow, allow, allow, note, confirm}},
      {Content::health, 0, false, {allow, allow, allow, allow, note}},
      {Content::none, 0, true, {allow, allow, allow, allow, confirm}},
  };
  for (const auto& row : rows) {
    for (int column = 0; column < 5; ++column) {
      CAPTURE(column);
      CHECK(table_action(row.content, row.severity, row.special, static_cast<Audience>(column)) == row.cells[column]);
    }
  }
}

TEST_CASE("an override with a severity beats one without") {
  const auto read = read_policy(policy(R"("table":[{"content":"phi","severity":3,"audience":"outside","action":"block"},{"content":"phi","audience":"outside","action":"justify"}])"));
  REQUIRE(read);
  CHECK(table_action(*read, Content::phi, 3, false, Audience::outside) == Action::block);
  CHECK(table_action(*read, Content::phi, 1, false, Audience::outside) == Action::justify);
  CHECK(table_action(*read, Content::phi, 1, false, Audience::patient) == Action::note);
}

TEST_CASE("the description is a page of full tables in both languages") {
  for (const char* locale : {"en", "es", "es-US", "fr", ""}) {
    CAPTURE(locale);
    const auto text = describe_policy(full, locale);
    REQUIRE(text);
    const auto page = nlohmann::json::parse(*text);
    CHECK(page["sections"].size() == 10);
    for (const auto& section : page["sections"]) {
      CHECK_FALSE(section["rows"].empty());
      for (const auto& row : section["rows"]) CHECK(row.size() == section["columns"].size());
    }
  }
  CHECK(describe_policy(full, "es")->find("Mapa de uso del correo") != std::string::npos);
  CHECK(describe_policy(full, "en")->find("send * (standard: send, with a note)") != std::string::npos);
  CHECK(describe_policy("", "en"));
}

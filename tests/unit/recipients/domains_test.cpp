#include "recipients/domains.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace phiscan::recipients;

TEST_CASE("an address is taken apart however it is written") {
  struct Row {
    const char* text;
    const char* local;
    const char* host;
    const char* registrable;
  };
  const Row rows[] = {
      {"dana@mail.test", "dana", "mail.test", "mail.test"},
      {" <Dana@Mail.TEST.> ", "dana", "mail.test", "mail.test"},
      {"Dana Roe <dana@mail.test>", "dana", "mail.test", "mail.test"},
      {"mailto:dana@mail.test", "dana", "mail.test", "mail.test"},
      {"MAILTO:dana@mail.test", "dana", "mail.test", "mail.test"},
      {"dana+labs@a.b.clinic.example", "dana+labs", "a.b.clinic.example", "clinic.example"},
      {"x@portal.clinic.co.uk", "x", "portal.clinic.co.uk", "clinic.co.uk"},
      {"\"dana roe\"@mail.test", "dana roe", "mail.test", "mail.test"},
      {"\"a@b\"@mail.test", "a@b", "mail.test", "mail.test"},
      {"josé@mail.test", "josé", "mail.test", "mail.test"},
      {"x@clínica.example", "x", "xn--clnica-4va.example", "xn--clnica-4va.example"},
      {"x@xn--clnica-4va.example", "x", "xn--clnica-4va.example", "xn--clnica-4va.example"},
      {"x@[192.0.2.1]", "x", "[192.0.2.1]", "[192.0.2.1]"},
      {"x@localhost", "x", "localhost", "localhost"},
      {"+1@mail.test", "+1", "mail.test", "mail.test"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto mailbox = parse_mailbox(row.text);
    REQUIRE(mailbox);
    CHECK(mailbox->local == row.local);
    CHECK(mailbox->host == row.host);
    CHECK(mailbox->registrable == row.registrable);
  }
}

TEST_CASE("what is no address is refused without harm") {
  for (const char* text : {"", " ", "@", "dana", "dana@", "@mail.test", "dana@@", "dana@mail..test", "dana@.test", "dana@mail.test>", "da na@mail.test", "dana@ma il.test",
                           "dana@-mail.test", ".dana@mail.test", "\"@mail.test", "\"dana\\\"@mail.test", "a,b@mail.test", "/o=Example/ou=Site/cn=Dana", "Team: a@x.test;",
                           "dana@\xff\xfe.test", "dana@mail.test\n\nx", "<>", "dana@[", "dana@[x y]"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_mailbox(text));
  }
  CHECK_FALSE(parse_mailbox("x@" + std::string(300, 'a') + ".test"));
  CHECK_FALSE(parse_mailbox(std::string(3000, 'a') + "@mail.test"));
  CHECK_FALSE(parse_mailbox(std::string(5000, '@')));
}

TEST_CASE("group syntax is recognised") {
  CHECK(is_group("Team: a@x.test, b@y.test;"));
  CHECK(is_group("undisclosed-recipients:;"));
  CHECK_FALSE(is_group("a@x.test;"));
  CHECK_FALSE(is_group("a@x.test"));
}

TEST_CASE("a plus tag, Gmail's dots and googlemail are one mailbox") {
  const auto key = [](const char* text) { return parse_mailbox(text)->key(); };
  CHECK(key("dana+x@mail.test") == key("DANA@mail.test"));
  CHECK(key("da.na@gmail.com") == key("dana+tag@googlemail.com"));
  CHECK(key("da.na@mail.test") != key("dana@mail.test"));
}

TEST_CASE("consumer providers are listed, or named for what they sell") {
  for (const char* domain : {"gmail.com", "yahoo.com.mx", "comcast.net", "mail.test", "webmail.example", "inbox.example", "post.test", "email.example"}) {
    CAPTURE(domain);
    CHECK(is_consumer(domain));
  }
  for (const char* domain : {"clinic.example", "gmailer.example", "mail.mil", "mailing.example", "example.com"}) {
    CAPTURE(domain);
    CHECK_FALSE(is_consumer(domain));
  }
  CHECK_FALSE(is_consumer(parse_mailbox("x@mail.clinic.example")->registrable));
}

TEST_CASE("gateways, help desks, Direct mailboxes, lists and desks are told apart") {
  const auto box = [](const char* text) { return *parse_mailbox(text); };
  for (const char* text : {"12025550143@fax.example", "2025550143@vtext.com", "202-555-0143@txt.att.net", "+12025550143@efax.com", "12025550143@myfaxing.example"}) {
    CAPTURE(text);
    CHECK(is_gateway(box(text)));
  }
  for (const char* text : {"support@efax.com", "12345@qq.com", "info@fax.example", "2025550143@clinic.example"}) {
    CAPTURE(text);
    CHECK_FALSE(is_gateway(box(text)));
  }
  for (const char* text : {"support@acme.zendesk.com", "reply+abc123@vendor.example", "jira@acme.atlassian.net", "it@helpdesk.vendor.example", "support+case5521@vendor.example"}) {
    CAPTURE(text);
    CHECK(is_ticket(box(text)));
  }
  CHECK_FALSE(is_ticket(box("dana+reply@vendor.example")));
  CHECK(is_direct(box("drlee@direct.clinic.example")));
  CHECK_FALSE(is_direct(box("direct@clinic.example")));
  for (const char* text : {"all@vendor.example", "sales-team@vendor.example", "x@lists.vendor.example", "friends@googlegroups.com"}) {
    CAPTURE(text);
    CHECK(is_list_address(box(text)));
  }
  for (const char* text : {"billing@vendor.example", "front.desk@vendor.example", "no-reply@vendor.example", "do_not_reply@vendor.example"}) {
    CAPTURE(text);
    CHECK(is_role_mailbox(box(text)));
  }
  CHECK(is_noreply(box("noreply+77@vendor.example")));
  CHECK_FALSE(is_role_mailbox(box("dana@vendor.example")));
}

TEST_CASE("the domains that are often misspelt are registrable as they stand: nobody asks the list about them") {
  for (const auto domain : typo_targets()) {
    CAPTURE(domain);
    CHECK(registrable_domain(domain) == domain);
  }
}

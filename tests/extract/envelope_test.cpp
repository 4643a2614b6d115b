#include "mails.hpp"
#include "thread.hpp"

using namespace phiscan::extract;
using nlohmann::json;

TEST_CASE("the request holds what the mail says") {
  const Mail mail = mails::read("From: =?utf-8?Q?Jos=C3=A9?= Desk <desk@clinic.example>\r\nTo: Dana Roe <dana@mail.test>, b@mail.test\r\nTo: c@mail.test\r\n"
                                "Cc: CareTeam: a@clinic.example, \"B, Dr\" <b@clinic.example>;\r\nBcc: undisclosed-recipients:;\r\n"
                                "Subject: =?utf-8?Q?Your_visit?=\r\n =?utf-8?Q?_\"today\"?=\r\nDate: Sun, 22 Nov 2026 10:00:00 -0500\r\n\r\nHi");
  const json expected = {
      {"schema", "phiscan.request/1"},
      {"from", {{"address", "desk@clinic.example"}, {"name", "José Desk"}}},
      {"to", {{{"address", "dana@mail.test"}, {"name", "Dana Roe"}}, {{"address", "b@mail.test"}}, {{"address", "c@mail.test"}}}},
      {"cc", {{{"name", "CareTeam"}, {"members", {{{"address", "a@clinic.example"}}, {{"address", "b@clinic.example"}, {"name", "B, Dr"}}}}, {"members_unknown", false}}}},
      {"bcc", {{{"name", "undisclosed-recipients"}, {"members", json::array()}, {"members_unknown", true}}}},
      {"subject", "Your visit \"today\""},
      {"body", {{"text", "Hi"}}},
      {"compose", "new"},
      {"thread", {{"participants", json::array()}}},
      {"attachments", json::array()},
      {"now", "2026-11-22T10:00:00-05:00"}};
  CHECK(json::parse(request_json(mail)) == expected);
}

TEST_CASE("gaps and warnings stand in the request only when there are some") {
  Mail mail;
  mail.gaps = {{"body.text", Why::too_large}};
  mail.warnings = {"body.text: unknown charset, read as windows-1252"};
  mail.attachments.emplace_back();
  mail.attachments[0].unread = Why::unsupported;
  const json request = json::parse(request_json(mail));
  CHECK(request["gaps"] == json::parse(R"([{"part":"body.text","why":"too_large"}])"));
  CHECK(request["warnings"].size() == 1);
  CHECK(request["attachments"][0]["unread"] == "unsupported");
  CHECK(all_gaps(mail) == std::vector<Gap>{{"body.text", Why::too_large}, {"attachments/0", Why::unsupported}});
}

TEST_CASE("recipients in odd spellings are not lost") {
  struct Row { std::string to; std::size_t count; std::string first; };
  const Row rows[] = {{"a@mail.test; b@mail.test", 2, "a@mail.test"}, {"<a@mail.test>,,<b@mail.test>,", 2, "a@mail.test"},
                      {"'a@mail.test' <a@mail.test>", 1, "a@mail.test"}, {"Dana Roe a@mail.test", 1, "a@mail.test"},
                      {"\"Dana\" (work) <a@mail.test>", 1, "a@mail.test"}, {"a@xn--mil-0na.test", 1, "a@xn--mil-0na.test"}, {"a@möil.test", 1, "a@xn--mil-sna.test"},
                      {"a@mail.test (b@mail.test)", 1, "a@mail.test"}, {"Dana <a@mail.test", 1, "a@mail.test"},
                      {"Roe, Dana <a@mail.test>; Kim <b@mail.test>", 2, "a@mail.test"}, {"\"x@y.test\" <a@mail.test>", 1, "a@mail.test"},
                      {"x@y.test <a@mail.test>", 1, "a@mail.test"}, {"a@mail.test b@mail.test", 2, "a@mail.test"}};
  for (const Row& row : rows) {
    CAPTURE(row.to);
    const Mail mail = mails::read("From: d@clinic.example\nTo: " + row.to + "\n\nHi");
    CHECK(mail.to.size() == row.count);
    if (!mail.to.empty()) CHECK(mail.to[0].mailbox.address == row.first);
  }
}

TEST_CASE("reply, forward and redirect are told apart") {
  struct Row { const char* headers; const char* body; const char* compose; };
  const Row rows[] = {
      {"Subject: Visit", "Hi", "new"},
      {"Subject: Re: Visit", "Hi", "reply"},
      {"Subject: RE: Visit\nCc: b@mail.test", "Hi", "reply_all"},
      {"Subject: Fwd: Visit", "Hi", "forward"},
      {"Subject: FW: RE: Visit\nIn-Reply-To: <1@mail.test>", "Hi", "forward"},
      {"Subject: Re: Fwd: Visit", "Hi", "reply"},
      {"Subject: RV: Cita", "Hola", "forward"},
      {"Subject: [EXT] Re[2]: Visit", "Hi", "reply"},
      {"Subject: Visit\nIn-Reply-To: <1@mail.test>", "Hi", "reply"},
      {"Subject: Review: Visit", "Hi", "new"},
      {"Subject: Visit", "fyi\n\n---------- Forwarded message ---------\nFrom: Dana <dana@mail.test>\n", "forward"},
      {"Subject: Visit", "ok\n\nOn Mon, Nov 2, 2026, Dana <dana@mail.test> wrote:\n> hi", "reply"},
      {"Subject: Visit", "fyi\n\nFrom: Dana <dana@mail.test>\nSent: Monday\nTo: Desk\nSubject: x\n", "forward"},
      {"Subject: Visit\nX-Unsent: 1", "Hi", "draft"},
      {"Subject: Visit\nResent-From: b@clinic.example\nResent-To: c@mail.test", "Hi", "redirect"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.headers);
    CAPTURE(row.body);
    CHECK(mails::read(std::string("From: a@clinic.example\nTo: dana@mail.test\n") + row.headers + "\n\n" + row.body).compose == row.compose);
  }
}

TEST_CASE("a redirected mail goes to the new people, and the first ones are its thread") {
  const Mail mail = mails::read("From: dana@mail.test\nTo: desk@clinic.example\nSubject: x\nResent-From: Desk <desk@clinic.example>\n"
                                "Resent-To: Kim <kim@mail.test>\nResent-Date: Sun, 22 Nov 2026 11:00:00 +0000\nDate: Sun, 22 Nov 2026 10:00:00 +0000\n\nHi");
  CHECK(mail.from.address == "desk@clinic.example");
  REQUIRE(mail.to.size() == 1);
  CHECK(mail.to[0].mailbox.address == "kim@mail.test");
  CHECK(mail.participants == std::vector<std::string>{"dana@mail.test", "desk@clinic.example"});
  CHECK(mail.now == "2026-11-22T11:00:00+00:00");
}

TEST_CASE("participants come from header blocks and attributions, not from running text") {
  using List = std::vector<std::string>;
  CHECK(read_quoted("write to kim@mail.test\nTo: get there, mail pat@mail.test").participants.empty());
  CHECK(read_quoted("ok\n\nOn Monday, Dana Roe <Dana@mail.test>\nwrote:\n> x").participants == List{"dana@mail.test"});
  CHECK(read_quoted("ok\n\nEl lun, 2 nov, Dana (<dana@mail.test>) escribió:\n").participants == List{"dana@mail.test"});
  CHECK(read_quoted("> From: Dana [mailto:dana@mail.test]\n> Sent: Monday\n> To: Desk <desk@clinic.example>;\n>  'Kim' <kim@mail.test>\n> Subject: ask x@mail.test\n")
            .participants == List{"dana@mail.test", "desk@clinic.example", "kim@mail.test"});
  CHECK(read_quoted("*De:* Dana <dana@mail.test>\n*Enviado:* lunes\n*Para:* desk@clinic.example\n").participants == List{"dana@mail.test", "desk@clinic.example"});
  const Mail html = mails::read(mails::text("text/html", "<p>ok</p><div><b>From:</b> Dana &lt;<a href=\"mailto:dana@mail.test\">dana@mail.test</a>&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Desk &lt;desk@clinic.example&gt;<br></div>"));
  CHECK(html.participants == List{"dana@mail.test", "desk@clinic.example"});
}

TEST_CASE("dates that make no sense are left to the caller's clock") {
  CHECK(mails::read("From: a@clinic.example\nDate: yesterday\n\nHi").now.empty());
  CHECK(mails::read("From: a@clinic.example\n\nHi").now.empty());
  CHECK(mails::read("From: a@clinic.example\nDate: Sun, 22 Nov 2026 10:00:00 +9900\n\nHi").now.find("+99") == std::string::npos);
  CHECK(mails::read("From: a@clinic.example\nDate: 22 Nov 2026 10:00:00 GMT\n\nHi").now == "2026-11-22T10:00:00+00:00");
}

TEST_CASE("recipients that name nobody are left out, lists without a name get one") {
  const json request = json::parse(request_json(mails::read("From: a@clinic.example\nTo: <>\nCc: : b@mail.test;\n\nHi")));
  CHECK(request["to"].empty());
  for (const char* field : {"to", "cc", "bcc"})
    for (const json& one : request[field]) CHECK(one.value("address", "") + one.value("name", "") != "");
}

TEST_CASE("a mail that lost its blank line still has its text") {
  const std::string lines = "Patient: Abara\nShe came on Monday with a cough: dry, at night.\nCall her.\n\nMore below.\n";
  for (const std::string& headers : {mails::head, mails::head + "Content-Type: text/plain\r\n", mails::head + "X-Long: a\r\n b\r\n"}) {
    CAPTURE(headers);
    const Mail mail = mails::read(headers + lines);
    CHECK(mail.text == lines);
    CHECK(mail.subject == "Your visit");
  }
  const Mail whole = mails::read(mails::head + "Note: kept as it is\r\n\r\nHi");
  CHECK(whole.text == "Hi");
}

TEST_CASE("a header line that lost its indent belongs to the header above") {
  const Mail mail = mails::read("From: desk@clinic.example\nTo: dana@mail.test,\nlee@mail.test\nSubject: the biopsy of\nMr. Abara is back\nContent-Type: text/html\n\n<p>Hi</p>");
  CHECK(mail.subject == "the biopsy of Mr. Abara is back");
  CHECK(mail.to.size() == 2);
  CHECK(mail.html == "<p>Hi</p>");
  CHECK_FALSE(mail.has_text);
}

TEST_CASE("a header in many padded base64 words is read to its end") {
  const std::string subject = "The biopsy of señora Núñez-Abara came back, please tell her before Monday";
  std::string words;
  for (std::size_t at = 0; at < subject.size(); at += 14) // splits characters too
    words += (at == 0 ? "" : "\r\n ") + ("=?utf-8?B?" + mails::base64(subject.substr(at, 14))) + "?=";
  const std::string mail = "From: " + words + " <desk@clinic.example>\r\nTo: dana@mail.test\r\nSubject: " + words + "\r\n\r\nHi";
  const Mail read = mails::read(mail);
  CHECK(read.subject == subject);
  CHECK(read.from.name == subject);
  CHECK(read.from.address == "desk@clinic.example");
  const Mail attached = mails::read(mails::head + mails::multipart("mixed", {mails::part("Content-Type: message/rfc822", mail)}));
  REQUIRE(attached.attachments.size() == 1);
  CHECK(attached.attachments[0].text_parts.at(0).text.find("Subject: " + subject + "\n") != std::string::npos);
}

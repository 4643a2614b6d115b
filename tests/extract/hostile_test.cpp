// Mails made to break readers. Each must come back in bounded time, with what could be read and the rest as gaps.
#include "limits.hpp"
#include "mails.hpp"

#include <chrono>

using namespace phiscan::extract;
using namespace std::string_literals;

namespace {

bool has_gap(const Mail& mail, const Gap& gap) {
  const auto gaps = all_gaps(mail);
  return std::find(gaps.begin(), gaps.end(), gap) != gaps.end();
}

std::string nested_multiparts(int depth) {
  std::string mail = mails::head;
  for (int i = 0; i < depth; ++i) {
    const std::string b = "b" + std::to_string(i);
    mail += "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\nContent-Type: text/plain\r\n\r\nlevel " + std::to_string(i) + "\r\n--" + b + "\r\n";
  }
  return mail + "Content-Type: text/plain\r\n\r\nbottom\r\n";
}

std::string many_parts(int count) {
  return mails::head + mails::multipart("mixed", std::vector<std::string>(static_cast<std::size_t>(count), mails::part("Content-Type: text/plain", "p")));
}

} // namespace

TEST_CASE("nesting is read to its limit and no deeper") {
  const Mail deep = mails::read(nested_multiparts(10000));
  CHECK(deep.text.starts_with("level 0\nlevel 1\n"));
  CHECK(deep.text.find("level 31") != std::string::npos);
  CHECK(deep.text.find("level 33") == std::string::npos);
  CHECK(has_gap(deep, {"message", Why::too_large}));
  CHECK(mails::read(nested_multiparts(limits::depth)).gaps.empty());
  CHECK_FALSE(mails::read(nested_multiparts(limits::depth + 1)).gaps.empty());
}

TEST_CASE("attached mails nest to the same limit") {
  std::string mail = "From: a@clinic.example\n";
  for (int i = 0; i < 5000; ++i) mail += "Content-Type: message/rfc822\n\nSubject: level " + std::to_string(i) + "\n";
  const Mail read = mails::read(mail + "\nbottom");
  REQUIRE(read.attachments.size() == 1);
  CHECK(read.attachments[0].unread == Why::too_large);
  CHECK(read.attachments[0].text_parts.size() >= 30);
}

TEST_CASE("parts are read to their limit") {
  const Mail wide = mails::read(many_parts(2000));
  CHECK(wide.text.size() > 1900);
  CHECK(wide.text.size() < 2010);
  CHECK(has_gap(wide, {"message", Why::too_large}));
  CHECK(mails::read(many_parts(limits::parts - 1)).gaps.empty()); // the multipart itself is one
  CHECK_FALSE(mails::read(many_parts(limits::parts)).gaps.empty());
}

TEST_CASE("headers are cut at their limit and the body is still read") {
  // What nobody reads is dropped first, and is no loss.
  std::string head = "X-Filler: " + std::string(300U << 10, 'x') + "\r\n" + mails::head;
  while (head.size() < 700U << 10) head += "X-Filler: " + std::string(60, 'x') + "\r\n and more\r\n";
  head += "Content-Type: text/plain; charset=windows-1251\r\nIn-Reply-To: <1@clinic.example>\r\n";
  const Mail mail = mails::read(head + "\r\nHi Dana \xCF");
  CHECK(mail.text == "Hi Dana П");
  CHECK(mail.subject == "Your visit");
  CHECK(mail.to.size() == 1);
  CHECK(mail.compose == "reply");
  CHECK(mail.gaps.empty());
  const Mail subject = mails::read("From: a@clinic.example\nSubject: " + std::string(300U << 10, 'x') + "\n\nHi");
  CHECK(has_gap(subject, {"headers", Why::too_large}));
  CHECK(subject.text == "Hi");
  std::string people = "From: a@clinic.example\nTo: ";
  for (int i = 0; i < 50000; ++i) people += "p" + std::to_string(i) + "@mail.test,\n ";
  const Mail crowd = mails::read(people + "z@mail.test\n\nHi");
  CHECK(crowd.to.size() > 10000);
  CHECK(crowd.text == "Hi");
  CHECK(has_gap(crowd, {"headers", Why::too_large}));
}

TEST_CASE("a name longer than any name is cut and named as a gap") {
  const Mail mail = mails::read(mails::head + mails::multipart("mixed", {mails::part("Content-Type: text/plain; name=\"" + std::string(9000, 'n') + "\"\r\nContent-Disposition: attachment", "x")}));
  REQUIRE(mail.attachments.size() == 1);
  CHECK(mail.attachments[0].name.size() == limits::name_bytes);
  CHECK(mail.attachments[0].unread == Why::too_large);
}

TEST_CASE("all texts together have a limit, and the rest are gaps") {
  std::vector<std::string> parts;
  for (int i = 0; i < 6; ++i) parts.push_back(mails::part("Content-Type: text/csv; name=x.csv", std::string(7U << 20, 'x')));
  const Mail mail = mails::read(mails::head + mails::multipart("mixed", parts));
  REQUIRE(mail.attachments.size() == 6);
  CHECK(mail.attachments[0].unread == std::nullopt);
  CHECK(mail.attachments[5].unread == Why::too_large);
  const Mail escaped = mails::read(mails::text("text/plain", std::string(8U << 20, '\x01')));
  CHECK(request_json(escaped).size() < limits::reply_bytes);
  CHECK_FALSE(escaped.gaps.empty());
}

TEST_CASE("broken mails are read as far as they go") {
  std::string junk;
  for (int i = 0; i < 20000; ++i) junk.push_back(static_cast<char>((i * 7919 + i / 13) & 255));
  const std::vector<std::string> rows = {
      junk,
      mails::head + junk,
      mails::head + "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\nx\r\n----\r\n",
      mails::head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b",
      mails::head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n--b\r\n\r\nlate",
      mails::head + "Content-Type: message/rfc822\r\n\r\n",
      mails::head + "Content-Type: message/partial; id=x; number=1\r\n\r\nFrom: x\r\n\r\nx",
      mails::head + "Content-Type: message/external-body; access-type=local-file; name=\"/etc/passwd\"\r\n\r\nContent-Type: text/plain\r\n\r\n",
      mails::head + "Content-Type: multipart/signed\r\n\r\nx",
      mails::head + "Content-Type: multipart/encrypted\r\n\r\nx",
      mails::head + "Content-Transfer-Encoding: base64\r\n\r\n=====",
      mails::head + "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n#86)C\r\n`\r\nend\r\n",
      mails::head + "Content-Transfer-Encoding: quoted-printable\r\n\r\n=\r\n==3D=ZZ=",
      mails::head,
      "Subject: only a subject",
      ":\n:\n\nx",
      "From:\nTo:\nSubject:\n\n",
      "From: =?utf-8?B?/////w==?= <a@clinic.example>\nSubject: =?x-none?Q?=FF?= =?utf-8?Q?=ED=A0=80?=\n\nx",
      "From: a@clinic.example\0\nSubject: a\0b\n\nx\0y"s,
      "Content-Type: text/plain; charset*0=utf-; charset*1=8; name*=''%; filename*999999999999=x\n\nx",
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    const Mail mail = mails::read(rows[i]);
    // Every prefix too: mails are cut anywhere on their way.
    const std::size_t step = rows[i].size() / 60 + 1;
    for (std::size_t end = 1; end < rows[i].size(); end += step) {
      if (const auto cut = read_mail(std::string_view(rows[i]).substr(0, end))) CHECK(nlohmann::json::accept(request_json(*cut)));
    }
  }
}

TEST_CASE("nothing at all is no mail") {
  for (const std::string& empty : {std::string(), std::string("\r\n\r\n"), std::string("  \n"), std::string(100, '\0')}) CHECK_FALSE(read_mail(empty).has_value());
}

TEST_CASE("hostile mails do not take long") {
  std::string calendar = "BEGIN:VEVENT\n";
  while (calendar.size() < 1U << 20) calendar += "SUMMARY:x\n y\n";
  std::string labels;
  while (labels.size() < 1U << 20) labels += "From: a@b.test\n";
  std::string wrote;
  while (wrote.size() < 1U << 20) wrote += "@@@@@ wrote:\n";
  std::string at(1U << 20, '@');
  std::string atoms;
  while (atoms.size() < 1U << 20) atoms += "a@";
  const std::vector<std::string> rows = {nested_multiparts(10000), many_parts(20000), mails::text("text/plain", labels), mails::text("text/plain", wrote), mails::text("text/plain", "x " + atoms + " wrote:"),
                                         mails::text("text/plain", at + " wrote:"), mails::text("text/html", std::string(1U << 20, '<')), mails::text("text/calendar; name=x.ics", calendar),
                                         mails::text("text/plain; charset=utf-7", std::string(1U << 20, '+')), mails::text("text/plain; charset=iso-2022-jp", std::string(1U << 20, '\xFF')),
                                         mails::text("text/plain; format=flowed", std::string(1U << 20, '>'))};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    const auto begin = std::chrono::steady_clock::now();
    static_cast<void>(mails::read(rows[i]));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(4));
  }
}

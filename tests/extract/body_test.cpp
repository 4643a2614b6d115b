#include "charset.hpp"
#include "flowed.hpp"
#include "limits.hpp"
#include "mails.hpp"

using namespace phiscan::extract;
using namespace std::string_literals;

TEST_CASE("bodies are decoded from every transfer encoding and charset to UTF-8 with line feeds") {
  struct Row { std::string what; std::string mail; std::string text; };
  const std::vector<Row> rows = {
      {"plain", mails::text("text/plain", "Hi Dana,\r\nsee you.\r\n"), "Hi Dana,\nsee you.\n"},
      {"lone carriage returns", mails::text("text/plain", "a\rb\r\nc"), "a\nb\nc"},
      {"utf-8", mails::text("text/plain; charset=utf-8", "Ana Peña"), "Ana Peña"},
      {"utf-8 with a byte order mark", mails::text("text/plain; charset=utf-8", "\xEF\xBB\xBFHi"), "Hi"},
      {"undeclared utf-8", mails::text("text/plain", "Peña"), "Peña"},
      {"undeclared windows-1252", mails::text("text/plain", "Pe\xF1"
                                                            "a \x93quoted\x94"), "Peña “quoted”"},
      {"windows-1252", mails::text("text/plain; charset=windows-1252", "Pe\xF1"
                                                                       "a \x80"), "Peña €"},
      {"latin-1 is read as windows-1252", mails::text("text/plain; charset=iso-8859-1", "\x96"), "–"},
      {"utf-8 with a stray latin-1 byte", mails::text("text/plain; charset=utf-8", "Peña and Pe\xF1"
                                                                                   "a"), "Peña and Peña"},
      {"iso-8859-15", mails::text("text/plain; charset=iso-8859-15", "\xA4"), "€"},
      {"iso-2022-jp", mails::text("text/plain; charset=iso-2022-jp", "\x1B$B;3ED\x1B(B x"), "山田 x"},
      {"utf-16 under a utf-8 label", mails::text("text/plain; charset=utf-8", "P\0e\0\xF1\0a\0 \0i\0s\0 \0f\0i\0n\0e\0"s), "Peña is fine"},
      {"utf-16 with its mark under a latin label", mails::text("text/plain; charset=iso-8859-1", "\xFE\xFF\0H\0i"s), "Hi"},
      {"utf-16 of the other order than its label", mails::text("text/plain; charset=utf-16be", "M\0r\0s\0.\0 \0P\0e\0\xF1\0a\0"s), "Mrs. Peña"},
      {"utf-16 of its label", mails::text("text/plain; charset=utf-16be", "\x5C\x71\x75\x30\x5C\x71"), "山田山"},
      {"plain text under a utf-16 label", mails::text("text/plain; charset=utf-16", "Hi Dana, Mr. Peña came."), "Hi Dana, Mr. Peña came."},
      {"plain text under a utf-32 label", mails::text("text/plain; charset=utf-32", "Hi Dana"), "Hi Dana"},
      {"utf-7", mails::text("text/plain; charset=utf-7", "Pe+APE-a +AUA-"), "Peña ŀ"},
      {"shift_jis", mails::text("text/plain; charset=Shift_JIS", "\x8E\x52\x93\x63"), "山田"},
      {"koi8-r", mails::text("text/plain; charset=koi8-r", "\xF0\xF2\xE9"), "ПРИ"},
      {"gb2312", mails::text("text/plain; charset=gb2312", "\xD6\xD0"), "中"},
      {"broken sequence in a known charset", mails::text("text/plain; charset=euc-jp", "a\xFF z"), "a\xEF\xBF\xBD z"},
      {"NULs", mails::text("text/plain", std::string("a\0b", 3)), "a\xEF\xBF\xBD" "b"},
      {"quoted-printable", mails::head + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nPe=C3=B1a A1=\r\nc is 8.2=20\r\n",
       "Peña A1c is 8.2 \n"},
      {"base64", mails::head + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + mails::base64("Hi Peña\r\n"), "Hi Peña\n"},
      {"truncated base64", mails::head + "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGkgRGFuYSwgc2VlIHl", "Hi Dana, see y"},
      {"no content type", mails::head + "\r\nHi", "Hi"},
      {"content type that is not one", mails::head + "Content-Type: hello\r\n\r\nHi", "Hi"},
      {"only lone carriage returns", "From: a@clinic.example\rSubject: x\r\rHi", "Hi"},
      {"mbox line in front", "From desk@clinic.example Sun Nov 22 10:00:00 2026\n" + mails::head + "\nHi", "Hi"},
      {"blank lines in front", "\r\n\r\n" + mails::head + "\r\nHi", "Hi"},
      {"no headers at all", "Hi Dana, your A1c is 8.2.", "Hi Dana, your A1c is 8.2."},
      {"text that looks like a header", "Note: call Dana\n\nbye", "Note: call Dana\n\nbye"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Mail mail = mails::read(row.mail);
    CHECK(mail.text == row.text);
    CHECK(mail.gaps.empty());
    CHECK(mail.warnings.empty());
    CHECK(mail.attachments.empty());
  }
}

TEST_CASE("an unknown charset is read as windows-1252 and said so, without quoting it") {
  for (const char* name : {"x-klingon", "\"../../etc/passwd\"", "utf-8000", "\"//TRANSLIT\""}) {
    CAPTURE(name);
    const Mail mail = mails::read(mails::text(std::string("text/plain; charset=") + name, "Pe\xF1"
                                                                                         "a"));
    CHECK(mail.text == "Peña");
    REQUIRE(mail.warnings.size() == 1);
    CHECK(mail.warnings[0] == "body.text: unknown charset, read as windows-1252");
  }
}

TEST_CASE("more charsets than anyone uses are read one after the other") {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      const int page = 1250 + i % 9;
      static_cast<void>(to_utf8("Pe\xF1" "a", "made-up-" + std::to_string(i)));
      CHECK_FALSE(to_utf8("a\xE1", "windows-" + std::to_string(page)).unknown_charset);
    }
  }
  CHECK(to_utf8("\xCF", "windows-1251").text == "П");
}

TEST_CASE("a charset that fits almost no byte was not the true one") {
  const Decoded decoded = to_utf8(std::string(100000, '\xF1'), "iso-2022-jp");
  CHECK(decoded.unknown_charset);
  CHECK(decoded.text.starts_with("ññ"));
}

TEST_CASE("flowed text is joined, quotes stay apart, DelSp is obeyed") {
  CHECK(join_flowed("your A1c \nis 8.2\n", false) == "your A1c is 8.2\n");
  CHECK(join_flowed("078-05-\nx", false) == "078-05-\nx");
  CHECK(join_flowed("078-05- \n1120\n", true) == "078-05-1120\n");
  CHECK(join_flowed("> one \n> two\nmine \nmore", false) == "> one two\nmine more");
  CHECK(join_flowed(">> deep \n> less", false) == ">> deep \n> less");
  CHECK(join_flowed("text \n-- \nDesk", false) == "text \n-- \nDesk");
  CHECK(join_flowed(" >not a quote\n From here", false) == ">not a quote\nFrom here");
  CHECK(join_flowed("", false).empty());
  const Mail mail = mails::read(mails::text("text/plain; format=flowed; delsp=yes", "078-05- \r\n1120\r\n"));
  CHECK(mail.text == "078-05-1120\n");
}

TEST_CASE("both alternatives are kept") {
  const Mail mail = mails::read(mails::head + mails::multipart("alternative", {mails::part("Content-Type: text/plain", "plain"),
                                                                              mails::part("Content-Type: text/html; charset=utf-8", "<p>rich</p>")}));
  CHECK(mail.text == "plain");
  CHECK(mail.html == "<p>rich</p>");
  CHECK(mail.attachments.empty());
}

TEST_CASE("an HTML body says its own charset when the header does not") {
  const Mail mail = mails::read(mails::text("text/html", "<meta charset=\"windows-1251\"><p>\xCF</p>"));
  CHECK(mail.html.find("П") != std::string::npos);
}

TEST_CASE("several text parts of one mail make one body") {
  const Mail mail = mails::read(mails::head + mails::multipart("mixed", {mails::part("Content-Type: text/plain", "first"),
                                                                        mails::part("Content-Type: image/png; name=x.png\r\nContent-Transfer-Encoding: base64", "iVBORw0KGgo="),
                                                                        mails::part("Content-Type: text/plain", "second")}));
  CHECK(mail.text == "first\nsecond");
  REQUIRE(mail.attachments.size() == 1);
  CHECK(mail.attachments[0].unread == Why::unsupported);
}

TEST_CASE("text outside the parts is sent, so it is read") {
  const std::string mixed = mails::multipart("mixed", {mails::part("Content-Type: text/plain", "inside")});
  CHECK(mails::read(mails::head + mixed + "MRN 00412345 below").text == "inside\nMRN 00412345 below");
  std::string usual = mixed;
  usual.insert(usual.find("--b1"), "This is a multi-part message in MIME format.\r\n");
  CHECK(mails::read(mails::head + usual).text == "inside");
}

TEST_CASE("a multipart without its boundary still gives its text") {
  const std::string lost = mails::head + "Content-Type: multipart/mixed; boundary=other\r\n\r\n--b1\r\nContent-Type: text/plain\r\n"
                                         "Content-Transfer-Encoding: base64\r\n\r\n" + mails::base64("Hi Dana") + "\r\n--b1--\r\n";
  CHECK(mails::read(lost).text == "Hi Dana");
  CHECK(mails::read(mails::head + "Content-Type: multipart/mixed\r\n\r\nHi Dana").text == "Hi Dana");
  CHECK(mails::read(mails::head + "Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nHi Dana").text == "Hi Dana");
}

TEST_CASE("a body over the limit is cut at a character and named as a gap") {
  std::string body;
  while (body.size() < limits::text_part_bytes + 10) body += "ñ";
  for (const char* type : {"text/plain; charset=utf-8", "text/html; charset=utf-8"}) {
    const Mail mail = mails::read(mails::text(type, body));
    const bool html = std::string_view(type).starts_with("text/html");
    CHECK((html ? mail.html : mail.text).size() <= limits::text_part_bytes + 4);
    CHECK((html ? mail.html : mail.text).ends_with("ñ"));
    REQUIRE(mail.gaps.size() == 1);
    CHECK(mail.gaps[0] == Gap{html ? "body.html" : "body.text", Why::too_large});
  }
  const Mail exact = mails::read(mails::text("text/plain", std::string(limits::text_part_bytes, 'x')));
  CHECK(exact.gaps.empty());
  const Mail over = mails::read(mails::text("text/plain", std::string(limits::text_part_bytes + 1, 'x')));
  CHECK(over.text.size() == limits::text_part_bytes);
  CHECK(over.gaps.size() == 1);
}

TEST_CASE("an armoured message is encrypted text, not read text") {
  const Mail mail = mails::read(mails::text("text/plain", "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"));
  REQUIRE(mail.gaps.size() == 1);
  CHECK(mail.gaps[0] == Gap{"body.text", Why::encrypted});
}

// Transfer encodings that are broken, mislabelled or hidden in a text: what mail programs show must be read.
#include "mails.hpp"
#include "transfer.hpp"

#include <chrono>

using namespace phiscan::extract;

namespace {

const std::string letter = "Dear Mr. Abara,\nthe biopsy of 3 March showed no growth. Call us about warfarin.\n";

std::string uuencode(std::string_view bytes, std::string_view name) {
  const auto coded = [](unsigned n) { return static_cast<char>(n == 0 ? '`' : ' ' + static_cast<int>(n)); };
  std::string out = "begin 644 " + std::string(name) + "\r\n";
  for (std::size_t at = 0; at < bytes.size(); at += 45) {
    const std::string_view line = bytes.substr(at, 45);
    out.push_back(coded(static_cast<unsigned>(line.size())));
    for (std::size_t i = 0; i < line.size(); i += 3) {
      const auto byte = [&](std::size_t k) { return k < line.size() ? static_cast<unsigned char>(line[k]) : 0U; };
      const unsigned n = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
      for (const unsigned shift : {18U, 12U, 6U, 0U}) out.push_back(coded(n >> shift & 63U));
    }
    out += "\r\n";
  }
  return out + "`\r\nend\r\n";
}

std::string labelled(std::string_view encoding, std::string_view body) {
  return mails::head + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " + std::string(encoding) + "\r\n\r\n" + std::string(body);
}

const std::string warning = "body.text: not in its declared transfer encoding, read as it stands";

} // namespace

TEST_CASE("base64 goes on behind a padding") {
  struct Row { std::string what; std::string body; std::string text; };
  const std::vector<Row> rows = {
      {"two pieces", mails::base64("Hi Dana,\n") + "\r\n" + mails::base64("A") + "\r\n" + mails::base64(letter), "Hi Dana,\nA" + letter},
      {"two pieces on one line", mails::base64("a") + mails::base64("bb") + mails::base64("Dana"), "abbDana"},
      {"a padding too short", "QQ=\r\n" + mails::base64("Mr. Abara is here."), "AMr. Abara is here."},
      {"stray characters at the ends of lines", "RGVhciBNci4gQWJhcmEsIHRoZSBiaW9wc3kg!\r\nd2FzIGZpbmUu*\r\n", "Dear Mr. Abara, the biopsy was fine."},
      {"blank lines between", "\r\n" + mails::base64("Hi Dana,\n\n") + "\r\n\r\n \r\n" + mails::base64("bye now") + "\r\n", "Hi Dana,\n\nbye now"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Mail mail = mails::read(labelled("base64", row.body));
    CHECK(mail.text == row.text);
    CHECK(mail.gaps.empty());
    CHECK(mail.warnings.empty());
  }
}

TEST_CASE("lines that are not base64 are read as they stand, and said so") {
  struct Row { std::string what; std::string body; std::string text; };
  const std::vector<Row> rows = {
      {"nothing is base64", letter, letter},
      {"a short note", "Hi Dana, see you at 4.\n", "Hi Dana, see you at 4.\n"},
      {"words alone on a line", "Dana\nThe test was fine.\nThanks\n", "Dana\nThe test was fine.\nThanks\n"},
      {"the footer of a list", mails::base64("Hi Dana") + "\n-- \nSent to the choir list\nThanks\n", "Hi Dana-- \nSent to the choir list\nThanks\n"},
      {"words behind the padding", mails::base64("Mr. Abara is here today.\n!") + " lost\n", "Mr. Abara is here today.\n!lost\n"},
      {"a line in front", "The file you asked for:\n" + mails::base64(letter) + "\n", "The file you asked for:\n" + letter},
      {"Latin letters", "La señora Nuñez llegó.\n", "La señora Nuñez llegó.\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Mail mail = mails::read(labelled("base64", row.body));
    CHECK(mail.text == row.text);
    CHECK(mail.warnings == std::vector<std::string>{warning});
  }
  const Mail file = mails::read(mails::head + mails::multipart("mixed", {mails::part("Content-Type: text/plain; name=note.txt\r\nContent-Transfer-Encoding: base64", letter)}));
  CHECK(file.text == letter);
}

TEST_CASE("a uuencoded body is read") {
  for (const char* encoding : {"x-uuencode", "uuencode", "x-uue"}) {
    CAPTURE(encoding);
    const Mail mail = mails::read(labelled(encoding, uuencode(letter, "letter.txt")));
    CHECK(mail.text == letter);
    CHECK(mail.gaps.empty());
  }
  const Mail plain = mails::read(labelled("x-uuencode", letter));
  CHECK(plain.text == letter);
  CHECK(plain.warnings == std::vector<std::string>{warning});
}

TEST_CASE("a file uuencoded in a text is an attachment") {
  const Mail mail = mails::read(labelled("7bit", "See the letter.\r\n\r\n" + uuencode(letter, "letter for Abara.txt") + "Bye\r\n" + uuencode("\x89PNG\r\n\x1a\n 123", "scan.png") + "Dana\r\n"));
  CHECK(mail.text == "See the letter.\n\nBye\nDana\n");
  REQUIRE(mail.attachments.size() == 2);
  CHECK(mail.attachments[0].name == "letter for Abara.txt");
  CHECK(mail.attachments[0].size == letter.size());
  REQUIRE(mail.attachments[0].text_parts.size() == 1);
  CHECK(mail.attachments[0].text_parts[0].text == letter);
  CHECK_FALSE(mail.attachments[0].unread.has_value());
  CHECK(mail.attachments[1].name == "scan.png");
  CHECK(mail.attachments[1].unread == Why::unsupported);
}

TEST_CASE("a uuencoded file without its end keeps its sound lines, and text that only begins like one stays text") {
  std::string cut = uuencode(letter, "letter.txt");
  cut.resize(cut.find('`')); // "`" stands for zero bits too, so this cuts inside
  const Mail broken = mails::read(labelled("7bit", cut.substr(0, cut.rfind('\n') + 1) + "Is this all? Dana\r\n"));
  CHECK(broken.text.find("Is this all? Dana") != std::string::npos);
  const std::string recipe = "begin 644 steps up the hill\nThen walk on.\n\nbegin at 9\nbegin 12 x\n";
  const Mail text = mails::read(labelled("7bit", recipe));
  CHECK(text.text == recipe);
  CHECK(text.attachments.empty());
}

TEST_CASE("a yEnc file is named as not read") {
  const Mail mail = mails::read(labelled("8bit", "Here:\r\n=ybegin line=128 size=9 name=a.txt\r\n\x8b\x8c\x8d\r\n=yend size=9\r\n"));
  REQUIRE(mail.gaps.size() == 1);
  CHECK(mail.gaps[0] == Gap{"body.text", Why::unsupported});
  CHECK(mails::read(labelled("7bit", "the line =ybegin line=1 size=2 name=x marks a file")).gaps.empty());
}

TEST_CASE("a body of bytes that are no text is named as not read") {
  std::string bytes;
  for (int i = 0; i < 4000; ++i) bytes.push_back(static_cast<char>((i * 7919 + i / 13) & 127));
  const Mail mail = mails::read(labelled("base64", mails::base64(bytes)));
  REQUIRE(mail.gaps.size() == 1);
  CHECK(mail.gaps[0] == Gap{"body.text", Why::unreadable});
}

TEST_CASE("hostile transfer encodings are read in linear time") {
  std::string pieces, begins;
  while (pieces.size() < 4U << 20) pieces += "A=";
  while (begins.size() < 4U << 20) begins += "begin 644 x\n";
  std::string files;
  while (files.size() < 1U << 20) files += "begin 644 x.txt\n#86)C\nend\n";
  for (const std::string& mail : {labelled("base64", pieces), labelled("7bit", begins), labelled("7bit", files), labelled("base64", std::string(4U << 20, '=')),
                                  labelled("base64", std::string(4U << 20, '\n'))}) {
    const auto begin = std::chrono::steady_clock::now();
    static_cast<void>(mails::read(mail));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(4));
  }
  const Mail many = mails::read(labelled("7bit", files));
  CHECK(many.attachments.size() < 1000);
  CHECK_FALSE(many.gaps.empty());
}

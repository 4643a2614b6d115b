#include <doctest/doctest.h>

#include <random>
#include <string>

#include "text/characters.hpp"
#include "text/text.hpp"

using namespace phiscan;
using namespace phiscan::text;

namespace {

Text plain(std::string_view source) { return normalise_part({message::PartRef::Kind::body_text}, source, false); }
Text html(std::string_view source) { return normalise_part({message::PartRef::Kind::body_html}, source, true); }
std::string norm(std::string_view source) { return plain(source).norm; }

// What a client would mark for the first place where norm says `wanted`; pieces parted by '|'.
std::string marked(std::string_view source, std::string_view wanted, bool is_html) {
  const Text text = is_html ? html(source) : plain(source);
  const std::size_t at = text.norm.find(wanted);
  if (at == std::string::npos) return "not found in: " + text.norm;
  std::string all;
  for (const Span span : text.map.source({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + wanted.size())})) {
    all += std::string(all.empty() ? "" : "|") + std::string(span.of(source));
  }
  return all;
}

}  // namespace

TEST_CASE("characters that look alike become alike") {
  const struct {
    const char* source;
    const char* expected;
  } table[] = {
      {"plain ASCII_1", "plain ASCII_1"},
      {"\uFF10\uFF17\uFF18-05-1120", "078-05-1120"},
      {"\u0660\u06F7\u096E", "078"},
      {"\U0001D7CE\U0001D7D5 \u00B2", "07 2"},
      {"078\u201305\u20141120\u2212\u2010\u2011", "078-05-1120---"},
      {"\u2018a\u2019 \u201Cb\u201D", "'a' \"b\""},
      {"a\u00A0b\u2009c\u3000d\u202Fe", "a b c d e"},
      {"diagn\u00F3stico a\u00F1o \u00C1\u00DC", "diagnostico ano AU"},
      {"diagno\u0301stico an\u0303o", "diagnostico ano"},
      {"\u1EBF\u1E9E\u00DF\u00E6\u0141", "eSSssaeL"},
      {"\uFB01ne \u2460", "fine 1"},
      {"a\r\nb\rc\u2028d\u2029e\ff", "a\nb\nc\nd\ne\nf"},
      {"a\tb  c", "a\tb  c"},
      {"07\u00AD8\u200B-05-\u20601120\uFEFF", "078-05-1120"},
      {"\u0419\u0439 \u4E2D\u6587 \uD55C", "\u0419\u0439 \u4E2D\u6587 \uD55C"},
      {"\u041F\u0430\u0446\u0438\u0435\u043D\u0442", "\u041F\u0430\u0446\u0438\u0435\u043D\u0442"},
      {"P\u0430tient \u041CRN D\u039FB", "Patient MRN DOB"},
      {"\u00BCml 5\u00B0", "1/4ml 5\u00B0"},
      {"x\uFFFDy", "x\uFFFDy"},
  };
  for (const auto& row : table) {
    CAPTURE(row.source);
    CHECK(norm(row.source) == row.expected);
  }
}

TEST_CASE("NUL and bytes that are no UTF-8 become the replacement character") {
  CHECK(norm(std::string_view("a\0b", 3)) == "a\uFFFDb");
  CHECK(norm("a\xFF\xC3") == "a\uFFFD\uFFFD");
  CHECK(norm("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(is_edge("a\uFFFDb", 1));
}

TEST_CASE("a soft hyphen inside an SSN does not hide it") {
  CHECK(marked("SSN 078\u00AD-05-1120.", "078-05-1120", false) == "078\u00AD-05-1120");
  CHECK(plain("SSN 078\u00AD-05-1120.").evasions == 0);
}

TEST_CASE("many dropped characters in one token are an evasion, in many tokens they are not") {
  CHECK(plain("0\u200B7\u200B8\u200B0\u200B5").evasions == 1);
  CHECK(plain("0\u200B7 8\u200B0 5\u200B1 1\u200B2 0\u200B").evasions == 0);
  CHECK(plain("a \U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466\u200D\U0001F466").evasions == 0);
  CHECK(plain("abc\u202Edef").evasions == 1);
}

TEST_CASE("spans cover whole characters and stop at tags and entities") {
  CHECK(marked("x \uFF10\uFF17\uFF18 y", "078", false) == "\uFF10\uFF17\uFF18");
  CHECK(marked("Jose\u0301 Roe", "Jose", false) == "Jose\u0301");
  CHECK(marked("<b>07</b>8-05-<i>1120</i>", "078-05-1120", true) == "07|8-05-|1120");
  CHECK(marked("07&#56;-05", "078-05", true) == "07|&#56;|-05");
  CHECK(marked("Jane&nbsp;Roe", "Jane Roe", true) == "Jane|&nbsp;|Roe");
  CHECK(marked("Jane\n   Roe", "Jane Roe", true) == "Jane\n   Roe");
  CHECK(marked("Jane <b>Roe</b>", "Jane Roe", true) == "Jane| |Roe");
  CHECK(marked("P\u0430tient", "Patient", false) == "P\u0430tient");
}

TEST_CASE("quote marks are left out so that a value that wraps still reads on") {
  const std::string_view source = "> MRN 0041\n> 2345 is hers";
  CHECK(norm(source) == "MRN 0041\n2345 is hers");
  CHECK(marked(source, "0041\n2345", false) == "0041\n|2345");
  CHECK(norm("> > a\n>> b\n>c\n| d") == "a\nb\nc\nd");
  CHECK(norm("viral load\n>100,000 copies") == "viral load\n>100,000 copies");
  CHECK(norm("| a | b |") == "| a | b |");
}

TEST_CASE("only bodies have quote marks") {
  CHECK(normalise_part({message::PartRef::Kind::subject}, "> 5", false).norm == "> 5");
  CHECK(normalise_part({message::PartRef::Kind::attachment_text}, "> 5", false).norm == "> 5");
}

TEST_CASE("a part is cut at the limit, not inside a character") {
  std::string source(part_limit - 1, 'a');
  source += "\u00E9\u00E9";
  const Text text = plain(source);
  CHECK(text.truncated);
  CHECK(text.norm.size() == part_limit - 1);
  CHECK_FALSE(plain(std::string(part_limit, 'a')).truncated);
}

TEST_CASE("word edges lie where letters, marks and digits end") {
  CHECK(is_edge("ab", 0));
  CHECK_FALSE(is_edge("ab", 1));
  CHECK(is_edge("ab", 2));
  CHECK(is_edge("a_b", 1));
  CHECK(is_edge("a-b", 1));
  CHECK_FALSE(is_edge("\u0439\u0439", 2));
  CHECK_FALSE(is_edge("1\u0439", 1));
  CHECK(is_edge("\u4E2D.", 3));
  CHECK(is_edge("\u4E2D\u6587", 3));  // Han and Hangul are written without edges
  CHECK(is_edge("\uB2F9\uB1E8\uAC00", 6));
  CHECK(is_edge("\u4E2D5", 3));
  CHECK(is_word(U'\u00F1'));
  CHECK_FALSE(is_word(U'_'));
}

TEST_CASE("fold lower-cases on top") {
  CHECK(fold("Jos\u00C9 N\u00DA\u00D1EZ\u00A0O\u2019Neil") == "jose nunez o'neil");
  CHECK(fold("\u0418\u0412\u0410\u041D") == "\u0438\u0432\u0430\u043D");
  CHECK(fold("e\u0301") == "e");
  CHECK(fold("") == "");
}

TEST_CASE("the parts of a message come in a fixed order") {
  message::Message message;
  message.body_text = "text";
  message.body_html = "<b>html</b>";
  message::Attachment attachment;
  attachment.name = "a_b.txt";
  attachment.text_parts = {{"page 1", "<b>"}, {"html", "<b>x</b>"}};
  message.attachments.push_back(attachment);
  const std::vector<Text> texts = normalise(message);
  REQUIRE(texts.size() == 5);
  const char* names[] = {"body.html", "body.text", "attachments/0/name", "attachments/0/text_parts/0", "attachments/0/text_parts/1"};
  const char* norms[] = {"html", "text", "a_b.txt", "<b>", "x"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(to_string(texts[i].part) == names[i]);
    CHECK(texts[i].norm == norms[i]);
    CHECK(message.source(texts[i].part) != nullptr);
  }
  CHECK(message.source({message::PartRef::Kind::subject}) == nullptr);
  CHECK(message.source({message::PartRef::Kind::attachment_name, 7}) == nullptr);
}

TEST_CASE("for random markup the source of a value reads as the value again, and holds no tag") {
  std::mt19937 random(11);
  const auto pick = [&](auto& from) { return from[random() % std::size(from)]; };
  const char* opens[] = {"<b>", "<span style=\"color:red\">", "<i class='x>y'>", "<font size=1>", "</b>", "</span>", "<wbr>", "<!-- no -->", "<o:p></o:p>", "<a href='#'>"};
  const char* nothings[] = {"\u200B", "\u00AD", "&#8203;", "&shy;", "\u2060", ""};
  const char* noise[] = {"<p>", "<br>", " and ", "<td>", "\n", "caf\u00E9 ", "&amp; ", "<div hidden>", "</div>", "<img alt='pic 1'>", "\U0001F600 "};
  for (int round = 0; round < 3000; ++round) {
    const std::string value = "A" + std::to_string(100000 + random() % 900000) + "Z";
    std::string source;
    for (auto n = random() % 6; n > 0; --n) source += pick(noise);
    source += "<p>";
    for (const char c : value) {
      for (auto n = random() % 3; n > 0 && c != 'A'; --n) source += random() % 2 == 0 ? pick(opens) : pick(nothings);
      switch (random() % 5) {
        case 0: source += "&#" + std::to_string(static_cast<int>(c)) + ";"; break;
        case 1: {
          const auto wide = static_cast<char32_t>(0xFF00 + c - 0x20);
          append_utf8(source, wide);
          break;
        }
        default: source += c;
      }
    }
    source += "</p>";
    for (auto n = random() % 6; n > 0; --n) source += pick(noise);

    const Text text = html(source);
    const std::size_t at = text.norm.find(value);
    CAPTURE(source);
    REQUIRE(at != std::string::npos);
    std::string again;
    for (const Span span : text.map.source({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + value.size())})) {
      const std::string_view piece = span.of(source);
      CHECK(piece.find('<') == std::string_view::npos);
      again += html(piece).norm;
    }
    CHECK(again == value);
  }
}

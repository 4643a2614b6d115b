#include "text/html.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "text/text.hpp"

using namespace phiscan;
using namespace phiscan::text;

namespace {

Text html(std::string_view source) { return normalise_part({message::PartRef::Kind::body_html}, source, true); }
std::string norm(std::string_view source) { return html(source).norm; }

std::string hidden(std::string_view source) {
  const Text text = html(source);
  std::string all;
  for (const Span span : text.hidden) all += std::string(all.empty() ? "" : "|") + std::string(span.of(text.norm));
  return all;
}

std::string repeat(std::string_view piece, std::size_t size) {
  std::string all;
  while (all.size() < size) all += piece;
  return all;
}

}  // namespace

TEST_CASE("tags inside a line add nothing and tags that break lines break it") {
  const struct {
    const char* source;
    const char* expected;
  } table[] = {
      {"<b>12</b>3-45-6789", "123-45-6789"},
      {"12<wbr>34<!-- x -->56<span></span>78", "12345678"},
      {"<div>a</div><div>b</div>", "a\nb"},
      {"a<br>b<br/>c</br>d", "a\nb\nc\nd"},
      {"<p>a</p><p>b</p>", "a\n\nb"},
      {"<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb"},
      {"<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb"},
      {"<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
      {"a<br><br><br><br>b", "a\n\nb"},
      {"<ul><li>a<li>b</ul>c", "a\nb\nc"},
      {"<h1>a</h1>b", "a\n\nb"},
      {"  a \n\t b  <i> c </i> d ", "a b c d"},
      {"a&nbsp;b", "a b"},
      {"<pre>a  b\n c</pre>", "a  b\n c"},
      {"<pre>\na</pre>", "a"},
      {"<script>x<b>y</script>a<style>b{}</style>c", "ac"},
      {"<textarea>a &lt;b&gt; <i></textarea>", "a <b> <i>"},
      {"<xmp>a <b> &amp;</xmp>c", "a <b> &amp;\nc"},
      {"<noscript>a</noscript>", "a"},
      {"a<plaintext><b>c", "a\n<b>c"},
      {"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>a</body></html>", "a"},
      {"<div style='white-space:pre-wrap'>a\nb</div>", "a\nb"},
  };
  for (const auto& row : table) {
    CAPTURE(row.source);
    CHECK(norm(row.source) == row.expected);
  }
}

TEST_CASE("table cells are parted by tabs and rows by line ends") {
  CHECK(norm("<table><tr><td>DOB</td><td>4/12/61</td></tr><tr><td>MRN</td><td>00412</td></tr></table>x") == "DOB\t4/12/61\nMRN\t00412\nx");
  CHECK(norm("<table><tr><td><p>a</p></td><td><p class=MsoNormal>b</p></td></tr><tr><td>c<td>d</table>") == "a\tb\nc\td");
  CHECK(norm("<tr><td>a</td><td></td><td>c</td></tr><tr><td></td><td>e</td></tr>") == "a\t\tc\n\te");
  CHECK(norm("<tr><td>a<br>b</td><td>c</td></tr>") == "a\nb\tc");
}

TEST_CASE("markup that is not well-formed reads as a browser reads it") {
  const struct {
    const char* source;
    const char* expected;
  } table[] = {
      {"a < b", "a < b"},
      {"a <3 b", "a <3 b"},
      {"a<", "a<"},
      {"a</", "a</"},
      {"a</>b", "ab"},
      {"a</ x>b", "ab"},
      {"a<?php x?>b", "ab"},
      {"a<!x>b", "ab"},
      {"a<!-->b", "ab"},
      {"a<!--->b", "ab"},
      {"a<!---->b", "ab"},
      {"a<!-- - -- --!>b", "ab"},
      {"a<!--x--!y-->b", "ab"},
      {"a<!-- never closed", "a"},
      {"a<b title=never closed", "a"},
      {"a<b title='x>y'>c</b>d", "acd\nx>y"},
      {"a<i =x y = z / w=\"1\"q='2'>b", "ab"},
      {"<!--[if mso]>no<![endif]-->a<!--[if !mso]><!-->b<!--<![endif]-->c<![if !vml]>d<![endif]>", "abcd"},
      {"a<![CDATA[b]]>c", "ac"},
      {"a<svg><text>t</text><![CDATA[b<i>]]></svg>c", "atb<i>c"},
      {"<script><!-- <script> </script> --></script>a", "a"},
      {"<title>a</title>b", "a\nb"},
      {"<B>x</B><DIV>y</DIV>", "x\ny"},
  };
  for (const auto& row : table) {
    CAPTURE(row.source);
    CHECK(norm(row.source) == row.expected);
  }
}

TEST_CASE("character references decode with and without their semicolon") {
  const struct {
    const char* source;
    const char* expected;
  } table[] = {
      {"&#49;&#x32;&#X33;4", "1234"},
      {"&#49&#50;3", "123"},
      {"&amp;&lt;&gt;&quot;&apos;", "&<>\"'"},
      {"AT&T &foo; & &&amp", "AT&T &foo; & &&"},
      {"&notit; &notin;", "\u00ACit; \u2209"},
      {"&ntilde;o &Ntilde", "no N"},
      {"&#150;&#x92;&#128;", "-'\u20AC"},
      {"&#0;&#xD800;&#x110000;", "\uFFFD\uFFFD\uFFFD"},
      {"&#;&#x;&#xg;", "&#;&#x;&#xg;"},
      {"078&shy;-05&#8203;-1120", "078-05-1120"},
      {"a&#10;b&#32;&#9;c", "a b c"},
      {"&CounterClockwiseContourIntegral;", "\u2233"},
      {"jose&#x301; roe", "jose roe"},
  };
  for (const auto& row : table) {
    CAPTURE(row.source);
    CHECK(norm(row.source) == row.expected);
  }
}

TEST_CASE("an ampersand in a link's parameters stands for itself") {
  CHECK(character_reference("&copy=1", 0, true).size == 0);
  CHECK(character_reference("&copyx", 0, true).size == 0);
  CHECK(character_reference("&copy;=1", 0, true).size == 6);
  CHECK(character_reference("&copy=1", 0, false).size == 5);
}

TEST_CASE("hidden text is read and marked") {
  for (const char* style : {"display:none", "DISPLAY : None", "visibility:hidden", "font-size:0", "font-size:1px", "font-size:0.5pt", "opacity:0", "max-height:0px",
                            "position:absolute;left:-9999px", "text-indent:-9999px", "mso-hide:all"}) {
    CAPTURE(style);
    const std::string source = "a<div style='color:red;" + std::string(style) + "'>MRN 00412<div>x</div>y</div>b";
    CHECK(norm(source) == "a\nMRN 00412\nx\ny\nb");
    CHECK(hidden(source) == "MRN 00412\nx\ny");
  }
  for (const char* style : {"display:block", "font-size:11px", "font-size:1.2em", "opacity:0.9", "max-height:100%", "left:-3px", "font-size:large"}) {
    CAPTURE(style);
    CHECK(hidden("<div style='" + std::string(style) + "'>x</div>") == "");
  }
  CHECK(hidden("a<p hidden>b<p>c") == "b");
  CHECK(hidden("a<span hidden>b</span>c") == "b");
}

TEST_CASE("texts of attributes stand on a line of their own") {
  CHECK(norm("x <img alt='Jane Roe chart' src=a> y<br>z") == "x y\nJane Roe chart\nz");
  CHECK(hidden("x <img alt='Jane Roe chart' src=a> y<br>z") == "Jane Roe chart");
  CHECK(norm("123<img alt=''>-45") == "123-45");
  CHECK(norm("<input name=mrn value='00412345' placeholder=MRN>") == "00412345\nMRN");
  CHECK(norm("<a href='https://portal.example/v?patientId=00412&amp;dob=1961-04-12'>see</a>") == "see\npatientId=00412 dob=1961-04-12");
  CHECK(norm("<a href='mailto:jane.roe@mail.test?subject=MRN%2000412'>write</a>") == "write\njane.roe@mail.test\nsubject=MRN 00412");
  CHECK(norm("<a href='mailto:jane.roe@mail.test'>jane.roe@mail.test</a>") == "jane.roe@mail.test");
  CHECK(norm("<a href='https://www.clinic.example/'>site</a>") == "site");
}

TEST_CASE("the source of an attribute's text lies inside its value") {
  const std::string_view source = "<p>a<a href=\"https://x.example/?mrn=00412&#51;\">b</a></p>";
  const Text text = html(source);
  const auto at = static_cast<std::uint32_t>(text.norm.find("004123"));
  std::string covered;
  for (const Span span : text.map.source({at, at + 6})) covered += span.of(source);
  CHECK(covered == "00412&#51;");
}

TEST_CASE("hostile HTML takes linear time") {
  for (const char* piece : {"<div>", "<div hidden><p hidden>", "<a ", "<", "</", "<!--", "<p title=\"", "&", "&#", "<script>", "<table><tr><td>", "<img alt=aaaaaaaa>",
                            "<blockquote type=cite>", "<a href='?aaaaaaaaaaaaaaaa'>x</a>", "<p a a a a", "<textarea></"}) {
    CAPTURE(piece);
    const std::string source = repeat(piece, part_limit);
    const auto before = std::chrono::steady_clock::now();
    CHECK(html(source).norm.size() <= source.size());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    CHECK(took.count() < 10.0);  // well below a second as a rule; sanitizers and busy machines take more
  }
}

#include "text/zones.hpp"

#include <doctest/doctest.h>

#include <string>

#include "text/text.hpp"

using namespace phiscan;
using namespace phiscan::text;

namespace {

Text plain(std::string_view source) { return normalise_part({message::PartRef::Kind::body_text}, source, false); }
Text html(std::string_view source) { return normalise_part({message::PartRef::Kind::body_html}, source, true); }

// "new0", "quote1" ...: the zone in which `words` begin.
std::string zone_of(const Text& text, std::string_view words) {
  const std::size_t at = text.norm.find(words);
  if (at == std::string::npos) return "not found";
  const Zone& zone = text.zone_at(static_cast<std::uint32_t>(at));
  return to_string(zone.kind) + std::to_string(zone.depth);
}

void check_cover(const Text& text) {
  std::uint32_t at = 0;
  for (const Zone& zone : text.zones) {
    CHECK(zone.range.begin == at);
    CHECK(zone.range.end > zone.range.begin);
    at = zone.range.end;
  }
  CHECK(at == text.norm.size());
}

}  // namespace

TEST_CASE("quote marks give the depth and unmarked lines between them are answers") {
  const Text text = plain(
      "my words\n\nOn Tue, Mar 3, 2026 at 9:00 AM Front Desk\n<frontdesk@clinic.example> wrote:\n> first\n>\n> second\nmy answer\n> third\n>> older\n\n> > oldest\n");
  check_cover(text);
  CHECK(zone_of(text, "my words") == "new0");
  CHECK(zone_of(text, "On Tue") == "header1");
  CHECK(zone_of(text, "<frontdesk") == "header1");
  CHECK(zone_of(text, "first") == "quote1");
  CHECK(zone_of(text, "second") == "quote1");
  CHECK(zone_of(text, "my answer") == "new0");
  CHECK(zone_of(text, "third") == "quote1");
  CHECK(zone_of(text, "older") == "quote2");
  CHECK(zone_of(text, "oldest") == "quote2");
}

TEST_CASE("all that follows the opening of an earlier message is quoted") {
  const char* openings[] = {
      "-----Original Message-----\nFrom: Sam <s@clinic.example>\nSent: Tuesday\nTo: Maria\nSubject: labs\n\n",
      "________________________________\nFrom: Sam <s@clinic.example>\nSent: Tuesday\nTo: Maria; Ana;\n Jo\nSubject: labs\n\n",
      "From: Sam <s@clinic.example>\nDate: Tuesday\nTo: Maria\nSubject: labs\n\n",
      "*From:* Sam <s@clinic.example>\n*Sent:* Tuesday\n*To:* Maria\n\n",
      "De: Sam <s@clinic.example>\nEnviado: martes\nPara: Maria\nAsunto: citas\n\n",
      "Begin forwarded message:\n\nFrom: Sam <s@clinic.example>\nSubject: labs\nDate: Tuesday\nTo: Maria\n\n",
      "---------- Forwarded message ---------\nFrom: Sam <s@clinic.example>\nDate: Tue\nSubject: labs\nTo: <m@clinic.example>\n\n",
      "-------- Forwarded Message --------\nSubject: labs\nDate: Tue\nFrom: Sam <s@clinic.example>\nTo: m@clinic.example\n\n",
      "On Tue, Mar 3, 2026 at 9:00 AM Sam <s@clinic.example> wrote:\n\n",
      "El mar, 3 mar 2026 a las 9:14, Sam (<s@clinic.example>) escribi\u00F3:\n\n",
      "Le mar. 3 mars 2026 \u00E0 09:14, Sam <s@clinic.example> a \u00E9crit :\n\n",
      "Am 03.03.2026 um 09:14 schrieb Sam Lee:\n\n",
  };
  for (const char* opening : openings) {
    CAPTURE(opening);
    const Text text = plain(std::string("see below\n\n") + opening + "the old words\nmore of them\n");
    check_cover(text);
    CHECK(zone_of(text, "see below") == "new0");
    CHECK(zone_of(text, "the old words") == "quote1");
    CHECK(zone_of(text, "more of them") == "quote1");
    const std::size_t first = text.norm.find_first_not_of('\n', 11);
    CHECK(text.zone_at(static_cast<std::uint32_t>(first)).kind == ZoneKind::header);
    CHECK(text.zone_at(static_cast<std::uint32_t>(first)).depth == 1);
  }
}

TEST_CASE("each older message below another is one deeper") {
  const char* block = "From: Sam <s@clinic.example>\nSent: Tuesday\nTo: Maria\nSubject: labs\n\n";
  const Text text = plain(std::string("new\n\n") + block + "one\n\n" + block + "two\n\n" + block + "three\n");
  CHECK(zone_of(text, "one") == "quote1");
  CHECK(zone_of(text, "two") == "quote2");
  CHECK(zone_of(text, "three") == "quote3");
}

TEST_CASE("words that only look like the opening of a message do not quote the rest") {
  for (const char* line : {"On Monday the nurse wrote:", "From: Monday to Friday", "To: the front desk\nSubject: see me", "-----", "__________\nName", "El doctor escribio:"}) {
    CAPTURE(line);
    CHECK(zone_of(plain(std::string(line) + "\nthe words below\n"), "the words below") == "new0");
  }
}

TEST_CASE("the quote containers of mail programs are known") {
  const char* sources[] = {
      "new<div class=\"gmail_quote gmail_quote_container\"><div dir=ltr class=gmail_attr>On Tue, Mar 3, 2026 at 9:00 AM Sam &lt;<a "
      "href=\"mailto:s@clinic.example\">s@clinic.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"border-left:1px solid\"><div>old "
      "words</div></blockquote></div>after",
      "new<div class=\"moz-cite-prefix\">On 3/3/26 9:00 AM, Sam wrote:<br></div><blockquote type=\"cite\">old words</blockquote>after",
      "new<blockquote type=cite><div>old words</div></blockquote>after",
      "new<div class=yahoo_quoted><div>On Tuesday, March 3, 2026, 9:00 AM, Sam &lt;s@clinic.example&gt; wrote:</div><div>old words</div></div>after",
      "new<div class=protonmail_quote>old words</div>after",
  };
  for (const char* source : sources) {
    CAPTURE(source);
    const Text text = html(source);
    check_cover(text);
    CHECK(zone_of(text, "new") == "new0");
    CHECK(zone_of(text, "old words") == "quote1");
    CHECK(zone_of(text, "after") == "new0");
  }
}

TEST_CASE("Outlook's reply mark quotes the rest") {
  const Text text = html(
      "<div>new</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><font><b>From:</b> Sam &lt;s@clinic.example&gt;<br><b>Sent:</b> "
      "Tuesday<br><b>To:</b> Maria<br><b>Subject:</b> labs</font></div><div>old words</div>");
  check_cover(text);
  CHECK(zone_of(text, "new") == "new0");
  CHECK(zone_of(text, "From:") == "header1");
  CHECK(zone_of(text, "Subject:") == "quote1");
  CHECK(zone_of(text, "old words") == "quote1");

  const Text word = html(
      "<p class=MsoNormal>new</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Sam<br><b>Sent:</b> Tuesday<br>"
      "<b>To:</b> Maria<br><b>Subject:</b> labs</p></div><p class=MsoNormal>old words</p>");
  CHECK(zone_of(word, "old words") == "quote1");
}

TEST_CASE("signatures after the delimiter, after a closing and at the end are found") {
  const char* sources[] = {
      "See you at lunch.\n\n-- \nMaria Lopez, RN\nMain 202-555-0143\n",
      "See you at lunch.\n\nThanks,\nMaria Lopez, RN\nMain 202-555-0143\n",
      "See you at lunch.\n\nBest regards,\n\nMaria Lopez\nSunrise Family Practice\n\nMain 202-555-0143 | www.clinic.example\n",
      "See you at lunch.\n\nSaludos,\nMaria Lopez\nMain 202-555-0143\n",
      "See you at lunch.\n\nMaria Lopez, RN\nSunrise Family Practice\n123 Main Street, Suite 4\nMain 202-555-0143\nFax 202-555-0144\nNPI 1234567893\n",
  };
  for (const char* source : sources) {
    CAPTURE(source);
    const Text text = plain(source);
    check_cover(text);
    CHECK(zone_of(text, "See you") == "new0");
    CHECK(zone_of(text, "Maria Lopez") == "signature0");
    CHECK(zone_of(text, "Main 202") == "signature0");
  }
}

TEST_CASE("clinical text after a thank-you is not a signature") {
  const char* sources[] = {
      "Hello,\nThanks,\nMaria\nHer potassium came back 6.1 today.\n",
      "Hello,\n\nThanks,\n\nPatient: Jane Roe\nHer potassium came back 6.1 today.\n",
      "Thanks,\nHer potassium came back 6.1 today.\n",
      "Hello,\n\nThank you!\n\nJane Roe was admitted.\nHer potassium came back 6.1 today.\n",
      "Hello,\n\nBest,\nMaria\n\nPS: Her potassium came back 6.1 today.\n",
      "Hello,\n-- \nMaria\n\nP.S. Her potassium came back 6.1 today.\n",
      "Hello,\n-- \nMaria\n\nJane Roe DOB 4/12/1961\nHer potassium came back 6.1 today.\n",
  };
  for (const char* source : sources) {
    CAPTURE(source);
    CHECK(zone_of(plain(source), "Her potassium") == "new0");
  }
  CHECK(zone_of(plain("Jane Roe\n123 Main Street\n(202) 555-0143\n"), "Jane Roe") == "new0");
  CHECK(zone_of(plain("New patient for you.\n\nJane Roe\n123 Main Street\n(202) 555-0143\njane@mail.test\n"), "Jane Roe") == "new0");
}

TEST_CASE("marked signatures of HTML mail are found, a line about a patient inside them is not hidden") {
  for (const char* open : {"<div class=\"gmail_signature\" data-smartmail=\"gmail_signature\">", "<div id=\"Signature\">", "<pre class=\"moz-signature\">", "<div id=x_Signature>"}) {
    const Text text = html("<div>See you</div>" + std::string(open) + "<div>Maria</div><div>Main 202-555-0143</div><div>MRN 00412345</div>");
    CHECK(zone_of(text, "See you") == "new0");
    CHECK(zone_of(text, "Main") == "signature0");
    CHECK(zone_of(text, "MRN") == "new0");
  }
  CHECK(zone_of(plain("ok\n\nSent from my iPhone\n"), "Sent from") == "signature0");
  CHECK(zone_of(plain("ok\n\nEnviado desde mi iPhone\n"), "Enviado") == "signature0");
}

TEST_CASE("a signature inside a quote keeps its depth") {
  const Text text = plain("new\n\nOn Tue, Mar 3, 2026 at 9:00 AM Sam <s@clinic.example> wrote:\n> old words\n>\n> Thanks,\n> Sam Lee, MD\n> Fax 202-555-0144\n");
  CHECK(zone_of(text, "Sam Lee, MD") == "signature1");
}

TEST_CASE("notices and mailing footers are footers") {
  const char* notices[] = {
      "CONFIDENTIALITY NOTICE: This e-mail is confidential and intended only for the recipient. If you received this in error, delete it.",
      "CONFIDENTIALITY NOTICE\n\nThis e-mail may contain protected health information under HIPAA. Unauthorized disclosure is prohibited.",
      "AVISO DE CONFIDENCIALIDAD: Este correo es confidencial y est\u00E1 dirigido solo a su destinatario. Si lo recibi\u00F3 por error, elim\u00EDnelo.",
      "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
      "You are receiving this because you signed up.\nUnsubscribe | Manage preferences | View in browser",
      "Unsubscribe",
  };
  for (const char* notice : notices) {
    CAPTURE(notice);
    const Text text = plain(std::string("See you at lunch.\n\n") + notice + "\n");
    check_cover(text);
    CHECK(zone_of(text, "See you") == "new0");
    CHECK(text.zones.size() == 2);
    CHECK(text.zones.back().kind == ZoneKind::footer);
    const Text page = normalise_part({message::PartRef::Kind::attachment_text}, std::string("Page.\n\n") + notice, false);
    CHECK(zone_of(page, std::string_view(notice).substr(0, 6)) == "footer0");
  }
}

TEST_CASE("a mail does not lose its clinical text by calling itself confidential") {
  const char* sources[] = {
      "Please keep this confidential and delete it: Jane Roe has diabetes.",
      "Jane Roe, DOB 4/12/1961. This e-mail is confidential and intended only for the intended recipient.",
      "This e-mail is confidential. Jane Roe, DOB 4/12/1961. It is intended only for the intended recipient.",
      "Jane Roe\nThis e-mail is confidential and intended only for the recipient.",
      "HIPAA training is on Monday. Jane Roe will talk about protected health information.",
  };
  for (const char* source : sources) {
    CAPTURE(source);
    CHECK(zone_of(plain(source), "Jane Roe") == "new0");
  }
}

TEST_CASE("short parts have one zone and empty ones none") {
  CHECK(plain("").zones.empty());
  const Text subject = normalise_part({message::PartRef::Kind::subject}, "From: > a", false);
  REQUIRE(subject.zones.size() == 1);
  CHECK(subject.zones[0] == Zone{{0, 9}, ZoneKind::fresh, 0});
}

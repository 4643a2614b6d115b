#include "calendar.hpp"
#include "limits.hpp"
#include "mails.hpp"

using namespace phiscan::extract;

namespace {

Attachment only(const std::string& headers, const std::string& body) {
  const Mail mail = mails::read(mails::head + mails::multipart("mixed", {mails::part("Content-Type: text/plain", "see attached"), mails::part(headers, body)}));
  REQUIRE(mail.attachments.size() == 1);
  CHECK(mail.text == "see attached");
  return mail.attachments[0];
}

} // namespace

TEST_CASE("attachments have name, type, size and digest of their decoded bytes") {
  const Attachment a = only("Content-Type: application/pdf; name=\"labs.pdf\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment", "YWJj");
  CHECK(a.name == "labs.pdf");
  CHECK(a.media_type == "application/pdf");
  CHECK(a.size == 3);
  CHECK(a.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(a.unread == std::nullopt); // three letters are text, whatever the label
  const Attachment pdf = only("Content-Type: application/pdf\r\nContent-Disposition: attachment", "%PDF-1.7 hello");
  CHECK(pdf.unread == Why::unsupported);
  CHECK(pdf.text_parts.empty());
}

TEST_CASE("names are decoded from RFC 2231, RFC 2047 and raw bytes") {
  struct Row { const char* headers; const char* name; };
  const Row rows[] = {
      {"Content-Type: image/png\r\nContent-Disposition: attachment; filename*=utf-8''Pe%C3%B1a%20labs.png", "Peña labs.png"},
      {"Content-Type: image/png\r\nContent-Disposition: attachment; filename*0*=iso-8859-1''Pe%F1; filename*1=\"a.png\"", "Peña.png"},
      {"Content-Type: image/png\r\nContent-Disposition: attachment; filename=\"=?utf-8?Q?Pe=C3=B1a.png?=\"", "Peña.png"},
      {"Content-Type: image/png; name=\"=?iso-8859-1?B?UGXxYS5wbmc=?=\"", "Peña.png"},
      {"Content-Type: image/png; name=\"Peña.png\"", "Peña.png"},
      {"Content-Type: image/png\r\nContent-Disposition: attachment; filename=two words.png", "two words.png"},
      {"Content-Type: image/png\r\nContent-Disposition: attachment", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.headers);
    CHECK(only(row.headers, std::string("\x89PNG\x00\x01", 6)).name == row.name);
  }
}

TEST_CASE("text formats are read, by type or by file name") {
  struct Row { const char* headers; const char* body; const char* where; };
  const Row rows[] = {
      {"Content-Type: text/plain; name=notes.txt", "MRN 00412", "text"},
      {"Content-Type: text/html; name=page.html", "<b>MRN</b>", "html"},
      {"Content-Type: text/csv; name=list.csv", "name,mrn", "csv"},
      {"Content-Type: application/vnd.ms-excel; name=list.csv", "name,mrn", "csv"},
      {"Content-Type: application/octet-stream; name=LIST.CSV", "name,mrn", "csv"},
      {"Content-Type: text/plain; name=list.csv", "name,mrn", "csv"},
      {"Content-Type: application/json; name=a.json", "{\"a\":1}", "json"},
      {"Content-Type: application/fhir+json", "{\"a\":1}", "json"},
      {"Content-Type: application/xml", "<a/>", "xml"},
      {"Content-Type: application/hl7-v2; name=x.hl7", "MSH|^~\\&|", "text"},
      {"Content-Type: application/edi-x12", "ISA*00*", "text"},
      {"Content-Type: application/x-patch; name=x.diff", "+MRN 00412", "text"},
      {"Content-Type: application/octet-stream", "MRN 00412", "text"},
      {"Content-Type: text/plain\r\nContent-Disposition: attachment", "MRN 00412", "text"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.headers);
    const Attachment a = only(row.headers, row.body);
    REQUIRE(a.text_parts.size() == 1);
    CHECK(a.text_parts[0].where == row.where);
    CHECK(a.text_parts[0].text == row.body);
    CHECK(a.unread == std::nullopt);
  }
}

TEST_CASE("what cannot be read says why") {
  struct Row { const char* headers; std::string body; std::optional<Why> why; };
  const Row rows[] = {
      {"Content-Type: image/png; name=x.png", std::string("\x89PNG\0\0", 6), Why::unsupported},
      {"Content-Type: application/zip; name=x.zip", std::string("PK\3\4\0\0", 6), Why::unsupported},
      {"Content-Type: application/octet-stream; name=x.bin", std::string("\0\1\2", 3), Why::unsupported},
      {"Content-Type: application/rtf; name=x.rtf", "{\\rtf1 hi}", Why::unsupported},
      {"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIAG", Why::encrypted},
      {"Content-Type: application/pkcs7-mime; name=smime.p7m", "MIAG", Why::encrypted},
      {"Content-Type: application/x-microsoft-rpmsg-message; name=message.rpmsg", "v", Why::encrypted},
      {"Content-Type: application/pkcs7-signature; name=smime.p7s", "MIAG", std::nullopt},
      {"Content-Type: text/plain; name=x.txt", std::string(100, '\1'), Why::unreadable},
  };
  for (const Row& row : rows) {
    CAPTURE(row.headers);
    const Attachment a = only(row.headers, row.body);
    CHECK(a.unread == row.why);
    CHECK(a.text_parts.empty());
  }
}

TEST_CASE("a body inside a wrapper that is not read is a gap of the body") {
  const std::string note = mails::part("Content-Type: text/plain", "See below.");
  const std::string blank = mails::part("Content-Type: text/plain", " \r\n");
  const std::string tnef = mails::part("Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64", "eJ8+IgEA");
  const Gap gap{"body.text", Why::unsupported};
  const Mail signed_mail = mails::read(mails::head + "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHAqCA\r\n");
  CHECK(signed_mail.gaps == std::vector<Gap>{gap});
  REQUIRE(signed_mail.attachments.size() == 1);
  CHECK(signed_mail.attachments[0].unread == Why::unsupported);
  CHECK(mails::read(mails::head + mails::multipart("mixed", {blank, tnef})).gaps == std::vector<Gap>{gap});
  CHECK(mails::read(mails::head + mails::multipart("mixed", {note, tnef})).gaps.empty()); // the attachment's own gap is enough
  const Mail sealed = mails::read(mails::head + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIAG\r\n");
  CHECK(sealed.gaps.empty());
  CHECK(sealed.attachments.at(0).unread == Why::encrypted);
}

TEST_CASE("a spreadsheet export in UTF-16 is text") {
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("name,mrn")) wide += std::string{c, '\0'};
  const Attachment a = only("Content-Type: text/csv; name=x.csv\r\nContent-Transfer-Encoding: base64", mails::base64(wide));
  REQUIRE(a.text_parts.size() == 1);
  CHECK(a.text_parts[0].text == "name,mrn");
}

TEST_CASE("an encrypted mail is one encrypted attachment") {
  const Mail mail = mails::read(mails::head + mails::multipart("encrypted; protocol=\"application/pgp-encrypted\"",
                                                              {mails::part("Content-Type: application/pgp-encrypted", "Version: 1"),
                                                               mails::part("Content-Type: application/octet-stream; name=encrypted.asc", "-----BEGIN PGP MESSAGE-----")}));
  REQUIRE(mail.attachments.size() == 1);
  CHECK(mail.attachments[0].unread == Why::encrypted);
  CHECK(mail.attachments[0].name == "encrypted.asc");
}

TEST_CASE("an attached mail gives its header lines, its bodies and its own attachments") {
  const std::string inner = "From: Lab <lab@lab.example>\r\nTo: desk@clinic.example\r\nSubject: =?utf-8?Q?Pe=C3=B1a?= A1c\r\n" +
                            mails::multipart("mixed",
                                             {mails::multipart("alternative", {mails::part("Content-Type: text/plain", "A1c 8.2"), mails::part("Content-Type: text/html", "<p>A1c</p>")}, "b3"),
                                              mails::part("Content-Type: text/csv; name=rows.csv", "a,b"), mails::part("Content-Type: image/png; name=scan_roe.png", std::string("\x89PNG\0", 5))},
                                             "b2");
  for (const std::string headers : {"Content-Type: message/rfc822; name=fwd.eml", "Content-Type: application/octet-stream; name=fwd.eml"}) {
    CAPTURE(headers);
    const Attachment a = only(headers, inner);
    CHECK(a.name == "fwd.eml");
    CHECK(a.unread == Why::unsupported); // the image inside
    REQUIRE(a.text_parts.size() == 3);
    CHECK(a.text_parts[0].where == "message 1");
    CHECK(a.text_parts[0].text == "From: Lab <lab@lab.example>\nTo: desk@clinic.example\nSubject: Peña A1c\nAttachment: rows.csv\nAttachment: scan_roe.png\n\nA1c 8.2");
    CHECK(a.text_parts[1].where == "html message 1");
    CHECK(a.text_parts[1].text == "<p>A1c</p>");
    CHECK(a.text_parts[2].where == "csv of message 1");
    CHECK(a.size > 100);
    CHECK(a.sha256.size() == 64);
  }
}

TEST_CASE("mails within attached mails are numbered on") {
  const std::string deepest = "Subject: three\r\n\r\ndeepest";
  const std::string middle = "Subject: two\r\n" + mails::multipart("mixed", {mails::part("Content-Type: text/plain", "middle"), mails::part("Content-Type: message/rfc822", deepest)}, "b2");
  const Attachment a = only("Content-Type: message/rfc822", middle);
  REQUIRE(a.text_parts.size() == 2);
  CHECK(a.text_parts[0].where == "message 1");
  CHECK(a.text_parts[0].text == "Subject: two\n\nmiddle");
  CHECK(a.text_parts[1].where == "message 2");
  CHECK(a.text_parts[1].text == "Subject: three\n\ndeepest");
  CHECK(a.unread == std::nullopt);
}

TEST_CASE("a calendar tells its summary, place and people") {
  const Calendar c = read_calendar("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Oncology follow-\n up\\, Dana Roe\nLOCATION;LANGUAGE=en:Room 4\n"
                                   "DTSTART;TZID=\"US:East\":20261122T100000\nATTENDEE;CN=\"Roe, Dana\";RSVP=TRUE:mailto:dana@mail.test\n"
                                   "DESCRIPTION:line one\\nline two\nUID:1\nX-ALT-DESC;FMTTYPE=text/html:<p>hi</p>\nEND:VEVENT\nEND:VCALENDAR\n");
  CHECK(c.text == "SUMMARY: Oncology follow-up, Dana Roe\nLOCATION: Room 4\nDTSTART: 20261122T100000\nATTENDEE: Roe, Dana <dana@mail.test>\nDESCRIPTION: line one\nline two\n");
  CHECK(c.html == "<p>hi</p>\n");
  const Attachment a = only("Content-Type: text/calendar; method=REQUEST", "BEGIN:VEVENT\r\nSUMMARY:Visit\r\nATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA\r\nEND:VEVENT");
  REQUIRE(a.text_parts.size() == 1);
  CHECK(a.text_parts[0].where == "calendar");
  CHECK(a.text_parts[0].text == "SUMMARY: Visit\n");
  CHECK(a.unread == Why::unsupported);
}

TEST_CASE("a text attachment over the limit is read to the limit") {
  const Attachment a = only("Content-Type: text/csv; name=x.csv", std::string(limits::text_part_bytes + 100, 'x'));
  REQUIRE(a.text_parts.size() == 1);
  CHECK(a.text_parts[0].text.size() == limits::text_part_bytes);
  CHECK(a.size == limits::text_part_bytes + 100);
  CHECK(a.unread == Why::too_large);
}

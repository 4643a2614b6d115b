// Every offer does what it says: its edits are applied to the request as a client would apply them to a draft, and the scan that
// follows must find less, or fewer people to be wrong about. And every span names a piece of the source that a client can mark.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>

#include "corpus.hpp"
#include "rows.hpp"
#include "text/text.hpp"

namespace phiscan::test {
namespace {

bool is_boundary(std::string_view text, std::size_t at) { return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U; }

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

struct Place {
  std::size_t begin = 0, end = 0;
};

// A span of a report, after both of its forms agree with the source.
Place checked_place(const Json& request, const Json& span) {
  const std::string name = span.at("part");
  CAPTURE(name);
  const auto* source = part(request, name);
  REQUIRE(source != nullptr);
  const Place place{span.at("utf8")[0], span.at("utf8")[1]};
  REQUIRE(place.begin <= place.end);
  REQUIRE(place.end <= source->size());
  CHECK(is_boundary(*source, place.begin));
  CHECK(is_boundary(*source, place.end));
  CHECK(span.at("utf16")[0] == utf16_units(std::string_view(*source).substr(0, place.begin)));
  CHECK(span.at("utf16")[1] == utf16_units(std::string_view(*source).substr(0, place.end)));
  return place;
}

void apply_edits(Json& request, const Json& edits) {
  const Json before = request;
  std::map<std::string, std::vector<std::pair<Place, std::string>>> by_part;
  for (const auto& edit : edits) by_part[edit.at("part")].emplace_back(checked_place(before, edit), edit.at("replacement"));
  for (auto& [name, list] : by_part) {
    CAPTURE(name);
    for (std::size_t i = 1; i < list.size(); ++i) CHECK(list[i - 1].first.end <= list[i].first.begin);  // ascending, apart
    auto* source = part(request, name);
    REQUIRE(source != nullptr);
    for (auto edit = list.rbegin(); edit != list.rend(); ++edit) source->replace(edit->first.begin, edit->first.end - edit->first.begin, edit->second);
  }
}

void remove_at(Json& list, std::vector<std::size_t> indexes) {
  std::ranges::sort(indexes, std::greater{});
  for (const auto index : indexes) {
    REQUIRE(index < list.size());
    list.erase(index);
  }
}

Json with_offer(const Json& request, const Json& offer) {
  Json out = request;
  apply_edits(out, offer.at("edits"));
  const std::string kind = offer.at("kind");
  std::map<std::string, std::vector<std::size_t>> fields;
  for (const auto& recipient : offer.at("recipients")) fields[recipient.at("field")].push_back(recipient.at("index"));
  for (const auto& [field, indexes] : fields) {
    REQUIRE(out.contains(field));
    if (kind == "move_to_bcc") {
      for (const auto index : indexes) out["bcc"].push_back(out.at(field).at(index));
    }
    remove_at(out.at(field), indexes);
  }
  if (!offer.at("attachments").empty()) remove_at(out.at("attachments"), offer.at("attachments"));
  if (kind == "use_portal") {
    const auto& notice = offer.at("notice");
    out["subject"] = notice.at("subject");
    if (out.contains("body") && out.at("body").contains("html")) out["body"]["html"] = notice.at("html");
    out["body"]["text"] = notice.at("text");
    out.erase("attachments");
    out["compose"] = "new";
    out.erase("thread");
  }
  if (kind == "encrypt" && offer.at("subject_tag").is_string()) out["subject"] = std::string(offer.at("subject_tag")) + " " + out.value("subject", "");
  return out;
}

int action_rank(const Json& report) {
  static constexpr std::array<std::string_view, 5> order{"allow", "note", "confirm", "justify", "block"};
  return static_cast<int>(std::ranges::find(order, report.at("action_if_enforced").get<std::string>()) - order.begin());
}

std::size_t risky_recipients(const Json& report) {
  return static_cast<std::size_t>(std::ranges::count_if(report.at("recipients"), [](const Json& one) {
    return std::ranges::any_of(one.at("risks"), [](const Json& risk) { return risk != "first_time"; });
  }));
}

// What an offer promises, by its kind.
void check_offer(const Json& request, const Json& report, const Json& offer, const Engine& engine) {
  const std::string kind = offer.at("kind");
  CAPTURE(kind);
  const Json changed = with_offer(request, offer);
  const Json after = engine.scan(changed);
  const auto was = verdict(report);
  const auto is = verdict(after);
  CAPTURE(was);
  CAPTURE(is);
  const std::string action = report.at("action_if_enforced");
  const std::string action_after = after.at("action_if_enforced");
  CAPTURE(action);
  CAPTURE(action_after);
  if (kind == "redact" || kind == "trim_quote" || kind == "use_portal") {
    CHECK(content_rank(is.content) < content_rank(was.content));
    CHECK(action_rank(after) <= action_rank(report));  // a wrong address or an unread file may still ask
  } else if (kind == "remove_attachment") {
    const bool less = is.is_below(was) || after.at("gaps").size() < report.at("gaps").size();
    CHECK(less);
    CHECK(action_rank(after) <= action_rank(report));
  } else if (kind == "remove_recipient" || kind == "move_to_bcc") {
    CHECK(risky_recipients(after) < risky_recipients(report));
    CHECK(action_rank(after) <= action_rank(report));
  } else if (kind == "encrypt") {
    CHECK(test::offer(after, "encrypt") == nullptr);  // it is on now
    CHECK(is.same(was));
  } else {
    FAIL("an offer nobody knows");
  }
}

struct Case {
  std::string id;
  Json request;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> out;
    for (const auto& row : positives()) out.push_back({row.id, row.request});
    // The same mails as HTML, as mail programs write it.
    for (const auto& row : positives()) {
      if (!row.request.contains("body") || !row.request.at("body").contains("text")) continue;
      std::string html = "<html><body><div class=\"x\"><p><b>";
      for (const char c : row.request.at("body").at("text").get_ref<const std::string&>()) {
        switch (c) {
          case '<': html += "&lt;"; break;
          case '&': html += "&amp;"; break;
          case ' ': html += html.size() % 3 == 0 ? "&nbsp;" : " "; break;
          case '\n': html += "<br>\r\n"; break;
          case '4': html += "</b>4<b>"; break;
          default: html += c;
        }
      }
      Json request = row.request;
      request["body"]["html"] = html + "</b></p></div></body></html>";
      out.push_back({row.id + " as HTML", request});
    }
    for (const char* folder : {"phi", "recipients"}) {
      for (auto& mail : plain_corpus_mails(folder, 40)) out.push_back({mail.name, std::move(mail.request)});
    }
    return out;
  }();
  return all;
}

TEST_CASE("every offer, applied, leaves less to worry about") {
  std::map<std::string, int> seen;
  for (const auto& one : cases()) {
    CAPTURE(one.id);
    for (const Engine* engine : {&no_policy(), &clinic()}) {
      const Json report = engine->scan(one.request);
      for (const auto& offer : report.at("offers")) {
        ++seen[offer.at("kind")];
        check_offer(one.request, report, offer, *engine);
      }
    }
  }
  // Each kind had its chance, or this test proves little.
  for (const char* kind : {"use_portal", "encrypt", "redact", "remove_recipient", "move_to_bcc", "trim_quote"}) {
    CAPTURE(kind);
    CHECK(seen[kind] > 0);
  }
}

TEST_CASE("a file whose name or text names the patient can be taken off") {
  Json request = mail("kim@acme.example", "list", "The list is attached.");
  request["attachments"] = {{{"name", "menu.txt"}, {"text_parts", {{{"where", "text"}, {"text", "Soup and bread"}}}}},
                            {{"name", "labs.csv"}, {"text_parts", {{{"where", "text"}, {"text", "MRN,Last,First,DOB,Dx\n0041234,Roe,Janet,04/12/1961,E11.9\n0041235,Okafor,Ben,05/02/1957,I10\n"}}}}}};
  const Json report = clinic().scan(request);
  REQUIRE(report.at("content") == "phi");
  const auto* found = offer(report, "remove_attachment");
  REQUIRE(found != nullptr);
  CHECK(found->at("attachments") == Json::array({1}));
  check_offer(request, report, *found, clinic());
}

TEST_CASE("a portal notice tells nothing and passes") {
  for (const char* locale : {"en", "es"}) {
    for (const auto& row : positives()) {
      Json request = row.request;
      request["locale"] = locale;
      const Json report = clinic().scan(request);
      const auto* portal = offer(report, "use_portal");
      if (portal == nullptr) continue;
      CAPTURE(row.id);
      const Json after = clinic().scan(with_offer(request, *portal));
      CHECK(after.at("content") == "none");
    }
  }
}

TEST_CASE("offers name only parts that a client can change") {
  for (const auto& one : cases()) {
    CAPTURE(one.id);
    const Json report = clinic().scan(one.request);
    for (const auto& offer : report.at("offers")) {
      for (const auto& edit : offer.at("edits")) {
        const std::string name = edit.at("part");
        CHECK((name == "subject" || name == "body.html" || name == "body.text" || (name.starts_with("attachments/") && name.ends_with("/name"))));
        const std::string replacement = edit.at("replacement");
        CHECK(replacement.find('<') == std::string::npos);
        CHECK(replacement.size() < 80);
      }
    }
  }
}

// A piece of HTML source inside one run of character data: no tag, no half of an entity.
bool is_inside_a_run(const std::string& source, Place place) {
  const std::string_view piece = std::string_view(source).substr(place.begin, place.end - place.begin);
  if (piece.find('<') != std::string_view::npos || piece.find('>') != std::string_view::npos) return false;
  const auto half = piece.rfind('&');
  if (half != std::string_view::npos && piece.find(';', half) == std::string_view::npos) return false;
  // Before the piece: no entity is open.
  const auto opened = source.rfind('&', place.begin == 0 ? 0 : place.begin - 1);
  if (opened != std::string::npos && opened < place.begin && place.begin - opened < 10) {
    const auto closed = source.find(';', opened);
    if (closed != std::string::npos && closed >= place.begin && source.substr(opened + 1, place.begin - opened - 1).find_first_not_of("#0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos)
      return false;
  }
  return true;
}

// What the pieces of a finding read as, together.
std::string read_as(const Json& request, const Json& finding) {
  std::string out;
  for (const auto& span : finding.at("spans")) {
    const std::string name = span.at("part");
    const auto* source = part(request, name);
    const Place place = checked_place(request, span);
    out += text::normalise_part({}, std::string_view(*source).substr(place.begin, place.end - place.begin), name == "body.html").norm;
  }
  return out;
}

TEST_CASE("the spans of a finding lie in the source and read as something") {
  std::size_t seen = 0;
  for (const auto& one : cases()) {
    CAPTURE(one.id);
    const Json report = no_policy().scan(one.request);
    for (const auto& finding : report.at("findings")) {
      const std::string rule = finding.at("rule");
      CAPTURE(rule);
      REQUIRE_FALSE(finding.at("spans").empty());
      for (const auto& span : finding.at("spans")) {
        const Place place = checked_place(one.request, span);
        CHECK(place.begin < place.end);
        if (span.at("part") == "body.html") CHECK(is_inside_a_run(*part(one.request, "body.html"), place));
      }
      const std::string read = read_as(one.request, finding);
      CAPTURE(read);
      CHECK(std::ranges::any_of(read, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }));
      if (finding.at("kind") == "identity" || finding.at("kind") == "health") {
        CHECK(std::string_view(" \n\t,;").find(read.front()) == std::string_view::npos);
        CHECK(std::string_view(" \n\t").find(read.back()) == std::string_view::npos);
      }
      ++seen;
    }
  }
  CHECK(seen > 300);
}

TEST_CASE("a value split by markup and entities comes back as its pieces") {
  Json request = mail("kim@acme.example", "x", "");
  request["body"] = {{"html", "<p>Patient J&aacute;n&#101;t <b>Roe</b>, MRN <b>004</b>12<span>345</span> \xF0\x9F\x98\x80, DOB 04&#47;12&#x2F;19<wbr>61, asthma.</p>"}};
  const Json report = no_policy().scan(request);
  std::map<std::string, std::string> values;
  for (const auto& finding : report.at("findings")) values[finding.at("label")] = read_as(request, finding);
  CHECK(values["mrn"] == "00412345");
  CHECK(values["date_of_birth"] == "04/12/1961");
}

TEST_CASE("UTF-16 places are right behind characters outside the first plane") {
  for (const std::string before : {"\xF0\x9F\x98\x80 ", "\xC3\xA9 ", "\xE6\x97\xA5 ", "\xF0\x9D\x9F\x99 "}) {
    CAPTURE(before);
    const Json request = mail("kim@acme.example", "x", before + before + "Patient Janet Roe, MRN 00412345, asthma");
    const Json report = no_policy().scan(request);
    for (const auto& finding : report.at("findings")) {
      for (const auto& span : finding.at("spans")) (void)checked_place(request, span);
    }
  }
}

}  // namespace
}  // namespace phiscan::test

#include "render.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "marks.hpp"
#include "view.hpp"

namespace phiscan::cli {
using Json = nlohmann::json;
namespace {

Tone tone_of(std::string_view action) {
  if (action == "allow") return Tone::green;
  if (action == "note") return Tone::blue;
  if (action == "confirm") return Tone::yellow;
  if (action == "justify") return Tone::red;
  return Tone::alarm;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

std::string spaced(std::string_view word) {
  std::string out(word);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string class_words(std::string_view type) {
  if (type == "own") return "your organization";
  if (type == "partner") return "partner";
  if (type == "direct") return "Direct address";
  if (type == "consumer") return "private mailbox";
  if (type == "unknown") return "outside";
  if (type == "list") return "mailing list";
  if (type == "gateway") return "gateway";
  if (type == "ticket") return "ticket system";
  if (type == "disposable") return "throw-away address";
  if (type == "invalid") return "not a valid address";
  return spaced(type);
}

std::string joined(const Json& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : std::string(between)) + spaced(word.get<std::string>());
  return out;
}

std::string mailbox(const Json& address) {
  if (!address.is_object()) return "?";
  const auto name = printable(address.value("name", ""));
  const auto at = printable(address.value("address", ""));
  if (name.empty()) return at.empty() ? "(no address)" : at;
  return at.empty() ? name : name + " <" + at + ">";
}

class Page {
 public:
  Page(const Outcome& outcome, const Style& style, bool all)
      : outcome_(outcome), style_(style), all_(all), request_(Json::parse(outcome.request, nullptr, false)), report_(Json::parse(outcome.report.json)) {
    parts_ = parts_of(request_);
  }

  std::string run() {
    head();
    const auto action = report_.value("action", "");
    if (action == "allow" && !all_ && report_.value("action_if_enforced", "") == "allow") return out_;  // one line is enough
    envelope();
    text();
    gaps();
    why();
    offers();
    return out_ + "\n";
  }

 private:
  void put(std::string_view line) { (out_ += line) += '\n'; }
  void heading(std::string_view word) { put(" " + style_(Tone::bold, word)); }

  void head() {
    const auto action = report_.value("action", "");
    const auto enforced = report_.value("action_if_enforced", "");
    auto source = printable(outcome_.source);
    if (outcome_.index > 0) source += " #" + std::to_string(outcome_.index + 1);
    std::string line = style_(tone_of(action), padded(upper(action), 7)) + "  " + style_(Tone::bold, source);
    if (action == "allow" && enforced == "allow") {
      out_ += line + style_(Tone::dim, "  " + report_.value("content", "")) + "\n";
      return;
    }
    put(line);
    put(" " + style_(Tone::bold, printable(report_.value("/text/title"_json_pointer, ""))));
    std::string facts = report_.value("content", "");
    if (const int severity = report_.value("severity", 0); severity > 0) facts += ", severity " + std::to_string(severity) + " of 4";
    char confidence[32];
    std::snprintf(confidence, sizeof confidence, ", %.0f%% sure", 100 * report_.value("confidence", 0.0));
    if (facts != "none") facts += confidence;
    if (const auto& categories = report_["categories"]; !categories.empty()) facts += ": " + joined(categories, ", ");
    if (enforced != action) facts += "; " + enforced + " if enforced";
    put(" " + style_(Tone::dim, facts));
  }

  void envelope() {
    put("  From     " + mailbox(request_.value("from", Json::object())));
    for (const auto* field : {"to", "cc", "bcc"}) {
      const auto list = request_.value(field, Json::array());
      constexpr std::size_t most = 8;
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (i == most && !all_) {
          put("           and " + std::to_string(list.size() - most) + " more");
          break;
        }
        std::string name = i == 0 ? field : "";
        if (!name.empty()) name[0] = static_cast<char>(name[0] - 32);
        put("  " + padded(name, 9) + mailbox(list[i]) + assessment(field, i));
      }
    }
  }

  std::string assessment(std::string_view field, std::size_t index) const {
    for (const auto& one : report_.value("recipients", Json::array())) {
      if (one.value("field", "") != field || one.value("index", std::size_t{0}) != index || one.contains("member")) continue;
      auto out = style_(Tone::dim, "  " + class_words(one.value("class", "")));
      if (const auto risks = one.value("risks", Json::array()); !risks.empty()) out += "  " + style_(Tone::red, joined(risks, ", "));
      return out;
    }
    return "";
  }

  void text() {
    const Marks marks(report_, all_);
    std::set<std::string> shown;
    for (const auto& part : parts_) {
      // The same text twice: the form with more to show.
      if (part.name == "body.html" && marks.count("body.text") >= marks.count("body.html") && marks.count("body.text") > 0) continue;
      if (part.name == "body.text" && marks.count("body.html") > marks.count("body.text")) continue;
      const bool is_subject = part.name == "subject";
      if (is_subject) {
        put("  " + padded("Subject", 9) + marks.line(view_of(part), part.name, style_));
        continue;
      }
      if (marks.count(part.name) == 0 && !all_) continue;
      const auto excerpt = marks.excerpt(view_of(part), part.name, style_, all_);
      if (excerpt.empty()) continue;
      put("  " + style_(Tone::dim, printable(part.title)));
      out_ += excerpt;
    }
  }

  void gaps() {
    const auto gaps = report_.value("gaps", Json::array());
    if (gaps.empty()) return;
    heading("Not checked");
    for (const auto& gap : gaps) {
      const auto part = gap.value("part", "");
      put("   " + place(part) + ": " + spaced(gap.value("why", "")));
    }
  }

  // A part name as a person would say it.
  std::string place(const std::string& part) const {
    if (part == "message") return "the mail";
    if (part.starts_with("body")) return "the text";
    if (part.starts_with("attachments/")) {
      std::size_t index = 0;
      std::from_chars(part.data() + 12, part.data() + part.size(), index);
      return attachment_name(index);
    }
    return part;
  }

  std::string attachment_name(std::size_t index) const {
    const auto attachments = request_.value("attachments", Json::array());
    if (index < attachments.size()) {
      if (const auto name = attachments[index].value("name", ""); !name.empty()) return printable(name);
    }
    return "attachment " + std::to_string(index + 1);
  }

  void why() {
    const auto lines = report_.value("/text/lines"_json_pointer, Json::array());
    if (lines.empty()) return;
    heading("Why");
    for (const auto& line : lines) put("   - " + filled(line.value("text", "")));
  }

  // {recipient:to/0} {attachment:0} {finding:0} with the caller's own words.
  std::string filled(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const auto open = text.find('{');
      out += printable(text.substr(0, open));
      if (open == std::string_view::npos) break;
      const auto close = text.find('}', open);
      if (close == std::string_view::npos) {
        out += printable(text.substr(open));
        break;
      }
      out += style_(Tone::bold, value_of(text.substr(open + 1, close - open - 1)));
      text.remove_prefix(close + 1);
    }
    return out;
  }

  std::string value_of(std::string_view placeholder) const {
    const auto colon = placeholder.find(':');
    if (colon == std::string_view::npos) return std::string(placeholder);
    const auto kind = placeholder.substr(0, colon);
    auto rest = placeholder.substr(colon + 1);
    std::string field;
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
      field = rest.substr(0, slash);
      rest = rest.substr(slash + 1);
    }
    std::size_t index = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), index);
    if (kind == "attachment") return attachment_name(index);
    if (kind == "recipient") {
      const auto list = request_.value(field, Json::array());
      return index < list.size() ? mailbox(list[index]) : "this address";
    }
    if (kind == "finding") {
      const auto findings = report_.value("findings", Json::array());
      return index < findings.size() ? source_text(findings[index].value("spans", Json::array())) : "this";
    }
    return std::string(placeholder);
  }

  std::string source_text(const Json& spans) const {
    std::string out;
    for (const auto& span : spans) {
      const auto part = std::find_if(parts_.begin(), parts_.end(), [&](const Part& one) { return one.name == span.value("part", ""); });
      if (part == parts_.end()) continue;
      const auto begin = std::min(span.at("utf8").at(0).get<std::size_t>(), part->source.size());
      const auto end = std::clamp(span.at("utf8").at(1).get<std::size_t>(), begin, part->source.size());
      Part piece = *part;
      piece.source = part->source.substr(begin, end - begin);
      out += view_of(piece).text;
    }
    return out.empty() ? "this" : printable(out);
  }

  void offers() {
    const auto offers = report_.value("offers", Json::array());
    if (offers.empty()) return;
    heading("What you can do");
    std::size_t number = 0;
    for (const auto& offer : offers) {
      const auto kind = offer.value("kind", "");
      const auto words = report_.value(Json::json_pointer("/text/offers/" + kind), spaced(kind));
      put("   " + std::to_string(++number) + ". " + filled(words));
      preview(offer, words.find("{recipient:") == std::string::npos, words.find("{attachment:") == std::string::npos);
    }
  }

  void preview(const Json& offer, bool names_recipients, bool names_attachments) {
    const auto detail = [&](const std::string& line) { put("        " + style_(Tone::dim, line)); };
    if (const auto& notice = offer["notice"]; notice.is_object()) detail("the mail becomes: " + printable(notice.value("subject", "")));
    if (offer["url"].is_string()) detail("opens " + printable(offer["url"].get<std::string>()));
    if (const auto& header = offer["header"]; header.is_object()) detail("adds the header " + printable(header.value("name", "")) + ": " + printable(header.value("value", "")));
    if (offer["subject_tag"].is_string()) detail("the subject begins with " + printable(offer["subject_tag"].get<std::string>()));
    for (const auto& recipient : names_recipients ? offer.value("recipients", Json::array()) : Json::array()) {
      const auto list = request_.value(recipient.value("field", "to"), Json::array());
      const auto index = recipient.value("index", std::size_t{0});
      if (index < list.size()) detail(mailbox(list[index]));
    }
    for (const auto& attachment : names_attachments ? offer.value("attachments", Json::array()) : Json::array()) detail(attachment_name(attachment.get<std::size_t>()));
    edits(offer.value("edits", Json::array()));
  }

  void edits(const Json& edits) {
    const auto detail = [&](const std::string& line) { put("        " + style_(Tone::dim, line)); };
    for (const auto& part : parts_) {
      if (part.name != "subject" && !part.name.ends_with("/name")) continue;
      if (const auto changed = edited(part, edits)) detail((part.name == "subject" ? "subject: " : "file name: ") + printable(*changed));
    }
    // In the texts: what becomes of each place, the same one once.
    std::set<std::string> seen;
    std::size_t more = 0;
    for (const auto& edit : edits) {
      const auto part = edit.value("part", "");
      if (part == "subject" || part.ends_with("/name")) continue;
      auto old = source_text(Json::array({edit}));
      if (old.size() > 60) old = std::to_string(std::count(old.begin(), old.end(), ' ') + 1) + " words";
      const auto replacement = printable(edit.value("replacement", ""));
      const auto line = replacement.empty() ? "removes " + old : old + " -> " + replacement;
      if (!seen.insert(line).second) continue;
      seen.size() <= 6 ? detail(line) : static_cast<void>(++more);
    }
    if (more > 0) detail("and " + std::to_string(more) + " more");
  }

  static std::optional<std::string> edited(const Part& part, const Json& edits) {
    std::string out(part.source);
    bool is_changed = false;
    for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {  // from the end, so that positions stay true
      if (edit->value("part", "") != part.name) continue;
      const auto begin = (*edit)["utf8"][0].get<std::size_t>();
      const auto end = (*edit)["utf8"][1].get<std::size_t>();
      if (begin > end || end > out.size()) return std::nullopt;
      out.replace(begin, end - begin, edit->value("replacement", ""));
      is_changed = true;
    }
    return is_changed ? std::optional(out) : std::nullopt;
  }

  const Outcome& outcome_;
  const Style& style_;
  bool all_;
  Json request_;
  Json report_;
  std::vector<Part> parts_;
  std::string out_;
};

}  // namespace

std::string render(const Outcome& outcome, const Style& style, bool all) {
  if (!outcome.failure) return Page(outcome, style, all).run();
  auto source = printable(outcome.source);
  if (outcome.index > 0) source += " #" + std::to_string(outcome.index + 1);
  return style(Tone::alarm, "FAILED ") + "  " + style(Tone::bold, source) + "\n " + sentence("", *outcome.failure) + "\n";
}

void ScanTally::count(const Outcome& outcome) {
  ++mails;
  if (outcome.failure) {
    ++failed;
    return;
  }
  worst = std::max(worst, outcome.report.action);
  ++actions[outcome.report.action];
  if (!outcome.content.empty()) ++contents[outcome.content];
  incomplete += outcome.is_complete ? 0 : 1;
}

std::string ScanTally::table(const Style& style) const {
  constexpr std::string_view words[] = {"none", "allow", "note", "confirm", "justify", "block"};
  std::string out = "\n" + style(Tone::bold, std::to_string(mails) + " mails") + "\n";
  for (const auto& [action, count] : actions) {
    const auto word = words[static_cast<std::size_t>(action)];
    out += "  " + style(tone_of(word), padded(word, 10)) + std::to_string(count) + "\n";
  }
  if (failed > 0) out += "  " + style(Tone::alarm, padded("failed", 10)) + std::to_string(failed) + "\n";
  std::string content;
  for (const auto& [word, count] : contents) content += (content.empty() ? "" : ", ") + std::to_string(count) + " " + word;
  if (!content.empty()) out += "  " + style(Tone::dim, "content: " + content) + "\n";
  if (incomplete > 0) out += "  " + style(Tone::dim, std::to_string(incomplete) + (incomplete == 1 ? " was" : " were") + " not checked completely") + "\n";
  return out;
}

}  // namespace phiscan::cli

#include "report/report.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <phiscan/phiscan.h>

#include "decide/edits.hpp"
#include "report/json_writer.hpp"
#include "report/sentences.hpp"

namespace phiscan::report {
namespace {

// UTF-16 offsets of byte offsets in one source string: the same in ASCII. Else a mark every 128 bytes makes any order of questions cheap.
class Utf16 {
 public:
  explicit Utf16(std::string_view source) : source_(source), is_ascii_(text::utf16_length(source) == source.size()) {}

  [[nodiscard]] std::uint32_t at(std::uint32_t byte) {
    const std::size_t wanted = std::min<std::size_t>(byte, source_.size());
    if (is_ascii_) return static_cast<std::uint32_t>(wanted);
    while (marks_.size() * step <= wanted) {
      const std::size_t begin = (marks_.size() - 1) * step;
      marks_.push_back(marks_.back() + text::utf16_length(source_.substr(begin, step)));
    }
    const std::size_t mark = wanted / step;
    return marks_[mark] + text::utf16_length(source_.substr(mark * step, wanted - mark * step));
  }

 private:
  static constexpr std::size_t step = 128;
  std::string_view source_;
  bool is_ascii_;
  std::vector<std::uint32_t> marks_{0};
};

// "[12,19]"
class Range {
 public:
  explicit Range(Span span) {
    bytes_[0] = '[';
    char* at = std::to_chars(bytes_.data() + 1, bytes_.data() + bytes_.size(), span.begin).ptr;
    *at++ = ',';
    at = std::to_chars(at, bytes_.data() + bytes_.size(), span.end).ptr;
    *at++ = ']';
    size_ = static_cast<std::size_t>(at - bytes_.data());
  }
  [[nodiscard]] std::string_view json() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 24> bytes_;  // two numbers of ten digits, and three more
  std::size_t size_ = 0;
};

constexpr std::string_view engine_version() {
#define PHISCAN_QUOTE_(x) #x
#define PHISCAN_QUOTE(x) PHISCAN_QUOTE_(x)
  return PHISCAN_QUOTE(PHISCAN_VERSION_MAJOR) "." PHISCAN_QUOTE(PHISCAN_VERSION_MINOR) "." PHISCAN_QUOTE(PHISCAN_VERSION_PATCH);
#undef PHISCAN_QUOTE
#undef PHISCAN_QUOTE_
}

// The words of contract §1 and what phiscan-extract names besides; a client's own words could quote the mail.
std::string_view safe_part(std::string_view part) {
  constexpr std::string_view known[] = {"subject", "body", "body.html", "body.text", "headers", "message"};
  if (std::ranges::find(known, part) != std::end(known)) return part;
  std::string_view rest = part;
  const auto eat = [&](std::string_view word) {
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
  };
  const auto eat_number = [&] {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(digits);
    return digits > 0 && digits <= 9;
  };
  if (!eat("attachments/") || !eat_number()) return "message";
  if (rest.empty() || rest == "/name") return part;
  return eat("/text_parts/") && eat_number() && rest.empty() ? part : "message";
}

class Composer {
 public:
  Composer(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts,
           const score::Findings& findings, const recipients::Risks& risks, const decide::Decision& decision)
      : pack_(pack), policy_(policy), message_(message), texts_(texts), findings_(findings), risks_(risks), decision_(decision) {}

  std::string run() {
    out_.reserve(4096 + findings_.findings.size() * 320);
    out_.begin_object();
    out_.key("schema").text("phiscan.report/1");
    out_.key("engine").text(engine_version());
    out_.key("content").text(to_string(findings_.content));
    out_.key("severity").number(static_cast<std::uint64_t>(std::clamp(findings_.severity, 0, 4)));
    out_.key("confidence").hundredths(findings_.confidence);
    out_.key("categories").begin_array();
    for (const auto category : findings_.categories) out_.text(to_string(category));
    out_.end_array();
    out_.key("action").text(to_string(decision_.action));
    out_.key("action_if_enforced").text(to_string(decision_.if_enforced));
    out_.key("complete").boolean(decision_.complete);
    gaps();
    const auto listed = list_findings();
    out_.key("persons").begin_object();
    out_.key("patients").number(findings_.persons.size());
    out_.key("staff").number(findings_.staff);
    out_.end_object();
    recipients();
    offers();
    sentences(listed);
    out_.key("fingerprint").text(decision_.fingerprint);
    out_.key("inputs_sha256").text(message_.inputs_sha256);
    document("pack", pack_.id, pack_.version, pack_.sha256);
    document("policy", policy_.id, policy_.version, policy_.sha256);
    out_.key("warnings").begin_array();
    for (const auto& warning : message_.warnings) out_.text(warning);
    out_.end_array();
    if (message_.explain) explain();
    out_.end_object();
    return out_.take();
  }

 private:
  void document(std::string_view name, std::string_view id, std::string_view version, std::string_view sha256) {
    out_.key(name).begin_object();
    out_.key("id").text(id);
    out_.key("version").text(version);
    out_.key("sha256").text(sha256);
    out_.end_object();
  }

  void gaps() {
    out_.key("gaps").begin_array();
    for (const auto& gap : decision_.gaps) {
      out_.begin_object();
      out_.key("part").text(safe_part(gap.part));
      out_.key("why").text(message::to_string(gap.why));
      out_.end_object();
    }
    out_.end_array();
  }

  void position(message::PartRef part, Span source) {
    if (source_ == nullptr || part != source_part_) {
      auto at = sources_.find(part);
      if (at == sources_.end()) {
        const auto* text = message_.source(part);
        JsonWriter out;
        out.key("part").word(message::to_string(part));
        out.key("utf8");
        at = sources_.emplace(part, Source{out.take(), Utf16(text != nullptr ? std::string_view(*text) : std::string_view())}).first;
      }
      source_ = &at->second;
      source_part_ = part;
    }
    const Span utf16{source_->utf16.at(source.begin), source_->utf16.at(source.end)};
    const Range range(source);
    out_.as_is(source_->part_and_utf8);
    out_.as_value(range.json());
    out_.key("utf16").as_is(utf16 == source ? range.json() : Range(utf16).json());
  }

  // "rule" to "category", which the findings of one rule mostly share. Good until the next call.
  std::string_view first_members(const score::Finding& finding) {
    if (first_members_.size() <= finding.rule) first_members_.resize(std::size_t{finding.rule} + 1);
    auto& known = first_members_[finding.rule];
    const auto suppressed_by = finding.counted ? std::string_view() : finding.suppressed_by;
    if (known.json.empty() || known.label != finding.label || known.kind != finding.kind || known.counted != finding.counted || known.suppressed_by != suppressed_by ||
        known.category != finding.category) {
      JsonWriter out;
      out.key("rule").text(finding.rule < pack_.rules.size() ? std::string_view(pack_.rules[finding.rule].id) : std::string_view());
      out.key("label").word(to_string(finding.label));
      out.key("kind").word(to_string(finding.kind));
      out.key("counted").boolean(finding.counted);
      out.key("suppressed_by").text_or_null(suppressed_by);
      out.key("category");
      if (finding.category) out.word(to_string(*finding.category));
      else out.null();
      known = {finding.label, finding.kind, finding.counted, suppressed_by, finding.category, out.take()};
    }
    return known.json;
  }

  // "zone" to "reasons", of which there are few different ones. Good until the next call.
  std::string_view last_members(const score::Finding& finding) {
    auto& known = last_members_[static_cast<std::size_t>(JsonWriter::rounded(finding.confidence))];
    if (known.json.empty() || known.zone != finding.zone || known.reasons != finding.reasons) {
      JsonWriter out;
      out.key("zone").word(text::to_string(finding.zone));
      out.key("confidence").hundredths(finding.confidence);
      out.key("reasons").begin_array();
      finding.reasons.each([&](score::Reason reason) { out.word(score::to_string(reason)); });
      out.end_array();
      known = {finding.zone, finding.reasons, out.take()};
    }
    return known.json;
  }

  std::vector<std::optional<std::uint32_t>> list_findings() {
    std::vector<std::optional<std::uint32_t>> listed(findings_.findings.size());
    std::vector<Span> spans;
    std::uint32_t count = 0;
    out_.key("findings").begin_array();
    for (std::size_t i = 0; i < findings_.findings.size(); ++i) {
      const auto& finding = findings_.findings[i];
      // Context ("your", "lorem ipsum") is a reason, not something found.
      if (finding.kind == Kind::context || finding.text >= texts_.size()) continue;
      listed[i] = count++;
      const auto& text = texts_[finding.text];
      out_.begin_object();
      out_.as_is(first_members(finding));
      out_.key("person");
      if (finding.person) out_.number(*finding.person);
      else out_.null();
      out_.as_is(last_members(finding));
      out_.key("spans").begin_array();
      decide::source_spans(text, finding.value, spans);
      for (const Span span : spans) {
        out_.begin_object();
        position(text.part, span);
        out_.end_object();
      }
      out_.end_array();
      out_.end_object();
    }
    out_.end_array();
    return listed;
  }

  void recipients() {
    out_.key("recipients").begin_array();
    for (const auto& recipient : risks_.recipients) {
      out_.begin_object();
      out_.key("field").text(message::to_string(recipient.field));
      out_.key("index").number(recipient.index);
      if (recipient.member) out_.key("member").number(*recipient.member);
      out_.key("class").text(to_string(recipient.type));
      out_.key("risks").begin_array();
      for (const auto risk : recipient.risks) out_.text(to_string(risk));
      out_.end_array();
      if (recipient.partner) {  // the policy's own words, none of the mail's
        const auto& partner = policy_.partners[*recipient.partner];
        out_.key("partner").begin_object();
        out_.key("name").text(partner.name);
        out_.key("baa").boolean(partner.baa);
        out_.key("baa_expires").text_or_null(partner.baa_expires ? to_iso(*partner.baa_expires) : std::string());
        out_.key("channel").text(rules::to_string(partner.channel));
        out_.end_object();
      }
      out_.end_object();
    }
    out_.end_array();
  }

  void offers() {
    out_.key("offers").begin_array();
    for (const auto& offer : decision_.offers) {
      out_.begin_object();
      out_.key("kind").text(decide::to_string(offer.kind));
      out_.key("edits").begin_array();
      for (const auto& edit : offer.edits) {
        out_.begin_object();
        position(edit.part, edit.source);
        out_.key("replacement").text(edit.replacement);
        out_.end_object();
      }
      out_.end_array();
      out_.key("recipients").begin_array();
      for (const auto& recipient : offer.recipients) {
        out_.begin_object();
        out_.key("field").text(message::to_string(recipient.field));
        out_.key("index").number(recipient.index);
        out_.end_object();
      }
      out_.end_array();
      out_.key("attachments").begin_array();
      for (const auto index : offer.attachments) out_.number(index);
      out_.end_array();
      out_.key("header");
      if (offer.header_name.empty()) {
        out_.null();
      } else {
        out_.begin_object();
        out_.key("name").text(offer.header_name);
        out_.key("value").text(offer.header_value);
        out_.end_object();
      }
      out_.key("subject_tag").text_or_null(offer.subject_tag);
      out_.key("notice");
      if (offer.notices.empty()) {
        out_.null();
      } else {
        const auto& notice = offer.notices.front();
        out_.begin_object();
        out_.key("lang").text(notice.lang);
        out_.key("subject").text(notice.subject);
        out_.key("text").text(notice.text);
        out_.key("html").text(notice.html);
        out_.end_object();
      }
      out_.key("url").text_or_null(offer.url);
      out_.end_object();
    }
    out_.end_array();
  }

  void sentences(const std::vector<std::optional<std::uint32_t>>& listed) {
    const auto words = speak(pack_, policy_, message_, texts_, findings_, risks_, decision_, listed);
    out_.key("text").begin_object();
    out_.key("lang").text(words.lang);
    out_.key("title").text(words.title);
    out_.key("lines").begin_array();
    for (const auto& line : words.lines) {
      out_.begin_object();
      out_.key("severity").number(static_cast<std::uint64_t>(std::clamp(line.severity, 0, 4)));
      out_.key("text").text(line.text);
      out_.end_object();
    }
    out_.end_array();
    out_.key("offers").begin_object();
    for (const auto& [kind, text] : words.offers) out_.key(kind).text(text);
    out_.end_object();
    out_.end_object();
  }

  void explain() {
    out_.key("explain").begin_object();
    out_.key("steps").begin_array();
    for (const auto& step : findings_.steps) out_.text(step.what);
    out_.text("audience " + std::string(to_string(risks_.worst)));
    for (const auto& reason : decision_.reasons) out_.text("decide " + reason);
    if (!decision_.workflow.empty()) out_.text("workflow " + decision_.workflow);
    out_.text("action " + std::string(to_string(decision_.if_enforced)) + " if enforced, " + std::string(to_string(decision_.action)) + " in this mode" +
              (decision_.acknowledged ? ", acknowledged" : ""));
    out_.end_array();
    out_.end_object();
  }

  const rules::Pack& pack_;
  const rules::Policy& policy_;
  const message::Message& message_;
  const std::vector<text::Text>& texts_;
  const score::Findings& findings_;
  const recipients::Risks& risks_;
  const decide::Decision& decision_;
  struct Source {
    std::string part_and_utf8;  // members, up to the value of the second
    Utf16 utf16;
  };
  std::map<message::PartRef, Source> sources_;
  Source* source_ = nullptr;  // the last one asked for, of source_part_
  message::PartRef source_part_;
  struct FirstMembers {
    Label label = Label::other_id;
    Kind kind = Kind::identity;
    bool counted = false;
    std::string_view suppressed_by;
    std::optional<Category> category;
    std::string json;
  };
  std::vector<FirstMembers> first_members_;  // by rule
  struct LastMembers {
    text::ZoneKind zone = text::ZoneKind::fresh;
    SetOf<score::Reason> reasons;
    std::string json;
  };
  std::array<LastMembers, 101> last_members_;  // by confidence, in hundredths
  JsonWriter out_;
};

}  // namespace

Report compose(const rules::Pack& pack, const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts,
               const score::Findings& findings, const recipients::Risks& risks, const decide::Decision& decision) {
  return {decision.action, Composer(pack, policy, message, texts, findings, risks, decision).run()};
}

}  // namespace phiscan::report

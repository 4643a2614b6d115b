#include "verdict.hpp"

#include <phiscan/phiscan.h>

#include <algorithm>

#include "view.hpp"

namespace phiscan::cli {
using Json = nlohmann::json;
namespace {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] bool overlaps(const Range& other) const { return begin < other.end && other.begin < end; }
};

struct Found {
  std::string rule, label;
  Group group = Group::other;
  std::vector<std::pair<std::string, Range>> spans;  // part, bytes of the source
};

int action_number(std::string_view word) {
  constexpr std::string_view words[] = {"none", "allow", "note", "confirm", "justify", "block"};
  return static_cast<int>(std::find(std::begin(words), std::end(words), word) - std::begin(words));
}

std::string one_space(std::string_view text) { return collapsed(plain_view(text)).text; }

// Words in ASCII lower case; other bytes are letters.
std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> out;
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80) {
      word += is_upper ? static_cast<char>(c + 32) : c;
    } else if (!word.empty()) {
      out.insert(std::exchange(word, {}));
    }
  }
  if (!word.empty()) out.insert(word);
  return out;
}

class Judge {
 public:
  Judge(const Case& gold, const Json& request, const Json& report) : gold_(gold), report_(report), parts_(parts_of(request)) {
    for (const auto& part : parts_) views_.push_back(collapsed(view_of(part)));
  }

  Verdict run() {
    out_.content = report_.value("content", "-");
    out_.severity = report_.value("severity", 0);
    out_.confidence = report_.value("confidence", 0.0);
    out_.action = report_.value("action", "");
    out_.enforced = action_number(report_.value("action_if_enforced", ""));
    out_.patients = report_.value("/persons/patients"_json_pointer, 0);
    for (const auto& category : report_.value("categories", Json::array())) out_.categories.insert(category.get<std::string>());
    read_findings();
    if (gold_.has_spans) spans();
    recipients();
    if (report_.contains("explain")) {
      for (const auto& step : report_["explain"].value("steps", Json::array())) out_.weights.push_back(step.get<std::string>());
    }
    return std::move(out_);
  }

 private:
  void read_findings() {
    std::map<std::string, std::size_t> counts;
    for (const auto& finding : report_.value("findings", Json::array())) {
      if (!finding.value("counted", false)) continue;
      ++counts[finding.value("rule", "?")];
      if (finding.value("kind", "") != "identity") continue;
      Found found{finding.value("rule", "?"), finding.value("label", "?"), group_of(finding.value("label", "?")), {}};
      for (const auto& span : finding.value("spans", Json::array())) {
        const auto& bytes = span.at("utf8");
        found.spans.emplace_back(span.at("part").get<std::string>(), Range{bytes.at(0).get<std::size_t>(), bytes.at(1).get<std::size_t>()});
      }
      found_.push_back(std::move(found));
    }
    for (const auto& [rule, count] : counts) out_.rules.push_back(count > 1 ? rule + " x" + std::to_string(count) : rule);
  }

  static bool is_in(const std::string& part, const GoldSpan& span) {
    if (span.part == "body") return part.starts_with("body.");
    if (span.part == part) return true;
    // An attached message is labelled as one text; the extractor may give its parts apart.
    const auto stem = span.part.find("/text_parts/");
    return stem != std::string::npos && part.starts_with(span.part.substr(0, stem + 12));
  }

  // All places of a labelled text, as source bytes.
  std::vector<std::pair<std::string, Range>> places(const GoldSpan& span) const {
    std::vector<std::pair<std::string, Range>> out;
    const auto wanted = one_space(span.text);
    if (wanted.empty()) return out;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!is_in(parts_[i].name, span)) continue;
      const auto& view = views_[i];
      for (auto at = view.text.find(wanted); at != std::string::npos; at = view.text.find(wanted, at + 1)) {
        out.emplace_back(parts_[i].name, Range{view.source[at], view.source[at + wanted.size() - 1] + std::size_t{1}});
      }
    }
    return out;
  }

  static bool touches(const Found& found, const std::vector<std::pair<std::string, Range>>& places) {
    for (const auto& [part, range] : found.spans) {
      for (const auto& [other, place] : places) {
        if (part == other && range.overlaps(place)) return true;
      }
    }
    return false;
  }

  static bool same_group(const Found& found, const GoldSpan& span) { return span.groups.empty() || span.groups.contains(found.group); }

  void spans() {
    // Labelled once per form of the body, found once is enough.
    struct Wanted {
      const GoldSpan* span = nullptr;
      std::vector<std::pair<std::string, Range>> places;
      bool is_found = false;
      bool has_same_label = false;
    };
    std::map<std::pair<std::string, std::string>, Wanted> wanted;
    std::set<std::string> name_words;
    for (const auto& span : gold_.spans) {
      auto& one = wanted[{span.label, one_space(span.text)}];
      one.span = &span;
      auto where = places(span);
      one.places.insert(one.places.end(), where.begin(), where.end());
      if (span.groups.contains(Group::name)) name_words.merge(words_of(span.text));
    }
    std::vector<std::pair<const GoldSpan*, std::vector<std::pair<std::string, Range>>>> ignored;
    for (const auto& span : gold_.ignored) {
      ignored.emplace_back(&span, places(span));
    }

    for (const auto& found : found_) {
      bool is_right = false;
      for (auto& [key, one] : wanted) {
        if (!same_group(found, *one.span) || !touches(found, one.places)) continue;
        is_right = one.is_found = true;
        one.has_same_label = one.has_same_label || found.label == one.span->label;
      }
      if (is_right) continue;
      const bool is_neutral = std::any_of(ignored.begin(), ignored.end(), [&](const auto& one) { return touches(found, one.second); }) ||
                              (found.label == "date" && !gold_.lists_every_date) || repeats_a_name(found, name_words);
      if (is_neutral || found.spans.empty()) continue;
      ++out_.spans[gold_.row_of(found.label)].wrong;
      out_.made_up.push_back(found.rule + "@" + found.spans.front().first);
    }
    for (const auto& [key, one] : wanted) {
      if (one.places.empty()) {
        ++out_.unplaced;
        out_.missed.push_back("unplaced:" + one.span->label + "@" + one.span->part);
        continue;
      }
      auto& row = out_.spans[one.span->label];
      one.is_found ? ++row.right : ++row.missed;
      out_.same_label += one.has_same_label && gold_.in_engine_words ? 1 : 0;
      if (!one.is_found) out_.missed.push_back(one.span->label + "@" + one.span->part);
    }
  }

  // A surname again, further down: labelled once only.
  bool repeats_a_name(const Found& found, const std::set<std::string>& name_words) const {
    if (found.group != Group::name || name_words.empty()) return false;
    for (const auto& [part, range] : found.spans) {
      const auto at = std::find_if(parts_.begin(), parts_.end(), [&](const Part& one) { return one.name == part; });
      if (at == parts_.end() || range.end > at->source.size()) return false;
      for (const auto& word : words_of(at->source.substr(range.begin, range.end - range.begin))) {
        if (!name_words.contains(word)) return false;
      }
    }
    return true;
  }

  void recipients() {
    for (const auto& wanted : gold_.recipients) {
      ++out_.classes_labelled;
      std::set<std::string> risks;
      for (const auto& recipient : report_.value("recipients", Json::array())) {
        if (recipient.value("field", "") != wanted.field || recipient.value("index", std::size_t{0}) != wanted.index || recipient.contains("member")) continue;
        if (recipient.value("class", "") == wanted.type) ++out_.classes_right;
        for (const auto& risk : recipient.value("risks", Json::array())) risks.insert(risk.get<std::string>());
      }
      for (const auto& risk : wanted.risks) risks.contains(risk) ? ++out_.risks.right : ++out_.risks.missed;
      for (const auto& risk : risks) out_.risks.wrong += wanted.risks.contains(risk) ? 0 : 1;
    }
  }

  const Case& gold_;
  const Json& report_;
  std::vector<Part> parts_;
  std::vector<View> views_;
  std::vector<Found> found_;
  Verdict out_;
};

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
  right += other.right;
  missed += other.missed;
  wrong += other.wrong;
  return *this;
}

Verdict judge(const Case& gold, const Json& request, const Json& report) { return Judge(gold, request, report).run(); }

}  // namespace phiscan::cli

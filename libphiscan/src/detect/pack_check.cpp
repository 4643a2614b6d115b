#include "detect/pack_check.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "detect/compiled.hpp"
#include "detect/matcher.hpp"

namespace phiscan::detect {
namespace {

using nlohmann::json;

// What one rule found in one text, as the values' words in order.
std::vector<std::string> found_by(const Matcher& matcher, Scratch& scratch, std::uint32_t rule, const std::string& example) {
  const auto part = message::PartRef{message::PartRef::Kind::body_text, 0, 0};
  const std::vector<text::Text> texts{text::normalise_part(part, example, false)};
  const auto matches = confirm(matcher, texts, propose(matcher, scratch, texts), Date{2026, 11, 22});
  std::vector<std::string> values;
  for (const auto& match : matches) {
    if (match.rule != rule) continue;
    std::string value;
    for (const auto span : texts[0].map.source(match.value)) value += span.of(example);
    values.push_back(std::move(value));
  }
  return values;
}

// Ordinary words with numbers, names and health words thrown in; the same on every machine.
std::string sample_text() {
  const std::string paragraph =
      "Hi team, the meeting on 04/12/2026 moved to room 204. Maria Gonzalez asked about invoice 412345 and her A1c of 8.2 %. "
      "Please call (202) 555-0143 before 3 pm; the metoprolol 50 mg refill, the MRI and the claim # 20241101123 are waiting. "
      "Build 10.2.3.4 of the portal ships next week, and nobody should worry about the printer again.\n";
  std::string out;
  while (out.size() < 20'000) out += paragraph;
  return out;
}

class Checker {
 public:
  explicit Checker(const rules::Pack& pack) : pack_(pack) {}

  std::string run() {
    auto merged = Matcher::compile(pack_);
    if (!merged) {
      problem(merged.error().where, merged.error().message);
      return finish();
    }
    auto scratch = merged->scratch();
    for (std::uint32_t id = 0; id < pack_.rules.size(); ++id) {
      const auto& rule = pack_.rules[id];
      gate(rule);
      prove(rule, id, *merged, scratch, "in the merged pack");
      prove_alone(rule);
    }
    return finish();
  }

 private:
  void problem(const std::string& rule, std::string message) { problems_.push_back({{"rule", rule}, {"message", std::move(message)}}); }

  // RE2 as gatekeeper: it must compile within its memory cap, and stay small.
  void gate(const rules::Rule& rule) {
    json entry{{"id", rule.id}, {"kind", to_string(rule.kind)}, {"label", rule.cue ? to_string(*rule.cue) : to_string(rule.label)}};
    entry["trigger"] = !rule.recogniser.empty() ? "reader" : !rule.heads.empty() ? "head" : !rule.terms.empty() ? "term" : "shape";
    entry["width"] = 0;
    entry["program"] = 0;
    if (!rule.pattern.empty()) {
      const auto facts = inspect_pattern(rule.pattern);
      if (!facts) {
        problem(rule.id, facts.error().message);
      } else {
        entry["width"] = facts->max_width;
      }
      const RE2 pattern(rule.pattern, re2_options(rule.case_sensitive));
      if (!pattern.ok()) problem(rule.id, "re2 refuses the pattern");
      else entry["program"] = pattern.ProgramSize();
      if (pattern.ok() && pattern.ProgramSize() > 40'000) problem(rule.id, "the pattern compiles to more than 40,000 instructions");
    }
    if (entry["program"] != 0) reach(rule);
    const auto is_sign = [](char c) { return static_cast<unsigned char>(c) < 0x80 && !text::is_word(static_cast<char32_t>(c)); };
    for (const auto& head : rule.heads) {
      if (is_sign(head.front()) || is_sign(head.back())) problem(rule.id, "head \"" + head + "\": signs at its ends are not looked at (write a pattern)");
    }
    if (rule.kind != Kind::structure && rule.match.empty()) problem(rule.id, "needs at least one example that matches");
    if (rule.kind != Kind::structure && rule.no_match.empty()) problem(rule.id, "needs at least one example that does not match");
    if (rule.sources.empty()) problem(rule.id, "names no source");
    if (rule.kind != Kind::context && rule.why.empty()) problem(rule.id, "does not say why to the sender");
    rules_.push_back(std::move(entry));
  }

  // "(?:ask|asked)" reads "ask" in "asked", which then fails the edge: the longer one must stand before the shorter one.
  void reach(const rules::Rule& rule) {
    if (rule.edges != rules::Edges::both && rule.edges != rules::Edges::right) return;
    const RE2 pattern(rule.pattern, re2_options(rule.case_sensitive));
    const int values = std::min(pattern.NumberOfCapturingGroups(), 1);
    for (const auto& sample : sample_pattern(rule.pattern)) {
      re2::StringPiece groups[2];
      if (!pattern.Match(sample, 0, sample.size(), RE2::ANCHOR_START, groups, values + 1)) continue;
      const auto value = groups[values].data() != nullptr ? groups[values] : groups[0];
      const auto end = static_cast<std::size_t>(value.data() - sample.data()) + value.size();
      const bool ends_pattern = value.data() + value.size() == groups[0].data() + groups[0].size();
      if (ends_pattern && !text::is_edge(sample, end)) problem(rule.id, "never matches \"" + sample + "\": \"" + std::string(value) + "\" comes first and ends inside the word (write the longer alternative first)");
    }
  }

  void prove(const rules::Rule& rule, std::uint32_t id, const Matcher& matcher, Scratch& scratch, const std::string& where) {
    for (std::size_t i = 0; i < rule.match.size(); ++i) {
      const auto found = found_by(matcher, scratch, id, rule.match[i].text);
      if (rule.match[i].spans.empty() ? found.empty() : found != rule.match[i].spans) {
        problem(rule.id, "example " + std::to_string(i + 1) + " should match as marked, " + where);
      }
    }
    for (std::size_t i = 0; i < rule.no_match.size(); ++i) {
      if (!found_by(matcher, scratch, id, rule.no_match[i].text).empty()) problem(rule.id, "counter-example " + std::to_string(i + 1) + " should not match, " + where);
    }
  }

  // A rule must not lean on its neighbours; and its cost is measured without them.
  void prove_alone(const rules::Rule& rule) {
    rules::Pack single;
    single.id = pack_.id;
    single.sha256 = pack_.sha256;
    single.rules = {rule};
    single.terms = pack_.terms;
    const auto matcher = Matcher::compile(single);
    if (!matcher) {
      problem(rule.id, matcher.error().message);
      return;
    }
    auto scratch = matcher->scratch();
    prove(rule, 0, *matcher, scratch, "alone");
    static const std::string sample = sample_text();
    const std::vector<text::Text> texts{text::normalise_part({message::PartRef::Kind::body_text, 0, 0}, sample, false)};
    (void)confirm(*matcher, texts, propose(*matcher, scratch, texts), std::nullopt);
    constexpr int rounds = 3;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) (void)confirm(*matcher, texts, propose(*matcher, scratch, texts), std::nullopt);
    const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count();
    rules_.back()["ns_per_kb"] = spent / rounds * 1024 / static_cast<long long>(sample.size());
  }

  std::string finish() {
    return json{{"pack", pack_.id}, {"version", pack_.version}, {"sha256", pack_.sha256}, {"rules", rules_}, {"problems", problems_}}.dump();
  }

  const rules::Pack& pack_;
  json rules_ = json::array();
  json problems_ = json::array();
};

}  // namespace

std::string check_pack(const rules::Pack& pack) { return Checker(pack).run(); }

}  // namespace phiscan::detect

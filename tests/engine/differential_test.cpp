// Every rule that starts itself, read by RE2 over the whole text, against propose and confirm: a proposer may only save work.
#include <doctest/doctest.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "corpus.hpp"
#include "detect/compiled.hpp"
#include "generated_text.hpp"
#include "message/request.hpp"
#include "scan.hpp"

namespace phiscan::test {
namespace {

using Place = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;  // text, rule, value

struct Inside {
  std::string bundle = us_core_bundle();
  std::shared_ptr<const Ruleset> set;
  std::map<std::uint32_t, std::unique_ptr<RE2>> shapes;

  Inside() {
    auto loaded = Ruleset::load({bundle}, "", "");
    if (!loaded) throw std::runtime_error(loaded.error().message);
    set = *loaded;
    for (std::uint32_t id = 0; id < set->pack().rules.size(); ++id) {
      const auto& rule = set->pack().rules[id];
      if (rule.pattern.empty() || !rule.heads.empty() || !rule.terms.empty() || !rule.recogniser.empty()) continue;
      shapes[id] = std::make_unique<RE2>(rule.pattern, detect::re2_options(rule.case_sensitive));
    }
  }
};

const Inside& inside() {
  static const Inside engine;
  return engine;
}

bool edges_hold(rules::Edges edges, std::string_view norm, Span value) {
  const bool left = edges == rules::Edges::both || edges == rules::Edges::left;
  const bool right = edges == rules::Edges::both || edges == rules::Edges::right;
  return (!left || text::is_edge(norm, value.begin)) && (!right || text::is_edge(norm, value.end));
}

// Leftmost matches that do not overlap; where edges or the validator refuse one, the search goes on one character later.
void full_scan(const text::Text& text, std::uint32_t index, std::uint32_t id, const rules::Rule& rule, const RE2& re2, std::optional<Date> now, std::vector<Place>& out) {
  const auto validator = rule.validator.empty() ? nullptr : detect::find_validator(rule.validator);
  const re2::StringPiece whole(text.norm.data(), text.norm.size());
  std::uint32_t kept_until = 0;
  for (std::size_t at = 0; at < text.norm.size();) {
    re2::StringPiece groups[2];
    if (!re2.Match(whole, at, text.norm.size(), RE2::UNANCHORED, groups, std::min(2, 1 + re2.NumberOfCapturingGroups()))) return;
    const auto span = [&](re2::StringPiece piece) {
      const auto begin = static_cast<std::uint32_t>(piece.data() - text.norm.data());
      return Span{begin, begin + static_cast<std::uint32_t>(piece.size())};
    };
    const Span extent = span(groups[0]);
    const Span value = groups[1].data() == nullptr ? extent : span(groups[1]);
    detect::Check check{text, inside().set->matcher().lexicon(), now, extent, value, static_cast<float>(rule.p), false, nullptr};
    if (edges_hold(rule.edges, text.norm, value) && (validator == nullptr || validator(check))) {
      // A validator may have grown the value into the one before; then the earlier one stays.
      if (check.value.begin >= kept_until) {
        out.emplace_back(index, id, check.value.begin, check.value.end);
        kept_until = check.value.end;
      }
      at = std::max<std::size_t>(extent.end, extent.begin + 1);
    } else {
      at = extent.begin + 1;
    }
    while (at < text.norm.size() && (static_cast<unsigned char>(text.norm[at]) & 0xC0U) == 0x80U) ++at;
  }
}

void compare(const std::string& name, const message::Message& message) {
  CAPTURE(name);
  const auto& engine = inside();
  static auto scratch = engine.set->matcher().scratch();
  const auto texts = text::normalise(message);
  const auto matches = detect::confirm(engine.set->matcher(), texts, detect::propose(engine.set->matcher(), scratch, texts), message.now);
  std::vector<Place> found;
  for (const auto& match : matches) {
    if (engine.shapes.contains(match.rule)) found.emplace_back(match.text, match.rule, match.value.begin, match.value.end);
  }
  std::vector<Place> expected;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    for (const auto& [id, re2] : engine.shapes) full_scan(texts[i], i, id, engine.set->pack().rules[id], *re2, message.now, expected);
  }
  std::ranges::sort(found);
  std::ranges::sort(expected);
  CHECK(found.size() == expected.size());
  std::vector<Place> differ;
  std::ranges::set_symmetric_difference(found, expected, std::back_inserter(differ));
  for (const auto& [text, rule, begin, end] : differ) {
    FAIL_CHECK(engine.set->pack().rules[rule].id << " at " << begin << "-" << end << " is only " << (std::ranges::find(found, Place{text, rule, begin, end}) != found.end() ? "proposed" : "in the full scan"));
  }
}

TEST_CASE("the pack has shapes to compare") { CHECK(inside().shapes.size() > 20); }

TEST_CASE("propose and confirm find what RE2 finds in the whole of a generated text") {
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    message::Message message;
    message.body_text = generated_text(seed);
    message.now = parse_iso_date("2026-11-22T10:00:00Z");
    compare("seed " + std::to_string(seed), message);
  }
}

TEST_CASE("propose and confirm find what RE2 finds in the whole of a corpus mail") {
  for (const char* folder : {"phi", "clean", "tricky", "recipients"}) {
    for (const auto& mail : plain_corpus_mails(folder, 0)) {
      const auto message = message::read_request(mail.request.dump());
      REQUIRE(message);
      compare(mail.name, *message);
    }
  }
}

}  // namespace
}  // namespace phiscan::test

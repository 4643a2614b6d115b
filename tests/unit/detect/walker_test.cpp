// Walker against RE2: every pattern of the built-in pack and some tricky ones, on the pack's own examples and on texts made of what the
// patterns look for. Whole match and group 1 must be equal, anchored and searched.
#include "detect/walker.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "detect/leading_phrases.hpp"
#include "detect/openings.hpp"
#include "detect/pattern.hpp"
#include "detect/term_index.hpp"
#include "text/text.hpp"

namespace phiscan::detect {
namespace {

struct Rule {
  std::string id, pattern;
  bool cased = false;
  std::vector<std::string> texts;
};

std::vector<Rule> pack_rules() {
  std::vector<Rule> out;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(PHISCAN_PACK_DIR) / "rules")) {
    std::ifstream in(entry.path(), std::ios::binary);
    const auto family = nlohmann::json::parse(in);
    for (const auto& rule : family.at("rules")) {
      if (!rule.contains("pattern")) continue;
      Rule one{rule.at("id"), rule.at("pattern"), rule.value("case", "") == "sensitive", {}};
      for (const char* kind : {"match", "no_match"}) {
        const auto examples = rule.value("examples", nlohmann::json::object()).value(kind, nlohmann::json::array());
        for (const auto& text : examples) one.texts.push_back(text);
      }
      out.push_back(std::move(one));
    }
  }
  return out;
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Words, digits and signs of the pattern itself, in any order and case, so that most of it matches often.
std::string made_of(const std::string& pattern, std::mt19937& random) {
  std::vector<std::string> words{" ", " ", "-", ":", ".", ",", "/", "\n", "#", "(", ")", "x", "Q", "7", "42", "1961", "_", "'"};
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
      continue;
    }
    std::string word;
    while (i < pattern.size() && ((pattern[i] >= 'a' && pattern[i] <= 'z') || (pattern[i] >= 'A' && pattern[i] <= 'Z') || pattern[i] == ' ')) word += pattern[i++];
    if (!word.empty()) words.push_back(word);
  }
  std::string out;
  const auto pieces = 2 + random() % 12;
  for (std::size_t i = 0; i < pieces; ++i) {
    auto word = words[random() % words.size()];
    if (random() % 6 == 0) {
      for (char& c : word) c = static_cast<char>((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? c ^ 0x20 : c);
    }
    if (random() % 8 == 0) word = word.substr(0, word.size() / 2);
    out += word;
  }
  return out;
}

struct Compared {
  int equal = 0, unknown = 0, matched = 0;
};

void compare(const std::string& id, const Walker& walker, const RE2& re2, const PatternFacts& facts, const std::string& text, std::uint32_t begin, Compared& out) {
  const auto size = static_cast<std::uint32_t>(text.size());
  const re2::StringPiece whole(text);
  for (const auto anchor : {RE2::ANCHOR_START, RE2::UNANCHORED}) {
    if (anchor == RE2::UNANCHORED && facts.min_width == 0) continue;
    re2::StringPiece groups[2];
    const bool expected = re2.Match(whole, begin, size, anchor, groups, std::min(2, 1 + re2.NumberOfCapturingGroups()));
    Walker::Found found;
    const auto answer = anchor == RE2::UNANCHORED ? walker.search(text, {begin, size}, size, false, found) : walker.match(text, {begin, size}, found);
    if (answer == Walker::Answer::unknown) {
      ++out.unknown;
      continue;
    }
    const auto span = [&](re2::StringPiece piece) {
      const auto from = static_cast<std::uint32_t>(piece.data() - text.data());
      return Span{from, from + static_cast<std::uint32_t>(piece.size())};
    };
    bool same = (answer == Walker::Answer::yes) == expected;
    if (same && expected) {
      same = found.whole == span(groups[0]) && found.value.has_value() == (groups[1].data() != nullptr) && (!found.value || *found.value == span(groups[1]));
      ++out.matched;
    }
    if (same) ++out.equal;
    else FAIL_CHECK(id << (anchor == RE2::UNANCHORED ? ", searched" : ", anchored") << ", from " << begin << ": " << text);
  }
}

RE2::Options options(bool cased) {
  RE2::Options out;
  out.set_case_sensitive(cased);
  out.set_log_errors(false);
  out.set_encoding(RE2::Options::EncodingLatin1);
  return out;
}

TEST_CASE("a walker says what RE2 says, for every rule of the pack") {
  std::mt19937 random(20261127);
  Compared all;
  int walkers = 0;
  const auto rules = pack_rules();
  REQUIRE(rules.size() > 200);
  for (const auto& rule : rules) {
    CAPTURE(rule.id);
    const auto facts = inspect_pattern(rule.pattern);
    REQUIRE(facts);
    const auto walker = Walker::compile(rule.pattern, rule.cased);
    if (!walker) continue;
    ++walkers;
    const RE2 re2(rule.pattern, options(rule.cased));
    REQUIRE(re2.ok());
    for (std::string text : rule.texts) {
      for (const std::string_view mark : {"[[", "]]"}) {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.erase(at, 2);
      }
      if (!is_ascii(text)) continue;
      for (std::uint32_t begin = 0; begin < text.size(); ++begin) compare(rule.id, *walker, re2, *facts, text, begin, all);
    }
    for (int i = 0; i < 150; ++i) {
      const auto text = made_of(rule.pattern, random);
      compare(rule.id, *walker, re2, *facts, text, static_cast<std::uint32_t>(random() % (text.size() + 1)), all);
    }
  }
  MESSAGE(walkers << " of " << rules.size() << " patterns; " << all.equal << " equal answers, " << all.matched << " of them matches, " << all.unknown << " left to RE2");
  CHECK(walkers * 10 > static_cast<int>(rules.size()) * 9);
  CHECK(all.matched > 10'000);
  CHECK(all.unknown * 100 < all.equal);
}

TEST_CASE("a walker takes the first way, as Perl does") {
  std::mt19937 random(7);
  Compared all;
  for (const char* pattern : {"(a|ab)(?:c|bcd)", "a{0,3}?(b)?", "(?:a|b|ab){1,3}c", "x(?:[^a-c]|\\n){1,3}(\\d{2,4}?)", "(?:(?:a?){0,3}b|a{2})", "(?i:abc|Ab)(C)?d?", "[]a-]{1,2}", "[^]\\d-]x", "(?:)a|b",
                              "(?:a|)(b|)c", "((a)b?)(?:c)?", "\\p{L}{1,3}\\.?\\s\\w", "[\\w.-]{1,20}@(?:\\w{1,9}\\.){1,3}(?:com|org)", ".{0,4}b", "(?:ab?|ac?|b?c|cab|bca){2}", "(?:s|k|st|ks){1,2}"}) {
    for (const bool cased : {true, false}) {
      CAPTURE(pattern);
      const auto facts = inspect_pattern(pattern);
      REQUIRE(facts);
      const auto walker = Walker::compile(pattern, cased);
      REQUIRE(walker);
      const RE2 re2(pattern, options(cased));
      REQUIRE(re2.ok());
      for (int i = 0; i < 400; ++i) {
        std::string text;
        for (auto left = random() % 9; left > 0; --left) text += "abcABCdxskSK12 .@-]\n"[random() % 20];
        compare(pattern, *walker, re2, *facts, text, 0, all);
      }
    }
  }
  CHECK(all.unknown == 0);
}

TEST_CASE("what a walker does not know is left to RE2") {
  for (const char* pattern : {"\xC3\xA9", "[[:alpha:]]x", "\\p{Lu}", "\\P{L}", "(a){2}", "\\x41", "(?s:a)", "a{2}{3}", "[a-\\d]"}) {
    CAPTURE(pattern);
    CHECK_FALSE(Walker::compile(pattern, true));
  }
}

TEST_CASE("too many choices are left to RE2, and never take long") {
  const auto walker = Walker::compile("(?:a{0,20}(?:b|ab)?){0,20}c", true);
  REQUIRE(walker);
  Walker::Found found;
  const std::string text(400, 'a');
  CHECK(walker->match(text, {0, 400}, found) == Walker::Answer::unknown);
}

TEST_CASE("a search where words begin finds nothing inside a word") {
  const auto facts = inspect_pattern("al[a-z]{1,9}");
  const auto walker = Walker::compile("al[a-z]{1,9}", false);
  REQUIRE(facts);
  REQUIRE(walker);
  const std::string text = "metal_alma medical Albert";
  const auto size = static_cast<std::uint32_t>(text.size());
  const auto at = [&](std::uint32_t begin, bool at_word) {
    Walker::Found found;
    return walker->search(text, {begin, size}, size, at_word, found) == Walker::Answer::yes ? found.whole : Span{};
  };
  CHECK(at(0, false) == Span{6, 10});
  CHECK(at(0, true) == Span{6, 10});  // "_" is no part of a word
  CHECK(at(7, true) == Span{19, 25});
}

std::optional<std::vector<std::string>> phrases_of(std::string_view pattern, bool ends_at_word = true) {
  const auto walker = Walker::compile(pattern, false);
  REQUIRE(walker.has_value());
  return leading_phrases(*walker, ends_at_word);
}

TEST_CASE("the phrases with which a pattern begins") {
  using Phrases = std::vector<std::string>;
  CHECK(phrases_of("(?:his|her)[ \\n]knees? (?:hurts?|\\d)") == Phrases{"her knee", "her knees", "his knee", "his knees"});  // a number is no word to look for
  CHECK(phrases_of("pap smear") == Phrases{"pap smear"});
  CHECK(phrases_of("follow[- ]?up") == Phrases{"follow up", "followup"});
  CHECK(phrases_of("can't (?:sleep|eat) at night") == Phrases{"can't eat", "can't sleep"});
  CHECK(phrases_of("a1c: {0,3}\\d") == Phrases{"a1c"});
  CHECK(phrases_of("bed[ \\t]{1,12}\\d") == Phrases{"bed"});
  // No words: they go on in ways that are no list, or a word need not end where the match does.
  CHECK_FALSE(phrases_of("\\d{1,3} pills").has_value());
  CHECK_FALSE(phrases_of("q[0-9]{1,2}h").has_value());
  CHECK_FALSE(phrases_of("(?:mole|[a-z]{2,9}) check").has_value());
  CHECK_FALSE(phrases_of("knee", false).has_value());
  CHECK_FALSE(phrases_of("(kn)ee").has_value());
}

TEST_CASE("every match that begins a word begins with one of the phrases, for every rule of the pack") {
  std::mt19937 random(20261127);
  int patterns = 0;
  int matches = 0;
  for (const auto& rule : pack_rules()) {
    CAPTURE(rule.id);
    const auto walker = Walker::compile(rule.pattern, rule.cased);
    const auto phrases = walker ? leading_phrases(*walker, true) : std::nullopt;
    if (!phrases || inspect_pattern(rule.pattern)->min_width == 0) continue;
    ++patterns;
    TermIndex index;
    for (const auto& phrase : *phrases) {
      const auto term = index.add(phrase);
      REQUIRE(term >= 0);
      index.use(term, {});
    }
    index.build();
    auto texts = rule.texts;
    for (int i = 0; i < 400; ++i) texts.push_back(made_of(rule.pattern, random));
    for (const auto& text : texts) {
      if (!is_ascii(text)) continue;
      const auto size = static_cast<std::uint32_t>(text.size());
      std::vector<TermHit> hits;
      index.scan(text, read_words(text), hits);
      Walker::Found found;
      for (std::uint32_t at = 0; walker->search(text, {at, size}, size, true, found) == Walker::Answer::yes; at = found.whole.begin + 1) {
        if (!text::is_edge(text, found.whole.end)) continue;
        ++matches;
        CAPTURE(text);
        CHECK(std::any_of(hits.begin(), hits.end(), [&](const TermHit& hit) { return hit.span.begin == found.whole.begin; }));
      }
    }
  }
  CHECK(patterns > 40);
  CHECK(matches > 150);
}

TEST_CASE("every match that begins a word begins where its opening fits, for every rule of the pack") {
  std::mt19937 random(20261127);
  int patterns = 0;
  int matches = 0;
  int passed_over = 0;
  for (const auto& rule : pack_rules()) {
    CAPTURE(rule.id);
    const auto walker = Walker::compile(rule.pattern, rule.cased);
    Openings openings;
    if (!walker || inspect_pattern(rule.pattern)->min_width == 0 || !openings.add(7, *walker, true)) continue;
    ++patterns;
    auto texts = rule.texts;
    for (int i = 0; i < 400; ++i) texts.push_back(made_of(rule.pattern, random));
    for (const auto& text : texts) {
      if (!is_ascii(text)) continue;
      const auto size = static_cast<std::uint32_t>(text.size());
      const auto words = read_words(text);
      std::vector<Start> starts;
      openings.find(text, words, starts);
      passed_over += static_cast<int>(words.size() - starts.size());
      Walker::Found found;
      for (std::uint32_t at = 0; walker->search(text, {at, size}, size, true, found) == Walker::Answer::yes; at = found.whole.begin + 1) {
        const bool begins_word = std::any_of(words.begin(), words.end(), [&](const Word& word) { return word.begin == found.whole.begin; });
        if (!begins_word || (!walker->has_value() && !text::is_edge(text, found.whole.end))) continue;
        ++matches;
        CAPTURE(text);
        CHECK(std::any_of(starts.begin(), starts.end(), [&](Start start) { return start.rule == 7 && start.at == found.whole.begin; }));
      }
    }
  }
  CHECK(patterns > 40);
  CHECK(matches > 100);
  CHECK(passed_over > 50'000);
}

TEST_CASE("an opening is read in a moment, however many ways lead to it") {
  std::string pattern;
  for (int i = 0; i < 28; ++i) pattern += "(?:(?:a|)|(?:b|))";
  Openings openings;
  CHECK(openings.add(0, *Walker::compile(pattern + "-7", true), true));
}

TEST_CASE("prose fits no opening that is worth asking") {
  Openings openings;
  CHECK_FALSE(openings.add(0, *Walker::compile("[a-z]{2,20} [a-z]{2,20} denies", false), true));
  CHECK_FALSE(openings.add(0, *Walker::compile("\\d{1,3} (?:mg|ml)", false), true));
  REQUIRE(openings.add(3, *Walker::compile("([A-Z][a-z]{1,20} [A-Z][a-z]{1,20}) denies", true), true));
  REQUIRE(openings.add(5, *Walker::compile("\\d{3}-\\d{2}-\\d{4}", false), true));
  const std::string text = "Then Ana Ruiz denies 555-12-0000 of 555-012, and 5555-12-0000";
  std::vector<Start> starts;
  openings.find(text, read_words(text), starts);
  REQUIRE(starts.size() == 2);  // and not "Then Ana", which goes on with a capital
  CHECK((starts[0].rule == 3 && starts[0].at == 5));
  CHECK((starts[1].rule == 5 && starts[1].at == 21));
}

}  // namespace
}  // namespace phiscan::detect

#include "rules/pack.hpp"

#include <phiscan/phiscan.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

#include "base/digest.hpp"
#include "json/json.hpp"

namespace phiscan::rules {
namespace {

using json::Reader;

// Takes the [[marks]] out and keeps what stood between them.
Example read_example(const std::string& marked) {
  Example example;
  std::size_t from = 0;
  while (true) {
    const auto open = marked.find("[[", from);
    const auto close = open == std::string::npos ? open : marked.find("]]", open + 2);
    if (close == std::string::npos) break;
    example.text += marked.substr(from, open - from);
    const std::string value = marked.substr(open + 2, close - open - 2);
    example.text += value;
    example.spans.push_back(value);
    from = close + 2;
  }
  example.text += marked.substr(from);
  return example;
}

template <typename E>
E read_word(Reader& in, const char* key, E otherwise) {
  const auto word = in.optional_text(key);
  if (!word) return otherwise;
  if (const auto found = from_string<E>(*word)) return *found;
  in.fail(key, "is not a word the contract knows");
  return otherwise;
}

Rule read_rule(Reader& in) {
  Rule rule;
  rule.id = in.required_text("id");
  rule.title = in.text("title", rule.id);
  rule.kind = read_word(in, "kind", Kind::identity);
  if (rule.kind == Kind::context) {
    rule.cue = from_string<Cue>(in.required_text("cue"));
    if (!rule.cue) in.fail("cue", "is no cue that this engine knows");
  }
  else rule.label = read_word(in, "label", Label::other_id);
  rule.naming = read_word(in, "naming", Naming::plain);
  if (rule.naming != Naming::plain && rule.label != Label::name) in.fail("naming", "counts only with the label name");
  if (in.has("category")) rule.category = read_word(in, "category", Category::narrative);
  else (void)in.optional_text("category");
  rule.why = in.text("why");
  rule.heads = in.texts("heads");
  in.each("terms", [&](Reader& terms, std::size_t) {
    rule.terms.push_back({terms.required_text("list"), terms.texts("with"), terms.texts("without")});
    });
  rule.pattern = in.text("pattern");
  rule.recogniser = in.text("recogniser");
  rule.case_sensitive = in.one_of("case", {"insensitive", "sensitive"}, 0) == 1;
  rule.edges = static_cast<Edges>(in.one_of("edges", {"none", "left", "right", "both"}, 3));
  rule.validator = in.text("validate");
  rule.p = in.number("p", 0.0);
  if (rule.p < 0.0 || rule.p > 1.0) in.fail("p", "must lie between 0 and 1");
  rule.needs_company = in.flag("needs_company", false);
  rule.sources = in.texts("sources");
  in.object("examples", [&](Reader& examples) {
    for (const auto& text : examples.texts("match")) rule.match.push_back(read_example(text));
    for (const auto& text : examples.texts("no_match")) rule.no_match.push_back(read_example(text));
  });
  if (rule.heads.empty() && rule.terms.empty() && rule.pattern.empty() && rule.recogniser.empty()) {
    in.fail("", "needs heads, terms, pattern or recogniser");
  }
  return rule;
}

TermList read_terms(const std::string& name, const std::string& text) {
  TermList list;
  list.name = name;
  list.terms.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (line.front() == '#') {
      if (line.starts_with("# source:")) list.source = line.substr(9);
      continue;
    }
    const auto tab = line.find('\t');
    Term term;
    term.text = line.substr(0, tab);
    std::string_view flags = tab == std::string_view::npos ? std::string_view{} : line.substr(tab + 1);
    while (!flags.empty()) {
      const auto comma = std::min(flags.find(','), flags.size());
      if (comma > 0) term.flags.emplace_back(flags.substr(0, comma));
      flags.remove_prefix(std::min(comma + 1, flags.size()));
    }
    list.terms.push_back(std::move(term));
  }
  return list;
}

// "0.2.0" on an engine 0.1.0. What is no version is not newer.
bool is_newer_than_this(std::string_view wanted) {
  constexpr std::array<int, 3> ours{PHISCAN_VERSION_MAJOR, PHISCAN_VERSION_MINOR, PHISCAN_VERSION_PATCH};
  for (const int mine : ours) {
    int theirs = 0;
    const auto end = std::min(wanted.find('.'), wanted.size());
    const auto read = std::from_chars(wanted.data(), wanted.data() + end, theirs);
    if (read.ec != std::errc()) return false;
    if (theirs != mine) return theirs > mine;
    wanted.remove_prefix(std::min(end + 1, wanted.size()));
  }
  return false;
}

void overlay(std::vector<Rule>& rules, Rule rule) {
  const auto same = std::find_if(rules.begin(), rules.end(), [&](const Rule& old) { return old.id == rule.id; });
  if (same == rules.end()) rules.push_back(std::move(rule));
  else *same = std::move(rule);
}

}  // namespace

const Rule* Pack::find(std::string_view rule_id) const {
  const auto at = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == rule_id; });
  return at == rules.end() ? nullptr : &*at;
}

std::string digest(const std::vector<std::string_view>& bundles) {
  std::string digests;
  for (const auto bundle : bundles) digests += sha256_hex(bundle);
  return bundles.size() == 1 ? digests : sha256_hex(digests);
}

Result<Pack> read_pack(const std::vector<std::string_view>& bundles) {
  Pack pack;
  for (const auto bundle : bundles) {
    auto document = json::parse(bundle);
    if (!document) return Error{ErrorCode::pack, "pack: " + document.error().message, document.error().where};
    json::Problem problem;
    problem.code = ErrorCode::pack;
    Reader in(*document, "", problem);
    const std::string schema = in.required_text("schema");
    if (!problem.first && schema != "phiscan.pack/1") return Error{ErrorCode::version, "this engine reads phiscan.pack/1", "/schema"};
    pack.id += (pack.id.empty() ? "" : "+") + in.required_text("id");
    pack.version += (pack.version.empty() ? "" : "+") + in.required_text("version");
    (void)in.text("title");
    if (is_newer_than_this(in.text("min_engine"))) return Error{ErrorCode::version, "this pack needs a newer phiscan", "/min_engine"};
    (void)in.text("description");
    (void)in.text("licence");
    for (const auto& id : in.texts("disable")) {
      const auto gone = std::remove_if(pack.rules.begin(), pack.rules.end(), [&](const Rule& rule) { return rule.id == id; });
      if (gone == pack.rules.end()) in.fail("disable", "names a rule that no earlier pack has");
      pack.rules.erase(gone, pack.rules.end());
    }
    std::unordered_set<std::string> ids;
    in.each("rules", [&](Reader& entry, std::size_t) {
      Rule rule = read_rule(entry);
      if (!ids.insert(rule.id).second) entry.fail("id", "is used by two rules of this pack");
      overlay(pack.rules, std::move(rule));
    });
    in.entry_texts("terms", [&](const std::string& name, const std::string& text) { pack.terms[name] = read_terms(name, text); });
    in.object("weights", [&](Reader& weights) {
      pack.weights.each([&](const char* name, double& weight) { weight = weights.number(name, weight); });
    });
    in.object("texts", [&](Reader& texts) {
      for (const auto& [lang, unused] : texts.value().items()) {
        texts.entry_texts(lang, [&](const std::string& key, const std::string& text) { pack.texts[lang][key] = text; });
      }
    });
    in.finish();
    if (problem.first) return *problem.first;
    if (!problem.unknown.empty()) return Error{ErrorCode::pack, "unknown field", problem.unknown.front()};
  }
  for (const auto& rule : pack.rules) {
    for (const auto& source : rule.terms) {
      if (!pack.terms.contains(source.list)) return Error{ErrorCode::pack, "rule " + rule.id + ": no term list named " + source.list, rule.id};
    }
  }
  pack.sha256 = digest(bundles);
  return pack;
}

}  // namespace phiscan::rules

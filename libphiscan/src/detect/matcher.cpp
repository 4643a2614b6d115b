#include "detect/matcher.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "detect/compiled.hpp"
#include "detect/leading_phrases.hpp"

namespace phiscan::detect {
namespace {

Error broken(const rules::Rule& rule, std::string message) { return {ErrorCode::pack, "rule " + rule.id + ": " + std::move(message), rule.id}; }

bool has(const std::vector<std::string>& flags, std::string_view flag) { return std::find(flags.begin(), flags.end(), flag) != flags.end(); }

bool wanted(const rules::TermSource& source, const rules::Term& term) {
  for (const auto& flag : source.with) {
    if (!has(term.flags, flag)) return false;
  }
  return std::none_of(source.without.begin(), source.without.end(), [&](const std::string& flag) { return has(term.flags, flag); });
}

std::optional<Category> category_of(const rules::Term& term) {
  for (const auto& flag : term.flags) {
    if (flag.starts_with("cat:")) return from_string<Category>(std::string_view(flag).substr(4));
  }
  return std::nullopt;
}

// Letters and digits: the byte before can only be a part of the same word, or there is an edge.
bool begins_words(const std::bitset<256>& first) {
  for (std::size_t byte = 0; byte < 0x80; ++byte) {
    if (first[byte] && !text::is_word(static_cast<char32_t>(byte))) return false;
  }
  return first.any();
}

// Who looks for a rule that starts itself: the term index for phrases, or else how its first word looks, or else Hyperscan.
CompiledRule::Found found_by(const CompiledRule& rule, std::uint32_t id, TermIndex& terms, Openings& openings) {
  if (!rule.starts_itself || !rule.at_word || !rule.walker) return CompiledRule::Found::by_shape;
  if (const auto phrases = leading_phrases(*rule.walker, rule.right_edge)) {
    for (const auto& phrase : *phrases) terms.use(terms.add(phrase), {id, rule.category});
    return CompiledRule::Found::by_phrases;
  }
  return openings.add(id, *rule.walker, rule.right_edge) ? CompiledRule::Found::by_opening : CompiledRule::Found::by_shape;
}

// The rules that only Hyperscan finds.
std::vector<Shape> shapes_of(const std::vector<CompiledRule>& rules) {
  std::vector<Shape> shapes;
  for (std::uint32_t id = 0; id < rules.size(); ++id) {
    const auto& rule = rules[id];
    if (!rule.starts_itself || rule.found != CompiledRule::Found::by_shape) continue;
    shapes.push_back({id, proposing_pattern(rule.rule->pattern, rule.at_word), rule.rule->case_sensitive, rule.facts.max_width});
  }
  return shapes;
}

constexpr std::array<std::string_view, 5> recognisers{"hl7v2", "x12", "fhir", "ccda", "table"};

}  // namespace

RE2::Options re2_options(bool case_sensitive) {
  RE2::Options options;
  options.set_case_sensitive(case_sensitive);
  options.set_log_errors(false);
  options.set_max_mem(4 << 20);
  return options;
}

const RE2& LazyPattern::re2(bool ascii) const {
  const bool bytes = ascii || byte_exact_;
  Program& program = bytes ? bytes_ : characters_;
  if (const RE2* ready = program.ready.load(std::memory_order_acquire)) return *ready;
  std::call_once(program.once, [&] {
    auto options = re2_options(case_sensitive_);
    if (bytes) options.set_encoding(RE2::Options::EncodingLatin1);
    program.re2 = std::make_unique<RE2>(pattern_, options);
    program.ready.store(program.re2.get(), std::memory_order_release);
  });
  return *program.re2;
}

Result<std::unique_ptr<Matcher::State>> Matcher::prepare(const rules::Pack& pack) {
  auto state = std::make_unique<State>();
  state->rules.reserve(pack.rules.size());
  for (std::uint32_t id = 0; id < pack.rules.size(); ++id) {
    const auto& rule = pack.rules[id];
    CompiledRule& compiled = state->rules.emplace_back();
    compiled.rule = &rule;
    compiled.kind = rule.kind;
    compiled.label = rule.label;
    compiled.category = rule.category;
    compiled.p = static_cast<float>(rule.p);
    compiled.has_pattern = !rule.pattern.empty();
    compiled.has_head = !rule.heads.empty();
    compiled.left_edge = rule.edges == rules::Edges::both || rule.edges == rules::Edges::left;
    compiled.right_edge = rule.edges == rules::Edges::both || rule.edges == rules::Edges::right;
    if (compiled.has_pattern) {
      const auto facts = inspect_pattern(rule.pattern);
      if (!facts) return broken(rule, facts.error().message);
      compiled.facts = *facts;
      compiled.at_word = compiled.left_edge && facts->value_first && begins_words(facts->first);
      compiled.whole = std::make_unique<LazyPattern>(rule.pattern, rule.case_sensitive, facts->byte_exact);
    }
    if (!rule.validator.empty()) {
      compiled.validator = find_validator(rule.validator);
      if (compiled.validator == nullptr) return broken(rule, "no validator named " + rule.validator);
      const Capital capital = capital_of(rule.validator);
      compiled.capital = capital == Capital::extent || (capital == Capital::value && !compiled.has_pattern);
    }
    if (!rule.recogniser.empty()) {
      if (std::find(recognisers.begin(), recognisers.end(), rule.recogniser) == recognisers.end()) return broken(rule, "no recogniser named " + rule.recogniser);
      state->structures.push_back(id);
    } else if (rule.heads.empty() && rule.terms.empty()) {  // it starts itself
      if (compiled.facts.min_width == 0) return broken(rule, "the pattern matches nothing at all");
      if (!compiled.facts.has_trigger) return broken(rule, "the pattern has no trigger (a letter, digit or sign it cannot do without)");
      if (!compiled.facts.byte_exact) return broken(rule, "a pattern without a head must not use `.`, negated classes or non-ASCII characters");
      compiled.starts_itself = true;
    }
  }
  return state;
}

Result<Matcher> Matcher::compile(const rules::Pack& pack) {
  auto prepared = prepare(pack);
  if (!prepared) return prepared.error();
  auto state = std::move(*prepared);
  state->lexicon = Lexicon(pack);
  for (auto& rule : state->rules) {
    if (rule.whole) rule.walker = Walker::compile(rule.rule->pattern, rule.rule->case_sensitive);
  }
  std::map<std::string_view, std::vector<std::int32_t>> entries;  // of each list, in the order of its terms; -2 = not yet added
  std::size_t terms = 0;
  for (const auto& [name, list] : pack.terms) terms += list.terms.size();
  state->terms.reserve(terms);
  for (std::uint32_t id = 0; id < pack.rules.size(); ++id) {
    const auto& rule = pack.rules[id];
    for (const auto& head : rule.heads) {
      const std::string folded = text::fold(head);
      if (folded.empty()) return broken(rule, "an empty head");
      state->terms.use(state->terms.add(folded), {id, rule.category, state->rules[id].capital});
    }
    for (const auto& source : rule.terms) {
      const auto& terms = pack.terms.at(source.list).terms;
      auto& known = entries[source.list];
      known.resize(terms.size(), -2);
      for (std::size_t i = 0; i < terms.size(); ++i) {
        if (!wanted(source, terms[i])) continue;
        if (known[i] == -2) known[i] = state->terms.add(text::fold(terms[i].text));
        state->terms.use(known[i], {id, category_of(terms[i]), state->rules[id].capital});
      }
    }
    state->rules[id].found = found_by(state->rules[id], id, state->terms, state->openings);
  }
  state->terms.build();
  auto compiled = Shapes::compile(shapes_of(state->rules));
  if (!compiled) {
    Error error = compiled.error();
    if (!error.where.empty()) error = broken(pack.rules[std::stoul(error.where)], error.message);
    return error;
  }
  state->shapes = std::move(*compiled);
  return Matcher(std::move(state));
}

void Matcher::write(FlatWriter& flat) const {
  for (const auto& rule : state_->rules) flat(rule.walker, rule.found);
  flat(state_->terms, state_->openings, state_->lexicon, state_->shapes->serialised());
}

std::optional<Matcher> Matcher::read(const rules::Pack& pack, FlatReader& flat) {
  auto prepared = prepare(pack);
  if (!prepared) return std::nullopt;
  auto state = std::move(*prepared);
  for (auto& rule : state->rules) flat(rule.walker, rule.found);
  std::string_view serialised;
  flat(state->terms, state->openings, state->lexicon, serialised);
  if (!flat.is_whole()) return std::nullopt;
  state->shapes = Shapes::restore(shapes_of(state->rules), serialised);
  if (!state->shapes) return std::nullopt;
  return Matcher(std::move(state));
}

Matcher::Matcher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

Scratch Matcher::scratch() const { return state_->shapes->scratch(); }
const Lexicon& Matcher::lexicon() const { return state_->lexicon; }
const Shapes& Matcher::shapes() const { return *state_->shapes; }
std::size_t Matcher::term_count() const { return state_->terms.size(); }

}  // namespace phiscan::detect

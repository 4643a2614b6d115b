#include <algorithm>

#include "detect/compiled.hpp"
#include "detect/name_words.hpp"
#include "detect/structure.hpp"
#include "text/utf8.hpp"

namespace phiscan::detect {
namespace {

constexpr std::size_t max_matches_per_text = 20'000;

bool edges_hold(rules::Edges edges, std::string_view norm, Span value) {
  const bool left = edges == rules::Edges::none || edges == rules::Edges::right || text::is_edge(norm, value.begin);
  const bool right = edges == rules::Edges::none || edges == rules::Edges::left || text::is_edge(norm, value.end);
  return left && right;
}

// Confirms the candidates of one text.
class Confirmer {
 public:
  Confirmer(const Lexicon& lexicon, const text::Text& text, std::uint32_t index, std::optional<Date> now, std::vector<Match>& out)
      : lexicon_(lexicon), text_(text), index_(index), now_(now), out_(out), first_(out.size()) {
    for (std::uint32_t at = 0; at < text.norm.size(); ++at) {
      if (static_cast<unsigned char>(text.norm[at]) >= 0x80) wide_.push_back(at);
    }
  }

  void head(const CompiledRule& rule, TermUse use, Span head) {
    const std::uint32_t id = use.rule;
    category_ = use.category_code != 0 ? use.category() : rule.rule->category;
    if (full()) return;
    if (rule.rule->pattern.empty()) {
      keep(rule, id, head, head, !rule.rule->heads.empty());
      return;
    }
    re2::StringPiece groups[2];
    if (!match(rule, head.end, std::min<std::size_t>(head.end + rule.facts.max_width, text_.norm.size()), RE2::ANCHOR_START, groups)) return;
    const Span whole = span(groups[0]);
    const Span value = groups[1].data() == nullptr ? Span{head.begin, whole.end} : span(groups[1]);
    keep(rule, id, Span{head.begin, whole.end}, value, !rule.rule->heads.empty());
  }

  void shape(const CompiledRule& rule, std::uint32_t id, Span starts) {
    category_ = rule.rule->category;
    std::uint32_t at = std::max(starts.begin, id == last_rule_ ? last_end_ : 0U);
    last_rule_ = id;
    last_end_ = at;
    while (at <= starts.end && at < text_.norm.size() && !full()) {
      while (at < text_.norm.size() && (static_cast<unsigned char>(text_.norm[at]) & 0xC0U) == 0x80U) ++at;
      re2::StringPiece groups[2];
      const auto end = std::min<std::size_t>(std::size_t{starts.end} + rule.facts.max_width, text_.norm.size());
      if (!match(rule, at, end, RE2::UNANCHORED, groups)) return;
      const Span whole = span(groups[0]);
      if (whole.begin > starts.end) return;
      const Span value = groups[1].data() == nullptr ? whole : span(groups[1]);
      if (keep(rule, id, whole, value, false)) {
        at = std::max(whole.end, whole.begin + 1);
        last_end_ = at;
      } else {
        at = whole.begin + 1;
      }
    }
  }

  void structure(const CompiledRule& rule, std::uint32_t id, std::uint32_t& next_record) {
    for (const auto& found : read_structures(rule.rule->recogniser, text_)) {
      Match payload;
      payload.rule = id;
      payload.text = index_;
      payload.kind = Kind::structure;
      payload.label = found.payload;
      payload.value = payload.extent = found.extent;
      payload.category = rule.rule->category;
      payload.p = found.clinical ? static_cast<float>(rule.rule->p) : 0.0F;
      payload.record = next_record;
      out_.push_back(payload);
      for (const auto& value : found.values) {
        Match match = payload;
        match.kind = value.kind;
        match.label = value.label;
        match.value = match.extent = value.value;
        match.p = static_cast<float>(rule.rule->p);
        match.record = next_record + value.record;
        match.category.reset();
        match.labelled = true;
        out_.push_back(match);
      }
      next_record += found.records + 1;
    }
  }

 private:
  [[nodiscard]] bool full() const { return out_.size() - first_ >= max_matches_per_text; }

  bool match(const CompiledRule& rule, std::size_t begin, std::size_t end, RE2::Anchor anchor, re2::StringPiece (&groups)[2]) const {
    const re2::StringPiece whole(text_.norm.data(), text_.norm.size());
    if (anchor == RE2::ANCHOR_START && rule.facts.min_width > 0 &&
        (begin + rule.facts.min_width > text_.norm.size() || !rule.facts.first[static_cast<unsigned char>(text_.norm[begin])])) return false;
    if (rule.facts.needs_digit && !has_digit(begin, end)) return false;
    while (end < text_.norm.size() && (static_cast<unsigned char>(text_.norm[end]) & 0xC0U) == 0x80U) ++end;
    const auto wide = std::lower_bound(wide_.begin(), wide_.end(), begin);
    const bool ascii = wide == wide_.end() || *wide >= end;
    const RE2& re2 = rule.whole->re2(ascii);
    // Most candidates fail, which RE2's automaton sees in a few bytes; captures cost ten times as much and are asked for last.
    if (!re2.Match(whole, begin, end, anchor, groups, 1)) return false;
    if (re2.NumberOfCapturingGroups() == 0) return true;
    const auto from = static_cast<std::size_t>(groups[0].data() - whole.data());
    const auto to = from + groups[0].size();
    // "lead(value)": where the value matches behind the lead's first choice, that is the first choice of both together.
    if (rule.lead && rule.matched.fetch_add(1, std::memory_order_relaxed) >= CompiledRule::few && rule.lead->re2(ascii).Match(whole, from, to, RE2::ANCHOR_START, &groups[1], 1)) {
      const auto value = from + groups[1].size();
      if (rule.value->re2(ascii).Match(whole, value, to, RE2::ANCHOR_BOTH, &groups[1], 1)) return true;
    }
    // Leftmost-first: the best path to that end is the best path of all.
    return re2.Match(whole, from, to, RE2::ANCHOR_BOTH, groups, 2);
  }

  [[nodiscard]] bool has_digit(std::size_t begin, std::size_t end) const {
    return std::any_of(text_.norm.begin() + static_cast<std::ptrdiff_t>(begin), text_.norm.begin() + static_cast<std::ptrdiff_t>(end), [](char c) { return c >= '0' && c <= '9'; });
  }

  [[nodiscard]] Span span(re2::StringPiece piece) const {
    const auto begin = static_cast<std::uint32_t>(piece.data() - text_.norm.data());
    return {begin, begin + static_cast<std::uint32_t>(piece.size())};
  }

  bool keep(const CompiledRule& rule, std::uint32_t id, Span extent, Span value, bool labelled) {
    if (!edges_hold(rule.rule->edges, text_.norm, value)) return false;
    Check check{text_, lexicon_, now_, extent, value, static_cast<float>(rule.rule->p), false, memo_.get()};
    if (rule.validator != nullptr && !rule.validator(check)) return false;
    Match match;
    match.rule = id;
    match.text = index_;
    match.kind = rule.rule->kind;
    match.label = rule.rule->label;
    match.value = check.value;
    match.extent = Span{std::min(extent.begin, check.value.begin), std::max(extent.end, check.value.end)};
    match.p = check.p;
    match.category = category_;
    match.labelled = labelled;
    match.sample = check.sample;
    out_.push_back(match);
    return true;
  }

  const Lexicon& lexicon_;
  const text::Text& text_;
  std::uint32_t index_;
  std::optional<Date> now_;
  std::vector<Match>& out_;
  std::size_t first_;
  std::vector<std::uint32_t> wide_;  // bytes that are not ASCII
  std::unique_ptr<WordMemo> memo_ = std::make_unique<WordMemo>();
  std::optional<Category> category_;
  std::uint32_t last_rule_ = UINT32_MAX;
  std::uint32_t last_end_ = 0;
};

// Per rule: leftmost first, then longest; what overlaps a kept one of the same rule goes. Records keep all their values.
// Then in the order of the mail.
void drop_overlaps(std::vector<Match>& matches) {
  // Small keys are sorted, not matches. What is equal keeps its order.
  struct Place {
    std::uint64_t major, minor;
    std::uint32_t extent, record, index;
    auto operator<=>(const Place&) const = default;
  };
  const auto key = [](std::uint32_t high, std::uint32_t low) { return std::uint64_t{high} << 32U | low; };
  std::vector<Place> places;
  places.reserve(matches.size());
  for (std::uint32_t i = 0; i < matches.size(); ++i) {
    const Match& match = matches[i];
    places.push_back({key(match.text, match.rule), key(match.value.begin, UINT32_MAX - match.value.end), match.extent.begin, match.record, i});
  }
  std::sort(places.begin(), places.end());
  const Match* before = nullptr;
  std::size_t kept = 0;
  for (const Place place : places) {
    const Match& match = matches[place.index];
    if (before != nullptr && match.record == 0 && before->text == match.text && before->rule == match.rule && before->record == 0 && match.value.begin < before->value.end) continue;
    before = &match;
    places[kept++] = {key(match.text, match.value.begin), key(match.value.end, match.rule), 0, match.record, place.index};
  }
  places.resize(kept);
  std::sort(places.begin(), places.end());
  std::vector<Match> out;
  out.reserve(kept);
  for (const Place& place : places) out.push_back(matches[place.index]);
  matches = std::move(out);
}

}  // namespace

std::vector<Match> confirm(const Matcher& matcher, const std::vector<text::Text>& texts, const std::vector<Candidates>& candidates,
                           std::optional<Date> now) {
  const auto& state = *matcher.state_;
  std::vector<Match> out;
  std::uint32_t next_record = 1;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    Confirmer confirmer(state.lexicon, texts[i], i, now, out);
    for (const auto& hit : candidates[i].terms) {
      for (const auto& use : state.terms.uses(hit.entry)) confirmer.head(*state.rules[use.rule], use, hit.span);
    }
    for (const auto& hit : candidates[i].shapes) confirmer.shape(*state.rules[hit.rule], hit.rule, hit.starts);
    for (const auto rule : state.structures) confirmer.structure(*state.rules[rule], rule, next_record);
  }
  drop_overlaps(out);
  return out;
}

}  // namespace phiscan::detect

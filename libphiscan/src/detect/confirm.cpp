#include <algorithm>
#include <numeric>
#include <tuple>

#include "detect/compiled.hpp"
#include "detect/marks.hpp"
#include "detect/name_words.hpp"
#include "detect/structure.hpp"
#include "text/utf8.hpp"

namespace phiscan::detect {
namespace {

constexpr std::size_t max_matches_per_text = 20'000;

// Confirms the candidates of one text.
class Confirmer {
 public:
  Confirmer(const Lexicon& lexicon, std::size_t rules, const text::Text& text, std::uint32_t index, std::optional<Date> now, std::vector<Match>& out)
      : lexicon_(lexicon), text_(text), index_(index), now_(now), out_(out), goes_on_(rules) {}

  [[nodiscard]] bool full() const { return out_.size() >= max_matches_per_text; }

  void head(const CompiledRule& rule, TermUse use, Span head) {
    const std::uint32_t id = use.rule;
    category_ = use.category_code != 0 ? use.category() : rule.category;
    if (full()) return;
    if (!rule.has_pattern) {
      keep(rule, id, head, head, rule.has_head);
      return;
    }
    Walker::Found found;
    if (!match(rule, head.end, std::min<std::size_t>(head.end + rule.facts.max_width, text_.norm.size()), anchored, found)) return;
    const Span extent{head.begin, found.whole.end};
    keep(rule, id, extent, found.value.value_or(extent), rule.has_head);
  }

  // A rule that starts itself, at `at` and nowhere else.
  void start(const CompiledRule& rule, std::uint32_t id, std::uint32_t at) {
    if (at < goes_on_[id] || full()) return;
    goes_on_[id] = at + 1;
    Walker::Found found;
    if (!match(rule, at, std::min<std::size_t>(at + rule.facts.max_width, text_.norm.size()), anchored, found)) return;
    category_ = rule.category;
    if (keep(rule, id, found.whole, found.value.value_or(found.whole), false)) goes_on_[id] = std::max(found.whole.end, at + 1);
  }

  // The same, anywhere in `starts`.
  void shape(const CompiledRule& rule, std::uint32_t id, Span starts) {
    category_ = rule.category;
    std::uint32_t& at = goes_on_[id];
    at = std::max(at, starts.begin);
    while (at <= starts.end && at < text_.norm.size() && !full()) {
      while (at < text_.norm.size() && (static_cast<unsigned char>(text_.norm[at]) & 0xC0U) == 0x80U) ++at;
      Walker::Found found;
      const auto end = std::min<std::size_t>(std::size_t{starts.end} + rule.facts.max_width, text_.norm.size());
      if (!match(rule, at, end, starts.end, found) || found.whole.begin > starts.end) return;
      const Span whole = found.whole;
      const bool kept = keep(rule, id, whole, found.value.value_or(whole), false);
      at = kept ? std::max(whole.end, whole.begin + 1) : whole.begin + 1;
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
      payload.category = rule.category;
      payload.p = found.clinical ? rule.p : 0.0F;
      payload.record = next_record;
      out_.push_back(payload);
      for (const auto& value : found.values) {
        Match match = payload;
        match.kind = value.kind;
        match.label = value.label;
        match.value = match.extent = value.value;
        match.p = rule.p;
        match.record = next_record + value.record;
        match.category.reset();
        match.labelled = true;
        out_.push_back(match);
      }
      next_record += found.records + 1;
    }
  }

 private:
  static constexpr std::uint32_t anchored = UINT32_MAX;

  // In [begin, end): a match that begins at `begin`, or the leftmost one, which may be left out when it begins behind `last_start`.
  bool match(const CompiledRule& rule, std::size_t begin, std::size_t end, std::uint32_t last_start, Walker::Found& found) const {
    if (last_start == anchored && rule.facts.min_width > 0 &&
        (begin + rule.facts.min_width > text_.norm.size() || !rule.facts.first[static_cast<unsigned char>(text_.norm[begin])])) return false;
    if (rule.facts.needs_digit && !digits_.any(begin, end)) return false;
    while (end < text_.norm.size() && (static_cast<unsigned char>(text_.norm[end]) & 0xC0U) == 0x80U) ++end;
    const bool ascii = !wide_.any(begin, end);
    if (ascii && rule.walker) {
      const Span range{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
      const auto answer = last_start == anchored ? rule.walker->match(text_.norm, range, found) : rule.walker->search(text_.norm, range, last_start, rule.at_word, found);
      if (answer != Walker::Answer::unknown) return answer == Walker::Answer::yes;
    }
    const re2::StringPiece whole(text_.norm.data(), text_.norm.size());
    const RE2& re2 = rule.whole->re2(ascii);
    re2::StringPiece groups[2];
    // Most candidates fail, which RE2's automaton sees in a few bytes; captures cost ten times as much and are asked for last.
    if (!re2.Match(whole, begin, end, last_start == anchored ? RE2::ANCHOR_START : RE2::UNANCHORED, groups, 1)) return false;
    found = {span(groups[0]), std::nullopt};
    if (re2.NumberOfCapturingGroups() == 0) return true;
    // Leftmost-first: the best path to that end is the best path of all.
    if (!re2.Match(whole, found.whole.begin, found.whole.end, RE2::ANCHOR_BOTH, groups, 2)) return false;
    if (groups[1].data() != nullptr) found.value = span(groups[1]);
    return true;
  }

  [[nodiscard]] Span span(re2::StringPiece piece) const {
    const auto begin = static_cast<std::uint32_t>(piece.data() - text_.norm.data());
    return {begin, begin + static_cast<std::uint32_t>(piece.size())};
  }

  bool keep(const CompiledRule& rule, std::uint32_t id, Span extent, Span value, bool labelled) {
    if ((rule.left_edge && !text::is_edge(text_.norm, value.begin)) || (rule.right_edge && !text::is_edge(text_.norm, value.end))) return false;
    Check check{text_, lexicon_, now_, extent, value, rule.p, false, &memo_};
    if (rule.validator != nullptr && !rule.validator(check)) return false;
    Match match;
    match.rule = id;
    match.text = index_;
    match.kind = rule.kind;
    match.label = rule.label;
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
  Marks wide_{text_.norm, Marks::wide};
  Marks digits_{text_.norm, Marks::digits};
  WordMemo memo_{text_.norm.size()};
  std::optional<Category> category_;
  std::vector<std::uint32_t> goes_on_;  // where each rule that starts itself may have its next match
};

// A pattern to be tried at a place.
struct Waiting {
  TermUse use;
  Span place;
};

// One rule after the other: what a pattern is made of is then at hand, and not far away in memory. Within a rule the order stays.
std::vector<Waiting> by_rule(const std::vector<Waiting>& waiting, std::size_t rules) {
  std::vector<std::uint32_t> next(rules + 1);  // where each rule's begin
  for (const auto& one : waiting) ++next[one.use.rule + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<Waiting> out(waiting.size());
  for (const auto& one : waiting) out[next[one.use.rule]++] = one;
  return out;
}

// Per rule: leftmost first, then longest; what overlaps a kept one of the same rule goes. Records keep all their values.
// Adds what stays to `out` in the order of the mail. `found`: of one text.
void drop_overlaps(const std::vector<Match>& found, std::size_t rules, std::vector<Match>& out) {
  if (found.empty()) return;
  // Small keys are sorted, not matches, and in buckets of a few neighbours: one sort of them all would cost as much as finding them.
  struct Place {
    std::uint32_t begin, index;
  };
  std::uint32_t last = 0;
  for (const Match& match : found) last = std::max(last, match.value.begin);
  const std::size_t width = last / found.size() + 1;
  std::vector<std::uint32_t> filled(last / width + 2);  // where each bucket begins, and then ends
  for (const Match& match : found) ++filled[match.value.begin / width + 1];
  std::partial_sum(filled.begin(), filled.end(), filled.begin());
  std::vector<Place> places(found.size());
  for (std::uint32_t i = 0; i < found.size(); ++i) places[filled[found[i].value.begin / width]++] = {found[i].value.begin, i};
  std::size_t begin = 0;
  const auto sorted = [&](std::size_t end, auto before) {
    if (end - begin > 1) std::sort(places.begin() + static_cast<std::ptrdiff_t>(begin), places.begin() + static_cast<std::ptrdiff_t>(end), before);
    begin = end;
  };
  for (const std::size_t end : filled) {
    sorted(end, [&](Place a, Place b) {
      if (a.begin != b.begin) return a.begin < b.begin;
      const Match& left = found[a.index];
      const Match& right = found[b.index];
      return std::tie(right.value.end, left.extent.begin, left.record, a.index) < std::tie(left.value.end, right.extent.begin, right.record, b.index);
    });
  }
  std::vector<const Match*> kept_of(rules);  // the last one of each rule
  const auto goes = [&](Place place) {
    const Match& match = found[place.index];
    const Match*& before = kept_of[match.rule];
    if (before != nullptr && match.record == 0 && before->record == 0 && match.value.begin < before->value.end) return true;
    before = &match;
    return false;
  };
  std::erase_if(places, goes);
  begin = 0;
  for (std::size_t end = 1; end <= places.size(); ++end) {
    if (end < places.size() && places[end].begin == places[begin].begin) continue;
    sorted(end, [&](Place a, Place b) {
      const Match& left = found[a.index];
      const Match& right = found[b.index];
      return std::tie(left.value.end, left.rule, left.record, a.index) < std::tie(right.value.end, right.rule, right.record, b.index);
    });
  }
  out.reserve(out.size() + places.size());
  for (const Place place : places) out.push_back(found[place.index]);
}

}  // namespace

std::vector<Match> confirm(const Matcher& matcher, const std::vector<text::Text>& texts, const std::vector<Candidates>& candidates,
                           std::optional<Date> now, std::vector<std::uint32_t>* cut) {
  const auto& state = *matcher.state_;
  std::vector<Match> out;
  std::vector<Match> found;
  std::uint32_t next_record = 1;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    found.clear();
    Confirmer confirmer(state.lexicon, state.rules.size(), texts[i], i, now, found);
    const Candidates& proposed = candidates[i];
    found.reserve(proposed.terms.size() + proposed.shapes.size());
    std::vector<Waiting> waiting;
    waiting.reserve(proposed.terms.size() * 3 + proposed.starts.size());
    // Where more is proposed than there is room for, what stands first in the text goes first, so that no kind of rule is left out.
    const bool crowded = proposed.terms.size() + proposed.starts.size() + proposed.shapes.size() > max_matches_per_text / 2;
    std::vector<ShapeHit> in_order;
    if (crowded) {
      in_order = proposed.shapes;
      std::stable_sort(in_order.begin(), in_order.end(), [](const ShapeHit& a, const ShapeHit& b) { return a.starts.begin < b.starts.begin; });
    }
    const auto& shapes = crowded ? in_order : proposed.shapes;
    constexpr std::uint32_t block = 1U << 14U;
    std::size_t term = 0;
    std::size_t start = 0;
    std::size_t shape = 0;
    for (std::uint32_t end = crowded ? block : UINT32_MAX;; end += block) {
      waiting.clear();
      for (; term < proposed.terms.size() && proposed.terms[term].span.begin < end; ++term) {
        const auto& hit = proposed.terms[term];
        const bool capital = is_capital(texts[i].norm[hit.span.begin]);
        for (const auto& use : state.terms.uses(hit.first)) {
          if (use.capital != 0 && !capital) continue;
          const auto& rule = state.rules[use.rule];
          if (rule.has_pattern) waiting.push_back({use, hit.span});
          else confirmer.head(rule, use, hit.span);
        }
      }
      for (; start < proposed.starts.size() && proposed.starts[start].at < end; ++start) {
        const auto& here = proposed.starts[start];
        waiting.push_back({{here.rule, std::nullopt}, {here.at, here.at}});
      }
      for (const auto& [use, place] : by_rule(waiting, state.rules.size())) {
        const auto& rule = state.rules[use.rule];
        if (rule.starts_itself) confirmer.start(rule, use.rule, place.begin);
        else confirmer.head(rule, use, place);
      }
      for (; shape < shapes.size() && shapes[shape].starts.begin < end; ++shape) confirmer.shape(state.rules[shapes[shape].rule], shapes[shape].rule, shapes[shape].starts);
      if (confirmer.full() || end >= texts[i].norm.size()) break;
    }
    if (confirmer.full() && cut != nullptr) cut->push_back(i);
    for (const auto rule : state.structures) confirmer.structure(state.rules[rule], rule, next_record);
    drop_overlaps(found, state.rules.size(), out);
  }
  return out;
}

}  // namespace phiscan::detect

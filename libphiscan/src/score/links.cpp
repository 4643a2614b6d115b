#include "score/links.hpp"

#include <algorithm>
#include <string>

namespace phiscan::score {
namespace {

using detect::Match;
using message::PartRef;

bool is_subject(const text::Text& text) { return text.part.kind == PartRef::Kind::subject; }

bool same_line(const text::Text& text, Span a, Span b) {
  const Span first = a.begin <= b.begin ? a : b;
  const Span second = a.begin <= b.begin ? b : a;
  return first.end >= second.begin || text.norm.find('\n', first.end) >= second.begin;
}

std::uint32_t gap_between(Span a, Span b) {
  const Span first = a.begin <= b.begin ? a : b;
  const Span second = a.begin <= b.begin ? b : a;
  return second.begin > first.end ? second.begin - first.end : 0;
}

}  // namespace

double link(const std::vector<text::Text>& texts, const Match& a, const Match& b) {
  if (a.record != 0 && b.record != 0) return a.record == b.record ? 0.98 : 0.1;
  const auto& one = texts[a.text];
  const auto& two = texts[b.text];
  if (a.text == b.text) {
    if (is_attachment_name(one)) return 0.9;
    const std::uint32_t gap = gap_between(a.value, b.value);
    if (gap <= 300) return same_line(one, a.value, b.value) ? 0.92 : 0.87;
    if (gap <= 1000) return 0.78;
    if (gap <= far_away) return 0.68;
    return 0.45;
  }
  if (is_subject(one) || is_subject(two)) return 0.85;
  if (is_attachment_name(one) || is_attachment_name(two)) return 0.8;
  if (is_body(one) && is_body(two)) return 0.75;
  return 0.7;
}

bool same_item(std::string_view norm, Span a, Span b) {
  const Span first = a.begin <= b.begin ? a : b;
  const Span second = a.begin <= b.begin ? b : a;
  constexpr std::size_t full_line = 50;  // a shorter one was ended by its writer, not by the margin
  for (auto end = norm.find('\n', first.end); end < second.begin; end = norm.find('\n', end + 1)) {
    auto next = norm.find_first_not_of(" \t\r", end + 1);
    if (next == std::string_view::npos || next > second.begin) return true;
    const char c = norm[next];
    if (c == '\n' || c == '-' || c == '*' || c == '>' || (c >= '0' && c <= '9') || (c & 0x80) != 0) return false;
    const auto line = norm.rfind('\n', end == 0 ? 0 : end - 1);
    const std::size_t start = line == std::string_view::npos || line >= end ? 0 : line + 1;
    if (end - start < full_line && c >= 'A' && c <= 'Z') return false;
  }
  return true;
}

bool same_sentence(std::string_view norm, Span a, Span b) {
  if (gap_between(a, b) > one_breath || !same_item(norm, a, b)) return false;
  const Span first = a.begin <= b.begin ? a : b;
  const Span second = a.begin <= b.begin ? b : a;
  std::size_t word = 0;  // letters since the last blank: "Mr." and "J." end no sentence
  for (std::size_t i = first.end; i < second.begin; ++i) {
    const char c = norm[i];
    if ((c == '.' || c == '!' || c == '?') && i + 1 < second.begin && (norm[i + 1] == ' ' || norm[i + 1] == '\n') && (word > 3 || c != '.')) {
      const auto next = norm.find_first_not_of(" \n\t", i + 1);
      if (next != std::string_view::npos && next <= second.begin && !(norm[next] >= 'a' && norm[next] <= 'z')) return false;
    }
    word = c == ' ' || c == '\n' || c == '.' || c == '(' ? 0 : word + 1;
  }
  return true;
}

bool goes_on(std::string_view norm, Span name, Span fact) {
  if (fact.begin < name.end || fact.begin - name.end > 2 * one_breath || !same_item(norm, name, fact)) return false;
  const std::string_view between = norm.substr(name.end, fact.begin - name.end);
  std::size_t sentence = std::string_view::npos;
  for (std::size_t i = 0; i + 2 < between.size(); ++i) {
    const char c = between[i];
    if ((c != '.' && c != '!' && c != '?') || (between[i + 1] != ' ' && between[i + 1] != '\n')) continue;
    const auto next = between.find_first_not_of(" \n\t", i + 1);
    if (next == std::string_view::npos || (between[next] >= 'a' && between[next] <= 'z')) continue;
    if (sentence != std::string_view::npos) return false;  // another one stands between
    sentence = next;
  }
  if (sentence == std::string_view::npos) return false;
  const std::string begins = text::fold(between.substr(sentence, 12));
  static constexpr std::string_view words[] = {"he ", "he's ", "her ", "his ", "pt ", "she ", "she's ", "the patient", "they ", "their ", "patient ", "el ", "ella ", "su ", "the pt "};
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return begins.starts_with(word); });
}

bool says_before(std::string_view norm, std::uint32_t at, std::uint32_t reach, std::initializer_list<std::string_view> words) {
  const std::uint32_t from = at > reach ? at - reach : 0;
  std::string before = ' ' + text::fold(norm.substr(from, at - from));
  std::replace(before.begin(), before.end(), '\n', ' ');
  const std::string_view sentence = std::string_view(before).substr(before.find_last_of(".!?;:") + 1);  // npos + 1 is 0
  for (auto blank = sentence.find(' '); blank != std::string_view::npos; blank = sentence.find(' ', blank + 1)) {
    const auto rest = sentence.substr(blank);
    if (rest.size() > 2 && std::any_of(words.begin(), words.end(), [&](std::string_view word) { return word[1] == rest[1] && rest.starts_with(word); })) return true;
  }
  return false;
}

void Mentions::add(const Match& match) {
  all_[match.text].push_back(&match);
  if (match.record == 0) unrecorded_[match.text].push_back(&match);
  else records_.insert(match.record);
}

double Mentions::best(const Match& fact) const {
  if (fact.record == 0) return nearest(all_, fact);
  const double recorded = records_.empty() ? 0.0 : records_.contains(fact.record) ? 0.98 : 0.1;
  return std::max(recorded, nearest(unrecorded_, fact));
}

double Mentions::nearest(const PerText& places, const Match& fact) const {
  double best = 0.0;
  for (const auto& [text, matches] : places) {
    if (text != fact.text) {
      best = std::max(best, link(*texts_, *matches.front(), fact));
      continue;
    }
    // A nearer mention on the same side never links worse.
    const auto behind = std::lower_bound(matches.begin(), matches.end(), fact.value.begin, [](const Match* match, std::uint32_t at) { return match->value.begin < at; });
    if (behind != matches.end()) best = std::max(best, link(*texts_, **behind, fact));
    if (behind != matches.begin()) best = std::max(best, link(*texts_, **(behind - 1), fact));
  }
  return best;
}

bool Mentions::shares(const Match& fact, bool (*same)(std::string_view, Span, Span)) const {
  const auto at = all_.find(fact.text);
  if (at == all_.end()) return false;
  const std::string_view norm = (*texts_)[fact.text].norm;
  const auto behind = std::lower_bound(at->second.begin(), at->second.end(), fact.value.begin, [](const Match* match, std::uint32_t begin) { return match->value.begin < begin; });
  return (behind != at->second.end() && same(norm, (*behind)->value, fact.value)) || (behind != at->second.begin() && same(norm, (*(behind - 1))->value, fact.value));
}

std::map<std::uint32_t, std::vector<Span>> Mentions::surroundings() const {
  std::map<std::uint32_t, std::vector<Span>> out;
  for (const auto& [text, matches] : all_) {
    auto& spans = out[text];
    for (const auto* match : matches) {
      const Span around{match->value.begin > far_away ? match->value.begin - far_away : 0, match->value.end + far_away};
      if (!spans.empty() && around.begin <= spans.back().end) spans.back().end = std::max(spans.back().end, around.end);
      else spans.push_back(around);
    }
  }
  return out;
}

}  // namespace phiscan::score

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
  for (std::size_t i = 0; i + 1 < between.size(); ++i) {
    const char c = between[i];
    if ((c != '.' && c != '!' && c != '?') || (between[i + 1] != ' ' && between[i + 1] != '\n')) continue;
    const std::size_t next = std::min(between.find_first_not_of(" \n\t", i + 1), between.size());  // the fact itself may begin it
    if (next < between.size() && between[next] >= 'a' && between[next] <= 'z') continue;
    if (sentence != std::string_view::npos) return false;  // another one stands between
    sentence = next;
  }
  if (sentence == std::string_view::npos) return false;
  const std::string begins = text::fold(between.substr(sentence, 12));
  static constexpr std::string_view words[] = {"he ", "he's ", "her ", "his ", "pt ", "she ", "she's ", "the patient", "they ", "their ", "patient ", "el ", "ella ", "su ", "the pt ", "with his ", "with her ", "since he ", "since she ", "as he ", "as she "};
  if (std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return begins.starts_with(word); })) return true;
  // "Pneumonia again, she needs a note."
  const std::size_t at = name.end + sentence;
  const std::string rest = text::fold(norm.substr(at, norm.substr(at).find_first_of(".!?\n")).substr(0, one_breath));
  return rest.find(" she ") != std::string::npos || rest.find(" she'") != std::string::npos || rest.find(" he ") != std::string::npos || rest.find(" he'") != std::string::npos;
}

bool says_last(std::string_view before, std::initializer_list<std::string_view> words) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\n'; };
  const auto ends_clause = [](char c) { return c == '.' || c == '!' || c == '?' || c == ';' || c == ':'; };
  const auto same = [&](char a, char b) { return a == b || (a == ' ' && is_blank(b)); };
  for (std::size_t at = before.size();; --at) {
    const bool begins_word = at < before.size() && (at == 0 || is_blank(before[at - 1]));
    const auto stands_here = [&](std::string_view word) {
      word.remove_prefix(1);
      return word[0] == before[at] && before.size() - at >= word.size() && std::equal(word.begin(), word.end(), before.begin() + static_cast<std::ptrdiff_t>(at), same);
    };
    if (begins_word && std::any_of(words.begin(), words.end(), stands_here)) return true;
    if (at == 0 || ends_clause(before[at - 1])) return false;
  }
}

void Places::add(const Match& match) {
  const auto end = static_cast<std::uint32_t>(all_.size());
  if (parts_.empty() || parts_.back().text != match.text) parts_.push_back({match.text, end, end});
  all_.push_back(&match);
  ++parts_.back().end;
}

Places::Matches Places::in(std::uint32_t text) const {
  const auto part = std::lower_bound(parts_.begin(), parts_.end(), text, [](const Part& one, std::uint32_t wanted) { return one.text < wanted; });
  return part == parts_.end() || part->text != text ? Matches() : Matches(all_).subspan(part->begin, part->end - part->begin);
}

Places::Neighbours Places::around(const Match& fact) const {
  const auto places = in(fact.text);
  const auto behind = std::lower_bound(places.begin(), places.end(), fact.value.begin, [](const Match* place, std::uint32_t at) { return place->value.begin < at; });
  return {behind == places.begin() ? nullptr : *(behind - 1), behind == places.end() ? nullptr : *behind};
}

void Mentions::add(const Match& match) {
  all_.add(match);
  if (match.record == 0) return unrecorded_.add(match);
  const auto at = std::lower_bound(records_.begin(), records_.end(), match.record);
  if (at == records_.end() || *at != match.record) records_.insert(at, match.record);
}

double Mentions::best(const Match& fact, Places::Neighbours near) const {
  if (fact.record == 0 || records_.empty()) return nearest(all_, fact, near);
  const double recorded = std::binary_search(records_.begin(), records_.end(), fact.record) ? 0.98 : 0.1;
  return std::max(recorded, nearest(unrecorded_, fact, unrecorded_.around(fact)));
}

double Mentions::nearest(const Places& places, const Match& fact, Places::Neighbours near) const {
  double best = 0.0;
  places.each_text([&](std::uint32_t text, Places::Matches there) {
    if (text != fact.text) best = std::max(best, link(*texts_, *there.front(), fact));
  });
  // A nearer mention on the same side never links worse.
  if (near.behind != nullptr) best = std::max(best, link(*texts_, *near.behind, fact));
  if (near.before != nullptr) best = std::max(best, link(*texts_, *near.before, fact));
  return best;
}

bool Mentions::shares(const Match& fact, Places::Neighbours near, bool (*same)(std::string_view, Span, Span)) const {
  const std::string_view norm = (*texts_)[fact.text].norm;
  return (near.behind != nullptr && same(norm, near.behind->value, fact.value)) || (near.before != nullptr && same(norm, near.before->value, fact.value));
}

}  // namespace phiscan::score

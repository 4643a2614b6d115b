#include "decide/edits.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <unordered_map>
#include <utility>

namespace phiscan::decide {
namespace {

using message::PartRef;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_word_byte(char c) {
  static constexpr auto word_bytes = [] {
    std::array<bool, 256> out{};
    for (int c = 0; c < 256; ++c) out[static_cast<std::size_t>(c)] = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return out;
  }();
  return word_bytes[static_cast<unsigned char>(c)];
}

// ASCII only; norm has no other accents to fold that would matter between two places of one mail.
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}
bool is_lower_of(std::string_view folded, std::string_view text) {
  return std::ranges::equal(folded, text, {}, {}, [](char c) { return lower(c); });
}

// The first word that begins at or after `at`; empty when there is none before `end`.
Span next_word(std::string_view norm, std::uint32_t at, std::uint32_t end) {
  while (at < end && !is_word_byte(norm[at])) ++at;
  const std::uint32_t begin = at;
  while (at < end && is_word_byte(norm[at])) ++at;
  return {begin, at};
}

// The last word of a range; empty when there is none.
Span last_word(std::string_view norm, Span range) {
  while (range.end > range.begin && !is_word_byte(norm[range.end - 1])) --range.end;
  std::uint32_t begin = range.end;
  while (begin > range.begin && is_word_byte(norm[begin - 1])) --begin;
  return {begin, range.end};
}

// Not by themselves the name of anybody.
bool is_name_particle(std::string_view word) {
  static constexpr auto words = std::to_array<std::string_view>({
      "mr", "mrs", "ms", "miss", "mister", "dr", "doctor", "sr", "sra", "srta", "senor", "senora", "don", "dona", "jr", "ii", "iii", "iv", "md", "do",
      "rn", "np", "pa", "phd", "de", "del", "la", "las", "los", "el", "van", "von", "der", "den", "da", "di", "al", "bin", "ibn", "san", "the", "and", "y",
      "patient", "paciente", "baby", "boy", "girl"});
  return std::ranges::find(words, word) != words.end();
}

// A value to look for: its words in order, a little punctuation between them.
struct Pattern {
  std::vector<std::string> words = {};
  std::string before = {};      // for short values: the word that must stand before; else empty
  Label label = Label::other_id;
  bool is_name_part = false;  // one word of a name: only where it is written with a capital
};

class Patterns {
 public:
  Patterns() {
    for (std::size_t c = 0; c < bytes_.size(); ++c) bytes_[c] = is_word_byte(static_cast<char>(c)) ? in_word : 0;
  }

  void add(std::string_view norm, Span value, Label label) {
    Pattern whole;
    whole.label = label;
    std::string joined;
    bool digits = true;
    for (Span word = next_word(norm, value.begin, value.end); !word.empty(); word = next_word(norm, word.end, value.end)) {
      joined += whole.words.emplace_back(lower(word.of(norm)));
      digits = digits && std::ranges::all_of(whole.words.back(), is_digit);
      const bool named = is_upper(norm[word.begin]) || is_high(norm[word.begin]);
      if (label == Label::name && named && word.size() > 1 && !is_name_particle(whole.words.back())) insert({.words = {whole.words.back()}, .before = {}, .label = label, .is_name_part = true});
    }
    if (whole.words.empty()) return;
    // "94" alone says nothing; "age 94" does.
    if (joined.size() < 4 && label != Label::name) {
      const Span earlier = last_word(norm, {value.begin > 40 ? value.begin - 40 : 0, value.begin});
      if (earlier.empty()) return;
      whole.before = lower(earlier.of(norm));
    }
    if (digits && whole.words.size() > 1 && joined.size() >= 6) insert({.words = {joined}, .before = {}, .label = label});
    insert(std::move(whole));
  }

  // Every place in `norm`.
  template <typename Found>
  void search(std::string_view norm, Found&& found) const {
    if (by_first_.empty()) return;
    const auto size = static_cast<std::uint32_t>(norm.size());
    std::string key;
    std::uint8_t before = 0;
    for (std::uint32_t begin = 0; begin < size; ++begin) {
      const std::uint8_t here = bytes_[static_cast<unsigned char>(norm[begin])];
      const bool may_begin = (here & ~(std::exchange(before, here) << 1U) & begins_pattern) != 0;  // one branch: where words begin is hard to guess
      if (!may_begin || !begins_[begin_of(norm.substr(begin, 2))]) continue;
      const Span word = next_word(norm, begin, size);
      key = lower(word.of(norm));
      const auto at = by_first_.find(key);
      if (at == by_first_.end()) continue;
      for (const auto& pattern : at->second) {
        if (const auto end = match(norm, word, pattern)) found(Span{word.begin, end}, pattern.label);
      }
    }
  }

 private:
  static constexpr std::uint32_t widest_gap = 3;
  static constexpr std::uint8_t in_word = 1, begins_pattern = 2;  // the second one is the first one, moved by a bit

  // The first two letters, the second one 0 behind a word of one: most words of a mail begin no pattern.
  static std::size_t begin_of(std::string_view word) {
    const std::size_t second = word.size() > 1 && is_word_byte(word[1]) ? static_cast<unsigned char>(word[1]) | 0x20U : 0U;
    return (static_cast<unsigned char>(word[0]) | 0x20U) * 256U + second;
  }

  // Where it ends, or 0. `word` is its first one.
  static std::uint32_t match(std::string_view norm, Span word, const Pattern& pattern) {
    if (pattern.is_name_part && !is_upper(norm[word.begin]) && !is_high(norm[word.begin])) return 0;
    if (!pattern.before.empty() && !is_lower_of(pattern.before, last_word(norm, {0, word.begin}).of(norm))) return 0;
    for (std::size_t k = 1; k < pattern.words.size(); ++k) {
      const Span next = next_word(norm, word.end, static_cast<std::uint32_t>(norm.size()));
      if (next.empty() || next.begin - word.end > widest_gap || !is_lower_of(pattern.words[k], next.of(norm))) return 0;
      word = next;
    }
    return word.end;
  }

  void insert(Pattern pattern) {
    const std::string& word = pattern.words.front();
    begins_.set(begin_of(word));
    const auto first = static_cast<unsigned char>(word[0]);
    bytes_[first] |= begins_pattern;
    if (first >= 'a' && first <= 'z') bytes_[first - 'a' + 'A'] |= begins_pattern;
    auto& same = by_first_[pattern.words.front()];
    const auto equal = [&](const Pattern& old) { return old.words == pattern.words && old.before == pattern.before && old.is_name_part == pattern.is_name_part; };
    if (std::ranges::none_of(same, equal)) same.push_back(std::move(pattern));
  }

  std::unordered_map<std::string, std::vector<Pattern>> by_first_;
  std::bitset<256 * 256> begins_;
  std::array<std::uint8_t, 256> bytes_;  // of words, and of the beginnings of patterns
};

struct Piece {
  Span range;  // in norm
  Label label;
};

// Between two pieces of one value: "Jane A. Doe", "Doe, Jane". A tab is a table cell and a line break often another person.
bool is_joint(std::string_view between) {
  return between.size() <= 3 && between.find_first_not_of(" .,_-") == std::string_view::npos;
}

void merge(std::string_view norm, std::vector<Piece>& pieces) {
  std::ranges::sort(pieces, [](const Piece& a, const Piece& b) {
    return a.range.begin != b.range.begin ? a.range.begin < b.range.begin : a.range.end != b.range.end ? a.range.end > b.range.end : a.label < b.label;
  });
  std::vector<Piece> out;
  for (const auto& piece : pieces) {
    if (out.empty()) {
      out.push_back(piece);
      continue;
    }
    Piece& last = out.back();
    const bool overlaps = piece.range.begin < last.range.end;
    const bool joins = !overlaps && piece.label == Label::name && last.label == Label::name &&
                       is_joint(norm.substr(last.range.end, piece.range.begin - last.range.end));
    if (!overlaps && !joins) {
      out.push_back(piece);
      continue;
    }
    if (piece.range.size() > last.range.size()) last.label = piece.label;
    last.range.end = std::max(last.range.end, piece.range.end);
  }
  pieces = std::move(out);
}

// Ascending and apart: where the source of two values cannot be told apart, the first swallows the second.
void append(std::vector<Edit>& edits, std::size_t first, Edit edit) {
  if (edit.source.empty()) return;
  if (edits.size() > first && edit.source.begin < edits.back().source.end) {
    edits.back().source.end = std::max(edits.back().source.end, edit.source.end);
    return;
  }
  edits.push_back(std::move(edit));
}

// The file type must survive a new name.
std::uint32_t stem_size(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return static_cast<std::uint32_t>(dot == std::string_view::npos || name.size() - dot > 6 ? name.size() : dot);
}

bool is_protected(const score::Finding& finding) {
  return !finding.counted && (finding.kind == Kind::provider || finding.suppressed_by == "staff" || finding.suppressed_by == "provider" ||
                              finding.suppressed_by == "signature" || finding.suppressed_by == "footer");
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f") == std::string_view::npos; }

}  // namespace

std::string_view neutral_word(Label label, bool spanish) {
  switch (label) {
    case Label::name: return spanish ? "[nombre]" : "[name]";
    case Label::date_of_birth: return spanish ? "[fecha de nacimiento]" : "[date of birth]";
    case Label::date: return spanish ? "[fecha]" : "[date]";
    case Label::age_over_89: return spanish ? "[edad]" : "[age]";
    case Label::address:
    case Label::city:
    case Label::zip: return spanish ? "[domicilio]" : "[address]";
    case Label::phone:
    case Label::fax: return spanish ? "[teléfono]" : "[phone number]";
    case Label::email: return spanish ? "[correo]" : "[e-mail address]";
    case Label::ssn:
    case Label::ssn_last4:
    case Label::itin: return spanish ? "[número personal]" : "[personal number]";
    case Label::mrn:
    case Label::encounter: return spanish ? "[número de expediente]" : "[record number]";
    case Label::member_id:
    case Label::mbi:
    case Label::medicaid_id: return spanish ? "[número de seguro]" : "[insurance number]";
    case Label::claim:
    case Label::account: return spanish ? "[número de cuenta]" : "[account number]";
    case Label::card:
    case Label::bank: return spanish ? "[dato de pago]" : "[payment number]";
    case Label::license:
    case Label::passport: return spanish ? "[documento]" : "[ID number]";
    case Label::url:
    case Label::ip: return spanish ? "[enlace]" : "[link]";
    default: return spanish ? "[número]" : "[number]";
  }
}

std::vector<Span> source_spans(const text::Text& text, Span norm) {
  std::vector<Span> spans;
  source_spans(text, norm, spans);
  return spans;
}

void source_spans(const text::Text& text, Span norm, std::vector<Span>& spans) {
  text.map.source(norm, spans);
  std::size_t kept = 0;
  for (const Span span : spans) {
    if (kept > 0 && spans[kept - 1].end == span.begin) spans[kept - 1].end = span.end;
    else spans[kept++] = span;
  }
  spans.resize(kept);
}

bool is_editable(PartRef::Kind kind) { return kind != PartRef::Kind::attachment_text; }

bool is_quoted(text::ZoneKind zone, std::uint8_t depth) { return depth > 0 || zone == text::ZoneKind::quote || zone == text::ZoneKind::header; }

std::vector<Edit> redactions(const message::Message& message, const std::vector<text::Text>& texts, const score::Findings& findings, bool spanish) {
  Patterns patterns;
  std::vector<std::vector<Piece>> pieces(texts.size());
  std::vector<std::vector<Span>> kept(texts.size());
  for (const auto& finding : findings.findings) {
    if (finding.text >= texts.size() || finding.value.end > texts[finding.text].norm.size()) continue;
    if (is_protected(finding)) kept[finding.text].push_back(finding.value);
    if (finding.kind != Kind::identity || !finding.counted) continue;
    patterns.add(texts[finding.text].norm, finding.value, finding.label);
    pieces[finding.text].push_back({finding.value, finding.label});
  }

  std::vector<Edit> edits;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& text = texts[i];
    if (!is_editable(text.part.kind) || message.source(text.part) == nullptr) continue;
    auto& found = pieces[i];
    std::ranges::sort(kept[i]);
    patterns.search(text.norm, [&](Span range, Label label) {
      const auto after = std::ranges::lower_bound(kept[i], range.end, {}, &Span::begin);
      const bool is_kept = after != kept[i].begin() && std::prev(after)->overlaps(range);
      if (!is_kept) found.push_back({range, label});
    });
    merge(text.norm, found);
    const bool is_name = text.part.kind == PartRef::Kind::attachment_name;
    const std::uint32_t limit = is_name ? stem_size(*message.source(text.part)) : static_cast<std::uint32_t>(-1);
    const std::size_t first = edits.size();
    for (const auto& piece : found) {
      bool word_written = false;
      for (Span source : source_spans(text, piece.range)) {
        source.end = std::min(source.end, limit);
        if (source.empty()) continue;
        append(edits, first, {text.part, source, word_written ? std::string() : std::string(neutral_word(piece.label, spanish))});
        word_written = true;
      }
    }
  }
  return edits;
}

std::vector<Edit> quote_removals(const message::Message& message, const std::vector<text::Text>& texts) {
  constexpr std::size_t most = 5'000;
  std::vector<Edit> edits;
  for (const auto& text : texts) {
    const auto* source = message.source(text.part);
    if (source == nullptr || (text.part.kind != PartRef::Kind::body_html && text.part.kind != PartRef::Kind::body_text)) continue;
    const std::size_t first = edits.size();
    for (std::size_t z = 0; z < text.zones.size();) {
      if (!is_quoted(text.zones[z].kind, text.zones[z].depth)) {
        ++z;
        continue;
      }
      Span range = text.zones[z].range;
      while (++z < text.zones.size() && is_quoted(text.zones[z].kind, text.zones[z].depth)) range.end = text.zones[z].range.end;
      const auto spans = source_spans(text, range);
      if (spans.empty()) continue;
      if (text.is_html) {
        for (const Span span : spans) {
          if (!is_blank(span.of(*source))) append(edits, first, {text.part, span, {}});
        }
      } else {
        // One piece, from the quote mark that opens the first line: marks have no place in norm.
        Span whole{spans.front().begin, spans.back().end};
        const std::size_t line = whole.begin == 0 ? std::string::npos : source->rfind('\n', whole.begin - 1);
        const auto line_begin = static_cast<std::uint32_t>(line == std::string::npos ? 0 : line + 1);
        if (Span{line_begin, whole.begin}.of(*source).find_first_not_of("> |\t") == std::string_view::npos) whole.begin = line_begin;
        append(edits, first, {text.part, whole, {}});
      }
    }
  }
  if (edits.size() > most) edits.clear();
  return edits;
}

}  // namespace phiscan::decide

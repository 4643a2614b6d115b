#include "text/zones.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "text/characters.hpp"
#include "text/footers.hpp"
#include "text/html.hpp"
#include "text/line_shapes.hpp"

namespace phiscan::text {
namespace {

struct Line {
  std::uint32_t begin = 0;  // up to the next line's begin
  std::uint8_t base = 0;    // depth by quote marks and containers
  std::uint8_t depth = 0;
  ZoneKind kind = ZoneKind::fresh;
  bool blank = false;  // this and all up to the next line
  bool in_signature = false;
  bool in_header = false;
  bool starts_message = false;
  bool may_open = false;       // could be the first or last line of a message's opening
  bool may_sign = false;       // could be a closing or the like
  bool after_content = false;  // the message it stands in had words before it
};

// Cheap looks at a line that spare most lines the dear ones. `line` is trimmed on the left.
bool may_open_message(std::string_view line) {
  constexpr std::size_t longest_label = 20;
  const char first = line.front();
  if (first == '-' || first == '_' || first == '*' || first == '>') return true;
  std::size_t last = line.size();
  while (line[last - 1] == ' ') --last;
  return line[last - 1] == ':' || std::memchr(line.data(), ':', std::min(line.size(), longest_label)) != nullptr;
}

bool may_sign_off(std::string_view line) {
  constexpr std::size_t longest = 90;
  if (line.size() > longest) return false;
  switch (ascii_lower(line.front())) {
    case 'd': case 'f': case 'h': case 'j': case 'l': case 'n': case 'o': case 'p': case 'q': case 'x': case 'z': return false;
    default: return true;
  }
}

class Splitter {
 public:
  Splitter(std::string_view norm, std::span<const Shift> shifts, const ZoneOptions& options) : norm_(norm), shifts_(shifts), options_(options) {}

  std::vector<Zone> split() {
    footers_ = find_footers(norm_);
    if (options_.is_body) {
      read_lines();
      find_messages();
      find_signatures();
    } else {
      lines_.push_back({});
    }
    return zones();
  }

 private:
  [[nodiscard]] std::uint32_t end_of(std::size_t line) const {
    return line + 1 < lines_.size() ? lines_[line + 1].begin : static_cast<std::uint32_t>(norm_.size());
  }
  // Without white space around and, in HTML, without quote marks.
  [[nodiscard]] std::string_view words(std::size_t line) const {
    std::string_view text = trim(norm_.substr(lines_[line].begin, end_of(line) - lines_[line].begin));
    if (options_.is_html) {
      while (!text.empty() && text.front() == '>') text = trim(text.substr(1));
    }
    return text;
  }
  [[nodiscard]] std::size_t next_with_words(std::size_t line) const {
    while (line < lines_.size() && lines_[line].blank) ++line;
    return line;
  }

  void read_lines();
  void find_messages();
  std::size_t message_start(std::size_t line);
  std::size_t header_block(std::size_t line) const;
  std::size_t attribution(std::size_t line);
  void earlier_message(const Line& at);
  void mark_header(std::size_t from, std::size_t to, std::uint8_t depth);

  void find_signatures();
  void signatures_of(std::size_t from, std::size_t to);
  std::size_t signature_end(std::size_t from, std::size_t to, bool after_closing) const;
  void tail_signature(std::size_t from, std::size_t to);
  void mark_signature(std::size_t from, std::size_t to);
  [[nodiscard]] bool in_footer(std::size_t line) const;
  [[nodiscard]] bool names_signer(std::string_view words) const;

  [[nodiscard]] std::vector<Zone> zones() const;

  std::string_view norm_;
  std::span<const Shift> shifts_;
  const ZoneOptions& options_;
  std::vector<Line> lines_;
  std::vector<Span> footers_;
  std::vector<std::uint8_t> messages_;  // base depth at which each earlier message began
  int closings_ = 0;
  bool has_content_ = false;            // words since the message in hand began
};

void Splitter::read_lines() {
  lines_.reserve(norm_.size() / 48 + 2);
  std::size_t shift = 0;
  Shift now;
  bool pending_start = false;
  for (std::size_t begin = 0; begin < norm_.size();) {
    const void* found = std::memchr(norm_.data() + begin, '\n', norm_.size() - begin);
    const std::size_t end = found == nullptr ? norm_.size() : static_cast<std::size_t>(static_cast<const char*>(found) - norm_.data());
    std::size_t first = begin;
    while (first < end && (norm_[first] == ' ' || norm_[first] == '\t')) ++first;
    const bool blank = first == end;
    while (shift < shifts_.size() && shifts_[shift].offset <= first) {
      now = shifts_[shift++];
      pending_start = pending_start || now.starts_message;
    }
    if (!blank || lines_.empty() || !lines_.back().blank) {
      Line line{.begin = static_cast<std::uint32_t>(begin), .base = now.depth, .blank = blank};
      if (!blank) {
        const std::string_view words = norm_.substr(first, end - first);
        line.may_open = may_open_message(words);
        line.may_sign = may_sign_off(words);
        line.in_signature = now.in_signature;
        line.in_header = now.in_header;
        line.starts_message = std::exchange(pending_start, false);
        if (options_.is_html) {
          for (std::size_t i = first; i < end && line.base < 255 && (norm_[i] == '>' || norm_[i] == ' '); ++i) {
            if (norm_[i] == '>') ++line.base;
          }
        }
      } else if (!lines_.empty()) {
        line.base = lines_.back().base;
      }
      lines_.push_back(line);
    }
    begin = end + 1;
  }
}

// All that follows is one message further back, unless we stand at the very start of a quote, which is that message.
void Splitter::earlier_message(const Line& at) {
  constexpr std::size_t most = 200;
  if ((at.base + messages_.size() == 0 || has_content_) && messages_.size() < most) messages_.push_back(at.base);
  has_content_ = false;
}

void Splitter::mark_header(std::size_t from, std::size_t to, std::uint8_t depth) {
  for (std::size_t i = from; i < to; ++i) {
    lines_[i].kind = ZoneKind::header;
    lines_[i].depth = depth;
  }
}

void Splitter::find_messages() {
  const auto depth_of = [&](const Line& line) { return static_cast<std::uint8_t>(std::min<std::size_t>(255, line.base + messages_.size())); };
  std::uint8_t base = 0;
  for (std::size_t i = 0; i < lines_.size();) {
    Line& line = lines_[i];
    if (line.blank) {
      line.depth = i > 0 ? lines_[i - 1].depth : std::uint8_t{0};
      line.kind = line.depth > 0 ? ZoneKind::quote : ZoneKind::fresh;
      ++i;
      continue;
    }
    while (!messages_.empty() && messages_.back() > line.base) messages_.pop_back();
    if (line.base > base) has_content_ = false;
    base = line.base;
    line.after_content = has_content_;
    if (line.starts_message) earlier_message(line);
    const std::size_t next = line.may_open ? message_start(i) : i;
    if (next > i) {
      i = next;
      continue;
    }
    line.depth = depth_of(line);
    line.kind = line.in_header ? ZoneKind::header : (line.depth > 0 ? ZoneKind::quote : ZoneKind::fresh);
    if (!line.in_header) has_content_ = true;
    ++i;
  }
}

// The first line after the marks that open an earlier message at this line; the line itself when there are none.
std::size_t Splitter::message_start(std::size_t i) {
  const Line& line = lines_[i];
  const std::string_view text = words(i);
  if (text.empty()) return i;
  const auto depth_now = [&] { return static_cast<std::uint8_t>(std::min<std::size_t>(255, line.base + messages_.size())); };

  if (is_forward_rule(text)) {
    earlier_message(line);
    mark_header(i, i + 1, depth_now());
    return i + 1;
  }
  if (is_underscore_rule(text)) {
    const std::size_t after = next_with_words(i + 1);
    if (after >= lines_.size() || after > i + 2 || header_block(after) == after) return i;
    earlier_message(line);
    mark_header(i, after, depth_now());
    return after;
  }
  if (header_label(text) != HeaderLabel::none) {
    const std::size_t end = header_block(i);
    if (end == i) return i;
    earlier_message(line);
    mark_header(i, end, depth_now());
    for (std::size_t k = i; k < end; ++k) {
      if (header_label(words(k)) == HeaderLabel::subject) lines_[k].kind = ZoneKind::quote;  // what the mail is about, as in a subject
    }
    return end;
  }
  return attribution(i);
}

// The end of a block of From/Sent/To/Cc/Subject lines that begins here: at least three kinds, From among them, in eight lines.
std::size_t Splitter::header_block(std::size_t line) const {
  constexpr std::size_t most_lines = 8;
  unsigned seen = 0;
  std::size_t end = line;
  std::size_t count = 0;
  bool after_blank = false;
  for (std::size_t i = line; i < lines_.size() && count < most_lines; ++i) {
    if (lines_[i].base != lines_[line].base) break;
    if (lines_[i].blank) {
      if (!options_.is_html) break;  // HTML may set each of these lines apart
      after_blank = true;
      continue;
    }
    ++count;
    const HeaderLabel label = header_label(words(i));
    if (label == HeaderLabel::none) {
      if (after_blank) break;  // what the block heads
      continue;                // a long list of recipients wraps; a table sets values under their labels
    }
    after_blank = false;
    // A second "From:" begins the next mail of the thread.
    if (label != HeaderLabel::other && (seen >> static_cast<unsigned>(label) & 1U) != 0) break;
    seen |= 1U << static_cast<unsigned>(label);
    end = i + 1;
  }
  const auto has = [&](HeaderLabel label) { return (seen >> static_cast<unsigned>(label) & 1U) != 0; };
  int kinds = 0;
  for (const HeaderLabel label : {HeaderLabel::from, HeaderLabel::date, HeaderLabel::to, HeaderLabel::cc, HeaderLabel::subject}) kinds += has(label) ? 1 : 0;
  return kinds >= 3 && has(HeaderLabel::from) ? end : line;
}

// "On <date>, <name> wrote:", which may wrap.
std::size_t Splitter::attribution(std::size_t last) {
  constexpr std::size_t most_lines = 3;
  const std::string_view ending = words(last);
  if (!ends_attribution(ending)) return last;
  std::size_t first = last;
  bool begins = false;
  bool has_date = false;
  bool has_digit = false;
  for (std::size_t n = 0; n < most_lines; ++n) {
    const std::string_view text = words(first);
    has_date = has_date || holds_date_or_address(text);
    has_digit = has_digit || std::any_of(text.begin(), text.end(), is_ascii_digit);
    begins = begins_attribution(text);
    if (begins || first == 0 || lines_[first - 1].blank || lines_[first - 1].base != lines_[last].base ||
        lines_[first - 1].kind == ZoneKind::header) {
      break;
    }
    if (n + 1 < most_lines) --first;
  }
  begins = begins && has_digit;
  const std::size_t next = next_with_words(last + 1);
  const bool marked = next < lines_.size() && lines_[next].base > lines_[last].base;
  if (!begins && !marked) return last;
  if (!begins) first = last;
  std::size_t depth = lines_[last].base + messages_.size();
  if (marked) {
    // Inside a container of its own the attribution already stands at the depth of the quote.
    ++depth;
  } else {
    if (!has_date) return last;
    has_content_ = lines_[first].after_content;
    earlier_message(lines_[last]);
    depth = lines_[last].base + messages_.size();
  }
  mark_header(first, last + 1, static_cast<std::uint8_t>(std::min<std::size_t>(255, depth)));
  return last + 1;
}

bool Splitter::in_footer(std::size_t line) const {
  const Span range{lines_[line].begin, end_of(line)};
  const auto after = std::upper_bound(footers_.begin(), footers_.end(), range.begin, [](std::uint32_t at, const Span& footer) { return at < footer.begin; });
  if (after != footers_.begin() && (after - 1)->overlaps(range)) return true;
  return after != footers_.end() && after->overlaps(range);
}

bool Splitter::names_signer(std::string_view words) const {
  const std::string folded = fold(words);
  for (std::string_view rest = options_.signer; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(" ,"), rest.size());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (name.size() < 3) continue;
    const std::size_t found = folded.find(name);
    if (found != std::string::npos && is_edge(folded, found) && is_edge(folded, found + name.size())) return true;
  }
  return false;
}

void Splitter::find_signatures() {
  for (std::size_t from = 0; from < lines_.size();) {
    if (lines_[from].kind == ZoneKind::header) {
      ++from;
      continue;
    }
    std::size_t to = from + 1;
    while (to < lines_.size() && lines_[to].kind != ZoneKind::header && lines_[to].depth == lines_[from].depth) ++to;
    signatures_of(from, to);
    from = to;
  }
}

void Splitter::mark_signature(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) lines_[i].kind = ZoneKind::signature;
}

// One message, or the new text between two quotes.
void Splitter::signatures_of(std::size_t from, std::size_t to) {
  constexpr std::size_t most_marked = 30;  // a container longer than this is not only a signature
  constexpr int most_closings = 1000;  // in one part; what is no signature counts as text
  const std::size_t first_words = next_with_words(from);
  for (std::size_t i = from; i < to; ++i) {
    if (lines_[i].blank) continue;
    if (lines_[i].in_signature) {
      std::size_t end = i;
      while (end < to && (lines_[end].in_signature || lines_[end].blank)) ++end;
      if (end - i <= most_marked) {
        for (std::size_t k = i; k < end; ++k) {
          if (lines_[k].blank || !has_patient_cue(words(k))) lines_[k].kind = ZoneKind::signature;
        }
      }
      i = end - 1;
      continue;
    }
    if (!lines_[i].may_sign) continue;
    const std::string_view text = words(i);
    if (is_sent_from(text)) {
      mark_signature(i, i + 1);
      continue;
    }
    if (text == "--") {
      const std::size_t end = signature_end(i + 1, to, false);
      mark_signature(i, end);
      i = end - 1;
      continue;
    }
    const Closing closing = closings_ < most_closings ? closing_of(text) : Closing::none;
    if (closing != Closing::none) ++closings_;
    switch (closing) {
      case Closing::none: break;
      case Closing::alone: {
        const std::size_t end = signature_end(i + 1, to, true);
        if (end > i + 1) {
          mark_signature(i, end);
          i = end - 1;
        }
        break;
      }
      case Closing::with_name: {
        const std::size_t end = signature_end(i + 1, to, true);
        const bool last = next_with_words(i + 1) >= to;
        if (last || (i > first_words && end > i + 1) || (i > first_words && in_footer(next_with_words(i + 1)))) {
          mark_signature(i, end);
          i = end - 1;
        }
        break;
      }
    }
  }
  tail_signature(from, to);
}

// Where a signature that begins at `from` ends; `from` itself when the lines are not one. After a bare "Thanks," clinical text may go
// on, so there each line has to look like a signature; after the "-- " delimiter only plain sentences and a P.S. end it.
std::size_t Splitter::signature_end(std::size_t from, std::size_t to, bool after_closing) const {
  constexpr std::size_t most_lines = 8;
  constexpr std::size_t most_delimited = 15;
  constexpr std::size_t most_without_contact = 3;
  std::size_t end = from;
  std::size_t lines = 0;
  bool has_contact = false;
  std::size_t i = from;
  if (!after_closing) {
    for (; i < to && lines < most_delimited; ++i) {
      if (lines_[i].blank) continue;
      const std::string_view text = words(i);
      if (is_postscript(text) || has_patient_cue(text) || in_footer(i) || (is_prose(text) && !has_contact_detail(text))) break;
      ++lines;
      end = i + 1;
    }
    return end;
  }
  while (i < to && lines < most_lines) {
    const std::size_t begin = next_with_words(i);
    if (begin >= to) break;
    // One paragraph: the first may be names and titles, later ones must bring a phone, an address or the like.
    std::size_t k = begin;
    std::size_t likes = 0;
    bool contact = false;
    while (k < to && !lines_[k].blank && lines + likes < most_lines) {
      const std::string_view text = words(k);
      if (is_postscript(text) || in_footer(k) || is_sent_from(text) || !is_signature_like(text)) break;
      contact = contact || has_contact_detail(text);
      ++likes;
      ++k;
    }
    const bool whole = k >= to || lines_[k].blank || lines + likes >= most_lines || in_footer(k);
    if (likes == 0 || (lines > 0 && (!contact || !whole))) break;
    if (!contact && likes > most_without_contact) {
      k = begin + 2;
      end = k;
      break;
    }
    // A name, then a sentence: the name alone is the signature.
    if (!contact && !whole && likes > 1) k = begin + 1;
    has_contact = has_contact || contact;
    lines += k - begin;
    end = k;
    if (!whole) break;
    i = k;
  }
  return end;
}

// No closing words, but the message ends in a block of contact lines that somebody at work would write.
void Splitter::tail_signature(std::size_t from, std::size_t to) {
  constexpr std::size_t most_lines = 10;
  std::size_t end = to;
  while (end > from && (lines_[end - 1].blank || lines_[end - 1].kind == ZoneKind::signature || in_footer(end - 1))) {
    if (lines_[end - 1].kind == ZoneKind::signature && !lines_[end - 1].blank && !is_sent_from(words(end - 1))) return;
    --end;
  }
  std::size_t begin = end;
  std::size_t lines = 0;
  int contacts = 0;
  bool at_work = false;
  std::size_t i = end;
  while (i > from && lines <= most_lines) {
    --i;
    if (lines_[i].blank) {
      begin = i + 1;
      continue;
    }
    const std::string_view text = words(i);
    if (!is_signature_like(text)) break;
    ++lines;
    contacts += has_contact_detail(text) ? 1 : 0;
    at_work = at_work || is_work_line(text) || names_signer(text);
    if (i == from) begin = i;
  }
  if (i > from && !lines_[i].blank && lines_[i].kind != ZoneKind::signature && begin > i + 1) {
    // stopped at a line that is no signature: the paragraph it belongs to stays whole
  } else if (begin == end) {
    return;
  }
  if (contacts < 1 || (contacts < 2 && lines < 3) || !at_work || lines > most_lines) return;
  const bool has_text_before = next_with_words(from) < begin;
  if (!has_text_before && lines_[from].depth == 0 && from == 0) return;
  mark_signature(begin, end);
}

std::vector<Zone> Splitter::zones() const {
  std::vector<Zone> zones;
  const auto add = [&](Span range, ZoneKind kind, std::uint8_t depth) {
    if (range.empty()) return;
    if (!zones.empty() && zones.back().kind == kind && zones.back().depth == depth) {
      zones.back().range.end = range.end;
    } else {
      zones.push_back({range, kind, depth});
    }
  };
  auto footer = footers_.begin();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Line& line = lines_[i];
    Span rest{line.begin, end_of(i)};
    while (footer != footers_.end() && footer->begin < rest.end) {
      add({rest.begin, std::max(rest.begin, footer->begin)}, line.kind, line.depth);
      const std::uint32_t end = std::min(footer->end, rest.end);
      add({std::max(rest.begin, footer->begin), end}, ZoneKind::footer, line.depth);
      rest.begin = std::max(rest.begin, end);
      if (footer->end > rest.end || rest.empty()) {
        if (footer->end <= rest.end) ++footer;
        break;
      }
      ++footer;
    }
    add(rest, line.kind, line.depth);
  }
  return zones;
}

}  // namespace

std::vector<Zone> find_zones(std::string_view norm, std::span<const Shift> shifts, const ZoneOptions& options) {
  constexpr std::size_t shortest_footer = 11;
  if (norm.empty()) return {};
  if (!options.is_body && norm.size() < shortest_footer) return {Zone{{0, static_cast<std::uint32_t>(norm.size())}, ZoneKind::fresh, 0}};
  return Splitter(norm, shifts, options).split();
}

}  // namespace phiscan::text

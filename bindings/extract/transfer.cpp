#include "transfer.hpp"

#include "charset.hpp"

#include <algorithm>

namespace phiscan::extract {
namespace {

enum class Line { blank, base64, prose, either };

// Behind the line feed, or the end of the bytes.
std::size_t end_of_line(std::string_view bytes, std::size_t at) {
  const std::size_t end = bytes.find('\n', at);
  return end == std::string_view::npos ? bytes.size() : end + 1;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What a line is by itself. Words alone on a short line ("Thanks") could be either. A stray character, as list software
// and relays leave them, does not make a long line prose.
Line line_of(std::string_view line) {
  constexpr std::size_t long_line = 24;
  line = trim(line);
  if (line.empty()) return Line::blank;
  std::size_t odd = 0;
  bool has_blank = false;
  bool looks_coded = line.back() == '=';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_lower(c)) continue;
    if (is_upper(c) || is_digit(c) || c == '+' || c == '/') {
      looks_coded = looks_coded || i > 0;
    } else if (c != '=') {
      ++odd;
      has_blank = has_blank || c == ' ' || c == '\t';
    }
  }
  if (line.size() >= long_line) return odd * 20 > line.size() ? Line::prose : Line::base64;
  if (has_blank || odd > 1) return Line::prose;
  return odd == 0 && line.size() % 4 == 0 && looks_coded ? Line::base64 : Line::either;
}

bool is_uu_line(std::string_view line) {
  if (line.empty() || line[0] <= ' ' || line[0] > '`') return false;
  const std::size_t count = (static_cast<std::size_t>(line[0]) - 0x20U) & 63U;
  const std::size_t need = (count + 2) / 3 * 4;
  // Blanks at the end get lost on the way, and some programs add a checksum character.
  if (count == 0 || line.size() > need + 3 || line.size() * 2 < need) return false;
  return std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '`'; });
}

std::string_view line_at(std::string_view text, std::size_t at, std::size_t end) {
  std::string_view line = text.substr(at, end - at);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The name behind "begin 644 ", or nothing when the line is not a begin line.
std::string_view begin_name(std::string_view line) {
  if (!line.starts_with("begin ")) return {};
  line.remove_prefix(6);
  std::size_t mode = 0;
  while (mode < line.size() && line[mode] >= '0' && line[mode] <= '7') ++mode;
  if (mode < 3 || mode > 4 || mode == line.size() || line[mode] != ' ') return {};
  return trim(line.substr(mode));
}

// "=?charset?B?data?=" at the start of the text.
struct Word {
  std::string_view charset;
  std::string_view data;
  std::size_t size = 0;
};

std::optional<Word> base64_word(std::string_view text) {
  constexpr std::size_t longest_charset = 60;
  if (!text.starts_with("=?")) return {};
  const std::size_t mark = text.substr(0, longest_charset).find('?', 2);
  if (mark == std::string_view::npos || text.size() < mark + 3 || (text[mark + 1] != 'B' && text[mark + 1] != 'b') || text[mark + 2] != '?') return {};
  const std::size_t from = mark + 3;
  std::size_t end = from;
  while (end < text.size() && (is_lower(text[end]) || is_upper(text[end]) || is_digit(text[end]) || text[end] == '+' || text[end] == '/' || text[end] == '=')) ++end;
  if (!text.substr(end).starts_with("?=")) return {};
  return Word{text.substr(2, mark - 2), text.substr(from, end - from), end + 2};
}

bool is_followed_by_word(std::string_view rest) {
  const std::size_t next = rest.find_first_not_of(" \t\r\n");
  return next != std::string_view::npos && rest.substr(next).starts_with("=?");
}

void append_quoted(std::string& out, std::string_view base64) {
  constexpr std::string_view abc = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::string_view hex = "0123456789ABCDEF";
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : base64) {
    const std::size_t digit = abc.find(c);
    if (digit == std::string_view::npos) { // a padding: what follows is a piece of its own
      bits = count = 0;
      continue;
    }
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xFFFFU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const unsigned byte = bits >> count & 0xFFU;
    out.push_back('=');
    out.push_back(hex[byte >> 4]);
    out.push_back(hex[byte & 15U]);
  }
}

} // namespace

Base64Runs::Base64Runs(std::string_view bytes) : bytes_(bytes) {
  // Lines that could be either take the side of the first that could not.
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = end_of_line(bytes, at);
    const Line line = line_of(bytes.substr(at, end - at));
    if (line == Line::base64) return;
    if (line == Line::prose) {
      in_text_ = true;
      return;
    }
    at = end;
  }
}

bool Base64Runs::is_text_line(std::string_view line) {
  switch (line_of(line)) {
    case Line::blank: break;
    case Line::base64: in_text_ = false; break;
    case Line::prose: in_text_ = true; break;
    case Line::either: in_text_ = in_text_ || is_closed_; break;
  }
  return in_text_;
}

std::optional<Run> Base64Runs::next() {
  const std::size_t begin = at_;
  while (at_ < bytes_.size()) {
    if (at_ >= line_end_) {
      const std::size_t end = end_of_line(bytes_, at_);
      if (is_text_line(bytes_.substr(at_, end - at_))) {
        if (at_ > begin) break; // the piece in front first; this line comes again
        at_ = line_end_ = end;
        return Run{bytes_.substr(begin, end - begin), true};
      }
      line_end_ = end;
    }
    const std::size_t padding = bytes_.substr(0, line_end_).find('=', at_);
    if (padding == std::string_view::npos) {
      if (!trim(bytes_.substr(at_, std::min<std::size_t>(line_end_ - at_, 80))).empty()) is_closed_ = false;
      at_ = line_end_;
      continue;
    }
    is_closed_ = true;
    at_ = padding;
    while (at_ < line_end_ && (bytes_[at_] == '=' || bytes_[at_] == ' ' || bytes_[at_] == '\t' || bytes_[at_] == '\r' || bytes_[at_] == '\n')) ++at_;
    constexpr std::size_t short_rest = 64; // words behind a padding are judged as a line of their own
    if (line_end_ - at_ <= short_rest) line_end_ = at_;
    break;
  }
  if (at_ == begin) return {};
  return Run{bytes_.substr(begin, at_ - begin), false};
}

std::optional<UuBlock> find_uuencoded(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find("begin ", from); at != std::string_view::npos; at = text.find("begin ", at + 1)) {
    if (at > 0 && text[at - 1] != '\n') continue;
    std::size_t end = end_of_line(text, at);
    const std::string_view name = begin_name(line_at(text, at, end));
    if (name.empty()) continue;
    const std::size_t first = end;
    for (std::size_t next = end; end < text.size(); end = next) {
      next = end_of_line(text, end);
      if (!is_uu_line(line_at(text, end, next))) break;
    }
    if (end == first) continue;
    const std::string_view lines = text.substr(first, end - first);
    for (int closing = 0; closing < 2 && end < text.size(); ++closing) { // "`" or a blank line, then "end"
      const std::size_t next = end_of_line(text, end);
      const std::string_view line = trim(line_at(text, end, next));
      const bool is_end = line == "end";
      if (!is_end && line != "`" && !line.empty()) break;
      end = next;
      if (is_end) break;
    }
    return UuBlock{at, end, name, lines};
  }
  return {};
}

std::optional<std::string> respell_padded_words(std::string_view headers) {
  bool is_needed = false;
  for (std::size_t at = headers.find("=?"); at != std::string_view::npos && !is_needed; at = headers.find("=?", at)) {
    const auto word = base64_word(headers.substr(at));
    is_needed = word && word->data.ends_with('=') && is_followed_by_word(headers.substr(at + word->size));
    at += word ? word->size : 2;
  }
  if (!is_needed) return {};
  // All of them, so that a character split over two words is still joined.
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = headers.find("=?"); at != std::string_view::npos; at = headers.find("=?", at)) {
    const auto word = base64_word(headers.substr(at));
    if (word) {
      out.append(headers.substr(done, at - done)).append("=?").append(word->charset).append("?Q?");
      append_quoted(out, word->data);
      out.append("?=");
      done = at + word->size;
    }
    at += word ? word->size : 2;
  }
  return out.append(headers.substr(done));
}

bool has_yencoded(std::string_view text) {
  for (std::size_t at = text.find("=ybegin "); at != std::string_view::npos; at = text.find("=ybegin ", at + 1)) {
    const std::string_view line = text.substr(at, end_of_line(text, at) - at);
    if ((at == 0 || text[at - 1] == '\n') && line.find(" size=") != std::string_view::npos && line.find(" name=") != std::string_view::npos) return true;
  }
  return false;
}

} // namespace phiscan::extract

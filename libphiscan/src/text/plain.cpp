#include <bit>
#include <cstring>

#include "text/readers.hpp"

namespace phiscan::text {
namespace {

// The next byte that is not ordinary ASCII text: a line end, another control character below 0x0E, or a byte of a longer character.
std::size_t next_special(std::string_view source, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = 0x8080808080808080U;
  while (at + 8 <= source.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, source.data() + at, 8);
    const std::uint64_t hits = ((word - ones * 0x0E) | word) & highs;
    if (hits != 0) {
      if constexpr (std::endian::native == std::endian::little) {
        return at + static_cast<std::size_t>(std::countr_zero(hits)) / 8;
      }
      break;
    }
    at += 8;
  }
  while (at < source.size() && static_cast<unsigned char>(source[at]) >= 0x0E && static_cast<unsigned char>(source[at]) < 0x80) ++at;
  return at;
}

struct QuoteMark {
  std::size_t end = 0;
  std::uint8_t depth = 0;
};

// A bar is a quote mark only when it stands alone: a row of a text table has more.
bool is_quoting_bar(std::string_view source, std::size_t at) {
  constexpr std::size_t far = 400;
  const std::string_view rest = source.substr(at + 1, far);
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\n' && rest.front() != '\r') return false;
  return rest.substr(0, rest.find_first_of("\r\n")).find('|') == std::string_view::npos;
}

QuoteMark quote_mark(std::string_view source, std::size_t at, bool after_quote) {
  const auto byte = [&](std::size_t i) { return i < source.size() ? source[i] : '\0'; };
  std::size_t i = at;
  while (byte(i) == ' ' && i < at + 3) ++i;
  QuoteMark mark{at, 0};
  while (byte(i) == '>' || (byte(i) == '|' && is_quoting_bar(source, i))) {
    ++i;
    if (mark.depth < 255) ++mark.depth;
    mark.end = i;
    if (byte(i) == ' ' && (byte(i + 1) == '>' || byte(i + 1) == '|')) ++i;
  }
  // ">100,000 copies" at the start of a wrapped line is a number.
  if (mark.depth == 1 && !after_quote && is_ascii_digit(byte(mark.end))) return {at, 0};
  if (mark.depth > 0 && byte(mark.end) == ' ') ++mark.end;
  return mark;
}

}  // namespace

void read_plain(std::string_view source, bool with_quotes, Writer& writer, std::vector<Shift>& shifts) {
  Folder folder;
  std::size_t run = 0;  // copied up to here
  std::size_t at = 0;
  std::uint8_t depth = 0;
  bool line_start = true;
  const auto flush = [&](std::size_t end) { writer.copy(source, run, end); };
  const auto span = [](std::size_t begin, std::size_t end) { return Span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}; };

  while (at < source.size()) {
    if (line_start && with_quotes) {
      const char c = source[at];
      const bool blank = c == '\n' || c == '\r';
      const QuoteMark mark = c == '>' || c == '|' || c == ' ' ? quote_mark(source, at, depth > 0) : QuoteMark{at, 0};
      if (mark.end > at) {
        flush(at);
        writer.boundary();
        at = run = mark.end;
      }
      if (mark.depth != depth && !blank) {  // a bare blank line inside a quote belongs to it
        depth = mark.depth;
        const auto offset = static_cast<std::uint32_t>(writer.size() + (at - run));
        shifts.push_back({.offset = offset, .depth = depth});
      }
      line_start = false;
    }
    at = next_special(source, at);
    if (at >= source.size()) break;
    const auto byte = static_cast<unsigned char>(source[at]);
    if (byte == '\n') {
      ++at;
      line_start = true;
      continue;
    }
    if (byte < 0x80 && byte != '\r' && byte != '\v' && byte != '\f' && byte != 0) {
      ++at;
      continue;
    }
    if (byte < 0x80) {
      flush(at);
      const std::size_t size = byte == '\r' && at + 1 < source.size() && source[at + 1] == '\n' ? 2 : 1;
      if (byte == 0) {
        writer.put("\xEF\xBF\xBD", span(at, at + 1));
      } else {
        writer.put("\n", span(at, at + size));
        line_start = true;
      }
      at = run = at + size;
      continue;
    }
    std::size_t begin = at;
    if (at > run && is_ascii_word(source[at - 1]) && is_mark(decode_any(source, at).c)) --begin;  // the letter and its accents are one character
    flush(begin);
    while (begin < source.size() && (begin < at || static_cast<unsigned char>(source[begin]) >= 0x80)) {
      const Folded folded = folder.next(source, begin);
      const Span from = span(begin, begin + folded.size);
      if (folded.kind == Folded::Kind::space) {
        writer.put(" ", from);
      } else if (folded.kind == Folded::Kind::line_break) {
        writer.put("\n", from);
        line_start = true;
      } else {
        writer.put(folded, from);
      }
      begin += folded.size;
      if (line_start) break;
    }
    at = run = begin;
  }
  flush(source.size());
}

}  // namespace phiscan::text

// Text: one part of the mail as the matchers see it, and the way back to its source. Made only by normalise().
// `norm` is valid UTF-8: tags gone, NFKC, accents of Latin letters and Unicode digits, dashes, quotes and spaces folded to ASCII,
// default-ignorable characters dropped, block and line breaks '\n', table cells '\t'. Case is kept. No threads, no I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"
#include "message/message.hpp"
#include "text/characters.hpp"
#include "text/offset_map.hpp"

namespace phiscan::text {

enum class ZoneKind : std::uint8_t { fresh, quote, header, signature, footer };  // fresh = "new"; header = forwarded header block
[[nodiscard]] const char* to_string(ZoneKind kind);

struct Zone {
  Span range;  // in norm
  ZoneKind kind = ZoneKind::fresh;
  std::uint8_t depth = 0;  // of quoting; 0 = the sender's own words. A signature inside a quote keeps the quote's depth.
  bool operator==(const Zone&) const = default;
};

struct Text {
  message::PartRef part;
  std::string norm;
  OffsetMap map;
  std::vector<Zone> zones;   // sorted, gapless, cover norm
  std::vector<Span> hidden;  // ranges of norm that the reader does not see (display:none ...); still sent, still PHI
  std::uint32_t evasions = 0;  // tokens with more than 3 dropped characters, or bidi overrides
  bool truncated = false;      // the source was longer than 8 MB, or holds more than is kept of it
  bool is_html = false;

  [[nodiscard]] const Zone& zone_at(std::uint32_t offset) const;
};

// What is read of one part; the rest is a gap.
inline constexpr std::size_t part_limit = std::size_t{8} << 20U;

// A word character: Unicode letters, marks and digits; everything else, '_' too, is edge.
[[nodiscard]] bool is_word(char32_t c);
// Han characters and Hangul syllables: written without spaces, or with endings joined to the word. Each is a word of its own, so that a
// term is found within a run.
[[nodiscard]] constexpr bool is_own_word(char32_t c) { return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3); }
// is_edge inside a text and beside a character that is not ASCII.
[[nodiscard]] bool is_edge_of_characters(std::string_view norm, std::size_t offset);
// True when a word edge lies at `offset`: start or end of text, or not both neighbours are word characters, or one is a word of its own.
[[nodiscard]] inline bool is_edge(std::string_view norm, std::size_t offset) {
  if (offset == 0 || offset >= norm.size()) return true;
  const char before = norm[offset - 1];
  const char behind = norm[offset];
  if (((before | behind) & 0x80) != 0) return is_edge_of_characters(norm, offset);
  return !is_ascii_word(before) || !is_ascii_word(behind);
}
// Lower case and accents folded, for comparing names and terms; input any UTF-8, output as norm is.
[[nodiscard]] std::string fold(std::string_view utf8);

// All parts of the message in a fixed order: subject, body.html, body.text, then per attachment its name and text parts.
// `body_duplicate`: when both body forms exist and say the same, body.text evidence is dropped later by score.
[[nodiscard]] std::vector<Text> normalise(const message::Message& message);
// One string, for pack examples and tests.
[[nodiscard]] Text normalise_part(message::PartRef part, std::string_view source, bool is_html);

}  // namespace phiscan::text

// Characters: decoding UTF-8 and folding one character at a time, as norm wants it. The only home of ICU in the engine.
// A Folder holds a small buffer and belongs to one reader; everything else is a pure function.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/utf8.hpp"

namespace phiscan::text {

struct Decoded {
  char32_t c = 0;
  std::uint32_t size = 0;  // bytes read, at least 1
};
// Of text that may not be valid (utf8.hpp has the one for text that is). `at` lies inside; a byte that is no UTF-8 reads as U+FFFD of size 1.
[[nodiscard]] Decoded decode_any(std::string_view utf8, std::size_t at);

[[nodiscard]] constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
[[nodiscard]] constexpr bool is_ascii_word(char c) { return is_ascii_digit(c) || is_ascii_letter(c); }
[[nodiscard]] constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Combining marks: they belong to the character before.
[[nodiscard]] bool is_mark(char32_t c);

// What one character of the source, with the marks that belong to it, becomes.
struct Folded {
  enum class Kind : std::uint8_t { text, space, line_break, dropped, bidi_override, mark };
  Kind kind = Kind::text;
  std::uint32_t size = 0;  // source bytes
  std::string_view bytes;  // for text and mark; good until the next call
};

class Folder {
 public:
  // NFKC, then Latin accents, digits, dashes, quotes and spaces to ASCII. A lone mark stays a mark: the caller knows what it stands on.
  [[nodiscard]] Folded next(std::string_view source, std::size_t at);

 private:
  [[nodiscard]] Folded cluster(std::string_view source, std::size_t at, std::uint32_t size);
  std::string buffer_;
  // The last answers for single characters: mail repeats the same few.
  struct Known {
    char32_t c = 0;
    std::uint8_t size = 0;
    std::array<char, 11> bytes{};
  };
  std::array<Known, 32> known_{};
};

// One simple lower-case letter for one letter.
[[nodiscard]] char32_t lower_case(char32_t c);

enum class Script : std::uint8_t { none, latin, look_alike_family };  // the last: Cyrillic and Greek
[[nodiscard]] Script script_of(char32_t c);
// The Latin letter that a Cyrillic or Greek one is drawn like; 0 when there is none.
[[nodiscard]] char latin_look_alike(char32_t c);

}  // namespace phiscan::text

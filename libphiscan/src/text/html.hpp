// HTML as a stream of tokens, after the tokenisation states of the WHATWG standard; no tree. Works on a borrowed source and gives
// positions in it, so every character of text keeps its exact place. Linear in the source whatever the source is. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace phiscan::text {

// A tag or attribute name, lower-cased and hashed, so that it works in a switch.
using Name = std::uint64_t;
[[nodiscard]] constexpr Name name_of(std::string_view text) {
  Name hash = 0xCBF29CE484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    hash *= 0x100000001B3U;
  }
  return hash;
}

struct Attribute {
  Name name = 0;
  Span value;  // without its quotes, character references not decoded
};

struct Token {
  // `text`: character references count. `raw`: they do not (script, style, CDATA ...). `markup`: comments, doctypes and what counts as such.
  enum class Kind : std::uint8_t { text, raw, start_tag, end_tag, markup };
  Kind kind = Kind::text;
  Name name = 0;  // of a tag
  Span source;    // the whole token
  std::vector<Attribute> attributes;  // in order; the first of a name counts
  bool self_closing = false;

  [[nodiscard]] const Attribute* attribute(Name wanted) const;
};

class Tokeniser {
 public:
  explicit Tokeniser(std::string_view source) : source_(source) {}
  // The next token; false at the end. `token` is reused to save allocations.
  [[nodiscard]] bool next(Token& token);

 private:
  [[nodiscard]] bool markup(Token& token);
  [[nodiscard]] bool tag(Token& token);
  void raw_text(Token& token);
  [[nodiscard]] std::size_t raw_end() const;
  [[nodiscard]] std::size_t comment_end(std::size_t content) const;
  [[nodiscard]] bool is_end_tag(std::size_t at, std::string_view name) const;

  std::string_view source_;
  std::size_t at_ = 0;
  std::string_view raw_name_;  // inside an element whose content is not markup
  bool references_in_raw_ = false;
  std::uint32_t foreign_ = 0;  // open svg and math elements: CDATA is text there, script and style are ordinary
};

struct Reference {
  std::uint32_t size = 0;  // source bytes; 0 when the ampersand stands for itself
  std::array<char32_t, 2> characters{};  // the second is mostly 0
};
// The character reference at the '&' at `at`; `in_attribute` knows the rule for links with parameters.
[[nodiscard]] Reference character_reference(std::string_view source, std::size_t at, bool in_attribute);

[[nodiscard]] constexpr bool is_html_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

}  // namespace phiscan::text

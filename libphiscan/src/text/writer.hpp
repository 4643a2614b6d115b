// Writer: appends to a normalised text and its offset map in step, so the two cannot drift apart. Used by the plain and the HTML reader.
#pragma once

#include <string>
#include <string_view>

#include "base/span.hpp"
#include "text/characters.hpp"
#include "text/text.hpp"

namespace phiscan::text {

class Writer {
 public:
  explicit Writer(Text& text) : text_(text) {}

  // The source range as it is: ASCII only.
  void copy(std::string_view source, std::size_t begin, std::size_t end);
  void put(std::string_view bytes, Span source);
  // A break made by markup: it has no source.
  void put_break(char c, std::uint32_t source_at);
  // A folded character of kind text, mark, dropped or bidi_override.
  void put(const Folded& folded, Span source);
  // Markup lies here: no source span may run across it.
  void boundary() { boundary_ = true; }

  [[nodiscard]] const std::string& norm() const { return text_.norm; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(text_.norm.size()); }

 private:
  void drop(bool is_override);

  Text& text_;
  bool boundary_ = false;
  std::size_t last_drop_ = 0;      // size of norm at the last dropped character
  std::uint32_t drops_in_token_ = 0;
};


}  // namespace phiscan::text

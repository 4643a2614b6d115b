#include "text/writer.hpp"

#include <utility>

namespace phiscan::text {

void Writer::copy(std::string_view source, std::size_t begin, std::size_t end) {
  if (begin >= end) return;
  text_.norm.append(source.substr(begin, end - begin));
  const auto size = static_cast<std::uint32_t>(end - begin);
  text_.map.append(size, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, true, std::exchange(boundary_, false));
}

void Writer::put(std::string_view bytes, Span source) {
  text_.norm.append(bytes);
  text_.map.append(static_cast<std::uint32_t>(bytes.size()), source, false, std::exchange(boundary_, false));
}

void Writer::put_break(char c, std::uint32_t source_at) {
  text_.norm.push_back(c);
  text_.map.append(1, {source_at, source_at}, false, true);
  boundary_ = true;
}

void Writer::put(const Folded& folded, Span source) {
  switch (folded.kind) {
    case Folded::Kind::dropped: return drop(false);
    case Folded::Kind::bidi_override: return drop(true);
    case Folded::Kind::mark:
      if (!text_.norm.empty() && is_ascii_word(text_.norm.back())) return;  // an accent of a Latin letter that stands before a tag or entity
      break;
    case Folded::Kind::text:
    case Folded::Kind::space:
    case Folded::Kind::line_break: break;
  }
  put(folded.bytes, source);
}

void Writer::drop(bool is_override) {
  constexpr std::uint32_t most_innocent = 3;
  if (is_override) ++text_.evasions;
  // Joiners in emoji and in scripts that need them are innocent: only those that stand inside Latin words and numbers count.
  if (text_.norm.empty() || !is_ascii_word(text_.norm.back())) return;
  const bool same_token = drops_in_token_ > 0 && text_.norm.find_first_of(" \t\n", last_drop_) == std::string::npos;
  drops_in_token_ = same_token ? drops_in_token_ + 1 : 1;
  last_drop_ = text_.norm.size();
  if (drops_in_token_ == most_innocent + 1) ++text_.evasions;
}

}  // namespace phiscan::text

// Any bytes, as plain text and as HTML: norm is valid UTF-8, the map fits it, spans lie in the source, zones cover it without gaps.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "text/characters.hpp"
#include "text/text.hpp"

namespace {

using namespace phiscan;

void demand(bool promise) {
  if (!promise) std::abort();
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto [c, size] = text::decode_any(text, at);
    if (c == U'\uFFFD' && size != 3) return false;
    at += size;
  }
  return true;
}

void check(message::PartRef part, std::string_view source, bool is_html) {
  const text::Text text = text::normalise_part(part, source, is_html);
  const auto size = static_cast<std::uint32_t>(text.norm.size());
  demand(is_valid_utf8(text.norm));
  demand(text.map.norm_size() == size);

  std::uint32_t covered = 0;
  for (const text::Zone& zone : text.zones) {
    demand(zone.range.begin == covered && !zone.range.empty());
    covered = zone.range.end;
  }
  demand(covered == size);

  std::uint32_t shown = 0;
  for (const Span hidden : text.hidden) {
    demand(hidden.begin >= shown && !hidden.empty() && hidden.end <= size);
    shown = hidden.end;
  }

  const auto inside = [&](Span norm) {
    for (const Span span : text.map.source(norm)) demand(!span.empty() && span.end <= source.size());
  };
  inside({0, size});
  for (std::uint32_t at = 0; at < size; at += 1 + size / 64) inside({at, at + 1 + size / 16});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  using Kind = message::PartRef::Kind;
  check({Kind::body_text}, source, false);
  check({Kind::body_html}, source, true);
  check({Kind::attachment_text}, source, false);
  demand(is_valid_utf8(text::fold(source)));
  return 0;
}

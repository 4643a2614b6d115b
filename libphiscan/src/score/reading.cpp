#include "score/reading.hpp"

#include <algorithm>

#include "text/characters.hpp"

namespace phiscan::score {
namespace {

bool is_ascii(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits = static_cast<unsigned char>(bits | static_cast<unsigned char>(c));
  return bits < 0x80;
}

}  // namespace

Reading::Reading(const std::vector<text::Text>& texts, const std::vector<detect::Match>& matches) : texts_(&texts), lower_(texts.size()) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view norm = texts[i].norm;
    lower_[i].bytes.resize(norm.size());
    std::transform(norm.begin(), norm.end(), lower_[i].bytes.begin(), text::ascii_lower);
    lower_[i].is_ascii = is_ascii(norm);
  }
  zones_.reserve(matches.size());
  std::uint32_t text = UINT32_MAX;
  for (const auto& match : matches) {  // in the order of the mail: mostly in the zone of the one before
    if (match.text != text || !zones_.back()->range.contains({match.value.begin, match.value.begin + 1})) zones_.push_back(&texts[match.text].zone_at(match.value.begin));
    else zones_.push_back(zones_.back());
    text = match.text;
  }
}

std::string_view Reading::folded(std::uint32_t text, std::size_t begin, std::size_t end) const {
  const Lower& lower = lower_[text];
  const auto piece = std::string_view(lower.bytes).substr(begin, end - begin);
  if (lower.is_ascii || is_ascii(piece)) return piece;
  return pieces_.emplace_back(text::fold(std::string_view((*texts_)[text].norm).substr(begin, end - begin)));
}

}  // namespace phiscan::score

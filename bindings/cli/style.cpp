#include "style.hpp"

#include <cstdint>
#include <cstdlib>

#include "system.hpp"

namespace phiscan::cli {
namespace {

std::string_view code(Tone tone) {
  switch (tone) {
    case Tone::bold: return "1";
    case Tone::dim: return "2";
    case Tone::red: return "1;31";
    case Tone::green: return "32";
    case Tone::yellow: return "33";
    case Tone::magenta: return "1;35";
    case Tone::cyan: return "1;36";
    case Tone::blue: return "34";
    case Tone::alarm: return "1;37;41";
    case Tone::plain: break;
  }
  return "";
}

struct Character {
  std::uint32_t value = 0;
  std::size_t length = 1;
  bool is_valid = true;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const auto first = byte(at);
  if (first < 0x80) return {first, 1, true};
  const std::size_t length = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first >= 0xF5 || at + length > text.size()) return {0xFFFD, 1, false};
  auto value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {0xFFFD, 1, false};
    value = (value << 6U) | (byte(at + i) & 0x3FU);
  }
  return {value, length, true};
}

// Invisible or able to reorder: C0, C1, DEL, zero width, direction, line and paragraph separators, tags.
bool is_tricky(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

bool is_wide(std::uint32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

bool is_combining(std::uint32_t c) { return (c >= 0x300 && c <= 0x36F) || (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F); }

}  // namespace

std::string Style::operator()(Tone tone, std::string_view text) const {
  if (!is_coloured || tone == Tone::plain || text.empty()) return std::string(text);
  return "\033[" + std::string(code(tone)) + "m" + std::string(text) + "\033[0m";
}

Style style_of(const Arguments& arguments) {
  Style out;
  out.width = terminal_width();
  const auto wish = arguments.value("--color", "auto");
  if (wish != "auto") {
    out.is_coloured = wish == "always";
    return out;
  }
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool is_dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  out.is_coloured = (no_color == nullptr || no_color[0] == '\0') && !is_dumb && is_terminal(Stream::out);
  return out;
}

std::string printable(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    if (c.value == '\n' && lines) out += '\n';
    else if (c.value == '\t') out += "  ";
    else if (c.value == '\r') out += "";
    else if (!c.is_valid) out += "\xEF\xBF\xBD";
    else if (is_tricky(c.value)) out += "\xC2\xB7";
    else out += text.substr(at, c.length);
    at += c.length;
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t out = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    out += is_combining(c.value) ? 0 : is_wide(c.value) ? 2 : 1;
    at += c.length;
  }
  return out;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  const auto taken = columns(text);
  if (taken < width) out.append(width - taken, ' ');
  return out;
}

}  // namespace phiscan::cli

#include "flowed.hpp"

namespace phiscan::extract {
namespace {

struct Line {
  std::size_t quotes = 0;
  std::string_view text;
  bool soft = false;
};

Line read_line(std::string_view raw) {
  Line line;
  while (line.quotes < raw.size() && raw[line.quotes] == '>') ++line.quotes;
  line.text = raw.substr(line.quotes);
  if (line.text.starts_with(' ')) line.text.remove_prefix(1);
  line.soft = line.text.ends_with(' ') && line.text != "-- ";
  return line;
}

} // namespace

std::string join_flowed(std::string_view text, bool del_sp) {
  std::string out;
  out.reserve(text.size());
  bool open = false; // the paragraph in `out` waits for its next line
  std::size_t open_quotes = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    Line line = read_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    // A change of depth or a signature line ends the paragraph, whatever its last space said.
    if (open && (line.quotes != open_quotes || line.text == "-- ")) {
      out.push_back('\n');
      open = false;
    }
    if (!open) {
      out.append(line.quotes, '>');
      if (line.quotes > 0) out.push_back(' ');
    }
    if (line.soft && del_sp) line.text.remove_suffix(1);
    out.append(line.text);
    open = line.soft;
    open_quotes = line.quotes;
    if (!open && end != std::string_view::npos) out.push_back('\n');
  }
  return out;
}

} // namespace phiscan::extract

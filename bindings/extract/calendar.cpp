#include "calendar.hpp"

#include "charset.hpp"

#include <algorithm>
#include <array>

namespace phiscan::extract {
namespace {

std::string unfold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t')) {
      ++i;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string unescape(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      out.push_back(value[i]);
      continue;
    }
    const char c = value[++i];
    out.push_back(c == 'n' || c == 'N' ? '\n' : c);
  }
  return out;
}

// The colon between parameters and value; one inside quotes belongs to a parameter.
std::size_t value_colon(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return std::string_view::npos;
}

// CN=… of an attendee, as written but without its quotes.
std::string common_name(std::string_view params) {
  const std::string lower = lower_ascii(params);
  const std::size_t at = lower.find(";cn=");
  if (at == std::string::npos) return {};
  std::string_view value = params.substr(at + 4);
  if (value.starts_with('"')) {
    value.remove_prefix(1);
    return std::string(value.substr(0, value.find('"')));
  }
  return std::string(value.substr(0, value.find(';')));
}

} // namespace

Calendar read_calendar(std::string_view folded) {
  constexpr std::array<std::string_view, 9> told = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT",
                                                    "CATEGORIES", "DTSTART", "ATTENDEE", "ORGANIZER"};
  const std::string text = unfold(folded);
  Calendar calendar;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const std::size_t colon = value_colon(line);
    if (colon == std::string_view::npos) continue;
    const std::string_view params = line.substr(0, colon);
    std::string name(params.substr(0, params.find(';')));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    std::string_view value = line.substr(colon + 1);
    if (name == "X-ALT-DESC") calendar.html += unescape(value) + "\n";
    if (name == "ATTACH" && lower_ascii(params).find("value=binary") != std::string::npos) calendar.has_binary = true;
    if (std::find(told.begin(), told.end(), name) == told.end() || value.empty()) continue;
    calendar.text += name + ": ";
    if (name == "ATTENDEE" || name == "ORGANIZER") {
      if (lower_ascii(value.substr(0, 7)) == "mailto:") value.remove_prefix(7);
      const std::string person = common_name(params);
      if (!person.empty()) calendar.text += person + " ";
      calendar.text.append("<").append(value).append(">\n");
    } else {
      calendar.text += unescape(value) + "\n";
    }
  }
  return calendar;
}

} // namespace phiscan::extract

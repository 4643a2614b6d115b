#include "request_edit.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace phiscan::cli {
namespace {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

constexpr std::string_view blank = " \t\r\n";

std::size_t skip_blank(std::string_view json, std::size_t at) {
  const auto next = json.find_first_not_of(blank, at);
  return next == std::string_view::npos ? json.size() : next;
}

// Past the closing quote of the string that opens at `at`; npos when it does not close.
std::size_t skip_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size(); ++at) {
    at = json.find_first_of("\"\\", at);
    if (at == std::string_view::npos) return at;
    if (json[at] == '"') return at + 1;
    ++at;
  }
  return std::string_view::npos;
}

std::size_t skip_value(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = skip_string(json, at);
      if (at == std::string_view::npos) return at;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') {
      if (depth == 0) return at;
      --depth;
    }
    if (c == ',' && depth == 0) return at;
    at = json.find_first_of("\"{}[],", at + 1);
  }
  return std::string_view::npos;
}

// Where the opening brace stands; npos when it is no object.
std::size_t opening(std::string_view json) {
  const auto at = skip_blank(json, json.starts_with("\xEF\xBB\xBF") ? 3 : 0);
  return at < json.size() && json[at] == '{' ? at : std::string_view::npos;
}

std::optional<Range> find_value(std::string_view json, std::string_view key) {
  auto at = opening(json);
  if (at == std::string_view::npos) return std::nullopt;
  ++at;
  while (true) {
    at = skip_blank(json, at);
    if (at >= json.size() || json[at] != '"') return std::nullopt;
    const auto name = at + 1;
    at = skip_string(json, at);
    if (at == std::string_view::npos) return std::nullopt;
    const bool is_wanted = json.substr(name, at - 1 - name) == key;
    at = skip_blank(json, at);
    if (at >= json.size() || json[at] != ':') return std::nullopt;
    const auto begin = skip_blank(json, at + 1);
    const auto end = skip_value(json, begin);
    if (end == std::string_view::npos) return std::nullopt;
    if (is_wanted) return Range{begin, end};
    if (json[end] != ',') return std::nullopt;
    at = end + 1;
  }
}

}  // namespace

bool has_field(std::string_view request, std::string_view key) { return find_value(request, key).has_value(); }

void set_field(std::string& request, std::string_view key, std::string_view value) {
  if (const auto old = find_value(request, key)) {
    request.replace(old->begin, old->end - old->begin, value);
    return;
  }
  const auto open = opening(request);
  if (open == std::string_view::npos) return;
  const auto first = skip_blank(request, open + 1);
  const bool is_empty = first >= request.size() || request[first] == '}';
  request.insert(open + 1, "\"" + std::string(key) + "\":" + std::string(value) + (is_empty ? "" : ","));
}

std::string json_string(std::string_view text) { return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

}  // namespace phiscan::cli

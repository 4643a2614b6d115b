#include "detect/json_values.hpp"

#include <algorithm>

namespace phiscan::detect {
namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t most_values = 600'000;
constexpr std::size_t longest_string = 4'000;

class Scanner {
 public:
  explicit Scanner(std::string_view norm) : norm_(norm) { values_.push_back({JsonValue::Type::array, {}, {}, 0, 0}); }

  std::vector<JsonValue> scan() {
    open_.push_back({0, 0});
    while (at_ < norm_.size() && values_.size() < most_values) {
      if (open_.size() == 1) {
        if (!find_start()) break;
      } else if (!step()) {
        close_all();
      }
    }
    close_all();
    return std::move(values_);
  }

 private:
  struct Open {
    std::uint32_t value;
    std::uint32_t last;  // its last child, 0 = none
    bool is_object = false;
    bool is_implicit = false;  // members without the outer brace
  };

  // An opening bracket with JSON right behind, or a member on its own.
  bool find_start() {
    while (at_ < norm_.size() && norm_[at_] != '"' && norm_[at_] != '{' && norm_[at_] != '[') ++at_;
    if (at_ >= norm_.size()) return false;
    const char c = norm_[at_];
    if (c == '"') {
      const std::size_t start = at_;
      Span key;
      if (!string(key)) return true;
      blank();
      if (at_ < norm_.size() && norm_[at_] == ':' && !key.empty()) {
        const auto index = child({}, JsonValue::Type::object, span(start, start));
        open_.push_back({index, 0, true, true});
        at_ = start;
      }
      return true;
    }
    const std::size_t start = at_++;
    blank();
    if (at_ >= norm_.size()) return false;
    const char inside = norm_[at_];
    if (inside != '"' && !(c == '[' && (inside == '{' || inside == '['))) return true;
    at_ = start;
    container({});
    return true;
  }

  // One member, element or closing bracket of the innermost container; false where the text is no longer JSON.
  bool step() {
    blank();
    if (at_ >= norm_.size()) return false;
    const char c = norm_[at_];
    if (c == ',') {
      ++at_;
      return true;
    }
    if (c == '}' || c == ']') {
      const bool fits = open_.back().is_object == (c == '}') && !open_.back().is_implicit;
      if (!fits) return false;
      ++at_;
      close();
      return true;
    }
    Span key;
    if (open_.back().is_object) {
      if (c != '"') return false;
      if (!string(key)) return false;
      blank();
      if (at_ >= norm_.size() || norm_[at_] != ':') return false;
      ++at_;
      blank();
      if (at_ >= norm_.size()) return false;
    }
    const char v = norm_[at_];
    if (v == '{' || v == '[') {
      container(key);
      return true;
    }
    if (v == '"') {
      Span value;
      if (!string(value)) return false;
      child(key, JsonValue::Type::string, value);
      return true;
    }
    const std::size_t begin = at_;
    while (at_ < norm_.size() && is_bare(norm_[at_])) ++at_;
    if (at_ == begin) return false;
    child(key, JsonValue::Type::other, span(begin, at_));
    return true;
  }

  void container(Span key) {
    const bool is_object = norm_[at_] == '{';
    std::uint32_t index = open_.back().value;
    // Too deep: members count as the last stored container's, which keeps the scan going and the walk shallow.
    if (open_.size() <= deepest) index = child(key, is_object ? JsonValue::Type::object : JsonValue::Type::array, span(at_, at_ + 1));
    open_.push_back({index, 0, is_object, false});
    ++at_;
  }

  std::uint32_t child(Span key, JsonValue::Type type, Span value) {
    if (open_.size() > deepest + 1) return 0;
    const auto index = static_cast<std::uint32_t>(values_.size());
    values_.push_back({type, key, value, 0, 0});
    Open& parent = open_.back();
    if (parent.last == 0) {
      values_[parent.value].first = index;
    } else {
      values_[parent.last].next = index;
    }
    parent.last = index;
    return index;
  }

  void close() {
    if (open_.size() <= deepest + 1) values_[open_.back().value].value.end = static_cast<std::uint32_t>(at_);
    open_.pop_back();
  }

  void close_all() {
    while (open_.size() > 1) close();
  }

  // At a quote; false when no end is near, and then the quote has been passed.
  bool string(Span& inside) {
    const std::size_t begin = ++at_;
    const std::string_view text = norm_.substr(0, std::min(norm_.size(), begin + longest_string));
    std::size_t i = begin;
    if (begin < no_quote_before_) return false;
    for (;;) {
      while (i < text.size() && text[i] != '"' && text[i] != '\\') ++i;
      if (i >= text.size()) {
        no_quote_before_ = text.size();
        return false;
      }
      if (text[i] == '"') break;
      i = std::min(i + 2, text.size());
    }
    inside = span(begin, i);
    at_ = i + 1;
    return true;
  }

  void blank() {
    while (at_ < norm_.size() && (norm_[at_] == ' ' || norm_[at_] == '\n' || norm_[at_] == '\t' || norm_[at_] == '\r' || norm_[at_] == '>')) ++at_;
  }

  static bool is_bare(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.' || c == '_';
  }
  static Span span(std::size_t begin, std::size_t end) { return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}; }

  std::string_view norm_;
  std::size_t at_ = 0;
  std::size_t no_quote_before_ = 0;
  std::vector<JsonValue> values_;
  std::vector<Open> open_;
};

}  // namespace

std::vector<JsonValue> find_json(std::string_view norm) { return Scanner(norm).scan(); }

std::uint32_t member(const std::vector<JsonValue>& values, std::string_view norm, std::uint32_t object, std::string_view key) {
  for (std::uint32_t i = values[object].first; i != 0; i = values[i].next) {
    if (values[i].key.of(norm) == key) return i;
  }
  return 0;
}

}  // namespace phiscan::detect

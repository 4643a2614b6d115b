// Checked JSON at the edges: one parser for requests, packs and policies that refuses duplicate keys and deep nesting, repairs
// lone surrogates and bad UTF-8, and whose errors name a JSON pointer but never quote the input. The only home of nlohmann/json
// besides report/. Reader walks a parsed value with types checked.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace phiscan::json {

using Value = nlohmann::json;

struct Limits {
  std::size_t bytes = std::size_t{256} << 20U;
  int depth = 64;
  bool guest_keys = false;  // keys may be text of a mail: errors repeat only those that look like the name of a field
};

// Bad UTF-8 becomes U+FFFD; `\ud800` without its partner becomes `\ufffd` (same width in UTF-16 and in bytes of a lone surrogate).
[[nodiscard]] Result<Value> parse(std::string_view text, const Limits& limits = {});

// The pointer with "?" for every token that is no number and does not look like the name of a field (small letters, digits, '_').
[[nodiscard]] std::string field_names_only(std::string_view pointer);

// A typed view of one value. The first error is kept in the shared Problem; reading goes on with defaults so callers stay linear.
struct Problem {
  ErrorCode code = ErrorCode::schema;
  std::optional<Error> first;
  std::vector<std::string> unknown;  // pointers of fields nobody asked for
};

class Reader {
 public:
  Reader(const Value& value, std::string pointer, Problem& problem);

  [[nodiscard]] bool has(std::string_view key) const;   // present and not null
  [[nodiscard]] std::string text(std::string_view key, std::string otherwise = {});
  [[nodiscard]] std::string required_text(std::string_view key);
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key);
  [[nodiscard]] bool flag(std::string_view key, bool otherwise);
  [[nodiscard]] double number(std::string_view key, double otherwise);
  [[nodiscard]] std::uint64_t count(std::string_view key, std::uint64_t otherwise);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  // One of `words`; the index. An unknown word is an error that lists the words.
  [[nodiscard]] std::size_t one_of(std::string_view key, std::initializer_list<std::string_view> words, std::size_t otherwise);
  void object(std::string_view key, const std::function<void(Reader&)>& read);            // skipped when absent or null
  void each(std::string_view key, const std::function<void(Reader&, std::size_t)>& read); // array of objects
  void entries(std::string_view key, const std::function<void(const std::string&, Reader&)>& read);  // object of objects
  void entry_texts(std::string_view key, const std::function<void(const std::string&, const std::string&)>& read);  // object of strings
  void finish();                                         // names fields nobody asked for
  void fail(std::string_view key, std::string message);  // reports at pointer/key
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] const Value& value() const { return value_; }

 private:
  const Value* find(std::string_view key, bool required);
  const Value& value_;
  std::string pointer_;
  Problem& problem_;
  std::vector<std::string> seen_;
};

}  // namespace phiscan::json

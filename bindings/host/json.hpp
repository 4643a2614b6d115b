// Checked JSON at the host's edge: guests' bytes in, a document or a coded problem out. Lone surrogates and invalid UTF-8 become U+FFFD as
// in the engine, duplicate keys are errors, problems name a place and never quote. Pure; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace phiscan::host {

using Json = nlohmann::ordered_json;

// Why a request cannot be served; becomes "error" of the reply.
struct Problem {
  std::string code;     // a word of PROTOCOL.md
  std::string where;    // a JSON pointer into the request, or empty
  std::string message;  // for a person; never text of the mail
};

[[nodiscard]] std::variant<Json, Problem> parse_json(std::string_view bytes);

// Dumps what parse_json gave, or what we made ourselves.
[[nodiscard]] inline std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// Reads typed fields of one object; keeps the first problem. Fields that nobody asks for are left alone.
class Fields {
 public:
  Fields(const Json& object, std::string where, std::optional<Problem>& problem);

  [[nodiscard]] bool has(const char* key) const;  // there, and not null
  [[nodiscard]] std::string text(const char* key, std::size_t longest, std::string_view otherwise = {});
  [[nodiscard]] std::string required_text(const char* key, std::size_t longest);
  [[nodiscard]] std::int64_t number(const char* key, std::int64_t least, std::int64_t most, std::optional<std::int64_t> otherwise = std::nullopt);
  [[nodiscard]] bool flag(const char* key, bool otherwise);
  [[nodiscard]] std::string one_of(const char* key, std::initializer_list<std::string_view> words, std::string_view otherwise = {});
  [[nodiscard]] std::string digest(const char* key);  // 64 lower-case hex digits
  // The object or list below `key`; an empty one when it is missing or wrong.
  [[nodiscard]] const Json& object(const char* key, bool required);
  [[nodiscard]] const Json& list(const char* key, std::size_t most, bool required);

  [[nodiscard]] std::string place(const char* key) const { return where_ + "/" + key; }
  void fail(const char* key, std::string message, std::string code = "bad_request");

 private:
  const Json* find(const char* key) const;

  const Json& object_;
  std::string where_;
  std::optional<Problem>& problem_;
};

}  // namespace phiscan::host

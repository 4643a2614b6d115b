// What the services over HTTP ask of the head of a request, and how they refuse. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "http.hpp"

namespace phiscan::host {

// {"ok": false, "error": {code, where, message}}, as in PROTOCOL.md.
[[nodiscard]] Answer refusal(int status, std::string_view code, std::string_view message);

// The one value of a field that must not be there twice; nothing when missing, and `is_sound` false when repeated.
struct Once {
  std::optional<std::string_view> value;
  bool is_sound = true;
  [[nodiscard]] bool is(std::string_view wanted) const { return is_sound && value == wanted; }
};
[[nodiscard]] Once once(const Head& head, std::string_view name);

// application/json, in UTF-8 if it says so, and not compressed.
[[nodiscard]] bool is_plain_json(const Head& head);

// What is wrong with the length of the body, 411 or 413; nothing when it is at most `most`. `length` gets it.
[[nodiscard]] std::optional<Answer> length_problem(const Head& head, std::size_t most, std::size_t& length);

}  // namespace phiscan::host

// JSON as it is found in a mail: a value somewhere in a text, perhaps cut off, quoted with '>' or pasted without its outer braces.
// Keeps where each key and value stands in the text, which a JSON library would not. Used by the FHIR and JSON-rows readers only.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace phiscan::detect {

struct JsonValue {
  enum class Type : std::uint8_t { object, array, string, other };  // other: numbers, true, false, null
  Type type = Type::other;
  Span key;    // inside the quotes; empty in an array
  Span value;  // of a string: inside the quotes, escapes as written; of an object or array: with its brackets
  std::uint32_t next = 0;   // next sibling, 0 = none
  std::uint32_t first = 0;  // first child, 0 = none

  [[nodiscard]] bool is_scalar() const { return type == Type::string || type == Type::other; }
};

// The values in document order; index 0 is an array that stands for the text, its children are the values found in it. Linear time, no
// recursion; values nested deeper than 64 levels are read over.
[[nodiscard]] std::vector<JsonValue> find_json(std::string_view norm);
// The member of an object, 0 = none.
[[nodiscard]] std::uint32_t member(const std::vector<JsonValue>& values, std::string_view norm, std::uint32_t object, std::string_view key);

}  // namespace phiscan::detect

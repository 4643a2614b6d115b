// Sets fields of a request's top level in its text, without reading the rest: values stay byte for byte, and what is wrong with a request
// (a key twice, bad JSON) stays for the engine to see. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace phiscan::cli {

[[nodiscard]] bool has_field(std::string_view request, std::string_view key);

// Replaces or adds; `value` is JSON. Unchanged when `request` is not an object.
void set_field(std::string& request, std::string_view key, std::string_view value);

// `text` as a JSON string, bad UTF-8 replaced.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace phiscan::cli

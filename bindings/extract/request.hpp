// A mail as one `phiscan.request/1` JSON document. Pure functions; any thread.
#pragma once

#include "mail.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace phiscan::extract {

// Always valid JSON in valid UTF-8, whatever the strings hold.
[[nodiscard]] std::string request_json(const Mail& mail);

// Bytes that `text` takes inside a JSON string.
[[nodiscard]] std::size_t json_size(std::string_view text);

// Everything that was not read: the mail's gaps and those of its attachments.
[[nodiscard]] std::vector<Gap> all_gaps(const Mail& mail);

} // namespace phiscan::extract

// The folder of pages: plain names below it and nothing else, with their media types and a mark that changes with the content. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace phiscan::host {

struct Page {
  std::string text, media_type;
  std::string mark;  // for ETag
};

// Letters, digits and `._-/`; no part begins with a dot; no links out of the folder. Nothing for everything else. `path` is that of a
// target, without a query.
[[nodiscard]] std::optional<Page> read_page(const std::filesystem::path& folder, std::string_view path);

// The first `from` becomes `to`, and the mark that of the result.
void replace(Page& page, std::string_view from, std::string_view to);

}  // namespace phiscan::host

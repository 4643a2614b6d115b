// What the operating system is asked for: terminals, the clock, the cache folder, private files. The only platform code of the command
// line; another system needs one more system_*.cpp.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace phiscan::cli {

enum class Stream { in, out, err };

[[nodiscard]] bool is_terminal(Stream stream);
// Columns of the terminal; 100 when there is none.
[[nodiscard]] std::size_t terminal_width();

// Local time with its offset, as RFC 3339.
[[nodiscard]] std::string now_rfc3339();

// $XDG_CACHE_HOME/phiscan or ~/.cache/phiscan; empty when neither is known.
[[nodiscard]] std::filesystem::path cache_folder();

// Replaces the file in one step, readable by its owner only; makes the folder when missing. False when that is not possible.
bool write_private(const std::filesystem::path& file, std::string_view bytes);

}  // namespace phiscan::cli

// The files that programs of ours keep for themselves, and the clock. Platform code: another system needs one more files_*.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace phiscan::engine {

// Local time with its offset, as RFC 3339.
[[nodiscard]] std::string now_rfc3339();

// $XDG_CACHE_HOME/phiscan or ~/.cache/phiscan; empty when neither is known.
[[nodiscard]] std::filesystem::path cache_folder();

// $XDG_STATE_HOME/phiscan or ~/.local/state/phiscan; empty when neither is known.
[[nodiscard]] std::filesystem::path state_folder();

// Makes the folder for its owner only, and those above it. False when it is not there afterwards.
bool make_private_folder(const std::filesystem::path& folder);

// Replaces the file in one step, readable by its owner only; makes the folder when missing. False when that is not possible.
bool write_private(const std::filesystem::path& file, std::string_view bytes);

}  // namespace phiscan::engine

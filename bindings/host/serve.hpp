// `phiscan-host serve --config FILE`: starts the add-in's origin, reloads what may change while it runs, and ends in good order.
#pragma once

#include <filesystem>

#include "host.hpp"

namespace phiscan::host {

// Until a signal; the exit code. `base` says what the config does not: the extractor, the cache.
[[nodiscard]] int serve_https(const std::filesystem::path& config, HostOptions base);

// Whether it would start; says what is wrong. The exit code.
[[nodiscard]] int check_serve(const std::filesystem::path& config);

}  // namespace phiscan::host

// The playground over plain HTTP on 127.0.0.1: static pages and POST /api. Each request passes the same gates in the same order: Host,
// Origin, content type, token, size; only then anything of it is read. Knows no request.
#pragma once

#include <filesystem>

#include "host.hpp"

namespace phiscan::host {

struct PlaygroundOptions {
  std::uint16_t port = 0;  // 0: any that is free
  std::filesystem::path pages;
};

// Until a signal; the exit code.
[[nodiscard]] int serve_playground(Host& host, const PlaygroundOptions& options);

}  // namespace phiscan::host

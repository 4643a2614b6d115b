// Native messaging: frames of a 32-bit length in the machine's byte order and JSON, on standard input and output. With `lines`, one JSON
// document per line instead, for people. Knows no request.
#pragma once

#include "host.hpp"

namespace phiscan::host {

enum class Framing { native, lines };

// Until end of input or a signal; the exit code.
[[nodiscard]] int serve_stdio(Host& host, Framing framing);

}  // namespace phiscan::host

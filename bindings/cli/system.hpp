// What the operating system is asked for: terminals. The only platform code of the command line; another system needs one more system_*.cpp.
#pragma once

#include <cstddef>

namespace phiscan::cli {

enum class Stream { in, out, err };

[[nodiscard]] bool is_terminal(Stream stream);
// Columns of the terminal; 100 when there is none.
[[nodiscard]] std::size_t terminal_width();

}  // namespace phiscan::cli

#include <sys/ioctl.h>
#include <unistd.h>

#include "system.hpp"

namespace phiscan::cli {
namespace {

int descriptor(Stream stream) {
  switch (stream) {
    case Stream::in: return STDIN_FILENO;
    case Stream::out: return STDOUT_FILENO;
    case Stream::err: break;
  }
  return STDERR_FILENO;
}

}  // namespace

bool is_terminal(Stream stream) { return ::isatty(descriptor(stream)) == 1; }

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 100;
}

}  // namespace phiscan::cli

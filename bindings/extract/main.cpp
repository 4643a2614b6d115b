// phiscan-extract: started by other programs, reads framed mails on stdin and answers on stdout (FRAMES.md).
#include "confine.hpp"
#include "serve.hpp"

#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace {

bool read_all(char* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = read(STDIN_FILENO, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

} // namespace

int main(int argc, char**) {
  if (argc > 1 || isatty(STDIN_FILENO) != 0) {
    std::fputs("phiscan-extract reads mail for phiscan and is started by it; run `phiscan scan FILE.eml` instead.\n", stderr);
    return 2;
  }
  if (!phiscan::extract::confine_process()) {
    std::fputs("phiscan-extract: could not limit its own memory and files; not reading mail\n", stderr);
    return 1;
  }
  try {
    return phiscan::extract::serve({read_all, write_all, phiscan::extract::arm_orphan_timer});
  } catch (...) { // out of memory: the parent sees a crash
    return 1;
  }
}

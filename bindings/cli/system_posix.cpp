#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

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

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

bool is_terminal(Stream stream) { return ::isatty(descriptor(stream)) == 1; }

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 100;
}

std::string now_rfc3339() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  char text[64];
  const auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  std::string out(text, length);
  if (out.size() > 5) out.insert(out.size() - 2, ":");  // +0100 -> +01:00
  return out;
}

std::filesystem::path cache_folder() {
  // Relative values are to be ignored (XDG base directory specification).
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && xdg[0] == '/') return std::filesystem::path(xdg) / "phiscan";
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') return std::filesystem::path(home) / ".cache" / "phiscan";
  return {};
}

bool write_private(const std::filesystem::path& file, std::string_view bytes) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path().parent_path(), error);
  if (::mkdir(file.parent_path().c_str(), 0700) != 0 && !std::filesystem::is_directory(file.parent_path(), error)) return false;
  const auto temporary = file.string() + "." + std::to_string(::getpid()) + ".tmp";
  (void)::unlink(temporary.c_str());
  const int out = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (out < 0) return false;
  const bool written = write_all(out, bytes);
  const bool closed = ::close(out) == 0;
  if (written && closed && ::rename(temporary.c_str(), file.c_str()) == 0) return true;
  (void)::unlink(temporary.c_str());
  return false;
}

}  // namespace phiscan::cli

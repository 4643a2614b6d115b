#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <ctime>

#include "engine/files.hpp"

namespace phiscan::engine {
namespace {

namespace fs = std::filesystem;

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Relative values are to be ignored (XDG base directory specification).
fs::path folder_of(const char* variable, const char* below_home) {
  if (const char* xdg = std::getenv(variable); xdg != nullptr && xdg[0] == '/') return fs::path(xdg) / "phiscan";
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') return fs::path(home) / below_home / "phiscan";
  return {};
}

}  // namespace

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

fs::path cache_folder() { return folder_of("XDG_CACHE_HOME", ".cache"); }

fs::path state_folder() { return folder_of("XDG_STATE_HOME", ".local/state"); }

bool make_private_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder.parent_path(), error);
  return ::mkdir(folder.c_str(), 0700) == 0 || fs::is_directory(folder, error);
}

bool write_private(const fs::path& file, std::string_view bytes) {
  if (!make_private_folder(file.parent_path())) return false;
  // Several threads of one program may write the same file.
  static std::atomic<unsigned> number = 0;
  const auto temporary = file.string() + "." + std::to_string(::getpid()) + "." + std::to_string(number++) + ".tmp";
  (void)::unlink(temporary.c_str());
  const int out = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (out < 0) return false;
  const bool written = write_all(out, bytes);
  const bool closed = ::close(out) == 0;
  if (written && closed && ::rename(temporary.c_str(), file.c_str()) == 0) return true;
  (void)::unlink(temporary.c_str());
  return false;
}

}  // namespace phiscan::engine

// Folders that Thunderbird looks into. Linux is tested; the folders of macOS are Mozilla's documented ones, which nobody has run yet.
#include <unistd.h>

#include <cstdlib>

#include "install_places.hpp"

namespace phiscan::host {

namespace fs = std::filesystem;

std::vector<Place> thunderbird_places() {
  const auto file = std::string(native_name) + ".json";
  const char* home = std::getenv("HOME");
  const bool has_home = home != nullptr && *home == '/';
#ifdef __APPLE__
  const fs::path folder = "Library/Application Support/Mozilla/NativeMessagingHosts";
  return {{Scope::user, has_home ? fs::path(home) / folder / file : fs::path()}, {Scope::system, "/" / folder / file}};
#else
  return {{Scope::user, has_home ? fs::path(home) / ".mozilla/native-messaging-hosts" / file : fs::path()},
          {Scope::system, fs::path("/usr/lib/mozilla/native-messaging-hosts") / file}};
#endif
}

fs::path announced(const Place& place) {
  std::error_code error;
  const bool is_there = !place.manifest.empty() && fs::symlink_status(place.manifest, error).type() != fs::file_type::not_found;
  return is_there ? place.manifest : fs::path();
}

// A file in its folder is all it takes.
std::string announce(const Place& /*place*/) { return {}; }
std::string withdraw(const Place& /*place*/) { return {}; }

bool can_be_run(const fs::path& program) { return ::access(program.c_str(), X_OK) == 0; }

}  // namespace phiscan::host

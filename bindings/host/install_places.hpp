// Where Thunderbird looks for native-messaging manifests, and how it is told of ours. One of install_posix.cpp and install_windows.cpp is built.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace phiscan::host {

// The manifest's file name, and the name by which the add-on asks for us.
inline constexpr const char* native_name = "phiscan";

enum class Scope { user, system };

struct Place {
  Scope scope = Scope::user;
  std::filesystem::path manifest;  // where we put ours; empty: this user has no home
};

// In the order in which Thunderbird looks; the first that is announced wins.
[[nodiscard]] std::vector<Place> thunderbird_places();

// The manifest that Thunderbird finds in this place, sound or not; empty: none.
[[nodiscard]] std::filesystem::path announced(const Place& place);

// Lets Thunderbird find the manifest that was written, and no more find it. Empty when done; otherwise what is wrong, for a person.
[[nodiscard]] std::string announce(const Place& place);
[[nodiscard]] std::string withdraw(const Place& place);

[[nodiscard]] bool can_be_run(const std::filesystem::path& program);

}  // namespace phiscan::host

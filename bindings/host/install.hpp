// Tells Thunderbird where this program is: the native-messaging manifest, for one user or for all, and whether what is there is sound. A
// manifest or a program that somebody else can change would run their code inside the mail program, so such places are refused.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "install_places.hpp"
#include "json.hpp"

namespace phiscan::host {

// The add-on that may talk to us, and no other (addins/thunderbird/manifest.json).
inline constexpr const char* thunderbird_addon = "thunderbird@phiscan";

// The manifest's text.
[[nodiscard]] std::string native_manifest(const std::filesystem::path& program);

struct Outcome {
  bool is_done = false;
  std::vector<std::string> lines;  // for a person
};
[[nodiscard]] Outcome install_thunderbird(Scope scope, const std::filesystem::path& program);
[[nodiscard]] Outcome uninstall_thunderbird(Scope scope);

// {"places": [{"scope", "manifest", "state": "none|sound|broken", "problems", "program", "in_use"}], "works": bool}
[[nodiscard]] Json thunderbird_status();
[[nodiscard]] std::string thunderbird_status_text(const Json& status);

}  // namespace phiscan::host

// The manifest of the Outlook add-in for one origin: addins/outlook/manifest.xml.in, built in, with its blanks filled.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace phiscan::host {

struct ManifestOptions {
  std::string origin;  // https://name or https://name:port, nothing after it
  std::string mode;    // soft: people may send when phiscan cannot be reached; block: they may not
  std::string id;      // GUID; empty: ours for this mode
};

// Why there is no manifest, for a person.
struct ManifestProblem {
  std::string message;
};

[[nodiscard]] std::variant<std::string, ManifestProblem> outlook_manifest(const ManifestOptions& options);

extern const std::string_view outlook_manifest_template;

}  // namespace phiscan::host

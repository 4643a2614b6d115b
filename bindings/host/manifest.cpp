#include "manifest.hpp"

#include <phiscan/phiscan.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace phiscan::host {
namespace {

// Two add-ins and not one with two modes: Outlook must never take one manifest for an update of the other.
constexpr std::string_view soft_id = "9e2b9410-fa66-4328-ba61-e25cf4efd32b";
constexpr std::string_view block_id = "b814698b-ea36-4c71-b5a2-4ae9020cea48";

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  while (true) {
    const auto dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

// What is wrong with it, or nothing.
std::string_view origin_problem(std::string_view origin) {
  constexpr std::string_view scheme = "https://";
  if (origin.empty()) return "--origin is missing: the address of phiscan-host, such as https://phiscan.clinic.example";
  if (!origin.starts_with(scheme)) return "--origin must begin with https:// (Outlook takes nothing else)";
  origin.remove_prefix(scheme.size());
  if (origin.find_first_of("/?#@") != std::string_view::npos) return "--origin ends after the name and port: no path, no slash, no user";
  const auto colon = origin.find(':');
  if (colon != std::string_view::npos) {
    const auto digits = origin.substr(colon + 1);
    int port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || port < 1 || port > 65535 || digits.front() == '0')
      return "--origin: the port is a number from 1 to 65535";
    if (port == 443) return "--origin: leave out :443, it is what https means";
  }
  if (!is_host_name(origin.substr(0, colon))) return "--origin must name a computer in lower case letters, digits, dots and hyphens";
  return {};
}

bool is_guid(std::string_view id) {
  if (id.size() != 36) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? id[i] != '-' : std::isxdigit(static_cast<unsigned char>(id[i])) == 0) return false;
  }
  return id != "00000000-0000-0000-0000-000000000000";
}

void fill(std::string& text, std::string_view blank, std::string_view value) {
  for (auto at = text.find(blank); at != std::string::npos; at = text.find(blank, at + value.size())) text.replace(at, blank.size(), value);
}

}  // namespace

std::variant<std::string, ManifestProblem> outlook_manifest(const ManifestOptions& options) {
  if (const auto problem = origin_problem(options.origin); !problem.empty()) return ManifestProblem{std::string(problem)};
  if (options.mode != "soft" && options.mode != "block") {
    return ManifestProblem{options.mode.empty() ? "--mode is missing: soft (people may send when phiscan cannot be reached) or block (they may not)"
                                                : "--mode is soft or block"};
  }
  const bool is_block = options.mode == "block";
  auto id = options.id.empty() ? std::string(is_block ? block_id : soft_id) : options.id;
  if (!is_guid(id)) return ManifestProblem{"--id must be a GUID, such as 01234567-89ab-cdef-0123-456789abcdef"};
  std::transform(id.begin(), id.end(), id.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  if (id == (is_block ? soft_id : block_id)) return ManifestProblem{"--id is the one of the other mode: Outlook would take this manifest for its update"};

  std::string text(outlook_manifest_template);
  fill(text, "@ORIGIN@", options.origin);
  fill(text, "@ID@", id);
  fill(text, "@SENDMODE@", is_block ? "Block" : "SoftBlock");
  fill(text, "@VERSION@", std::to_string(PHISCAN_VERSION_MAJOR) + "." + std::to_string(PHISCAN_VERSION_MINOR) + "." + std::to_string(PHISCAN_VERSION_PATCH) + ".0");
  return text;
}

}  // namespace phiscan::host

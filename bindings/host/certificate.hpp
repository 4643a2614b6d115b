// Certificates and keys, by OpenSSL: reading the site's and saying what is wrong with it, and making this machine's own. Pure but for the
// files; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>

#include "json.hpp"

namespace phiscan::host {

struct Certificate {
  std::string chain, key;        // PEM
  std::int64_t not_after = 0;    // seconds since 1970
};

// The chain and its key, fit to serve `name` now; otherwise what is wrong, with `where` naming "/certificate" or "/key".
[[nodiscard]] std::variant<Certificate, Problem> read_certificate(const std::filesystem::path& chain, const std::filesystem::path& key, const std::string& name);

}  // namespace phiscan::host

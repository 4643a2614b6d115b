// The one file that says how `serve` runs (phiscan.serve/1). Every problem names its key. Pure but for the files it looks at.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "http.hpp"
#include "json.hpp"

namespace phiscan::host {

enum class MetricsFor { nobody, loopback, anyone };

struct ServeConfig {
  bool is_loopback = false;
  std::string origin;     // https://name[:port]
  std::string authority;  // name[:port], what Host says
  std::string name;       // what the certificate must name
  std::string address;    // numeric
  std::uint16_t port = 0;
  std::filesystem::path certificate, key, pages, users, state, policy, packs;
  std::vector<std::string> outlook_origins;
  bool allow_missing_origin = false;
  MetricsFor metrics = MetricsFor::nobody;
  HttpLimits http;
  std::size_t request_bytes = std::size_t{32} << 20;
  std::size_t body_memory_bytes = std::size_t{256} << 20;  // of all requests on their way
  std::size_t in_flight = 48;
  std::size_t in_flight_per_user = 8;
  std::size_t requests_per_minute = 1200;                  // per user
  unsigned threads = 0;                                    // that scan; 0: one per processor
};

[[nodiscard]] std::variant<ServeConfig, Problem> read_serve_config(const std::filesystem::path& file);

}  // namespace phiscan::host

#include "metrics.hpp"

#include <algorithm>
#include <cstdio>

namespace phiscan::host {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP phiscan_").append(name).append(" ").append(help).append("\n# TYPE phiscan_").append(name).append(" ").append(type).append("\n");
}

void one(std::string& out, std::string_view name, std::string_view type, std::string_view help, double value) {
  head(out, name, type, help);
  out.append("phiscan_").append(name).append(" ").append(number(value)).append("\n");
}

}  // namespace

void Metrics::count(Literal outcome) {
  const std::lock_guard lock(mutex_);
  ++outcomes_.try_emplace(outcome.text(), Count{outcome}).first->second.all;
}

void Metrics::answered(std::chrono::microseconds time) {
  const double seconds = static_cast<double>(time.count()) / 1e6;
  const auto at = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();
  ++times_[static_cast<std::size_t>(at)];
  time_sum_us_ += static_cast<std::uint64_t>(time.count());
}

std::vector<std::pair<Literal, std::uint64_t>> Metrics::new_refusals() {
  std::vector<std::pair<Literal, std::uint64_t>> out;
  const std::lock_guard lock(mutex_);
  for (auto& [name, count] : outcomes_) {
    if (name != "ok" && count.all > count.told) out.emplace_back(count.outcome, count.all - count.told);
    count.told = count.all;
  }
  return out;
}

std::string Metrics::text(const Now& now) const {
  std::string out;
  head(out, "requests_total", "counter", "Requests by outcome: ok, or the code of the refusal.");
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, entry] : outcomes_) out.append("phiscan_requests_total{outcome=\"").append(name).append("\"} ").append(number(static_cast<double>(entry.all))).append("\n");
  }
  head(out, "api_seconds", "histogram", "From the whole request to its answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    sum += times_[i];
    out.append("phiscan_api_seconds_bucket{le=\"").append(number(bounds[i])).append("\"} ").append(std::to_string(sum)).append("\n");
  }
  sum += times_.back();
  out.append("phiscan_api_seconds_bucket{le=\"+Inf\"} ").append(std::to_string(sum)).append("\nphiscan_api_seconds_sum ").append(number(static_cast<double>(time_sum_us_) / 1e6));
  out.append("\nphiscan_api_seconds_count ").append(std::to_string(sum)).append("\n");
  one(out, "pairings_total", "counter", "Codes that were exchanged for a token.", static_cast<double>(pairs_));
  one(out, "reloads_total", "counter", "Reloads that took everything over.", static_cast<double>(reloads_));
  one(out, "reload_failures_total", "counter", "Reloads after which something old stays in force.", static_cast<double>(failed_reloads_));
  one(out, "connections_refused_total", "counter", "Connections over the limits.", static_cast<double>(turned_away_));
  one(out, "timeouts_total", "counter", "Connections that were too slow.", static_cast<double>(timed_out_));
  one(out, "connections", "gauge", "Open connections.", static_cast<double>(now.connections));
  one(out, "requests_in_flight", "gauge", "Requests that are being read or answered.", static_cast<double>(now.in_flight));
  one(out, "resident_bytes", "gauge", "Memory of the process.", static_cast<double>(now.resident_bytes));
  one(out, "certificate_expiry_timestamp_seconds", "gauge", "When the certificate ends.", static_cast<double>(now.certificate_ends));
  one(out, "healthy", "gauge", "1 when /healthz says so.", now.is_well ? 1 : 0);
  return out;
}

}  // namespace phiscan::host

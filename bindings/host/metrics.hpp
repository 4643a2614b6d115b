// What a service counts: in Prometheus' text form, without names, addresses or anything of a mail. Any thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "log.hpp"

namespace phiscan::host {

class Metrics {
 public:
  // "ok", or the code of a refusal.
  void count(Literal outcome);
  void answered(std::chrono::microseconds time);
  void paired() { ++pairs_; }
  void reloaded(bool is_fine) { ++(is_fine ? reloads_ : failed_reloads_); }
  void turned_away() { ++turned_away_; }
  void timed_out() { ++timed_out_; }

  struct Now {
    std::size_t connections = 0, in_flight = 0, resident_bytes = 0;
    std::int64_t certificate_ends = 0;
    bool is_well = true;
  };
  [[nodiscard]] std::string text(const Now& now) const;
  // Refusals since the last call, by code.
  [[nodiscard]] std::vector<std::pair<Literal, std::uint64_t>> new_refusals();

 private:
  static constexpr std::array<double, 10> bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};  // seconds

  mutable std::mutex mutex_;
  struct Count {
    Literal outcome;
    std::uint64_t all = 0, told = 0;
  };
  std::map<std::string_view, Count> outcomes_;
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> times_{};
  std::atomic<std::uint64_t> time_sum_us_ = 0, pairs_ = 0, reloads_ = 0, failed_reloads_ = 0, turned_away_ = 0, timed_out_ = 0;
};

}  // namespace phiscan::host

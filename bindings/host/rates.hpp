// How often somebody may do something: a bucket per key that fills evenly, and empties by one at each try. Any thread.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "system.hpp"

namespace phiscan::host {

class Rates {
 public:
  // `burst` at once, then `per_minute`.
  Rates(double per_minute, double burst) : per_second_(per_minute / 60), burst_(burst) {}

  // Zero when it may go on now; otherwise how many whole seconds to wait.
  [[nodiscard]] int take(const std::string& key);
  // The same without taking.
  [[nodiscard]] int look(const std::string& key);
  void set(double per_minute, double burst);

 private:
  struct Bucket {
    double left = 0;
    system::Clock::time_point at;
  };
  [[nodiscard]] int use(const std::string& key, bool takes);

  std::mutex mutex_;
  double per_second_, burst_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace phiscan::host

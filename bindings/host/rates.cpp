#include "rates.hpp"

#include <algorithm>
#include <cmath>

namespace phiscan::host {
namespace {

constexpr std::size_t most_buckets = 10'000;

}  // namespace

int Rates::take(const std::string& key) { return use(key, true); }

int Rates::look(const std::string& key) { return use(key, false); }

void Rates::set(double per_minute, double burst) {
  const std::lock_guard lock(mutex_);
  per_second_ = per_minute / 60;
  burst_ = burst;
}

int Rates::use(const std::string& key, bool takes) {
  const auto now = system::Clock::now();
  const std::lock_guard lock(mutex_);
  const auto left_of = [&](const Bucket& bucket) { return std::min(burst_, bucket.left + std::chrono::duration<double>(now - bucket.at).count() * per_second_); };
  if (buckets_.size() >= most_buckets) {
    // A full one says no more than none.
    std::erase_if(buckets_, [&](const auto& one) { return left_of(one.second) >= burst_; });
    if (buckets_.size() >= most_buckets) buckets_.clear();
  }
  const auto at = buckets_.find(key);
  const double left = at == buckets_.end() ? burst_ : left_of(at->second);
  if (left < 1) return std::max(1, static_cast<int>(std::ceil((1 - left) / per_second_)));
  if (takes) buckets_[key] = {left - 1, now};
  return 0;
}

}  // namespace phiscan::host

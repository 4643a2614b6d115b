// Reports of the last requests, by digest of everything that went into them. Reports hold no text of the mail. Any thread.
#pragma once

#include <engine/engine.hpp>

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "limits.hpp"

namespace phiscan::host {

class ReportCache {
 public:
  [[nodiscard]] std::optional<engine::Report> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto at = known_.find(key);
    if (at == known_.end()) return std::nullopt;
    recent_.splice(recent_.begin(), recent_, at->second);
    return at->second->second;
  }

  void keep(const std::string& key, const engine::Report& report) {
    const std::lock_guard lock(mutex_);
    if (known_.contains(key) || report.json.size() > limits::report_memory_bytes / 4) return;
    recent_.emplace_front(key, report);
    known_[key] = recent_.begin();
    bytes_ += report.json.size();
    while (bytes_ > limits::report_memory_bytes || recent_.size() > limits::report_memory_count) {
      bytes_ -= recent_.back().second.json.size();
      known_.erase(recent_.back().first);
      recent_.pop_back();
    }
  }

 private:
  std::mutex mutex_;
  std::list<std::pair<std::string, engine::Report>> recent_;  // front: used last
  std::unordered_map<std::string, std::list<std::pair<std::string, engine::Report>>::iterator> known_;
  std::size_t bytes_ = 0;
};

}  // namespace phiscan::host

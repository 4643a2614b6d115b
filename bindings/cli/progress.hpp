// A progress bar on standard error, only on a terminal. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace phiscan::cli {

class Progress {
 public:
  enum class When { never, later, now };  // later: once a second has gone
  Progress(When when, std::optional<std::uintmax_t> total_bytes);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void step(std::uintmax_t bytes);
  void clear();  // before other output

 private:
  void draw();
  using Clock = std::chrono::steady_clock;
  When when_;
  std::optional<std::uintmax_t> total_;
  std::uintmax_t bytes_ = 0;
  std::size_t count_ = 0;
  bool is_drawn_ = false;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_{};
};

}  // namespace phiscan::cli

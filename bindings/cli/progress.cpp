#include "progress.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "system.hpp"

namespace phiscan::cli {

Progress::Progress(When when, std::optional<std::uintmax_t> total_bytes)
    : when_(is_terminal(Stream::err) ? when : When::never), total_(total_bytes && *total_bytes > 0 ? total_bytes : std::nullopt) {}

void Progress::step(std::uintmax_t bytes) {
  bytes_ += bytes;
  ++count_;
  if (when_ == When::never) return;
  const auto now = Clock::now();
  using namespace std::chrono_literals;
  if ((when_ == When::later && now - begin_ < 1s) || now - last_ < 100ms) return;
  last_ = now;
  draw();
}

void Progress::draw() {
  const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  char text[128];
  if (total_) {
    constexpr std::size_t width = 24;
    const double share = std::min(1.0, static_cast<double>(bytes_) / static_cast<double>(*total_));
    const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
    const std::string bar = std::string(full, '#') + std::string(width - full, '.');
    std::snprintf(text, sizeof text, "[%s] %3.0f%%  %zu mails  %.0f/s", bar.c_str(), share * 100, count_, static_cast<double>(count_) / std::max(seconds, 0.001));
  } else {
    std::snprintf(text, sizeof text, "%zu mails  %.0f/s", count_, static_cast<double>(count_) / std::max(seconds, 0.001));
  }
  std::fprintf(stderr, "\r\033[K%s", text);
  std::fflush(stderr);
  is_drawn_ = true;
}

void Progress::clear() {
  if (!is_drawn_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  is_drawn_ = false;
}

}  // namespace phiscan::cli

// The worker's loop: a frame in, a frame out, until the input ends. Knows no file descriptors, so tests and the
// fuzzer drive it over memory. One thread.
#pragma once

#include <functional>
#include <string_view>

namespace phiscan::extract {

struct Channel {
  std::function<bool(char* to, std::size_t size)> read; // all of it, or false
  std::function<bool(std::string_view bytes)> write;    // all of it, or false
  std::function<void(bool)> busy;                       // true while a mail is in work
};

// 0 when the input ended between frames, 1 when the stream broke.
[[nodiscard]] int serve(const Channel& channel);

} // namespace phiscan::extract

// A child process with one byte stream to it and back, and a way to end it that always works. The only
// platform code of the client: Windows follows with a second .cpp. One thread per object.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

namespace phiscan::extract {

using Clock = std::chrono::steady_clock;

enum class Io { done, timeout, closed };

class Process {
public:
  // Standard error goes to `stderr_fd`, or nowhere with -1. Nothing of ours but that is open in the child.
  [[nodiscard]] static std::optional<Process> start(const std::filesystem::path& program, int stderr_fd);

  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process(); // closes the stream, waits a moment for a clean end, then kills; leaves no zombie

  // All of it, or not. Never raises a signal when the child is gone.
  [[nodiscard]] Io write(std::string_view bytes, Clock::time_point deadline);
  [[nodiscard]] Io read(char* to, std::size_t size, Clock::time_point deadline);

  // False when the child has ended, or has written what nobody asked for.
  [[nodiscard]] bool is_idle() const;

  void kill();
  [[nodiscard]] long id() const { return pid_; }

private:
  Process(long pid, int fd) : pid_(pid), fd_(fd) {}
  [[nodiscard]] Io wait_for(short events, Clock::time_point deadline) const;
  void end(bool forced);

  long pid_ = -1;
  int fd_ = -1;
};

// Folder of the running program; empty when the system does not tell.
[[nodiscard]] std::filesystem::path program_folder();

} // namespace phiscan::extract

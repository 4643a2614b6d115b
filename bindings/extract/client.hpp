// Reads mails through a `phiscan-extract` child process, so that the calling program never parses MIME itself.
// A mail that kills or hangs the child costs that mail only: the child is ended and the next call starts another.
// One thread per Worker; as many Workers as there are threads.
#pragma once

#include "frames.hpp"
#include "limits.hpp"
#include "process.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::extract {

// Values are stable; word() gives the names used in reports.
enum class Status { ok, timeout, crashed, too_large, unreadable, not_started };

[[nodiscard]] std::string_view word(Status status);

// A sentence for a person; never holds anything of the mail.
[[nodiscard]] std::string_view message(Status status);

struct Result {
  Status status = Status::ok;
  std::string request_json;  // one phiscan.request/1 document when ok; its "gaps" and "unread" say what was not read
  std::vector<Gap> gaps;     // the same gaps, without parsing the JSON
  [[nodiscard]] bool ok() const { return status == Status::ok; }
};

struct WorkerOptions {
  std::filesystem::path program; // empty: `phiscan-extract` beside the running program
  int stderr_fd = -1;            // -1: the child's standard error goes nowhere
};

class Worker {
public:
  explicit Worker(WorkerOptions options = {});

  // Starts the child ahead of the first mail. `extract` does so too; call this to learn early that the program is missing.
  [[nodiscard]] Status start();

  // `deadline` covers everything: starting the child, sending, reading, the answer.
  [[nodiscard]] Result extract(std::string_view mail, std::chrono::milliseconds deadline = limits::watchdog);

  // Process id of the child, -1 when none runs.
  [[nodiscard]] long child() const { return process_ ? process_->id() : -1; }

private:
  [[nodiscard]] Status give_up(Io io);
  [[nodiscard]] Status exchange(std::string_view mail, Clock::time_point deadline, frames::Reply& reply);

  WorkerOptions options_;
  std::optional<Process> process_;
};

} // namespace phiscan::extract

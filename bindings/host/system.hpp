// What the host asks of the operating system. The only platform code here besides memory.cpp: Windows follows with system_windows.cpp
// (pipes in binary mode, the user's SID, ACL checks instead of owner and mode bits, WER exclusion instead of the core limit).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::host::system {

using Clock = std::chrono::steady_clock;

// Seconds since 1970, and how they are written in UTC: "2026-11-27" and "2026-11-27T08:30:00Z".
[[nodiscard]] std::int64_t now();
[[nodiscard]] std::string day(std::int64_t seconds);
[[nodiscard]] std::string moment(std::int64_t seconds);

// No core dumps, no other process of the user reading our memory, no signal for a closed pipe or a full disk.
void harden();

// Who the process belongs to; a name that lasts. Never a name of a mail account.
[[nodiscard]] std::string user_id();

[[nodiscard]] bool is_terminal_in();
[[nodiscard]] bool is_terminal_out();

enum class Read { done, end, broken };
// Standard input, all of `size` bytes; `end` when it closes before the first, `broken` when in the middle. Returns `end` as well once `stop` was called.
[[nodiscard]] Read read_in(char* to, std::size_t size);
// Standard output; false when the reader is gone, or takes nothing for ten seconds.
[[nodiscard]] bool write_out(std::string_view bytes);
// Wakes read_in. Safe in a signal handler.
void stop() noexcept;
// SIGINT and SIGTERM call stop() from now on; read_in and wait_for_stop return.
void stop_on_signals();
void wait_for_stop();

// For services: SIGHUP asks for a reload from now on instead of ending.
void reload_on_hangup();
enum class Wake { stop, reload, time };
[[nodiscard]] Wake wait_for_wake(std::chrono::milliseconds allowed);
// Says to the service manager (systemd's sd_notify), if one waits: "READY=1", "RELOADING=1", "STOPPING=1", "STATUS=…".
void tell_manager(const std::string& text);
// Whether what goes to standard error ends up in a journal that wants priorities (`<4>`) and keeps the time itself.
[[nodiscard]] bool logs_to_journal();

// Empty when only an administrator (or, with `own_is_fine`, also this user) can change the file; otherwise what is wrong, for a person.
[[nodiscard]] std::string who_can_change(const std::filesystem::path& file, bool own_is_fine);

// Cheap mark of a file or folder's content: changes when it is written. Empty when it is not there.
[[nodiscard]] std::string change_mark(const std::filesystem::path& path);

// Whether the path is there and belongs to this user.
[[nodiscard]] bool is_own(const std::filesystem::path& path);

// When root makes a file for a service: the file belongs to the folder's owner afterwards. True and nothing done for anybody else.
[[nodiscard]] bool give_to_owner_of(const std::filesystem::path& folder, const std::filesystem::path& file);

// Opens for its owner only, makes it when missing; false when it is a link, somebody else's or cannot be had.
[[nodiscard]] bool claim_private_file(const std::filesystem::path& file);

// Empty when nobody but its owner (and root, or a group root gave it to) can read the file; otherwise what is wrong, for a person.
[[nodiscard]] std::string private_file_problem(const std::filesystem::path& file);

// Who runs this program; behind sudo, who asked for it.
[[nodiscard]] std::int64_t calling_account();

// When root looks after a service's folder: goes on as the folder's owner, so that what is made there belongs to the service. False when
// that does not work. Does nothing for anybody else.
[[nodiscard]] bool become_owner_of(const std::filesystem::path& folder);

[[nodiscard]] std::filesystem::path program();

struct Usage {
  std::size_t resident_kb = 0;
  std::size_t threads = 0;
  std::size_t descriptors = 0;
};
[[nodiscard]] Usage usage();

// Gives freed memory back to the system.
void trim_memory();

// Ends a child that was started elsewhere and may be busy.
void kill_process(long id);

// Runs a program, feeds `input`, returns what it printed; nothing when it fails or takes longer.
[[nodiscard]] bool run(const std::filesystem::path& program, const std::vector<std::string>& arguments, std::string_view input, std::chrono::milliseconds allowed,
                       std::string& output);

// Leaves at once, without running destructors of threads that may be in the middle of something.
[[noreturn]] void leave(int code);

}  // namespace phiscan::host::system

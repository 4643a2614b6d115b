#include "system.hpp"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <vector>

namespace phiscan::host::system {
namespace {

namespace fs = std::filesystem;

// Written by stop(), watched by everything that waits.
int stop_pipe[2] = {-1, -1};

int reload_pipe[2] = {-1, -1};

bool make_stop_pipe() { return stop_pipe[0] >= 0 || ::pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) == 0; }

std::size_t number_after(const std::string& text, std::string_view key) {
  const auto at = text.find(key);
  return at == std::string::npos ? 0 : std::strtoul(text.c_str() + at + key.size(), nullptr, 10);
}

}  // namespace

void harden() {
  (void)make_stop_pipe();
  ::umask(077);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // leak detection needs to look into us
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  // One arena: threads that come and go must not leave a heap each behind.
  ::mallopt(M_ARENA_MAX, 2);
}

std::string user_id() { return std::to_string(::getuid()); }

bool is_terminal_in() { return ::isatty(STDIN_FILENO) == 1; }
bool is_terminal_out() { return ::isatty(STDOUT_FILENO) == 1; }

Read read_in(char* to, std::size_t size) {
  (void)make_stop_pipe();
  bool first = true;
  while (size > 0) {
    pollfd both[2] = {{STDIN_FILENO, POLLIN, 0}, {stop_pipe[0], POLLIN, 0}};
    if (::poll(both, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return Read::broken;
    }
    if (both[1].revents != 0) return Read::end;
    const auto got = ::read(STDIN_FILENO, to, size);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return first && got == 0 ? Read::end : Read::broken;
    first = false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return Read::done;
}

bool write_out(std::string_view bytes) {
  constexpr int patience_ms = 10'000;
  while (!bytes.empty()) {
    pollfd out{STDOUT_FILENO, POLLOUT, 0};
    const int ready = ::poll(&out, 1, patience_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || (out.revents & (POLLERR | POLLNVAL)) != 0) return false;
    // A pipe that is ready takes at least PIPE_BUF without blocking.
    const auto put = ::write(STDOUT_FILENO, bytes.data(), std::min<std::size_t>(bytes.size(), 4096));
    if (put < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

void stop() noexcept {
  const char byte = 0;
  if (stop_pipe[1] >= 0) (void)!::write(stop_pipe[1], &byte, 1);
}

void stop_on_signals() {
  (void)make_stop_pipe();
  struct sigaction action {};
  action.sa_handler = [](int) {
    const int saved = errno;
    stop();
    errno = saved;
  };
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGHUP, &action, nullptr);
}

void wait_for_stop() {
  (void)make_stop_pipe();
  pollfd one{stop_pipe[0], POLLIN, 0};
  while (::poll(&one, 1, -1) < 0 && errno == EINTR) {}
}

void reload_on_hangup() {
  if (reload_pipe[0] < 0 && ::pipe2(reload_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return;
  struct sigaction action {};
  action.sa_handler = [](int) {
    const int saved = errno;
    (void)!::write(reload_pipe[1], "", 1);
    errno = saved;
  };
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGHUP, &action, nullptr);
}

Wake wait_for_wake(std::chrono::milliseconds allowed) {
  const auto until = Clock::now() + allowed;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return Wake::time;
    pollfd both[2] = {{stop_pipe[0], POLLIN, 0}, {reload_pipe[0], POLLIN, 0}};
    if (::poll(both, 2, static_cast<int>(left)) <= 0) continue;
    if (both[0].revents != 0) return Wake::stop;
    char seen[64];
    while (::read(reload_pipe[0], seen, sizeof seen) > 0) {}  // several at once are one
    return Wake::reload;
  }
}

void tell_manager(const std::string& text) {
  const char* name = std::getenv("NOTIFY_SOCKET");
  if (name == nullptr || (*name != '/' && *name != '@')) return;
  sockaddr_un address{};
  const std::size_t length = std::strlen(name);
  if (length >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name, length);
  if (*name == '@') address.sun_path[0] = '\0';
  const int one = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (one < 0) return;
  (void)::sendto(one, text.data(), text.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  ::close(one);
}

bool logs_to_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat facts {};
  return stream != nullptr && ::fstat(STDERR_FILENO, &facts) == 0 && std::string(stream) == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

std::string private_file_problem(const fs::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return file.string() + (errno == ENOENT ? ": there is no such file" : ": cannot be looked at by this user");
  if (!S_ISREG(facts.st_mode)) return file.string() + ": is no file";
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid()) return file.string() + ": must belong to this user or to root";
  const mode_t others = facts.st_uid == 0 && ::geteuid() != 0 ? 027 : 077;  // root may hand it to the service's group
  if ((facts.st_mode & others) != 0) return file.string() + ": others can read or change it; take that right away (chmod " + (others == 027 ? "0640" : "0600") + ")";
  if (::access(file.c_str(), R_OK) != 0) return file.string() + ": cannot be read by this user";
  return {};
}

std::int64_t calling_account() {
  const char* behind = std::getenv("SUDO_UID");
  if (::getuid() == 0 && behind != nullptr && *behind >= '0' && *behind <= '9') return std::strtol(behind, nullptr, 10);
  return static_cast<std::int64_t>(::getuid());
}

bool become_owner_of(const fs::path& folder) {
  struct stat facts {};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &facts) != 0 || facts.st_uid == 0) return true;
  return ::setgroups(0, nullptr) == 0 && ::setresgid(facts.st_gid, facts.st_gid, facts.st_gid) == 0 && ::setresuid(facts.st_uid, facts.st_uid, facts.st_uid) == 0;
}

std::string who_can_change(const fs::path& file, bool own_is_fine) {
  const auto problem_of = [&](const fs::path& path) -> std::string {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) return path.string() + ": cannot be looked at";
    if (S_ISLNK(facts.st_mode)) return path.string() + ": is a link; name the file itself";
    if (facts.st_uid != 0 && !(own_is_fine && facts.st_uid == ::getuid())) return path.string() + ": must belong to the administrator (root)";
    const bool is_shared_folder = S_ISDIR(facts.st_mode) && (facts.st_mode & S_ISVTX) != 0;  // /tmp: others cannot replace our files
    if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !is_shared_folder) return path.string() + ": others can change it; take that right away (chmod go-w)";
    return {};
  };
  if (auto problem = problem_of(file); !problem.empty()) return problem;
  std::error_code error;
  const auto folder = fs::absolute(file, error).parent_path();
  struct stat facts {};
  // Folders above may be reached through links that the administrator made; what counts is the folder itself.
  const auto real = fs::canonical(folder, error);
  if (error || ::lstat(real.c_str(), &facts) != 0) return folder.string() + ": cannot be looked at";
  return problem_of(real);
}

std::string change_mark(const fs::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  std::string mark = std::to_string(facts.st_ino) + ":" + std::to_string(facts.st_size) + ":" + std::to_string(facts.st_mtim.tv_sec) + "." +
                     std::to_string(facts.st_mtim.tv_nsec);
  if (!S_ISDIR(facts.st_mode)) return mark;
  std::error_code error;
  std::vector<std::string> inside;
  for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
    if (entry.is_regular_file(error)) inside.push_back(entry.path().string() + "=" + change_mark(entry.path()));
  }
  std::sort(inside.begin(), inside.end());
  for (const auto& one : inside) mark += ";" + one;
  return mark;
}

bool is_own(const fs::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && facts.st_uid == ::geteuid();
}

bool give_to_owner_of(const fs::path& folder, const fs::path& file) {
  struct stat facts {};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &facts) != 0 || facts.st_uid == 0) return true;
  return ::lchown(file.c_str(), facts.st_uid, facts.st_gid) == 0;
}

bool claim_private_file(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return false;
  struct stat facts {};
  bool fine = ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid();
  if (fine && (facts.st_mode & 077) != 0) fine = ::fchmod(descriptor, 0600) == 0;
  ::close(descriptor);
  return fine;
}

fs::path program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

Usage usage() {
  Usage out;
  std::ifstream in("/proc/self/status");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  out.resident_kb = number_after(text, "VmRSS:");
  out.threads = number_after(text, "Threads:");
  std::error_code error;
  for (auto at = fs::directory_iterator("/proc/self/fd", error); !error && at != fs::directory_iterator(); at.increment(error)) ++out.descriptors;
  return out;
}

void trim_memory() { ::malloc_trim(0); }

void kill_process(long id) {
  if (id > 0) ::kill(static_cast<pid_t>(id), SIGKILL);
}

bool run(const fs::path& program, const std::vector<std::string>& arguments, std::string_view input, std::chrono::milliseconds allowed, std::string& output) {
  int to[2], from[2];
  if (::pipe2(to, O_CLOEXEC) != 0) return false;
  if (::pipe2(from, O_CLOEXEC) != 0) {
    ::close(to[0]);
    ::close(to[1]);
    return false;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const bool started = ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  bool fine = started && (input.empty() || ::write(to[1], input.data(), input.size()) == static_cast<ssize_t>(input.size()));
  ::close(to[1]);
  const auto deadline = Clock::now() + allowed;
  output.clear();
  char piece[512];
  while (fine) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd one{from[0], POLLIN, 0};
    const int ready = left <= 0 ? 0 : ::poll(&one, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || output.size() > 65536) {
      fine = false;
      break;
    }
    const auto got = ::read(from[0], piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    output.append(piece, static_cast<std::size_t>(got));
  }
  ::explicit_bzero(piece, sizeof piece);
  ::close(from[0]);
  if (!started) return false;
  if (!fine) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  return fine && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void leave(int code) {
  std::fflush(stderr);
  ::_exit(code);
}

std::int64_t now() { return static_cast<std::int64_t>(std::time(nullptr)); }

std::string moment(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  char text[32] = "";
  if (::gmtime_r(&time, &parts) != nullptr) (void)std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string day(std::int64_t seconds) {
  const auto text = moment(seconds);
  return text.substr(0, text.find('T'));
}

}  // namespace phiscan::host::system

#include "process.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace phiscan::extract {
namespace {

// Almost nothing of our environment is the worker's business. GLib's own allocator is turned off: it keeps
// freed memory to itself, where it is not overwritten.
std::vector<std::string> child_environment() {
  std::vector<std::string> out = {"G_SLICE=always-malloc", "LC_ALL=C"};
  for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS", "LLVM_PROFILE_FILE"})
    if (const char* value = std::getenv(name); value != nullptr) out.push_back(std::string(name) + "=" + value);
  return out;
}

class Actions {
public:
  Actions() { posix_spawn_file_actions_init(&actions_); }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
public:
  // The child starts with default signals, whatever the program around us ignores or blocks.
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    // A group of its own: Ctrl-C is for the program, which then ends the worker.
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

private:
  posix_spawnattr_t attributes_;
};

void reap(long pid) {
  int status = 0;
  while (waitpid(static_cast<pid_t>(pid), &status, 0) < 0 && errno == EINTR) {}
}

} // namespace

std::optional<Process> Process::start(const std::filesystem::path& program, int stderr_fd) {
  // A socket and not two pipes: writing to a dead child is then an error code and not SIGPIPE.
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return {};
  // Above 2 even when the caller has closed its own standard descriptors.
  for (int& end : ends) {
    if (end > 2) continue;
    const int higher = fcntl(end, F_DUPFD_CLOEXEC, 3);
    close(end);
    end = higher;
  }
  Actions actions;
  posix_spawn_file_actions_adddup2(actions.get(), ends[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(actions.get(), ends[1], STDOUT_FILENO);
  if (stderr_fd >= 0) {
    posix_spawn_file_actions_adddup2(actions.get(), stderr_fd, STDERR_FILENO);
  } else {
    posix_spawn_file_actions_addopen(actions.get(), STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addclosefrom_np(actions.get(), 3);

  std::string path = program.string();
  char* argv[] = {path.data(), nullptr};
  std::vector<std::string> environment = child_environment();
  std::vector<char*> envp;
  for (std::string& one : environment) envp.push_back(one.data());
  envp.push_back(nullptr);

  const Attributes attributes;
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, path.c_str(), actions.get(), attributes.get(), argv, envp.data());
  close(ends[1]);
  if (failed != 0) {
    close(ends[0]);
    return {};
  }
  fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_NONBLOCK);
  return Process(pid, ends[0]);
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), fd_(std::exchange(other.fd_, -1)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    end(false);
    pid_ = std::exchange(other.pid_, -1);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Process::~Process() { end(false); }

void Process::kill() { end(true); }

void Process::end(bool forced) {
  if (pid_ < 0) return;
  if (!forced) {
    shutdown(fd_, SHUT_WR);
    // The child's end closes when it has ended; anything it still says is read and dropped.
    const auto deadline = Clock::now() + std::chrono::seconds(2);
    char rest[4096];
    while (wait_for(POLLIN, deadline) == Io::done && ::read(fd_, rest, sizeof rest) > 0) {}
    forced = wait_for(POLLIN, Clock::now()) == Io::timeout;
  }
  if (forced) ::kill(static_cast<pid_t>(pid_), SIGKILL);
  close(fd_);
  reap(pid_);
  pid_ = -1;
  fd_ = -1;
}

Io Process::wait_for(short events, Clock::time_point deadline) const {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    struct pollfd one = {fd_, events, 0};
    const int ready = poll(&one, 1, left <= 0 ? 0 : static_cast<int>(std::min<long long>(left, std::numeric_limits<int>::max())));
    if (ready > 0) return Io::done;
    if (ready < 0 && errno != EINTR) return Io::closed;
    if (ready == 0 && left <= 0) return Io::timeout;
  }
}

Io Process::write(std::string_view bytes, Clock::time_point deadline) {
  while (!bytes.empty()) {
    const ssize_t put = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (put < 0 && errno == EAGAIN) {
      if (const Io ready = wait_for(POLLOUT, deadline); ready != Io::done) return ready;
    } else if (put == 0 || errno != EINTR) {
      return Io::closed;
    }
  }
  return Io::done;
}

Io Process::read(char* to, std::size_t size, Clock::time_point deadline) {
  while (size > 0) {
    const ssize_t got = recv(fd_, to, size, 0);
    if (got > 0) {
      to += got;
      size -= static_cast<std::size_t>(got);
    } else if (got < 0 && errno == EAGAIN) {
      if (const Io ready = wait_for(POLLIN, deadline); ready != Io::done) return ready;
    } else if (got == 0 || errno != EINTR) {
      return Io::closed;
    }
  }
  return Io::done;
}

bool Process::is_idle() const { return pid_ >= 0 && wait_for(POLLIN, Clock::now()) == Io::timeout; }

std::filesystem::path program_folder() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path() : self.parent_path();
}

} // namespace phiscan::extract

// What the host remembers between runs: whom each user writes to, and which questions they have answered. One SQLite database for all
// hosts of a user, in which nothing can be read back: every address, name, thread and fingerprint is a keyed HMAC. A database that is
// corrupt, full, locked or not ours never stops a scan; it goes on without history and says so. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "contacts.hpp"
#include "digest.hpp"
#include "keys.hpp"
#include "system.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace phiscan::host {

struct Person {
  std::string address, name;
};

struct History {
  bool first_time = false;
  bool similar_to_usual = false;
  bool new_domain_in_thread = false;
};

class State {
 public:
  // Empty: in memory, gone with the process.
  explicit State(std::filesystem::path file);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // One entry per person, in order; nothing when there is no history to be had.
  [[nodiscard]] std::optional<std::vector<History>> look_up(const std::string& user, const std::string& from, const std::string& thread, const std::vector<Person>& people);

  // A mail went to these. False when it could not be kept.
  [[nodiscard]] bool remember(const std::string& user, const std::string& thread, const std::vector<Person>& people);

  // `what` is a fingerprint, or what stands for a thread.
  [[nodiscard]] bool acknowledge(const std::string& user, std::string_view what, int days);
  [[nodiscard]] bool is_acknowledged(const std::string& user, std::string_view what);

  enum class Health { ok, memory, broken };
  struct Report {
    Health health = Health::broken;
    std::string why;  // when broken: one word of locked, full, corrupt, not_ours, key, unreadable
    std::size_t contacts = 0, acknowledgements = 0;
    std::string key_home;
  };
  [[nodiscard]] Report report(const std::string& user);

  // False when nothing could be done. A broken database goes as a whole, and its key with it.
  [[nodiscard]] bool forget(const std::string& user, std::string_view address);
  [[nodiscard]] bool forget_all();

 private:
  class Statement;
  class Reading;

  [[nodiscard]] bool ready();
  void open();
  void close();
  [[nodiscard]] bool make_schema();
  [[nodiscard]] bool find_key();
  [[nodiscard]] bool run(const char* sql);
  void note_failure();
  [[nodiscard]] std::string token(Trait trait, const std::string& user, std::string_view text) const;
  [[nodiscard]] std::int64_t usual(const std::string& user, Trait trait, const std::string& token, const std::string& but_owner);
  [[nodiscard]] std::int64_t count(const std::string& user, Trait trait, const std::string& token);
  [[nodiscard]] bool put(const std::string& user, Trait trait, const std::string& token, const std::string& owner, std::int64_t day);

  const std::filesystem::path file_;
  std::timed_mutex mutex_;
  sqlite3* database_ = nullptr;
  std::map<std::string_view, sqlite3_stmt*> statements_;  // by their text, which is a literal
  Key key_{};
  KeyHome key_home_ = KeyHome::file;
  std::string why_;
  system::Clock::time_point again_{};  // a broken one is tried again then
  std::jthread opener_;
};

}  // namespace phiscan::host

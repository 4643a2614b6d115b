#include "state.hpp"

#include <engine/files.hpp>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <algorithm>

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto patience = 300ms;      // of a scan: for a lock inside this process, and for the first opening
constexpr auto writer_patience = 3s;  // of a record, which nobody waits for
constexpr int busy_ms = 250;          // of a scan: for other hosts
constexpr int writer_busy_ms = 3000;  // of a record, and of hosts that start together
constexpr auto try_again_after = 10s;
constexpr std::int64_t usual_count = 3;
constexpr std::int64_t kept_days = 730;
constexpr std::size_t most_looked_up = 200;  // similar ones are looked for only among so many
constexpr const char* schema_version = "1";

// By the system's clock: the thread sanitizer of GCC 12 does not know how a mutex waits by the other one.
std::chrono::system_clock::time_point until(std::chrono::milliseconds wait) { return std::chrono::system_clock::now() + wait; }

std::int64_t today() { return system::now() / 86400; }

}  // namespace

class State::Statement {
 public:
  // Prepared once per connection: parsing costs more than looking up. So a text must not be in use twice at the same time.
  Statement(State& state, const char* sql) : state_(state) {
    auto& kept = state_.statements_[sql];
    if (kept == nullptr && (state_.database_ == nullptr || sqlite3_prepare_v3(state_.database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &kept, nullptr) != SQLITE_OK)) {
      state_.note_failure();
    }
    statement_ = kept;
  }
  ~Statement() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& text(int at, std::string_view value) {
    if (statement_ != nullptr) sqlite3_bind_text(statement_, at, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& blob(int at, std::string_view value) {
    if (statement_ != nullptr) sqlite3_bind_blob(statement_, at, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& number(int at, std::int64_t value) {
    if (statement_ != nullptr) sqlite3_bind_int64(statement_, at, value);
    return *this;
  }
  // True while there is a row.
  [[nodiscard]] bool next() {
    if (statement_ == nullptr) return false;
    const int status = sqlite3_step(statement_);
    if (status == SQLITE_ROW) return true;
    done_ = status == SQLITE_DONE;
    if (!done_) state_.note_failure();
    return false;
  }
  // For statements without rows.
  [[nodiscard]] bool run() {
    while (next()) {}
    return done_;
  }
  [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] std::string bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }

 private:
  State& state_;
  sqlite3_stmt* statement_ = nullptr;
  bool done_ = false;
};

class State::Reading {
 public:
  explicit Reading(State& state) : state_(state) { (void)state_.run("BEGIN"); }
  ~Reading() {
    if (state_.database_ != nullptr && sqlite3_get_autocommit(state_.database_) == 0) (void)state_.run("COMMIT");
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  State& state_;
};

State::State(fs::path file) : file_(std::move(file)) {
  // Reading a keyring can take a while; the first scan waits a moment for it, and no longer.
  opener_ = std::jthread([this] {
    const std::lock_guard lock(mutex_);
    open();
  });
}

State::~State() {
  if (opener_.joinable()) opener_.join();
  close();
  OPENSSL_cleanse(key_.data(), key_.size());
}

void State::close() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
  sqlite3_close_v2(database_);
  database_ = nullptr;
}

// What the last call says about the database as a whole.
void State::note_failure() {
  const int code = database_ == nullptr ? SQLITE_CANTOPEN : sqlite3_errcode(database_) & 0xff;
  switch (code) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: why_ = "locked"; break;
    case SQLITE_FULL: why_ = "full"; break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: why_ = "corrupt"; break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: why_ = "not_ours"; break;
    default: {
      const int detail = database_ == nullptr ? 0 : sqlite3_extended_errcode(database_);
      why_ = detail == SQLITE_IOERR_WRITE || detail == SQLITE_IOERR_SHMSIZE ? "full" : "unreadable";
    }
  }
  again_ = system::Clock::now() + try_again_after;
}

bool State::run(const char* sql) { return Statement(*this, sql).run(); }

bool State::make_schema() {
  return run("CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID") &&
         run("CREATE TABLE IF NOT EXISTS contact(user TEXT NOT NULL, trait INTEGER NOT NULL, token BLOB NOT NULL, owner BLOB NOT NULL, count INTEGER NOT NULL, "
             "day INTEGER NOT NULL, PRIMARY KEY(user, trait, token, owner)) WITHOUT ROWID") &&
         run("CREATE INDEX IF NOT EXISTS contact_owner ON contact(user, owner)") &&
         run("CREATE TABLE IF NOT EXISTS acknowledged(user TEXT NOT NULL, token BLOB NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(user, token)) WITHOUT ROWID");
}

// Inside a write transaction: hosts that start together agree on one key.
bool State::find_key() {
  const auto meta = [&](const char* name) {
    Statement find(*this, "SELECT value FROM meta WHERE name = ?");
    find.text(1, name);
    return find.next() ? find.bytes(0) : std::string();
  };
  const auto set_meta = [&](const char* name, std::string_view value) {
    return Statement(*this, "INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)").text(1, name).blob(2, value).run();
  };
  const auto check_of = [](const Key& key) { return keyed_token(key, "check", "", ""); };
  if (const auto version = meta("version"); !version.empty() && version != schema_version) {
    why_ = "unreadable";
    return false;
  }
  if (file_.empty()) {
    key_ = random_key();
    return true;
  }
  if (const auto home = meta("key_home"); !home.empty()) {
    key_home_ = home == "keyring" ? KeyHome::keyring : KeyHome::file;
    const auto key = read_key(key_home_, file_);
    if (!key || !same_secret(check_of(*key), meta("key_check"))) {
      why_ = "key";
      return false;
    }
    key_ = *key;
    return true;
  }
  key_ = random_key();
  key_home_ = KeyHome::keyring;
  if (!keep_key(KeyHome::keyring, file_, key_)) {
    key_home_ = KeyHome::file;
    if (!keep_key(KeyHome::file, file_, key_)) {
      why_ = "key";
      return false;
    }
  }
  return set_meta("version", schema_version) && set_meta("key_home", key_home_ == KeyHome::keyring ? "keyring" : "file") && set_meta("key_check", check_of(key_));
}

void State::open() {
  close();
  why_.clear();
  again_ = system::Clock::now() + try_again_after;
  if (!file_.empty()) {
    if (!engine::make_private_folder(file_.parent_path()) || !system::claim_private_file(file_)) {
      why_ = "not_ours";
      return;
    }
  }
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
  if (sqlite3_open_v2(file_.empty() ? ":memory:" : file_.c_str(), &database_, flags, nullptr) != SQLITE_OK) {
    note_failure();
    return close();
  }
  sqlite3_busy_timeout(database_, writer_busy_ms);  // hosts that start together queue up here
  const bool opened = run("PRAGMA journal_mode = WAL") && run("PRAGMA synchronous = NORMAL") && run("PRAGMA secure_delete = ON") &&
                      run("PRAGMA temp_store = MEMORY") && run("PRAGMA cell_size_check = ON") && run("BEGIN IMMEDIATE") && make_schema() && find_key();
  if (!opened || !run("COMMIT")) {
    if (why_.empty()) note_failure();
    if (why_.empty()) why_ = "unreadable";
    return close();
  }
  sqlite3_busy_timeout(database_, busy_ms);
}

// With the lock held.
bool State::ready() {
  if (database_ != nullptr && (why_.empty() || why_ == "full" || why_ == "locked")) {
    // Full and locked pass; meanwhile nobody waits for them at every scan.
    if (why_.empty()) return true;
    if (system::Clock::now() < again_) return false;
    why_.clear();
    return true;
  }
  if (system::Clock::now() < again_) return false;
  open();
  return database_ != nullptr;
}

std::string State::token(Trait trait, const std::string& user, std::string_view text) const {
  return keyed_token(key_, std::to_string(static_cast<int>(trait)), user, text);
}

std::int64_t State::count(const std::string& user, Trait trait, const std::string& token) {
  Statement find(*this, "SELECT coalesce(sum(count), 0) FROM contact WHERE user = ? AND trait = ? AND token = ?");
  find.text(1, user).number(2, static_cast<int>(trait)).blob(3, token);
  return find.next() ? find.number(0) : 0;
}

// How often the most usual other address with this token was written to.
std::int64_t State::usual(const std::string& user, Trait trait, const std::string& token, const std::string& but_owner) {
  Statement find(*this,
                 "SELECT coalesce(max(mail.count), 0) FROM contact AS one JOIN contact AS mail ON mail.user = one.user AND mail.trait = 1 AND mail.token = one.owner "
                 "AND mail.owner = one.owner WHERE one.user = ? AND one.trait = ? AND one.token = ? AND one.owner <> ?");
  find.text(1, user).number(2, static_cast<int>(trait)).blob(3, token).blob(4, but_owner);
  return find.next() ? find.number(0) : 0;
}

std::optional<std::vector<History>> State::look_up(const std::string& user, const std::string& from, const std::string& thread, const std::vector<Person>& people) {
  const std::unique_lock lock(mutex_, until(patience));
  if (!lock.owns_lock() || !ready()) return std::nullopt;
  const auto sender = parse_address(from);
  const Reading reading(*this);  // one look at the file for all questions
  const bool thread_known = !thread.empty() && count(user, Trait::thread, token(Trait::thread, user, thread)) > 0;
  std::vector<History> out;
  for (const auto& person : people) {
    out.emplace_back();
    auto& history = out.back();
    const auto address = parse_address(person.address);
    if (!address) continue;
    const auto owner = token(Trait::address, user, address->text());
    history.first_time = count(user, Trait::address, owner) == 0;
    if (thread_known) history.new_domain_in_thread = count(user, Trait::thread_domain, token(Trait::thread_domain, user, thread + "\n" + address->domain)) == 0;
    if (!history.first_time || out.size() > most_looked_up) continue;
    const bool domain_known = count(user, Trait::domain, token(Trait::domain, user, address->domain)) > 0;
    const bool is_inside = sender && sender->domain == address->domain;
    for (const auto& word : words_of(*address, person.name)) {
      const bool speaks = word.trait == Trait::name || word.trait == Trait::near_local || (word.trait == Trait::prefix && !is_inside) ||
                          ((word.trait == Trait::look || word.trait == Trait::near_domain) && !domain_known);
      if (speaks && usual(user, word.trait, token(word.trait, user, word.text), owner) >= usual_count) {
        history.similar_to_usual = true;
        break;
      }
    }
  }
  // An answer from half a database is none.
  if (!why_.empty()) return std::nullopt;
  return out;
}

bool State::put(const std::string& user, Trait trait, const std::string& token, const std::string& owner, std::int64_t day) {
  return Statement(*this,
                   "INSERT INTO contact(user, trait, token, owner, count, day) VALUES(?, ?, ?, ?, 1, ?) "
                   "ON CONFLICT(user, trait, token, owner) DO UPDATE SET count = count + 1, day = excluded.day")
      .text(1, user)
      .number(2, static_cast<int>(trait))
      .blob(3, token)
      .blob(4, owner)
      .number(5, day)
      .run();
}

bool State::remember(const std::string& user, const std::string& thread, const std::vector<Person>& people) {
  const std::unique_lock lock(mutex_, until(writer_patience));
  if (!lock.owns_lock() || !ready()) return false;
  sqlite3_busy_timeout(database_, writer_busy_ms);
  const auto day = today();
  bool fine = run("BEGIN IMMEDIATE");
  for (const auto& person : people) {
    const auto address = parse_address(person.address);
    if (!fine) break;
    if (!address) continue;
    const auto owner = token(Trait::address, user, address->text());
    for (const auto& word : words_of(*address, person.name)) fine = fine && put(user, word.trait, token(word.trait, user, word.text), owner, day);
    if (thread.empty()) continue;
    fine = fine && put(user, Trait::thread, token(Trait::thread, user, thread), owner, day);
    fine = fine && put(user, Trait::thread_domain, token(Trait::thread_domain, user, thread + "\n" + address->domain), owner, day);
  }
  // Whom nobody wrote to for two years is forgotten.
  fine = fine && Statement(*this, "DELETE FROM contact WHERE day < ?").number(1, day - kept_days).run();
  fine = fine && run("COMMIT");
  if (!fine) {
    const auto why = why_;
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    why_ = why;
  }
  sqlite3_busy_timeout(database_, busy_ms);
  return fine;
}

bool State::acknowledge(const std::string& user, std::string_view what, int days) {
  const std::unique_lock lock(mutex_, until(writer_patience));
  if (!lock.owns_lock() || !ready()) return false;
  sqlite3_busy_timeout(database_, writer_busy_ms);
  const bool fine = Statement(*this, "DELETE FROM acknowledged WHERE until < ?").number(1, today()).run() &&
                    Statement(*this, "INSERT OR REPLACE INTO acknowledged(user, token, until) VALUES(?, ?, ?)")
                        .text(1, user)
                        .blob(2, keyed_token(key_, "acknowledged", user, what))
                        .number(3, today() + days)
                        .run();
  sqlite3_busy_timeout(database_, busy_ms);
  return fine;
}

bool State::is_acknowledged(const std::string& user, std::string_view what) {
  const std::unique_lock lock(mutex_, until(patience));
  if (!lock.owns_lock() || !ready()) return false;
  Statement find(*this, "SELECT 1 FROM acknowledged WHERE user = ? AND token = ? AND until >= ?");
  find.text(1, user).blob(2, keyed_token(key_, "acknowledged", user, what)).number(3, today());
  return find.next();
}

State::Report State::report(const std::string& user) {
  const std::unique_lock lock(mutex_, until(patience));
  Report out;
  if (!lock.owns_lock()) {
    out.why = "locked";
    return out;
  }
  const bool is_ready = ready();
  out.why = why_;
  if (!is_ready) return out;
  const auto number = [&](const char* sql) {
    Statement find(*this, sql);
    find.text(1, user);
    return find.next() ? static_cast<std::size_t>(find.number(0)) : 0;
  };
  out.contacts = number("SELECT count(*) FROM contact WHERE user = ? AND trait = 1");
  out.acknowledgements = number("SELECT count(*) FROM acknowledged WHERE user = ?");
  out.why = why_;
  out.health = !why_.empty() ? Health::broken : file_.empty() ? Health::memory : Health::ok;
  out.key_home = file_.empty() ? "memory" : key_home_ == KeyHome::keyring ? "keyring" : "file";
  return out;
}

bool State::forget(const std::string& user, std::string_view address) {
  const std::lock_guard lock(mutex_);
  const auto parsed = parse_address(address);
  if (!parsed || !ready()) return false;
  sqlite3_busy_timeout(database_, writer_busy_ms);
  return Statement(*this, "DELETE FROM contact WHERE user = ? AND owner = ?").text(1, user).blob(2, token(Trait::address, user, parsed->text())).run() &&
         run("PRAGMA wal_checkpoint(TRUNCATE)");
}

bool State::forget_all() {
  const std::lock_guard lock(mutex_);
  if (ready()) {
    sqlite3_busy_timeout(database_, writer_busy_ms);
    if (run("DELETE FROM contact") && run("DELETE FROM acknowledged") && run("VACUUM") && run("PRAGMA wal_checkpoint(TRUNCATE)")) return true;
    if (why_ == "locked") return false;
  }
  if (file_.empty() || why_ == "locked") return false;
  close();
  std::error_code error;
  bool fine = true;
  for (const char* ending : {"", "-wal", "-shm"}) {
    fs::remove(file_.string() + ending, error);
    fine = fine && !error;
  }
  if (fine) drop_key(KeyHome::file, file_);
  if (fine && has_keyring()) drop_key(KeyHome::keyring, file_);
  if (fine) open();
  return fine && database_ != nullptr;
}

}  // namespace phiscan::host

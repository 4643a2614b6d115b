#include "users.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "digest.hpp"
#include "system.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t day = 86'400;
constexpr std::int64_t token_life = 90 * day;
constexpr std::int64_t code_life = 600;
constexpr int busy_ms = 2'000;
constexpr const char* schema_version = "1";

using system::now;

// 256 bits in the letters of base64url: 43 of them.
std::string new_token() {
  const auto key = random_key();
  auto text = encode_base64({reinterpret_cast<const char*>(key.data()), key.size()}, 64);
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '='; }), text.end());
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

// Six digits, evenly: 2^64 is so far above a million that the rest of the division does not show.
std::string new_code() {
  const auto key = random_key();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | key[i];
  auto text = std::to_string(number % 1'000'000);
  return std::string(6 - text.size(), '0') + text;
}

Problem unusable() { return {"users", "", "the users' database cannot be used now; is the disk full, or does it belong to somebody else?"}; }
Problem nobody(const std::string& name) { return {"users", "", "there is no user " + name + "; `phiscan-host users list` shows those that are"}; }

}  // namespace

class Users::Statement {
 public:
  Statement(Users& users, const char* sql) { sqlite3_prepare_v2(users.database_, sql, -1, &statement_, nullptr); }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::string_view value) {
    if (statement_ != nullptr) sqlite3_bind_text(statement_, ++at_, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(std::int64_t value) {
    if (statement_ != nullptr) sqlite3_bind_int64(statement_, ++at_, value);
    return *this;
  }
  // True while there is a row.
  [[nodiscard]] bool next() {
    const int status = statement_ == nullptr ? SQLITE_ERROR : sqlite3_step(statement_);
    is_done_ = status == SQLITE_DONE;
    return status == SQLITE_ROW;
  }
  [[nodiscard]] bool run() {
    while (next()) {}
    return is_done_;
  }
  [[nodiscard]] bool is_done() const { return is_done_; }
  [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] std::string text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int at_ = 0;
  bool is_done_ = false;
};

std::variant<std::unique_ptr<Users>, Problem> Users::open(const fs::path& file) {
  if (!system::claim_private_file(file)) return Problem{"config", "/users", file.string() + ": cannot be used; it must be a plain file of this user's own"};
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_NOFOLLOW;
  const bool opened = sqlite3_open_v2(file.c_str(), &database, flags, nullptr) == SQLITE_OK;
  std::unique_ptr<Users> users(new Users(database));
  if (!opened) return Problem{"config", "/users", file.string() + ": cannot be opened"};
  sqlite3_busy_timeout(database, busy_ms);
  std::string version;
  {
    Statement ask(*users, "PRAGMA user_version");
    if (ask.next()) version = ask.text(0);
  }
  if (version == "0") {
    const bool made = users->run("PRAGMA journal_mode = WAL") && users->run("BEGIN IMMEDIATE") &&
                      users->run("CREATE TABLE IF NOT EXISTS users(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, account INTEGER NOT NULL, made INTEGER NOT NULL) STRICT") &&
                      users->run("CREATE TABLE IF NOT EXISTS tokens(id INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE, "
                                 "digest TEXT NOT NULL UNIQUE, made INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT") &&
                      users->run("CREATE TABLE IF NOT EXISTS codes(digest TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE, expires INTEGER NOT NULL) STRICT") &&
                      users->run("PRAGMA user_version = 1") && users->run("COMMIT");
    version = std::string(made ? schema_version : "");
  }
  if (version != schema_version) return Problem{"config", "/users", file.string() + ": is no database of users, or damaged"};
  (void)users->run("PRAGMA foreign_keys = ON");
  (void)users->run("PRAGMA secure_delete = ON");
  return users;
}

Users::~Users() { sqlite3_close_v2(database_); }

bool Users::run(const char* sql) { return Statement(*this, sql).run(); }

bool Users::is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() != '-' &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+-") == std::string_view::npos;
}

std::optional<std::int64_t> Users::id_of(const std::string& name) {
  Statement ask(*this, "SELECT id FROM users WHERE name = ?");
  if (ask.bind(name).next()) return ask.number(0);
  return std::nullopt;
}

std::optional<Problem> Users::add(const std::string& name, std::int64_t account) {
  const std::lock_guard lock(mutex_);
  if (!is_name(name)) return Problem{"users", "", "a name has 1 to 64 letters, digits and . _ @ + - and does not begin with -"};
  if (id_of(name)) return Problem{"users", "", "there is a user " + name + " already; `phiscan-host users pair " + name + "` gives a new code"};
  if (!Statement(*this, "INSERT INTO users(name, account, made) VALUES(?, ?, ?)").bind(name).bind(account).bind(now()).run()) return unusable();
  return std::nullopt;
}

std::variant<std::string, Problem> Users::pair(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto id = id_of(name);
  if (!id) return nobody(name);
  if (!Statement(*this, "DELETE FROM codes WHERE user = ? OR expires <= ?").bind(*id).bind(now()).run()) return unusable();
  // Two users never have the same code: the second try finds another.
  for (int i = 0; i < 8; ++i) {
    auto code = new_code();
    if (Statement(*this, "INSERT INTO codes(digest, user, expires) VALUES(?, ?, ?)").bind(sha256_hex("code " + code)).bind(*id).bind(now() + code_life).run()) return code;
  }
  return unusable();
}

std::optional<Problem> Users::revoke(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto id = id_of(name);
  if (!id) return nobody(name);
  const bool done = Statement(*this, "DELETE FROM tokens WHERE user = ?").bind(*id).run() && Statement(*this, "DELETE FROM codes WHERE user = ?").bind(*id).run();
  return done ? std::nullopt : std::optional(unusable());
}

std::optional<Problem> Users::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto id = id_of(name);
  if (!id) return nobody(name);
  return Statement(*this, "DELETE FROM users WHERE id = ?").bind(*id).run() ? std::nullopt : std::optional(unusable());
}

std::variant<std::vector<Users::Entry>, Problem> Users::list() {
  const std::lock_guard lock(mutex_);
  Statement ask(*this,
                "SELECT name, account, (SELECT count(*) FROM tokens WHERE user = users.id AND expires > ?1), (SELECT max(expires) FROM tokens WHERE user = users.id), "
                "EXISTS(SELECT 1 FROM codes WHERE user = users.id AND expires > ?1) FROM users ORDER BY name");
  std::vector<Entry> out;
  ask.bind(now());
  while (ask.next()) out.push_back({ask.text(0), ask.number(2), ask.number(3), ask.number(4) != 0, ask.number(1)});
  if (!ask.is_done()) return unusable();
  return out;
}

std::optional<std::string> Users::make_token(std::int64_t user, std::int64_t expires) {
  auto token = new_token();
  (void)Statement(*this, "DELETE FROM tokens WHERE expires <= ?").bind(now()).run();
  if (!Statement(*this, "INSERT INTO tokens(user, digest, made, expires) VALUES(?, ?, ?, ?)").bind(user).bind(sha256_hex("token " + token)).bind(now()).bind(expires).run()) return std::nullopt;
  return token;
}

std::optional<Users::Paired> Users::redeem(std::string_view code, std::int64_t account) {
  const std::lock_guard lock(mutex_);
  const auto digest = sha256_hex("code " + std::string(code));
  std::int64_t user = 0;
  Paired out;
  {
    Statement ask(*this, "SELECT users.id, users.name, users.account FROM codes JOIN users ON users.id = codes.user WHERE digest = ? AND expires > ?");
    if (!ask.bind(digest).bind(now()).next()) return std::nullopt;
    user = ask.number(0);
    out.user = ask.text(1);
    out.account = ask.number(2);
  }
  if (out.account >= 0 && out.account != account) return std::nullopt;
  // Whoever takes the code away has it: two at the same time cannot.
  if (!Statement(*this, "DELETE FROM codes WHERE digest = ?").bind(digest).run() || sqlite3_changes(database_) != 1) return std::nullopt;
  out.expires = now() + token_life;
  auto token = make_token(user, out.expires);
  if (!token) return std::nullopt;
  out.token = std::move(*token);
  return out;
}

std::optional<Users::Caller> Users::who(std::string_view token) {
  if (token.size() != 43) return std::nullopt;
  const std::lock_guard lock(mutex_);
  Statement ask(*this, "SELECT users.name, tokens.id, users.account, tokens.expires FROM tokens JOIN users ON users.id = tokens.user WHERE digest = ? AND expires > ?");
  if (!ask.bind(sha256_hex("token " + std::string(token))).bind(now()).next()) return std::nullopt;
  return Caller{ask.text(0), ask.number(1), ask.number(2), ask.number(3)};
}

std::optional<Users::Paired> Users::renew(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const auto digest = sha256_hex("token " + std::string(token));
  std::int64_t user = 0;
  Paired out;
  {
    Statement ask(*this, "SELECT users.id, users.name FROM tokens JOIN users ON users.id = tokens.user WHERE digest = ? AND expires > ?");
    if (!ask.bind(digest).bind(now()).next()) return std::nullopt;
    user = ask.number(0);
    out.user = ask.text(1);
  }
  out.expires = now() + token_life;
  auto fresh = make_token(user, out.expires);
  if (!fresh) return std::nullopt;
  // The reply may get lost; then the old one still finds its way for a day.
  if (!Statement(*this, "UPDATE tokens SET expires = min(expires, ?) WHERE digest = ?").bind(now() + day).bind(digest).run()) return std::nullopt;
  out.token = std::move(*fresh);
  return out;
}

bool Users::is_well() {
  const std::lock_guard lock(mutex_);
  Statement ask(*this, "SELECT count(*) FROM users");
  return ask.next();
}

}  // namespace phiscan::host

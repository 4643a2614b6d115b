// Who may ask over HTTPS: users by name, their tokens (only digests are kept) and pairing codes. One SQLite database, which the running
// service and the `users` command share: what one changes holds for the other at once. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json.hpp"

struct sqlite3;

namespace phiscan::host {

class Users {
 public:
  // Makes the file when it is missing, for its owner only.
  [[nodiscard]] static std::variant<std::unique_ptr<Users>, Problem> open(const std::filesystem::path& file);
  ~Users();
  Users(const Users&) = delete;
  Users& operator=(const Users&) = delete;

  // 1 to 64 letters, digits and . _ @ + -
  [[nodiscard]] static bool is_name(std::string_view name);

  // `account` is the user of this machine who alone may use the tokens (loopback mode); -1: anybody who has one.
  [[nodiscard]] std::optional<Problem> add(const std::string& name, std::int64_t account);
  // A new code, good for ten minutes and one use; earlier ones of this user end.
  [[nodiscard]] std::variant<std::string, Problem> pair(const std::string& name);
  // Ends every token and code of the user; the user stays, or goes with all of it.
  [[nodiscard]] std::optional<Problem> revoke(const std::string& name);
  [[nodiscard]] std::optional<Problem> remove(const std::string& name);

  struct Entry {
    std::string name;
    std::int64_t tokens = 0, expires = 0;  // of the last to expire, seconds since 1970
    bool has_code = false;
    std::int64_t account = -1;
  };
  [[nodiscard]] std::variant<std::vector<Entry>, Problem> list();

  struct Paired {
    std::string token, user;
    std::int64_t expires = 0, account = -1;
  };
  // Takes the code: it is gone afterwards. Nothing when there is no such code.
  [[nodiscard]] std::optional<Paired> redeem(std::string_view code, std::int64_t account);

  struct Caller {
    std::string user;
    std::int64_t token = 0;    // which of the user's
    std::int64_t account = -1;
    std::int64_t expires = 0;
  };
  // Nothing for a token that is unknown, expired or revoked.
  [[nodiscard]] std::optional<Caller> who(std::string_view token);
  // A new token in the place of this one, which still serves for a day.
  [[nodiscard]] std::optional<Paired> renew(std::string_view token);

  // Whether the database can be read now.
  [[nodiscard]] bool is_well();

 private:
  explicit Users(sqlite3* database) : database_(database) {}
  class Statement;
  [[nodiscard]] bool run(const char* sql);
  [[nodiscard]] std::optional<std::int64_t> id_of(const std::string& name);
  [[nodiscard]] std::optional<std::string> make_token(std::int64_t user, std::int64_t expires);

  std::mutex mutex_;
  sqlite3* const database_;
};

}  // namespace phiscan::host

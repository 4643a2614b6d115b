#include "keys.hpp"

#include <engine/files.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "system.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto patience = 3s;

fs::path key_file(const fs::path& state) { return fs::path(state.string() + ".key"); }

std::optional<Key> from_hex(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  if (text.size() != 64) return std::nullopt;
  Key key{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return std::nullopt;
    key[i / 2] = static_cast<unsigned char>(key[i / 2] * 16 + digit);
  }
  return key;
}

std::string to_hex(const Key& key) { return hex({reinterpret_cast<const char*>(key.data()), key.size()}); }

}  // namespace

bool has_keyring() {
  const char* bus = std::getenv("DBUS_SESSION_BUS_ADDRESS");
  return bus != nullptr && *bus != '\0';
}

std::optional<Key> read_key(KeyHome home, const fs::path& state) {
  std::string text;
  if (home == KeyHome::keyring) {
    if (!has_keyring() || !system::run(system::program(), {"keyring-get"}, state.string() + "\n", patience, text)) return std::nullopt;
    return from_hex(text);
  }
  std::error_code error;
  const auto file = key_file(state);
  if (!fs::exists(file, error) || !system::claim_private_file(file)) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  text.assign(std::istreambuf_iterator<char>(in), {});
  return from_hex(text);
}

bool keep_key(KeyHome home, const fs::path& state, const Key& key) {
  std::string nothing;
  if (home == KeyHome::file) return engine::write_private(key_file(state), to_hex(key) + "\n");
  return has_keyring() && system::run(system::program(), {"keyring-set"}, state.string() + "\n" + to_hex(key) + "\n", patience, nothing);
}

void drop_key(KeyHome home, const fs::path& state) {
  std::string nothing;
  std::error_code error;
  if (home == KeyHome::file) fs::remove(key_file(state), error);
  else if (has_keyring()) (void)system::run(system::program(), {"keyring-drop"}, state.string() + "\n", patience, nothing);
}

}  // namespace phiscan::host

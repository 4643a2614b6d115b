// Where the key of the state lives: the session's keyring (libsecret) where there is one, otherwise a file for its owner only. The keyring
// is asked by a child process, so that its libraries, and a keyring that waits for a password, stay out of the host.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "digest.hpp"

namespace phiscan::host {

enum class KeyHome { keyring, file };

[[nodiscard]] bool has_keyring();

[[nodiscard]] std::optional<Key> read_key(KeyHome home, const std::filesystem::path& state);
// False when it cannot be kept there.
[[nodiscard]] bool keep_key(KeyHome home, const std::filesystem::path& state, const Key& key);
void drop_key(KeyHome home, const std::filesystem::path& state);

// What the child process does: `keyring-get`, `keyring-set`, `keyring-drop`. Reads the name of the state, and for set the key, on standard
// input. Exit code 0 when it worked.
[[nodiscard]] int run_keyring(std::string_view command);

}  // namespace phiscan::host

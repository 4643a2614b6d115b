// The keyring of a Linux desktop by libsecret, which is loaded when it is there and not linked: a machine without a desktop needs none
// of it. Declarations are those of <libsecret/secret-schema.h> and <libsecret/secret-password.h>, stable since 0.18.
#include <dlfcn.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "keys.hpp"

namespace phiscan::host {
namespace {

struct Schema {
  const char* name;
  int flags;
  struct {
    const char* name;
    int type;
  } attributes[32];
  int reserved;
  void* reserved1[7];
};

using Lookup = char* (*)(const Schema*, void* cancellable, void** error, ...);
using Store = int (*)(const Schema*, const char* collection, const char* label, const char* secret, void* cancellable, void** error, ...);
using Clear = int (*)(const Schema*, void* cancellable, void** error, ...);
using Free = void (*)(char*);

}  // namespace

int run_keyring(std::string_view command) {
  std::string state, key;
  if (!std::getline(std::cin, state)) return 1;
  void* library = ::dlopen("libsecret-1.so.0", RTLD_NOW);
  if (library == nullptr) return 1;
  const auto lookup = reinterpret_cast<Lookup>(::dlsym(library, "secret_password_lookup_sync"));
  const auto store = reinterpret_cast<Store>(::dlsym(library, "secret_password_store_sync"));
  const auto clear = reinterpret_cast<Clear>(::dlsym(library, "secret_password_clear_sync"));
  const auto release = reinterpret_cast<Free>(::dlsym(library, "secret_password_free"));
  if (lookup == nullptr || store == nullptr || clear == nullptr || release == nullptr) return 1;
  Schema schema{};
  schema.name = "org.phiscan.State";
  schema.attributes[0] = {"state", 0};  // a text
  void* error = nullptr;
  constexpr const char* end = nullptr;
  if (command == "keyring-get") {
    char* secret = lookup(&schema, nullptr, &error, "state", state.c_str(), end);
    if (secret == nullptr) return 1;
    std::printf("%s\n", secret);
    release(secret);
    return std::fflush(stdout) == 0 ? 0 : 1;
  }
  if (command == "keyring-set") {
    if (!std::getline(std::cin, key)) return 1;
    return store(&schema, nullptr, "phiscan: key of the contact history", key.c_str(), nullptr, &error, "state", state.c_str(), end) != 0 ? 0 : 1;
  }
  (void)clear(&schema, nullptr, &error, "state", state.c_str(), end);
  return error == nullptr ? 0 : 1;
}

}  // namespace phiscan::host

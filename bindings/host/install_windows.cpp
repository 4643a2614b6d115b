// Registry keys whose default value is the path of the manifest: HKEY_CURRENT_USER or HKEY_LOCAL_MACHINE, Software\Mozilla\NativeMessagingHosts,
// as Mozilla documents them. Nobody has run this yet: the host's system_windows.cpp is not written.
#include <windows.h>

#include <array>
#include <cstdlib>

#include "install_places.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

constexpr const wchar_t* key_name = L"Software\\Mozilla\\NativeMessagingHosts\\phiscan";

HKEY root_of(Scope scope) { return scope == Scope::user ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE; }

std::string problem_of(Scope scope, LSTATUS status) {
  const std::string place = scope == Scope::user ? "the registry of this user" : "the registry of this computer";
  return place + (status == ERROR_ACCESS_DENIED ? ": only an administrator may change it" : ": cannot be changed (error " + std::to_string(status) + ")");
}

// For all users the manifest lies beside the program, where only administrators write; %ProgramData% lets anybody make files.
fs::path beside_program() {
  std::array<wchar_t, 32768> buffer{};
  const DWORD length = ::GetModuleFileNameW(nullptr, buffer.data(), static_cast<DWORD>(buffer.size()));
  return length == 0 || length >= buffer.size() ? fs::path() : fs::path(buffer.data()).parent_path();
}

}  // namespace

std::vector<Place> thunderbird_places() {
  const auto file = std::string(native_name) + ".json";
  const wchar_t* local = ::_wgetenv(L"LOCALAPPDATA");
  const auto shared = beside_program();
  return {{Scope::user, local != nullptr && *local != L'\0' ? fs::path(local) / "phiscan" / file : fs::path()},
          {Scope::system, shared.empty() ? fs::path() : shared / file}};
}

fs::path announced(const Place& place) {
  std::array<wchar_t, 32768> value{};
  auto size = static_cast<DWORD>(sizeof(wchar_t) * value.size());
  // Ends with a zero whatever was stored.
  const auto status = ::RegGetValueW(root_of(place.scope), key_name, nullptr, RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, nullptr, value.data(), &size);
  return status == ERROR_SUCCESS ? fs::path(value.data()) : fs::path();
}

std::string announce(const Place& place) {
  HKEY key = nullptr;
  auto status = ::RegCreateKeyExW(root_of(place.scope), key_name, 0, nullptr, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, nullptr, &key, nullptr);
  if (status != ERROR_SUCCESS) return problem_of(place.scope, status);
  const std::wstring path = place.manifest.wstring();
  status = ::RegSetValueExW(key, nullptr, 0, REG_SZ, reinterpret_cast<const BYTE*>(path.c_str()), static_cast<DWORD>(sizeof(wchar_t) * (path.size() + 1)));
  ::RegCloseKey(key);
  return status == ERROR_SUCCESS ? std::string() : problem_of(place.scope, status);
}

std::string withdraw(const Place& place) {
  const auto status = ::RegDeleteKeyExW(root_of(place.scope), key_name, KEY_WOW64_64KEY, 0);
  return status == ERROR_SUCCESS || status == ERROR_FILE_NOT_FOUND ? std::string() : problem_of(place.scope, status);
}

bool can_be_run(const fs::path& program) {
  DWORD kind = 0;
  return ::GetBinaryTypeW(program.c_str(), &kind) != 0;
}

}  // namespace phiscan::host

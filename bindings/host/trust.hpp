// Where this machine and its browsers keep whom they trust. One implementation per platform: trust_linux.cpp, trust_macos.cpp,
// trust_windows.cpp. Everything is done by the platform's own programs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "install.hpp"

namespace phiscan::host {

class TrustStore {
 public:
  virtual ~TrustStore() = default;
  // For a person: "Chromium of this user".
  [[nodiscard]] virtual std::string title() const = 0;
  [[nodiscard]] virtual Scope scope() const = 0;
  // The names of our authorities in it.
  [[nodiscard]] virtual std::vector<std::string> ours() const = 0;
  // Empty, or what went wrong and what to do about it. `pem` is one certificate.
  [[nodiscard]] virtual std::string add(const std::string& name, const std::string& pem) = 0;
  [[nodiscard]] virtual std::string remove(const std::string& name) = 0;
};

// Those of this machine. Stores of a user only when the home is this user's own: what an administrator writes into somebody's home, that
// person could not change any more.
[[nodiscard]] std::vector<std::unique_ptr<TrustStore>> trust_stores();

}  // namespace phiscan::host

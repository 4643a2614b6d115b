// The keychains, which Safari, Chrome and Outlook ask. NOT RUN YET: compiled for its syntax only, nobody has tried it on a Mac. macOS asks
// the person for a password when a root becomes trusted.
#include <cstdlib>
#include <sstream>

#include "local_certificate.hpp"
#include "system.hpp"
#include "trust.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* security = "/usr/bin/security";
constexpr auto allowed = 120s;  // somebody types a password

class Keychain : public TrustStore {
 public:
  Keychain(Scope scope, fs::path file) : scope_(scope), file_(std::move(file)) {}

  std::string title() const override { return scope_ == Scope::user ? "the keychain of this user" : "the keychain of all users"; }
  Scope scope() const override { return scope_; }

  std::vector<std::string> ours() const override {
    std::vector<std::string> out;
    std::string said;
    if (!system::run(security, {"find-certificate", "-a", "-c", std::string(authority_prefix), file_.string()}, {}, allowed, said)) return out;
    // "labl"<blob>="phiscan-localhost-…"
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);) {
      const auto at = line.find(authority_prefix);
      if (line.find("\"labl\"") != std::string::npos && at != std::string::npos) out.push_back(line.substr(at, line.find('"', at) - at));
    }
    return out;
  }

  std::string add(const std::string&, const std::string& pem) override {
    std::vector<std::string> words = {"add-trusted-cert", "-r", "trustRoot", "-p", "ssl", "-k", file_.string(), "/dev/stdin"};
    if (scope_ == Scope::system) words.insert(words.begin() + 1, "-d");
    std::string said;
    return system::run(security, words, pem, allowed, said) ? std::string() : file_.string() + ": security could not add to it";
  }

  std::string remove(const std::string& name) override {
    std::string said;
    return system::run(security, {"delete-certificate", "-t", "-c", name, file_.string()}, {}, allowed, said) ? std::string() : file_.string() + ": security could not take " + name + " out of it";
  }

 private:
  Scope scope_;
  fs::path file_;
};

}  // namespace

std::vector<std::unique_ptr<TrustStore>> trust_stores() {
  std::vector<std::unique_ptr<TrustStore>> out;
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/' && system::is_own(home)) out.push_back(std::make_unique<Keychain>(Scope::user, fs::path(home) / "Library/Keychains/login.keychain-db"));
  out.push_back(std::make_unique<Keychain>(Scope::system, "/Library/Keychains/System.keychain"));
  return out;
}

}  // namespace phiscan::host

// The Root stores of the user and of the machine, which Edge, WebView2, Chrome and Outlook ask, by Windows' own certutil. NOT RUN YET:
// compiled for its syntax only. system::run of the missing system_windows.cpp is what it stands on.
#include <fstream>
#include <sstream>

#include "local_certificate.hpp"
#include "system.hpp"
#include "trust.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* certutil = "C:\\Windows\\System32\\certutil.exe";
constexpr auto allowed = 120s;  // Windows asks the person before a root becomes trusted

class RootStore : public TrustStore {
 public:
  explicit RootStore(Scope scope) : scope_(scope) {}

  std::string title() const override { return scope_ == Scope::user ? "the certificates of this user" : "the certificates of this computer"; }
  Scope scope() const override { return scope_; }

  std::vector<std::string> ours() const override {
    std::vector<std::string> out;
    std::string said;
    if (!run({"-store", "Root"}, said)) return out;
    std::istringstream lines(said);
    constexpr std::size_t digits = 16;
    for (std::string line; std::getline(lines, line);) {
      const auto at = line.find(authority_prefix);
      if (at == std::string::npos) continue;
      auto name = line.substr(at, authority_prefix.size() + digits);
      if (out.empty() || out.back() != name) out.push_back(std::move(name));  // issuer and subject
    }
    return out;
  }

  // certutil reads files alone.
  std::string add(const std::string& name, const std::string& pem) override {
    std::error_code error;
    const auto file = fs::temp_directory_path(error) / (name + ".cer");
    std::ofstream(file, std::ios::binary) << pem;
    std::string said;
    const bool is_done = run({"-addstore", "-f", "Root", file.string()}, said);
    fs::remove(file, error);
    return is_done ? std::string() : "certutil could not add to " + title();
  }

  std::string remove(const std::string& name) override {
    std::string said;
    return run({"-delstore", "Root", name}, said) ? std::string() : "certutil could not take " + name + " out of " + title();
  }

 private:
  bool run(std::vector<std::string> words, std::string& said) const {
    if (scope_ == Scope::user) words.insert(words.begin(), "-user");
    return system::run(certutil, words, {}, allowed, said);
  }

  Scope scope_;
};

}  // namespace

std::vector<std::unique_ptr<TrustStore>> trust_stores() {
  std::vector<std::unique_ptr<TrustStore>> out;
  out.push_back(std::make_unique<RootStore>(Scope::user));
  out.push_back(std::make_unique<RootStore>(Scope::system));
  return out;
}

}  // namespace phiscan::host

// Chromium and Firefox ask NSS databases of the user (certutil of libnss3-tools); curl, OpenSSL and most else the machine's bundle
// (update-ca-certificates of Debian and its kin). Chromium does not look at the bundle.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "local_certificate.hpp"
#include "system.hpp"
#include "trust.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto allowed = 60s;

// Never through PATH: the administrator may be the one who runs this.
fs::path tool(const char* name) {
  std::error_code error;
  for (const auto* folder : {"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"}) {
    if (fs::is_regular_file(fs::path(folder) / name, error)) return fs::path(folder) / name;
  }
  return {};
}

class Nss : public TrustStore {
 public:
  Nss(std::string title, fs::path folder) : title_(std::move(title)), folder_(std::move(folder)) {}

  std::string title() const override { return title_; }
  Scope scope() const override { return Scope::user; }

  std::vector<std::string> ours() const override {
    std::vector<std::string> out;
    std::string said;
    if (!is_there() || !certutil({"-L"}, {}, said)) return out;
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(authority_prefix)) out.push_back(line.substr(0, line.find(' ')));
    }
    return out;
  }

  std::string add(const std::string& name, const std::string& pem) override {
    std::string said;
    if (tool("certutil").empty()) return "certutil is missing; install it (Debian, Ubuntu: apt-get install libnss3-tools) and run this again";
    std::error_code error;
    if (!is_there()) {
      fs::create_directories(folder_, error);
      if (error || !certutil({"-N", "--empty-password"}, {}, said)) return folder_.string() + ": cannot be made";
    }
    // C: may vouch for sites, and for nothing else.
    return certutil({"-A", "-a", "-t", "C,,", "-n", name}, pem, said) ? std::string() : folder_.string() + ": certutil could not add to it; does it have a password?";
  }

  std::string remove(const std::string& name) override {
    std::string said;
    return certutil({"-D", "-n", name}, {}, said) ? std::string() : folder_.string() + ": certutil could not take " + name + " out of it";
  }

 private:
  bool is_there() const {
    std::error_code error;
    return fs::is_regular_file(folder_ / "cert9.db", error);
  }

  bool certutil(std::vector<std::string> words, const std::string& input, std::string& said) const {
    words.insert(words.begin() + 1, {"-d", "sql:" + folder_.string()});
    const auto program = tool("certutil");
    return !program.empty() && system::run(program, words, input, allowed, said);
  }

  std::string title_;
  fs::path folder_;
};

class Bundle : public TrustStore {
 public:
  std::string title() const override { return "programs of all users (ca-certificates)"; }
  Scope scope() const override { return Scope::system; }

  std::vector<std::string> ours() const override {
    std::vector<std::string> out;
    std::error_code error;
    for (auto at = fs::directory_iterator(folder, error); !error && at != fs::directory_iterator(); at.increment(error)) {
      if (at->path().extension() == ".crt" && at->path().stem().string().starts_with(authority_prefix)) out.push_back(at->path().stem().string());
    }
    return out;
  }

  std::string add(const std::string& name, const std::string& pem) override {
    if (tool("update-ca-certificates").empty()) return "update-ca-certificates is missing; install the package ca-certificates and run this again";
    std::error_code error;
    fs::create_directories(folder, error);
    const auto file = fs::path(folder) / (name + ".crt");
    {
      std::ofstream out(file, std::ios::binary);
      out << pem;
      out.flush();
      if (!out) return file.string() + ": cannot be written; the administrator must run this (sudo)";
    }
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read, error);
    return update();
  }

  std::string remove(const std::string& name) override {
    const auto file = fs::path(folder) / (name + ".crt");
    std::error_code error;
    if (!fs::remove(file, error) && error) return file.string() + ": cannot be removed; the administrator must run this (sudo)";
    return update({"--fresh"});  // or the link to it stays
  }

 private:
  static constexpr const char* folder = "/usr/local/share/ca-certificates";

  static std::string update(const std::vector<std::string>& words = {}) {
    std::string said;
    return system::run(tool("update-ca-certificates"), words, {}, allowed, said) ? std::string() : "update-ca-certificates did not work; run it by hand to see why";
  }
};

}  // namespace

std::vector<std::unique_ptr<TrustStore>> trust_stores() {
  std::vector<std::unique_ptr<TrustStore>> out;
  const char* home = std::getenv("HOME");
  std::error_code error;
  if (home != nullptr && *home == '/' && system::is_own(home)) {
    out.push_back(std::make_unique<Nss>("Chromium, Chrome and Edge of this user", fs::path(home) / ".pki/nssdb"));
    for (const auto* folder : {".mozilla/firefox", "snap/firefox/common/.mozilla/firefox"}) {
      for (auto at = fs::directory_iterator(fs::path(home) / folder, error); !error && at != fs::directory_iterator(); at.increment(error)) {
        if (fs::is_regular_file(at->path() / "cert9.db", error)) out.push_back(std::make_unique<Nss>("Firefox, profile " + at->path().filename().string(), at->path()));
      }
    }
  }
  out.push_back(std::make_unique<Bundle>());
  return out;
}

}  // namespace phiscan::host

#include "cert_command.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

#include "certificate.hpp"
#include "local_certificate.hpp"
#include "serve_config.hpp"
#include "system.hpp"
#include "trust.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;
using Stores = std::vector<std::unique_ptr<TrustStore>>;

constexpr std::int64_t renew_before = 30 * 86'400;

int fail(const std::string& message) {
  std::fprintf(stderr, "phiscan-host: %s\n", message.c_str());
  return 1;
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_there(const fs::path& file) {
  std::error_code error;
  return fs::symlink_status(file, error).type() != fs::file_type::not_found;
}

bool has(const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

// All of it or nothing, and from the first byte on for its owner's eyes only.
std::string write_private(const fs::path& file, const std::string& text, const fs::path& owner) {
  const auto part = file.string() + ".new";
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  fs::remove(part, error);
  bool fine = system::claim_private_file(part);
  if (fine) {
    std::ofstream out(part, std::ios::binary);
    out << text;
    out.flush();
    fine = static_cast<bool>(out);
  }
  fine = fine && system::give_to_owner_of(owner, part);
  if (fine) fs::rename(part, file, error);
  if (fine && !error) return {};
  fs::remove(part, error);
  return file.string() + ": cannot be written by this user";
}

class Command {
 public:
  Command(const ServeConfig& config, bool for_all) : config_(config), for_all_(for_all), chain_(read_local_chain(read(config.certificate))) {}

  int make() {
    if (chain_) {
      const auto sound = read_certificate(config_.certificate, config_.key, config_.name);
      // Another user of this machine cannot read the key, and need not.
      if (std::holds_alternative<Problem>(sound) && system::is_own(config_.key)) return fail(std::get<Problem>(sound).message + "; `phiscan-host cert renew` makes a new one");
      std::puts("there is a certificate already");
      const auto problems = trust(chain_->authority_name, chain_->authority);
      return problems ? 1 : show(false);
    }
    for (const auto& file : {config_.certificate, config_.key}) {
      if (is_there(file)) return fail(file.string() + ": is there already, and was not made here; move it away, or name another place in the configuration");
    }
    return issue();
  }

  int renew() {
    if (!chain_) return fail(config_.certificate.string() + ": there is no certificate that was made here; `phiscan-host cert make` makes one");
    return issue();
  }

  // What a timer asks for each day: a new one when this one ends soon, has ended or cannot be used.
  int renew_when_due() {
    if (!chain_) {
      std::printf("%s: was not made here; nothing to renew\n", config_.certificate.c_str());
      return 0;
    }
    const bool is_sound = std::holds_alternative<Certificate>(read_certificate(config_.certificate, config_.key, config_.name));
    if (is_sound && chain_->not_after - system::now() >= renew_before) {
      std::printf("good until %s; nothing to renew before %s\n", system::day(chain_->not_after).c_str(), system::day(chain_->not_after - renew_before).c_str());
      return 0;
    }
    // A service manager's timer has no browsers: there it is each person's own `cert trust` that tells theirs.
    const bool is_trusted_here = std::any_of(stores_.begin(), stores_.end(), [&](const auto& store) { return has(store->ours(), chain_->authority_name); });
    return issue(is_trusted_here || std::any_of(stores_.begin(), stores_.end(), [](const auto& store) { return store->scope() == Scope::user; }));
  }

  // For the other people of this machine, whenever the certificate changes. The ones before are forgotten when there is nothing new to tell:
  // until then the service may still show the last of them.
  int tell() {
    if (!chain_) return fail(config_.certificate.string() + ": there is no certificate that was made here; `phiscan-host cert make` makes one");
    std::erase_if(stores_, [](const auto& store) { return store->scope() == Scope::system; });
    const bool is_new = std::any_of(stores_.begin(), stores_.end(), [&](const auto& store) { return !has(store->ours(), chain_->authority_name); });
    if (trust(chain_->authority_name, chain_->authority)) return 1;
    if (!is_new) forget_all_but({chain_->authority_name});
    return show(false);
  }

  int show(bool as_json, bool needs_trust = true) const {
    const auto sound = read_certificate(config_.certificate, config_.key, config_.name);
    const auto* problem = std::get_if<Problem>(&sound);
    const auto now = system::now();
    const auto days = chain_ ? (chain_->not_after - now) / 86'400 : 0;
    std::string wrong;
    if (!chain_) wrong = is_there(config_.certificate) ? config_.certificate.string() + ": was not made here" : "there is no certificate; `phiscan-host cert make` makes one";
    else if (problem != nullptr && (system::is_own(config_.key) || !is_there(config_.key))) wrong = problem->message;
    else if (chain_->not_after - now < renew_before) wrong = "the certificate ends soon; `phiscan-host cert renew` makes a new one";

    Json trusts = Json::array();
    bool is_trusted = false;
    for (const auto& store : stores_) {
      const bool does = chain_ && has(store->ours(), chain_->authority_name);
      is_trusted = is_trusted || does;
      trusts.push_back({{"store", store->title()}, {"trusts", does}});
    }
    if (wrong.empty() && needs_trust && !is_trusted) wrong = "nobody trusts the certificate; `phiscan-host cert make` tells this user's browsers";
    if (as_json) {
      const Json out = {{"origin", config_.origin}, {"certificate", config_.certificate.string()}, {"ends", chain_ ? Json(system::day(chain_->not_after)) : Json()}, {"days", days},
                        {"trust", trusts}, {"problem", wrong.empty() ? Json() : Json(wrong)}};
      std::printf("%s\n", out.dump(2).c_str());
    } else {
      if (chain_) std::printf("%s is good until %s (%lld days)\n", config_.origin.c_str(), system::day(chain_->not_after).c_str(), static_cast<long long>(days));
      for (const auto& one : trusts) std::printf("  %-12s %s\n", one["trusts"].get<bool>() ? "trusted by" : "unknown to", one["store"].get<std::string>().c_str());
      if (!wrong.empty()) std::fprintf(stderr, "phiscan-host: %s\n", wrong.c_str());
    }
    return wrong.empty() ? 0 : 1;
  }

  int remove() {
    bool is_fine = true, did = false;
    for (const auto& store : stores_) {
      for (const auto& name : store->ours()) {
        const auto problem = store->remove(name);
        if (problem.empty()) std::printf("no longer trusted by %s\n", store->title().c_str());
        else (void)fail(problem);
        is_fine = is_fine && problem.empty();
        did = true;
      }
    }
    // Without its key the chain tells what was made here; it goes last.
    if (chain_) {
      for (const auto& file : {config_.key, config_.certificate}) {
        std::error_code error;
        if (fs::remove(file, error)) std::printf("removed: %s\n", file.c_str());
        else if (error) (void)fail(file.string() + ": " + error.message());
        is_fine = is_fine && !error;
      }
    } else if (is_there(config_.certificate)) {
      std::printf("%s was not made here and stays\n", config_.certificate.c_str());
    } else if (!did) {
      std::puts("there is nothing to remove");
    }
    return is_fine ? 0 : 1;
  }

 private:
  // First trusted, then used, so that there is no moment in which a browser refuses. What came before the old one is forgotten; the old one
  // itself stays trusted until the next time, since the service may show it for another minute.
  int issue(bool needs_trust = true) {
    auto made = make_local_certificate();
    if (!made) return fail("the certificate cannot be made: OpenSSL has no randomness or no memory");
    if (trust(made->authority_name, made->authority)) {
      withdraw(made->authority_name);
      return fail("nothing was changed");
    }
    const auto owner = config_.users.parent_path();
    auto problem = write_private(config_.key, made->key, owner);
    std::fill(made->key.begin(), made->key.end(), '\0');
    if (problem.empty()) problem = write_private(config_.certificate, made->leaf + made->authority, owner);
    std::error_code error;
    constexpr auto readable = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read;
    if (problem.empty()) fs::permissions(config_.certificate, readable, error);
    if (!problem.empty()) {
      withdraw(made->authority_name);
      return fail(problem);
    }
    forget_all_but({made->authority_name, chain_ ? chain_->authority_name : std::string()});
    std::printf("made: %s, and its key %s\n", config_.certificate.c_str(), config_.key.c_str());
    chain_ = read_local_chain(made->leaf + made->authority);
    return show(false, needs_trust);
  }

  // Where it is asked for, and wherever one of ours was trusted before. Whether something went wrong.
  bool trust(const std::string& name, const std::string& pem) {
    bool is_bad = false;
    for (const auto& store : stores_) {
      const auto before = store->ours();
      if (has(before, name)) continue;
      if (before.empty() && store->scope() == Scope::system && !for_all_) continue;
      const auto problem = store->add(name, pem);
      if (!problem.empty()) (void)fail(store->title() + ": " + problem);
      is_bad = is_bad || !problem.empty();
    }
    return is_bad;
  }

  void forget_all_but(const std::vector<std::string>& kept) {
    for (const auto& store : stores_) {
      for (const auto& name : store->ours()) {
        if (!has(kept, name)) (void)store->remove(name);
      }
    }
  }

  void withdraw(const std::string& name) {
    for (const auto& store : stores_) {
      if (has(store->ours(), name)) (void)store->remove(name);
    }
  }

  const ServeConfig& config_;
  bool for_all_;
  std::optional<LocalChain> chain_;
  Stores stores_ = trust_stores();
};

}  // namespace

int run_cert(const fs::path& file, const std::string& verb, bool for_all, bool when_due, bool as_json) {
  const auto read = read_serve_config(file);
  if (const auto* problem = std::get_if<Problem>(&read)) return fail(problem->where + (problem->where.empty() ? "" : ": ") + problem->message);
  const auto& config = std::get<ServeConfig>(read);
  if (!config.is_loopback && verb == "renew" && when_due) {
    std::puts("mode server: the certificate comes from the clinic's own authority; nothing to renew");
    return 0;
  }
  if (!config.is_loopback) return fail(file.string() + ": says mode server; a server's certificate comes from the clinic's own authority, `phiscan-host cert` is for loopback mode");
  Command command(config, for_all);
  if (verb == "make") return command.make();
  if (verb == "renew") return when_due ? command.renew_when_due() : command.renew();
  if (verb == "trust") return command.tell();
  if (verb == "status") return command.show(as_json);
  return command.remove();
}

}  // namespace phiscan::host

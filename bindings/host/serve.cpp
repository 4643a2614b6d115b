#include "serve.hpp"

#include <cstdio>

#include "certificate.hpp"
#include "https.hpp"
#include "limits.hpp"
#include "log.hpp"
#include "sockets.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto tick = 10s;            // refusals are told in bundles
constexpr int looks_every = 6;        // ticks between looks at the certificate
constexpr std::int64_t warns_before = 14 * 86'400;
constexpr auto graceful = 5s;

int give_up(const Problem& problem) {
  log(Level::error, "cannot start", problem);
  return 1;
}

// In loopback mode we know who makes it.
std::variant<Certificate, Problem> certificate_of(const ServeConfig& config) {
  auto out = read_certificate(config.certificate, config.key, config.name);
  if (auto* problem = std::get_if<Problem>(&out); problem != nullptr && config.is_loopback) problem->message += " (`phiscan-host cert status` says more)";
  return out;
}

class Serving {
 public:
  Serving(fs::path file, ServeConfig config, HostOptions base) : file_(std::move(file)), config_(std::make_shared<const ServeConfig>(std::move(config))), base_(std::move(base)) {}

  int run() {
    auto opened = Users::open(config_->users);
    if (auto* problem = std::get_if<Problem>(&opened)) return give_up(*problem);
    users_ = std::get<std::unique_ptr<Users>>(std::move(opened));
    auto certificate = certificate_of(*config_);
    if (auto* problem = std::get_if<Problem>(&certificate)) return give_up(*problem);

    base_.files = {config_->policy, config_->packs, !config_->policy.empty(), true};
    base_.state = config_->state;
    base_.threads = config_->threads;
    host_ = std::make_unique<Host>(base_);
    https_ = std::make_unique<Https>(*host_, *users_, metrics_, config_);
    server_ = std::make_unique<HttpServer>(*https_, config_->http, std::max(2U, config_->threads));
    https_->say_connections([this] { return server_->connections(); });
    if (auto problem = use(std::get<Certificate>(certificate))) return give_up(*problem);
    const auto port = server_->listen(config_->address, config_->port);
    if (const auto* problem = std::get_if<Problem>(&port)) {
      auto told = *problem;
      const auto who = told.code == "in_use" ? who_listens(config_->port) : std::string();
      if (!who.empty()) told.message += " by " + who;
      return give_up(told);
    }
    system::reload_on_hangup();
    server_->start();
    log(Level::info, "listening", {{"port", std::int64_t{config_->port}}, {"mode", config_->is_loopback ? Literal("loopback") : Literal("server")}});
    if (config_->allow_missing_origin) log(Level::warning, "allow_missing_origin is on: requests without an Origin are let in");
    look_at_rules();
    look_at_certificate();
    system::tell_manager("READY=1\nSTATUS=answering");
    watch();
    system::tell_manager("STOPPING=1\nSTATUS=ending");
    server_->stop(graceful);
    (void)host_->settle(limits::farewell);
    host_->abandon();
    tell_refusals();
    log(Level::info, "ended");
    return 0;
  }

 private:
  std::optional<Problem> use(const Certificate& certificate) {
    auto problem = server_->use(certificate);
    if (problem) return problem;
    marks_ = certificate_marks();
    ends_ = certificate.not_after;
    https_->say_certificate(ends_);
    return std::nullopt;
  }

  [[nodiscard]] std::string certificate_marks() const { return system::change_mark(config_->certificate) + "|" + system::change_mark(config_->key); }

  void watch() {
    for (int ticks = 1;; ++ticks) {
      const auto wake = system::wait_for_wake(tick);
      if (wake == system::Wake::stop) return;
      if (wake == system::Wake::reload) {
        reload();
        continue;
      }
      tell_refusals();
      look_at_rules();
      if (ticks % looks_every == 0) look_at_certificate();
    }
  }

  // Each part for itself: what is broken stays as it was, and is named; the rest is taken over.
  void reload() {
    system::tell_manager("RELOADING=1\nSTATUS=reloading");
    bool is_fine = true;
    const auto keep_old = [&](const Problem& problem) {
      log(Level::error, "reload: the old one stays in force", problem);
      is_fine = false;
    };
    auto read = read_serve_config(file_);
    if (const auto* problem = std::get_if<Problem>(&read)) {
      keep_old(*problem);
    } else {
      auto next = std::get<ServeConfig>(std::move(read));
      const auto& old = *config_;
      // What is only looked at when the program starts.
      if (next.is_loopback != old.is_loopback || next.address != old.address || next.port != old.port || next.users != old.users || next.state != old.state || next.policy != old.policy ||
          next.packs != old.packs || next.threads != old.threads || next.http != old.http) {
        keep_old({"config", "", "mode, listen, users, state, policy, packs (their places) and limits of connections and threads change with a restart only"});
      } else {
        config_ = std::make_shared<const ServeConfig>(std::move(next));
        https_->use(config_);
        if (config_->allow_missing_origin) log(Level::warning, "allow_missing_origin is on: requests without an Origin are let in");
      }
    }
    auto certificate = certificate_of(*config_);
    if (const auto* problem = std::get_if<Problem>(&certificate)) keep_old(*problem);
    else if (auto bad = use(std::get<Certificate>(certificate))) keep_old(*bad);
    for (const auto& one : host_->reload()) keep_old({one.what, one.problem.where, one.what + ": " + one.problem.message});
    look_at_rules();
    metrics_.reloaded(is_fine);
    log(is_fine ? Level::info : Level::warning, is_fine ? Literal("reloaded") : Literal("reloaded in part"));
    system::tell_manager(std::string("READY=1\nSTATUS=") + (is_fine ? "answering" : "answering; the last reload was not complete, the journal says why"));
  }

  // Renewed certificates are taken over without being asked: whoever renews them need not know of us.
  void look_at_certificate() {
    const auto now = system::now();
    if (certificate_marks() != marks_) {
      auto certificate = certificate_of(*config_);
      if (std::holds_alternative<Certificate>(certificate) && !use(std::get<Certificate>(certificate))) log(Level::info, "certificate renewed");
    }
    const auto today = now / 86'400;
    if (ends_ - now < warns_before && today != warned_) {
      warned_ = today;
      log(Level::warning, "the certificate ends soon", {{"days", (ends_ - now) / 86'400}});
    }
  }

  void look_at_rules() {
    auto problem = host_->rule_problem();
    if (problem && (!told_ || told_->message != problem->message)) log(Level::error, "rules", *problem);
    told_ = problem;
    // What an unknown visitor may know of it is that it is so.
    if (problem) problem->message = problem->code == "no_pack" ? "no rules could be loaded" : "policy or packs have problems";
    https_->say_health(std::move(problem));
  }

  void tell_refusals() {
    for (const auto& [code, count] : metrics_.new_refusals()) log(Level::info, "refused", {{"code", code}, {"count", static_cast<std::int64_t>(count)}});
  }

  const fs::path file_;
  std::shared_ptr<const ServeConfig> config_;
  HostOptions base_;
  Metrics metrics_;
  std::unique_ptr<Users> users_;
  std::unique_ptr<Host> host_;
  std::unique_ptr<Https> https_;
  std::unique_ptr<HttpServer> server_;
  std::string marks_;
  std::int64_t ends_ = 0, warned_ = 0;
  std::optional<Problem> told_;
};

}  // namespace

int serve_https(const fs::path& file, HostOptions base) {
  auto config = read_serve_config(file);
  if (const auto* problem = std::get_if<Problem>(&config)) return give_up(*problem);
  return Serving(file, std::get<ServeConfig>(std::move(config)), std::move(base)).run();
}

int check_serve(const fs::path& file) {
  const auto config = read_serve_config(file);
  const auto* problem = std::get_if<Problem>(&config);
  std::optional<Problem> found;
  if (problem != nullptr) found = *problem;
  if (!found) {
    const auto& read = std::get<ServeConfig>(config);
    const auto certificate = certificate_of(read);
    if (const auto* bad = std::get_if<Problem>(&certificate)) found = *bad;
  }
  if (found) std::fprintf(stderr, "phiscan-host: %s%s%s\n", found->where.c_str(), found->where.empty() ? "" : ": ", found->message.c_str());
  else std::puts("the configuration is fine");
  return found ? 1 : 0;
}

}  // namespace phiscan::host

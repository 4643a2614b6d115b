// The add-in's origin: its pages, /api, /pair, /renew, /healthz and /metrics behind one row of gates (PROTOCOL.md, HTTPS). Rules on heads
// only; what passes goes to the host as its user. Knows no request. Any thread.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gates.hpp"
#include "host.hpp"
#include "metrics.hpp"
#include "rates.hpp"
#include "serve_config.hpp"
#include "users.hpp"

namespace phiscan::host {

class Https : public Service {
 public:
  Https(Host& host, Users& users, Metrics& metrics, std::shared_ptr<const ServeConfig> config);

  Ruling rule(const Head& head) override;
  Answer not_http(int status) override;
  void turned_away() override { metrics_.turned_away(); }
  void timed_out() override { metrics_.timed_out(); }

  // For the next requests.
  void use(std::shared_ptr<const ServeConfig> config);
  // What /healthz says besides what it finds out itself; set by the one who watches certificate and rules.
  void say_health(std::optional<Problem> problem);
  void say_certificate(std::int64_t not_after) { certificate_ends_ = not_after; }
  void say_connections(std::function<std::size_t()> count) { connections_ = std::move(count); }
  [[nodiscard]] std::size_t in_flight() const { return load_->count; }

 private:
  // Requests on their way and the bytes kept for them; shared with what is on its way.
  struct Load {
    std::atomic<std::size_t> count = 0, bytes = 0;
    std::mutex mutex;
    std::map<std::string, std::size_t> by_user;
  };
  // A place in it, given back when the last copy goes.
  struct Place {
    std::shared_ptr<Load> load;
    std::string user;
    std::size_t bytes = 0;
    ~Place();
  };

  struct Gate;
  [[nodiscard]] std::shared_ptr<const ServeConfig> config() const;
  [[nodiscard]] Answer refuse(Literal code, int status, std::string_view message, bool keeps = false);
  [[nodiscard]] Answer busy(int seconds);
  [[nodiscard]] Ruling read(const Head& head, const ServeConfig& config, const std::string& path);
  [[nodiscard]] Ruling pair(const Head& head);
  [[nodiscard]] Ruling api(const Head& head, const ServeConfig& config, bool is_renewal);
  [[nodiscard]] Answer page(const Head& head, const ServeConfig& config, const std::string& path);
  [[nodiscard]] Answer health();
  [[nodiscard]] std::optional<Problem> problem();
  [[nodiscard]] std::shared_ptr<Place> take_place(const std::string& user, std::size_t bytes, const ServeConfig& config);

  Host& host_;
  Users& users_;
  Metrics& metrics_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ServeConfig> config_;
  std::optional<Problem> problem_;
  std::atomic<std::int64_t> certificate_ends_ = 0;
  std::function<std::size_t()> connections_;
  std::shared_ptr<Load> load_;
  Rates requests_, pairings_, all_pairings_;
};

}  // namespace phiscan::host

// HTTP/1.1 with or without TLS, and the only home of Boost: connections, their deadlines and limits. A Service rules on each request when
// its head has been read and nothing of its body; only what the service accepts is read on. Knows no page and no request of ours.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "certificate.hpp"
#include "json.hpp"

namespace phiscan::host {

// Where a connection comes from.
struct Peer {
  std::string address;  // numeric
  std::uint16_t port = 0;
  std::uint16_t own_port = 0;
  bool is_loopback = false;
};

// The head of a request as it was sent.
struct Head {
  std::string method, target;
  bool is_1_1 = true;
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case, in order
  Peer peer;

  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
};

struct Answer {
  int status = 200;
  std::string media_type, body;
  std::vector<std::pair<std::string, std::string>> fields;
  bool keep = false;       // the connection, for another request
  bool skips_body = false; // of a request that was refused: small ones are read and dropped, so that the connection lives on
};
using Reply = std::function<void(Answer)>;

// Go on reading: at most so many bytes, in at most so long. `go` runs once with the body, on a thread of the server, and replies from any
// thread. When the client goes away, or too slowly, `go` is dropped and never called.
struct Accept {
  std::size_t body_bytes = 0;
  std::chrono::milliseconds body_time{};
  std::chrono::milliseconds reply_time{};
  std::function<void(std::string body, Reply reply)> go;
};
using Ruling = std::variant<Answer, Accept>;

class Service {
 public:
  virtual ~Service() = default;
  // On a thread of the server; must not wait.
  [[nodiscard]] virtual Ruling rule(const Head& head) = 0;
  // What to say to bytes that are no HTTP/1.1 request: 400 or 431.
  [[nodiscard]] virtual Answer not_http(int status) = 0;
  // A connection over the limits was turned away, or one ran into a deadline; for counting.
  virtual void turned_away() {}
  virtual void timed_out() {}
};

struct HttpLimits {
  std::size_t connections = 1024;
  std::size_t per_address = 256;
  std::size_t head_bytes = 16 << 10;
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds head{10'000};  // from its first byte to its last
  std::chrono::milliseconds idle{60'000};  // between requests
  std::chrono::milliseconds write{30'000};

  bool operator==(const HttpLimits&) const = default;
};

class HttpServer {
 public:
  HttpServer(Service& service, HttpLimits limits, unsigned threads);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // From now on for new connections. Without one it is plain HTTP.
  [[nodiscard]] std::optional<Problem> use(const Certificate& certificate);
  // Binds, for us alone; the port, or why not ("in_use" is a code of its own).
  [[nodiscard]] std::variant<std::uint16_t, Problem> listen(const std::string& address, std::uint16_t port);
  void start();
  // Takes no more connections, ends the idle ones, waits for answers on their way.
  void stop(std::chrono::milliseconds allowed);

  [[nodiscard]] std::size_t connections() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace phiscan::host

#include "http.hpp"

#include <httplib.h>

#include <engine/engine.hpp>

#include <cstdio>
#include <list>

#include "digest.hpp"
#include "limits.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* content_security =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view token_place = "__PHISCAN_TOKEN__";
constexpr std::size_t most_tokens = 256;
constexpr std::size_t threads = 24;  // a slow client holds one of them, for as long as it keeps sending

std::string_view media_type(const std::string& ending) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},         {".svg", "image/svg+xml"},                 {".png", "image/png"},
      {".ico", "image/x-icon"},              {".woff2", "font/woff2"},                  {".txt", "text/plain; charset=utf-8"},
      {".map", "application/json"}};
  for (const auto& [name, type] : types) {
    if (name == ending) return type;
  }
  return "application/octet-stream";
}

// One per page that was loaded: knowing it means having read our page, which other origins cannot.
class Tokens {
 public:
  [[nodiscard]] std::string make() {
    const auto key = random_key();
    auto token = hex({reinterpret_cast<const char*>(key.data()), key.size()});
    const std::lock_guard lock(mutex_);
    tokens_.push_front(token);
    if (tokens_.size() > most_tokens) tokens_.pop_back();
    return token;
  }
  [[nodiscard]] bool knows(std::string_view token) {
    const std::lock_guard lock(mutex_);
    bool found = false;
    for (const auto& one : tokens_) found |= same_secret(one, token);
    return found;
  }

 private:
  std::mutex mutex_;
  std::list<std::string> tokens_;
};

void refuse(httplib::Response& response, int status, std::string_view code, std::string_view message) {
  response.status = status;
  response.set_header("Connection", "close");
  response.set_content(to_text(Json{{"ok", false}, {"error", {{"code", code}, {"where", ""}, {"message", message}}}}), "application/json");
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

class Playground {
 public:
  Playground(Host& host, HttpOptions options) : host_(host), options_(std::move(options)) {}

  int run() {
    server_.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    // Ours alone: nobody else may listen on the same port.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, reinterpret_cast<const char*>(&yes), sizeof yes);
    });
    server_.set_keep_alive_max_count(1);  // what was refused unread must not be taken for the next request
    server_.set_read_timeout(5, 0);
    server_.set_write_timeout(5, 0);
    server_.set_payload_max_length(limits::frame_bytes);
    server_.set_default_headers({{"Content-Security-Policy", content_security},
                                 {"X-Content-Type-Options", "nosniff"},
                                 {"Referrer-Policy", "no-referrer"},
                                 {"Cross-Origin-Resource-Policy", "same-origin"},
                                 {"Cross-Origin-Opener-Policy", "same-origin"},
                                 {"X-Frame-Options", "DENY"},
                                 {"Cache-Control", "no-store"}});
    server_.set_pre_routing_handler([this](const auto& request, auto& response) { return gate(request, response); });
    server_.Post("/api", [this](const httplib::Request& request, httplib::Response& response) {
      const auto token = request.get_header_value("X-Phiscan-Token");
      response.set_content(host_.dispatch(request.body, {"playground", token}), "application/json");
    });
    server_.Get(R"(/.*)", [this](const httplib::Request& request, httplib::Response& response) { page(request.path, response); });
    server_.set_exception_handler([](const auto&, auto& response, std::exception_ptr) { refuse(response, 500, "internal", "the host could not finish this request"); });
    server_.set_error_handler([](const auto&, auto& response) {
      if (response.body.empty()) refuse(response, response.status, response.status == 413 ? "too_large" : "bad_request", "this request cannot be served");
    });

    const int port = options_.port == 0 ? server_.bind_to_any_port("127.0.0.1") : server_.bind_to_port("127.0.0.1", options_.port) ? options_.port : -1;
    if (port <= 0) {
      std::fprintf(stderr, "phiscan-host: port %d cannot be had; is another playground running? --port 0 takes any\n", options_.port);
      return 1;
    }
    authority_ = "127.0.0.1:" + std::to_string(port);
    other_authority_ = "localhost:" + std::to_string(port);
    std::printf("http://%s/\n", authority_.c_str());
    std::fflush(stdout);
    std::jthread listening([this] { server_.listen_after_bind(); });
    system::wait_for_stop();
    server_.stop();
    return 0;
  }

 private:
  using Handled = httplib::Server::HandlerResponse;

  [[nodiscard]] bool is_own_origin(const std::string& origin) const { return origin == "http://" + authority_ || origin == "http://" + other_authority_; }

  Handled gate(const httplib::Request& request, httplib::Response& response) {
    const auto pass = [&](int status, std::string_view code, std::string_view message) {
      refuse(response, status, code, message);
      return Handled::Handled;
    };
    const auto host = lower(request.get_header_value("Host"));
    if (request.get_header_value_count("Host") != 1 || (host != authority_ && host != other_authority_)) return pass(421, "wrong_host", "this address is not served here");
    const bool has_origin = request.has_header("Origin");
    const auto site = request.get_header_value("Sec-Fetch-Site");
    const bool is_foreign = (has_origin && (request.get_header_value_count("Origin") != 1 || !is_own_origin(request.get_header_value("Origin")))) ||
                            (site == "cross-site" && request.get_header_value("Sec-Fetch-Mode") != "navigate") || site == "same-site";
    if (is_foreign) return pass(403, "wrong_origin", "only the playground's own page may ask");
    if (request.method == "GET" || request.method == "HEAD") return Handled::Unhandled;
    if (request.method != "POST" || request.path != "/api") return pass(405, "bad_request", "only POST /api");
    if (!has_origin) return pass(403, "wrong_origin", "only the playground's own page may ask");
    if (const auto type = lower(request.get_header_value("Content-Type")); type != "application/json" && type != "application/json; charset=utf-8" && type != "application/json;charset=utf-8") {
      return pass(415, "wrong_content_type", "application/json is asked for");
    }
    if (request.has_header("Content-Encoding")) return pass(415, "wrong_content_type", "send it uncompressed");
    if (!tokens_.knows(request.get_header_value("X-Phiscan-Token"))) return pass(401, "wrong_token", "load the page again");
    const auto length = request.get_header_value("Content-Length");
    if (length.empty() || request.has_header("Transfer-Encoding")) return pass(411, "bad_request", "Content-Length is asked for");
    if (length.size() > 9 || length.find_first_not_of("0123456789") != std::string::npos || std::stoul(length) > limits::frame_bytes) {
      return pass(413, "too_large", "a request has at most 32 MiB");
    }
    return Handled::Unhandled;
  }

  // Plain names below the folder; nothing that begins with a dot.
  void page(const std::string& path, httplib::Response& response) {
    const auto name = path == "/" ? std::string("index.html") : path.substr(1);
    bool fine = name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/") == std::string::npos;
    for (const auto& piece : fs::path(name)) fine = fine && !piece.string().starts_with(".") && !piece.empty();
    const auto file = options_.pages / name;
    std::error_code error;
    if (!fine || fs::path(name).is_absolute() || !fs::is_regular_file(file, error)) return refuse(response, 404, "not_found", "there is no such page");
    auto bytes = engine::read_file(file.string(), "page");
    if (std::holds_alternative<engine::Failure>(bytes)) return refuse(response, 404, "not_found", "there is no such page");
    auto text = std::get<std::string>(std::move(bytes));
    if (name == "index.html") {
      const auto at = text.find(token_place);
      if (at != std::string::npos) text.replace(at, token_place.size(), tokens_.make());
    }
    response.set_content(text, std::string(media_type(file.extension().string())));
  }

  Host& host_;
  const HttpOptions options_;
  httplib::Server server_;
  Tokens tokens_;
  std::string authority_, other_authority_;
};

}  // namespace

int serve_playground(Host& host, const HttpOptions& options) { return Playground(host, options).run(); }

}  // namespace phiscan::host

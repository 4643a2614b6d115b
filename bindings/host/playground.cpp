#include "playground.hpp"

#include <cstdio>
#include <list>

#include "digest.hpp"
#include "gates.hpp"
#include "limits.hpp"
#include "pages.hpp"

namespace phiscan::host {
namespace {

using namespace std::chrono_literals;

constexpr const char* content_security =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view token_place = "__PHISCAN_TOKEN__";
constexpr std::size_t most_tokens = 256;

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

Answer with_headers(Answer answer) {
  answer.fields.insert(answer.fields.end(), {{"Content-Security-Policy", content_security},
                                             {"X-Content-Type-Options", "nosniff"},
                                             {"Referrer-Policy", "no-referrer"},
                                             {"Cross-Origin-Resource-Policy", "same-origin"},
                                             {"Cross-Origin-Opener-Policy", "same-origin"},
                                             {"X-Frame-Options", "DENY"},
                                             {"Cache-Control", "no-store"}});
  return answer;
}

class Playground : public Service {
 public:
  Playground(Host& host, std::filesystem::path pages) : host_(host), pages_(std::move(pages)) {}

  void serve_at(std::uint16_t port) {
    authority_ = "127.0.0.1:" + std::to_string(port);
    other_authority_ = "localhost:" + std::to_string(port);
  }
  [[nodiscard]] const std::string& authority() const { return authority_; }

  Ruling rule(const Head& head) override {
    const auto host = once(head, "host");
    if (!head.is_1_1 || (!host.is(authority_) && !host.is(other_authority_))) return refuse(421, "wrong_host", "this address is not served here");
    const auto origin = once(head, "origin");
    const bool is_own = origin.is("http://" + authority_) || origin.is("http://" + other_authority_);
    const auto site = head.field("sec-fetch-site");
    const bool is_foreign = (origin.value && !is_own) || site == "same-site" || (site == "cross-site" && head.field("sec-fetch-mode") != "navigate");
    if (is_foreign) return refuse(403, "wrong_origin", "only the playground's own page may ask");
    if (head.method == "GET" || head.method == "HEAD") return page(head.target.substr(0, head.target.find('?')));
    if (head.method != "POST" || head.target != "/api") return refuse(405, "bad_request", "only POST /api");
    if (!is_own) return refuse(403, "wrong_origin", "only the playground's own page may ask");
    if (!is_plain_json(head)) return refuse(415, "wrong_content_type", "application/json is asked for, uncompressed");
    const std::string token(head.field("x-phiscan-token").value_or(""));
    if (!tokens_.knows(token)) return refuse(401, "wrong_token", "load the page again");
    std::size_t length = 0;
    if (auto problem = length_problem(head, limits::frame_bytes, length)) return with_headers(std::move(*problem));
    return Accept{length, 30s, limits::longest_deadline + 5s, [this, token](const std::string& body, const Reply& reply) {
                    host_.submit(body, {"playground", token}, [reply](std::string text, bool is_reply) {
                      if (is_reply) reply(with_headers({200, "application/json", std::move(text), {}, true}));
                    });
                  }};
  }
  Answer not_http(int status) override { return refuse(status, "bad_request", "this request cannot be served"); }

 private:
  static Answer refuse(int status, std::string_view code, std::string_view message) { return with_headers(refusal(status, code, message)); }

  Answer page(const std::string& path) {
    const bool is_index = path == "/" || path == "/index.html";
    auto page = read_page(pages_, is_index ? "/index.html" : path);
    if (!page) return refuse(404, "not_found", "there is no such page");
    const auto at = is_index ? page->text.find(token_place) : std::string::npos;
    if (at != std::string::npos) page->text.replace(at, token_place.size(), tokens_.make());
    return with_headers({200, page->media_type, std::move(page->text), {}, true});
  }

  Host& host_;
  const std::filesystem::path pages_;
  Tokens tokens_;
  std::string authority_, other_authority_;
};

}  // namespace

int serve_playground(Host& host, const PlaygroundOptions& options) {
  Playground playground(host, options.pages);
  HttpServer server(playground, {}, 2);
  const auto port = server.listen("127.0.0.1", options.port);
  if (std::holds_alternative<Problem>(port)) {
    std::fprintf(stderr, "phiscan-host: port %d cannot be had; is another playground running? --port 0 takes any\n", static_cast<int>(options.port));
    return 1;
  }
  playground.serve_at(std::get<std::uint16_t>(port));
  std::printf("http://%s/\n", playground.authority().c_str());
  std::fflush(stdout);
  server.start();
  system::wait_for_stop();
  host.abandon();
  server.stop(limits::farewell);
  return 0;
}

}  // namespace phiscan::host

#include "https.hpp"

#include <algorithm>

#include "limits.hpp"
#include "log.hpp"
#include "pages.hpp"
#include "sockets.hpp"

namespace phiscan::host {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t small_body = 1024;       // of /pair and /renew
constexpr double pair_tries = 5, pair_tries_in_all = 30;  // that fail, in ten minutes
// office.js loads its own parts from its origin, and a runtime library of Microsoft's from another one where it does not bring that itself.
constexpr std::string_view office = "https://appsforoffice.microsoft.com https://ajax.aspnetcdn.com";
constexpr std::string_view event_script = "/launchevent.js";
constexpr std::string_view origin_mark = "@PHISCAN_ORIGIN@";
constexpr std::string_view well_known = "/.well-known/microsoft-officeaddins-allowed.json";

// A body may take so long: ten seconds, and a second for each 64 KiB that it announces.
std::chrono::milliseconds body_time(std::size_t bytes) { return 10'000ms + std::chrono::milliseconds(bytes / 64); }

Answer with_headers(Answer answer, bool is_icon = false) {
  answer.fields.emplace_back("X-Content-Type-Options", "nosniff");
  answer.fields.emplace_back("Referrer-Policy", "no-referrer");
  // Outlook shows the icons in pages of its own.
  answer.fields.emplace_back("Cross-Origin-Resource-Policy", is_icon ? "cross-origin" : "same-origin");
  return answer;
}

Answer api_answer(int status, std::string text) {
  Answer out{status, "application/json", std::move(text), {{"Cache-Control", "no-store"}}, true, true};
  return with_headers(std::move(out));
}

std::string content_security(const ServeConfig& config) {
  std::string frames;
  for (const auto& one : config.outlook_origins) frames += " " + one;
  // office.js connects for telemetry only, and that is not let out: nothing of a compose window needs to go anywhere.
  return "default-src 'none'; script-src 'self' " + std::string(office) + "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors" +
         (frames.empty() ? " 'none'" : frames);
}

// The code in {"v": 1, "code": "123456"}; empty when it is none.
std::string code_in(const std::string& body) {
  const auto parsed = parse_json(body);
  const auto* json = std::get_if<Json>(&parsed);
  if (json == nullptr || !json->is_object()) return {};
  std::optional<Problem> problem;
  Fields in(*json, "", problem);
  (void)in.number("v", 1, 1);
  auto code = in.required_text("code", 16);
  code.erase(std::remove(code.begin(), code.end(), ' '), code.end());  // people type it in groups
  const bool fits = !problem && code.size() == 6 && code.find_first_not_of("0123456789") == std::string::npos;
  return fits ? code : std::string();
}

std::string paired_text(const Users::Paired& paired) { return to_text(Json{{"ok", true}, {"token", paired.token}, {"user", paired.user}, {"expires", system::moment(paired.expires)}}); }

std::string bearer(const Head& head) {
  const auto said = once(head, "authorization");
  if (!said.is_sound || !said.value) return {};
  constexpr std::string_view scheme = "bearer ";
  if (said.value->size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = (*said.value)[i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != scheme[i]) return {};
  }
  return std::string(said.value->substr(scheme.size()));
}

}  // namespace

Https::Place::~Place() {
  --load->count;
  load->bytes -= bytes;
  const std::lock_guard lock(load->mutex);
  const auto at = load->by_user.find(user);
  if (at != load->by_user.end() && --at->second == 0) load->by_user.erase(at);
}

Https::Https(Host& host, Users& users, Metrics& metrics, std::shared_ptr<const ServeConfig> config)
    : host_(host), users_(users), metrics_(metrics), load_(std::make_shared<Load>()), requests_(0, 0), pairings_(pair_tries / 10, pair_tries), all_pairings_(pair_tries_in_all / 10, pair_tries_in_all) {
  use(std::move(config));
}

void Https::use(std::shared_ptr<const ServeConfig> config) {
  const auto per_minute = static_cast<double>(config->requests_per_minute);
  requests_.set(per_minute, std::max(1.0, per_minute / 4));
  const std::lock_guard lock(mutex_);
  config_ = std::move(config);
}

std::shared_ptr<const ServeConfig> Https::config() const {
  const std::lock_guard lock(mutex_);
  return config_;
}

void Https::say_health(std::optional<Problem> problem) {
  const std::lock_guard lock(mutex_);
  problem_ = std::move(problem);
}

Answer Https::refuse(Literal code, int status, std::string_view message, bool keeps) {
  metrics_.count(code);
  auto out = with_headers(refusal(status, code.text(), message));
  out.fields.emplace_back("Cache-Control", "no-store");
  out.keep = out.skips_body = keeps;
  return out;
}

Answer Https::busy(int seconds) {
  auto out = refuse("busy", 429, "too many requests; wait as long as Retry-After says", true);
  out.fields.emplace_back("Retry-After", std::to_string(seconds));
  return out;
}

Answer Https::not_http(int status) { return refuse("bad_http", status, status == 431 ? "the head of a request has at most 16 KiB" : "this is no HTTP/1.1 request"); }

// The order is a promise: what is said first is what an attacker's page learns at most.
Ruling Https::rule(const Head& head) {
  const auto now = config();
  if (!head.is_1_1 || !once(head, "host").is(now->authority)) return refuse("wrong_host", 421, "this host is not served here");

  const bool is_read = head.method == "GET" || head.method == "HEAD";
  const auto origin = once(head, "origin"), site = once(head, "sec-fetch-site"), mode = once(head, "sec-fetch-mode");
  const auto path = head.target.substr(0, head.target.find('?'));
  const bool is_icon = path.starts_with("/icons/");
  bool is_own = origin.is_sound && site.is_sound && mode.is_sound && (!origin.value || origin.is(now->origin));
  if (is_read) {
    // Outlook's pages open ours in a frame and show our icons; nothing else of another origin has business here.
    is_own = is_own && (!site.value || site.is("same-origin") || site.is("none") || mode.is("navigate") || (is_icon && mode.is("no-cors")));
  } else {
    is_own = is_own && (!site.value || site.is("same-origin")) && (origin.value || now->allow_missing_origin);
    if (is_own && !origin.value) metrics_.count("missing_origin_let_in");
  }
  if (!is_own) return refuse("wrong_origin", 403, "only the add-in's own pages may ask");

  if (is_read) return read(head, *now, path);
  const bool is_api = head.target == "/api", is_pairing = head.target == "/pair", is_renewal = head.target == "/renew";
  if (!is_api && !is_pairing && !is_renewal) {
    const bool is_known = path == "/healthz" || path == "/metrics" || path == well_known || (!path.empty() && read_page(now->pages, path));
    if (!is_known) return refuse("not_found", 404, "there is nothing of that name");
  }
  if (head.method != "POST" || !(is_api || is_pairing || is_renewal)) {
    auto out = refuse("wrong_method", 405, "that is not done here");
    out.fields.emplace_back("Allow", is_api || is_pairing || is_renewal ? "POST" : "GET, HEAD");
    return out;
  }
  if (!is_plain_json(head)) return refuse("wrong_content_type", 415, "application/json is asked for, uncompressed");
  return is_pairing ? pair(head) : api(head, *now, is_renewal);
}

Ruling Https::pair(const Head& head) {
  std::size_t length = 0;
  if (auto problem = length_problem(head, small_body, length)) {
    return refuse(problem->status == 413 ? Literal("too_large") : Literal("bad_request"), problem->status, "a short body with Content-Length is asked for");
  }
  const auto& address = head.peer.address;
  if (const int wait = std::max(pairings_.look(address), all_pairings_.look("")); wait > 0) return busy(wait);
  const auto account = head.peer.is_loopback ? account_of_peer(head.peer) : -1;
  return Accept{length, body_time(length), 5s, [this, address, account](const std::string& body, const Reply& reply) {
                  const auto code = code_in(body);
                  if (code.empty()) return reply(refuse("bad_request", 400, "{\"v\": 1, \"code\": six digits} is asked for", true));
                  const auto paired = users_.redeem(code, account);
                  if (!paired) {
                    // Only what fails counts: guessing is slow, and a whole clinic behind one address can pair.
                    (void)pairings_.take(address);
                    (void)all_pairings_.take("");
                    return reply(refuse("wrong_code", 401, "this code is not good, or no longer; ask for a new one", true));
                  }
                  metrics_.paired();
                  metrics_.count("ok");
                  log(Level::info, "paired");
                  reply(api_answer(200, paired_text(*paired)));
                }};
}

std::shared_ptr<Https::Place> Https::take_place(const std::string& user, std::size_t bytes, const ServeConfig& config) {
  const std::lock_guard lock(load_->mutex);
  auto& mine = load_->by_user[user];
  if (load_->count >= config.in_flight || mine >= config.in_flight_per_user || load_->bytes + bytes > config.body_memory_bytes) {
    if (mine == 0) load_->by_user.erase(user);
    return nullptr;
  }
  ++mine;
  ++load_->count;
  load_->bytes += bytes;
  return std::shared_ptr<Place>(new Place{load_, user, bytes});
}

Ruling Https::api(const Head& head, const ServeConfig& config, bool is_renewal) {
  const auto token = bearer(head);
  const auto caller = users_.who(token);
  const bool is_theirs = caller && (caller->account < 0 || (head.peer.is_loopback && account_of_peer(head.peer) == caller->account));
  if (!is_theirs) {
    auto out = refuse("wrong_token", 401, "pair this device again: its token is unknown, too old or was revoked", true);
    out.fields.emplace_back("WWW-Authenticate", "Bearer");
    return out;
  }
  std::size_t length = 0;
  const auto most = is_renewal ? small_body : config.request_bytes;
  if (auto problem = length_problem(head, most, length)) {
    return refuse(problem->status == 413 ? Literal("too_large") : Literal("bad_request"), problem->status, "Content-Length is asked for, of at most " + std::to_string(most) + " bytes");
  }
  if (const int wait = requests_.take(caller->user); wait > 0) return busy(wait);
  auto place = take_place(caller->user, length, config);
  if (!place) return busy(1);
  if (is_renewal) {
    return Accept{length, body_time(length), 5s, [this, token, place](const std::string&, const Reply& reply) {
                    const auto paired = users_.renew(token);
                    if (!paired) return reply(refuse("wrong_token", 401, "pair this device again", true));
                    metrics_.count("ok");
                    reply(api_answer(200, paired_text(*paired)));
                  }};
  }
  return Accept{length, body_time(length), limits::longest_deadline + 5s,
                [this, session = Session{caller->user, std::to_string(caller->token)}, place = std::move(place)](const std::string& body, const Reply& reply) mutable {
                  const auto started = system::Clock::now();
                  host_.submit(body, session, [this, reply, started, place = std::move(place)](std::string text, bool is_reply) mutable {
                    if (!is_reply) return;
                    metrics_.answered(std::chrono::duration_cast<std::chrono::microseconds>(system::Clock::now() - started));
                    metrics_.count("ok");
                    place.reset();
                    reply(api_answer(200, std::move(text)));
                  });
                }};
}

Ruling Https::read(const Head& head, const ServeConfig& config, const std::string& path) {
  if (head.count("content-length") + head.count("transfer-encoding") > 0 && head.field("content-length") != "0") return refuse("bad_request", 400, "a GET has no body");
  if (path == "/healthz") return health();
  if (path == "/metrics" && (config.metrics == MetricsFor::anyone || (config.metrics == MetricsFor::loopback && head.peer.is_loopback))) {
    const auto found = problem();
    Answer out{200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text({connections_ ? connections_() : 0, load_->count, system::usage().resident_kb * 1024, certificate_ends_, !found}),
               {{"Cache-Control", "no-store"}}, true, false};
    return with_headers(std::move(out));
  }
  if (path == "/api" || path == "/pair" || path == "/renew") {
    auto out = refuse("wrong_method", 405, "that is not done here");
    out.fields.emplace_back("Allow", "POST");
    return out;
  }
  return page(head, config, path);
}

Answer Https::page(const Head& head, const ServeConfig& config, const std::string& path) {
  std::optional<Page> page;
  if (path == well_known) page = Page{to_text(Json{{"allowed", Json::array({config.origin + std::string(event_script)})}}), "application/json", {}};
  else page = read_page(config.pages, path);
  // Classic Outlook runs this script without a page, so nothing else can tell it where we are.
  if (page && path == event_script) replace(*page, origin_mark, config.origin);
  if (!page) return refuse("not_found", 404, "there is nothing of that name", true);
  metrics_.count("ok");
  Answer out{200, page->media_type, {}, {}, true, false};
  // Office shows an image of its own in place of an icon that comes with this field (Microsoft, "Resources element": Images).
  const bool is_icon = path.starts_with("/icons/");
  if (!is_icon) out.fields.emplace_back("Cache-Control", "public, max-age=300");
  if (!page->mark.empty()) out.fields.emplace_back("ETag", "\"" + page->mark + "\"");
  if (page->media_type.starts_with("text/html")) out.fields.emplace_back("Content-Security-Policy", content_security(config));
  if (!page->mark.empty() && head.field("if-none-match").value_or("").find("\"" + page->mark + "\"") != std::string_view::npos) out.status = 304;
  else out.body = std::move(page->text);
  return with_headers(std::move(out), is_icon);
}

std::optional<Problem> Https::problem() {
  if (!users_.is_well()) return Problem{"users", "", "the users' database cannot be read"};
  if (certificate_ends_ != 0 && certificate_ends_ <= system::now()) return Problem{"certificate", "", "the certificate has ended"};
  const std::lock_guard lock(mutex_);
  return problem_;
}

Answer Https::health() {
  if (auto found = problem()) return refuse("unhealthy", 503, found->message, true);
  // Any visitor can see the end of a certificate in its handshake.
  return api_answer(200, to_text(Json{{"ok", true}, {"certificate_days", (certificate_ends_ - system::now()) / 86'400}}));
}

}  // namespace phiscan::host

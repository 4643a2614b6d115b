#include "serve_config.hpp"

#include <engine/engine.hpp>
#include <engine/files.hpp>

#include <algorithm>
#include <thread>

#include "system.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* keys[] = {"schema", "mode", "origin", "listen", "certificate", "key", "pages", "users", "state", "policy", "packs", "outlook_origins", "allow_missing_origin", "metrics", "limits"};
constexpr const char* limit_keys[] = {"connections", "connections_per_address", "request_bytes", "body_memory_bytes", "in_flight", "in_flight_per_user", "requests_per_minute", "threads",
                                      "handshake_ms", "head_ms", "idle_ms", "write_ms"};

template <std::size_t count>
void no_others(const Json& object, Fields& in, const char* const (&known)[count]) {
  for (const auto& [key, value] : object.items()) {
    if (key.starts_with("//")) continue;  // a comment
    if (std::find(std::begin(known), std::end(known), key) == std::end(known)) in.fail(key.c_str(), "there is no such key");
  }
}

bool is_port(std::string_view text) { return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos && std::stoi(std::string(text)) <= 65535; }

// https://name[:port], as browsers write it.
bool read_origin(const std::string& text, std::string& authority, std::string& name, std::string& port) {
  constexpr std::string_view scheme = "https://";
  if (!text.starts_with(scheme)) return false;
  authority = text.substr(scheme.size());
  const auto colon = authority.find(':');
  name = authority.substr(0, colon);
  port = colon == std::string::npos ? "443" : authority.substr(colon + 1);
  if (name.empty() || name.size() > 253 || name.front() == '.' || name.back() == '.' || name.front() == '-' || name.find("..") != std::string::npos) return false;
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") != std::string::npos) return false;
  return is_port(port) && port != "0" && port.front() != '0' && !(colon != std::string::npos && port == "443");
}

// address:port, with [ ] around an IPv6 address.
bool read_listen(const std::string& text, std::string& address, std::uint16_t& port) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || !is_port(text.substr(colon + 1))) return false;
  address = text.substr(0, colon);
  port = static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)));
  if (address.starts_with("[") && address.ends_with("]")) {
    address = address.substr(1, address.size() - 2);
    return address.find(':') != std::string::npos;
  }
  return !address.empty() && address.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

std::variant<ServeConfig, Problem> read_serve_config(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return Problem{"config", "", file.string() + ": there is no such file"};
  auto bytes = engine::read_file(file.string(), "config");
  if (const auto* failure = std::get_if<engine::Failure>(&bytes)) return Problem{"config", "", file.string() + ": " + failure->message};
  if (auto who = system::who_can_change(file, true); !who.empty()) return Problem{"config", "", std::move(who)};
  auto parsed = parse_json(std::get<std::string>(bytes));
  if (auto* problem = std::get_if<Problem>(&parsed)) return Problem{"config", problem->where, file.string() + ": " + problem->message};
  const auto& json = std::get<Json>(parsed);

  ServeConfig out;
  std::optional<Problem> problem;
  Fields in(json, "", problem);
  if (problem) return Problem{"config", "", file.string() + ": must be a JSON object"};
  no_others(json, in, keys);
  (void)in.one_of("schema", {"phiscan.serve/1"});
  out.is_loopback = in.one_of("mode", {"server", "loopback"}) == "loopback";
  out.origin = in.required_text("origin", 300);
  std::string origin_port;
  if (!problem && !read_origin(out.origin, out.authority, out.name, origin_port)) {
    in.fail("origin", "must be https://name or https://name:port, in small letters, with nothing behind it and without :443");
  }
  const auto listen = in.required_text("listen", 100);
  if (!problem && !read_listen(listen, out.address, out.port)) in.fail("listen", "must be a numeric address and a port, like 0.0.0.0:8443 or [::]:8443");
  if (!problem && out.is_loopback) {
    if (out.address != "127.0.0.1") in.fail("listen", "must be 127.0.0.1 in loopback mode: nobody else may reach it");
    if (out.name != "localhost" || origin_port != std::to_string(out.port)) in.fail("origin", "must be https://localhost:" + std::to_string(out.port) + " in loopback mode");
  }

  const auto base = fs::absolute(file, error).parent_path();
  const auto path = [&](const char* key, bool required) {
    const auto text = required ? in.required_text(key, 4096) : in.text(key, 4096);
    return text.empty() ? fs::path() : (base / text).lexically_normal();
  };
  out.certificate = path("certificate", true);
  out.key = path("key", true);
  out.pages = path("pages", true);
  out.users = path("users", true);
  out.state = path("state", false);
  out.policy = path("policy", false);
  out.packs = path("packs", false);
  if (!problem && !fs::is_directory(out.pages, error)) in.fail("pages", out.pages.string() + ": there is no such folder");
  if (!problem && !fs::is_directory(out.users.parent_path(), error)) in.fail("users", out.users.parent_path().string() + ": there is no such folder");
  if (out.state.empty() && !out.users.empty()) out.state = out.users.parent_path() / "state.db";
  if (!problem && !fs::is_directory(out.state.parent_path(), error)) in.fail("state", out.state.parent_path().string() + ": there is no such folder");
  if (!problem && !out.policy.empty() && !fs::is_regular_file(out.policy, error)) in.fail("policy", out.policy.string() + ": there is no such file");
  if (!problem && !out.packs.empty() && !fs::is_directory(out.packs, error)) in.fail("packs", out.packs.string() + ": there is no such folder");

  if (in.has("outlook_origins")) {
    const auto& list = in.list("outlook_origins", 32, false);
    for (std::size_t i = 0; i < list.size(); ++i) {
      std::string authority, name, port;
      if (!list[i].is_string() || !read_origin(list[i].get<std::string>(), authority, name, port)) in.fail(("outlook_origins/" + std::to_string(i)).c_str(), "must be an origin like https://outlook.office.com");
      else out.outlook_origins.push_back(list[i].get<std::string>());
    }
  } else {
    out.outlook_origins = {"https://outlook.office.com", "https://outlook.office365.com", "https://outlook.cloud.microsoft"};
  }
  out.allow_missing_origin = in.flag("allow_missing_origin", false);
  const auto metrics = in.one_of("metrics", {"off", "loopback", "anyone"}, "off");
  out.metrics = metrics == "anyone" ? MetricsFor::anyone : metrics == "loopback" ? MetricsFor::loopback : MetricsFor::nobody;

  const auto& given = in.object("limits", false);
  Fields limits(given, "/limits", problem);
  no_others(given, limits, limit_keys);
  const auto size = [&](const char* key, std::int64_t least, std::int64_t most, std::size_t& into) {
    into = static_cast<std::size_t>(limits.number(key, least, most, static_cast<std::int64_t>(into)));
  };
  const auto time = [&](const char* key, std::chrono::milliseconds& into) { into = std::chrono::milliseconds(limits.number(key, 100, 600'000, into.count())); };
  size("connections", 1, 100'000, out.http.connections);
  size("connections_per_address", 1, 100'000, out.http.per_address);
  size("request_bytes", 65'536, 32 << 20, out.request_bytes);
  size("body_memory_bytes", 1 << 20, std::int64_t{16} << 30, out.body_memory_bytes);
  size("in_flight", 1, 56, out.in_flight);  // below the host's own limit
  size("in_flight_per_user", 1, 56, out.in_flight_per_user);
  size("requests_per_minute", 1, 1'000'000, out.requests_per_minute);
  time("handshake_ms", out.http.handshake);
  time("head_ms", out.http.head);
  time("idle_ms", out.http.idle);
  time("write_ms", out.http.write);
  std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  size("threads", 1, 256, threads);
  out.threads = static_cast<unsigned>(threads);
  if (!problem && out.body_memory_bytes < out.request_bytes) limits.fail("body_memory_bytes", "must be at least request_bytes");
  if (problem) return Problem{"config", problem->where, problem->message};
  return out;
}

}  // namespace phiscan::host

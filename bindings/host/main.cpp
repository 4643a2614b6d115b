// phiscan-host: reads the command and starts what it names.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <client.hpp>
#include <engine/files.hpp>

#include "cert_command.hpp"
#include "demo_policy.hpp"
#include "host.hpp"
#include "install.hpp"
#include "keys.hpp"
#include "manifest.hpp"
#include "playground.hpp"
#include "serve.hpp"
#include "status.hpp"
#include "stdio.hpp"
#include "system.hpp"
#include "users_command.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* help = R"(phiscan-host - answers mail programs that ask about a draft

usage: phiscan-host COMMAND [OPTIONS]

Mail programs start it themselves; nothing is sent anywhere, and no text of a mail is stored.

commands:
  stdio                 native messaging on standard input and output (what Thunderbird starts)
  serve --config FILE   the add-in's pages and checks over HTTPS, for a clinic or for this machine (default /etc/phiscan/serve.json)
  serve --playground    the playground: a web page on this machine to try drafts and policies
  users add NAME        let somebody use the service; prints a code of six digits to pair their device with
  users list            who may, and until when
  users pair NAME       a new code, for another device
  users rotate NAME     end all tokens of the user, and give a new code
  users revoke NAME     end all tokens and codes of the user (remove NAME: the user, too)
  cert make             loopback mode: make a certificate for https://localhost, and have this user's browsers trust it
                        (--system: all programs of this machine, too)
  cert renew            a new one, before the old one ends; the service takes it over within a minute
                        (--due: only when it ends within 30 days, for a timer: phiscan-cert.timer does it each day)
  cert trust            this user's browsers trust what is there; for everybody else on this machine, after each renewal
  cert status [--json]  until when it is good, and who trusts it
  cert remove           take back all of it: trust and files
  status [--json]       what works here and what does not
  install --thunderbird    tell Thunderbird where this program is (--system: for all users)
  uninstall --thunderbird  take that back (--system: for all users)
  status --thunderbird     whether Thunderbird finds this program, and nobody else can change it [--json]
  manifest              the manifest of the Outlook add-in, for the Microsoft 365 admin center
  state forget ADDRESS  forget that you ever wrote to this address
  state forget --all    forget all addresses and answers; replaces a damaged state
  help                  this page

stdio:
  --lines               one JSON document per line instead of frames, to try it by hand

serve, users and cert:
  --config FILE         the service's configuration (default /etc/phiscan/serve.json)
  --check               look at the configuration and the certificate, and end
  --account N           users add: the user id of this machine that alone may use the tokens (loopback mode: you)

serve --playground:
  --port N              port on 127.0.0.1 (default 8765; 0 takes any that is free)
  --pages DIR           folder with the page (default: beside this program)

manifest:
  --origin ORIGIN       where this host answers, such as https://phiscan.clinic.example[:port]
  --mode soft|block     when phiscan cannot be reached: soft lets people send, block does not (two add-ins with an id each)
  --id GUID             an id of your own

rules, for each command:
  --policy FILE         the clinic's policy (default /etc/phiscan/policy.json)
  --packs DIR           rule packs by name, in overlay order (default /etc/phiscan/packs; none: the built-in pack)
  --state FILE          database of the history (default $XDG_STATE_HOME/phiscan/state.db); it holds keyed digests only
  --no-cache            do not keep compiled patterns in $XDG_CACHE_HOME/phiscan
  --extractor FILE      the phiscan-extract program (default: beside this program)

examples:
  echo '{"v":1,"id":"1","type":"status"}' | phiscan-host stdio --lines
  phiscan-host serve --playground
  phiscan-host users add frontdesk --config /etc/phiscan/serve.json
  phiscan-host cert make --config serve.json
  phiscan-host status --policy clinic.json

Policy and packs must belong to the administrator and nobody else may be able to change them; files named with --policy and
--packs may be your own. The protocol is described in bindings/host/PROTOCOL.md.

exit codes: 0 done; 1 ended by an error, or status: something does not work; 2 the command cannot be used
)";

struct Usage {
  std::string message;
};

struct Words {
  std::string command;
  std::vector<std::string> operands;
  std::map<std::string, std::string> options;

  [[nodiscard]] bool has(const std::string& name) const { return options.contains(name); }
  [[nodiscard]] std::string value(const std::string& name, std::string otherwise = {}) const {
    const auto at = options.find(name);
    return at == options.end() ? std::move(otherwise) : at->second;
  }
};

Words read_words(const std::vector<std::string>& words) {
  constexpr std::string_view flags[] = {"--lines", "--playground", "--no-cache", "--help", "--json", "--all", "--thunderbird", "--system", "--check", "--due"};
  constexpr std::string_view with_value[] = {"--port", "--pages", "--policy", "--packs", "--extractor", "--state", "--config", "--account", "--origin", "--mode", "--id"};
  Words out;
  // Thunderbird names the manifest and the add-on, nothing else.
  if (words.size() >= 2 && words[0].starts_with("/") && words[0].ends_with(".json") && !words[1].starts_with("-")) {
    out.command = "stdio";
    return out;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto word = words[i] == "-h" ? std::string("--help") : words[i];
    std::string value;
    const auto equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
      word.resize(equals);
    }
    if (std::find(std::begin(flags), std::end(flags), word) != std::end(flags) && equals == std::string::npos) {
      out.options[word] = "";
    } else if (std::find(std::begin(with_value), std::end(with_value), word) != std::end(with_value)) {
      if (equals == std::string::npos) {
        if (i + 1 >= words.size()) throw Usage{word + " needs a value"};
        value = words[++i];
      }
      out.options[word] = value;
    } else if (word.starts_with("-")) {
      throw Usage{"there is no option " + word};
    } else if (out.command.empty()) {
      out.command = word;
    } else {
      out.operands.push_back(word);
    }
  }
  if (!out.operands.empty() && out.command != "state" && out.command != "users" && out.command != "cert") throw Usage{"what is " + out.operands.front() + "?"};
  return out;
}

// Empty, so in memory, only when nobody knows a home.
fs::path state_file(const Words& words) {
  if (words.has("--state")) return fs::absolute(words.value("--state"));
  const auto folder = engine::state_folder();
  return folder.empty() ? fs::path() : folder / "state.db";
}

HostOptions host_options(const Words& words) {
  HostOptions out;
  out.files.policy = words.value("--policy", "/etc/phiscan/policy.json");
  out.files.packs = words.value("--packs", "/etc/phiscan/packs");
  out.files.policy_required = words.has("--policy");
  out.files.own_is_fine = words.has("--policy") || words.has("--packs");
  out.with_cache = !words.has("--no-cache");
  out.extractor = words.value("--extractor");
  out.state = state_file(words);
  return out;
}

int run_stdio(const Words& words) {
  if (system::is_terminal_in() && !words.has("--lines")) {
    std::fputs(
        "phiscan-host stdio speaks native messaging: mail programs start it and send it frames, which a keyboard cannot.\n"
        "To try it by hand, one JSON document per line:\n"
        "  phiscan-host stdio --lines\n"
        "then type  {\"v\":1,\"id\":\"1\",\"type\":\"status\"}  and Ctrl-D to end. `phiscan-host --help` says more.\n",
        stderr);
    return 2;
  }
  Host host(host_options(words));
  return serve_stdio(host, words.has("--lines") ? Framing::lines : Framing::native);
}

long number(const Words& words, const std::string& option, const std::string& otherwise, long most) {
  const auto text = words.value(option, otherwise);
  const bool is_number = !text.empty() && text.size() <= 10 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number || std::stol(text) > most) throw Usage{option + " is a number from 0 to " + std::to_string(most)};
  return std::stol(text);
}

fs::path config_file(const Words& words) { return words.value("--config", "/etc/phiscan/serve.json"); }

int run_service(const Words& words) {
  for (const auto* one : {"--port", "--pages", "--policy", "--packs", "--state"}) {
    if (words.has(one)) throw Usage{std::string(one) + " belongs into the configuration; or did you mean serve --playground?"};
  }
  if (words.has("--check")) return check_serve(config_file(words));
  return serve_https(config_file(words), host_options(words));
}

int run_users_words(const Words& words) {
  constexpr std::string_view verbs[] = {"add", "list", "pair", "rotate", "revoke", "remove"};
  const bool is_known = !words.operands.empty() && std::find(std::begin(verbs), std::end(verbs), words.operands.front()) != std::end(verbs);
  if (!is_known || words.operands.size() != (words.operands.front() == "list" ? 1U : 2U)) throw Usage{"users add NAME, list, pair NAME, rotate NAME, revoke NAME or remove NAME"};
  return run_users(config_file(words), words.operands, words.has("--account") ? number(words, "--account", "", 4'294'967'294) : -1);
}

int run_cert_words(const Words& words) {
  constexpr std::string_view verbs[] = {"make", "renew", "trust", "status", "remove"};
  if (words.operands.size() != 1 || std::find(std::begin(verbs), std::end(verbs), words.operands.front()) == std::end(verbs)) throw Usage{"cert make, cert renew, cert trust, cert status or cert remove"};
  return run_cert(config_file(words), words.operands.front(), words.has("--system"), words.has("--due"), words.has("--json"));
}

int run_serve(const Words& words) {
  if (!words.has("--playground")) return run_service(words);
  PlaygroundOptions http;
  http.port = static_cast<std::uint16_t>(number(words, "--port", "8765", 65'535));
  const auto folder = system::program().parent_path();
  http.pages = words.value("--pages");
  if (http.pages.empty()) {
    for (const auto* place : {"../addins/playground", "../share/phiscan/playground"}) {
      if (fs::exists(folder / place / "index.html")) http.pages = fs::weakly_canonical(folder / place);
      if (!http.pages.empty()) break;
    }
  }
  std::error_code error;
  if (!fs::is_regular_file(http.pages / "index.html", error)) throw Usage{"there is no index.html in the pages folder; name it with --pages DIR"};
  auto options = host_options(words);
  options.is_playground = true;
  options.pages = http.pages;
  if (!words.has("--policy")) {
    options.files.policy.clear();
    options.policy_text = demo_policy;
  }
  if (!words.has("--packs")) options.files.packs.clear();
  if (!words.has("--state")) options.state.clear();
  Host host(options);
  return serve_playground(host, http);
}

int run_install(const Words& words) {
  if (!words.has("--thunderbird")) throw Usage{words.command + " what? --thunderbird"};
  const auto scope = words.has("--system") ? Scope::system : Scope::user;
  const auto outcome = words.command == "install" ? install_thunderbird(scope, system::program()) : uninstall_thunderbird(scope);
  for (const auto& line : outcome.lines) std::fprintf(outcome.is_done ? stdout : stderr, "%s\n", line.c_str());
  return outcome.is_done ? 0 : 1;
}

int run_thunderbird_status(const Words& words) {
  const auto status = thunderbird_status();
  const auto text = words.has("--json") ? status.dump(2) + "\n" : thunderbird_status_text(status);
  std::fputs(text.c_str(), stdout);
  return status["works"].get<bool>() ? 0 : 1;
}

int run_status(const Words& words) {
  if (words.has("--thunderbird")) return run_thunderbird_status(words);
  const auto options = host_options(words);
  Host host(options);
  auto status = host.status(system::user_id());
  extract::Worker worker({options.extractor, -1});
  const bool can_read = worker.start() == extract::Status::ok;
  status["extractor"] = can_read;
  status.erase("process");
  status.erase("attachments");
  const auto text = words.has("--json") ? status.dump(2) + "\n" : status_text(status);
  std::fputs(text.c_str(), stdout);
  const bool is_fine = status["problems"].empty() && status["state"]["condition"] == "ready" && can_read;
  return is_fine ? 0 : 1;
}

int run_manifest(const Words& words) {
  const auto made = outlook_manifest({words.value("--origin"), words.value("--mode"), words.value("--id")});
  if (const auto* problem = std::get_if<ManifestProblem>(&made)) throw Usage{problem->message};
  std::fputs(std::get<std::string>(made).c_str(), stdout);
  return 0;
}

int run_state(const Words& words) {
  const bool is_forget = !words.operands.empty() && words.operands.front() == "forget";
  const bool is_all = words.has("--all");
  if (!is_forget || words.operands.size() != (is_all ? 1U : 2U)) throw Usage{"state forget ADDRESS, or state forget --all"};
  const auto file = state_file(words);
  std::error_code error;
  if (file.empty() || !fs::exists(file, error)) {
    std::puts("nothing is remembered");
    return 0;
  }
  if (!is_all && !parse_address(words.operands[1])) throw Usage{"that is no address"};
  State state(file);
  const bool done = is_all ? state.forget_all() : state.forget(system::user_id(), words.operands[1]);
  if (done) std::puts("forgotten");
  else std::fputs("phiscan-host: the state cannot be changed now; `phiscan-host status` says why\n", stderr);
  return done ? 0 : 1;
}

int run(const std::vector<std::string>& list) {
  const auto words = read_words(list);
  if (words.has("--help") || words.command == "help" || words.command.empty()) {
    std::fputs(help, words.command.empty() && !words.has("--help") ? stderr : stdout);
    return words.command.empty() && !words.has("--help") ? 2 : 0;
  }
  if (words.command == "stdio") return run_stdio(words);
  if (words.command == "serve") return run_serve(words);
  if (words.command == "install" || words.command == "uninstall") return run_install(words);
  if (words.command == "status") return run_status(words);
  if (words.command == "manifest") return run_manifest(words);
  if (words.command == "state") return run_state(words);
  if (words.command == "cert") return run_cert_words(words);
  if (words.command == "users") return run_users_words(words);
  if (words.command == "keyring-get" || words.command == "keyring-set" || words.command == "keyring-drop") return run_keyring(words.command);
  throw Usage{"there is no command " + words.command};
}

}  // namespace
}  // namespace phiscan::host

int main(int argc, char** argv) {
  using namespace phiscan::host;
  system::harden();
  system::stop_on_signals();
  try {
    return run({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const Usage& usage) {
    std::fprintf(stderr, "phiscan-host: %s\n  `phiscan-host --help` shows how\n", usage.message.c_str());
    return 2;
  } catch (const std::bad_alloc&) {
    std::fputs("phiscan-host: not enough memory\n", stderr);
  } catch (const std::exception&) {  // what() might quote
    std::fputs("phiscan-host: stopped by an error of its own; please report the command you gave\n", stderr);
  }
  return 1;
}

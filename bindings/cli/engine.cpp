#include "engine.hpp"

#include <utility>

#include "quit.hpp"

namespace phiscan::cli {
namespace {

template <typename T>
T or_quit(Or<T> answer, int code, std::string_view input) {
  if (const auto* failure = std::get_if<Failure>(&answer)) throw Quit{code, sentence(input, *failure)};
  return std::get<T>(std::move(answer));
}

}  // namespace

std::string read_file(const std::string& path, std::string_view what) { return or_quit(engine::read_file(path, what), exit_usage, ""); }

std::string read_pack(const std::string& path) {
  auto pack = engine::read_pack(path);
  const auto* failure = std::get_if<Failure>(&pack);
  const bool is_broken = failure != nullptr && failure->code != "not_found" && failure->code != "not_readable";
  return or_quit(std::move(pack), exit_usage, is_broken ? "pack " + path : "");
}

Rules Rules::load(const Arguments& arguments) {
  std::vector<std::string> bundles;
  for (const auto& path : arguments.values("--pack")) bundles.push_back(read_pack(path));
  std::string policy;
  if (arguments.has("--policy")) {
    policy = read_file(arguments.value("--policy"), "policy");
    if (policy.find_first_not_of(" \t\r\n") == std::string::npos) throw Quit{exit_usage, arguments.value("--policy") + ": the policy file is empty"};
  }
  auto rules = engine::Rules::load(bundles, policy, !arguments.has("--no-cache"));
  if (const auto* failure = std::get_if<Failure>(&rules)) {
    if (failure->code == "policy") {
      const auto& path = arguments.value("--policy");
      throw Quit{exit_usage, sentence(path, *failure) + "\n  `phiscan policy check " + path + "` lists every problem at once"};
    }
    throw Quit{exit_usage, sentence("rule pack", *failure) + (bundles.empty() ? "" : "\n  `phiscan pack check` shows what is wrong with a pack")};
  }
  return Rules(std::get<engine::Rules>(std::move(rules)));
}

Scanner::Scanner(const engine::Rules& rules) : engine::Scanner(or_quit(engine::Scanner::make(rules), exit_failed, "scanner")) {}

}  // namespace phiscan::cli

// phiscan: the command line over phiscan.h. Dispatch only; each command is a file of its own.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "commands.hpp"
#include "engine.hpp"
#include "quit.hpp"

namespace phiscan::cli {

int run_version(const Arguments&) {
  const auto engine = text(phiscan_version());
  std::printf("phiscan %d.%d.%d (engine %.*s)\n", PHISCAN_VERSION_MAJOR, PHISCAN_VERSION_MINOR, PHISCAN_VERSION_PATCH, static_cast<int>(engine.size()),
              engine.data());
  return exit_fine;
}

int run_help(const Arguments& arguments) {
  std::string name;
  for (const auto& word : arguments.operands) name += (name.empty() ? "" : " ") + word;
  if (name.empty()) {
    std::fputs(help_text(nullptr).c_str(), stdout);
    return exit_fine;
  }
  std::vector<std::string_view> names;
  bool found = false;
  for (const auto& command : commands()) {
    names.push_back(command.name);
    if (command.name != name && !command.name.starts_with(name + " ")) continue;  // `help pack` shows both
    if (found) std::fputs("\n", stdout);
    std::fputs(help_text(&command).c_str(), stdout);
    found = true;
  }
  if (found) return exit_fine;
  const auto near = nearest(name, names);
  throw Quit{exit_usage, "there is no command `" + name + "`" + (near.empty() ? "" : "; did you mean " + near + "?") + "\n  `phiscan help` lists them"};
}

namespace {

using Run = int (*)(const Arguments&);
constexpr std::pair<std::string_view, Run> runs[] = {
    {"scan", run_scan},
    {"explain", run_explain},
    {"eval", run_eval},
    {"pack check", run_pack_check},
    {"pack bundle", run_pack_bundle},
    {"policy check", run_policy_check},
    {"policy describe", run_policy_describe},
    {"cache path", run_cache_path},
    {"cache clear", run_cache_clear},
    {"completions", run_completions},
    {"version", run_version},
    {"help", run_help},
};

int dispatch(const std::vector<std::string>& words) {
  const auto arguments = read_arguments(words);
  if (arguments.has("--help")) {
    std::fputs(help_text(arguments.command).c_str(), stdout);
    return exit_fine;
  }
  for (const auto& [name, run] : runs) {
    if (arguments.command->name == name) return run(arguments);
  }
  return exit_usage;
}

}  // namespace
}  // namespace phiscan::cli

int main(int argc, char** argv) {
  using namespace phiscan::cli;
  int code = exit_failed;
  try {
    code = dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const Quit& quit) {
    std::fprintf(stderr, "phiscan: %s\n", quit.message.c_str());
    code = quit.code;
  } catch (const std::bad_alloc&) {
    std::fputs("phiscan: not enough memory\n", stderr);
  } catch (const std::exception&) {  // what() might quote the input
    std::fputs("phiscan: stopped by an error of its own; please report the command you gave\n", stderr);
  }
  if (std::fflush(stdout) != 0 && code == exit_fine) {
    std::fputs("phiscan: the output could not be written; is the disk full?\n", stderr);
    code = exit_failed;
  }
  return code;
}

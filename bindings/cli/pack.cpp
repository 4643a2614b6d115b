// phiscan pack: check a rule pack, bundle a pack folder.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "engine.hpp"
#include "quit.hpp"
#include "style.hpp"

namespace phiscan::cli {
using Json = nlohmann::json;
namespace {

std::string word_of(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || at->is_null()) return "-";
  if (at->is_string()) return at->get<std::string>();
  if (at->is_number_float()) {
    char text[32];
    std::snprintf(text, sizeof text, "%.0f", at->get<double>());
    return text;
  }
  return at->dump();
}

double cost_of(const Json& rule) {
  const auto at = rule.find("ns_per_kb");
  return at != rule.end() && at->is_number() ? at->get<double>() : -1.0;
}

void print_rules(const Json& rules, const Style& style) {
  std::size_t widest = 4;
  for (const auto& rule : rules) widest = std::max(widest, word_of(rule, "id").size());
  std::printf("%s\n", style(Tone::bold, padded("rule", widest + 2) + padded("kind", 11) + padded("trigger", 12) + padded("width", 8) + padded("program", 9) + "ns/kB").c_str());
  for (const auto& rule : rules) {
    std::printf("%s%s%s%s%s%s\n", padded(word_of(rule, "id"), widest + 2).c_str(), padded(word_of(rule, "kind"), 11).c_str(), padded(word_of(rule, "trigger"), 12).c_str(),
                padded(word_of(rule, "width"), 8).c_str(), padded(word_of(rule, "program"), 9).c_str(), word_of(rule, "ns_per_kb").c_str());
  }
}

}  // namespace

int run_pack_check(const Arguments& arguments) {
  const auto style = style_of(arguments);
  std::vector<std::string> bundles;
  for (const auto& path : arguments.operands) bundles.push_back(read_pack(path));
  const auto answer = pack_check(bundles);
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    std::fprintf(stderr, "phiscan: %s\n", sentence("rule pack", *failure).c_str());
    return exit_worse;
  }
  const auto& text = std::get<std::string>(answer);
  auto report = Json::parse(text);
  const auto problems = report.value("problems", Json::array());
  if (arguments.has("--json")) {
    std::printf("%s\n", report.dump(2).c_str());
    return problems.empty() ? exit_fine : exit_worse;
  }
  auto rules = report.value("rules", Json::array());
  if (arguments.has("--costs")) {
    std::stable_sort(rules.begin(), rules.end(), [](const Json& a, const Json& b) { return cost_of(a) > cost_of(b); });
    print_rules(rules, style);
    std::printf("\n");
  }
  for (const auto& problem : problems) {
    std::printf("%s %s: %s\n", style(Tone::red, "problem").c_str(), word_of(problem, "rule").c_str(), word_of(problem, "message").c_str());
  }
  const auto name = word_of(report, "pack") + " " + word_of(report, "version");
  if (problems.empty()) std::printf("%s %s: %zu rules, every example holds\n", style(Tone::green, "fine").c_str(), name.c_str(), rules.size());
  else std::printf("%s: %zu rules, %zu problem%s\n", name.c_str(), rules.size(), problems.size(), problems.size() == 1 ? "" : "s");
  return problems.empty() ? exit_fine : exit_worse;
}

int run_pack_bundle(const Arguments& arguments) {
  const auto out = arguments.value("-o");
  if (out.empty()) throw Quit{exit_usage, "say where to write the bundle: -o FILE (- is standard output)"};
  const auto bundle = read_pack(arguments.operands.front());
  if (out == "-") {
    std::fwrite(bundle.data(), 1, bundle.size(), stdout);
    return exit_fine;
  }
  std::ofstream file(out, std::ios::binary);
  file << bundle;
  file.close();
  if (!file) throw Quit{exit_usage, out + ": cannot be written; does the folder exist?"};
  std::printf("%s: %zu bytes\n", out.c_str(), bundle.size());
  return exit_fine;
}

}  // namespace phiscan::cli

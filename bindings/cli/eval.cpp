// phiscan eval: the engine against labelled mail. Prints figures and rule ids, never text of a mail.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "commands.hpp"
#include "figures.hpp"
#include "gold.hpp"
#include "progress.hpp"
#include "quit.hpp"
#include "runner.hpp"
#include "verdict.hpp"

namespace phiscan::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

std::string joined(const std::set<std::string>& words) { return joined(std::vector(words.begin(), words.end()), ","); }

void write_file(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::fputs(text.c_str(), stdout);
    return;
  }
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Quit{exit_usage, path + ": cannot be written; does the folder exist?"};
}

// What the engine said about persons: the steps with the weights of identity, health and link.
std::string weights_of(const Verdict& verdict) {
  std::vector<std::string> out;
  for (const auto& step : verdict.weights) {
    if (step.starts_with("person") || step.starts_with("content")) out.push_back(step);
  }
  return joined(out, " | ");
}

std::string row_of(const Case& gold, const Verdict& verdict) {
  std::string out = gold.id + "\n    right: " + joined(gold.accept) + (gold.severity ? " " + std::to_string(*gold.severity) : "") + "   given: ";
  if (verdict.failed) return out + "error " + verdict.failure + "\n";
  char confidence[16];
  std::snprintf(confidence, sizeof confidence, "%.2f", verdict.confidence);
  out += verdict.content + " " + std::to_string(verdict.severity) + " (" + confidence + ", " + verdict.action + ")";
  if (!verdict.rules.empty()) out += "\n    rules: " + joined(verdict.rules, ", ");
  if (!verdict.missed.empty()) out += "\n    missed: " + joined(verdict.missed, ", ");
  if (!verdict.made_up.empty()) out += "\n    made up: " + joined(verdict.made_up, ", ");
  if (const auto weights = weights_of(verdict); !weights.empty()) out += "\n    weights: " + weights;
  return out + "\n";
}

class Measurement {
 public:
  explicit Measurement(const Arguments& arguments) : arguments_(arguments) {
    auto set = read_gold(arguments.operands.front(), arguments.value("--gold"));
    const auto split = arguments.value("--split", "all");
    if (split != "all") {
      std::erase_if(set.cases, [&](const Case& one) { return one.split != split; });
      if (set.cases.empty()) throw Quit{exit_usage, "no mail of the split " + split + " here; leave --split out"};
    }
    cases_ = std::move(set.cases);
    verdicts_.resize(cases_.size());
    if (arguments.has("--baseline")) committed_ = read_baseline(arguments.value("--baseline"));
  }

  int run() {
    measure();
    const bool is_json = arguments_.value("--json") == "-";
    const auto figures = figures_of(cases_, verdicts_, "");
    if (!is_json) std::fputs(table_of(figures).c_str(), stdout);
    if (!is_json) std::printf("\n%.0f mails/s (%zu mails in %.2f s, %zu jobs)\n", static_cast<double>(cases_.size()) / seconds_, cases_.size(), seconds_, jobs_);
    if (!is_json) arguments_.has("--errors") ? errors() : worst(arguments_.number("--worst", 5));

    Json baseline = {{"schema", "phiscan.figures/1"}, {"splits", Json::object()}};
    for (const auto& split : splits()) baseline["splits"][split.empty() ? "all" : split] = baseline_of(figures_of(cases_, verdicts_, split));
    if (arguments_.has("--json")) write_file(arguments_.value("--json"), everything().dump(2) + "\n");
    if (arguments_.has("--update")) write_file(arguments_.value("--update"), baseline.dump(2) + "\n");
    int code = figures.failed > 0 ? exit_failed : exit_fine;
    if (arguments_.has("--baseline") && !holds(nlohmann::json(baseline)) && code == exit_fine) code = exit_worse;
    return code;
  }

 private:
  void measure() {
    const auto rules = Rules::load(arguments_);
    auto options = run_options(arguments_);
    options.explain = arguments_.has("--errors") || arguments_.number("--worst", 0) > 0;
    jobs_ = options.jobs;
    Progress progress(Progress::When::later, std::nullopt);
    std::size_t at = 0;
    const auto begin = std::chrono::steady_clock::now();
    run_all(
        rules, options,
        [&](Item& item) {
          if (at == cases_.size()) return false;
          item.source = cases_[at].id;
          std::ifstream in(cases_[at++].mail, std::ios::binary);
          item.bytes = with_run_time_numbers({std::istreambuf_iterator<char>(in), {}});
          if (item.bytes.empty()) item.failure = Failure{"not_readable", "", "cannot be read"};
          return true;
        },
        [&](Outcome& outcome) {
          auto& verdict = verdicts_[outcome.number];  // one slot per mail, one thread per slot
          if (outcome.failure) {
            verdict.failed = true;
            verdict.failure = outcome.failure->code + " " + outcome.failure->where;
            return;
          }
          verdict = judge(cases_[outcome.number], nlohmann::json::parse(outcome.request, nullptr, false), nlohmann::json::parse(outcome.report.json));
        },
        [&](Outcome& outcome) { progress.step(outcome.size); });
    seconds_ = std::max(1e-6, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }

  [[nodiscard]] bool is_false_alarm(std::size_t i) const { return verdicts_[i].is_phi() && !cases_[i].accept.contains("phi"); }
  [[nodiscard]] bool is_miss(std::size_t i) const { return cases_[i].content == "phi" && !verdicts_[i].is_phi(); }

  void worst(std::size_t most) {
    list("False alarms, the surest first", most, [&](std::size_t i) { return is_false_alarm(i); }, [&](std::size_t i) { return verdicts_[i].confidence; });
    list("Missed PHI, the gravest first", most, [&](std::size_t i) { return is_miss(i); }, [&](std::size_t i) { return static_cast<double>(cases_[i].severity.value_or(2)); });
  }

  template <typename Is, typename Weight>
  void list(const char* title, std::size_t most, Is is, Weight weight) {
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      if (is(i)) at.push_back(i);
    }
    if (at.empty() || most == 0) return;
    std::stable_sort(at.begin(), at.end(), [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
    std::printf("\n%s (%zu)\n", title, at.size());
    for (std::size_t i = 0; i < std::min(most, at.size()); ++i) std::printf("  %s", row_of(cases_[at[i]], verdicts_[at[i]]).c_str());
  }

  void errors() {
    std::size_t count = 0;
    std::printf("\nWrong answers\n");
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      if (!verdicts_[i].failed && cases_[i].accept.contains(verdicts_[i].content) && verdicts_[i].unplaced == 0) continue;
      std::printf("  %s", row_of(cases_[i], verdicts_[i]).c_str());
      ++count;
    }
    std::printf("%zu wrong\n", count);
  }

  [[nodiscard]] std::vector<std::string> splits() const {
    std::set<std::string> out{""};
    for (const auto& one : cases_) out.insert(one.split);
    return {out.begin(), out.end()};
  }

  [[nodiscard]] Json everything() const {
    Json out = {{"schema", "phiscan.eval/1"}, {"seconds", seconds_}, {"jobs", jobs_}};
    for (const auto& split : splits()) out["splits"][split.empty() ? "all" : split] = json_of(figures_of(cases_, verdicts_, split));
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const auto& gold = cases_[i];
      const auto& verdict = verdicts_[i];
      Json one = {{"id", gold.id}, {"group", gold.group}, {"split", gold.split}, {"gold", gold.content}, {"accept", gold.accept}};
      if (verdict.failed) {
        one["error"] = verdict.failure;
      } else {
        one.update(Json{{"content", verdict.content}, {"severity", verdict.severity}, {"confidence", verdict.confidence}, {"action", verdict.action},
                        {"prompts", verdict.prompts()}, {"categories", verdict.categories}, {"patients", verdict.patients}, {"rules", verdict.rules},
                        {"missed", verdict.missed}, {"made_up", verdict.made_up}});
      }
      out["mails"].push_back(std::move(one));
    }
    return out;
  }

  static nlohmann::json read_baseline(const std::string& path) {
    auto out = nlohmann::json::parse(read_file(path, "figures"), nullptr, false);
    if (!out.is_object() || !out.contains("splits")) throw Quit{exit_usage, path + ": is not a figures file; write one with --update " + path};
    return out;
  }

  bool holds(const nlohmann::json& now) const {
    std::vector<std::string> worse;
    for (const auto& [split, figures] : committed_["splits"].items()) {
      if (!now["splits"].contains(split)) continue;  // not measured in this run
      if (!arguments_.value("--split", "all").starts_with("all") && split == "all") continue;
      for (const auto& one : worse_than(figures, now["splits"][split])) worse.push_back(split + ": " + one);
    }
    const auto path = arguments_.value("--baseline");
    if (worse.empty()) {
      std::fprintf(stderr, "no figure is worse than in %s\n", path.c_str());
      return true;
    }
    std::fprintf(stderr, "worse than in %s:\n", path.c_str());
    for (const auto& one : worse) std::fprintf(stderr, "  %s\n", one.c_str());
    std::fprintf(stderr, "  when this is meant: --update %s, and say why in the commit\n", path.c_str());
    return false;
  }

  const Arguments& arguments_;
  std::vector<Case> cases_;
  std::vector<Verdict> verdicts_;
  nlohmann::json committed_;
  std::size_t jobs_ = 1;
  double seconds_ = 0.0;
};

}  // namespace

int run_eval(const Arguments& arguments) { return Measurement(arguments).run(); }

}  // namespace phiscan::cli

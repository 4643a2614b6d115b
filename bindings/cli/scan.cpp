// phiscan scan: mails in, reports out, for a person or for a program.
#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "progress.hpp"
#include "quit.hpp"
#include "render.hpp"
#include "request_edit.hpp"
#include "runner.hpp"
#include "system.hpp"

namespace phiscan::cli {
namespace {

// One line of contract §4. The report goes in as it came.
std::string json_line(const Outcome& outcome) {
  std::string out = "{\"source\":" + json_string(outcome.source) + ",\"index\":" + std::to_string(outcome.index);
  if (outcome.failure) {
    const auto& failure = *outcome.failure;
    return out + ",\"error\":{\"code\":" + json_string(failure.code) + ",\"where\":" + json_string(failure.where) + ",\"message\":" + json_string(failure.message) + "}}";
  }
  char ms[32];
  std::snprintf(ms, sizeof ms, ",\"ms\":%.2f", outcome.ms);
  return out + ms + ",\"report\":" + outcome.report.json + "}";
}

int exit_of(phiscan_action worst) {
  switch (worst) {
    case PHISCAN_ACTION_CONFIRM: return exit_confirm;
    case PHISCAN_ACTION_JUSTIFY: return exit_justify;
    case PHISCAN_ACTION_BLOCK: return exit_block;
    default: return exit_fine;
  }
}

enum class Format { text, json, jsonl };

class Scan {
 public:
  explicit Scan(const Arguments& arguments)
      : arguments_(arguments), sources_(paths(arguments), form_of(arguments.value("--input"))), style_(style_of(arguments)) {
    const auto format = arguments.value("--format", "text");
    format_ = format == "jsonl" ? Format::jsonl : format == "json" ? Format::json : Format::text;
  }

  int run() {
    const auto rules = Rules::load(arguments_);
    auto options = run_options(arguments_);
    options.explain = arguments_.has("--explain");
    const bool is_quiet = arguments_.has("--quiet");
    Progress progress(is_quiet ? Progress::When::never : arguments_.has("--progress") ? Progress::When::now : Progress::When::later, sources_.total_bytes());
    run_all(
        rules, options, [&](Item& item) { return sources_.next(item); }, [&](Outcome& outcome) { make(outcome, is_quiet); },
        [&](Outcome& outcome) {
          tally_.count(outcome);
          if (!outcome.text.empty()) {
            if (is_terminal(Stream::out)) progress.clear();
            write(outcome.text);
          }
          progress.step(outcome.size);
        });
    progress.clear();
    if (format_ == Format::json) std::fputs(is_first_ ? "[]\n" : "\n]\n", stdout);
    if (format_ == Format::text && !is_quiet && tally_.mails > 1) std::fputs(tally_.table(style_).c_str(), stdout);
    return tally_.failed > 0 ? exit_failed : exit_of(tally_.worst);
  }

 private:
  static std::vector<std::string> paths(const Arguments& arguments) {
    if (!arguments.operands.empty()) return arguments.operands;
    if (is_terminal(Stream::in)) throw Quit{exit_usage, "`phiscan scan` needs a file or folder\n  for example: phiscan scan draft.eml"};
    return {"-"};
  }

  void make(Outcome& outcome, bool is_quiet) const {
    switch (format_) {
      case Format::jsonl: outcome.text = json_line(outcome) + "\n"; break;
      case Format::json: outcome.text = nlohmann::ordered_json::parse(json_line(outcome)).dump(2); break;
      case Format::text: {
        const bool is_calm = !outcome.failure && outcome.report.action < PHISCAN_ACTION_CONFIRM;
        if (!outcome.failure) {
          const auto report = nlohmann::json::parse(outcome.report.json);
          outcome.content = report.value("content", "");
          outcome.is_complete = report.value("complete", true);
        }
        if (is_quiet && is_calm) return;
        outcome.text = render(outcome, style_, arguments_.has("--all"));
        break;
      }
    }
  }

  void write(const std::string& text) {
    if (format_ == Format::json) std::fputs(is_first_ ? "[\n" : ",\n", stdout);
    is_first_ = false;
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (format_ == Format::jsonl) std::fflush(stdout);  // who reads along sees each mail when it is done
  }

  const Arguments& arguments_;
  Sources sources_;
  Style style_;
  Format format_ = Format::text;
  bool is_first_ = true;
  ScanTally tally_;
};

}  // namespace

int run_scan(const Arguments& arguments) { return Scan(arguments).run(); }

}  // namespace phiscan::cli

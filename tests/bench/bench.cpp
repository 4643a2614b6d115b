// phiscan-bench: how fast the engine is and where the time goes, in one table made in one run, each figure beside its target. Absolute
// times move with the machine; the ratios to other libraries on the same text in the same run move little. Exit 0 whatever the figures.
#include <phiscan/phiscan.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cold_start.hpp"
#include "decide/decision.hpp"
#include "detect/structure.hpp"
#include "engines.hpp"
#include "mails.hpp"
#include "message/request.hpp"
#include "recipients/envelope.hpp"
#include "scan.hpp"
#include "score/weigh.hpp"
#include "table.hpp"

extern char** environ;

namespace phiscan::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t seed = 2026;

std::string mega(double bytes, double ms) { return fixed(bytes / ms / 1e3, 1); }
std::string times(double factor) { return fixed(factor, 1) + "x"; }

std::string size_name(std::size_t size) { return size >= 1'000'000 ? std::to_string(size / 1'000'000) + " MB" : std::to_string(size / 1000) + " kB"; }

std::string read_pack_folder() {
  const fs::path root = PHISCAN_PACK_DIR;
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    contents[fs::relative(entry.path(), root).generic_string()].assign(std::istreambuf_iterator<char>(in), {});
  }
  std::vector<rules::File> files;
  for (const auto& [name, data] : contents) files.push_back({name, data});
  auto bundle = rules::bundle(files);
  return bundle ? *bundle : std::string();
}

// Scans through phiscan.h, as every program does.
class Door {
 public:
  Door() {
    if (phiscan_rules_load(nullptr, 0, {nullptr, 0}, {nullptr, 0}, &rules_, nullptr) == PHISCAN_OK) phiscan_scanner_new(rules_, &scanner_, nullptr);
  }
  ~Door() {
    phiscan_scanner_free(scanner_);
    phiscan_rules_free(rules_);
  }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;
  [[nodiscard]] bool is_open() const { return scanner_ != nullptr; }
  void scan(const std::string& request) {
    phiscan_report* report = nullptr;
    phiscan_scan(scanner_, {request.data(), request.size()}, &report, nullptr);
    phiscan_report_free(report);
  }

 private:
  phiscan_rules* rules_ = nullptr;
  phiscan_scanner* scanner_ = nullptr;
};

void speed(Table& table, Door& door, double budget) {
  table.section("Scan through phiscan.h", {"MB/s", "p50 ms", "p99 ms"});
  const auto one = [&](const std::string& name, const std::string& body, bool is_html, double p50_limit, double p99_limit) {
    const auto mail = request(body, is_html);
    door.scan(mail);
    const auto found = measure(budget, 5, [&] { door.scan(mail); });
    std::string goal;
    if (p50_limit > 0.0) goal = "p50 " + target(found.p50, p50_limit);
    if (p99_limit > 0.0) goal = "p99 " + target(found.p99, p99_limit);
    table.row(name, {mega(static_cast<double>(body.size()), found.p50), fixed(found.p50, 3), fixed(found.p99, 3)}, goal);
    table.figure("scan " + name + " p50", found.p50, "ms", p50_limit);
    table.figure("scan " + name + " p99", found.p99, "ms", p99_limit);
  };
  for (const auto kind : {Kind::ordinary, Kind::clinical}) {
    for (const std::size_t size : {2'000U, 10'000U, 20'000U, 100'000U, 1'000'000U}) {
      one(size_name(size) + " " + to_string(kind), text(kind, size, seed), false, size == 10'000 && kind == Kind::ordinary ? 0.5 : 0.0,
          size == 100'000 && kind == Kind::clinical ? 5.0 : 0.0);
    }
  }
  one("100 kB HTML ordinary", html(Kind::ordinary, 100'000, seed), true, 0.0, 0.0);
  one("100 kB HTML clinical", html(Kind::clinical, 100'000, seed), true, 0.0, 0.0);
}

// The spine of scan.cpp with a clock between the stages.
void stages(Table& table, const Ruleset& set, double budget) {
  struct Column {
    std::string name;
    std::string mail;
    std::vector<double> spent;
  };
  std::vector<Column> columns;
  columns.push_back({"10k ordinary", request(text(Kind::ordinary, 10'000, seed), false), {}});
  columns.push_back({"10k clinical", request(text(Kind::clinical, 10'000, seed), false), {}});
  columns.push_back({"100k clin.", request(text(Kind::clinical, 100'000, seed), false), {}});
  columns.push_back({"100k HTML", request(html(Kind::ordinary, 100'000, seed), true), {}});
  const std::vector<std::string> names{"read request", "normalise", "propose: words", "propose: shapes", "confirm: structures", "confirm: the rest",
                                       "weigh", "recipients", "decide", "report"};
  auto scratch = set.matcher().scratch();
  for (auto& column : columns) {
    std::vector<std::vector<double>> samples(names.size());
    double used = 0.0;
    for (int round = 0; round < 3 || (used < budget && round < 2'000); ++round) {
      std::size_t stage = 0;
      double from = cpu_ms();
      const double first = from;
      const auto next = [&] {
        const double now = cpu_ms();
        samples[stage++].push_back(now - from);
        from = cpu_ms();
      };
      const auto message = message::read_request(column.mail);
      next();
      const auto texts = text::normalise(*message);
      next();
      const auto candidates = detect::propose(set.matcher(), scratch, texts);
      next();
      // propose() does both; the shapes once more alone, and what is found by words is the difference.
      std::vector<detect::ShapeHit> hits;
      for (const auto& part : texts) set.matcher().shapes().propose(scratch, part.norm, hits);
      next();
      for (const auto& part : texts) {
        for (const auto& rule : set.pack().rules) {
          if (!rule.recogniser.empty()) (void)detect::read_structures(rule.recogniser, part);
        }
      }
      next();
      const auto matches = detect::confirm(set.matcher(), texts, candidates, message->now);
      next();
      from = cpu_ms();
      const auto envelope = recipients::classify(set.policy(), *message);
      const double classified = cpu_ms() - from;
      from = cpu_ms();
      const auto findings = score::weigh(set.pack(), set.lists(), set.policy(), *message, texts, envelope, matches);
      next();
      const auto risks = recipients::assess(set.policy(), *message, envelope, findings);
      next();
      samples[stage - 1].back() += classified;
      const auto decision = decide::judge(set.policy(), *message, texts, findings, risks);
      next();
      const auto report = report::compose(set.pack(), set.policy(), *message, texts, findings, risks, decision);
      next();
      used += cpu_ms() - first;
    }
    for (auto& sample : samples) column.spent.push_back(percentiles(std::move(sample)).p50);
    column.spent[2] = std::max(0.0, column.spent[2] - column.spent[3]);
    column.spent[5] = std::max(0.0, column.spent[5] - column.spent[4]);
  }
  std::vector<std::string> heads;
  for (const auto& column : columns) heads.push_back(column.name);
  table.section("Share per stage (ms, median)", heads);
  for (std::size_t stage = 0; stage < names.size(); ++stage) {
    std::vector<std::string> cells;
    for (const auto& column : columns) {
      double all = 0.0;
      for (const double part : column.spent) all += part;
      cells.push_back(fixed(column.spent[stage], 3) + fixed(100.0 * column.spent[stage] / all, 0).insert(0, column.spent[stage] / all < 0.095 ? "  " : " ") + "%");
      table.figure("stage " + column.name + " " + names[stage], column.spent[stage], "ms");
    }
    table.row(names[stage], cells);
  }
}

void ratios(Table& table, const Ruleset& set, double budget) {
  const auto shapes = shape_patterns(set.pack());
  const auto all = all_patterns(set.pack());
  for (const auto kind : {Kind::ordinary, Kind::clinical}) {
    const auto body = text(kind, 100'000, seed);
    const auto message = message::read_request(request(body, false));
    auto scratch = set.matcher().scratch();
    table.section(std::string("Against libraries, 100 kB ") + to_string(kind), {"MB/s", "ms", "to scan", "patterns"});
    const auto bytes = static_cast<double>(body.size());
    // Everything a scan does after its JSON is read, and the part of it that the libraries below do.
    const double whole = measure(budget, 3, [&] { (void)scan(set, scratch, *message); }).p50;
    const auto texts = text::normalise(*message);
    const double search = measure(budget, 3, [&] { (void)detect::confirm(set.matcher(), texts, detect::propose(set.matcher(), scratch, texts), message->now); }).p50;
    table.row("phiscan, whole scan", {mega(bytes, whole), fixed(whole, 2), "1.0x", std::to_string(set.pack().rules.size())});
    table.row("phiscan, propose + confirm", {mega(bytes, search), fixed(search, 2), times(search / whole), std::to_string(set.pack().rules.size())});
    const auto compare = [&](const std::string& name, std::unique_ptr<Engine> engine, bool first_pass, double limit) {
      if (engine == nullptr || engine->patterns() == 0) return table.row(name, {"-", "-", "-", "-"});
      const auto line = [&](const std::string& label, double ms, double least) {
        table.row(label, {mega(bytes, ms), fixed(ms, 2), times(ms / whole), std::to_string(engine->patterns())}, least > 0.0 ? target(ms / whole, least, true) : "");
        table.figure(label + " to scan, " + to_string(kind), ms / whole, "x", least, true);
      };
      if (first_pass) {
        const double from = cpu_ms();
        engine->scan(body);
        line(name + ", first pass", cpu_ms() - from, 0.0);
      }
      line(first_pass ? name + ", warm" : name, measure(budget / 2, 2, [&] { engine->scan(body); }).p50, limit);
    };
    compare("hs_scan, shape patterns", hyperscan(shapes), false, 0.0);
    compare("hs_scan, all patterns", hyperscan(all), false, kind == Kind::clinical ? 3.0 : 0.0);
    compare("RE2::Set, all patterns", re2_set(all), true, 0.0);
    compare("PCRE2-JIT, all patterns", pcre2(all), false, 0.0);
  }
  table.note("The scan also looks for " + std::to_string(set.matcher().term_count()) + " terms and beginnings of patterns, and weighs what it finds; the libraries only report that a pattern ended there.");
}

void starts(Table& table, bool quick) {
  table.section("Cold start, embedded pack", {"wall ms", "CPU ms", "load", "scanner", "first scan"});
  const auto cache = (fs::temp_directory_path() / ("phiscan-bench-" + std::to_string(getpid()) + ".cache")).string();
  std::optional<ColdStart> last;
  const auto line = [&](const std::string& name, const std::string& file, int rounds, double limit) {
    std::vector<double> wall, cpu, load, scanner, first;
    for (int i = 0; i < rounds; ++i) {
      const auto start = cold_start(file);
      if (!start.ok) return table.row(name, {"failed"});
      wall.push_back(start.wall_ms);
      cpu.push_back(start.cpu_ms);
      load.push_back(start.load_ms);
      scanner.push_back(start.scanner_ms);
      first.push_back(start.scan_ms);
      last = start;
    }
    const double spent = percentiles(cpu).p50;
    table.row(name, {fixed(percentiles(wall).p50, 0), fixed(spent, 1), fixed(percentiles(load).p50, 1), fixed(percentiles(scanner).p50, 1), fixed(percentiles(first).p50, 1)},
              limit > 0.0 ? target(spent, limit) : "");
    table.figure("cold start " + name + ", wall", percentiles(wall).p50, "ms");
    table.figure("cold start " + name + ", CPU", spent, "ms", limit);
  };
  line("without cache", "", quick ? 1 : 3, 0.0);
  (void)cold_start(cache);
  line("with cache", cache, quick ? 3 : 15, 50.0);
  fs::remove(cache);
  if (last) {
    table.section("Memory (MB resident)", {"MB"});
    table.row("after loading and one scan", {fixed(last->loaded_mb, 1)}, target(last->loaded_mb, 60.0));
    table.row("highest, after a 100 kB mail", {fixed(last->peak_mb, 1)});
    table.figure("resident after load", last->loaded_mb, "MB", 60.0);
    table.figure("resident peak", last->peak_mb, "MB");
  }
}

struct Run {
  double wall = 0.0;  // ms
  double cpu = 0.0;   // ms, all threads and children
  bool ok = false;
};

Run run_cli(const std::string& program, const fs::path& folder, int jobs) {
  std::vector<std::string> words{program, "scan", "--format", "jsonl", "--jobs", std::to_string(jobs), folder.string()};
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1 /* write */, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
  const auto children = [] {
    rusage use{};
    getrusage(RUSAGE_CHILDREN, &use);
    return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e3 + static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e3;
  };
  Run out;
  pid_t child = 0;
  const double cpu = children();
  const double wall = wall_ms();
  if (posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ) == 0) {
    int status = 0;
    waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    out = {wall_ms() - wall, children() - cpu, code == 0 || (code >= 10 && code <= 12)};  // any other code: not every mail was scanned
  }
  posix_spawn_file_actions_destroy(&actions);
  return out;
}

void bulk(Table& table, const std::string& program, bool quick) {
  table.section("phiscan scan, 3 kB .eml", {"mails/s", "wall s", "CPU s", "CPU ms/mail"});
  if (access(program.c_str(), X_OK) != 0) return table.note("the command line is not built here (" + program + ")");
  const auto root = fs::temp_directory_path() / ("phiscan-bench-" + std::to_string(getpid()));
  fs::create_directories(root / "cache");
  fs::create_directories(root / "mails");
  setenv("XDG_CACHE_HOME", (root / "cache").c_str(), 1);
  const int count = quick ? 400 : 3'000;
  for (int i = 0; i < count; ++i) {
    std::ofstream(root / "mails" / (std::to_string(i) + ".eml"), std::ios::binary) << eml(i % 10 == 0 ? Kind::clinical : Kind::ordinary, 3'000, seed + static_cast<std::uint64_t>(i));
  }
  fs::create_directories(root / "one");
  fs::copy_file(root / "mails" / "1.eml", root / "one" / "1.eml");
  (void)run_cli(program, root / "one", 1);  // fills the cache of compiled patterns
  for (const int jobs : {1, 2}) {
    const auto run = run_cli(program, root / "mails", jobs);
    const std::string name = std::to_string(jobs) + (jobs == 1 ? " job" : " jobs");
    if (!run.ok) {
      table.row(name, {"failed"});
      continue;
    }
    const double rate = count / run.wall * 1e3;
    table.row(name, {fixed(rate, 0), fixed(run.wall / 1e3, 2), fixed(run.cpu / 1e3, 2), fixed(run.cpu / count, 2)}, jobs == 2 ? target(rate, 1'500, true) : "");
    table.figure("eml/s, " + std::to_string(jobs) + " jobs", rate, "1/s", jobs == 2 ? 1'500 : 0.0, true);
  }
  fs::remove_all(root);
}

int usage(int status) {
  std::fprintf(status == 0 ? stdout : stderr,
               "usage: phiscan-bench [--quick] [--json FILE] [--cli FILE] [--only speed|stages|ratios|start|bulk]\n"
               "Prints speed and memory of the engine beside their targets. --quick: shorter runs. --json: the figures as JSON, too.\n"
               "--cli: the phiscan program to measure, otherwise the one of this build.\n");
  return status;
}

int run(int argc, char** argv) {
  bool quick = false;
  std::string json_file;
  std::string cli = PHISCAN_CLI;
  std::string only;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--cold-start" && has_value) return run_cold_start(argv[i + 1]);
    if (word == "--help" || word == "-h") return usage(0);
    if (word == "--quick") quick = true;
    else if (word == "--json" && has_value) json_file = argv[++i];
    else if (word == "--cli" && has_value) cli = argv[++i];
    else if (word == "--only" && has_value) only = argv[++i];
    else return usage(2);
  }
  const double budget = quick ? 100.0 : 1'000.0;
  const auto wanted = [&](std::string_view part) { return only.empty() || only == part; };
  const std::string bundle = read_pack_folder();
  const auto set = Ruleset::load({bundle}, "", "");
  Door door;
  if (!set || !door.is_open()) {
    std::fprintf(stderr, "phiscan-bench: the us-core pack does not load: %s\n", set ? "" : set.error().message.c_str());
    return 2;
  }
  Table table;
  double load[1] = {0.0};
  const bool known = getloadavg(load, 1) == 1;
  std::printf("phiscan %s, %s, %s build, %u processors, load %s. Times are CPU time unless they say wall; pack %s, %zu rules, %zu terms.\n",
              phiscan_version().data, detect::Shapes::proposer().c_str(), PHISCAN_BUILD_TYPE, std::thread::hardware_concurrency(),
              known ? fixed(load[0], 1).c_str() : "unknown", (*set)->pack().version.c_str(), (*set)->pack().rules.size(), (*set)->matcher().term_count());
  if (wanted("speed")) speed(table, door, budget);
  if (wanted("stages")) stages(table, **set, budget);
  if (wanted("ratios")) ratios(table, **set, budget);
  if (wanted("start")) starts(table, quick);
  if (wanted("bulk")) bulk(table, cli, quick);
  if (!json_file.empty()) {
    const nlohmann::json out{{"schema", "phiscan.bench/1"}, {"engine", phiscan_version().data}, {"proposer", detect::Shapes::proposer()},
                             {"build", PHISCAN_BUILD_TYPE}, {"load", known ? load[0] : -1.0}, {"figures", table.figures()}};
    std::ofstream(json_file) << out.dump(2) << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace phiscan::bench

int main(int argc, char** argv) { return phiscan::bench::run(argc, argv); }

#include "runner.hpp"

#include <algorithm>
#include <chrono>
#include <client.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "engine/files.hpp"
#include "quit.hpp"
#include "request_edit.hpp"

namespace phiscan::cli {
namespace {

// The mail cannot be read, so nobody knows what is in it or where it goes: a request that says only that.
std::string request_of_unread(std::string_view why) {
  return R"({"schema":"phiscan.request/1","from":{"address":""},"to":[],"subject":"","gaps":[{"part":"message","why":")" + std::string(why) + R"("}]})";
}

// One thread's way from an item to an outcome.
class Station {
 public:
  Station(const Rules& rules, const RunOptions& options) : options_(options), scanner_(rules), worker_({options.extractor, -1}) {}

  void process(Item& item, Outcome& out) {
    const auto begin = std::chrono::steady_clock::now();
    item.load();
    out.failure = std::move(item.failure);
    if (!out.failure) request(item, out);
    item.bytes = {};
    if (!out.failure) scan(out);
    out.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  void request(Item& item, Outcome& out) {
    if (item.is_request) {
      out.request = std::move(item.bytes);
      return;
    }
    using extract::Status;
    auto result = worker_.extract(item.bytes);
    switch (result.status) {
      case Status::ok: out.request = std::move(result.request_json); return;
      case Status::timeout: out.request = request_of_unread("timeout"); return;
      case Status::crashed: out.request = request_of_unread("crashed"); return;
      case Status::too_large: out.request = request_of_unread("too_large"); return;
      case Status::unreadable: out.failure = Failure{"no_mail", "", std::string(extract::message(result.status))}; return;
      case Status::not_started: break;
    }
    out.failure = Failure{"no_extractor", "", std::string(extract::message(result.status)) + "; it should lie beside phiscan, or name it with --extractor"};
  }

  void scan(Outcome& out) {
    if (!options_.now.empty()) set_field(out.request, "now", json_string(options_.now));
    else if (!has_field(out.request, "now")) set_field(out.request, "now", json_string(engine::now_rfc3339()));
    if (!options_.locale.empty()) set_field(out.request, "locale", json_string(options_.locale));
    if (options_.explain) set_field(out.request, "explain", "true");
    auto report = scanner_.scan(out.request);
    if (auto* failure = std::get_if<Failure>(&report)) out.failure = std::move(*failure);
    else out.report = std::get<Report>(std::move(report));
  }

  const RunOptions& options_;
  Scanner scanner_;
  extract::Worker worker_;
};

}  // namespace

RunOptions run_options(const Arguments& arguments) {
  RunOptions out;
  const auto processors = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  out.jobs = arguments.number("--jobs", std::min<std::size_t>(processors, 16));
  if (out.jobs < 1 || out.jobs > 64) throw Quit{exit_usage, "--jobs is a number from 1 to 64"};
  out.now = arguments.value("--now");
  out.locale = arguments.value("--locale");
  out.extractor = arguments.value("--extractor");
  return out;
}

void run_all(const Rules& rules, const RunOptions& options, const Next& next, const Make& make, const Take& take) {
  std::mutex mutex;
  std::condition_variable may_pull, has_result;
  std::map<std::size_t, Outcome> finished;
  std::size_t pulled = 0, taken = 0, working = options.jobs;
  bool is_over = false;
  std::exception_ptr trouble;
  const std::size_t ahead = options.jobs * 8;

  const auto work = [&] {
    try {
      Station station(rules, options);
      while (true) {
        Item item;
        Outcome outcome;
        {
          std::unique_lock lock(mutex);
          may_pull.wait(lock, [&] { return is_over || pulled < taken + ahead; });
          if (is_over || !next(item)) {
            is_over = true;
            may_pull.notify_all();
            break;
          }
          outcome.number = pulled++;
        }
        outcome.source = item.source;
        outcome.index = item.index;
        outcome.size = item.size;
        station.process(item, outcome);
        make(outcome);
        outcome.request = {};
        const std::lock_guard lock(mutex);
        finished.emplace(outcome.number, std::move(outcome));
        has_result.notify_one();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!trouble) trouble = std::current_exception();
      is_over = true;
      may_pull.notify_all();
    }
    const std::lock_guard lock(mutex);
    --working;
    has_result.notify_one();
  };

  std::vector<std::jthread> threads;
  struct Ender {  // so that nobody waits for a slot when `take` throws
    std::mutex& mutex;
    bool& is_over;
    std::condition_variable& may_pull;
    ~Ender() {
      const std::lock_guard lock(mutex);
      is_over = true;
      may_pull.notify_all();
    }
  };
  for (std::size_t i = 0; i < options.jobs; ++i) threads.emplace_back(work);
  const Ender ender{mutex, is_over, may_pull};
  while (true) {
    Outcome outcome;
    {
      std::unique_lock lock(mutex);
      has_result.wait(lock, [&] { return working == 0 || finished.contains(taken); });
      const auto at = finished.find(taken);
      if (at == finished.end()) break;
      outcome = std::move(at->second);
      finished.erase(at);
      ++taken;
    }
    may_pull.notify_all();
    take(outcome);
  }
  threads.clear();
  if (trouble) std::rethrow_exception(trouble);
}

}  // namespace phiscan::cli

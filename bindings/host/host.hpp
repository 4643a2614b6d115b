// The host itself: one protocol request in, one reply out (PROTOCOL.md). Knows no transport. Scans run on worker threads with one scanner
// each, so replies may come out of order; a timer answers with what there is before a deadline passes. Any thread may call submit.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

#include "attachments.hpp"
#include "fail_state.hpp"
#include "json.hpp"
#include "report_cache.hpp"
#include "rulebook.hpp"
#include "state.hpp"
#include "system.hpp"

namespace phiscan::host {

// Who asks. `user` owns attachments and history; `client` is one connection or page, whose request ids are its own.
struct Session {
  std::string user;
  std::string client;
};

struct HostOptions {
  RuleFiles files;
  bool with_cache = true;              // compiled patterns
  bool is_playground = false;
  std::string policy_text;             // instead of a file (playground)
  std::filesystem::path pages;         // playground: where samples.json is
  std::filesystem::path extractor;
  std::filesystem::path state;         // the database; empty: in memory
  unsigned threads = 2;
};

class Host {
 public:
  // Gets the reply, once, and before it perhaps events; from any thread, possibly before submit returns.
  using Send = std::function<void(std::string text, bool is_reply)>;

  explicit Host(HostOptions options);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  void submit(std::string_view request, const Session& session, Send send);
  // The same, waiting for the reply; events are dropped.
  [[nodiscard]] std::string dispatch(std::string_view request, const Session& session);

  // Waits until nothing is in flight; false when it takes longer.
  bool settle(std::chrono::milliseconds allowed);
  // Before leaving in a hurry: ends the extraction worker.
  void abandon();

  // Looks at policy and packs at once; what is wrong with them. Broken new ones leave the old in force.
  [[nodiscard]] std::vector<RuleProblem> reload();
  // What keeps this host from judging by its rules now; "no_pack" when it has none at all.
  [[nodiscard]] std::optional<Problem> rule_problem();

  // What `status` answers, without the envelope.
  [[nodiscard]] Json status(const std::string& user);

 private:
  struct Call;
  struct Scan;
  using CallPtr = std::shared_ptr<Call>;
  using Route = void (Host::*)(const CallPtr&);

  [[nodiscard]] static Route route(std::string_view type);
  template <Route handler>
  void when_open(const CallPtr& call);
  template <Route handler>
  void after_open(const CallPtr& call);
  void hello(const CallPtr& call);
  void scan(const CallPtr& call);
  void attachment(const CallPtr& call);
  void cancel(const CallPtr& call);
  void record(const CallPtr& call);
  void policy(const CallPtr& call);
  void status_reply(const CallPtr& call);
  void playground_samples(const CallPtr& call);
  void playground_policy(const CallPtr& call);
  void playground_packs(const CallPtr& call);

  void answer(const CallPtr& call, Json fields);
  void refuse(const CallPtr& call, Problem problem);
  void event(const CallPtr& call, Json fields);
  void finish(const CallPtr& call, std::string reply);

  void enqueue(const CallPtr& call, Route job);
  [[nodiscard]] bool prepare(const CallPtr& call, Scan& scan);
  void add_history(const CallPtr& call, Scan& scan);
  void run_scan(const CallPtr& call);
  void run_envelope(const CallPtr& call);
  void run_record(const CallPtr& call);
  // The report for these exact bytes, from the cache or the engine; nothing when the call was refused.
  [[nodiscard]] std::optional<engine::Report> report_for(const CallPtr& call, Scan& scan, const std::string& request);
  [[nodiscard]] std::string keep_facts(const Scan& scan, const Json& report);
  void give_report(const CallPtr& call, const Scan& scan, const std::string& report);

  void work();
  void watch();

  const HostOptions options_;
  Rulebook rulebook_;
  Attachments attachments_;
  ReportCache reports_;
  State state_;

  std::mutex mutex_;
  std::condition_variable has_work_, has_deadline_, is_idle_;
  std::map<std::pair<std::string, std::string>, CallPtr> calls_;  // by client and id
  std::deque<CallPtr> queue_;
  std::deque<std::pair<std::string, std::string>> facts_;  // fingerprints of the last reports, and what "the same again in this thread" means
  std::multimap<system::Clock::time_point, std::weak_ptr<Call>> deadlines_;
  std::size_t sending_ = 0;
  bool over_ = false;
  std::vector<std::jthread> threads_;  // the first loads the rules and ends
};

}  // namespace phiscan::host

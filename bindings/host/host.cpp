#include "host.hpp"

#include <engine/files.hpp>

#include <algorithm>
#include <cstdio>
#include <future>

#include "digest.hpp"
#include "fit.hpp"
#include "limits.hpp"

namespace phiscan::host {
namespace {

using namespace std::chrono_literals;
using system::Clock;

constexpr int protocol_version = 1;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

std::string version() { return std::to_string(PHISCAN_VERSION_MAJOR) + "." + std::to_string(PHISCAN_VERSION_MINOR) + "." + std::to_string(PHISCAN_VERSION_PATCH); }

Json error_json(const Problem& problem) { return {{"code", problem.code}, {"where", problem.where}, {"message", problem.message}}; }

// Engine failures are about the request inside our own.
Problem problem_of(const engine::Failure& failure) {
  const auto where = failure.where.starts_with("/") ? "/request" + failure.where : "/request";
  if (failure.code == "json" || failure.code == "schema" || failure.code == "version") return {"bad_request", where, failure.message};
  if (failure.code == "too_large") return {"too_large", where, failure.message};
  return {"engine", "", failure.message};
}

const char* locale_of(const Json& policy) {
  const auto at = policy.find("locale");
  return at != policy.end() && at->is_string() && *at == "es" ? "es" : "en";
}

Json row_json(Condition condition, FailMode mode) {
  const auto one = row(condition, mode);
  return {{"condition", word(condition)},
          {"on_send", word(one.response)},
          {"outside_only", one.outside_only},
          {"may_say_clean", one.may_say_clean},
          {"text", {{"en", one.text_en}, {"es", one.text_es}}}};
}

FailMode fail_mode_of(const Loaded* rules) { return fail_mode(rules == nullptr ? "" : rules->policy.value("fail_mode", "")); }

Json named(const Json& info, const char* key) {
  const auto at = info.find(key);
  const auto one = at != info.end() && at->is_object() ? *at : Json::object();
  return {{"id", one.value("id", "")}, {"version", one.value("version", "")}, {"sha256", one.value("sha256", "")}};
}

Json pack_json(const Loaded* rules) { return rules == nullptr ? Json() : named(rules->info, "pack"); }

Json policy_json(const Loaded* rules) { return named(rules == nullptr ? Json::object() : rules->info, "policy"); }

}  // namespace

// One request on its way.
struct Host::Call {
  std::string id, type;
  Session session;
  Send send;
  Json request;
  Clock::time_point deadline;
  bool wants_progress = false;
  Route job = nullptr;  // what a worker does with it
  std::atomic<bool> answered = false;
};

// A scan request as the engine gets it.
struct Host::Scan {
  Json request;
  Json need = Json::array(), pending = Json::array(), new_domains = Json::array();
  std::string thread;
  Json acknowledged;  // "message" or "thread"
  bool cached = false;
  std::shared_ptr<const Loaded> rules;
};

Host::Host(HostOptions options) : options_(std::move(options)), rulebook_(options_.with_cache), attachments_(options_.extractor), state_(options_.state) {
  // The very first start compiles the patterns, which takes seconds; requests are heard meanwhile, and deadlines kept.
  threads_.emplace_back([this] {
    rulebook_.open(options_.files, options_.policy_text);
  });
  threads_.emplace_back([this] { watch(); });
  for (unsigned i = 0; i < std::max(1U, options_.threads); ++i) threads_.emplace_back([this] { work(); });
}

Host::~Host() {
  abandon();
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  has_work_.notify_all();
  has_deadline_.notify_all();
}

void Host::abandon() { attachments_.abandon(); }

bool Host::settle(std::chrono::milliseconds allowed) {
  std::unique_lock lock(mutex_);
  return is_idle_.wait_for(lock, allowed, [&] { return calls_.empty() && sending_ == 0; });
}

// At once when the rules are there, otherwise on a worker that waits for them.
template <Host::Route handler>
void Host::when_open(const CallPtr& call) {
  if (rulebook_.is_open()) return (this->*handler)(call);
  enqueue(call, &Host::after_open<handler>);
}

template <Host::Route handler>
void Host::after_open(const CallPtr& call) {
  rulebook_.wait_open();
  if (!call->answered) (this->*handler)(call);
}

Host::Route Host::route(std::string_view type) {
  constexpr std::pair<std::string_view, Route> routes[] = {
      {"hello", &Host::when_open<&Host::hello>},
      {"scan", &Host::scan},
      {"attachment", &Host::attachment},
      {"cancel", &Host::cancel},
      {"record", &Host::record},
      {"policy", &Host::when_open<&Host::policy>},
      {"status", &Host::when_open<&Host::status_reply>},
      {"playground.samples", &Host::playground_samples},
      {"playground.policy", &Host::when_open<&Host::playground_policy>},
      {"playground.packs", &Host::when_open<&Host::playground_packs>},
  };
  for (const auto& [name, function] : routes) {
    if (name == type) return function;
  }
  return nullptr;
}

void Host::submit(std::string_view bytes, const Session& session, Send send) {
  const auto call = std::make_shared<Call>();
  call->session = session;
  call->send = std::move(send);
  if (bytes.size() > limits::frame_bytes) return refuse(call, {"too_large", "", "a request has at most 32 MiB"});
  auto parsed = parse_json(bytes);
  if (auto* problem = std::get_if<Problem>(&parsed)) return refuse(call, std::move(*problem));
  call->request = std::get<Json>(std::move(parsed));

  std::optional<Problem> problem;
  Fields in(call->request, "", problem);
  auto id = in.text("id", 64);
  if (!problem && !is_id(id)) in.fail("id", "must have 1 to 64 letters, digits, dots, dashes or underscores");
  if (problem) return refuse(call, std::move(*problem));
  call->id = std::move(id);
  const auto type = in.required_text("type", 64);
  if (type.empty()) return refuse(call, std::move(*problem));
  const auto handler = route(type);
  if (handler == nullptr) return refuse(call, {"unknown_type", "/type", "this host does not know such requests"});
  call->type = type;
  const auto version_asked = in.number("v", 0, 1'000'000);
  if (!problem && version_asked != protocol_version) in.fail("v", "this host speaks version 1", "version");
  const auto deadline = in.number("deadline_ms", 1, limits::longest_deadline.count(), limits::default_deadline.count());
  call->wants_progress = in.flag("progress", false);
  if (problem) return refuse(call, std::move(*problem));
  if (type.starts_with("playground.") && !options_.is_playground) return refuse(call, {"not_here", "/type", "only the playground answers this"});
  call->deadline = Clock::now() + std::chrono::milliseconds(deadline);
  {
    const std::lock_guard lock(mutex_);
    if (calls_.size() >= limits::requests_in_flight) problem = Problem{"busy", "", "too many requests at the same time; try again"};
    else if (!calls_.emplace(std::pair(session.client, call->id), call).second) problem = Problem{"duplicate_id", "/id", "a request with this id is still on its way"};
    else deadlines_.emplace(call->deadline - limits::answer_ahead, call);
  }
  if (problem) return refuse(call, std::move(*problem));
  has_deadline_.notify_one();
  (this->*handler)(call);
}

std::string Host::dispatch(std::string_view request, const Session& session) {
  const auto reply = std::make_shared<std::promise<std::string>>();
  auto future = reply->get_future();
  submit(request, session, [reply](std::string text, bool is_reply) {
    if (is_reply) reply->set_value(std::move(text));
  });
  return future.get();
}

void Host::finish(const CallPtr& call, std::string reply) {
  if (call->answered.exchange(true)) return;
  {
    // The id is free again before the client can know that it has been answered.
    const std::lock_guard lock(mutex_);
    ++sending_;
    const auto at = calls_.find({call->session.client, call->id});
    if (at != calls_.end() && at->second == call) calls_.erase(at);
  }
  call->send(std::move(reply), true);
  const std::lock_guard lock(mutex_);
  if (--sending_ == 0 && calls_.empty()) is_idle_.notify_all();
}

void Host::answer(const CallPtr& call, Json fields) {
  Json reply = {{"v", protocol_version}, {"id", call->id}, {"type", call->type}, {"ok", true}};
  for (auto& [key, value] : fields.items()) reply[key] = std::move(value);
  auto text = to_text(reply);
  if (text.size() > limits::reply_bytes) return refuse(call, {"too_large", "", "the answer does not fit into one reply"});
  finish(call, std::move(text));
}

void Host::refuse(const CallPtr& call, Problem problem) {
  Json reply = {{"v", protocol_version}, {"id", call->id.empty() ? Json() : Json(call->id)}, {"type", call->type.empty() ? Json() : Json(call->type)}, {"ok", false}};
  reply["error"] = error_json(problem);
  finish(call, to_text(reply));
}

void Host::event(const CallPtr& call, Json fields) {
  if (!call->wants_progress || call->answered) return;
  Json reply = {{"v", protocol_version}, {"id", call->id}, {"type", "progress"}, {"event", true}};
  for (auto& [key, value] : fields.items()) reply[key] = std::move(value);
  call->send(to_text(reply), false);
}

// --- hello, policy, status --------------------------------------------------------------------------------------------

void Host::hello(const CallPtr& call) {
  std::optional<Problem> problem;
  Fields in(call->request, "", problem);
  const auto& client = in.object("client", true);
  if (!problem) {
    Fields facts(client, "/client", problem);
    (void)facts.required_text("name", 64);
    (void)facts.text("version", 64);
  }
  (void)in.text("locale", 35);
  const auto& versions = in.list("protocol", 16, true);
  if (!problem && std::find(versions.begin(), versions.end(), Json(protocol_version)) == versions.end()) {
    in.fail("protocol", "this host speaks version 1; update the add-in or phiscan", "version");
  }
  if (problem) return refuse(call, std::move(*problem));
  const auto rules = rulebook_.current();
  const auto engine = phiscan_version();
  answer(call, {{"protocol", protocol_version},
                {"host", version()},
                {"engine", std::string(engine.data, engine.size)},
                {"pack", pack_json(rules.get())},
                {"policy", policy_json(rules.get())},
                {"playground", options_.is_playground},
                {"limits",
                 {{"request", limits::frame_bytes},
                  {"reply", 1'048'576},
                  {"chunk", limits::chunk_bytes},
                  {"attachment", limits::attachment_bytes},
                  {"in_flight", limits::requests_in_flight},
                  {"deadline_ms", limits::longest_deadline.count()},
                  {"answer_ahead_ms", limits::answer_ahead.count()}}}});
}

void Host::policy(const CallPtr& call) {
  rulebook_.refresh();
  const auto rules = rulebook_.current();
  const Json none = Json::object();
  const auto& text = rules ? rules->policy : none;
  const auto part = [&](const char* key) { return text.contains(key) && text[key].is_object() ? text[key] : Json::object(); };
  const auto own = part("own"), organisation = part("organisation"), portal = part("portal"), encryption = part("encryption");
  const auto mode = fail_mode_of(rules.get());
  Json out = policy_json(rules.get());
  out["organisation"] = organisation.empty() ? Json() : Json{{"name", organisation.value("name", "")}, {"kind", organisation.value("kind", "unknown")}};
  out["mode"] = text.value("mode", "advise");
  out["fail_mode"] = word(mode);
  out["own_domains"] = own.value("domains", Json::array());
  out["own_addresses"] = own.value("addresses", Json::array());
  out["portal"] = portal.empty() ? Json() : Json{{"name", portal.value("name", "")}, {"url", portal.value("url", "")}};
  out["encryption"] = encryption.empty() ? Json() : encryption;
  out["locks"] = text.value("locks", Json::array());
  out["locale"] = locale_of(text);
  out["when"] = Json::object();
  for (const auto condition : {Condition::host_absent, Condition::host_slow, Condition::partial}) out["when"][std::string(word(condition))] = row_json(condition, mode);
  answer(call, {{"policy", std::move(out)}});
}

std::vector<RuleProblem> Host::reload() {
  rulebook_.wait_open();
  rulebook_.look();
  return rulebook_.problems();
}

std::optional<Problem> Host::rule_problem() {
  if (!rulebook_.is_open()) return std::nullopt;
  rulebook_.refresh();
  if (!rulebook_.current()) return Problem{"no_pack", "", "no rules could be loaded"};
  const auto problems = rulebook_.problems();
  if (problems.empty()) return std::nullopt;
  return Problem{problems.front().what, problems.front().problem.where, problems.front().what + ": " + problems.front().problem.message};
}

Json Host::status(const std::string& user) {
  rulebook_.wait_open();
  rulebook_.refresh();
  const auto rules = rulebook_.current();
  const auto problems = rulebook_.problems();
  const bool policy_broken = std::any_of(problems.begin(), problems.end(), [](const auto& one) { return one.what == "policy"; });
  const auto memory = state_.report(user);
  constexpr std::string_view healths[] = {"ok", "memory", "broken"};
  const auto condition = !rules ? Condition::no_pack : policy_broken ? Condition::policy_broken : memory.health == State::Health::broken ? Condition::state_broken : Condition::ready;
  Json list = Json::array();
  for (const auto& one : problems) list.push_back({{"what", one.what}, {"where", one.problem.where}, {"message", one.problem.message}});
  const auto texts = attachments_.figures();
  const auto usage = system::usage();
  std::size_t in_flight = 0;
  {
    const std::lock_guard lock(mutex_);
    in_flight = calls_.size();
  }
  return {{"state", row_json(condition, fail_mode_of(rules.get()))},
          {"pack", pack_json(rules.get())},
          {"policy", policy_json(rules.get())},
          {"problems", std::move(list)},
          {"database", healths[static_cast<std::size_t>(memory.health)]},
          {"memory", {{"why", memory.why.empty() ? Json() : Json(memory.why)}, {"contacts", memory.contacts}, {"acknowledgements", memory.acknowledgements}, {"key", memory.key_home}}},
          {"attachments", {{"kept", texts.kept}, {"bytes", texts.bytes}, {"uploads", texts.uploads}, {"reading", texts.reading}}},
          {"process", {{"resident_kb", usage.resident_kb}, {"threads", usage.threads}, {"descriptors", usage.descriptors}, {"in_flight", in_flight}}}};
}

void Host::status_reply(const CallPtr& call) { answer(call, status(call->session.user)); }

void Host::cancel(const CallPtr& call) {
  std::optional<Problem> problem;
  Fields in(call->request, "", problem);
  const auto target = in.required_text("target", 64);
  if (problem) return refuse(call, std::move(*problem));
  CallPtr other;
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = calls_.find({call->session.client, target}); at != calls_.end() && at->second != call) other = at->second;
  }
  if (other) refuse(other, {"cancelled", "", "cancelled as asked"});
  answer(call, {{"cancelled", other != nullptr}});
}

// --- attachments ------------------------------------------------------------------------------------------------------

void Host::attachment(const CallPtr& call) {
  std::optional<Problem> problem;
  Fields in(call->request, "", problem);
  Chunk chunk;
  chunk.sha256 = in.digest("sha256");
  chunk.name = in.text("name", 4096);
  chunk.media_type = in.text("media_type", 256);
  chunk.size = static_cast<std::size_t>(in.number("size", 0, 1LL << 40));
  if (!problem && chunk.size > limits::attachment_bytes) in.fail("size", "an attachment has at most 25 MiB; name it unread: too_large in the scan", "too_large");
  chunk.count = static_cast<std::size_t>(in.number("count", 1, 1'000'000));
  chunk.index = static_cast<std::size_t>(in.number("index", 0, 1'000'000));
  const auto fewest = std::max<std::size_t>(1, (chunk.size + limits::chunk_bytes - 1) / limits::chunk_bytes);
  if (!problem && (chunk.count < fewest || chunk.count > std::max<std::size_t>(1, chunk.size))) in.fail("count", "does not fit the size: a chunk has 1 to 524,288 bytes");
  if (!problem && chunk.index >= chunk.count) in.fail("index", "must be smaller than count");
  if (!problem && !(call->request.contains("data") && call->request["data"].is_string())) in.fail("data", "is required: base64");
  if (!problem && !decode_base64(call->request["data"].get_ref<const std::string&>(), chunk.data)) in.fail("data", "is not base64");
  if (!problem && chunk.data.size() > limits::chunk_bytes) in.fail("data", "a chunk has at most 524,288 bytes", "too_large");
  if (problem) return refuse(call, std::move(*problem));
  call->request = Json();
  const auto index = chunk.index, count = chunk.count;
  event(call, {{"stage", index + 1 == count ? "reading" : "receiving"}, {"received", index + 1}, {"count", count}});
  const auto receipt = attachments_.add(call->session.user, std::move(chunk), [this, call, count](std::shared_ptr<const AttachmentText> text) {
    answer(call, {{"received", count}, {"complete", true}, {"unread", text->unread.empty() ? Json() : Json(text->unread)}, {"texts", text->parts.size()}});
  });
  if (receipt.problem) return refuse(call, *receipt.problem);
  if (!receipt.complete) answer(call, {{"received", receipt.received}, {"complete", false}});
}

// --- scan -------------------------------------------------------------------------------------------------------------

void Host::scan(const CallPtr& call) {
  std::optional<Problem> problem;
  Fields in(call->request, "", problem);
  const auto& request = in.object("request", true);
  if (problem) return refuse(call, std::move(*problem));
  Fields inner(request, "/request", problem);
  const auto& attachments = inner.list("attachments", limits::attachments, false);
  for (std::size_t i = 0; i < attachments.size() && !problem; ++i) {
    Fields one(attachments[i], "/request/attachments/" + std::to_string(i), problem);
    if (one.has("text_parts")) one.fail("text_parts", "texts come from the host; upload the attachment and name its sha256");
    if (one.has("sha256")) (void)one.digest("sha256");
    else if (!one.has("unread")) one.fail("sha256", "is required, or unread");
  }
  if (problem) return refuse(call, std::move(*problem));
  (void)in.text("thread", 998);
  if (problem) return refuse(call, std::move(*problem));
  event(call, {{"stage", "queued"}});
  enqueue(call, &Host::run_scan);
}

void Host::enqueue(const CallPtr& call, Route job) {
  call->job = job;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(call);
  }
  has_work_.notify_one();
}

// Fills in what the host knows. The client's own word on these counts for nothing.
bool Host::prepare(const CallPtr& call, Scan& scan) {
  scan.rules = rulebook_.current();
  if (!scan.rules) {
    if (rulebook_.is_open()) refuse(call, {"no_pack", "", "no rules could be loaded; see phiscan-host status"});
    else refuse(call, {"deadline", "", "the rules are still being prepared"});
    return false;
  }
  scan.request = call->request["request"];
  scan.thread = call->request.value("thread", "");
  scan.request.erase("history");
  scan.request.erase("acknowledged");
  // The engine looks at the date only; so a report holds for the day, and so does inputs_sha256.
  auto now = scan.request.contains("now") && scan.request["now"].is_string() ? scan.request["now"].get<std::string>() : std::string();
  if (now.empty()) now = engine::now_rfc3339();
  const bool is_time = now.size() > 10 && (now[10] == 'T' || now[10] == 't' || now[10] == ' ');
  scan.request["now"] = is_time ? now.substr(0, 10) : now;
  add_history(call, scan);
  if (!scan.request.contains("attachments") || !scan.request["attachments"].is_array()) return true;
  for (auto& one : scan.request["attachments"]) {
    if (!one.contains("sha256") || !one["sha256"].is_string()) continue;
    if (one.contains("unread") && !one["unread"].is_null()) continue;  // the client could not read it to the end
    const auto sha256 = one["sha256"].get<std::string>();
    const auto found = attachments_.find(call->session.user, sha256);
    if (found.known == Attachments::Known::ready) {
      one["text_parts"] = Json::array();
      for (const auto& part : found.text->parts) one["text_parts"].push_back({{"where", part.where}, {"text", part.text}});
      one["unread"] = found.text->unread.empty() ? Json() : Json(found.text->unread);
      continue;
    }
    one["unread"] = "pending";
    auto& list = found.known == Attachments::Known::unknown ? scan.need : scan.pending;
    if (std::find(list.begin(), list.end(), Json(sha256)) == list.end()) list.push_back(sha256);
  }
  return true;
}

namespace {

// The scanner of this thread, made anew when other rules have come into force.
struct Station {
  std::uint64_t generation = 0;
  std::optional<engine::Scanner> scanner;

  [[nodiscard]] engine::Or<engine::Report> scan(const Loaded& rules, const std::string& request) {
    if (!scanner || generation != rules.generation) {
      auto made = engine::Scanner::make(rules.rules);
      if (auto* failure = std::get_if<engine::Failure>(&made)) return std::move(*failure);
      scanner = std::get<engine::Scanner>(std::move(made));
      generation = rules.generation;
    }
    return scanner->scan(request);
  }
};
thread_local Station station;

}  // namespace

namespace {

// The words of an address entry that is well formed; the engine complains about the others.
std::string word_of(const Json& entry, const char* key) {
  const auto at = entry.is_object() ? entry.find(key) : entry.end();
  return entry.is_object() && at != entry.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace

void Host::add_history(const CallPtr& call, Scan& scan) {
  std::vector<Person> people;
  Json entries = Json::array();
  for (const char* field : {"to", "cc", "bcc"}) {
    const auto list = scan.request.find(field);
    if (list == scan.request.end() || !list->is_array()) continue;
    for (std::size_t i = 0; i < list->size(); ++i) {
      auto address = word_of((*list)[i], "address");
      if (address.empty() || people.size() >= 2000) continue;
      people.push_back({std::move(address), word_of((*list)[i], "name")});
      entries.push_back({{"field", field}, {"index", i}});
    }
  }
  if (people.empty()) return;
  const auto from = scan.request.find("from");
  const auto known = state_.look_up(call->session.user, from == scan.request.end() ? "" : word_of(*from, "address"), scan.thread, people);
  if (!known) return;
  for (std::size_t i = 0; i < known->size(); ++i) {
    if ((*known)[i].new_domain_in_thread) scan.new_domains.push_back(entries[i]);
    entries[i]["first_time"] = (*known)[i].first_time;
    entries[i]["similar_to_usual"] = (*known)[i].similar_to_usual;
  }
  scan.request["history"] = {{"recipients", std::move(entries)}};
}

std::optional<engine::Report> Host::report_for(const CallPtr& call, Scan& scan, const std::string& request) {
  const auto key = sha256_hex(call->session.user + '\0' + scan.rules->digest + '\0' + request);
  if (auto known = reports_.find(key)) {
    scan.cached = true;
    return known;
  }
  scan.cached = false;
  auto result = station.scan(*scan.rules, request);
  if (const auto* failure = std::get_if<engine::Failure>(&result)) {
    refuse(call, problem_of(*failure));
    return std::nullopt;
  }
  auto& report = std::get<engine::Report>(result);
  reports_.keep(key, report);
  return std::move(report);
}

void Host::run_scan(const CallPtr& call) {
  rulebook_.wait_open();
  if (call->answered) return;
  rulebook_.refresh();
  Scan scan;
  if (!prepare(call, scan)) return;
  event(call, {{"stage", "scanning"}});
  auto report = report_for(call, scan, to_text(scan.request));
  if (!report) return;
  if (report->action == PHISCAN_ACTION_CONFIRM) {
    // "Yes, I checked" was said before, for this mail or for its like in this thread: the engine decides what that is worth.
    const auto facts = Json::parse(report->json, nullptr, false);
    const auto fingerprint = facts.value("fingerprint", "");
    const auto same_again = keep_facts(scan, facts);
    if (state_.is_acknowledged(call->session.user, fingerprint)) scan.acknowledged = "message";
    else if (!scan.thread.empty() && state_.is_acknowledged(call->session.user, same_again + scan.thread)) scan.acknowledged = "thread";
    if (!scan.acknowledged.is_null()) {
      scan.request["acknowledged"] = {fingerprint};
      report = report_for(call, scan, to_text(scan.request));
      if (!report) return;
    }
  }
  give_report(call, scan, report->json);
}

// In a thread the same again means: same people, same kinds of content, no more severe.
std::string Host::keep_facts(const Scan& scan, const Json& report) {
  std::vector<std::string> people;
  for (const char* field : {"to", "cc", "bcc"}) {
    const auto list = scan.request.find(field);
    if (list == scan.request.end() || !list->is_array()) continue;
    for (const auto& one : *list) {
      const auto address = parse_address(word_of(one, "address"));
      people.push_back(address ? address->text() : word_of(one, "name"));
    }
  }
  std::sort(people.begin(), people.end());
  Json facts = {report.value("content", ""), report.value("severity", 4), report.value("categories", Json::array()), people, report.value("complete", false)};
  auto what = sha256_hex(to_text(facts));
  const std::lock_guard lock(mutex_);
  const auto fingerprint = report.value("fingerprint", "");
  std::erase_if(facts_, [&](const auto& one) { return one.first == fingerprint; });
  facts_.emplace_back(fingerprint, what);
  if (facts_.size() > limits::report_memory_count) facts_.pop_front();
  return what;
}

// The deadline is near: recipients and subject are looked at, everything else is a gap.
void Host::run_envelope(const CallPtr& call) {
  Scan scan;
  if (call->answered || !prepare(call, scan)) return;
  auto& request = scan.request;
  Json gaps = request.contains("gaps") && request["gaps"].is_array() ? request["gaps"] : Json::array();
  if (request.contains("body") && request["body"].is_object()) {
    for (const char* form : {"html", "text"}) {
      if (request["body"].contains(form) && request["body"][form].is_string()) gaps.push_back({{"part", std::string("body.") + form}, {"why", "timeout"}});
    }
  }
  request["body"] = {{"text", ""}};
  request["gaps"] = std::move(gaps);
  if (request.contains("attachments") && request["attachments"].is_array()) {
    for (auto& one : request["attachments"]) {
      one.erase("text_parts");
      if (!one.contains("unread") || one["unread"].is_null()) one["unread"] = "timeout";
    }
  }
  auto result = station.scan(*scan.rules, to_text(request));
  if (const auto* failure = std::get_if<engine::Failure>(&result)) return refuse(call, problem_of(*failure));
  give_report(call, scan, std::get<engine::Report>(result).json);
}

void Host::give_report(const CallPtr& call, const Scan& scan, const std::string& text) {
  if (call->answered) return;
  Json reply = {{"v", protocol_version},      {"id", call->id},
                {"type", call->type},         {"ok", true},
                {"need", scan.need},          {"pending", scan.pending},
                {"cached", scan.cached},      {"acknowledged", scan.acknowledged},
                {"left_out", nullptr},        {"new_domain_in_thread", scan.new_domains}};
  constexpr std::size_t room = 1000;  // for what left_out says
  const auto around = to_text(reply).size() + room;
  const auto budget = around < limits::reply_bytes ? limits::reply_bytes - around : 0;
  // Nearly every report fits, and goes through as the engine wrote it.
  std::string report;
  if (text.size() > budget) {
    auto cut = Json::parse(text, nullptr, false);
    reply["left_out"] = fit(cut, budget);
    report = to_text(cut);
  }
  auto out = to_text(reply);
  out.pop_back();
  out.append(",\"report\":").append(text.size() > budget ? report : text).append("}");
  if (out.size() > limits::reply_bytes) return refuse(call, {"too_large", "", "the answer does not fit into one reply"});
  finish(call, std::move(out));
}

// --- record -----------------------------------------------------------------------------------------------------------

void Host::record(const CallPtr& call) {
  std::optional<Problem> problem;
  Fields in(call->request, "", problem);
  (void)in.digest("fingerprint");
  (void)in.digest("inputs_sha256");
  (void)in.one_of("action", {"allow", "note", "confirm", "justify", "block"});
  const auto choice = in.one_of("choice", {"sent", "went_back", "portal", "redacted", "trimmed", "moved_to_bcc", "removed_recipient", "removed_attachment", "encrypted", "cancelled"});
  if (in.has("reason")) {
    Fields reason(in.object("reason", true), "/reason", problem);
    (void)reason.one_of("code", {"treatment", "patient_asked", "already_checked", "other"});
    (void)reason.number("text_length", 0, 100'000, 0);
    if (reason.has("text")) reason.fail("text", "the host does not take words; say how long they are");
  }
  const bool acknowledge = in.flag("acknowledge", false);
  if (!problem && acknowledge && choice != "sent") in.fail("acknowledge", "only with choice sent");
  (void)in.text("thread", 998);
  if (in.has("remember_thread")) {
    Fields thread(in.object("remember_thread", true), "/remember_thread", problem);
    (void)thread.required_text("id", 998);
    (void)thread.number("days", 1, 365, 30);
    if (!problem && choice != "sent") in.fail("remember_thread", "only with choice sent");
  }
  const auto& recipients = in.list("recipients", 2000, false);
  if (!problem && !recipients.empty() && choice != "sent") in.fail("recipients", "only with choice sent");
  for (std::size_t i = 0; i < recipients.size() && !problem; ++i) {
    const auto where = "/recipients/" + std::to_string(i);
    const auto address = recipients[i].is_string() ? recipients[i].get<std::string>() : word_of(recipients[i], "address");
    if (address.empty() || address.size() > 320) problem = Problem{"bad_request", where, "must be an address, or an object with address and name"};
  }
  if (problem) return refuse(call, std::move(*problem));
  enqueue(call, &Host::run_record);
}

void Host::run_record(const CallPtr& call) {
  const auto& request = call->request;
  const auto& user = call->session.user;
  std::optional<Problem> problem;
  Fields in(request, "", problem);
  bool kept = true;
  if (in.flag("acknowledge", false)) kept = state_.acknowledge(user, request["fingerprint"].get<std::string>(), 30) && kept;
  auto thread = in.text("thread", 998);
  if (in.has("remember_thread")) {
    Fields remember(in.object("remember_thread", true), "/remember_thread", problem);
    const auto id = remember.text("id", 998);
    if (thread.empty()) thread = id;
    std::string facts;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [fingerprint, what] : facts_) {
        if (fingerprint == request["fingerprint"].get_ref<const std::string&>()) facts = what;
      }
    }
    kept = !facts.empty() && state_.acknowledge(user, facts + id, static_cast<int>(remember.number("days", 1, 365, 30))) && kept;
  }
  std::vector<Person> people;
  for (const auto& one : in.list("recipients", 2000, false)) {
    if (one.is_string()) people.push_back({one.get<std::string>(), ""});
    else people.push_back({word_of(one, "address"), word_of(one, "name")});
  }
  if (!people.empty()) kept = state_.remember(user, thread, people) && kept;
  answer(call, {{"kept", kept}});
}

void Host::work() {
  while (true) {
    CallPtr call;
    {
      std::unique_lock lock(mutex_);
      has_work_.wait(lock, [&] { return over_ || !queue_.empty(); });
      if (over_) return;
      call = std::move(queue_.front());
      queue_.pop_front();
    }
    try {
      if (!call->answered) (this->*call->job)(call);
    } catch (const std::exception&) {  // what() might quote
      refuse(call, {"internal", "", "the host could not finish this request; please report it"});
    }
  }
}

void Host::watch() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    if (deadlines_.empty()) {
      has_deadline_.wait(lock, [&] { return over_ || !deadlines_.empty(); });
      continue;
    }
    const auto next = deadlines_.begin();
    const auto call = next->second.lock();
    if (!call || call->answered) {
      deadlines_.erase(next);
      continue;
    }
    if (next->first > Clock::now()) {
      const auto at = next->first;
      has_deadline_.wait_until(lock, at);
      continue;
    }
    deadlines_.erase(next);
    lock.unlock();
    try {
      if (call->type == "scan") run_envelope(call);
      else if (call->type == "attachment") answer(call, {{"complete", true}, {"unread", "pending"}});
      refuse(call, {"deadline", "", "not done before the deadline"});
    } catch (const std::exception&) {
      refuse(call, {"internal", "", "the host could not finish this request; please report it"});
    }
    lock.lock();
  }
}

// --- playground -------------------------------------------------------------------------------------------------------

void Host::playground_samples(const CallPtr& call) {
  const auto file = engine::read_file((options_.pages / "samples.json").string(), "samples");
  const auto* text = std::get_if<std::string>(&file);
  auto samples = text == nullptr ? std::variant<Json, Problem>(Problem{"not_found", "", "there is no samples.json among the pages"}) : parse_json(*text);
  if (auto* problem = std::get_if<Problem>(&samples)) return refuse(call, {"not_found", "", std::move(problem->message)});
  answer(call, {{"samples", std::get<Json>(std::move(samples))}});
}

void Host::playground_policy(const CallPtr& call) {
  std::optional<Problem> problem;
  Fields in(call->request, "", problem);
  const bool is_set = call->request.contains("set");
  const auto text = in.text("set", 1 << 20);
  if (!problem && is_set) {
    problem = rulebook_.set_policy(text);
    if (problem) problem->where = "/set" + problem->where;
  }
  if (problem) return refuse(call, std::move(*problem));
  const auto rules = rulebook_.current();
  Json advice = Json::array();
  if (rules && !rules->policy_text.empty()) {
    const auto checked = engine::policy_check(rules->policy_text);
    if (const auto* json = std::get_if<std::string>(&checked)) advice = Json::parse(*json, nullptr, false).value("problems", Json::array());
  }
  answer(call, {{"text", rules ? rules->policy_text : ""}, {"policy", policy_json(rules.get())}, {"advice", std::move(advice)}});
}

void Host::playground_packs(const CallPtr& call) {
  std::optional<Problem> problem;
  Fields in(call->request, "", problem);
  const auto& list = in.list("set", 16, false);
  std::vector<std::string> bundles;
  for (std::size_t i = 0; i < list.size() && !problem; ++i) {
    if (list[i].is_string()) bundles.push_back(list[i].get<std::string>());
    else problem = Problem{"bad_request", "/set/" + std::to_string(i), "must be the text of a pack bundle"};
  }
  if (!problem && call->request.contains("set")) {
    problem = rulebook_.set_packs(std::move(bundles));
    if (problem && !problem->where.starts_with("/set")) problem->message = problem->where.empty() ? problem->message : problem->where + ": " + problem->message;
    if (problem) problem->where = "/set";
  }
  if (problem) return refuse(call, std::move(*problem));
  const auto rules = rulebook_.current();
  answer(call, {{"pack", pack_json(rules.get())}});
}

}  // namespace phiscan::host

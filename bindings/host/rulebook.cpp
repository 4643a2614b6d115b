#include "rulebook.hpp"

#include <algorithm>
#include <chrono>

#include "digest.hpp"
#include "system.hpp"

namespace phiscan::host {
namespace fs = std::filesystem;
namespace {

Problem problem_of(std::string code, const engine::Failure& failure) { return {std::move(code), failure.where, failure.message}; }

// Comments ("//" keys) are for people who edit the file.
void drop_comments(Json& json) {
  if (json.is_object()) {
    for (auto at = json.begin(); at != json.end();) at = at.key().starts_with("//") ? json.erase(at) : std::next(at);
  }
  if (json.is_structured()) {
    for (auto& one : json) drop_comments(one);
  }
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

// A newer copy of the built-in pack takes its place; every other pack lies over it.
bool is_built_in(const std::string& bundle) {
  const auto pack = Json::parse(bundle, nullptr, false);
  return pack.is_object() && pack.value("id", Json()) == "us-core";
}

std::int64_t now_ms() { return std::chrono::duration_cast<std::chrono::milliseconds>(system::Clock::now().time_since_epoch()).count(); }

}  // namespace

std::shared_ptr<const Loaded> Rulebook::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::vector<RuleProblem> Rulebook::problems() const {
  const std::lock_guard lock(mutex_);
  return problems_;
}

std::optional<Problem> Rulebook::load(const std::vector<std::string>& bundles, const std::string& policy) {
  auto next = std::make_shared<Loaded>();
  next->policy = Json::object();
  if (!policy.empty()) {
    auto document = parse_json(policy);
    if (auto* problem = std::get_if<Problem>(&document)) return Problem{"policy", problem->where, problem->message};
    next->policy = std::get<Json>(std::move(document));
    drop_comments(next->policy);
  }
  auto stack = bundles;
  if (!bundles.empty() && std::none_of(bundles.begin(), bundles.end(), is_built_in)) stack.insert(stack.begin(), std::string());  // the empty one is the built-in pack
  auto rules = engine::Rules::load(stack, policy, with_cache_);
  if (const auto* failure = std::get_if<engine::Failure>(&rules)) return problem_of(failure->code == "policy" ? "policy" : "packs", *failure);
  next->rules = std::get<engine::Rules>(std::move(rules));
  next->policy_text = policy;
  next->bundles = bundles;
  next->info = Json::parse(next->rules.info(), nullptr, false);
  std::string all = policy;
  for (const auto& bundle : bundles) all += '\0' + sha256_hex(bundle);
  next->digest = sha256_hex(all);
  const std::lock_guard lock(mutex_);
  next->generation = ++generation_;
  current_ = std::move(next);
  return std::nullopt;
}

std::optional<Problem> Rulebook::read_policy(std::string& text) const {
  std::error_code error;
  if (files_.policy.empty() || (!files_.policy_required && !fs::exists(files_.policy, error))) return std::nullopt;
  auto bytes = engine::read_file(files_.policy.string(), "policy");
  if (const auto* failure = std::get_if<engine::Failure>(&bytes)) return problem_of("policy", *failure);
  if (auto why = system::who_can_change(files_.policy, files_.own_is_fine); !why.empty()) return Problem{"policy", "", std::move(why)};
  text = std::get<std::string>(std::move(bytes));
  if (is_blank(text)) return Problem{"policy", "", "the file is empty"};
  return std::nullopt;
}

std::optional<Problem> Rulebook::read_packs(std::vector<std::string>& bundles) const {
  std::error_code error;
  if (files_.packs.empty() || !fs::is_directory(files_.packs, error)) return std::nullopt;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(files_.packs, error)) {
    if (entry.is_directory(error) || entry.path().extension() == ".json") entries.push_back(entry.path());
  }
  if (error) return Problem{"packs", "", files_.packs.string() + ": cannot be read; check its permissions"};
  std::sort(entries.begin(), entries.end());
  for (const auto& entry : entries) {
    if (auto why = system::who_can_change(entry, files_.own_is_fine); !why.empty()) return Problem{"packs", "", std::move(why)};
    auto bundle = engine::read_pack(entry.string());
    if (const auto* failure = std::get_if<engine::Failure>(&bundle)) return Problem{"packs", failure->where, entry.filename().string() + ": " + failure->message};
    bundles.push_back(std::get<std::string>(std::move(bundle)));
  }
  return std::nullopt;
}

std::string Rulebook::marks() const {
  return (files_.policy.empty() ? "" : system::change_mark(files_.policy)) + "|" + (files_.packs.empty() ? "" : system::change_mark(files_.packs));
}

void Rulebook::read_files(std::string policy) {
  std::vector<RuleProblem> problems;
  std::vector<std::string> bundles;
  auto policy_problem = read_policy(policy);
  auto pack_problem = read_packs(bundles);
  const auto last = current();
  // What cannot even be read stays as it was, or is left out when there was nothing before.
  if (policy_problem) policy = last ? last->policy_text : "";
  if (pack_problem) bundles = last ? last->bundles : std::vector<std::string>();
  if (auto problem = load(bundles, policy)) {
    if (problem->code == "policy") policy_problem = std::move(problem);
    else pack_problem = std::move(problem);
    if (!last) {
      // First start: with a broken policy its packs still serve, and with broken packs the policy does.
      if (pack_problem) bundles.clear();
      else policy.clear();
      if (auto second = load(bundles, policy)) {
        if (second->code == "policy") policy_problem = std::move(second);
        else pack_problem = std::move(second);
        if (auto third = load({}, "")) pack_problem = std::move(third);
      }
    }
  }
  if (policy_problem) problems.push_back({"policy", std::move(*policy_problem)});
  if (pack_problem) problems.push_back({"packs", std::move(*pack_problem)});
  const std::lock_guard lock(mutex_);
  problems_ = std::move(problems);
}

void Rulebook::open(RuleFiles files, std::string policy) {
  const std::lock_guard one(loading_);
  files_ = std::move(files);
  marks_ = marks();
  looked_at_ = now_ms();
  try {
    read_files(std::move(policy));
  } catch (const std::exception&) {  // without memory there are no rules, and requests are told so
  }
  is_open_ = true;
  is_open_.notify_all();
}

void Rulebook::refresh() {
  const std::unique_lock one(loading_, std::try_to_lock);
  if (!one.owns_lock() || (files_.policy.empty() && files_.packs.empty())) return;
  if (now_ms() - looked_at_ < 2000) return;
  looked_at_ = now_ms();
  auto seen = marks();
  if (seen == marks_) return;
  marks_ = std::move(seen);
  const auto last = current();
  read_files(files_.policy.empty() && last ? last->policy_text : "");
}

void Rulebook::look() {
  const std::lock_guard one(loading_);
  looked_at_ = now_ms();
  marks_ = marks();
  const auto last = current();
  read_files(files_.policy.empty() && last ? last->policy_text : "");
}

std::optional<Problem> Rulebook::set_policy(std::string text) {
  const std::lock_guard one(loading_);
  if (is_blank(text)) text.clear();
  const auto last = current();
  return load(last ? last->bundles : std::vector<std::string>(), text);
}

std::optional<Problem> Rulebook::set_packs(std::vector<std::string> bundles) {
  if (std::any_of(bundles.begin(), bundles.end(), is_blank)) return Problem{"packs", "", "a pack is empty"};
  const std::lock_guard one(loading_);
  const auto last = current();
  return load(bundles, last ? last->policy_text : "");
}

}  // namespace phiscan::host

// phiscan.h implemented. Every function is one call to guard(); the only place where exceptions stop.
#include <phiscan/phiscan.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "capi/builtin_pack.hpp"
#include "detect/pack_check.hpp"
#include "message/request.hpp"
#include "scan.hpp"

using phiscan::Error;
using phiscan::ErrorCode;
using phiscan::Result;

struct phiscan_error {
  Error error;
};

struct phiscan_report {
  phiscan_action action = PHISCAN_ACTION_NONE;
  std::string json;
};

struct phiscan_rules {
  std::shared_ptr<const phiscan::Ruleset> set;
  std::string info;
  mutable std::once_flag cached;
  mutable std::string cache;  // when somebody asked for it
};

struct phiscan_scanner {
  std::shared_ptr<const phiscan::Ruleset> set;
  phiscan::detect::Scratch scratch;
  std::atomic_flag busy = ATOMIC_FLAG_INIT;
};

static_assert(static_cast<int>(ErrorCode::argument) == PHISCAN_E_ARGUMENT && static_cast<int>(ErrorCode::internal) == PHISCAN_E_INTERNAL);
static_assert(static_cast<int>(phiscan::Action::allow) == PHISCAN_ACTION_ALLOW && static_cast<int>(phiscan::Action::block) == PHISCAN_ACTION_BLOCK);

namespace {

std::string_view text(phiscan_view view) { return view.size == 0 ? std::string_view() : std::string_view(view.data, view.size); }
phiscan_view view(std::string_view text) { return {text.data(), text.size()}; }
bool is_bad(phiscan_view view) { return view.data == nullptr && view.size != 0; }

phiscan_status fail(phiscan_error** err, Error error) noexcept {
  const auto code = static_cast<phiscan_status>(error.code);
  if (err != nullptr) *err = new (std::nothrow) phiscan_error{std::move(error)};
  return code;
}

// Runs `work`, which returns nothing or an Error. No exception crosses.
template <typename Work>
phiscan_status guard(phiscan_error** err, Work&& work) noexcept {
  try {
    std::optional<Error> error = work();
    if (!error) return PHISCAN_OK;
    return fail(err, std::move(*error));
  } catch (const std::bad_alloc&) {
    return fail(err, Error{ErrorCode::memory, "", ""});
  } catch (...) {
    return fail(err, Error{ErrorCode::internal, "", ""});  // what() might quote the input
  }
}

std::optional<Error> bad_argument(const char* what) { return Error{ErrorCode::argument, what, ""}; }

Result<std::vector<std::string_view>> bundles(const phiscan_view* packs, size_t count) {
  if (count == 0) return std::vector<std::string_view>{phiscan::capi::builtin_pack()};
  if (packs == nullptr) return *bad_argument("packs is NULL");
  std::vector<std::string_view> out;
  for (size_t i = 0; i < count; ++i) {
    if (is_bad(packs[i])) return *bad_argument("a pack view is NULL with a size");
    out.push_back(packs[i].data == nullptr ? phiscan::capi::builtin_pack() : text(packs[i]));
  }
  return out;
}

std::string describe(const phiscan::Ruleset& set) {
  const auto& pack = set.pack();
  const auto& policy = set.policy();
  return nlohmann::json{
      {"engine", phiscan_version().data},
      {"pack", {{"id", pack.id}, {"version", pack.version}, {"sha256", pack.sha256}}},
      {"rules", pack.rules.size()},
      {"terms", set.matcher().term_count()},
      {"policy", {{"id", policy.id}, {"version", policy.version}, {"sha256", policy.sha256}, {"mode", phiscan::to_string(policy.mode)}, {"fail_mode", policy.fail_mode}, {"locks", policy.locks}, {"own_domains", policy.own_domains}}},
      {"proposer", phiscan::detect::Shapes::proposer()},
      {"platform", phiscan::detect::Shapes::platform()},
      {"cache", set.cache_state()},
      {"cache_key", set.cache_key()},
  }.dump();
}

}  // namespace

#define PHISCAN_STRINGIFY(x) #x
#define PHISCAN_VERSION_STRING(a, b, c) PHISCAN_STRINGIFY(a) "." PHISCAN_STRINGIFY(b) "." PHISCAN_STRINGIFY(c)

phiscan_view phiscan_version(void) {
  return view(PHISCAN_VERSION_STRING(PHISCAN_VERSION_MAJOR, PHISCAN_VERSION_MINOR, PHISCAN_VERSION_PATCH));
}

phiscan_status phiscan_rules_load(const phiscan_view* packs, size_t count, phiscan_view policy, phiscan_view cache, phiscan_rules** out,
                                  phiscan_error** err) {
  return guard(err, [&]() -> std::optional<Error> {
    if (out == nullptr) return bad_argument("out is NULL");
    if (is_bad(policy) || is_bad(cache)) return bad_argument("a view is NULL with a size");
    const auto sources = bundles(packs, count);
    if (!sources) return sources.error();
    auto set = phiscan::Ruleset::load(*sources, text(policy), text(cache));
    if (!set) return set.error();
    auto rules = std::make_unique<phiscan_rules>();
    rules->set = std::move(*set);
    rules->info = describe(*rules->set);
    *out = rules.release();
    return std::nullopt;
  });
}

phiscan_view phiscan_rules_info(const phiscan_rules* rules) { return rules == nullptr ? phiscan_view{nullptr, 0} : view(rules->info); }
phiscan_view phiscan_rules_cache(const phiscan_rules* rules) {
  if (rules == nullptr) return {nullptr, 0};
  try {
    std::call_once(rules->cached, [&] { rules->cache = rules->set->cache(); });
    return view(rules->cache);
  } catch (...) {
    return {nullptr, 0};
  }
}
void phiscan_rules_free(phiscan_rules* rules) { delete rules; }

phiscan_status phiscan_scanner_new(const phiscan_rules* rules, phiscan_scanner** out, phiscan_error** err) {
  return guard(err, [&]() -> std::optional<Error> {
    if (rules == nullptr || out == nullptr) return bad_argument("rules or out is NULL");
    auto scanner = std::make_unique<phiscan_scanner>();
    scanner->set = rules->set;
    scanner->scratch = rules->set->matcher().scratch();
    *out = scanner.release();
    return std::nullopt;
  });
}
void phiscan_scanner_free(phiscan_scanner* scanner) { delete scanner; }

phiscan_status phiscan_scan(phiscan_scanner* scanner, phiscan_view request_json, phiscan_report** out, phiscan_error** err) {
  return guard(err, [&]() -> std::optional<Error> {
    if (scanner == nullptr || out == nullptr) return bad_argument("scanner or out is NULL");
    if (is_bad(request_json)) return bad_argument("request_json is NULL with a size");
    if (scanner->busy.test_and_set(std::memory_order_acquire)) return Error{ErrorCode::busy, "this scanner is in use by another thread", ""};
    struct Release {
      std::atomic_flag& flag;
      ~Release() { flag.clear(std::memory_order_release); }
    } const release{scanner->busy};
    const auto message = phiscan::message::read_request(text(request_json));
    if (!message) return message.error();
    auto report = phiscan::scan(*scanner->set, scanner->scratch, *message);
    *out = new phiscan_report{static_cast<phiscan_action>(report.action), std::move(report.json)};
    return std::nullopt;
  });
}

phiscan_action phiscan_report_action(const phiscan_report* report) { return report == nullptr ? PHISCAN_ACTION_NONE : report->action; }
phiscan_view phiscan_report_json(const phiscan_report* report) { return report == nullptr ? phiscan_view{nullptr, 0} : view(report->json); }
void phiscan_report_free(phiscan_report* report) { delete report; }

phiscan_status phiscan_error_code(const phiscan_error* error) { return error == nullptr ? PHISCAN_OK : static_cast<phiscan_status>(error->error.code); }
phiscan_view phiscan_error_message(const phiscan_error* error) { return error == nullptr ? phiscan_view{nullptr, 0} : view(error->error.message); }
phiscan_view phiscan_error_where(const phiscan_error* error) { return error == nullptr ? phiscan_view{nullptr, 0} : view(error->error.where); }
void phiscan_error_free(phiscan_error* error) { delete error; }

phiscan_status phiscan_pack_bundle(const phiscan_file* files, size_t count, phiscan_report** out, phiscan_error** err) {
  return guard(err, [&]() -> std::optional<Error> {
    if ((files == nullptr && count != 0) || out == nullptr) return bad_argument("files or out is NULL");
    std::vector<phiscan::rules::File> list;
    for (size_t i = 0; i < count; ++i) {
      if (is_bad(files[i].name) || is_bad(files[i].data)) return bad_argument("a file view is NULL");
      list.push_back({text(files[i].name), text(files[i].data)});
    }
    auto bundle = phiscan::rules::bundle(list);
    if (!bundle) return bundle.error();
    *out = new phiscan_report{PHISCAN_ACTION_NONE, std::move(*bundle)};
    return std::nullopt;
  });
}

phiscan_status phiscan_pack_check(const phiscan_view* packs, size_t count, phiscan_report** out, phiscan_error** err) {
  return guard(err, [&]() -> std::optional<Error> {
    if (out == nullptr) return bad_argument("out is NULL");
    const auto sources = bundles(packs, count);
    if (!sources) return sources.error();
    auto pack = phiscan::rules::read_pack(*sources);
    if (!pack) return pack.error();
    auto result = phiscan::detect::check_pack(*pack);
    *out = new phiscan_report{PHISCAN_ACTION_NONE, std::move(result)};
    return std::nullopt;
  });
}

phiscan_status phiscan_policy_check(phiscan_view policy, phiscan_report** out, phiscan_error** err) {
  return guard(err, [&]() -> std::optional<Error> {
    if (out == nullptr || is_bad(policy)) return bad_argument("policy or out is NULL");
    auto problems = nlohmann::json::array();
    for (const auto& problem : phiscan::rules::check_policy(text(policy))) {
      problems.push_back({{"where", problem.where}, {"message", problem.message}, {"level", problem.fatal ? "error" : "advice"}});
    }
    *out = new phiscan_report{PHISCAN_ACTION_NONE, nlohmann::json{{"problems", problems}}.dump()};
    return std::nullopt;
  });
}

phiscan_status phiscan_policy_describe(phiscan_view policy, phiscan_view locale, phiscan_report** out, phiscan_error** err) {
  return guard(err, [&]() -> std::optional<Error> {
    if (out == nullptr || is_bad(policy) || is_bad(locale)) return bad_argument("policy, locale or out is NULL");
    auto page = phiscan::rules::describe_policy(text(policy), text(locale));
    if (!page) return page.error();
    *out = new phiscan_report{PHISCAN_ACTION_NONE, std::move(*page)};
    return std::nullopt;
  });
}

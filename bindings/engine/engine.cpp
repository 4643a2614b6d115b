#include "engine/engine.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/cache.hpp"

namespace phiscan::engine {
namespace fs = std::filesystem;
namespace {

std::string_view code_word(phiscan_status status) {
  switch (status) {
    case PHISCAN_E_ARGUMENT: return "argument";
    case PHISCAN_E_MEMORY: return "memory";
    case PHISCAN_E_BUSY: return "busy";
    case PHISCAN_E_JSON: return "json";
    case PHISCAN_E_SCHEMA: return "schema";
    case PHISCAN_E_TOO_LARGE: return "too_large";
    case PHISCAN_E_PACK: return "pack";
    case PHISCAN_E_POLICY: return "policy";
    case PHISCAN_E_VERSION: return "version";
    default: return "internal";
  }
}

std::string_view plain_words(phiscan_status status) {
  switch (status) {
    case PHISCAN_E_MEMORY: return "not enough memory";
    case PHISCAN_E_JSON: return "this is not valid JSON";
    case PHISCAN_E_INTERNAL: return "the engine stopped with an error of its own; please report it";
    default: return "the engine cannot use this input";
  }
}

// Takes `error` over.
Failure failure_of(phiscan_status status, phiscan_error* error) {
  Failure out{std::string(code_word(status)), std::string(text(phiscan_error_where(error))), std::string(text(phiscan_error_message(error)))};
  phiscan_error_free(error);
  if (out.message.empty()) out.message = plain_words(status);
  return out;
}

template <typename Call>
Or<std::string> json_of(Call&& call) {
  phiscan_report* report = nullptr;
  phiscan_error* error = nullptr;
  if (const auto status = call(&report, &error); status != PHISCAN_OK) return failure_of(status, error);
  std::string json(text(phiscan_report_json(report)));
  phiscan_report_free(report);
  return json;
}

std::vector<phiscan_view> views(const std::vector<std::string>& texts) {
  std::vector<phiscan_view> out;
  for (const auto& one : texts) out.push_back(view(one));
  return out;
}

bool is_pack_file(const std::string& name) {
  const auto ends = [&](std::string_view ending) { return name.ends_with(ending); };
  if (name == "pack.json" || name == "weights.json") return true;
  return (name.starts_with("rules/") && ends(".json")) || (name.starts_with("terms/") && ends(".txt")) ||
         (name.starts_with("texts/") && ends(".json"));
}

}  // namespace

std::string sentence(std::string_view input, const Failure& failure) {
  std::string out(input);
  if (!failure.where.empty() && failure.message.find(failure.where) == std::string::npos) out += (out.empty() ? "" : ": ") + failure.where;
  return (out.empty() ? "" : out + ": ") + failure.message;
}

Or<std::string> read_file(const std::string& path, std::string_view what) {
  std::error_code error;
  if (!fs::exists(path, error)) return Failure{"not_found", path, "there is no such " + std::string(what) + " file"};
  if (fs::is_directory(path, error)) return Failure{"not_readable", path, "is a folder; name the " + std::string(what) + " file in it"};
  std::ifstream in(path, std::ios::binary);
  std::string out{std::istreambuf_iterator<char>(in), {}};
  if (in.bad() || !in.is_open()) return Failure{"not_readable", path, "cannot be read; check its permissions"};
  return out;
}

Or<std::string> read_pack(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    auto bytes = read_file(path, "pack");
    if (const auto* text = std::get_if<std::string>(&bytes); text != nullptr && text->empty()) return Failure{"pack", path, "the file is empty"};
    return bytes;
  }
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
    if (!entry.is_regular_file(error)) continue;
    auto name = entry.path().lexically_relative(path).generic_string();
    if (!is_pack_file(name)) continue;
    auto bytes = read_file(entry.path().string(), "pack");
    if (auto* failure = std::get_if<Failure>(&bytes)) return std::move(*failure);
    files.emplace_back(std::move(name), std::get<std::string>(std::move(bytes)));
  }
  std::sort(files.begin(), files.end());
  return pack_bundle(files);
}

Or<std::string> pack_bundle(const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<phiscan_file> list;
  for (const auto& [name, data] : files) list.push_back({view(name), view(data)});
  return json_of([&](auto** out, auto** error) { return phiscan_pack_bundle(list.data(), list.size(), out, error); });
}

Or<std::string> pack_check(const std::vector<std::string>& bundles) {
  const auto list = views(bundles);
  return json_of([&](auto** out, auto** error) { return phiscan_pack_check(list.data(), list.size(), out, error); });
}

Or<std::string> policy_check(std::string_view policy) {
  return json_of([&](auto** out, auto** error) { return phiscan_policy_check(view(policy), out, error); });
}

Or<std::string> policy_describe(std::string_view policy, std::string_view locale) {
  return json_of([&](auto** out, auto** error) { return phiscan_policy_describe(view(policy), view(locale), out, error); });
}

Or<Rules> Rules::load(const std::vector<std::string>& bundles, std::string_view policy, bool with_cache) {
  const CompiledPatterns compiled(bundles, with_cache);
  auto list = views(bundles);
  for (auto& one : list) {
    if (one.size == 0) one.data = nullptr;  // stands for the built-in pack
  }
  phiscan_rules* rules = nullptr;
  phiscan_error* error = nullptr;
  const auto status = phiscan_rules_load(list.data(), list.size(), view(policy), view(compiled.bytes()), &rules, &error);
  if (status != PHISCAN_OK) return failure_of(status, error);
  Rules out;
  out.rules_ = {rules, phiscan_rules_free};
  if (compiled.is_wanted() && !CompiledPatterns::served(out.info())) compiled.keep(text(phiscan_rules_cache(rules)));
  return out;
}

std::string_view Rules::info() const { return text(phiscan_rules_info(rules_.get())); }

Or<Scanner> Scanner::make(const Rules& rules) {
  phiscan_scanner* scanner = nullptr;
  phiscan_error* error = nullptr;
  if (const auto status = phiscan_scanner_new(rules.get(), &scanner, &error); status != PHISCAN_OK) return failure_of(status, error);
  Scanner out;
  out.scanner_.reset(scanner);
  return out;
}

Or<Report> Scanner::scan(std::string_view request_json) {
  phiscan_report* report = nullptr;
  phiscan_error* error = nullptr;
  if (const auto status = phiscan_scan(scanner_.get(), view(request_json), &report, &error); status != PHISCAN_OK) return failure_of(status, error);
  Report out{phiscan_report_action(report), std::string(text(phiscan_report_json(report)))};
  phiscan_report_free(report);
  return out;
}

}  // namespace phiscan::engine

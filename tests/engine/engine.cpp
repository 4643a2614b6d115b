#include "engine.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <random>
#include <stdexcept>

namespace phiscan::test {
namespace {

std::string text(phiscan_view view) { return view.size == 0 ? std::string() : std::string(view.data, view.size); }

constexpr std::string_view clinic_policy = R"({
  "schema": "phiscan.policy/1", "id": "test-clinic", "version": "1",
  "organisation": {"name": "Sunrise Family Practice", "kind": "clinic"},
  "own": {"domains": ["clinic.example"]},
  "mode": "enforce",
  "partners": [{"id": "lab", "name": "Valley Lab", "domains": ["valleylab.example"], "baa": true, "baa_expires": "2030-01-01", "channel": "email"}],
  "portal": {"name": "Portal", "url": "https://portal.clinic.example/"},
  "encryption": {"header": {"name": "X-Clinic-Encrypt", "value": "yes"}, "subject_tag": "[encrypt]"}
})";

}  // namespace

Engine::Engine(std::string_view policy) {
  phiscan_rules* rules = nullptr;
  phiscan_error* error = nullptr;
  if (phiscan_rules_load(nullptr, 0, {policy.data(), policy.size()}, {nullptr, 0}, &rules, &error) != PHISCAN_OK) {
    const std::string what = text(phiscan_error_where(error)) + ": " + text(phiscan_error_message(error));
    phiscan_error_free(error);
    throw std::runtime_error(what);
  }
  const auto status = phiscan_scanner_new(rules, &scanner_, nullptr);
  phiscan_rules_free(rules);  // the scanner keeps what it needs
  if (status != PHISCAN_OK) throw std::runtime_error("no scanner");
}

Engine::~Engine() { phiscan_scanner_free(scanner_); }

Outcome Engine::scan_bytes(std::string_view request) const {
  Outcome outcome;
  phiscan_report* report = nullptr;
  phiscan_error* error = nullptr;
  outcome.status = phiscan_scan(scanner_, {request.data(), request.size()}, &report, &error);
  if (report != nullptr) {
    outcome.action = phiscan_report_action(report);
    outcome.raw = text(phiscan_report_json(report));
    outcome.report = Json::parse(outcome.raw);
  }
  if (error != nullptr) {
    outcome.message = text(phiscan_error_message(error));
    outcome.where = text(phiscan_error_where(error));
  }
  phiscan_report_free(report);
  phiscan_error_free(error);
  return outcome;
}

Json Engine::scan(const Json& request) const {
  auto outcome = scan_bytes(request.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (outcome.status != PHISCAN_OK) throw std::runtime_error("status " + std::to_string(outcome.status) + " at " + outcome.where + ": " + outcome.message);
  return std::move(outcome.report);
}

const Engine& no_policy() {
  static const Engine engine{""};
  return engine;
}

const Engine& clinic() {
  static const Engine engine{clinic_policy};
  return engine;
}

Json address(std::string_view address, std::string_view name) {
  Json out{{"address", address}};
  if (!name.empty()) out["name"] = name;
  return out;
}

Json mail(std::string_view to, std::string_view subject, std::string_view body) {
  return {{"schema", "phiscan.request/1"},
          {"from", address("desk@clinic.example", "Morgan Hale")},
          {"to", Json::array({address(to)})},
          {"subject", subject},
          {"body", {{"text", body}}},
          {"compose", "new"},
          {"now", "2026-11-22T10:00:00-05:00"}};
}

bool Verdict::same(const Verdict& other) const {
  return content == other.content && severity == other.severity && categories == other.categories;
}

bool Verdict::is_below(const Verdict& other) const {
  const int mine = content_rank(content);
  const int theirs = content_rank(other.content);
  if (mine != theirs) return mine < theirs;
  if (severity != other.severity) return severity < other.severity;
  return confidence < other.confidence;
}

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
  out << verdict.content << ' ' << verdict.severity << " (" << verdict.confidence << ")";
  for (const auto& category : verdict.categories) out << ' ' << category;
  return out;
}

Verdict verdict(const Json& report) {
  Verdict out{report.at("content"), report.at("severity"), report.at("confidence"), report.at("categories")};
  std::ranges::sort(out.categories);
  return out;
}

int content_rank(std::string_view content) {
  static constexpr std::array<std::string_view, 4> order{"none", "health", "identity", "phi"};
  return static_cast<int>(std::ranges::find(order, content) - order.begin());
}

bool has_category(const Json& report, std::string_view category) {
  return std::ranges::any_of(report.at("categories"), [&](const Json& one) { return one == category; });
}

bool has_counted(const Json& report, std::string_view label) {
  return std::ranges::any_of(report.at("findings"), [&](const Json& one) { return one.at("label") == label && one.at("counted") == true; });
}

const Json* offer(const Json& report, std::string_view kind) {
  for (const auto& one : report.at("offers")) {
    if (one.at("kind") == kind) return &one;
  }
  return nullptr;
}

const std::string* part(const Json& request, std::string_view name) {
  const auto inside = [](const Json& object, const char* key) -> const std::string* {
    return object.contains(key) && object.at(key).is_string() ? &object.at(key).get_ref<const std::string&>() : nullptr;
  };
  if (name == "subject") return inside(request, "subject");
  if (name == "body.html") return request.contains("body") ? inside(request.at("body"), "html") : nullptr;
  if (name == "body.text") return request.contains("body") ? inside(request.at("body"), "text") : nullptr;
  unsigned attachment = 0;
  unsigned text_part = 0;
  const std::string copy(name);
  if (std::sscanf(copy.c_str(), "attachments/%u/text_parts/%u", &attachment, &text_part) == 2) {
    return inside(request.at("attachments").at(attachment).at("text_parts").at(text_part), "text");
  }
  if (std::sscanf(copy.c_str(), "attachments/%u/name", &attachment) == 1) return inside(request.at("attachments").at(attachment), "name");
  return nullptr;
}

std::string* part(Json& request, std::string_view name) {
  return const_cast<std::string*>(part(static_cast<const Json&>(request), name));
}

std::string made_up_ssn(unsigned seed, std::string_view separator) {
  std::mt19937 random(seed);
  std::array<char, 4> area{};
  std::array<char, 4> group{};
  std::array<char, 8> serial{};
  std::snprintf(area.data(), area.size(), "%03u", 400U + static_cast<unsigned>(random() % 180));
  std::snprintf(group.data(), group.size(), "%02u", 11U + static_cast<unsigned>(random() % 80));
  std::snprintf(serial.data(), serial.size(), "%04u", 1200U + static_cast<unsigned>(random() % 8000));
  return std::string(area.data()) + std::string(separator) + group.data() + std::string(separator) + serial.data();
}

}  // namespace phiscan::test

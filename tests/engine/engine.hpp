// The engine as a client meets it: a request goes through the C ABI, a report or an error comes back as plain values. Shared by the
// tests of this folder; one Engine per policy is made on first use and kept, because loading the rules costs more than most scans.
#pragma once

#include <phiscan/phiscan.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::test {

using Json = nlohmann::json;

struct Outcome {
  phiscan_status status = PHISCAN_OK;
  phiscan_action action = PHISCAN_ACTION_NONE;
  std::string raw;  // the report as sent
  Json report;
  std::string message, where;  // of the error
};

class Engine {
 public:
  // Throws when the rules do not load.
  explicit Engine(std::string_view policy);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] Outcome scan_bytes(std::string_view request) const;
  // The report of a request that must be good; throws when there is none.
  [[nodiscard]] Json scan(const Json& request) const;

 private:
  phiscan_scanner* scanner_ = nullptr;
};

[[nodiscard]] const Engine& no_policy();
// Own domain clinic.example, organisation kind clinic, a partner, a portal and an encryption trigger; mode enforce.
[[nodiscard]] const Engine& clinic();

// A request from desk@clinic.example to one recipient.
[[nodiscard]] Json mail(std::string_view to, std::string_view subject, std::string_view body);
[[nodiscard]] Json address(std::string_view address, std::string_view name = {});

// What a report says, in one comparable value.
struct Verdict {
  std::string content;
  int severity = 0;
  double confidence = 0;
  std::vector<std::string> categories;

  // Content, severity and categories: what the reader of a report acts on.
  [[nodiscard]] bool same(const Verdict& other) const;
  // Content first, then severity, then confidence.
  [[nodiscard]] bool is_below(const Verdict& other) const;
};
std::ostream& operator<<(std::ostream& out, const Verdict& verdict);
[[nodiscard]] Verdict verdict(const Json& report);
[[nodiscard]] int content_rank(std::string_view content);
[[nodiscard]] bool has_category(const Json& report, std::string_view category);
[[nodiscard]] bool has_counted(const Json& report, std::string_view label);
[[nodiscard]] const Json* offer(const Json& report, std::string_view kind);

// The string value of a part, or nullptr.
[[nodiscard]] std::string* part(Json& request, std::string_view name);
[[nodiscard]] const std::string* part(const Json& request, std::string_view name);

// A number that was never committed: valid form, from a seed, with the separator given.
[[nodiscard]] std::string made_up_ssn(unsigned seed, std::string_view separator = "-");

}  // namespace phiscan::test

// Any bytes as a request, through the C ABI: a report with an action, or an error with a code; never both, never neither.
#include <phiscan/phiscan.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

phiscan_scanner* make_scanner() {
  phiscan_rules* rules = nullptr;
  phiscan_scanner* scanner = nullptr;
  if (phiscan_rules_load(nullptr, 0, {nullptr, 0}, {nullptr, 0}, &rules, nullptr) != PHISCAN_OK) std::abort();
  if (phiscan_scanner_new(rules, &scanner, nullptr) != PHISCAN_OK) std::abort();
  phiscan_rules_free(rules);
  return scanner;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static phiscan_scanner* const scanner = make_scanner();
  phiscan_report* report = nullptr;
  phiscan_error* error = nullptr;
  const auto status = phiscan_scan(scanner, {reinterpret_cast<const char*>(data), size}, &report, &error);
  if ((status == PHISCAN_OK) != (report != nullptr) || (status == PHISCAN_OK) != (error == nullptr)) std::abort();
  if (status == PHISCAN_E_INTERNAL || status == PHISCAN_E_BUSY || status == PHISCAN_E_ARGUMENT) std::abort();
  if (status == PHISCAN_OK && (phiscan_report_action(report) < PHISCAN_ACTION_ALLOW || phiscan_report_json(report).size == 0)) std::abort();
  if (status != PHISCAN_OK && (phiscan_error_code(error) != status || phiscan_error_message(error).size == 0)) std::abort();
  phiscan_report_free(report);
  phiscan_error_free(error);
  return 0;
}

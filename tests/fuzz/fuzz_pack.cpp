// Any bytes as a rule pack: as a bundle that is loaded, and as the rules file of a folder that is bundled first. What loads, scans.
#include <phiscan/phiscan.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

phiscan_view view(std::string_view text) { return {text.data(), text.size()}; }

void load(phiscan_view bundle) {
  phiscan_rules* rules = nullptr;
  phiscan_error* error = nullptr;
  const auto status = phiscan_rules_load(&bundle, 1, {nullptr, 0}, {nullptr, 0}, &rules, &error);
  if ((status == PHISCAN_OK) != (rules != nullptr) || status == PHISCAN_E_INTERNAL) std::abort();
  phiscan_error_free(error);
  if (rules == nullptr) return;
  phiscan_scanner* scanner = nullptr;
  phiscan_report* report = nullptr;
  if (phiscan_scanner_new(rules, &scanner, nullptr) != PHISCAN_OK) std::abort();
  constexpr std::string_view request =
      R"({"schema":"phiscan.request/1","from":{"address":"a@clinic.example"},"body":{"text":"MRN 00412345, Dana Roe, A1c 8.2, call 555-0100"}})";
  if (phiscan_scan(scanner, view(request), &report, nullptr) != PHISCAN_OK) std::abort();
  phiscan_report_free(report);
  phiscan_scanner_free(scanner);
  phiscan_rules_free(rules);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  load(view(bytes));

  constexpr std::string_view manifest = R"({"schema":"phiscan.pack/1","id":"fuzz","version":"1.0.0"})";
  const std::array files{phiscan_file{view("pack.json"), view(manifest)}, phiscan_file{view("rules/any.json"), view(bytes)},
                         phiscan_file{view("terms/any.txt"), view(bytes)}};
  phiscan_report* bundle = nullptr;
  if (phiscan_pack_bundle(files.data(), files.size(), &bundle, nullptr) == PHISCAN_OK) load(phiscan_report_json(bundle));
  phiscan_report_free(bundle);
  return 0;
}

// Figures and how they are told: the clock, percentiles, one table on stdout and the same figures as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::bench {

// CPU milliseconds of this thread: what a busy machine changes least.
[[nodiscard]] double cpu_ms();
// Milliseconds on the wall.
[[nodiscard]] double wall_ms();

struct Times {
  double p50 = 0.0;
  double p99 = 0.0;
  double best = 0.0;
};
[[nodiscard]] Times percentiles(std::vector<double> values);

// Runs `work` until `budget_ms` is spent, at least `least` times; CPU time of each run.
template <typename Work>
[[nodiscard]] Times measure(double budget_ms, std::size_t least, Work&& work) {
  std::vector<double> values;
  double spent = 0.0;
  while (values.size() < least || (spent < budget_ms && values.size() < 20'000)) {
    const double from = cpu_ms();
    work();
    values.push_back(cpu_ms() - from);
    spent += values.back();
  }
  return percentiles(std::move(values));
}

class Table {
 public:
  void section(std::string_view title, std::vector<std::string> columns);
  // `target`: empty when the design names none.
  void row(std::string_view name, const std::vector<std::string>& cells, std::string_view target = {});
  void note(std::string_view line);
  // One figure for --json; `limit` 0 = no target. `least`: the limit is a floor, not a ceiling.
  void figure(const std::string& name, double value, std::string_view unit, double limit = 0.0, bool least = false);
  [[nodiscard]] const nlohmann::json& figures() const { return figures_; }

 private:
  nlohmann::json figures_ = nlohmann::json::object();
};

[[nodiscard]] std::string fixed(double value, int digits);
// "target <= 5, held" or "target <= 5, missed".
[[nodiscard]] std::string target(double value, double limit, bool least = false);

}  // namespace phiscan::bench

#include "table.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace phiscan::bench {
namespace {

constexpr int name_width = 34;
constexpr int cell_width = 14;

void pad(std::string_view text, int width) { std::printf("%*.*s", width, static_cast<int>(text.size()), text.data()); }

}  // namespace

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double wall_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Times percentiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](std::size_t percent) { return values[std::min(values.size() - 1, values.size() * percent / 100)]; };
  return values.empty() ? Times{} : Times{at(50), at(99), values.front()};
}

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string target(double value, double limit, bool least) {
  const bool held = least ? value >= limit : value <= limit;
  std::string number = fixed(limit, limit < 10 && limit != static_cast<int>(limit) ? 1 : 0);
  return std::string("target ") + (least ? ">= " : "<= ") + number + (held ? ", held" : ", MISSED");
}

void Table::section(std::string_view title, std::vector<std::string> columns) {
  std::printf("\n%-*.*s", name_width, static_cast<int>(title.size()), title.data());
  for (const auto& column : columns) pad(column, cell_width);
  std::printf("\n");
}

void Table::row(std::string_view name, const std::vector<std::string>& cells, std::string_view target) {
  std::printf("  %-*.*s", name_width - 2, static_cast<int>(name.size()), name.data());
  for (const auto& cell : cells) pad(cell, cell_width);
  if (!target.empty()) std::printf("   %.*s", static_cast<int>(target.size()), target.data());
  std::printf("\n");
  std::fflush(stdout);
}

void Table::note(std::string_view line) { std::printf("  %.*s\n", static_cast<int>(line.size()), line.data()); }

void Table::figure(const std::string& name, double value, std::string_view unit, double limit, bool least) {
  nlohmann::json entry{{"value", value}, {"unit", unit}};
  if (limit > 0.0) {
    entry["target"] = limit;
    entry["held"] = least ? value >= limit : value <= limit;
  }
  figures_[name] = std::move(entry);
}

}  // namespace phiscan::bench

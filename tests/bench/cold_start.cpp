#include "cold_start.hpp"

#include <phiscan/phiscan.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>

#include "mails.hpp"
#include "table.hpp"

extern char** environ;

namespace phiscan::bench {
namespace {

// A line of /proc/self/status in MB. Peak use of getrusage() would count the parent's.
double status_mb(const char* key) {
  std::ifstream in("/proc/self/status");
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with(key)) return std::strtod(line.c_str() + std::strlen(key), nullptr) / 1024.0;
  }
  return 0.0;
}

double process_cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

bool scan_once(phiscan_scanner* scanner, const std::string& request) {
  phiscan_report* report = nullptr;
  if (phiscan_scan(scanner, {request.data(), request.size()}, &report, nullptr) != PHISCAN_OK) return false;
  phiscan_report_free(report);
  return true;
}

}  // namespace

int run_cold_start(const char* cache_file) {
  std::string cache;
  if (*cache_file != '\0') {
    std::ifstream in(cache_file, std::ios::binary | std::ios::ate);
    if (in) {
      cache.resize(static_cast<std::size_t>(in.tellg()));
      in.seekg(0).read(cache.data(), static_cast<std::streamsize>(cache.size()));
    }
  }
  const std::string first = request(text(Kind::clinical, 2'000, 3), false);
  const double begin = cpu_ms();
  phiscan_rules* rules = nullptr;
  if (phiscan_rules_load(nullptr, 0, {nullptr, 0}, {cache.data(), cache.size()}, &rules, nullptr) != PHISCAN_OK) return 1;
  const double loaded = cpu_ms();
  phiscan_scanner* scanner = nullptr;
  if (phiscan_scanner_new(rules, &scanner, nullptr) != PHISCAN_OK) return 1;
  const double ready = cpu_ms();
  if (!scan_once(scanner, first)) return 1;
  const double end = cpu_ms();
  const double whole = process_cpu_ms();
  const double resident = status_mb("VmRSS:");
  if (*cache_file != '\0' && cache.empty()) {
    const auto fresh = phiscan_rules_cache(rules);
    std::ofstream(cache_file, std::ios::binary).write(fresh.data, static_cast<std::streamsize>(fresh.size));
  }
  std::printf("%f %f %f %f %f", loaded - begin, ready - loaded, end - ready, whole, resident);
  std::fflush(stdout);
  if (!scan_once(scanner, request(text(Kind::clinical, 100'000, 4), false))) return 1;
  std::printf(" %f\n", status_mb("VmHWM:"));
  phiscan_scanner_free(scanner);
  phiscan_rules_free(rules);
  return 0;
}

ColdStart cold_start(const std::string& cache_file) {
  ColdStart out;
  int ends[2];
  if (pipe(ends) != 0) return out;
  std::string self = "/proc/self/exe";
  std::string flag = "--cold-start";
  std::string file = cache_file;
  char* argv[] = {self.data(), flag.data(), file.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  pid_t child = 0;
  const double begin = wall_ms();
  const bool started = posix_spawn(&child, self.c_str(), &actions, nullptr, argv, environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string said;
  char buffer[256];
  for (ssize_t size = 0; started && (size = read(ends[0], buffer, sizeof buffer)) > 0;) {
    if (said.empty()) out.wall_ms = wall_ms() - begin;  // the first words come with the first verdict
    said.append(buffer, static_cast<std::size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  if (started) waitpid(child, &status, 0);
  out.ok = started && status == 0 &&
           std::sscanf(said.c_str(), "%lf %lf %lf %lf %lf %lf", &out.load_ms, &out.scanner_ms, &out.scan_ms, &out.cpu_ms, &out.loaded_mb, &out.peak_mb) == 6;
  return out;
}

}  // namespace phiscan::bench

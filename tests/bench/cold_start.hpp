// A start from nothing: the program runs itself anew, loads the embedded pack and scans one mail through phiscan.h. Also where resident
// memory is read, because a fresh process holds nothing else.
#pragma once

#include <string>

namespace phiscan::bench {

struct ColdStart {
  double wall_ms = 0.0;     // from starting the process to its end
  double load_ms = 0.0;     // CPU: phiscan_rules_load
  double scanner_ms = 0.0;  // CPU: phiscan_scanner_new
  double scan_ms = 0.0;     // CPU: the first scan, a 2 kB mail
  double cpu_ms = 0.0;      // CPU of the whole process, from its first instruction
  double loaded_mb = 0.0;   // resident after loading
  double peak_mb = 0.0;     // highest ever, after a 100 kB mail
  bool ok = false;
};

// `cache_file` empty: without. A file that is not there is written.
[[nodiscard]] ColdStart cold_start(const std::string& cache_file);
// What the fresh process does; its exit code.
int run_cold_start(const char* cache_file);

}  // namespace phiscan::bench

// phiscan cache: where compiled patterns are kept, and how to be rid of them.
#include <cstdio>

#include "commands.hpp"
#include "engine/cache.hpp"
#include "engine/files.hpp"
#include "quit.hpp"

namespace phiscan::cli {

int run_cache_path(const Arguments&) {
  const auto folder = engine::cache_folder();
  if (folder.empty()) throw Quit{exit_usage, "no cache folder: set HOME or XDG_CACHE_HOME"};
  std::printf("%s\n", folder.c_str());
  return exit_fine;
}

int run_cache_clear(const Arguments&) {
  const auto folder = engine::cache_folder();
  const auto gone = engine::clear_compiled_patterns();
  std::printf("%zu file%s removed from %s\n", gone, gone == 1 ? "" : "s", folder.empty() ? "nowhere: no cache folder is known" : folder.c_str());
  return exit_fine;
}

}  // namespace phiscan::cli

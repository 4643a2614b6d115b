// Compiled patterns kept between runs, one file per set of packs, so that a start takes milliseconds. The engine checks what it is given
// and quietly compiles anew when it does not fit; a cache that cannot be written is not an error.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::engine {

class CompiledPatterns {
 public:
  // Reads what an earlier run left for these packs; nothing when `wanted` is false.
  CompiledPatterns(const std::vector<std::string>& bundles, bool wanted);

  [[nodiscard]] std::string_view bytes() const { return {bytes_.get(), size_}; }
  [[nodiscard]] bool is_wanted() const { return !file_.empty(); }
  // After loading: the engine says (in its info) whether what it was given served; otherwise its fresh cache is worth keeping.
  [[nodiscard]] static bool served(std::string_view info);
  void keep(std::string_view fresh) const;

 private:
  std::filesystem::path file_;  // empty: no caching
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

// Removes every kept file of the folder; how many there were.
std::size_t clear_compiled_patterns();

}  // namespace phiscan::engine

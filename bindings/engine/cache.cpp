#include "engine/cache.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/engine.hpp"
#include "engine/files.hpp"

namespace phiscan::engine {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view ending = ".hsc";
constexpr std::size_t most_files = 8;  // a pack under work leaves a new one with every change

// Only tells files apart (FNV-1a); what is inside carries the engine's own digest.
std::string name_of(const std::vector<std::string>& bundles) {
  std::string name = "builtin";
  if (!bundles.empty()) {
    std::uint64_t hash = 14695981039346656037U;
    for (const auto& bundle : bundles) {
      for (const char c : bundle) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
      hash = (hash ^ 0x100U) * 1099511628211U;
    }
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    name = text;
  }
  return name + "-" + std::string(text(phiscan_version())) + std::string(ending);
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ending || entry.path().extension() == ".tmp") out.push_back(entry.path());
  }
  return out;
}

void forget_the_oldest(const fs::path& folder) {
  auto files = files_in(folder);
  if (files.size() <= most_files) return;
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> by_age;
  for (auto& file : files) by_age.emplace_back(fs::last_write_time(file, error), std::move(file));
  std::sort(by_age.begin(), by_age.end());
  for (std::size_t i = 0; i + most_files < by_age.size(); ++i) fs::remove(by_age[i].second, error);
}

}  // namespace

CompiledPatterns::CompiledPatterns(const std::vector<std::string>& bundles, bool wanted) {
  const auto folder = cache_folder();
  if (!wanted || folder.empty()) return;
  file_ = folder / name_of(bundles);
  std::ifstream in(file_, std::ios::binary);
  std::error_code error;
  const auto size = fs::file_size(file_, error);
  if (error || !in) return;
  bytes_ = std::make_unique_for_overwrite<char[]>(size);  // at once and unfilled: these are megabytes
  if (in.read(bytes_.get(), static_cast<std::streamsize>(size))) size_ = size;
}

bool CompiledPatterns::served(std::string_view info) {
  const auto facts = nlohmann::json::parse(info, nullptr, false);
  return facts.is_object() && facts.value("cache", "") == "used";
}

void CompiledPatterns::keep(std::string_view fresh) const {
  if (!file_.empty() && !fresh.empty() && write_private(file_, fresh)) forget_the_oldest(file_.parent_path());
}

std::size_t clear_compiled_patterns() {
  std::size_t gone = 0;
  std::error_code error;
  for (const auto& file : files_in(cache_folder())) gone += fs::remove(file, error) ? 1 : 0;
  return gone;
}

}  // namespace phiscan::engine

// Shapes: says which patterns without a literal head may end where. Hyperscan or Vectorscan when built in, else RE2::Set over
// overlapping blocks; both promise a superset of what RE2 confirms, so the choice never shows in a report. One Scratch per thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"

namespace phiscan::detect {

struct Shape {
  std::uint32_t rule = 0;
  std::string pattern;
  bool case_sensitive = false;
  std::uint32_t max_width = 0;
};

// Rule `rule` may have a match that starts inside `starts` (norm offsets).
struct ShapeHit {
  std::uint32_t rule = 0;
  Span starts;
};

class ShapeScratch {
 public:
  ShapeScratch();
  ~ShapeScratch();
  ShapeScratch(ShapeScratch&&) noexcept;
  ShapeScratch& operator=(ShapeScratch&&) noexcept;

 private:
  friend class Shapes;
  struct State;
  std::unique_ptr<State> state_;
};

class Shapes {
 public:
  // `cache` is what cache() gave for the same shapes on the same library and CPU; `key` names the packs. A bad cache is ignored.
  static Result<Shapes> compile(std::vector<Shape> shapes, std::string_view cache, std::string_view key);
  ~Shapes();
  Shapes(Shapes&&) noexcept;
  Shapes& operator=(Shapes&&) noexcept;

  [[nodiscard]] ShapeScratch scratch() const;
  // Hits sorted by rule, then place; per rule the ranges do not overlap.
  void propose(ShapeScratch& scratch, std::string_view norm, std::vector<ShapeHit>& hits) const;
  [[nodiscard]] const std::string& cache() const;        // empty when there is nothing to cache
  [[nodiscard]] std::string_view cache_state() const;    // "used", "none", "rejected", "unsupported"
  [[nodiscard]] static std::string proposer();           // "hyperscan 5.4.0 ..." or "re2"
  // Names this library, its version and this CPU: part of the cache file's name.
  [[nodiscard]] static std::string platform();

 private:
  struct State;
  explicit Shapes(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace phiscan::detect

// Shapes: says which patterns without a literal head may end where. Hyperscan or Vectorscan when built in, else RE2::Set over
// overlapping blocks; both promise a superset of what RE2 confirms, so the choice never shows in a report. One Scratch per thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
  static Result<Shapes> compile(std::vector<Shape> shapes);
  // `serialised` is what serialised() gave for the same shapes on the same platform(); nothing when the library does not take it.
  static std::optional<Shapes> restore(std::vector<Shape> shapes, std::string_view serialised);
  ~Shapes();
  Shapes(Shapes&&) noexcept;
  Shapes& operator=(Shapes&&) noexcept;

  [[nodiscard]] ShapeScratch scratch() const;
  // Hits sorted by rule, then place; per rule the ranges do not overlap.
  void propose(ShapeScratch& scratch, std::string_view norm, std::vector<ShapeHit>& hits) const;
  [[nodiscard]] std::string serialised() const;          // empty where nothing is worth keeping
  [[nodiscard]] static std::string proposer();           // "hyperscan 5.4.0 ..." or "re2"
  // Names this library, its version and this CPU: what is serialised is good for no other.
  [[nodiscard]] static std::string platform();

 private:
  struct State;
  explicit Shapes(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace phiscan::detect

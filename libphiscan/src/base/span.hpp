// Span: a half-open range of byte offsets. Which text it points into is said where it is used.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace phiscan {

struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  auto operator<=>(const Span&) const = default;
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  [[nodiscard]] bool empty() const { return end <= begin; }
  [[nodiscard]] bool contains(Span other) const { return begin <= other.begin && other.end <= end; }
  [[nodiscard]] bool overlaps(Span other) const { return begin < other.end && other.begin < end; }
  [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(begin, size()); }
};

}  // namespace phiscan

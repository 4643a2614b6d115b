// Marks: which bytes of a text are of some kind, one bit for each, so that "is there one in this window?" takes a few steps.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace phiscan::detect {

class Marks {
 public:
  Marks(std::string_view text, auto is_marked) : blocks_((text.size() + 63) / 64) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const auto block = text.substr(i * 64, 64);
      std::uint64_t bits = 0;
      for (std::size_t k = 0; k < block.size(); ++k) bits |= std::uint64_t{is_marked(static_cast<unsigned char>(block[k]))} << k;
      blocks_[i] = bits;
      any_ = any_ || bits != 0;
    }
  }

  // In [begin, end), which may end behind the text.
  [[nodiscard]] bool any(std::size_t begin, std::size_t end) const {
    end = std::min(end, blocks_.size() * 64);
    if (!any_ || begin >= end) return false;
    const std::size_t last = (end - 1) / 64;
    std::size_t at = begin / 64;
    std::uint64_t bits = blocks_[at] & ~std::uint64_t{0} << begin % 64;
    for (; at < last; bits = blocks_[++at]) {
      if (bits != 0) return true;
    }
    return (bits & ~std::uint64_t{0} >> (63 - (end - 1) % 64)) != 0;
  }

 private:
  std::vector<std::uint64_t> blocks_;
  bool any_ = false;
};

}  // namespace phiscan::detect

// Marks: which bytes of a text are of some kind, one bit for each, so that "is there one in this window?" takes a few steps.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace phiscan::detect {

class Marks {
 public:
  // Eight bytes, the first one lowest, as a word whose top bit of each byte says whether it is marked.
  static std::uint64_t wide(std::uint64_t eight) { return eight & tops; }  // not ASCII
  static std::uint64_t digits(std::uint64_t eight) {
    const std::uint64_t low = eight & ~tops;
    return (low + each(0x80 - '0')) & ~(low + each(0x80 - '9' - 1)) & ~eight & tops;
  }

  Marks(std::string_view text, std::uint64_t (*marked)(std::uint64_t)) : blocks_((text.size() + 63) / 64) {
    for (std::size_t at = 0; at < text.size(); at += 8) {
      std::uint64_t eight = 0;
      if (std::endian::native == std::endian::little && text.size() - at >= sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
      } else {
        for (std::size_t k = 0; k < sizeof eight && at + k < text.size(); ++k) eight |= std::uint64_t{static_cast<unsigned char>(text[at + k])} << 8 * k;
      }
      const std::uint64_t tops_set = marked(eight);
      any_ = any_ || tops_set != 0;
      blocks_[at / 64] |= (tops_set >> 7) * 0x0102040810204080ULL >> 56 << at % 64;  // the eight bits, gathered
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
  static constexpr std::uint64_t each(std::uint64_t byte) { return byte * 0x0101010101010101ULL; }
  static constexpr std::uint64_t tops = 0x8080808080808080ULL;

  std::vector<std::uint64_t> blocks_;
  bool any_ = false;
};

}  // namespace phiscan::detect

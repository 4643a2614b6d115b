// OffsetMap: which source bytes each byte of a normalised text came from, run-length coded. Filled by normalise() from left to
// right; asked by report. The only code that converts offsets.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace phiscan::text {

class OffsetMap {
 public:
  // `norm_size` bytes of the normalised text (appended at the end) came from `source`. `linear`: byte i came from byte i (plain ASCII run).
  // `starts_run`: a tag, entity boundary or other markup lies between this and the byte before, so no span may join them.
  void append(std::uint32_t norm_size, Span source, bool linear, bool starts_run);

  // Source spans of a normalised range, in order; each lies inside one run of character data. Half-covered characters count whole.
  [[nodiscard]] std::vector<Span> source(Span norm) const;
  [[nodiscard]] std::uint32_t norm_size() const { return norm_size_; }
  [[nodiscard]] std::size_t run_count() const { return runs_.size(); }

 private:
  struct Run {
    std::uint32_t norm_begin;
    std::uint32_t norm_size;
    Span source;
    bool linear;
    bool starts_run;
  };
  std::vector<Run> runs_;
  std::uint32_t norm_size_ = 0;
};

// UTF-16 code units in a UTF-8 string (valid UTF-8 promised), for one ascending sweep over a part's spans.
[[nodiscard]] std::uint32_t utf16_length(std::string_view utf8);

}  // namespace phiscan::text

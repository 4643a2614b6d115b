// OffsetMap: which source bytes each byte of a normalised text came from, run-length coded. Filled by normalise() from left to
// right; asked by report. The only code that converts offsets.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace phiscan::text {

class OffsetMap {
 public:
  // `norm_size` bytes of the normalised text (appended at the end) came from `source`. `linear`: byte i came from byte i (plain ASCII run).
  // `starts_run`: a tag, entity boundary or other markup lies between this and the byte before, so no span may join them.
  // An empty `source` stands for a break that a tag made: it has no source, and it is a boundary on both sides.
  void append(std::uint32_t norm_size, Span source, bool linear, bool starts_run);

  // Source spans of a normalised range, in order; each lies inside one run of character data. Half-covered characters count whole.
  // Dropped characters (zero-width and the like) between two covered ones are covered too.
  [[nodiscard]] std::vector<Span> source(Span norm) const;
  void source(Span norm, std::vector<Span>& spans) const;  // in place of what was there
  [[nodiscard]] std::uint32_t norm_size() const { return norm_size_; }
  [[nodiscard]] std::size_t run_count() const { return runs_.size(); }

  // The map after `old_size` bytes at `at` in the normalised text gave way to `new_size` others. Sorted, not overlapping, whole characters.
  struct Replacement {
    std::uint32_t at;
    std::uint32_t old_size;
    std::uint32_t new_size;
  };
  [[nodiscard]] OffsetMap replaced(std::span<const Replacement> replacements) const;

 private:
  // Equal characters share a run: each `norm_unit` bytes came from `source_unit` bytes. Zero: the run is one indivisible piece.
  struct Run {
    std::uint32_t norm_begin;
    Span source;
    std::uint8_t norm_unit;
    std::uint8_t source_unit;
    bool starts_run;
  };
  void append_units(std::uint32_t norm_size, Span source, std::uint8_t norm_unit, std::uint8_t source_unit, bool starts_run);
  [[nodiscard]] std::uint32_t run_end(std::size_t index) const;
  [[nodiscard]] std::size_t run_at(std::uint32_t norm) const;
  [[nodiscard]] Span piece(std::size_t index, Span norm) const;

  std::vector<Run> runs_;
  std::uint32_t norm_size_ = 0;
  bool boundary_ = false;  // the next run may not join the one before
};

// UTF-16 code units in a UTF-8 string (valid UTF-8 promised), for one ascending sweep over a part's spans.
[[nodiscard]] std::uint32_t utf16_length(std::string_view utf8);

}  // namespace phiscan::text

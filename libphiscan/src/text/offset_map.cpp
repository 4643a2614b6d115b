#include "text/offset_map.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace phiscan::text {

void OffsetMap::append(std::uint32_t norm_size, Span source, bool linear, bool starts_run) {
  const bool divisible = linear || (norm_size <= 255 && !source.empty() && source.size() <= 255);
  if (linear) return append_units(norm_size, source, 1, 1, starts_run);
  append_units(norm_size, source, divisible ? static_cast<std::uint8_t>(norm_size) : std::uint8_t{0},
               divisible ? static_cast<std::uint8_t>(source.size()) : std::uint8_t{0}, starts_run);
}

void OffsetMap::append_units(std::uint32_t norm_size, Span source, std::uint8_t norm_unit, std::uint8_t source_unit, bool starts_run) {
  boundary_ = boundary_ || starts_run;
  if (norm_size == 0) return;
  const bool starts = boundary_ || runs_.empty() || source.empty();
  boundary_ = source.empty();
  if (!starts && norm_unit != 0) {
    Run& last = runs_.back();
    if (last.source.end == source.begin && last.norm_unit == norm_unit && last.source_unit == source_unit) {
      last.source.end = source.end;
      norm_size_ += norm_size;
      return;
    }
  }
  runs_.push_back({norm_size_, source, norm_unit, source_unit, starts});
  norm_size_ += norm_size;
}

std::uint32_t OffsetMap::run_end(std::size_t index) const {
  return index + 1 < runs_.size() ? runs_[index + 1].norm_begin : norm_size_;
}

std::size_t OffsetMap::run_at(std::uint32_t norm) const {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), norm, [](std::uint32_t at, const Run& run) { return at < run.norm_begin; });
  return static_cast<std::size_t>(after - runs_.begin()) - 1;
}

Span OffsetMap::piece(std::size_t index, Span norm) const {
  const Run& run = runs_[index];
  if (run.norm_unit == 0) return run.source;
  const std::uint32_t begin = std::max(norm.begin, run.norm_begin) - run.norm_begin;
  const std::uint32_t end = std::min(norm.end, run_end(index)) - run.norm_begin;
  return {run.source.begin + begin / run.norm_unit * run.source_unit,
          run.source.begin + (end + run.norm_unit - 1) / run.norm_unit * run.source_unit};
}

std::vector<Span> OffsetMap::source(Span norm) const {
  std::vector<Span> spans;
  source(norm, spans);
  return spans;
}

void OffsetMap::source(Span norm, std::vector<Span>& spans) const {
  spans.clear();
  norm.end = std::min(norm.end, norm_size_);
  if (norm.empty()) return;
  for (std::size_t i = run_at(norm.begin); i < runs_.size() && runs_[i].norm_begin < norm.end; ++i) {
    const Span found = piece(i, norm);
    if (found.empty()) continue;
    if (spans.empty() || runs_[i].starts_run) {
      spans.push_back(found);
    } else {
      spans.back().end = std::max(spans.back().end, found.end);
    }
  }
}

OffsetMap OffsetMap::replaced(std::span<const Replacement> replacements) const {
  OffsetMap result;
  std::uint32_t done = 0;
  std::size_t index = 0;
  const auto copy_until = [&](std::uint32_t end) {
    while (done < end) {
      while (run_end(index) <= done) ++index;
      const Span norm{done, std::min(end, run_end(index))};
      const Run& run = runs_[index];
      result.append_units(norm.size(), piece(index, norm), run.norm_unit, run.source_unit, run.starts_run && norm.begin == run.norm_begin);
      done = norm.end;
    }
  };
  for (const Replacement& replacement : replacements) {
    copy_until(replacement.at);
    const Span norm{replacement.at, replacement.at + replacement.old_size};
    while (run_end(index) <= norm.begin) ++index;
    const bool starts_run = runs_[index].starts_run && runs_[index].norm_begin == norm.begin;
    const Span begin = piece(index, norm);
    while (run_end(index) < norm.end) ++index;
    result.append(replacement.new_size, {begin.begin, std::max(begin.end, piece(index, norm).end)}, false, starts_run);
    done = norm.end;
  }
  copy_until(norm_size_);
  return result;
}

std::uint32_t utf16_length(std::string_view utf8) {
  // Eight bytes at a time: 0x01 in each byte for every trail byte, and for every lead of four.
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  std::uint32_t units = static_cast<std::uint32_t>(utf8.size());
  std::size_t at = 0;
  for (; at + 8 <= utf8.size(); at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, utf8.data() + at, 8);
    if ((bytes & (ones << 7U)) == 0) continue;
    const std::uint64_t trails = (bytes >> 7U) & ~(bytes >> 6U) & ones;
    const std::uint64_t leads = (bytes >> 7U) & (bytes >> 6U) & (bytes >> 5U) & (bytes >> 4U) & ones;
    units += static_cast<std::uint32_t>(std::popcount(leads)) - static_cast<std::uint32_t>(std::popcount(trails));
  }
  for (; at < utf8.size(); ++at) {
    const auto value = static_cast<unsigned char>(utf8[at]);
    units += static_cast<std::uint32_t>(value >= 0xF0U) - static_cast<std::uint32_t>((value & 0xC0U) == 0x80U);
  }
  return units;
}

}  // namespace phiscan::text

#include "text/offset_map.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using phiscan::Span;
using phiscan::text::OffsetMap;
using phiscan::text::utf16_length;

namespace {
using Spans = std::vector<Span>;
}

TEST_CASE("neighbouring plain runs become one run") {
  OffsetMap map;
  map.append(10, {0, 10}, true, false);
  map.append(5, {10, 15}, true, false);
  CHECK(map.run_count() == 1);
  CHECK(map.source({3, 12}) == Spans{{3, 12}});
}

TEST_CASE("a span never joins across a tag") {
  OffsetMap map;
  map.append(3, {0, 3}, true, false);
  map.append(3, {6, 9}, true, true);
  CHECK(map.source({1, 5}) == Spans{{1, 3}, {6, 8}});
}

TEST_CASE("a dropped character between two covered ones is covered too") {
  OffsetMap map;
  map.append(3, {0, 3}, true, false);
  map.append(0, {3, 6}, false, false);  // a zero-width space
  map.append(3, {6, 9}, true, false);
  CHECK(map.source({0, 6}) == Spans{{0, 9}});
  CHECK(map.source({0, 3}) == Spans{{0, 3}});
}

TEST_CASE("a dropped character at a boundary does not hide the boundary") {
  OffsetMap map;
  map.append(3, {0, 3}, true, false);
  map.append(0, {3, 8}, false, true);
  map.append(3, {8, 11}, true, false);
  CHECK(map.source({0, 6}) == Spans{{0, 3}, {8, 11}});
}

TEST_CASE("a break without a source is left out and parts what is around it") {
  OffsetMap map;
  map.append(2, {0, 2}, true, false);
  map.append(1, {2, 2}, false, false);
  map.append(2, {6, 8}, true, false);
  CHECK(map.source({0, 5}) == Spans{{0, 2}, {6, 8}});
  CHECK(map.source({2, 3}).empty());
}

TEST_CASE("a half-covered character counts whole") {
  OffsetMap map;
  map.append(2, {0, 3}, false, false);  // a ligature
  map.append(1, {3, 6}, false, false);  // a full-width digit
  map.append(1, {6, 9}, false, false);
  CHECK(map.source({1, 2}) == Spans{{0, 3}});
  CHECK(map.source({1, 3}) == Spans{{0, 6}});
  CHECK(map.source({3, 4}) == Spans{{6, 9}});
}

TEST_CASE("characters of one shape share a run") {
  OffsetMap map;
  for (std::uint32_t i = 0; i < 1000; ++i) map.append(1, {i * 3, i * 3 + 3}, false, false);
  CHECK(map.run_count() == 1);
  CHECK(map.source({10, 12}) == Spans{{30, 36}});
}

TEST_CASE("ranges past the end and empty ranges give nothing wrong") {
  OffsetMap map;
  map.append(4, {0, 4}, true, false);
  CHECK(map.source({2, 99}) == Spans{{2, 4}});
  CHECK(map.source({9, 12}).empty());
  CHECK(map.source({2, 2}).empty());
  CHECK(OffsetMap{}.source({0, 1}).empty());
}

TEST_CASE("replacing characters keeps every other offset") {
  OffsetMap map;
  map.append(3, {0, 3}, true, false);
  map.append(2, {3, 5}, false, false);
  map.append(2, {5, 7}, false, false);
  map.append(3, {9, 12}, true, true);
  const OffsetMap::Replacement replacements[] = {{3, 2, 1}, {5, 2, 1}};
  const OffsetMap shorter = map.replaced(replacements);
  CHECK(shorter.norm_size() == 8);
  CHECK(shorter.source({0, 5}) == Spans{{0, 7}});
  CHECK(shorter.source({3, 4}) == Spans{{3, 5}});
  CHECK(shorter.source({4, 6}) == Spans{{5, 7}, {9, 10}});
}

TEST_CASE("the map agrees with a plain table for random runs") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    OffsetMap map;
    std::vector<Span> table;      // per norm byte
    std::vector<bool> starts;     // per norm byte
    std::uint32_t at = 0;
    for (int i = 0; i < 30; ++i) {
      const auto kind = random() % 4;
      const auto size = static_cast<std::uint32_t>(1 + random() % 5);
      const bool boundary = random() % 4 == 0;
      if (boundary) at += 3;
      if (kind == 0) {
        map.append(size, {at, at + size}, true, boundary);
        for (std::uint32_t k = 0; k < size; ++k) {
          table.push_back({at + k, at + k + 1});
          starts.push_back(boundary && k == 0);
        }
      } else if (kind == 1 && !boundary) {
        map.append(0, {at, at + size}, false, false);
      } else {
        const auto norm = static_cast<std::uint32_t>(1 + random() % 3);
        map.append(norm, {at, at + size}, false, boundary);
        for (std::uint32_t k = 0; k < norm; ++k) {
          table.push_back({at, at + size});
          starts.push_back(boundary && k == 0);
        }
      }
      at += size;
    }
    REQUIRE(map.norm_size() == table.size());
    const auto begin = static_cast<std::uint32_t>(random() % table.size());
    const auto end = begin + 1 + static_cast<std::uint32_t>(random() % (table.size() - begin));
    Spans expected;
    for (std::uint32_t i = begin; i < end; ++i) {
      if (expected.empty() || starts[i]) {
        expected.push_back(table[i]);
      } else {
        expected.back().end = std::max(expected.back().end, table[i].end);
      }
    }
    CHECK(map.source({begin, end}) == expected);
  }
}

TEST_CASE("UTF-16 length counts astral characters twice") {
  CHECK(utf16_length("") == 0);
  CHECK(utf16_length("abc") == 3);
  CHECK(utf16_length("a\u00E9\u20AC\U0001F600") == 5);
}

TEST_CASE("UTF-16 lengths are those of a count byte by byte, however the text lies across eight bytes") {
  const std::string_view pieces[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
  std::string text;
  std::uint32_t units = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto& piece = pieces[i * i % 7 % 4];
    text += piece;
    units += piece.size() == 4 ? 2 : 1;
    CHECK(phiscan::text::utf16_length(text) == units);
  }
}

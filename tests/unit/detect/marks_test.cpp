#include "detect/marks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

namespace phiscan::detect {
namespace {

TEST_CASE("marks say what a walk over the bytes says, in every window") {
  std::mt19937 random(20261127);
  for (const std::size_t size : {0U, 1U, 7U, 8U, 63U, 64U, 65U, 200U}) {
    for (int round = 0; round < 20; ++round) {
      std::string text;
      for (std::size_t i = 0; i < size; ++i) text += random() % 40 == 0 ? static_cast<char>(random()) : std::string("az/:~ ")[random() % 6];
      const Marks digits(text, Marks::digits);
      const Marks wide(text, Marks::wide);
      for (std::size_t begin = 0; begin <= size; ++begin) {
        for (std::size_t end = begin; end <= size + 3; end += 1 + random() % 5) {
          const auto window = begin < text.size() ? std::string_view(text).substr(begin, end - begin) : std::string_view();
          CHECK(digits.any(begin, end) == std::any_of(window.begin(), window.end(), [](char c) { return c >= '0' && c <= '9'; }));
          CHECK(wide.any(begin, end) == std::any_of(window.begin(), window.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
        }
      }
    }
  }
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(3, static_cast<char>(byte));
    CHECK(Marks(text, Marks::digits).any(0, 3) == (byte >= '0' && byte <= '9'));
    CHECK(Marks(text, Marks::wide).any(0, 3) == (byte >= 0x80));
  }
}

}  // namespace
}  // namespace phiscan::detect

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/flat.hpp"

namespace {

using namespace phiscan;

enum class Colour : std::uint8_t { red, green };

struct Inner {
  std::string word;
  std::optional<Colour> colour;
  bool operator==(const Inner&) const = default;
  static void fields(auto& flat, auto& it) { flat(it.word, it.colour); }
};

struct Outer {
  bool flag = false;
  double weight = 0.0;
  Colour colour = Colour::red;
  std::vector<std::uint32_t> numbers;
  std::vector<Inner> list;
  std::map<std::string, std::map<std::string, double>> map;
  bool operator==(const Outer&) const = default;
  static void fields(auto& flat, auto& it) { flat(it.flag, it.weight, it.colour, it.numbers, it.list, it.map); }
};

std::string written(const Outer& value) {
  FlatWriter flat;
  flat(value);
  return flat.take();
}

TEST_CASE("what was written is read") {
  const Outer full{true, 0.25, Colour::green, {1, 2, 4'000'000'000}, {{"", std::nullopt}, {std::string("a\0b", 3), Colour::green}}, {{"en", {{"x", 1.5}, {"y", -2.0}}}, {"es", {}}}};
  for (const auto& value : {full, Outer{}}) {
    const auto bytes = written(value);
    FlatReader flat(bytes);
    Outer read{true, 9.0, Colour::green, {7}, {{"old", Colour::red}}, {}};
    flat(read);
    CHECK(flat.is_whole());
    CHECK((read == value));
    CHECK(written(read) == bytes);
  }
}

TEST_CASE("bytes that end early or late are not whole") {
  const auto bytes = written({true, 0.25, Colour::green, {1, 2, 3}, {{"one", Colour::red}, {"two", {}}}, {{"en", {{"x", 1.5}}}}});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    const auto piece = bytes.substr(0, size);
    FlatReader flat(piece);
    Outer read;
    flat(read);
    CHECK_FALSE(flat.is_whole());
  }
  const auto longer = bytes + "x";
  FlatReader flat(longer);
  Outer read;
  flat(read);
  CHECK_FALSE(flat.is_whole());
}

TEST_CASE("a count that cannot be takes no memory") {
  FlatWriter writer;
  writer(~std::uint64_t{0}, std::uint64_t{1} << 40U);
  const auto bytes = writer.take();
  FlatReader flat(bytes);
  std::vector<std::uint64_t> numbers;
  std::string text;
  flat(numbers, text);
  CHECK_FALSE(flat.is_whole());
  CHECK(numbers.empty());
  CHECK(text.empty());
}

TEST_CASE("a checksum sees a changed, a missing and an added byte") {
  std::string bytes(1000, 'x');
  const auto good = checksum(bytes);
  CHECK(checksum(bytes) == good);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ (1U << at % 8));
    CHECK(checksum(other) != good);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK(checksum(bytes.substr(0, size)) != good);
  CHECK(checksum(bytes + '\0') != good);
  CHECK(checksum("") != checksum(std::string(1, '\0')));
}

}  // namespace

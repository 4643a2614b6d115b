// Words: a text as the words of it, each with a hash of its lower case. A word is letters and digits of any script; in Han and Hangul each
// character is one. Read once per text, for all who look for something at words. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace phiscan::detect {

struct Word {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint64_t hash = 0;
};

// The next word at or after `at`; end == 0 when there is none. `text` is valid UTF-8, and `at` lies on a character.
[[nodiscard]] Word next_word(std::string_view text, std::size_t at);
[[nodiscard]] std::vector<Word> read_words(std::string_view text);

}  // namespace phiscan::detect

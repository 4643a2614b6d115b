#include "detect/words.hpp"

#include <array>

#include "text/text.hpp"
#include "text/utf8.hpp"

namespace phiscan::detect {
namespace {

constexpr std::array<std::uint8_t, 128> lower = [] {
  std::array<std::uint8_t, 128> table{};  // 0 = edge; else the lower-case byte
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = static_cast<std::uint8_t>(c);
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = static_cast<std::uint8_t>(c);
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = static_cast<std::uint8_t>(c + 32);
  return table;
}();

std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 32U;
  hash *= 0xD6E8FEB86659FD93ULL;
  hash ^= hash >> 32U;
  return hash;
}

}  // namespace

Word next_word(std::string_view text, std::size_t at) {
  const std::size_t size = text.size();
  Word word;
  while (at < size) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (lower[byte] != 0) break;
      ++at;
    } else {
      const auto [c, length] = text::decode(text, at);
      if (text::is_word(c)) break;
      at += length;
    }
  }
  if (at >= size) return word;
  word.begin = static_cast<std::uint32_t>(at);
  // Eight bytes to a step; none of them is 0, so that "ab" is not "a" and an edge.
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  std::uint64_t eight = 0;
  unsigned filled = 0;
  const auto add = [&](std::uint8_t byte) {
    eight = eight << 8U | byte;
    if (++filled % 8 != 0) return;
    hash = mix(hash ^ eight);
    eight = 0;
  };
  while (at < size) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      const std::uint8_t letter = lower[byte];
      if (letter == 0) break;
      add(letter);
      ++at;
    } else {
      const auto [c, length] = text::decode(text, at);
      if (!text::is_word(c)) break;
      const bool own = text::is_own_word(c);
      if (own && at != word.begin) break;
      for (std::size_t i = 0; i < length; ++i) add(static_cast<std::uint8_t>(text[at + i]));
      at += length;
      if (own) break;
    }
  }
  word.end = static_cast<std::uint32_t>(at);
  word.hash = mix(hash ^ eight);
  return word;
}

std::vector<Word> read_words(std::string_view text) {
  std::vector<Word> words;
  words.reserve(text.size() / 5);
  for (Word word = next_word(text, 0); word.end != 0; word = next_word(text, word.end)) words.push_back(word);
  return words;
}

std::uint8_t lower_word(unsigned char ascii) { return ascii < lower.size() ? lower[ascii] : 0; }

}  // namespace phiscan::detect

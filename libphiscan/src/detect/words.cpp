#include "detect/words.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "text/characters.hpp"
#include "text/text.hpp"
#include "text/utf8.hpp"

namespace phiscan::detect {
namespace {

constexpr std::array<bool, 128> of_word = [] {
  std::array<bool, 128> table{};
  for (std::size_t c = 0; c < table.size(); ++c) table[c] = text::is_ascii_word(static_cast<char>(c));
  return table;
}();

std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 32U;
  hash *= 0xD6E8FEB86659FD93ULL;
  hash ^= hash >> 32U;
  return hash;
}

// Of the lower case of [begin, end), eight bytes to a step. ASCII letters and digits are in lower case when bit 5 is set.
std::uint64_t hash_of(std::string_view text, std::size_t begin, std::size_t end, bool ascii) {
  constexpr bool little = std::endian::native == std::endian::little;
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (std::size_t at = begin; at < end; at += 8) {
    std::array<char, 8> bytes{};
    if (text.size() - at >= bytes.size()) std::memcpy(bytes.data(), text.data() + at, bytes.size());
    else std::copy(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), bytes.begin());
    if (!ascii) {
      for (char& c : bytes) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
      }
    }
    auto eight = std::bit_cast<std::uint64_t>(bytes) | (ascii ? 0x2020202020202020ULL : 0);
    const std::size_t behind = 64 - 8 * std::min<std::size_t>(end - at, 8);  // bits that are no more of the word
    eight = little ? eight << behind : eight >> behind;
    hash = mix(hash ^ eight);
  }
  return hash;
}

}  // namespace

Word next_word(std::string_view text, std::size_t at) {
  const std::size_t size = text.size();
  Word word;
  while (at < size) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (of_word[byte]) break;
      ++at;
    } else {
      const auto [c, length] = text::decode(text, at);
      if (text::is_word(c)) break;
      at += length;
    }
  }
  if (at >= size) return word;
  word.begin = static_cast<std::uint32_t>(at);
  bool ascii = true;
  while (at < size) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (!of_word[byte]) break;
      ++at;
    } else {
      const auto [c, length] = text::decode(text, at);
      if (!text::is_word(c)) break;
      const bool own = text::is_own_word(c);
      if (own && at != word.begin) break;
      ascii = false;
      at += length;
      if (own) break;
    }
  }
  word.end = static_cast<std::uint32_t>(at);
  word.hash = hash_of(text, word.begin, at, ascii);
  return word;
}

std::vector<Word> read_words(std::string_view text) {
  std::vector<Word> words;
  words.reserve(text.size() / 5);
  for (Word word = next_word(text, 0); word.end != 0; word = next_word(text, word.end)) words.push_back(word);
  return words;
}

}  // namespace phiscan::detect

// Openings: which patterns can have a match that begins at a word, judged by how it and the next word look: the first two characters, and of each
// word the length, the sign behind it and what comes after that. "[A-Z][a-z]{2,20} [A-Z]" needs a capital, three letters, a blank and a
// capital. All patterns are asked at once, one bit each. Immutable after build; find() may run on many threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "detect/walker.hpp"
#include "detect/words.hpp"

namespace phiscan::detect {

// Rule `rule` may have a match that begins at `at` (norm offset).
struct Start {
  std::uint32_t rule = 0;
  std::uint32_t at = 0;
};

class Openings {
 public:
  // `walker` matches only at the beginning of a word. `ends_at_word`: and its value ends where a word ends. False, and nothing is added, when
  // much of any prose fits.
  [[nodiscard]] bool add(std::uint32_t rule, const Walker& walker, bool ends_at_word);
  // Words at which rules may begin, in the order of the text.
  void find(std::string_view norm, std::span<const Word> words, std::vector<Start>& starts) const;
  static void fields(auto& flat, auto& it) { flat(it.rules_, it.blocks_); }  // base/flat.hpp

 private:
  friend class OpeningReader;
  static constexpr std::size_t longest = 31;     // and all longer words
  static constexpr std::size_t end_of_text = 256;
  // How a word looks; a bit for each of 64 rules that it suits.
  struct Look {
    std::array<std::uint64_t, longest + 1> length{};
    std::array<std::uint64_t, end_of_text + 1> sign{};   // right behind the word
    std::array<std::uint64_t, end_of_text + 1> after_blank{};  // behind the sign, where it is a blank: between words most are
    std::array<std::uint64_t, end_of_text + 1> after{};        // and where it is none
  };
  struct Block {
    std::array<std::uint64_t, 256> first{};                // character
    std::array<std::uint64_t, end_of_text + 1> second{};
    std::array<Look, 2> words{};
    std::uint64_t apart = 0;  // where no second word follows the sign at once
  };
  [[nodiscard]] static bool fits_prose(const Block& block, std::uint64_t bit);

  std::vector<std::uint32_t> rules_;
  std::vector<Block> blocks_;
};

}  // namespace phiscan::detect

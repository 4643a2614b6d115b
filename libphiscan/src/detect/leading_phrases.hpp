// Leading phrases: the words with which every match of a pattern begins, where it begins at a word and they can be told: "(?:his|her) knee"
// has two. The term index finds them while it reads the words anyway, so that no engine is asked for such a pattern. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "detect/walker.hpp"

namespace phiscan::detect {

// Folded, of one word to three, for TermIndex. `ends_at_word`: the value ends where a word ends. Nothing when a match can begin otherwise or in
// too many ways.
[[nodiscard]] std::optional<std::vector<std::string>> leading_phrases(const Walker& walker, bool ends_at_word);

}  // namespace phiscan::detect

// Text from a seed, made of what shapes look for and what almost is: digits, labels, separators, Unicode that folds to ASCII, long
// runs that cross the blocks of any proposer. And the packs as one bundle, for tests that look inside the engine.
#pragma once

#include <cstdint>
#include <string>

namespace phiscan::test {

[[nodiscard]] std::string generated_text(std::uint32_t seed);
// The us-core folder, bundled.
[[nodiscard]] std::string us_core_bundle();

}  // namespace phiscan::test

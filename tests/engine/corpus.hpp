// The plain mails of the corpus as requests, by a reader of a few lines: one text part, no transfer encoding, no folded surprises.
// Whatever it does not understand it leaves out. Reading mail for real is the extractor's work.
#pragma once

#include <string>
#include <vector>

#include "engine.hpp"

namespace phiscan::test {

struct CorpusMail {
  std::string name;
  Json request;
};

// Mails of one folder in order of name, only those that rules may be tuned by; at most `count` (0 = all of them, held-out ones too).
[[nodiscard]] std::vector<CorpusMail> plain_corpus_mails(const std::string& folder, std::size_t count);

}  // namespace phiscan::test

#include "detect/compiled.hpp"

namespace phiscan::detect {

std::vector<Candidates> propose(const Matcher& matcher, Scratch& scratch, const std::vector<text::Text>& texts) {
  std::vector<Candidates> out(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto words = read_words(texts[i].norm);
    matcher.state_->terms.scan(texts[i].norm, words, out[i].terms);
    matcher.state_->openings.find(texts[i].norm, words, out[i].starts);
    matcher.state_->shapes->propose(scratch, texts[i].norm, out[i].shapes);
  }
  return out;
}

}  // namespace phiscan::detect

#include "detect/leading_phrases.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "text/characters.hpp"

namespace phiscan::detect {

// Follows all ways of a walker at once, until each has read enough words.
class PhraseReader {
 public:
  PhraseReader(const Walker& walker, bool ends_at_word, int most_words) : walker_(walker), ends_at_word_(ends_at_word), most_words_(most_words) {}

  std::optional<std::vector<std::string>> run() {
    if (!read(0, {}) || steps_ > most_steps || phrases_.size() > most_phrases) return std::nullopt;
    std::sort(phrases_.begin(), phrases_.end());
    // Who looks for "his knee" finds "his knee hurts".
    std::vector<std::string> out;
    for (auto& phrase : phrases_) {
      const bool is_found = !out.empty() && phrase.starts_with(out.back()) && (phrase.size() == out.back().size() || !text::is_ascii_word(phrase[out.back().size()]));
      if (!is_found) out.push_back(std::move(phrase));
    }
    return out;
  }

 private:
  using Kind = Walker::Kind;
  static constexpr std::size_t most_phrases = 1'500;
  static constexpr std::size_t most_steps = 30'000;
  static constexpr std::size_t most_letters = 6;     // of a set in the middle of a word
  static constexpr std::string_view blanks = " -\n";  // one of them between two words is the same to the term index

  struct Read {
    std::string text;       // words, a sign between each two
    std::size_t whole = 0;  // how much of it is words that a sign has ended
    int words = 0;          // of those
    [[nodiscard]] bool in_word() const { return text.size() > whole && text::is_ascii_word(text.back()); }
  };

  // From an op on, and from a letter of it where it is a text. False when the ways from here cannot be told.
  bool read(std::size_t op, Read before, std::size_t letter = 0) {
    if (++steps_ > most_steps || phrases_.size() > most_phrases) return false;
    const auto& now = walker_.ops_[op];
    switch (now.kind) {
      case Kind::text: {
        if (letter == now.min) return read(op + 1, std::move(before));
        const char c = text::ascii_lower(walker_.letters_[now.where + letter].byte);
        if (text::is_ascii_word(c)) return letters(std::string(1, c), before, op, letter + 1);
        return sign(blanks.find(c) != std::string_view::npos ? ' ' : c == '\'' ? c : '\0', before, op, letter + 1);
      }
      case Kind::run: return run(op, before);
      case Kind::split: return read(op + 1, before) && read(op + static_cast<std::size_t>(now.other), before);
      case Kind::choose: {
        std::vector<std::size_t> ways(walker_.ways_.begin() + now.where, walker_.ways_.begin() + now.where + walker_.class_count());
        std::sort(ways.begin(), ways.end());
        ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
        return std::all_of(ways.begin(), ways.end(), [&](std::size_t ahead) { return ahead == 0 || read(op + ahead, before); });
      }
      case Kind::jump: return read(op + static_cast<std::size_t>(now.other), std::move(before));
      case Kind::open:
      case Kind::close: return read(op + 1, std::move(before));
      case Kind::done: return ends_at_word_ && before.in_word() ? keep(before.text) : keep_whole(before);
    }
    return false;
  }

  bool run(std::size_t op, const Read& before) {
    const auto& now = walker_.ops_[op];
    std::string word;
    std::string signs;
    for (std::size_t c = 0; c < Walker::end_of_range; ++c) {
      if (!Walker::has(now.set, walker_.classes_[c])) continue;
      const char one = static_cast<char>(c);
      if (!text::is_ascii_word(one)) signs.push_back(one);
      else if (!text::is_ascii_letter(one) || text::ascii_lower(one) == one || !Walker::has(now.set, walker_.classes_[c ^ 0x20U])) word.push_back(text::ascii_lower(one));
    }
    if (now.min == 0 && !read(op + 1, before)) return false;
    if (!word.empty() && (now.max > 1 || word.size() > most_letters)) return keep_whole(before);
    if (!word.empty() && !letters(word, before, op, 0)) return false;
    if (signs.empty()) return true;
    const bool joins = now.max == 1 && signs.find_first_not_of(blanks) == std::string::npos;
    return sign(joins ? ' ' : '\0', before, op, 0);
  }

  // One of these letters or digits comes next.
  bool letters(const std::string& any, const Read& before, std::size_t op, std::size_t letter) {
    const std::size_t kept = phrases_.size();
    for (const char c : any) {
      Read next = before;
      next.text.push_back(c);
      if (go_on(op, std::move(next), letter)) continue;
      phrases_.resize(kept);
      return keep_whole(before);
    }
    return true;
  }

  // Something that is no letter comes next; `joint`: what the term index reads it as, between two words.
  bool sign(char joint, const Read& before, std::size_t op, std::size_t letter) {
    if (!before.in_word()) return keep_whole(before);  // two signs
    Read next = before;
    next.whole = next.text.size();
    ++next.words;
    if (joint == '\0' || next.words == most_words_) return keep_whole(next);
    const std::size_t kept = phrases_.size();
    Read joined = next;
    joined.text.push_back(joint);
    if (go_on(op, std::move(joined), letter)) return true;
    phrases_.resize(kept);
    return keep_whole(next);
  }

  bool go_on(std::size_t op, Read next, std::size_t letter) { return walker_.ops_[op].kind == Kind::text ? read(op, std::move(next), letter) : read(op + 1, std::move(next)); }

  // The whole words that have been read are enough to look for.
  bool keep_whole(const Read& before) { return before.whole > 0 && keep(before.text.substr(0, before.whole)); }
  bool keep(std::string phrase) {
    phrases_.push_back(std::move(phrase));
    return true;
  }

  const Walker& walker_;
  bool ends_at_word_;
  int most_words_;
  std::size_t steps_ = 0;
  std::vector<std::string> phrases_;
};

std::optional<std::vector<std::string>> leading_phrases(const Walker& walker, bool ends_at_word) {
  for (const int words : {3, 2, 1}) {  // as many words as can be told: "is" alone begins too much
    if (auto phrases = PhraseReader(walker, ends_at_word && !walker.has_value(), words).run()) return phrases;
  }
  return std::nullopt;
}

}  // namespace phiscan::detect

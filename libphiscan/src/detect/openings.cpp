#include "detect/openings.hpp"

#include <algorithm>
#include <bit>
#include <set>
#include <utility>

#include "text/characters.hpp"

namespace phiscan::detect {

// Reads the first two words in all ways at once, letter by letter.
class OpeningReader {
 public:
  OpeningReader(const Walker& walker, bool ends_at_word, Openings::Block& block, std::uint64_t bit) : walker_(walker), ends_at_word_(ends_at_word), block_(block), bit_(bit) {}

  void run() {
    Places first;
    enter(first, {0, 0});
    const bool any = Walker::has(walker_.ops_[0].second, walker_.classes_[Walker::end_of_range]);  // a single character is a match
    for (std::size_t c = 0; c <= Openings::end_of_text; ++c) {
      if (any || (c < Walker::end_of_range && Walker::has(walker_.ops_[0].second, walker_.classes_[c]))) block_.second[c] |= bit_;
    }
    const Places second = read_word(std::move(first), 0);
    (void)read_word(second, 1);
  }

 private:
  using Kind = Walker::Kind;
  // An op, and how many characters it has taken.
  struct Place {
    std::size_t op, taken;
    auto operator<=>(const Place&) const = default;
  };
  using Places = std::set<Place>;

  // A word that begins at any of `now`. Returns where one can be when the sign behind it has been read.
  Places read_word(Places now, std::size_t number) {
    auto& look = block_.words[number];
    Places behind;
    for (std::size_t length = 0; !now.empty(); ++length) {
      if (length == Openings::longest) {
        anything(length, number);
        break;
      }
      Places next;
      for (const Place place : now) {
        if (only_leads_on(place)) continue;
        if (walker_.ops_[place.op].kind == Walker::Kind::done) {
          if (length == 0) block_.apart |= bit_;
          if (length != 0 && ends_at_word_) any_sign(length, number);
          else anything(length, number);
          continue;
        }
        const auto set = taken(place);
        bool goes_on = false;
        bool ends_blank = false;
        bool ends_other = false;
        for (std::size_t c = 0; c < Walker::end_of_range; ++c) {
          if (!Walker::has(set, walker_.classes_[c])) continue;
          if (text::is_ascii_word(static_cast<char>(c))) {
            goes_on = true;
            if (length == 0 && number == 0) block_.first[c] |= bit_;
          } else if (length == 0) {
            block_.apart |= bit_;
          } else {
            (c == ' ' ? ends_blank : ends_other) = true;
            look.sign[c] |= bit_;
          }
        }
        if (ends_blank || ends_other) {
          look.length[length] |= bit_;
          Places after;
          leave(after, place);
          for (const Place one : after) {
            if (ends_blank) come_after(one, look.after_blank);
            if (ends_other) come_after(one, look.after);
          }
          behind.insert(after.begin(), after.end());
        }
        if (goes_on) leave(next, place);
      }
      now = std::move(next);
    }
    return behind;
  }

  // What can stand behind the sign.
  void come_after(Place place, auto& masks) {
    if (only_leads_on(place)) return;
    if (walker_.ops_[place.op].kind == Kind::done) {
      for (auto& mask : masks) mask |= bit_;
      return;
    }
    const auto set = taken(place);
    for (std::size_t c = 0; c < Walker::end_of_range; ++c) masks[c] |= Walker::has(set, walker_.classes_[c]) ? bit_ : 0;
  }

  [[nodiscard]] bool only_leads_on(Place place) const {
    const auto kind = walker_.ops_[place.op].kind;
    return kind != Kind::text && kind != Kind::run && kind != Kind::done;
  }

  // `at` and all places that are reached from it without a character.
  void enter(Places& places, Place at) const {
    const auto& op = walker_.ops_[at.op];
    const bool is_full = op.kind == Kind::run && at.taken == op.max;  // takes no more
    if (!is_full && !places.insert(at).second) return;
    switch (op.kind) {
      case Kind::text:
      case Kind::done: break;
      case Kind::run:
        if (at.taken >= op.min) enter(places, {at.op + 1, 0});
        break;
      case Kind::split:
        enter(places, {at.op + 1, 0});
        enter(places, {at.op + static_cast<std::size_t>(op.other), 0});
        break;
      case Kind::choose:
        for (std::size_t c = 0; c < walker_.class_count(); ++c) {
          if (const auto ahead = walker_.ways_[op.where + c]; ahead != 0) enter(places, {at.op + ahead, 0});
        }
        break;
      case Kind::jump: enter(places, {at.op + static_cast<std::size_t>(op.other), 0}); break;
      case Kind::open:
      case Kind::close: enter(places, {at.op + 1, 0}); break;
    }
  }

  void leave(Places& places, Place place) const {
    const auto& op = walker_.ops_[place.op];
    if (op.kind == Kind::text && place.taken + 1 == op.min) enter(places, {place.op + 1, 0});
    else enter(places, {place.op, place.taken + 1});
  }

  [[nodiscard]] Walker::Classes taken(Place place) const {
    const auto& op = walker_.ops_[place.op];
    if (op.kind == Kind::run) return op.set;
    const auto letter = walker_.letters_[op.where + place.taken];
    const auto one = Walker::Classes{1} << walker_.class_of(letter.byte);
    return letter.mask == Walker::either_case ? one | Walker::Classes{1} << walker_.class_of(static_cast<char>(letter.byte ^ 0x20)) : one;
  }

  void any_sign(std::size_t length, std::size_t number) {
    auto& look = block_.words[number];
    look.length[length] |= bit_;
    for (auto& mask : look.sign) mask |= bit_;
    for (auto& mask : look.after_blank) mask |= bit_;
    for (auto& mask : look.after) mask |= bit_;
    if (number != 0) return;
    block_.apart |= bit_;
    anything(0, 1);
  }
  // A word of this length or longer, and whatever comes then.
  void anything(std::size_t length, std::size_t number) {
    for (; length <= Openings::longest; ++length) any_sign(length, number);
  }

  const Walker& walker_;
  bool ends_at_word_;
  Openings::Block& block_;
  std::uint64_t bit_;
};

// A word in lower case or a short number, a blank, and another word.
bool Openings::fits_prose(const Block& block, std::uint64_t bit) {
  const auto& look = block.words[0];
  const auto any = [&](const auto& masks, std::size_t from, std::size_t to) {
    return std::any_of(masks.begin() + static_cast<std::ptrdiff_t>(from), masks.begin() + static_cast<std::ptrdiff_t>(to) + 1, [&](std::uint64_t mask) { return (mask & bit) != 0; });
  };
  const bool word = any(block.first, 'a', 'z') && any(look.length, 2, 9);
  const bool number = any(block.first, '0', '9') && any(look.length, 1, 3);
  return (word || number) && any(look.sign, ' ', ' ') && any(look.after_blank, 'a', 'z');
}

bool Openings::add(std::uint32_t rule, const Walker& walker, bool ends_at_word) {
  const std::size_t place = rules_.size() % 64;
  const std::uint64_t bit = std::uint64_t{1} << place;
  Block block = place == 0 ? Block() : blocks_.back();
  OpeningReader(walker, ends_at_word && !walker.has_value(), block, bit).run();
  if (fits_prose(block, bit)) return false;
  if (place == 0) blocks_.emplace_back();
  blocks_.back() = block;
  rules_.push_back(rule);
  return true;
}

void Openings::find(std::string_view norm, std::span<const Word> words, std::vector<Start>& starts) const {
  const auto at = [&](std::size_t place) -> std::size_t { return place < norm.size() ? static_cast<unsigned char>(norm[place]) : end_of_text; };
  const auto suits = [&](const Look& look, const Word& word) {
    const std::size_t sign = at(word.end);
    const auto& after = sign == ' ' ? look.after_blank : look.after;
    return look.length[std::min<std::size_t>(word.end - word.begin, longest)] & look.sign[sign] & after[at(std::size_t{word.end} + 1)];
  };
  for (std::size_t w = 0; w < words.size(); ++w) {
    const Word& word = words[w];
    const bool is_followed = w + 1 < words.size() && words[w + 1].begin == word.end + 1;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const auto& block = blocks_[i];
      auto bits = block.first[at(word.begin)] & block.second[at(std::size_t{word.begin} + 1)];
      if (bits != 0) bits &= suits(block.words[0], word);
      if (bits != 0) bits &= is_followed ? suits(block.words[1], words[w + 1]) : block.apart;
      for (; bits != 0; bits &= bits - 1) starts.push_back({rules_[i * 64 + static_cast<std::size_t>(std::countr_zero(bits))], word.begin});
    }
  }
}

}  // namespace phiscan::detect

#include "detect/walker.hpp"

#include <algorithm>
#include <array>
#include <bitset>

namespace phiscan::detect {

// Reads the pattern once; a piece is its code. Characters are sets until all are known, and then classes: what no set of the pattern tells apart.
class WalkerCompiler {
 public:
  WalkerCompiler(std::string_view pattern, bool case_sensitive) : pattern_(pattern), folds_(!case_sensitive) {}

  std::optional<Walker> run() {
    Code code = alternation();
    if (at_ != pattern_.size()) is_known_ = false;
    code.push_back({.kind = Kind::done});
    if (!is_known_) return std::nullopt;
    return written(code);
  }

 private:
  using Kind = Walker::Kind;
  static constexpr std::size_t most_code = 2000;
  static constexpr std::size_t range_end = 128;
  using Set = std::bitset<range_end + 1>;  // ASCII, and the end of the range
  // Places are relative, so that a piece of code can be repeated anywhere.
  struct Op {
    Kind kind = Kind::done;
    bool lazy = false;
    std::uint16_t min = 1, max = 1;
    std::uint32_t where = 0;  // text: of its letters; choose: of its ways
    std::int32_t other = 0;
    Set set = {};
  };
  using Code = std::vector<Op>;
  struct Way {
    Set begins;
    std::size_t ahead = 0;  // from the choice to its code
  };

  [[nodiscard]] bool more() const { return is_known_ && at_ < pattern_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }
  Code unknown() {
    is_known_ = false;
    return {};
  }
  Code checked(Code code) { return code.size() > most_code ? unknown() : code; }
  static void append(Code& code, const Code& more) { code.insert(code.end(), more.begin(), more.end()); }
  static Op split(std::size_t other, bool lazy = false) { return {.kind = Kind::split, .lazy = lazy, .other = static_cast<std::int32_t>(other)}; }
  static Op jump(std::size_t other) { return {.kind = Kind::jump, .other = static_cast<std::int32_t>(other)}; }

  [[nodiscard]] Set letter_at(std::size_t where) const {
    const auto letter = out_.letters_[where];
    Set set;
    set.set(static_cast<unsigned char>(letter.byte));
    if (letter.mask == Walker::either_case) set.set(static_cast<unsigned char>(letter.byte) ^ 0x20U);
    return set;
  }

  // What can stand where each op begins, and behind the last one.
  [[nodiscard]] std::vector<Set> begins_of(const Code& code, const Set& behind) const {
    std::vector<Set> begins(code.size() + 1, behind);
    for (std::size_t i = code.size(); i-- > 0;) {  // from the end: an op leads only forward
      const auto& op = code[i];
      switch (op.kind) {
        case Kind::text: begins[i] = letter_at(op.where); break;
        case Kind::run: begins[i] = op.min == 0 ? op.set | begins[i + 1] : op.set; break;
        case Kind::done: begins[i].set(); break;
        default: begins[i] = led_to(code, i, begins);
      }
    }
    return begins;
  }

  // What can stand behind the first character from each op on; all where a match may end before.
  [[nodiscard]] std::vector<Set> seconds_of(const Code& code, const std::vector<Set>& begins) const {
    std::vector<Set> seconds(code.size() + 1);
    for (std::size_t i = code.size(); i-- > 0;) {
      const auto& op = code[i];
      switch (op.kind) {
        case Kind::text: seconds[i] = op.min > 1 ? letter_at(op.where + 1) : begins[i + 1]; break;
        case Kind::run:
          if (op.max > 1) seconds[i] |= op.set;
          if (op.min <= 1) seconds[i] |= begins[i + 1];
          if (op.min == 0) seconds[i] |= seconds[i + 1];
          break;
        case Kind::done: seconds[i].set(); break;
        default: seconds[i] = led_to(code, i, seconds);
      }
    }
    return seconds;
  }

  // Of an op that takes no character: what `sets` says of the ops it leads to.
  [[nodiscard]] Set led_to(const Code& code, std::size_t i, const std::vector<Set>& sets) const {
    const auto& op = code[i];
    if (op.kind == Kind::jump) return sets[i + static_cast<std::size_t>(op.other)];
    if (op.kind == Kind::split) return sets[i + 1] | sets[i + static_cast<std::size_t>(op.other)];
    if (op.kind != Kind::choose) return sets[i + 1];
    Set all;
    for (const auto& way : choices_[op.where]) all |= sets[i + way.ahead];
    return all;
  }

  // The walker of this code; nothing when it tells too many characters apart.
  std::optional<Walker> written(const Code& code) {
    const auto begins = begins_of(code, Set());
    const auto seconds = seconds_of(code, begins);
    std::array<std::uint8_t, range_end + 1> classes{};
    std::size_t count = 1;
    const auto tell_apart = [&](const Set& set) {
      std::array<std::uint8_t, range_end + 1> inside{};  // the new number of a class whose members are only in part in the set
      std::array<std::uint8_t, range_end + 1> outside{};
      for (std::size_t c = 0; c <= range_end; ++c) (set[c] ? inside : outside)[classes[c]] = 1;
      for (std::size_t old = 0, known = count; old < known; ++old) inside[old] = static_cast<std::uint8_t>(inside[old] != 0 && outside[old] != 0 ? count++ : old);
      for (std::size_t c = 0; c <= range_end; ++c) classes[c] = set[c] ? inside[classes[c]] : classes[c];
    };
    for (std::size_t i = 0; i < code.size(); ++i) {
      tell_apart(begins[i]);
      tell_apart(seconds[i]);
      if (code[i].kind == Kind::run) tell_apart(code[i].set);
    }
    for (const auto& ways : choices_) {
      for (const auto& way : ways) tell_apart(way.begins);
    }
    if (count > 64) return std::nullopt;
    const auto mask = [&](const Set& set) {
      Walker::Classes all = 0;
      for (std::size_t c = 0; c <= range_end; ++c) all |= set[c] ? Walker::Classes{1} << classes[c] : 0;
      return all;
    };
    // Where an op leads, past all jumps.
    const auto behind = [&](std::size_t i) {
      std::size_t at = i + 1;
      while (at < code.size() && code[at].kind == Kind::jump) at += static_cast<std::size_t>(code[at].other);
      return static_cast<std::int32_t>(at - i);
    };
    for (std::size_t i = 0; i < code.size(); ++i) {
      const auto& op = code[i];
      const bool branches = op.kind == Kind::split || op.kind == Kind::jump;
      const auto where = op.kind == Kind::choose ? op.where * count : op.where;
      const auto next = i + 1 < code.size() ? mask(begins[i + 1]) : 0;
      const auto beyond = op.kind == Kind::split ? mask(begins[i + static_cast<std::size_t>(op.other)]) : 0;
      out_.ops_.push_back({op.kind, op.lazy, op.min, op.max, 0, static_cast<std::uint32_t>(where), branches ? op.other : behind(i), mask(op.set), next, beyond, mask(seconds[i])});
    }
    for (const auto& ways : choices_) {
      std::vector<std::uint16_t> ahead(count);
      for (const auto& way : ways) {
        for (std::size_t c = 0; c <= range_end; ++c) {
          if (way.begins[c]) ahead[classes[c]] = static_cast<std::uint16_t>(way.ahead);
        }
      }
      out_.ways_.insert(out_.ways_.end(), ahead.begin(), ahead.end());
    }
    out_.classes_ = classes;
    out_.first_ = mask(begins[0]);
    return std::move(out_);
  }

  static Code either(const Code& first, const Code& other) {
    Code all{split(first.size() + 2)};
    append(all, first);
    all.push_back(jump(other.size() + 1));
    append(all, other);
    return all;
  }

  Code alternation() {
    std::vector<Code> written{sequence()};
    while (more() && peek() == '|') {
      ++at_;
      written.push_back(sequence());
    }
    return is_known_ ? checked(any_of(written)) : Code();
  }

  // Ways that begin differently, none of which is empty: at most one can hold, and its first character says which.
  struct Ways {
    Set begins;
    std::vector<std::size_t> members;  // in the order they are written
  };

  [[nodiscard]] Code any_of(const std::vector<Code>& written) {
    std::vector<Ways> groups;
    bool any_empty = false;
    for (std::size_t i = 0; i < written.size(); ++i) {
      Ways ways{begins_of(written[i], Set().set(range_end)).front(), {i}};
      any_empty = any_empty || ways.begins[range_end];
      for (auto group = groups.begin(); group != groups.end();) {
        if ((group->begins & ways.begins).none()) {
          ++group;
          continue;
        }
        ways.begins |= group->begins;
        ways.members.insert(ways.members.end(), group->members.begin(), group->members.end());
        group = groups.erase(group);
      }
      std::sort(ways.members.begin(), ways.members.end());
      groups.push_back(std::move(ways));
    }
    if (any_empty) {
      groups = {{Set(), {}}};
      for (std::size_t i = 0; i < written.size(); ++i) groups[0].members.push_back(i);
    }
    std::vector<Code> codes;
    for (const auto& group : groups) codes.push_back(first_of(written, group.members));
    if (codes.size() == 1) return std::move(codes.front());
    if (codes.size() == 2) return either(codes[0], codes[1]);
    std::size_t end = 0;  // of the last way's code, from the choice
    for (const auto& code : codes) end += code.size() + 1;
    if (end > most_code) return unknown();
    Code all{{.kind = Kind::choose, .where = static_cast<std::uint32_t>(choices_.size())}};
    std::vector<Way> ways;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      ways.push_back({groups[i].begins, all.size()});
      append(all, codes[i]);
      if (i + 1 < codes.size()) all.push_back(jump(end - all.size()));
    }
    choices_.push_back(std::move(ways));
    return all;
  }

  // How many letters two ways begin with together; what is no text shares one op or none.
  [[nodiscard]] std::size_t shared(const Op& a, const Op& b) const {
    if (a.kind != b.kind) return 0;
    if (a.kind == Kind::run) return a.set == b.set && a.min == a.max && a.min == b.min && a.max == b.max ? 1 : 0;
    if (a.kind != Kind::text) return 0;
    std::size_t same = 0;
    while (same < a.min && same < b.min && out_.letters_[a.where + same] == out_.letters_[b.where + same]) ++same;
    return same;
  }

  // One after the other; neighbours that begin with the same letters read them once: den(?:ies|ied).
  [[nodiscard]] Code first_of(const std::vector<Code>& written, const std::vector<std::size_t>& members) {
    std::vector<Code> codes;
    for (std::size_t i = 0; i < members.size();) {
      const Code& way = written[members[i]];
      std::size_t length = way.empty() || way.front().kind != Kind::text ? 1 : way.front().min;
      std::size_t end = i + 1;
      for (; end < members.size() && !way.empty() && !written[members[end]].empty(); ++end) {
        const std::size_t same = shared(way.front(), written[members[end]].front());
        if (same == 0) break;
        length = std::min(length, same);
      }
      if (end == i + 1) {
        codes.push_back(way);
      } else {
        std::vector<Code> rests;
        for (std::size_t k = i; k < end; ++k) rests.push_back(without(written[members[k]], length));
        Code all{way.front()};
        if (all[0].kind == Kind::text) all[0].min = static_cast<std::uint16_t>(length);
        append(all, any_of(rests));
        codes.push_back(std::move(all));
      }
      i = end;
    }
    Code code = std::move(codes.back());
    for (std::size_t i = codes.size() - 1; i-- > 0;) code = either(codes[i], code);
    return code;
  }

  // What is left of a way when its first `length` letters, or its first op, have been read.
  static Code without(const Code& way, std::size_t length) {
    if (way.front().kind != Kind::text || way.front().min == length) return {way.begin() + 1, way.end()};
    Code rest = way;
    rest.front().where += static_cast<std::uint32_t>(length);
    rest.front().min = static_cast<std::uint16_t>(rest.front().min - length);
    return rest;
  }

  Code sequence() {
    Code all;
    bool goes_on = false;  // letters join those before
    while (more() && peek() != '|' && peek() != ')') {
      const Code piece = repeated(atom());
      const bool is_text = piece.size() == 1 && piece[0].kind == Kind::text;
      if (is_text && goes_on) {
        add_letters(all.back(), piece[0]);
      } else {
        append(all, piece);
      }
      goes_on = is_text;
    }
    return checked(std::move(all));
  }

  void add_letters(Op& text, const Op& more) {
    const auto& letters = out_.letters_;
    const std::vector<Walker::Letter> joined = [&] {
      std::vector<Walker::Letter> all(letters.begin() + text.where, letters.begin() + text.where + text.min);
      all.insert(all.end(), letters.begin() + more.where, letters.begin() + more.where + more.min);
      return all;
    }();
    text.where = static_cast<std::uint32_t>(letters.size());
    text.min = static_cast<std::uint16_t>(joined.size());
    out_.letters_.insert(out_.letters_.end(), joined.begin(), joined.end());
  }

  Code repeated(Code piece) {
    if (!more()) return piece;
    std::size_t low = 0;
    std::size_t high = 1;
    if (peek() == '?') {
      ++at_;
    } else if (peek() == '{') {
      ++at_;
      low = number();
      high = low;
      if (peek() == ',') {
        ++at_;
        high = number();
      }
      if (peek() != '}' || low > high) return unknown();
      ++at_;
    } else {
      return piece;
    }
    const bool lazy = peek() == '?';
    at_ += lazy ? 1 : 0;
    if (peek() == '?' || peek() == '{' || peek() == '*' || peek() == '+') return unknown();
    if (piece.size() == 1 && (piece[0].kind == Kind::run || piece[0].kind == Kind::text) && piece[0].min == 1 && piece[0].max == 1) {
      if (piece[0].kind == Kind::text) piece[0] = {.kind = Kind::run, .set = letter_at(piece[0].where)};
      piece[0].min = static_cast<std::uint16_t>(low);
      piece[0].max = static_cast<std::uint16_t>(high);
      piece[0].lazy = lazy;
      return piece;
    }
    if (std::any_of(piece.begin(), piece.end(), [](const Op& op) { return op.kind == Kind::open; })) {
      if (high > 1) return unknown();  // which turn's value counts?
    }
    if (piece.size() * high > most_code) return unknown();
    Code all;
    for (std::size_t i = 0; i < low; ++i) append(all, piece);
    for (std::size_t left = high - low; left > 0; --left) {
      all.push_back(split((piece.size() + 1) * left, lazy));
      append(all, piece);
    }
    return checked(std::move(all));
  }

  std::size_t number() {
    std::size_t value = 0;
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9' && value < 1000) value = value * 10 + static_cast<std::size_t>(pattern_[at_++] - '0');
    if (begin == at_ || value > 1000) is_known_ = false;
    return value;
  }

  Code atom() {
    const char c = peek();
    switch (c) {
      case '(': return group();
      case '[': return bracket();
      case '.': ++at_; return one(~Set().set('\n'));
      case '\\': {
        Set set;
        return escape(set) ? one(set) : unknown();
      }
      case '^': case '$': case '*': case '+': case '?': case '{': case ')': return unknown();
      default: break;
    }
    if (static_cast<unsigned char>(c) >= 0x80) return unknown();
    ++at_;
    return one(folded(Set().set(static_cast<std::size_t>(c))));
  }

  Code group() {
    ++at_;
    const bool outer = folds_;
    bool captures = true;
    if (peek() == '?') {
      captures = false;
      ++at_;
      if (peek() == 'i') {
        folds_ = true;
        ++at_;
      }
      if (peek() != ':') return unknown();
      ++at_;
    }
    const bool is_value = captures && !has_value_;
    has_value_ = has_value_ || captures;
    Code inside = alternation();
    if (peek() != ')') return unknown();
    ++at_;
    folds_ = outer;
    if (!is_value) return inside;
    Code all{{.kind = Kind::open}};
    append(all, inside);
    all.push_back({.kind = Kind::close});
    return all;
  }

  Code bracket() {
    ++at_;
    const bool negated = peek() == '^';
    at_ += negated ? 1 : 0;
    Set set;
    for (bool is_first = true; more() && (peek() != ']' || is_first); is_first = false) {
      if (peek() == '[' && peek(1) == ':') return unknown();
      std::optional<char> low = character();
      if (!low) {
        if (peek() != '\\' || !escape(set)) return unknown();
        continue;
      }
      char high = *low;
      if (peek() == '-' && peek(1) != ']' && peek(1) != '\0') {
        ++at_;
        const auto end = character();
        if (!end || *end < *low) return unknown();
        high = *end;
      }
      for (int byte = *low; byte <= high; ++byte) set.set(static_cast<std::size_t>(byte));
    }
    if (peek() != ']') return unknown();
    ++at_;
    set = folded(set);
    return one(negated ? ~set : set);
  }

  // One character of a class, escaped or not; nothing when a class within the class begins.
  std::optional<char> character() {
    const char c = peek();
    if (static_cast<unsigned char>(c) >= 0x80 || c == '\0') {
      is_known_ = false;
      return std::nullopt;
    }
    if (c != '\\') {
      ++at_;
      return c;
    }
    const auto literal = literal_of(peek(1));
    if (literal) at_ += 2;
    return literal;
  }

  // "\." and "\n", as RE2 reads them.
  static std::optional<char> literal_of(char letter) {
    switch (letter) {
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      case 'f': return '\f';
      default: break;
    }
    const bool is_word = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' || letter == '\0' || static_cast<unsigned char>(letter) >= 0x80;
    return is_word ? std::nullopt : std::optional(letter);
  }

  // Adds what the escape stands for.
  bool escape(Set& set) {
    const char letter = peek(1);
    if (const auto literal = literal_of(letter)) {
      set |= folded(Set().set(static_cast<std::size_t>(*literal)));
      at_ += 2;
      return true;
    }
    const bool is_letters = pattern_.substr(at_, 5) == "\\p{L}";
    if (!is_letters && letter != 'd' && letter != 's' && letter != 'w') return false;
    at_ += is_letters ? 5 : 2;
    for (const char c : std::string_view(letter == 's' ? " \t\n\r\f" : letter == 'w' ? "_" : "")) set.set(static_cast<std::size_t>(c));
    for (char c = '0'; c <= '9' && (letter == 'd' || letter == 'w'); ++c) set.set(static_cast<std::size_t>(c));
    for (char c = 'a'; c <= 'z' && (letter == 'w' || is_letters); ++c) set.set(static_cast<std::size_t>(c)).set(static_cast<std::size_t>(c - 32));
    return true;
  }

  [[nodiscard]] Set folded(Set set) const {
    for (std::size_t c = 'a'; folds_ && c <= 'z'; ++c) {
      if (set[c] || set[c - 32]) set.set(c).set(c - 32);
    }
    return set;
  }

  Code one(Set set) {
    set.reset(range_end);
    const auto count = set.count();
    for (std::size_t c = 0; count <= 2 && c < range_end; ++c) {
      if (!set[c]) continue;
      const bool is_upper = c >= 'A' && c <= 'Z';
      if (count == 2 && !(is_upper && set[c ^ 0x20U])) break;
      out_.letters_.push_back({static_cast<char>(c), count == 2 ? Walker::either_case : Walker::exact});
      return {{.kind = Kind::text, .where = static_cast<std::uint32_t>(out_.letters_.size() - 1)}};
    }
    return {{.kind = Kind::run, .set = set}};
  }

  std::string_view pattern_;
  bool folds_;
  std::size_t at_ = 0;
  bool has_value_ = false;
  bool is_known_ = true;
  std::vector<std::vector<Way>> choices_;
  Walker out_;
};

std::optional<Walker> Walker::compile(std::string_view pattern, bool case_sensitive) { return WalkerCompiler(pattern, case_sensitive).run(); }

Walker::Answer Walker::match(std::string_view text, Span range, Found& found) const {
  // Where to go on when a way fails: at `at`, and after that, step by step, until `last`.
  struct Choice {
    std::uint32_t op, at, last, step;
    std::uint32_t value_begin, value_end;
  };
  constexpr std::size_t most_choices = 96;
  constexpr int most_steps = 2'000;
  std::array<Choice, most_choices> choices;  // not filled: most matches need a few
  std::size_t open = 0;
  std::uint32_t op = 0;
  std::uint32_t at = range.begin;
  constexpr std::uint32_t nowhere = UINT32_MAX;
  std::uint32_t value_begin = nowhere;
  std::uint32_t value_end = nowhere;
  const char* const bytes = text.data();
  const auto class_at = [&](std::uint32_t place) { return place < range.end ? class_of(bytes[place]) : classes_[end_of_range]; };
  // Whether what follows can begin at `place`, which its first character has allowed.
  const auto second_fits = [&](std::uint32_t next, std::uint32_t place) { return has(ops_[next].second, class_at(place + 1)); };
  if (!second_fits(0, range.begin)) return Answer::no;
  for (int steps = 0; steps < most_steps; ++steps) {
    const Op& now = ops_[op];
    bool holds = true;
    switch (now.kind) {
      case Kind::text: {
        const Letter* const letters = letters_.data() + now.where;
        const char* const here = bytes + at;
        holds = range.end - at >= now.min;
        for (std::uint32_t i = 0; holds && i < now.min; ++i) holds = ((here[i] ^ letters[i].byte) & letters[i].mask) == 0;
        at += now.min;
        op += static_cast<std::uint32_t>(now.other);
        break;
      }
      case Kind::run: {
        op += static_cast<std::uint32_t>(now.other);
        if (now.max == 1 && now.min == 1) {
          holds = at < range.end && has(now.set, class_of(bytes[at]));
          ++at;
          break;
        }
        const std::uint32_t most = std::min<std::uint32_t>(range.end, at + now.max);
        std::uint32_t end = at;
        while (end < most && has(now.set, class_of(bytes[end]))) ++end;
        holds = end >= at + now.min;
        if (!holds) break;
        // Only places where what follows can begin: if it takes nothing of the run, at its end.
        const std::uint32_t least = (now.set & now.next) == 0 ? end : at + now.min;
        const auto follows = [&](std::uint32_t place) { return has(now.next, class_at(place)) && second_fits(op, place); };
        std::uint32_t from = now.lazy ? least : end;
        std::uint32_t to = now.lazy ? end : least;
        const std::uint32_t step = now.lazy ? 1U : ~0U;
        while (from != to && !follows(from)) from += step;
        while (to != from && !follows(to)) to -= step;
        at = from;
        if (from == to) {
          holds = follows(at);
        } else {
          if (open == most_choices) return Answer::unknown;
          choices[open++] = {op, from + step, to, step, value_begin, value_end};
        }
        break;
      }
      case Kind::split: {
        const std::uint8_t here = class_at(at);
        const std::uint32_t other = op + static_cast<std::uint32_t>(now.other);
        const bool next = has(now.next, here) && second_fits(op + 1, at);
        const bool beyond = has(now.beyond, here) && second_fits(other, at);
        if (next && beyond) {
          if (open == most_choices) return Answer::unknown;
          choices[open++] = {now.lazy ? op + 1 : other, at, at, 0, value_begin, value_end};
          op = now.lazy ? other : op + 1;
        } else {
          holds = next || beyond;
          op = next ? op + 1 : other;
        }
        break;
      }
      case Kind::choose: {
        const std::uint16_t ahead = ways_[now.where + class_at(at)];
        holds = ahead != 0;
        op += ahead;
        break;
      }
      case Kind::jump: op += static_cast<std::uint32_t>(now.other); break;
      case Kind::open:
        value_begin = at;
        op += static_cast<std::uint32_t>(now.other);
        break;
      case Kind::close:
        value_end = at;
        op += static_cast<std::uint32_t>(now.other);
        break;
      case Kind::done:
        found.whole = {range.begin, at};
        found.value = value_end == nowhere ? std::nullopt : std::optional(Span{value_begin, value_end});
        return Answer::yes;
    }
    if (holds) continue;
    if (open == 0) return Answer::no;
    Choice& choice = choices[open - 1];
    op = choice.op;
    at = choice.at;
    value_begin = choice.value_begin;
    value_end = choice.value_end;
    if (choice.at == choice.last) --open;
    else choice.at += choice.step;
  }
  return Answer::unknown;
}

Walker::Answer Walker::search(std::string_view text, Span range, std::uint32_t last, bool at_word, Found& found) const {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  for (std::uint32_t at = range.begin; at < range.end && at <= last; ++at) {
    if (!has(first_, class_of(text[at])) || (at_word && at > 0 && is_word(text[at - 1]))) continue;
    if (const auto answer = match(text, {at, range.end}, found); answer != Answer::no) return answer;
  }
  return Answer::no;
}

}  // namespace phiscan::detect

#include "detect/walker.hpp"

#include <algorithm>
#include <array>

namespace phiscan::detect {

// Reads the pattern once; a piece is its code.
class WalkerCompiler {
 public:
  WalkerCompiler(std::string_view pattern, bool case_sensitive) : pattern_(pattern), folds_(!case_sensitive) {}

  std::optional<Walker> run() {
    out_.ops_ = alternation();
    if (at_ != pattern_.size()) is_known_ = false;
    out_.ops_.push_back({.kind = Kind::done});
    if (!is_known_) return std::nullopt;
    const auto begins = begins_of(out_.ops_, Set());
    for (std::size_t i = 0; i + 1 < out_.ops_.size(); ++i) {
      auto& op = out_.ops_[i];
      op.next = known(begins[i + 1]);
      if (op.kind == Kind::split) op.beyond = known(begins[i + static_cast<std::size_t>(op.other)]);
    }
    out_.second_ = second(begins);
    return std::move(out_);
  }

 private:
  using Kind = Walker::Kind;
  using Code = std::vector<Walker::Op>;
  using Set = Walker::Set;
  static constexpr std::size_t most_code = 2000;
  static constexpr std::size_t range_end = 128;

  [[nodiscard]] bool more() const { return is_known_ && at_ < pattern_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }
  Code unknown() {
    is_known_ = false;
    return {};
  }
  Code checked(Code code) { return code.size() > most_code ? unknown() : code; }
  static void append(Code& code, const Code& more) { code.insert(code.end(), more.begin(), more.end()); }
  static Walker::Op split(std::size_t other, bool lazy = false) { return {.kind = Kind::split, .lazy = lazy, .other = static_cast<std::int32_t>(other)}; }

  // What can stand where each op begins, and behind the last one.
  [[nodiscard]] std::vector<Set> begins_of(const Code& code, const Set& behind) const {
    std::vector<Set> begins(code.size() + 1, behind);
    for (std::size_t i = code.size(); i-- > 0;) {  // from the end: an op leads only forward
      const auto& op = code[i];
      switch (op.kind) {
        case Kind::run: begins[i] = op.min == 0 ? out_.sets_[op.set] | begins[i + 1] : out_.sets_[op.set]; break;
        case Kind::split: begins[i] = begins[i + 1] | begins[i + static_cast<std::size_t>(op.other)]; break;
        case Kind::jump: begins[i] = begins[i + static_cast<std::size_t>(op.other)]; break;
        case Kind::open:
        case Kind::close: begins[i] = begins[i + 1]; break;
        case Kind::done: begins[i].set(); break;
      }
    }
    return begins;
  }

  // What can stand behind the first character; all where a match may be empty.
  [[nodiscard]] Set second(const std::vector<Set>& begins) const {
    Set out;
    std::vector<bool> is_first(out_.ops_.size());  // reached before any character is read
    is_first[0] = true;
    for (std::size_t i = 0; i < is_first.size(); ++i) {
      if (!is_first[i]) continue;
      const auto& op = out_.ops_[i];
      switch (op.kind) {
        case Kind::run:
          if (op.max > 1) out |= out_.sets_[op.set];
          if (op.min <= 1) out |= begins[i + 1];
          if (op.min == 0) is_first[i + 1] = true;
          break;
        case Kind::split: is_first[i + 1] = is_first[i + static_cast<std::size_t>(op.other)] = true; break;
        case Kind::jump: is_first[i + static_cast<std::size_t>(op.other)] = true; break;
        case Kind::open:
        case Kind::close: is_first[i + 1] = true; break;
        case Kind::done: out.set(); break;
      }
    }
    return out;
  }

  static Code either(const Code& first, const Code& other) {
    Code all{split(first.size() + 2)};
    append(all, first);
    all.push_back({.kind = Kind::jump, .other = static_cast<std::int32_t>(other.size() + 1)});
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

  // Ways that begin differently, none of which is empty: at most one can hold, so they may be asked in any order, half by half.
  struct Ways {
    Set begins;
    std::vector<std::size_t> members;  // in the order they are written
  };

  [[nodiscard]] Code any_of(const std::vector<Code>& written) const {
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
    while (codes.size() > 1) {
      std::vector<Code> halved;
      for (std::size_t i = 0; i < codes.size(); i += 2) halved.push_back(i + 1 < codes.size() ? either(codes[i], codes[i + 1]) : std::move(codes[i]));
      codes = std::move(halved);
    }
    return std::move(codes.front());
  }

  // One after the other; neighbours that begin with the same character read it once: den(?:ies|ied).
  [[nodiscard]] Code first_of(const std::vector<Code>& written, const std::vector<std::size_t>& members) const {
    const auto shares = [](const Code& way, const Code& other) {
      if (way.empty() || other.empty()) return false;
      const auto& a = way.front();
      const auto& b = other.front();
      return a.kind == Kind::run && b.kind == Kind::run && a.set == b.set && a.min == a.max && a.min == b.min && a.max == b.max;
    };
    std::vector<Code> codes;
    for (std::size_t i = 0; i < members.size();) {
      const Code& way = written[members[i]];
      std::vector<Code> rests;
      for (; i < members.size() && shares(way, written[members[i]]); ++i) rests.emplace_back(written[members[i]].begin() + 1, written[members[i]].end());
      if (rests.size() > 1) {
        Code all{way.front()};
        append(all, any_of(rests));
        codes.push_back(std::move(all));
      } else {
        codes.push_back(way);
        i += rests.empty() ? 1 : 0;
      }
    }
    Code code = std::move(codes.back());
    for (std::size_t i = codes.size() - 1; i-- > 0;) code = either(codes[i], code);
    return code;
  }

  Code sequence() {
    Code all;
    while (more() && peek() != '|' && peek() != ')') append(all, repeated(atom()));
    return checked(std::move(all));
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
    if (piece.size() == 1 && piece[0].kind == Kind::run && piece[0].min == 1 && piece[0].max == 1) {
      piece[0].min = static_cast<std::uint16_t>(low);
      piece[0].max = static_cast<std::uint16_t>(high);
      piece[0].lazy = lazy;
      return piece;
    }
    if (std::any_of(piece.begin(), piece.end(), [](const Walker::Op& op) { return op.kind == Kind::open; })) {
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

  std::uint16_t known(const Set& set) {
    auto at = std::find(out_.sets_.begin(), out_.sets_.end(), set);
    if (at == out_.sets_.end()) at = out_.sets_.insert(at, set);
    return static_cast<std::uint16_t>(at - out_.sets_.begin());
  }

  Code one(Set set) { return {{.kind = Kind::run, .set = known(set.reset(range_end))}}; }

  std::string_view pattern_;
  bool folds_;
  std::size_t at_ = 0;
  bool has_value_ = false;
  bool is_known_ = true;
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
  const auto byte_at = [&](std::uint32_t place) -> std::size_t { return place < range.end ? static_cast<unsigned char>(text[place]) & 0x7FU : 128U; };
  if (!second_[byte_at(range.begin + 1)]) return Answer::no;
  for (int steps = 0; steps < most_steps; ++steps) {
    const Op& now = ops_[op];
    bool holds = true;
    switch (now.kind) {
      case Kind::run: {
        const Set& set = sets_[now.set];
        if (now.min == 1 && now.max == 1) {  // most are letters of a word
          holds = at < range.end && set[static_cast<unsigned char>(text[at]) & 0x7FU];
          ++op;
          ++at;
          break;
        }
        const std::uint32_t most = std::min<std::uint32_t>(range.end, at + now.max);
        std::uint32_t end = at;
        while (end < most && set[static_cast<unsigned char>(text[end]) & 0x7FU]) ++end;
        const std::uint32_t least = at + now.min;
        holds = end >= least;
        ++op;
        if (!holds) break;
        // Only places where what follows can begin.
        const Set& next = sets_[now.next];
        std::uint32_t from = now.lazy ? least : end;
        std::uint32_t to = now.lazy ? end : least;
        const std::uint32_t step = now.lazy ? 1U : ~0U;
        while (from != to && !next[byte_at(from)]) from += step;
        while (to != from && !next[byte_at(to)]) to -= step;
        at = from;
        if (from == to) {
          holds = next[byte_at(at)];
        } else {
          if (open == most_choices) return Answer::unknown;
          choices[open++] = {op, from + step, to, step, value_begin, value_end};
        }
        break;
      }
      case Kind::split: {
        const std::size_t byte = byte_at(at);
        const bool next = sets_[now.next][byte];
        const bool beyond = sets_[now.beyond][byte];
        const std::uint32_t other = op + static_cast<std::uint32_t>(now.other);
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
      case Kind::jump: op += static_cast<std::uint32_t>(now.other); break;
      case Kind::open: value_begin = at; ++op; break;
      case Kind::close: value_end = at; ++op; break;
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

Walker::Answer Walker::search(std::string_view text, Span range, std::uint32_t last, const std::bitset<256>& first, bool at_word, Found& found) const {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  for (std::uint32_t at = range.begin; at < range.end && at <= last; ++at) {
    if (!first[static_cast<unsigned char>(text[at])] || (at_word && at > 0 && is_word(text[at - 1]))) continue;
    if (const auto answer = match(text, {at, range.end}, found); answer != Answer::no) return answer;
  }
  return Answer::no;
}

}  // namespace phiscan::detect

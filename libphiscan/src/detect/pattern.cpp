#include "detect/pattern.hpp"

#include <algorithm>
#include <utility>

namespace phiscan::detect {
namespace {

using Bytes = std::bitset<256>;

// Widths, trigger and first bytes of one piece of the pattern.
struct Piece {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  bool trigger = false;
  Bytes first = {};
  bool digit = false;  // every way through holds one
  std::vector<std::string> samples = {""};  // texts that go through every alternative at least once; a plain one first
};

Piece piece(std::uint64_t max, bool trigger, Bytes first, std::string sample, bool digit = false) { return {1, max, trigger, first, digit, {std::move(sample)}}; }

void add_byte(Bytes& set, unsigned char byte) {
  set.set(byte);
  if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')) set.set(byte ^ 0x20U);
  // Caseless, "s" and "k" also read U+017F and U+212A.
  if (byte == 's' || byte == 'S') set.set(0xC5);
  if (byte == 'k' || byte == 'K') set.set(0xE2);
}

void add_range(Bytes& set, unsigned char low, unsigned char high) {
  for (unsigned byte = low; byte <= high; ++byte) add_byte(set, static_cast<unsigned char>(byte));
}

Bytes bytes_of(std::string_view all) {
  Bytes set;
  for (const char c : all) add_byte(set, static_cast<unsigned char>(c));
  return set;
}

Bytes every_byte() { return Bytes().set(); }

// \d \s \w; else every byte.
Bytes class_bytes(char letter) {
  Bytes set;
  switch (letter) {
    case 'd': add_range(set, '0', '9'); return set;
    case 's': return bytes_of(" \t\n\r\f\v");
    case 'w': add_range(set, '0', '9'); add_range(set, 'a', 'z'); set.set('_'); return set;
    default: return every_byte();
  }
}

char escaped(char letter) {
  switch (letter) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'f': return '\f';
    case 'v': return '\v';
    default: return letter;
  }
}

// A recursive-descent reader of the syntax that RE2 and Hyperscan read the same way.
class Inspector {
 public:
  Inspector(std::string_view pattern, bool sampling) : pattern_(pattern), sampling_(sampling) {}

  [[nodiscard]] std::vector<std::string> samples() { return alternation(0).samples; }

  Result<PatternFacts> run() {
    const Piece whole = alternation(0);
    if (error_.empty() && at_ < pattern_.size()) refuse("unbalanced parenthesis");
    if (error_.empty() && whole.max > max_pattern_width) refuse("wider than 512 bytes");
    if (!error_.empty()) return Error{ErrorCode::pack, error_ + " at byte " + std::to_string(where_) + " of the pattern", ""};
    return PatternFacts{static_cast<std::uint32_t>(whole.min), static_cast<std::uint32_t>(whole.max), whole.trigger, whole.digit, byte_exact_,
                        whole.min == 0 ? Bytes() : whole.first, value_first_};
  }

 private:
  void refuse(std::string why) {
    if (!error_.empty()) return;
    error_ = std::move(why);
    where_ = at_;
    at_ = pattern_.size();
  }
  [[nodiscard]] bool more() const { return at_ < pattern_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }

  Piece alternation(int depth) {
    if (depth > 30) refuse("groups nested too deep");
    Piece all = sequence(depth);
    while (error_.empty() && more() && peek() == '|') {
      ++at_;
      const Piece next = sequence(depth);
      all.min = std::min(all.min, next.min);
      all.max = std::max(all.max, next.max);
      all.trigger = all.trigger && next.trigger;
      all.digit = all.digit && next.digit;
      all.first |= next.first;
      if (sampling_) all.samples.insert(all.samples.end(), next.samples.begin(), next.samples.end());
    }
    return all;
  }

  // Each sample of one side with the plain one of the other.
  static std::vector<std::string> joined(const std::vector<std::string>& left, const std::vector<std::string>& right) {
    std::vector<std::string> out;
    for (const auto& sample : left) out.push_back(sample + right.front());
    for (std::size_t i = 1; i < right.size(); ++i) out.push_back(left.front() + right[i]);
    return out;
  }

  Piece sequence(int depth) {
    Piece all;
    while (error_.empty() && more() && peek() != '|' && peek() != ')') {
      const Piece next = repeated(atom(depth));
      if (all.min == 0) all.first |= next.first;
      all.min += next.min;
      all.max += next.max;
      all.trigger = all.trigger || next.trigger;
      all.digit = all.digit || next.digit;
      if (sampling_) all.samples = joined(all.samples, next.samples);
    }
    return all;
  }

  // "(?:a|b){0,2}": nothing, "a", "b".
  static std::vector<std::string> repeat(const std::vector<std::string>& samples, std::uint64_t low, std::uint64_t high) {
    std::string rest;
    for (std::uint64_t i = 1; i < low; ++i) rest += samples.front();
    std::vector<std::string> out;
    if (low == 0) out.emplace_back();
    for (const auto& sample : high == 0 ? std::vector<std::string>() : samples) out.push_back(sample + rest);
    return out;
  }

  Piece repeated(Piece piece) {
    if (!error_.empty() || !more()) return piece;
    std::uint64_t low = 1;
    std::uint64_t high = 1;
    switch (peek()) {
      case '*':
      case '+': refuse("unbounded repeat (write {0,N})"); return piece;
      case '?': low = 0; ++at_; break;
      case '{': {
        const auto close = pattern_.find('}', at_);
        if (close == std::string_view::npos) { refuse("unfinished repeat"); return piece; }
        const auto body = pattern_.substr(at_ + 1, close - at_ - 1);
        const auto comma = body.find(',');
        if (body.empty() || comma + 1 == body.size()) { refuse("unbounded repeat (write {0,N})"); return piece; }
        low = number(body.substr(0, comma));
        high = comma == std::string_view::npos ? low : number(body.substr(comma + 1));
        if (high > max_repeat || low > high) { refuse("repeat above 120"); return piece; }
        at_ = close + 1;
        break;
      }
      default: return piece;
    }
    if (peek() == '?') ++at_;  // lazy: same widths
    return {piece.min * low, piece.max * high, piece.trigger && low > 0, piece.first, piece.digit && low > 0, sampling_ ? repeat(piece.samples, low, high) : piece.samples};
  }

  static std::uint64_t number(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9' || value > 100'000) return 1'000'000;
      value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return digits.empty() ? 1'000'000 : value;
  }

  Piece atom(int depth) {
    const char c = peek();
    if (c == '(') return group(depth);
    if (c == '[') return bracket();
    if (c == '.') { ++at_; byte_exact_ = false; return piece(4, false, every_byte(), "x"); }
    if (c == '^' || c == '$') { refuse("anchors depend on the engine (state edges in the rule)"); return {}; }
    if (c == '\\') return escape();
    ++at_;
    if (static_cast<unsigned char>(c) >= 0x80) byte_exact_ = false;
    return piece(1, c != ' ', bytes_of({&c, 1}), {c}, c >= '0' && c <= '9');
  }

  Piece group(int depth) {
    ++at_;
    if (peek() == '?') {
      ++at_;
      while (more() && peek() != ':' && peek() != ')') {
        if (peek() == '=' || peek() == '!' || peek() == '<' || peek() == 'P') { refuse("look-around and named groups"); return {}; }
        ++at_;
      }
      if (peek() == ')') { ++at_; return {}; }  // a flag group such as (?i)
      ++at_;
    } else if (!has_value_) {
      has_value_ = true;
      value_first_ = at_ == 1;
    }
    const Piece inside = alternation(depth + 1);
    if (peek() != ')') { refuse("unbalanced parenthesis"); return {}; }
    ++at_;
    return inside;
  }

  Piece bracket() {
    ++at_;
    bool negated = false;
    if (peek() == '^') { negated = true; ++at_; }
    bool digits_only = true;
    bool first = true;
    Bytes set;
    char low = '\0';  // the byte before, for a range
    while (more() && (peek() != ']' || first)) {
      first = false;
      if (peek() == '\\') {
        const char kind = peek(1);
        digits_only = digits_only && kind == 'd';
        if (kind == 'p' || kind == 'P' || kind == 'x') byte_exact_ = false;
        if (kind == 'd' || kind == 's' || kind == 'w') set |= class_bytes(kind);
        else if ((kind >= 'a' && kind <= 'z' && escaped(kind) == kind) || (kind >= 'A' && kind <= 'Z') || (kind >= '0' && kind <= '9')) set.set();
        else add_byte(set, static_cast<unsigned char>(escaped(kind)));
        low = '\0';
        at_ += 2;
      } else if (peek() == '[' && peek(1) == ':') {
        set.set();  // [:alpha:] and the like
        digits_only = false;
        ++at_;
      } else {
        const char c = peek();
        if (static_cast<unsigned char>(c) >= 0x80) {
          byte_exact_ = false;
          add_range(set, 0x80, 0xFF);
        }
        if (c == '-' && low != '\0' && peek(1) != ']' && peek(1) != '\\') add_range(set, static_cast<unsigned char>(low), static_cast<unsigned char>(peek(1)));
        else if (c == '-' && peek(1) == '\\') set.set();
        else add_byte(set, static_cast<unsigned char>(c));
        low = c;
        if (!(c >= '0' && c <= '9') && c != '-') digits_only = false;
        ++at_;
      }
    }
    if (!more()) { refuse("unfinished class"); return {}; }
    ++at_;
    char sample = ' ';
    while (sample < '~' && set[static_cast<unsigned char>(sample)] == negated) ++sample;
    if (negated) byte_exact_ = false;
    if (negated) set.set();
    const bool digits = !negated && set.any() && (set & ~class_bytes('d')).none();
    return piece(negated || !byte_exact_ ? 4U : 1U, digits_only && !negated, set, {sample}, digits);
  }

  Piece escape() {
    const char c = peek(1);
    at_ += 2;
    switch (c) {
      case 'd': return piece(1, true, class_bytes(c), "7", true);
      case 's': return piece(1, false, class_bytes(c), " ");
      case 'w': return piece(1, false, class_bytes(c), "a");
      case 'D': case 'S': case 'W': case 'p': case 'P': {
        byte_exact_ = false;
        if (c == 'p' || c == 'P') {
          if (peek() == '{') at_ = std::min(pattern_.find('}', at_), pattern_.size() - 1) + 1;
          else ++at_;
        }
        return piece(4, false, every_byte(), "A");
      }
      case 'b': case 'B': case 'A': case 'z': case 'Z': case 'G': refuse("\\b and anchors depend on the engine (state edges in the rule)"); return {};
      default: break;
    }
    if (c >= '0' && c <= '9') { refuse("back-references"); return {}; }
    if ((c >= 'a' && c <= 'z' && escaped(c) == c) || (c >= 'A' && c <= 'Z')) return piece(1, true, every_byte(), "a");
    const char literal = escaped(c);
    return piece(1, c != 't' && c != 'n' && c != 'r', bytes_of({&literal, 1}), {literal});
  }

  std::string_view pattern_;
  bool sampling_;
  std::size_t at_ = 0;
  std::size_t where_ = 0;
  bool byte_exact_ = true;
  bool has_value_ = false;
  bool value_first_ = true;
  std::string error_;
};

}  // namespace

Result<PatternFacts> inspect_pattern(std::string_view pattern) { return Inspector(pattern, false).run(); }

std::vector<std::string> sample_pattern(std::string_view pattern) { return Inspector(pattern, true).samples(); }

std::string proposing_pattern(std::string_view pattern, bool at_word) {
  constexpr int most_counted = 9;
  // "_" is a word for the engines and none for text::is_edge.
  std::string out = at_word ? "(?:\\b|_)(?:" : "(?:";
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    out += c;
    if (c == '\\' && at + 1 < pattern.size()) {
      out += pattern[++at];
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      for (const char next : {'^', ']'}) {  // "[]a]": the first one is a letter of the class
        if (at + 1 < pattern.size() && pattern[at + 1] == next) out += pattern[++at];
      }
    } else if (c == '{') {
      const auto body = pattern.substr(at + 1, pattern.find('}', at) - at - 1);
      const auto comma = body.find(',');
      const bool is_long = comma != std::string_view::npos && std::stoi(std::string(body.substr(comma + 1))) > most_counted;
      out += is_long ? body.substr(0, comma + 1) : body;
      at += body.size();
    }
  }
  return out + ')';
}

}  // namespace phiscan::detect

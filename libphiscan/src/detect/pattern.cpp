#include "detect/pattern.hpp"

#include <algorithm>

namespace phiscan::detect {
namespace {

// Widths and trigger of one piece of the pattern.
struct Piece {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  bool trigger = false;
};

// A recursive-descent reader of the syntax that RE2 and Hyperscan read the same way.
class Inspector {
 public:
  explicit Inspector(std::string_view pattern) : pattern_(pattern) {}

  Result<PatternFacts> run() {
    const Piece whole = alternation(0);
    if (error_.empty() && at_ < pattern_.size()) refuse("unbalanced parenthesis");
    if (error_.empty() && whole.max > max_pattern_width) refuse("wider than 512 bytes");
    if (!error_.empty()) return Error{ErrorCode::pack, error_ + " at byte " + std::to_string(where_) + " of the pattern", ""};
    return PatternFacts{static_cast<std::uint32_t>(whole.min), static_cast<std::uint32_t>(whole.max), whole.trigger, byte_exact_};
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
    }
    return all;
  }

  Piece sequence(int depth) {
    Piece all;
    while (error_.empty() && more() && peek() != '|' && peek() != ')') {
      const Piece next = repeated(atom(depth));
      all.min += next.min;
      all.max += next.max;
      all.trigger = all.trigger || next.trigger;
    }
    return all;
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
    return {piece.min * low, piece.max * high, piece.trigger && low > 0};
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
    if (c == '.') { ++at_; byte_exact_ = false; return {1, 4, false}; }
    if (c == '^' || c == '$') { refuse("anchors depend on the engine (state edges in the rule)"); return {}; }
    if (c == '\\') return escape();
    ++at_;
    if (static_cast<unsigned char>(c) >= 0x80) byte_exact_ = false;
    return {1, 1, c != ' '};
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
    while (more() && (peek() != ']' || first)) {
      first = false;
      if (peek() == '\\') {
        digits_only = digits_only && peek(1) == 'd';
        if (peek(1) == 'p' || peek(1) == 'P' || peek(1) == 'x') byte_exact_ = false;
        at_ += 2;
      } else {
        const char c = peek();
        if (static_cast<unsigned char>(c) >= 0x80) byte_exact_ = false;
        if (!(c >= '0' && c <= '9') && c != '-') digits_only = false;
        ++at_;
      }
    }
    if (!more()) { refuse("unfinished class"); return {}; }
    ++at_;
    if (negated) byte_exact_ = false;
    return {1, negated || !byte_exact_ ? 4U : 1U, digits_only && !negated};
  }

  Piece escape() {
    const char c = peek(1);
    at_ += 2;
    switch (c) {
      case 'd': return {1, 1, true};
      case 's': case 'w': return {1, 1, false};
      case 'D': case 'S': case 'W': case 'p': case 'P': {
        byte_exact_ = false;
        if (c == 'p' || c == 'P') {
          if (peek() == '{') at_ = std::min(pattern_.find('}', at_), pattern_.size() - 1) + 1;
          else ++at_;
        }
        return {1, 4, false};
      }
      case 'b': case 'B': case 'A': case 'z': case 'Z': case 'G': refuse("\\b and anchors depend on the engine (state edges in the rule)"); return {};
      default: break;
    }
    if (c >= '0' && c <= '9') { refuse("back-references"); return {}; }
    return {1, 1, c != 't' && c != 'n' && c != 'r'};
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::size_t where_ = 0;
  bool byte_exact_ = true;
  std::string error_;
};

}  // namespace

Result<PatternFacts> inspect_pattern(std::string_view pattern) { return Inspector(pattern).run(); }

}  // namespace phiscan::detect

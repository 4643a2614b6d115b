#include "json/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/utf8.hpp"

namespace phiscan::json {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Length of the valid UTF-8 sequence at `at`, or 0.
std::size_t sequence(std::string_view s, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  const auto trail = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return trail(at + 1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return trail(at + 1, low, high) && trail(at + 2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return trail(at + 1, low, high) && trail(at + 2, 0x80, 0xBF) && trail(at + 3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

int hex4(std::string_view s, std::size_t at) {
  if (at + 4 > s.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = s[i];
    int digit = 0;
    if (c >= '0' && c <= '9') digit = c - '0';
    else if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    else return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool is_escape(std::string_view s, std::size_t at) { return at + 6 <= s.size() && s[at] == '\\' && s[at + 1] == 'u'; }

// How many bytes from the start are ASCII without quote, backslash or control character; may stop early. Eight at a time.
std::size_t plain_bytes(std::string_view s) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t highs = ones << 7U;
  const auto has_zero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & highs; };
  std::size_t at = 0;
  for (; at + 8 <= s.size(); at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, s.data() + at, 8);
    const std::uint64_t below_blank = (bytes - ones * 0x20) & ~bytes & highs;
    if (((bytes & highs) | has_zero(bytes ^ (ones * '"')) | has_zero(bytes ^ (ones * '\\')) | below_blank) != 0) break;
  }
  while (at < s.size() && s[at] >= 0x20 && s[at] < 0x7F && s[at] != '"' && s[at] != '\\') ++at;
  return at;
}

// Copies only when something has to be repaired; the common case returns the input untouched.
std::string_view repair(std::string_view text, std::string& store) {
  std::size_t copied = 0;
  bool changed = false;
  const auto replace = [&](std::size_t at, std::size_t size, std::string_view with) {
    store.append(text.substr(copied, at - copied)).append(with);
    copied = at + size;
    changed = true;
  };
  for (std::size_t i = 0; i < text.size();) {
    i += plain_bytes(text.substr(i));
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      const std::size_t size = sequence(text, i);
      if (size == 0) replace(i, 1, replacement);
      i += std::max<std::size_t>(size, 1);
    } else if (c == '\\') {
      const int unit = is_escape(text, i) ? hex4(text, i + 2) : -1;
      if (unit < 0xD800 || unit > 0xDFFF) {
        i += 2;
      } else if (unit < 0xDC00 && is_escape(text, i + 6) && hex4(text, i + 8) >= 0xDC00 && hex4(text, i + 8) <= 0xDFFF) {
        i += 12;
      } else {
        replace(i, 6, "\\ufffd");
        i += 6;
      }
    } else {
      ++i;
    }
  }
  if (!changed) return text;
  store.append(text.substr(copied));
  return store;
}

// Escapes one reference token (RFC 6901). Keys come from the input, so anything that is not a plain field name is masked.
std::string token(std::string_view key) {
  const bool plain = key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '@';
  });
  return plain ? std::string(key) : std::string("?");
}

bool is_field_name(std::string_view token) {
  return !token.empty() && token.size() <= 32 &&
         std::all_of(token.begin(), token.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// Builds the value from the parser's events. The library's own callback parser looks through the whole parent list whenever an object
// ends, which makes a list of a million empty objects a matter of hours.
class Builder : public nlohmann::json_sax<Value> {
 public:
  explicit Builder(const Limits& limits) : limits_(limits) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Value::object()); }
  bool start_array(std::size_t) override { return open(Value::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    auto& frame = open_.back();
    frame.key = name;
    if (!frame.value->contains(name)) return true;
    return fail("the key appears twice");
  }

  bool parse_error(std::size_t byte, const std::string&, const nlohmann::json::exception&) override {
    return fail("not valid JSON at byte " + std::to_string(byte));
  }

  [[nodiscard]] Value take() { return std::move(root_); }
  [[nodiscard]] Error error() const { return error_; }

 private:
  struct Frame {
    Value* value;     // stays where it is: only the innermost container grows
    std::string key;  // of the member that is being read
  };

  template <typename Item>
  Value* add(Item&& item) {
    if (open_.empty()) return &(root_ = std::forward<Item>(item));
    auto& frame = open_.back();
    if (frame.value->is_array()) {
      frame.value->push_back(std::forward<Item>(item));
      return &frame.value->back();
    }
    return &((*frame.value)[frame.key] = std::forward<Item>(item));
  }
  template <typename Item>
  bool put(Item&& item) {
    add(Value(std::forward<Item>(item)));
    return true;
  }
  bool open(Value container) {
    if (open_.size() >= static_cast<std::size_t>(limits_.depth)) return fail("nested deeper than " + std::to_string(limits_.depth) + " levels");
    open_.push_back({add(std::move(container)), {}});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  bool fail(std::string message) {
    std::string where;
    for (const auto& frame : open_) {
      if (!frame.key.empty()) where += "/" + token(frame.key);
    }
    error_ = {ErrorCode::json, std::move(message), limits_.guest_keys ? field_names_only(where) : where};
    return false;
  }

  const Limits& limits_;
  Value root_;
  std::vector<Frame> open_;
  Error error_{ErrorCode::json, "not valid JSON", ""};
};

// Reads clean text into the Builder, several times faster than the library, which looks at every byte of a long text by itself. Knows no
// errors: false means that the library has to say what is wrong, or read what is rare (a byte order mark, numbers of 19 digits).
class Scanner {
 public:
  Scanner(std::string_view text, Builder& out) : text_(text), out_(out) {}

  [[nodiscard]] bool run() {
    if (!value()) return false;
    blanks();
    return at_ == text_.size();
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void blanks() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
  }
  [[nodiscard]] bool eat(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] bool eat(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  [[nodiscard]] bool value() {  // the Builder limits the depth
    blanks();
    switch (peek()) {
      case '{': return object();
      case '[': return array();
      case '"': return string() && out_.string(word_);
      case 't': return eat("true") && out_.boolean(true);
      case 'f': return eat("false") && out_.boolean(false);
      case 'n': return eat("null") && out_.null();
      default: return number();
    }
  }

  [[nodiscard]] bool object() {
    ++at_;
    if (!out_.start_object(0)) return false;
    blanks();
    if (eat('}')) return out_.end_object();
    do {
      blanks();
      if (!string() || !out_.key(word_)) return false;
      blanks();
      if (!eat(':') || !value()) return false;
      blanks();
    } while (eat(','));
    return eat('}') && out_.end_object();
  }

  [[nodiscard]] bool array() {
    ++at_;
    if (!out_.start_array(0)) return false;
    blanks();
    if (eat(']')) return out_.end_array();
    do {
      if (!value()) return false;
      blanks();
    } while (eat(','));
    return eat(']') && out_.end_array();
  }

  // Into word_.
  [[nodiscard]] bool string() {
    if (!eat('"')) return false;
    word_.clear();
    word_.reserve(std::min(text_.find('"', at_), text_.size()) - at_);  // about so long: less for escapes, more for quotes inside
    while (true) {
      const std::size_t size = plain_bytes(text_.substr(at_));
      word_.append(text_, at_, size);
      at_ += size;
      const char c = peek();
      if (c == '"') break;
      if (c == '\\') {
        if (!escape()) return false;
      } else if (static_cast<unsigned char>(c) >= 0x7F) {  // well-formed: repair() has seen to it
        word_ += c;
        ++at_;
      } else {
        return false;
      }
    }
    ++at_;
    return true;
  }

  [[nodiscard]] bool escape() {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view bytes = "\"\\/\b\f\n\r\t";
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (kind != 'u') {
      const auto known = letters.find(kind);
      if (known == std::string_view::npos) return false;
      word_ += bytes[known];
      at_ += 2;
      return true;
    }
    const int unit = hex4(text_, at_ + 2);
    if (unit < 0) return false;
    auto c = static_cast<std::uint32_t>(unit);
    at_ += 6;
    if (c >= 0xD800 && c <= 0xDFFF) {
      const int low = c < 0xDC00 && is_escape(text_, at_) ? hex4(text_, at_ + 2) : -1;
      if (low < 0xDC00 || low > 0xDFFF) return false;
      c = 0x10000 + ((c - 0xD800) << 10U) + (static_cast<std::uint32_t>(low) - 0xDC00);
      at_ += 6;
    }
    append_utf8(word_, static_cast<char32_t>(c));
    return true;
  }

  [[nodiscard]] std::size_t digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ - begin;
  }

  [[nodiscard]] bool number() {
    const std::size_t begin = at_;
    const bool negative = eat('-');
    const char first = peek();
    const std::size_t whole = digits();
    if (whole == 0 || whole > 18 || (whole > 1 && first == '0')) return false;
    bool is_whole = true;
    if (eat('.')) {
      is_whole = false;
      if (digits() == 0) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      is_whole = false;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (digits() == 0) return false;
    }
    const char* const from = text_.data() + begin;
    const char* const to = text_.data() + at_;
    if (is_whole) {
      std::int64_t value = 0;
      std::from_chars(from, to, value);
      return negative ? out_.number_integer(value) : out_.number_unsigned(static_cast<std::uint64_t>(value));
    }
    double value = 0.0;
    if (std::from_chars(from, to, value).ec != std::errc()) return false;  // beyond a double
    return out_.number_float(value, {});
  }

  std::string_view text_;
  Builder& out_;
  std::size_t at_ = 0;
  std::string word_;
};

}  // namespace

std::string field_names_only(std::string_view pointer) {
  std::string out;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // the slash
    const auto end = std::min(pointer.find('/'), pointer.size());
    const auto token = pointer.substr(0, end);
    out += '/';
    out += is_field_name(token) ? token : std::string_view("?");
    pointer.remove_prefix(end);
  }
  return out;
}

Result<Value> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) {
    return Error{ErrorCode::too_large, "the document is larger than " + std::to_string(limits.bytes >> 20U) + " MiB", ""};
  }
  std::string store;
  const std::string_view clean = repair(text, store);

  try {
    Builder fast(limits);
    if (Scanner(clean, fast).run()) return fast.take();
    Builder builder(limits);
    if (Value::sax_parse(clean, &builder)) return builder.take();
    return builder.error();
  } catch (const Value::exception&) {
    return Error{ErrorCode::json, "not valid JSON", ""};
  }
}

Reader::Reader(const Value& value, std::string pointer, Problem& problem)
    : value_(value), pointer_(std::move(pointer)), problem_(problem) {
  if (!value_.is_object() && !problem_.first) problem_.first = Error{problem_.code, "must be an object", pointer_};
}

void Reader::fail(std::string_view key, std::string message) {
  if (problem_.first) return;
  problem_.first = Error{problem_.code, std::move(message), key.empty() ? pointer_ : pointer_ + "/" + token(key)};
}

const Value* Reader::find(std::string_view key, bool required) {
  seen_.emplace_back(key);
  if (!value_.is_object()) return nullptr;
  const auto at = value_.find(key);
  if (at != value_.end() && !at->is_null()) return &*at;
  if (required) fail(key, "is required");
  return nullptr;
}

bool Reader::has(std::string_view key) const {
  if (!value_.is_object()) return false;
  const auto at = value_.find(key);
  return at != value_.end() && !at->is_null();
}

std::optional<std::string> Reader::optional_text(std::string_view key) {
  const Value* found = find(key, false);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) {
    fail(key, "must be a string");
    return std::nullopt;
  }
  return found->get<std::string>();
}

std::string Reader::text(std::string_view key, std::string otherwise) {
  return optional_text(key).value_or(std::move(otherwise));
}

std::string Reader::required_text(std::string_view key) {
  if (find(key, true) == nullptr) return {};
  return text(key);
}

bool Reader::flag(std::string_view key, bool otherwise) {
  const Value* found = find(key, false);
  if (found == nullptr) return otherwise;
  if (!found->is_boolean()) {
    fail(key, "must be true or false");
    return otherwise;
  }
  return found->get<bool>();
}

double Reader::number(std::string_view key, double otherwise) {
  const Value* found = find(key, false);
  if (found == nullptr) return otherwise;
  if (!found->is_number() || !std::isfinite(found->get<double>())) {
    fail(key, "must be a number");
    return otherwise;
  }
  return found->get<double>();
}

std::uint64_t Reader::count(std::string_view key, std::uint64_t otherwise) {
  const Value* found = find(key, false);
  if (found == nullptr) return otherwise;
  if (!found->is_number_unsigned()) {
    fail(key, "must be a whole number of 0 or more");
    return otherwise;
  }
  return found->get<std::uint64_t>();
}

std::vector<std::string> Reader::texts(std::string_view key) {
  std::vector<std::string> out;
  const Value* found = find(key, false);
  if (found == nullptr) return out;
  if (!found->is_array()) {
    fail(key, "must be an array of strings");
    return out;
  }
  for (std::size_t i = 0; i < found->size(); ++i) {
    if (!(*found)[i].is_string()) {
      fail(std::string(key), "must be an array of strings");
      return out;
    }
    out.push_back((*found)[i].get<std::string>());
  }
  return out;
}

std::size_t Reader::one_of(std::string_view key, std::initializer_list<std::string_view> words, std::size_t otherwise) {
  const auto word = optional_text(key);
  if (!word) return otherwise;
  const auto at = std::find(words.begin(), words.end(), *word);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  std::string message = "must be one of";
  for (const auto allowed : words) message += " " + std::string(allowed);
  fail(key, message);
  return otherwise;
}

void Reader::object(std::string_view key, const std::function<void(Reader&)>& read) {
  const Value* found = find(key, false);
  if (found == nullptr) return;
  Reader inner(*found, pointer_ + "/" + token(key), problem_);
  if (!found->is_object()) return;
  read(inner);
  inner.finish();
}

void Reader::each(std::string_view key, const std::function<void(Reader&, std::size_t)>& read) {
  const Value* found = find(key, false);
  if (found == nullptr) return;
  if (!found->is_array()) {
    fail(key, "must be an array");
    return;
  }
  for (std::size_t i = 0; i < found->size() && !problem_.first; ++i) {
    Reader inner((*found)[i], pointer_ + "/" + token(key) + "/" + std::to_string(i), problem_);
    if (!(*found)[i].is_object()) return;
    read(inner, i);
    inner.finish();
  }
}

void Reader::entries(std::string_view key, const std::function<void(const std::string&, Reader&)>& read) {
  const Value* found = find(key, false);
  if (found == nullptr) return;
  if (!found->is_object()) {
    fail(key, "must be an object");
    return;
  }
  for (const auto& [name, value] : found->items()) {
    if (name.starts_with("//")) continue;
    Reader inner(value, pointer_ + "/" + token(key) + "/" + token(name), problem_);
    if (!value.is_object()) return;
    read(name, inner);
    inner.finish();
  }
}

void Reader::entry_texts(std::string_view key, const std::function<void(const std::string&, const std::string&)>& read) {
  const Value* found = find(key, false);
  if (found == nullptr) return;
  if (!found->is_object()) {
    fail(key, "must be an object of strings");
    return;
  }
  for (const auto& [name, value] : found->items()) {
    if (name.starts_with("//")) continue;
    if (!value.is_string()) {
      fail(key, "must be an object of strings");
      return;
    }
    read(name, value.get_ref<const std::string&>());
  }
}

void Reader::finish() {
  if (!value_.is_object()) return;
  for (const auto& [name, unused] : value_.items()) {
    if (name.starts_with("//")) continue;  // a comment, for files that people write
    if (std::find(seen_.begin(), seen_.end(), name) != seen_.end()) continue;
    if (problem_.unknown.size() < 50) problem_.unknown.push_back(pointer_ + "/" + token(name));
  }
}

}  // namespace phiscan::json

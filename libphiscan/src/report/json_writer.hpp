// JsonWriter: JSON straight into a string, keys in the order they are written, so that equal reports are equal bytes. A dense page has
// thousands of findings; building a tree of them would cost more than finding them. Nesting and commas are its only knowledge.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace phiscan::report {

class JsonWriter {
 public:
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  // `name` needs no escaping: it is ours.
  JsonWriter& key(std::string_view name) {
    comma();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    fresh_ = true;
    return *this;
  }
  // The same in one piece: a report holds some twenty keys for each finding.
  template <std::size_t N>
  JsonWriter& key(const char (&name)[N]) {
    std::array<char, N + 3> piece{',', '"'};
    std::copy_n(name, N - 1, piece.begin() + 2);
    piece[N + 1] = '"';
    piece[N + 2] = ':';
    const std::size_t skipped = fresh_ ? 1 : 0;
    out_.append(piece.data() + skipped, piece.size() - skipped);
    fresh_ = true;
    return *this;
  }
  // Members of an object as they are, keys and commas and all.
  void members(std::string_view json) { raw(json); }
  // One of our own words, which need no escaping either.
  void word(std::string_view value) {
    comma();
    out_ += '"';
    out_ += value;
    out_ += '"';
  }
  // Valid UTF-8 promised.
  void text(std::string_view value) {
    comma();
    out_ += '"';
    bool is_plain = true;  // no early end: eight or more at a time
    for (const char c : value) is_plain &= static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '"' && c != '\\';
    if (is_plain) {
      out_ += value;
      out_ += '"';
      return;
    }
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (c == '\n') {
        out_ += "\\n";
      } else if (byte < 0x20 || byte == 0x7F) {
        constexpr std::string_view hex = "0123456789abcdef";
        out_ += "\\u00";
        out_ += hex[byte >> 4U];
        out_ += hex[byte & 0xFU];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }
  void text_or_null(std::string_view value) { value.empty() ? null() : text(value); }
  void number(std::uint64_t value) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  // Two decimals, no more than needed: 1, 0.9, 0.93.
  void hundredths(double value) {
    const int n = value >= 1.0 ? 100 : value > 0.0 ? static_cast<int>(value * 100.0 + 0.5) : 0;
    if (n % 100 == 0) return raw(n == 0 ? "0" : "1");
    std::string digits = "0.";
    digits += static_cast<char>('0' + n / 10);
    if (n % 10 != 0) digits += static_cast<char>('0' + n % 10);
    raw(digits);
  }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void null() { raw("null"); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void comma() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  void raw(std::string_view value) {
    comma();
    out_ += value;
  }
  void open(char bracket) {
    comma();
    out_ += bracket;
    fresh_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    fresh_ = false;
  }

  std::string out_;
  bool fresh_ = true;  // nothing stands before the next value: no comma
};

}  // namespace phiscan::report

// JsonWriter: JSON straight into a string, keys in the order they are written, so that equal reports are equal bytes. A dense page has
// thousands of findings; building a tree of them would cost more than finding them. Nesting and commas are its only knowledge.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
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

  // `name` needs no escaping: it is ours. In one piece where it is a literal: a report holds some twenty keys for each finding.
  template <std::size_t N>
  JsonWriter& key(const char (&name)[N]) {
    char* at = room(N + 3);
    *at = ',';
    at += fresh_ ? 0 : 1;
    *at++ = '"';
    at = std::copy_n(name, N - 1, at);
    *at++ = '"';
    *at++ = ':';
    fresh_ = true;
    return wrote(at);
  }
  JsonWriter& key(std::string_view name) {
    word(name);
    put(':');
    fresh_ = true;
    return *this;
  }
  // JSON as it is: a value, or members with their keys and commas.
  void as_is(std::string_view json) {
    comma();
    put(json);
  }
  // The value for members that ended with a key.
  void as_value(std::string_view json) { put(json); }
  // One of our own words, which need no escaping either.
  void word(std::string_view value) {
    comma();
    put('"');
    put(value);
    put('"');
  }
  // Valid UTF-8 promised.
  void text(std::string_view value) {
    bool is_plain = true;  // no early end: eight or more at a time
    for (const char c : value) is_plain &= static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '"' && c != '\\';
    if (is_plain) return word(value);
    comma();
    put('"');
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        put('\\');
        put(c);
      } else if (c == '\n') {
        put("\\n");
      } else if (byte < 0x20 || byte == 0x7F) {
        constexpr std::string_view hex = "0123456789abcdef";
        put("\\u00");
        put(hex[byte >> 4U]);
        put(hex[byte & 0xFU]);
      } else {
        put(c);
      }
    }
    put('"');
  }
  void text_or_null(std::string_view value) { value.empty() ? null() : text(value); }
  void number(std::uint64_t value) {
    comma();
    constexpr std::size_t most_digits = 20;
    char* at = room(most_digits);
    wrote(std::to_chars(at, at + most_digits, value).ptr);
  }
  // 0 to 100.
  [[nodiscard]] static int rounded(double value) { return value >= 1.0 ? 100 : value > 0.0 ? static_cast<int>(value * 100.0 + 0.5) : 0; }
  // Two decimals, no more than needed: 1, 0.9, 0.93.
  void hundredths(double value) {
    const int n = rounded(value);
    if (n % 100 == 0) return as_is(n == 0 ? "0" : "1");
    const char digits[]{'0', '.', static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
    as_is({digits, n % 10 == 0 ? 3U : 4U});
  }
  void boolean(bool value) { as_is(value ? "true" : "false"); }
  void null() { as_is("null"); }
  [[nodiscard]] std::string take() {
    flush();
    return std::move(out_);
  }

 private:
  void comma() {
    if (!fresh_) put(',');
    fresh_ = false;
  }
  void open(char bracket) {
    comma();
    put(bracket);
    fresh_ = true;
  }
  void close(char bracket) {
    put(bracket);
    fresh_ = false;
  }

  // Room for so many bytes, fewer than the piece holds; wrote() says where they end.
  char* room(std::size_t bytes) {
    if (used_ + bytes > piece_.size()) flush();
    return piece_.data() + used_;
  }
  JsonWriter& wrote(const char* end) {
    used_ = static_cast<std::size_t>(end - piece_.data());
    return *this;
  }
  void put(char c) {
    *room(1) = c;
    ++used_;
  }
  void put(std::string_view bytes) {
    if (bytes.size() > piece_.size()) {
      flush();
      out_ += bytes;
      return;
    }
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    used_ += bytes.size();
  }
  void flush() {
    out_.append(piece_.data(), used_);
    used_ = 0;
  }

  std::string out_;
  std::array<char, 4096> piece_;  // written here first: a string asks for its size and its room at every byte
  std::size_t used_ = 0;
  bool fresh_ = true;  // nothing stands before the next value: no comma
};

}  // namespace phiscan::report

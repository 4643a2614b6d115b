#include "charset.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <iconv.h>
#include <map>
#include <optional>

namespace phiscan::extract {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// 0x80-0x9F of windows-1252; the five holes map to themselves as the WHATWG table has it.
constexpr std::array<std::uint16_t, 32> cp1252_high = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

void append_cp1252(std::string& out, unsigned char byte) {
  const std::uint32_t c = byte >= 0x80 && byte < 0xA0 ? cp1252_high[byte - 0x80U] : byte;
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0U | (c >> 6)));
    out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
  } else {
    out.push_back(static_cast<char>(0xE0U | (c >> 12)));
    out.push_back(static_cast<char>(0x80U | ((c >> 6) & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
  }
}

bool is_ascii(std::string_view bytes) {
  unsigned char any = 0;
  for (const char c : bytes) any = static_cast<unsigned char>(any | static_cast<unsigned char>(c));
  return any < 0x80;
}

std::string from_cp1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) append_cp1252(out, static_cast<unsigned char>(c));
  return out;
}

// The spellings of mail programs for what iconv knows under a wider name.
std::string iconv_name(const std::string& charset) {
  static const std::map<std::string, std::string, std::less<>> names = {
      {"gb2312", "gb18030"},       {"gbk", "gb18030"},          {"x-gbk", "gb18030"},       {"ks_c_5601-1987", "cp949"},
      {"euc-kr", "cp949"},         {"shift_jis", "cp932"},      {"shift-jis", "cp932"},     {"x-sjis", "cp932"},
      {"sjis", "cp932"},           {"iso-8859-9", "cp1254"},    {"iso-8859-11", "cp874"},   {"tis-620", "cp874"},
      {"iso-8859-8-i", "iso-8859-8"}, {"iso-8859-8-e", "iso-8859-8"}, {"iso-8859-6-i", "iso-8859-6"},
      {"unicode-1-1-utf-7", "utf-7"}, {"utf-16", "utf-16le"},   {"utf-32", "utf-32le"},     {"big5", "big5-hkscs"},
      {"x-mac-roman", "macintosh"}, {"unicode", "utf-16le"}};
  if (const auto it = names.find(charset); it != names.end()) return it->second;
  if (charset.starts_with("x-cp")) return charset.substr(2);
  if (charset.starts_with("windows-")) return "cp" + charset.substr(8);
  return charset;
}

bool is_charset_name(std::string_view name) {
  if (name.size() > 40) return false;
  for (const char c : name) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
    if (!fine) return false;
  }
  return !name.empty();
}

// The descriptor is good until the next call. Opened ones are kept: opening one reads tables from disk, and a sandbox may end that after start.
iconv_t descriptor(const std::string& charset) {
  static auto& open = *new std::map<std::string, iconv_t, std::less<>>; // never destroyed, so the descriptors stay owned
  if (const auto it = open.find(charset); it != open.end()) return it->second;
  const auto made = is_charset_name(charset) ? iconv_open("UTF-8", charset.c_str()) : reinterpret_cast<iconv_t>(-1);
  if (open.size() >= 64) { // more charsets than any mailbox has: someone is making them up
    for (const auto& [name, cd] : open)
      if (cd != reinterpret_cast<iconv_t>(-1)) iconv_close(cd);
    open.clear();
  }
  open.emplace(charset, made);
  return made;
}

std::optional<std::string> from_iconv(std::string_view bytes, const std::string& charset) {
  const iconv_t cd = descriptor(charset);
  if (cd == reinterpret_cast<iconv_t>(-1)) return {};
  iconv(cd, nullptr, nullptr, nullptr, nullptr);
  std::string out;
  out.reserve(bytes.size() * 3 / 2 + 16);
  std::array<char, 16384> buffer;
  char* in = const_cast<char*>(bytes.data()); // iconv's signature; it does not write there
  std::size_t left = bytes.size();
  const auto take = [&](char** source, std::size_t* count) {
    char* to = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t result = iconv(cd, source, count, &to, &room);
    const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
    out.append(buffer.data(), buffer.size() - room);
    return error;
  };
  std::size_t errors = 0;
  while (left > 0) {
    const int error = take(&in, &left);
    if (error == EILSEQ || error == EINVAL) {
      // Mostly wrong bytes: the declared charset is not the true one, and converting byte by byte is slow.
      if (++errors > 4096 && errors > (bytes.size() - left) / 4) return {};
      out.append(replacement);
      if (left > 0) ++in, --left;
    } else if (error != 0 && error != E2BIG) {
      break;
    }
  }
  take(nullptr, nullptr);
  return out;
}

// NUL becomes U+FFFD; CRLF and lone CR become LF. Most text has neither.
std::string tidy(std::string text) {
  if (text.find('\r') == std::string::npos && text.find('\0') == std::string::npos) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') {
      out.append(replacement);
    } else if (text[i] != '\r') {
      out.push_back(text[i]);
    } else {
      out.push_back('\n');
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
  }
  return out;
}

bool is_stateful(std::string_view charset) {
  return charset.starts_with("iso-2022") || charset.find("utf-7") != std::string_view::npos || charset.starts_with("hz") ||
         charset.starts_with("utf-16") || charset.starts_with("utf-32") || charset.starts_with("ucs-") || charset == "unicode" ||
         charset.starts_with("ebcdic") || charset.starts_with("ibm") || charset.starts_with("csiso2022");
}

// UTF-16 whatever the label says: a byte order mark, or Latin text with every other byte zero.
std::string_view sniff_utf16(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE")) return "utf-16le";
  if (bytes.starts_with("\xFE\xFF")) return "utf-16be";
  const std::size_t n = std::min<std::size_t>(bytes.size(), 512) & ~std::size_t{1};
  if (n < 16) return {};
  std::size_t even = 0;
  std::size_t odd = 0;
  for (std::size_t i = 0; i < n; i += 2) {
    if (bytes[i] == '\0') ++even;
    if (bytes[i + 1] == '\0') ++odd;
  }
  if (odd * 4 > n && even == 0) return "utf-16le";
  if (even * 4 > n && odd == 0) return "utf-16be";
  return {};
}

bool is_wide(std::string_view charset) {
  return charset.starts_with("utf-16") || charset.starts_with("utf-32") || charset.starts_with("ucs-") || charset == "unicode";
}

// Text of two or four bytes a character has zeros or bytes that are not UTF-8 in it, or no blank; a wrong label on plain text
// finds words instead.
bool looks_wide(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 4096);
  if (head.find('\0') != std::string_view::npos || head.find(' ') == std::string_view::npos) return true;
  std::size_t i = 0;
  while (const std::size_t n = utf8_length(head, i)) i += n;
  return head.size() - i >= 4; // less is a character cut at the end
}

Decoded decode(std::string_view bytes, const std::string& charset) {
  const bool undeclared = charset.empty() || charset == "us-ascii" || charset == "ascii" || charset == "unknown-8bit" ||
                          charset == "x-unknown" || charset == "unknown" || charset == "default" || charset == "binary" ||
                          charset == "ansi_x3.4-1968";
  const bool says_wide = is_wide(charset);
  if (!is_stateful(charset) || charset.starts_with("utf-16") || charset == "unicode") {
    if (const auto wide = sniff_utf16(bytes); !wide.empty()) return {from_iconv(bytes, std::string(wide)).value_or(""), false};
  }
  if (undeclared || (says_wide && !looks_wide(bytes)) || charset == "utf-8" || charset == "utf8" || charset == "unicode-1-1-utf-8" || bytes.starts_with("\xEF\xBB\xBF"))
    return {is_ascii(bytes) ? std::string(bytes) : repair_utf8(bytes), false};
  if (!is_stateful(charset) && is_ascii(bytes)) {
    const std::string name = iconv_name(charset);
    const bool known = charset == "windows-1252" || charset == "iso-8859-1" || descriptor(name) != reinterpret_cast<iconv_t>(-1);
    return {std::string(bytes), !known};
  }
  if (charset == "windows-1252" || charset == "iso-8859-1" || charset == "latin1" || charset == "cp1252" || charset == "x-ansi")
    return {from_cp1252(bytes), false};
  if (auto text = from_iconv(bytes, iconv_name(charset))) return {repair_utf8(*text), false};
  return {from_cp1252(bytes), true};
}

} // namespace

std::size_t utf8_length(std::string_view s, std::size_t i) {
  const auto at = [&](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U; };
  const auto tail = [&](std::size_t k) { return (at(k) & 0xC0U) == 0x80U; };
  const unsigned c = at(i);
  if (i >= s.size()) return 0;
  if (c < 0x80) return 1;
  if (c < 0xC2) return 0;
  if (c < 0xE0) return tail(i + 1) ? 2 : 0;
  if (c < 0xF0) {
    if (!tail(i + 1) || !tail(i + 2) || (c == 0xE0 && at(i + 1) < 0xA0) || (c == 0xED && at(i + 1) >= 0xA0)) return 0;
    return 3;
  }
  if (c > 0xF4 || !tail(i + 1) || !tail(i + 2) || !tail(i + 3)) return 0;
  if ((c == 0xF0 && at(i + 1) < 0x90) || (c == 0xF4 && at(i + 1) >= 0x90)) return 0;
  return 4;
}

std::string repair_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 16);
  std::size_t i = 0;
  while (i < bytes.size()) {
    std::size_t end = i;
    while (const std::size_t n = utf8_length(bytes, end)) end += n;
    out.append(bytes.substr(i, end - i));
    i = end;
    if (i < bytes.size()) append_cp1252(out, static_cast<unsigned char>(bytes[i++]));
  }
  return out;
}

Decoded to_utf8(std::string_view bytes, std::string_view declared_charset) {
  Decoded decoded = decode(bytes, lower_ascii(trim(declared_charset)));
  if (decoded.text.starts_with("\xEF\xBB\xBF")) decoded.text.erase(0, 3);
  decoded.text = tidy(std::move(decoded.text));
  return decoded;
}

std::string one_line(std::string_view text) {
  std::string out = tidy(repair_utf8(text));
  for (char& c : out)
    if (c == '\n') c = ' ';
  return std::string(trim(out));
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

} // namespace phiscan::extract

// Bytes of a mail to UTF-8: the declared charset, else UTF-8, else windows-1252. The results are always valid
// UTF-8 without NUL and with line feeds as the only line ends. Not thread-safe: conversion descriptors are kept.
#pragma once

#include <string>
#include <string_view>

namespace phiscan::extract {

struct Decoded {
  std::string text;
  bool unknown_charset = false; // read as windows-1252, worth a warning
};

[[nodiscard]] Decoded to_utf8(std::string_view bytes, std::string_view declared_charset);

// Keeps what is valid UTF-8 and reads every other byte as windows-1252: a Latin-1 sentence inside a UTF-8 mail stays legible.
[[nodiscard]] std::string repair_utf8(std::string_view bytes);

// For text that other code decoded: valid UTF-8, no NUL, no line ends at all (header values).
[[nodiscard]] std::string one_line(std::string_view text);

// Length of the valid UTF-8 sequence at `at`, 0 when there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view bytes, std::size_t at);

[[nodiscard]] std::string lower_ascii(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);

} // namespace phiscan::extract

// Mails for measuring, made from a seed: ordinary office mail, dense clinical notes (about the worst a real mail can be) and HTML as
// mail programs write it. People and numbers are invented; the same seed gives the same bytes everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace phiscan::bench {

enum class Kind : std::uint8_t { ordinary, clinical };
[[nodiscard]] const char* to_string(Kind kind);

// About `size` bytes, whole sentences.
[[nodiscard]] std::string text(Kind kind, std::size_t size, std::uint64_t seed);
// The same sentences in the markup of a mail program: styles, nested tables, entities, a quoted reply.
[[nodiscard]] std::string html(Kind kind, std::size_t size, std::uint64_t seed);
// phiscan.request/1 around one body.
[[nodiscard]] std::string request(const std::string& body, bool is_html);
// An RFC 5322 message of about `size` bytes, text only.
[[nodiscard]] std::string eml(Kind kind, std::size_t size, std::uint64_t seed);

}  // namespace phiscan::bench

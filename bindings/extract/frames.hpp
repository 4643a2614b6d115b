// The frames between a program and its extraction worker (FRAMES.md): an eight-byte header, then a bounded
// payload. Both sides use these functions and neither trusts the other; the reader is a fuzz target.
// Pure functions over bytes; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::extract {

// Why a part could not be read; the words of the contract. Values travel in frames and are never reused.
enum class Why : std::uint8_t {
  unsupported = 1,
  encrypted = 2,
  too_large = 3,
  timeout = 4,
  crashed = 5,
  no_sandbox = 6,
  unreadable = 7,
  pending = 8,
};

[[nodiscard]] std::string_view word(Why why);

// A place in the request that was not (fully) read: "body.text", "attachments/2", "headers", "message".
struct Gap {
  std::string part;
  Why why = Why::unreadable;
  friend bool operator==(const Gap&, const Gap&) = default;
};

} // namespace phiscan::extract

namespace phiscan::extract::frames {

inline constexpr std::uint8_t version = 1;
inline constexpr std::size_t header_size = 8;

enum class Type : std::uint8_t { mail = 1, request = 2, failure = 3 };

enum class Failure : std::uint8_t { unreadable = 1, too_large = 2, protocol = 3 };

struct Header {
  Type type = Type::mail;
  std::uint32_t length = 0;
  friend bool operator==(const Header&, const Header&) = default;
};

// The longest payload a frame of this type may announce.
[[nodiscard]] std::size_t max_length(Type type);

[[nodiscard]] std::array<char, header_size> encode(Header header);

// Nothing when magic, version, type or length are not ours.
[[nodiscard]] std::optional<Header> decode(std::string_view bytes);

// Payload of a `request` frame: the gaps, then the request JSON.
struct Reply {
  std::vector<Gap> gaps;
  std::string request_json;
  friend bool operator==(const Reply&, const Reply&) = default;
};

[[nodiscard]] std::string encode_reply(const Reply& reply);
[[nodiscard]] std::optional<Reply> decode_reply(std::string_view payload);

[[nodiscard]] std::string encode_failure(Failure failure);
[[nodiscard]] std::optional<Failure> decode_failure(std::string_view payload);

} // namespace phiscan::extract::frames

#include "frames.hpp"

#include "limits.hpp"

#include <algorithm>

namespace phiscan::extract {

std::string_view word(Why why) {
  switch (why) {
    case Why::unsupported: return "unsupported";
    case Why::encrypted: return "encrypted";
    case Why::too_large: return "too_large";
    case Why::timeout: return "timeout";
    case Why::crashed: return "crashed";
    case Why::no_sandbox: return "no_sandbox";
    case Why::unreadable: return "unreadable";
    case Why::pending: return "pending";
  }
  return "unreadable";
}

} // namespace phiscan::extract

namespace phiscan::extract::frames {
namespace {

constexpr std::size_t max_part_name = 255;

std::uint32_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

// Part names come from our own closed vocabulary; anything else is a broken worker.
bool is_part_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '_';
  });
}

} // namespace

std::size_t max_length(Type type) {
  switch (type) {
    case Type::mail: return limits::message_bytes;
    case Type::request: return limits::reply_bytes;
    case Type::failure: return 1;
  }
  return 0;
}

std::array<char, header_size> encode(Header header) {
  const auto byte = [&](unsigned shift) { return static_cast<char>((header.length >> shift) & 0xFFU); };
  return {'P', 'X', static_cast<char>(version), static_cast<char>(header.type), byte(0), byte(8), byte(16), byte(24)};
}

std::optional<Header> decode(std::string_view bytes) {
  if (bytes.size() < header_size || bytes[0] != 'P' || bytes[1] != 'X' || byte_at(bytes, 2) != version) return {};
  const std::uint32_t type = byte_at(bytes, 3);
  if (type < 1 || type > 3) return {};
  Header header{static_cast<Type>(type),
                byte_at(bytes, 4) | byte_at(bytes, 5) << 8 | byte_at(bytes, 6) << 16 | byte_at(bytes, 7) << 24};
  if (header.length > max_length(header.type)) return {};
  return header;
}

std::string encode_reply(const Reply& reply) {
  std::string out;
  out.reserve(reply.request_json.size() + 64);
  const std::size_t count = std::min(reply.gaps.size(), limits::reply_gaps);
  out.push_back(static_cast<char>(count & 0xFFU));
  out.push_back(static_cast<char>(count >> 8));
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view part = std::string_view(reply.gaps[i].part).substr(0, max_part_name);
    out.push_back(static_cast<char>(reply.gaps[i].why));
    out.push_back(static_cast<char>(part.size()));
    out.append(part);
  }
  out.append(reply.request_json);
  return out;
}

std::optional<Reply> decode_reply(std::string_view payload) {
  if (payload.size() < 2) return {};
  const std::size_t count = byte_at(payload, 0) | byte_at(payload, 1) << 8;
  if (count > limits::reply_gaps) return {};
  payload.remove_prefix(2);
  Reply reply;
  for (std::size_t i = 0; i < count; ++i) {
    if (payload.size() < 2) return {};
    const std::uint32_t why = byte_at(payload, 0);
    const std::size_t length = byte_at(payload, 1);
    payload.remove_prefix(2);
    if (why < 1 || why > 8 || payload.size() < length) return {};
    const std::string_view part = payload.substr(0, length);
    if (!is_part_name(part)) return {};
    reply.gaps.push_back({std::string(part), static_cast<Why>(why)});
    payload.remove_prefix(length);
  }
  if (payload.empty() || payload.front() != '{' || payload.back() != '}') return {};
  reply.request_json = payload;
  return reply;
}

std::string encode_failure(Failure failure) { return std::string(1, static_cast<char>(failure)); }

std::optional<Failure> decode_failure(std::string_view payload) {
  if (payload.size() != 1) return {};
  const std::uint32_t code = byte_at(payload, 0);
  if (code < 1 || code > 3) return {};
  return static_cast<Failure>(code);
}

} // namespace phiscan::extract::frames

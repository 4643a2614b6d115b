// Any bytes as frames, from both sides: what a worker might say to us, and what might be said to a worker.
#include "frames.hpp"
#include "serve.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

using namespace phiscan::extract;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto header = frames::decode(bytes); header && header->length > frames::max_length(header->type)) std::abort();
  if (const auto reply = frames::decode_reply(bytes); reply && frames::encode_reply(*reply) != bytes) std::abort();
  static_cast<void>(frames::decode_failure(bytes));

  std::size_t at = 0;
  std::string output;
  const Channel channel{[&](char* to, std::size_t count) {
                          if (bytes.size() - at < count) return false;
                          std::memcpy(to, bytes.data() + at, count);
                          at += count;
                          return true;
                        },
                        [&](std::string_view out) {
                          output.append(out);
                          return true;
                        },
                        [](bool) {}};
  // A header may promise 64 MiB that never come; that much memory is in the protocol, but not in every run of a fuzzer.
  if (const auto header = frames::decode(bytes); header && header->length > size) return 0;
  static_cast<void>(serve(channel));
  // Whatever was answered is itself a sequence of good frames.
  for (std::string_view rest = output; !rest.empty();) {
    const auto header = frames::decode(rest);
    if (!header || header->length > rest.size() - frames::header_size) std::abort();
    rest.remove_prefix(frames::header_size + header->length);
  }
  return 0;
}

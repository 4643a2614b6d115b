#include "serve.hpp"

#include "frames.hpp"
#include "mail.hpp"
#include "request.hpp"

#include <array>
#include <string>

namespace phiscan::extract {
namespace {

bool send(const Channel& channel, frames::Type type, std::string_view payload) {
  const auto header = frames::encode({type, static_cast<std::uint32_t>(payload.size())});
  return channel.write({header.data(), header.size()}) && channel.write(payload);
}

bool fail(const Channel& channel, frames::Failure failure) {
  return send(channel, frames::Type::failure, frames::encode_failure(failure));
}

bool answer(const Channel& channel, std::string_view bytes) {
  const std::optional<Mail> mail = read_mail(bytes);
  if (!mail) return fail(channel, frames::Failure::unreadable);
  const std::string reply = frames::encode_reply({all_gaps(*mail), request_json(*mail)});
  if (reply.size() > frames::max_length(frames::Type::request)) return fail(channel, frames::Failure::too_large);
  return send(channel, frames::Type::request, reply);
}

// One mail's bytes must not be found in memory while the next one is read.
void wipe(std::string& bytes) {
  volatile char* at = bytes.data();
  for (std::size_t i = 0; i < bytes.size(); ++i) at[i] = 0;
}

} // namespace

int serve(const Channel& channel) {
  std::array<char, frames::header_size> head;
  while (channel.read(head.data(), head.size())) {
    const auto header = frames::decode({head.data(), head.size()});
    if (!header || header->type != frames::Type::mail) {
      const bool is_ours = head[0] == 'P' && head[1] == 'X' && head[3] == static_cast<char>(frames::Type::mail);
      static_cast<void>(fail(channel, is_ours && !header ? frames::Failure::too_large : frames::Failure::protocol));
      return 1;
    }
    std::string bytes(header->length, '\0');
    if (!channel.read(bytes.data(), bytes.size())) return 1;
    channel.busy(true);
    const bool sent = answer(channel, bytes);
    wipe(bytes);
    channel.busy(false);
    if (!sent) return 1;
  }
  return 0;
}

} // namespace phiscan::extract

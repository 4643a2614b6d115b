// A worker that does what a mail asks of it: hang, die, talk nonsense, answer by halves, answer twice. Tests only.
#include "frames.hpp"

#include <csignal>
#include <string>
#include <unistd.h>

using namespace phiscan::extract;

namespace {

bool read_all(char* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = read(0, to, size);
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

void say(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(1, bytes.data(), bytes.size());
    if (put <= 0) _exit(1);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

std::string frame(frames::Type type, const std::string& payload) {
  const auto header = frames::encode({type, static_cast<std::uint32_t>(payload.size())});
  return std::string(header.data(), header.size()) + payload;
}

} // namespace

int main() {
  char head[frames::header_size];
  while (read_all(head, sizeof head)) {
    const auto header = frames::decode({head, sizeof head});
    if (!header) return 1;
    std::string mail(header->length, '\0');
    if (!read_all(mail.data(), mail.size())) return 1;
    const std::string good = frame(frames::Type::request, frames::encode_reply({{}, "{}"}));
    if (mail == "hang") {
      for (;;) pause();
    } else if (mail == "die") {
      std::raise(SIGKILL);
    } else if (mail == "nonsense") {
      say("this is not a frame at all");
    } else if (mail == "half") {
      say(good.substr(0, good.size() - 1));
      return 0;
    } else if (mail == "half and hang") {
      say(good.substr(0, good.size() - 1));
      for (;;) pause();
    } else if (mail == "bad reply") {
      say(frame(frames::Type::request, "\xFF\xFF{}"));
    } else if (mail == "echo") {
      say(frame(frames::Type::mail, mail));
    } else if (mail == "protocol") {
      say(frame(frames::Type::failure, frames::encode_failure(frames::Failure::protocol)));
    } else if (mail == "twice") {
      say(good + good);
    } else {
      say(good);
    }
  }
  return 0;
}

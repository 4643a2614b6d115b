#include "stdio.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "limits.hpp"

namespace phiscan::host {
namespace {

using system::Read;

// Answers to what cannot be taken apart at all.
constexpr std::string_view too_long = R"({"v":1,"id":null,"type":null,"ok":false,"error":{"code":"too_large","where":"","message":"a frame has at most 32 MiB"}})";
constexpr std::string_view not_frames =
    R"({"v":1,"id":null,"type":null,"ok":false,"error":{"code":"bad_frame","where":"","message":"this is no stream of native messages; the host ends"}})";

class Out {
 public:
  explicit Out(Framing framing) : framing_(framing) {}

  // A reader that has gone away ends the host.
  void write(std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (is_gone_) return;
    std::string frame;
    frame.reserve(text.size() + 4);
    if (framing_ == Framing::native) {
      const auto size = static_cast<std::uint32_t>(text.size());
      frame.append(reinterpret_cast<const char*>(&size), sizeof size);
    }
    frame += text;
    if (framing_ == Framing::lines) frame += '\n';
    if (system::write_out(frame)) return;
    is_gone_ = true;
    system::stop();
  }

 private:
  const Framing framing_;
  std::mutex mutex_;
  bool is_gone_ = false;
};

Read skip(std::size_t size) {
  char piece[65536];
  while (size > 0) {
    const auto now = std::min(size, sizeof piece);
    if (const auto read = system::read_in(piece, now); read != Read::done) return Read::broken;
    size -= now;
  }
  return Read::done;
}

Read read_frame(std::string& frame, Out& out) {
  std::uint32_t size = 0;
  while (true) {
    if (const auto read = system::read_in(reinterpret_cast<char*>(&size), sizeof size); read != Read::done) return read;
    if (size <= limits::frame_bytes) break;
    out.write(size > limits::skipped_bytes ? not_frames : too_long);
    if (size > limits::skipped_bytes || skip(size) != Read::done) return Read::broken;
  }
  frame.assign(size, '\0');
  const auto read = size == 0 ? Read::done : system::read_in(frame.data(), size);
  return read == Read::end ? Read::broken : read;
}

Read read_line(std::string& line, std::string& ahead, Out& out) {
  line.clear();
  while (true) {
    if (const auto end = ahead.find('\n'); end != std::string::npos) {
      line = ahead.substr(0, end);
      ahead.erase(0, end + 1);
      if (line.find_first_not_of(" \t\r") != std::string::npos) return Read::done;
      continue;
    }
    if (ahead.size() > limits::frame_bytes) {
      out.write(too_long);
      return Read::broken;
    }
    char c = 0;
    if (const auto read = system::read_in(&c, 1); read != Read::done) return read;
    ahead += c;
  }
}

}  // namespace

int serve_stdio(Host& host, Framing framing) {
  Out out(framing);
  const Session session{system::user_id(), "stdio"};
  std::string request, ahead;
  Read read = Read::done;
  while (true) {
    read = framing == Framing::native ? read_frame(request, out) : read_line(request, ahead, out);
    if (read != Read::done) break;
    host.submit(request, session, [&out](std::string text, bool) { out.write(text); });
    std::string().swap(request);
  }
  // What is nearly done may still be said; then the process goes, whatever its threads are doing. Nothing it holds needs an orderly end.
  // A person who piped some lines in still reads: there it waits for the answers.
  if (read == Read::end) (void)host.settle(framing == Framing::lines ? limits::longest_deadline : limits::farewell);
  host.abandon();
  system::leave(read == Read::broken ? 1 : 0);
}

}  // namespace phiscan::host

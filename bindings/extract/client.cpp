#include "client.hpp"

#include <array>
#include <utility>

namespace phiscan::extract {

std::string_view word(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::timeout: return "timeout";
    case Status::crashed: return "crashed";
    case Status::too_large: return "too_large";
    case Status::unreadable: return "unreadable";
    case Status::not_started: return "not_started";
  }
  return "crashed";
}

std::string_view message(Status status) {
  switch (status) {
    case Status::ok: return "the mail was read";
    case Status::timeout: return "reading the mail took too long";
    case Status::crashed: return "the mail reader stopped while reading this mail";
    case Status::too_large: return "the mail is too large to read";
    case Status::unreadable: return "there is no mail here: no headers and no text";
    case Status::not_started: return "the mail reader phiscan-extract could not be started";
  }
  return "the mail could not be read";
}

Worker::Worker(WorkerOptions options) : options_(std::move(options)) {
  if (options_.program.empty()) options_.program = program_folder() / "phiscan-extract";
}

Status Worker::start() {
  if (process_ && process_->is_idle()) return Status::ok;
  // It may have died since the last mail, or left an answer that belongs to no mail: begin afresh.
  if (process_) process_->kill();
  process_ = Process::start(options_.program, options_.stderr_fd);
  return process_ ? Status::ok : Status::not_started;
}

Result Worker::extract(std::string_view mail, std::chrono::milliseconds allowed) {
  const auto deadline = Clock::now() + allowed;
  if (mail.size() > limits::message_bytes) return {Status::too_large, {}, {}};
  if (const Status started = start(); started != Status::ok) return {started, {}, {}};
  frames::Reply reply;
  const Status status = exchange(mail, deadline, reply);
  return {status, std::move(reply.request_json), std::move(reply.gaps)};
}

Status Worker::give_up(Io io) {
  process_->kill();
  process_.reset();
  return io == Io::timeout ? Status::timeout : Status::crashed;
}

Status Worker::exchange(std::string_view mail, Clock::time_point deadline, frames::Reply& reply) {
  const auto header = frames::encode({frames::Type::mail, static_cast<std::uint32_t>(mail.size())});
  Io io = process_->write({header.data(), header.size()}, deadline);
  if (io == Io::done) io = process_->write(mail, deadline);
  std::array<char, frames::header_size> head{};
  if (io == Io::done) io = process_->read(head.data(), head.size(), deadline);
  if (io != Io::done) return give_up(io);

  const auto answer = frames::decode({head.data(), head.size()});
  if (!answer || answer->type == frames::Type::mail) return give_up(Io::closed);
  std::string payload(answer->length, '\0');
  io = process_->read(payload.data(), payload.size(), deadline);
  if (io != Io::done) return give_up(io);

  if (answer->type == frames::Type::failure) {
    const auto failure = frames::decode_failure(payload);
    if (failure == frames::Failure::unreadable) return Status::unreadable;
    if (failure == frames::Failure::too_large) return Status::too_large;
    return give_up(Io::closed);
  }
  auto decoded = frames::decode_reply(payload);
  if (!decoded) return give_up(Io::closed);
  reply = std::move(*decoded);
  return Status::ok;
}

} // namespace phiscan::extract

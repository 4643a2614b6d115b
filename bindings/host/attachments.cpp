#include "attachments.hpp"

#include <client.hpp>

#include <algorithm>

#include "digest.hpp"
#include "limits.hpp"

namespace phiscan::host {
namespace {

// "text/csv" or "text/plain; charset=iso-8859-1"; anything else is no header for a mail.
std::string media_type_or_none(const std::string& text) {
  const auto is_token = [](std::string_view word) {
    return !word.empty() && word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-") == std::string_view::npos;
  };
  const std::string_view view = text;
  const auto semicolon = view.find(';');
  auto type = view.substr(0, semicolon);
  while (type.ends_with(' ')) type.remove_suffix(1);
  const auto slash = type.find('/');
  if (slash == std::string_view::npos || !is_token(type.substr(0, slash)) || !is_token(type.substr(slash + 1))) return "application/octet-stream";
  if (type.starts_with("multipart/")) return "application/octet-stream";  // would be walked as a part of our wrapping
  std::string out(type);
  if (semicolon != std::string_view::npos) {
    auto rest = view.substr(semicolon + 1);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (rest.starts_with("charset=")) {
      rest.remove_prefix(8);
      if (rest.size() > 2 && rest.front() == '"' && rest.back() == '"') rest = rest.substr(1, rest.size() - 2);
      if (is_token(rest)) out += "; charset=" + std::string(rest);
    }
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '.' || byte == '-' || byte == '_';
    if (is_plain) out += c;
    else out.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 15U]);
  }
  return out;
}

// The extractor reads mails: the attachment travels as the only one of a mail without words.
std::string wrapped(const Chunk& facts, const std::string& bytes) {
  const auto type = media_type_or_none(facts.media_type);
  const auto key = random_key();
  const auto boundary = "=_" + hex({reinterpret_cast<const char*>(key.data()), 16});
  const bool is_mail = type.starts_with("message/");  // RFC 2046 allows no base64 there
  std::string out = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary +
                    "\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\r\n--" + boundary + "\r\nContent-Type: " + type +
                    "\r\nContent-Disposition: attachment; filename*=UTF-8''" + percent_encoded(std::string_view(facts.name).substr(0, 1000)) +
                    "\r\nContent-Transfer-Encoding: " + (is_mail ? "8bit" : "base64") + "\r\n\r\n";
  if (is_mail) out.append(bytes).append("\r\n");
  else out += encode_base64(bytes, 76);
  return out + "--" + boundary + "--\r\n";
}

std::shared_ptr<AttachmentText> unread(std::string_view why) {
  auto out = std::make_shared<AttachmentText>();
  out->unread = why;
  return out;
}

std::shared_ptr<AttachmentText> read(extract::Worker& worker, const Chunk& facts, const std::string& bytes) {
  const auto result = worker.extract(wrapped(facts, bytes), limits::extraction);
  switch (result.status) {
    case extract::Status::ok: break;
    case extract::Status::timeout: return unread("timeout");
    case extract::Status::too_large: return unread("too_large");
    case extract::Status::not_started: return unread("no_sandbox");
    case extract::Status::unreadable: return unread("unreadable");
    case extract::Status::crashed: return unread("crashed");
  }
  const auto mail = Json::parse(result.request_json, nullptr, false);
  const auto list = mail.is_object() ? mail.find("attachments") : mail.end();
  if (!mail.is_object() || list == mail.end() || !list->is_array() || list->size() != 1) return unread("unreadable");
  auto out = std::make_shared<AttachmentText>();
  const auto& one = list->front();
  if (const auto why = one.find("unread"); why != one.end() && why->is_string()) out->unread = why->get<std::string>();
  // "message" and "headers" are about the wrapping as a whole: something inside was cut off.
  for (const auto& gap : result.gaps) {
    if (out->unread.empty() && !gap.part.starts_with("attachments/")) out->unread = extract::word(gap.why);
  }
  if (const auto parts = one.find("text_parts"); parts != one.end() && parts->is_array()) {
    for (const auto& part : *parts) out->parts.push_back({part.value("where", ""), part.value("text", "")});
  }
  if (out->size() > limits::text_memory_bytes / 2) return unread("too_large");
  return out;
}

}  // namespace

std::size_t AttachmentText::size() const {
  std::size_t out = 256;
  for (const auto& part : parts) out += part.where.size() + part.text.size() + 64;
  return out;
}

Attachments::Attachments(std::filesystem::path extractor) : extractor_(std::move(extractor)) {}

Attachments::~Attachments() { abandon(); }

void Attachments::abandon() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  work_.notify_all();
  system::kill_process(child_.exchange(-1));
}

Attachments::Found Attachments::find(const std::string& user, const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  const Name name{user, sha256};
  if (const auto at = known_.find(name); at != known_.end()) {
    recent_.splice(recent_.begin(), recent_, at->second);
    return {Known::ready, at->second->text};
  }
  const auto is_it = [&](const std::shared_ptr<Task>& task) { return task && task->name == name; };
  if (uploads_.contains(name) || is_it(current_) || std::any_of(tasks_.begin(), tasks_.end(), is_it)) return {Known::arriving, nullptr};
  return {};
}

void Attachments::drop_idle_uploads() {
  const auto now = system::Clock::now();
  std::erase_if(uploads_, [&](const auto& one) { return now - one.second.touched > limits::upload_idle; });
}

Attachments::Receipt Attachments::add(const std::string& user, Chunk chunk, Done done) {
  const auto wrong = [](std::string code, std::string where, std::string message) { return Receipt{0, false, Problem{std::move(code), std::move(where), std::move(message)}}; };
  const Name name{user, chunk.sha256};
  std::unique_lock lock(mutex_);
  drop_idle_uploads();
  if (const auto at = known_.find(name); at != known_.end()) {
    auto text = at->second->text;
    lock.unlock();
    done(std::move(text));
    return {chunk.count, true, std::nullopt};
  }
  auto at = uploads_.find(name);
  if (chunk.index == 0) {
    // A first chunk begins afresh, whatever came before.
    if (at != uploads_.end()) uploads_.erase(at);
    std::size_t mine = 0, total = 0;
    for (const auto& [other, upload] : uploads_) {
      mine += other.first == user ? 1 : 0;
      total += upload.first.size;
    }
    if (mine >= limits::upload_count || total + chunk.size > limits::upload_total_bytes) return wrong("busy", "", "too many uploads at the same time; try again later");
    at = uploads_.emplace(name, Upload{}).first;
    at->second.first = chunk;
    at->second.first.data.clear();
  }
  if (at == uploads_.end()) return wrong("out_of_order", "/index", "this upload is not known; begin with index 0");
  auto& upload = at->second;
  upload.touched = system::Clock::now();
  if (chunk.size != upload.first.size || chunk.count != upload.first.count) return wrong("bad_request", chunk.size != upload.first.size ? "/size" : "/count", "must be the same in every chunk");
  if (chunk.index != upload.received) return wrong("out_of_order", "/index", "the next one is " + std::to_string(upload.received));
  if (upload.bytes.size() + chunk.data.size() > upload.first.size) {
    uploads_.erase(at);
    return wrong("too_large", "/data", "more bytes than size says; the upload was dropped");
  }
  upload.bytes += chunk.data;
  ++upload.received;
  if (upload.received < upload.first.count) return {upload.received, false, std::nullopt};

  auto task = std::make_shared<Task>(Task{name, std::move(upload.first), std::move(upload.bytes), {}});
  uploads_.erase(at);
  if (task->bytes.size() != task->facts.size) return wrong("bad_request", "/size", "fewer bytes than size says; the upload was dropped");
  if (sha256_hex(task->bytes) != task->facts.sha256) return wrong("digest_mismatch", "/sha256", "the bytes have another digest; the upload was dropped");
  task->done.push_back(std::move(done));
  tasks_.push_back(std::move(task));
  if (!reader_.joinable()) reader_ = std::jthread([this] { read_all(); });
  work_.notify_one();
  return {chunk.count, true, std::nullopt};
}

void Attachments::read_all() {
  extract::Worker worker({extractor_, -1});
  while (true) {
    std::shared_ptr<Task> task;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [&] { return over_ || !tasks_.empty(); });
      if (over_) break;
      task = tasks_.front();
      tasks_.pop_front();
      current_ = task;
    }
    std::shared_ptr<const AttachmentText> text;
    if (worker.start() == extract::Status::ok) {
      child_ = worker.child();
      text = read(worker, task->facts, task->bytes);
    } else {
      text = unread("no_sandbox");
    }
    std::string().swap(task->bytes);
    {
      const std::lock_guard lock(mutex_);
      current_.reset();
      if (over_) break;
      keep(task->name, text);
    }
    for (const auto& done : task->done) done(text);
  }
  child_ = -1;
}

void Attachments::keep(const Name& name, std::shared_ptr<const AttachmentText> text) {
  bytes_ += text->size();
  recent_.push_front({name, std::move(text)});
  known_[name] = recent_.begin();
  while (bytes_ > limits::text_memory_bytes && recent_.size() > 1) {
    bytes_ -= recent_.back().text->size();
    known_.erase(recent_.back().name);
    recent_.pop_back();
  }
}

Attachments::Figures Attachments::figures() {
  const std::lock_guard lock(mutex_);
  drop_idle_uploads();
  return {recent_.size(), bytes_, uploads_.size(), tasks_.size() + (current_ ? 1 : 0)};
}

void Attachments::forget(const std::string& user) {
  const std::lock_guard lock(mutex_);
  std::erase_if(uploads_, [&](const auto& one) { return one.first.first == user; });
  for (auto at = recent_.begin(); at != recent_.end();) {
    if (at->name.first != user) {
      ++at;
      continue;
    }
    bytes_ -= at->text->size();
    known_.erase(at->name);
    at = recent_.erase(at);
  }
}

}  // namespace phiscan::host

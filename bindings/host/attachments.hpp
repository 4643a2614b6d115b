// Attachments on their way in and their texts. Bytes come in chunks, are checked against their digest, go to phiscan-extract on a thread
// of their own, and are wiped; only the texts stay, in memory, up to a limit, known to nobody but the user who sent them. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "json.hpp"
#include "system.hpp"

namespace phiscan::host {

struct AttachmentText {
  struct Part {
    std::string where, text;
  };
  std::vector<Part> parts;
  std::string unread;  // a word of the contract, or empty
  [[nodiscard]] std::size_t size() const;
};

struct Chunk {
  std::string sha256, name, media_type;
  std::size_t size = 0, index = 0, count = 0;
  std::string data;    // decoded
};

class Attachments {
 public:
  // `extractor` empty: phiscan-extract beside the running program.
  explicit Attachments(std::filesystem::path extractor);
  ~Attachments();

  enum class Known { unknown, arriving, ready };
  struct Found {
    Known known = Known::unknown;
    std::shared_ptr<const AttachmentText> text;  // when ready
  };
  [[nodiscard]] Found find(const std::string& user, const std::string& sha256);

  struct Receipt {
    std::size_t received = 0;                    // chunks so far
    bool complete = false;                       // all there: `done` will be called, once, from another thread or at once
    std::optional<Problem> problem;
  };
  using Done = std::function<void(std::shared_ptr<const AttachmentText>)>;
  [[nodiscard]] Receipt add(const std::string& user, Chunk chunk, Done done);

  struct Figures {
    std::size_t kept = 0, bytes = 0, uploads = 0, reading = 0;
  };
  [[nodiscard]] Figures figures();
  void forget(const std::string& user);
  // Ends a reading that may be under way, without waiting for it.
  void abandon();

 private:
  using Name = std::pair<std::string, std::string>;  // user, sha256
  struct Upload {
    Chunk first;
    std::string bytes;
    std::size_t received = 0;
    system::Clock::time_point touched;
  };
  struct Task {
    Name name;
    Chunk facts;
    std::string bytes;
    std::vector<Done> done;
  };
  struct Kept {
    Name name;
    std::shared_ptr<const AttachmentText> text;
  };

  void drop_idle_uploads();
  void keep(const Name& name, std::shared_ptr<const AttachmentText> text);
  void read_all();

  std::mutex mutex_;
  std::condition_variable work_;
  std::map<Name, Upload> uploads_;
  std::deque<std::shared_ptr<Task>> tasks_;
  std::shared_ptr<Task> current_;
  std::list<Kept> recent_;  // front: used last
  std::map<Name, std::list<Kept>::iterator> known_;
  std::size_t bytes_ = 0;
  bool over_ = false;
  std::atomic<long> child_ = -1;
  const std::filesystem::path extractor_;
  std::jthread reader_;
};

}  // namespace phiscan::host

// Where mails come from: files, mailboxes, folders, requests, standard input; handed out one by one, in order, without reading ahead.
// A mailbox is read as a stream; a mail in a file of its own is named only, and read by whoever scans it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine.hpp"

namespace phiscan::cli {

enum class Form { automatic, eml, mbox, request, jsonl };
[[nodiscard]] Form form_of(std::string_view word);

struct Item {
  std::string source;            // the path as given, or "-"
  std::size_t index = 0;         // position inside that source
  bool is_request = false;       // JSON for the engine; otherwise a mail for the extractor
  std::string bytes;
  std::filesystem::path file;    // not empty: bytes are still to be read (load)
  std::optional<Failure> failure;
  std::uintmax_t size = 0;       // share of the progress

  // Reads `file`. Reads a little more than any limit, so that what is too large is seen as such.
  void load();
};

class Sources {
 public:
  Sources(std::vector<std::string> paths, Form form);

  [[nodiscard]] bool next(Item& item);

  // Of all files; nothing with standard input.
  [[nodiscard]] std::optional<std::uintmax_t> total_bytes() const { return total_; }

 private:
  struct Entry {
    std::filesystem::path path;
    std::string name;
    std::optional<Failure> failure;
  };
  void add(const std::string& path);
  void add_folder(const std::string& path);
  [[nodiscard]] bool open(const Entry& entry, Item& item);  // true when `item` is filled already
  [[nodiscard]] bool next_of_mailbox(Item& item);
  [[nodiscard]] bool next_of_lines(Item& item);

  Form form_;
  std::vector<Entry> entries_;
  std::size_t at_ = 0;
  std::optional<std::uintmax_t> total_ = 0;

  // The stream that is being cut up: a mailbox or lines.
  Form cutting_ = Form::automatic;
  std::ifstream file_;
  std::istream* stream_ = nullptr;
  std::string name_;
  std::string line_;      // read ahead
  bool has_line_ = false;
  std::size_t index_ = 0;
};

}  // namespace phiscan::cli

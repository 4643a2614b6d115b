#include "sources.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace phiscan::cli {
namespace fs = std::filesystem;
namespace {

// Larger than the extractor and the engine accept: they say "too large", we only keep memory bounded.
constexpr std::size_t most_mail = (std::size_t{64} << 20) + 1;
constexpr std::size_t most_request = (std::size_t{256} << 20) + 1;
constexpr std::string_view blank = " \t\r\n";

Failure not_found() { return {"not_found", "", "there is no such file or folder"}; }
Failure not_readable() { return {"not_readable", "", "cannot be read; check its permissions"}; }
Failure empty() { return {"empty", "", "the file is empty"}; }
Failure no_mail() { return {"no_mail", "", "no mail in this folder: looked for *.eml, mailboxes (mbox) and Maildir"}; }

std::string ending_of(const fs::path& path) {
  auto ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c); });
  return ending;
}

bool begins_a_mail(std::string_view line) { return line.starts_with("From "); }

bool is_blank(std::string_view line) { return line.find_first_not_of(blank) == std::string_view::npos; }

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

// What a stream is, by its first line.
Form guess(std::string_view line) {
  if (begins_a_mail(line)) return Form::mbox;
  const auto text = without_mark(line);
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos || text[first] != '{') return Form::eml;
  // A whole object in the first line: one request per line. The same holds for one request without line breaks.
  return nlohmann::json::accept(text) ? Form::jsonl : Form::request;
}

// A file of a folder, by its place, its name, then its beginning. Others (.json beside the mails, images) are not mail.
bool is_mail_file(const fs::path& path) {
  const auto folder = path.parent_path().filename();
  if (folder == "cur" || folder == "new") {
    std::error_code error;
    if (fs::is_directory(path.parent_path().parent_path() / "cur", error)) return true;
  }
  const auto ending = ending_of(path);
  if (ending == ".eml" || ending == ".mbox") return true;
  if (!ending.empty() && ending != ".mbx") return false;
  std::ifstream in(path, std::ios::binary);
  char head[5] = {};
  in.read(head, sizeof head);
  return in.gcount() == 5 && begins_a_mail({head, 5});
}

void read_rest(std::istream& in, std::string& to, std::size_t most) {
  constexpr std::size_t step = std::size_t{1} << 16;
  while (in && to.size() < most) {
    const auto old = to.size();
    to.resize(old + std::min(step, most - old));
    in.read(to.data() + old, static_cast<std::streamsize>(to.size() - old));
    to.resize(old + static_cast<std::size_t>(in.gcount()));
  }
}

}  // namespace

Form form_of(std::string_view word) {
  if (word == "eml") return Form::eml;
  if (word == "mbox") return Form::mbox;
  if (word == "request") return Form::request;
  if (word == "jsonl") return Form::jsonl;
  return Form::automatic;
}

void Item::load() {
  if (file.empty() || failure) return;
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) {
    failure = not_readable();
    return;
  }
  std::error_code error;
  const auto known = fs::file_size(file, error);
  const auto most = is_request ? most_request : most_mail;
  if (!error) {
    bytes.resize(static_cast<std::size_t>(std::min<std::uintmax_t>(known, most)));
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  } else {
    read_rest(in, bytes, most);
  }
  if (in.bad()) failure = not_readable();
  else if (is_blank(bytes)) failure = empty();
}

Sources::Sources(std::vector<std::string> paths, Form form) : form_(form) {
  for (const auto& path : paths) add(path);
}

void Sources::add(const std::string& path) {
  std::error_code error;
  if (path == "-") {
    entries_.push_back({{}, "-", std::nullopt});
    total_.reset();
  } else if (!fs::exists(path, error)) {
    entries_.push_back({path, path, not_found()});
  } else if (fs::is_directory(path, error)) {
    add_folder(path);
  } else {
    entries_.push_back({path, path, std::nullopt});
    if (!fs::is_regular_file(path, error)) total_.reset();
    else if (total_) *total_ += fs::file_size(path, error);
  }
}

void Sources::add_folder(const std::string& path) {
  std::error_code error;
  std::vector<fs::path> found;
  auto walk = fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    std::error_code ignored;
    if (walk->is_regular_file(ignored) && is_mail_file(walk->path())) found.push_back(walk->path());
  }
  if (error) entries_.push_back({path, path, not_readable()});
  else if (found.empty()) entries_.push_back({path, path, no_mail()});
  std::sort(found.begin(), found.end());
  for (auto& file : found) {
    if (total_) *total_ += fs::file_size(file, error);
    entries_.push_back({file, file.string(), std::nullopt});
  }
}

bool Sources::open(const Entry& entry, Item& item) {
  const bool is_input = entry.name == "-";
  item.source = entry.name;
  item.failure = entry.failure;
  if (item.failure) return true;

  auto form = form_;
  const auto ending = ending_of(entry.path);
  if (form == Form::automatic && ending == ".eml") form = Form::eml;
  if (form == Form::automatic && ending == ".json") form = Form::request;
  if (form == Form::automatic && ending == ".jsonl") form = Form::jsonl;
  if (!is_input && (form == Form::eml || form == Form::request)) {
    std::error_code error;
    item.file = entry.path;
    item.is_request = form == Form::request;
    item.size = fs::file_size(entry.path, error);
    return true;
  }

  if (is_input) {
    stream_ = &std::cin;
  } else {
    file_ = std::ifstream(entry.path, std::ios::binary);
    if (!file_.is_open()) {
      item.failure = not_readable();
      return true;
    }
    stream_ = &file_;
  }
  name_ = entry.name;
  index_ = 0;
  has_line_ = static_cast<bool>(std::getline(*stream_, line_));
  if (!has_line_) {
    item.failure = empty();
    stream_ = nullptr;
    return true;
  }
  if (form == Form::automatic) form = guess(line_);
  if (form == Form::mbox || form == Form::jsonl) {
    cutting_ = form;
    return false;
  }
  item.is_request = form == Form::request;
  item.bytes = std::move(line_);
  if (!stream_->eof()) item.bytes += '\n';
  read_rest(*stream_, item.bytes, item.is_request ? most_request : most_mail);
  item.size = item.bytes.size();
  if (is_blank(item.bytes)) item.failure = empty();
  stream_ = nullptr;
  return true;
}

// Mails begin at "From " after an empty line; ">From " in a text loses one mark (mboxrd).
bool Sources::next_of_mailbox(Item& item) {
  if (!has_line_) return false;
  if (!begins_a_mail(line_) && index_ == 0) {
    item.failure = Failure{"not_mbox", "", "not a mailbox: the first line does not begin with \"From \""};
    has_line_ = false;
    item.source = name_;
    return true;
  }
  bool after_blank = false;
  while ((has_line_ = static_cast<bool>(std::getline(*stream_, line_)))) {
    if (after_blank && begins_a_mail(line_)) break;
    after_blank = is_blank(line_);
    item.size += line_.size() + 1;
    std::string_view line = line_;
    const auto marks = std::min(line.find_first_not_of('>'), line.size());
    if (marks > 0 && begins_a_mail(line.substr(marks))) line.remove_prefix(1);
    if (item.bytes.size() >= most_mail) continue;
    item.bytes += line;
    if (!stream_->eof()) item.bytes += '\n';
  }
  if (has_line_ && after_blank) {  // the empty line belongs to the mailbox
    item.bytes.pop_back();
    if (item.bytes.ends_with('\r')) item.bytes.pop_back();
  }
  item.source = name_;
  item.index = index_++;
  if (is_blank(item.bytes)) item.failure = empty();
  return true;
}

bool Sources::next_of_lines(Item& item) {
  while (has_line_ && is_blank(line_)) has_line_ = static_cast<bool>(std::getline(*stream_, line_));
  if (!has_line_) return false;
  item.source = name_;
  item.index = index_++;
  item.is_request = true;
  item.size = line_.size() + 1;
  item.bytes = std::string(item.index == 0 ? without_mark(line_) : std::string_view(line_));
  has_line_ = static_cast<bool>(std::getline(*stream_, line_));
  return true;
}

bool Sources::next(Item& item) {
  while (true) {
    item = Item{};
    if (stream_ != nullptr) {
      if (cutting_ == Form::mbox ? next_of_mailbox(item) : next_of_lines(item)) return true;
      stream_ = nullptr;
      file_.close();
    }
    if (at_ == entries_.size()) return false;
    if (open(entries_[at_++], item)) return true;
  }
}

}  // namespace phiscan::cli

#include "corpus.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

namespace phiscan::test {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '"')) text.remove_suffix(1);
  return std::string(text);
}

// "Name <address>, address": no commas in names, no comments, no groups; nothing when it is more than that.
std::optional<Json> addresses(std::string_view list) {
  Json out = Json::array();
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const std::string one = trimmed(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    const auto open = one.find('<');
    if (open == std::string::npos) {
      if (one.find('@') == std::string::npos) return std::nullopt;
      out.push_back(address(one));
    } else {
      const auto close = one.find('>', open);
      if (close == std::string::npos) return std::nullopt;
      out.push_back(address(one.substr(open + 1, close - open - 1), trimmed(std::string_view(one).substr(0, open))));
    }
  }
  return out;
}

// The corpus never holds an issued number: it says which one to make up.
void fill_numbers(std::string& text) {
  for (std::size_t at = 0; (at = text.find("{{ssn:", at)) != std::string::npos;) {
    const auto end = text.find("}}", at);
    if (end == std::string::npos) return;
    const std::string number = made_up_ssn(static_cast<unsigned>(std::stoul(text.substr(at + 6))));
    text.replace(at, end + 2 - at, number);
  }
}

std::optional<Json> request_of(std::string mail) {
  mail.erase(std::remove(mail.begin(), mail.end(), '\r'), mail.end());
  const auto gap = mail.find("\n\n");
  if (gap == std::string::npos) return std::nullopt;
  std::map<std::string, std::string> headers;
  std::string last;
  for (std::size_t at = 0; at < gap;) {
    const auto end = std::min(mail.find('\n', at), gap);
    const std::string line = mail.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(' ') || line.starts_with('\t')) {
      headers[last] += " " + trimmed(line);
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string::npos) return std::nullopt;
    last = lower(line.substr(0, colon));
    headers[last] = trimmed(line.substr(colon + 1));
  }
  const std::string type = lower(headers.contains("content-type") ? headers["content-type"] : "text/plain");
  const std::string encoding = lower(headers["content-transfer-encoding"]);
  if (!type.starts_with("text/plain") || type.find("flowed") != std::string::npos) return std::nullopt;
  if (type.find("charset") != std::string::npos && type.find("utf-8") == std::string::npos && type.find("us-ascii") == std::string::npos) return std::nullopt;
  if (!encoding.empty() && encoding != "7bit" && encoding != "8bit") return std::nullopt;
  for (const char* name : {"from", "to", "cc", "subject"}) {
    if (headers[name].find("=?") != std::string::npos) return std::nullopt;
  }
  const auto from = addresses(headers["from"]);
  const auto to = addresses(headers["to"]);
  const auto cc = addresses(headers["cc"]);
  if (!from || from->size() != 1 || !to || !cc) return std::nullopt;
  fill_numbers(mail);
  return Json{{"schema", "phiscan.request/1"}, {"from", (*from)[0]}, {"to", *to}, {"cc", *cc}, {"subject", headers["subject"]}, {"body", {{"text", mail.substr(mail.find("\n\n") + 2)}}},
              {"now", "2026-11-22T10:00:00-05:00"}};
}

}  // namespace

std::vector<CorpusMail> plain_corpus_mails(const std::string& folder, std::size_t count) {
  std::vector<fs::path> paths;
  const fs::path place = fs::path(PHISCAN_CORPUS_DIR) / folder;
  if (!fs::exists(place)) return {};
  for (const auto& entry : fs::directory_iterator(place)) {
    if (entry.path().extension() == ".eml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<CorpusMail> out;
  for (const auto& path : paths) {
    if (count != 0 && out.size() == count) break;
    if (count != 0) {
      const auto labels = Json::parse(read(fs::path(path).replace_extension(".labels.json")), nullptr, false);
      if (!labels.is_object() || labels.value("split", "") != "tuning") continue;
    }
    if (auto request = request_of(read(path))) out.push_back({path.stem().string(), std::move(*request)});
  }
  return out;
}

}  // namespace phiscan::test

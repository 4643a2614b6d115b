#include "gold.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "quit.hpp"

namespace phiscan::cli {
namespace fs = std::filesystem;
using Json = nlohmann::json;
namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

std::string social_security_number(std::uint64_t seed) {
  while (true) {
    seed = mixed(seed);
    const auto area = static_cast<unsigned>(seed % 898 + 1);
    const auto group = static_cast<unsigned>((seed >> 20U) % 99 + 1);
    const auto serial = static_cast<unsigned>((seed >> 40U) % 9998 + 1);
    // Never assigned, or printed on sample cards.
    if (area == 666 || (area == 78 && group == 5) || (area == 219 && group == 9) || (area == 123 && group == 45)) continue;
    char text[16];
    std::snprintf(text, sizeof text, "%03u-%02u-%04u", area, group, serial);
    return text;
  }
}

std::set<std::string> words_of(const Json& list) {
  std::set<std::string> out;
  for (const auto& one : list) out.insert(one.get<std::string>());
  return out;
}

[[noreturn]] void broken(const fs::path& file, const std::string& what) { throw Quit{exit_usage, file.string() + ": " + what}; }

Case corpus_case(const fs::path& folder, const fs::path& labels_file) {
  const auto labels = Json::parse(with_run_time_numbers(read(labels_file)), nullptr, false);
  if (!labels.is_object() || !labels.contains("content")) broken(labels_file, "is not a labels file: needs an object with `content`");
  Case out;
  const auto name = labels_file.lexically_relative(folder).generic_string();
  out.id = name.substr(0, name.size() - std::string_view(".labels.json").size());
  out.group = out.id.substr(0, std::min(out.id.find('/'), out.id.size()));
  if (out.group == out.id) out.group = folder.filename().string();
  out.mail = labels_file.parent_path() / (fs::path(out.id).filename().string() + ".eml");
  if (!fs::exists(out.mail)) broken(labels_file, "there is no " + out.mail.filename().string() + " beside it");
  out.content = labels["content"];
  out.accept = labels.contains("accept") ? words_of(labels["accept"]) : std::set{out.content};
  out.split = labels.value("split", "");
  if (labels.contains("severity")) out.severity = labels["severity"].get<int>();
  if (labels.contains("categories")) out.categories = words_of(labels["categories"]);
  if (labels.contains("patients")) out.patients = labels["patients"].get<int>();
  for (const auto& span : labels.value("spans", Json::array())) {
    const std::string label = span.at("label");
    out.spans.push_back({span.at("part"), label, span.at("text"), {group_of(label)}});
  }
  bool has_risk = false;
  for (const auto& recipient : labels.value("recipients", Json::array())) {
    out.recipients.push_back({recipient.at("field"), recipient.at("index"), recipient.value("class", ""), words_of(recipient.value("risks", Json::array()))});
    has_risk = has_risk || !out.recipients.back().risks.empty();
  }
  out.lists_every_date = false;
  out.prompt_is_wrong = out.content == "none" && !has_risk && out.recipients.size() <= 5;
  out.is_hard = !has_risk && (out.content == "health" || (out.content == "none" && out.group == "tricky"));
  return out;
}

std::set<Group> groups_of_gold(const std::string& label) {
  if (label == "NAME") return {Group::name};
  if (label == "DATE") return {Group::date};
  if (label == "PHONE") return {Group::phone};
  if (label == "EMAIL") return {Group::email};
  if (label == "SSN") return {Group::ssn};
  if (label == "CREDIT_CARD") return {Group::card};
  if (label == "ADDRESS" || label == "LOCATION" || label == "ZIP") return {Group::place};
  if (label == "ID") return {Group::id};
  if (label == "ACCOUNT") return {Group::id, Group::card};
  return {};  // ORG, ANY
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

GoldSpan gold_span(const Json& span) {
  const std::string label = span.at("label");
  return {span.at("field"), lower(label), span.at("text"), groups_of_gold(label)};
}

Case gold_case(const fs::path& folder, const Json& line) {
  Case out;
  out.id = line.at("id");
  out.group = line.at("subset");
  out.split = line.value("split", "");
  out.mail = folder / line.at("file").get<std::string>();
  out.content = line.at("verdict");
  out.accept = words_of(line.at("accept"));
  out.in_engine_words = false;
  out.has_spans = out.group != "ham";
  for (const auto& span : line.at("spans")) {
    auto one = gold_span(span);
    // A name in an address header is no text of a part.
    if (one.part == "body" || one.part == "subject") out.spans.push_back(std::move(one));
  }
  for (const auto& span : line.at("ignore")) out.ignored.push_back(gold_span(span));
  out.prompt_is_wrong = out.content == "none";
  out.is_hard = out.content == "health";
  return out;
}

GoldSet gold_file(const fs::path& folder, const fs::path& file) {
  std::ifstream in(file);
  if (!in.is_open()) throw Quit{exit_usage, file.string() + ": cannot be read"};
  GoldSet out;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto json = Json::parse(line, nullptr, false);
    try {
      out.cases.push_back(gold_case(folder, json));
    } catch (const Json::exception&) {
      broken(file, "line " + std::to_string(number) + " is not a gold record: needs id, subset, verdict, accept, spans, ignore and file");
    }
  }
  if (out.cases.empty()) broken(file, "has no records");
  const auto& first = out.cases.front().mail;
  if (!fs::exists(first)) {
    throw Quit{exit_usage, first.string() + ": this mail of the gold file is missing\n  unpack the mails, then: phiscan eval FOLDER --gold " + file.string()};
  }
  return out;
}

GoldSet corpus(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(".labels.json")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw Quit{exit_usage, folder.string() + ": no labelled mail here: looked for NAME.eml with NAME.labels.json\n  for a gold file, add --gold FILE"};
  GoldSet out;
  for (const auto& file : files) {
    try {
      out.cases.push_back(corpus_case(folder, file));
    } catch (const Json::exception&) {
      broken(file, "a label has the wrong type or lacks a key; corpus/README.md lists them");
    }
  }
  return out;
}

}  // namespace

Group group_of(std::string_view label) {
  const auto is = [&](std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), label) != words.end(); };
  if (label == "name") return Group::name;
  if (is({"date", "date_of_birth"})) return Group::date;
  if (is({"phone", "fax"})) return Group::phone;
  if (label == "email") return Group::email;
  if (is({"ssn", "ssn_last4", "itin"})) return Group::ssn;
  if (label == "card") return Group::card;
  if (is({"address", "city", "zip"})) return Group::place;
  if (label == "age_over_89") return Group::age;
  if (is({"url", "ip"})) return Group::net;
  if (is({"mrn", "encounter", "member_id", "mbi", "medicaid_id", "claim", "account", "prescription", "accession", "license", "passport", "vin", "device", "bank", "other_id"})) return Group::id;
  return Group::other;
}

std::string Case::row_of(std::string_view label) const {
  if (in_engine_words) return std::string(label);
  switch (group_of(label)) {
    case Group::name: return "name";
    case Group::date: return "date";
    case Group::phone: return "phone";
    case Group::email: return "email";
    case Group::ssn: return "ssn";
    case Group::card: return "credit_card";
    case Group::place: return label == "city" ? "location" : std::string(label);
    case Group::id: return label == "account" || label == "bank" ? "account" : "id";
    case Group::age:
    case Group::net:
    case Group::other: break;
  }
  return std::string(label);
}

std::string with_run_time_numbers(std::string text) {
  constexpr std::string_view mark = "{{ssn:";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const auto end = text.find("}}", at);
    if (end == std::string::npos) break;
    std::uint64_t number = 0;
    const char* digits = text.data() + at + mark.size();
    if (std::from_chars(digits, text.data() + end, number).ptr != text.data() + end) continue;
    text.replace(at, end + 2 - at, social_security_number(number));
  }
  return text;
}

GoldSet read_gold(const fs::path& path, const fs::path& gold) {
  std::error_code error;
  if (!fs::exists(path, error)) throw Quit{exit_usage, path.string() + ": there is no such file or folder"};
  if (!gold.empty()) return gold_file(path, gold);
  if (!fs::is_directory(path, error)) {
    const auto folder = path.parent_path();
    return gold_file(fs::is_directory(folder / "eml", error) ? folder / "eml" : folder, path);
  }
  if (fs::exists(path / "gold.jsonl", error)) return gold_file(fs::is_directory(path / "eml", error) ? path / "eml" : path, path / "gold.jsonl");
  return corpus(path);
}

}  // namespace phiscan::cli

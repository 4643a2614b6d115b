#include "status.hpp"

namespace phiscan::host {
namespace {

std::string name_of(const Json& one, const char* none) {
  const auto id = one.is_object() ? one.value("id", "") : "";
  return id.empty() ? none : id + " " + one.value("version", "");
}

std::string line(const char* name, const std::string& value) { return std::string(name) + std::string(14 - std::string_view(name).size(), ' ') + value + "\n"; }

std::string why_text(const std::string& why) {
  if (why == "locked") return "another program holds it";
  if (why == "full") return "the disk is full";
  if (why == "corrupt") return "the file is damaged; `phiscan-host state forget --all` begins a new one";
  if (why == "not_ours") return "this user may not write it";
  if (why == "key") return "its key cannot be had (is the keyring locked?); `phiscan-host state forget --all` begins a new one";
  return "it cannot be read";
}

}  // namespace

std::string status_text(const Json& status) {
  const auto& state = status.at("state");
  const auto& memory = status.at("memory");
  std::string out = state.at("text").at("en").get<std::string>() + "\n\n";
  out += line("rules", name_of(status.at("pack"), "none"));
  out += line("policy", name_of(status.at("policy"), "none: standard rules, own domain = the sender's"));
  const auto health = status.value("database", "broken");
  if (health == "broken") {
    out += line("history", "off: " + why_text(memory.at("why").is_string() ? memory.at("why").get<std::string>() : ""));
  } else {
    out += line("history", std::to_string(memory.value("contacts", 0)) + " addresses, " + std::to_string(memory.value("acknowledgements", 0)) + " answers; key in " +
                               (memory.value("key", "") == "keyring" ? "the keyring" : memory.value("key", "") == "file" ? "a file" : "memory"));
  }
  if (status.contains("extractor")) out += line("attachments", status.value("extractor", false) ? "can be read" : "cannot be read: phiscan-extract is missing");
  for (const auto& one : status.at("problems")) {
    const auto where = one.value("where", "");
    out += "\nproblem: " + one.value("what", "") + ": " + (where.empty() ? "" : where + ": ") + one.value("message", "") + "\n";
  }
  return out;
}

}  // namespace phiscan::host

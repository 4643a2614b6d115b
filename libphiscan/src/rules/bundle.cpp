#include <map>

#include "json/json.hpp"
#include "rules/pack.hpp"

namespace phiscan::rules {
namespace {

Error at(std::string_view file, std::string message) { return {ErrorCode::pack, std::move(message), std::string(file)}; }

bool between(std::string_view name, std::string_view folder, std::string_view ending) {
  return name.starts_with(folder) && name.ends_with(ending) && name.size() > folder.size() + ending.size();
}

std::string stem(std::string_view name, std::string_view folder, std::string_view ending) {
  return std::string(name.substr(folder.size(), name.size() - folder.size() - ending.size()));
}

}  // namespace

Result<std::string> bundle(const std::vector<File>& files) {
  std::map<std::string_view, std::string_view> sorted;
  for (const auto& file : files) sorted.emplace(file.name, file.data);
  const auto head = sorted.find("pack.json");
  if (head == sorted.end()) return at("pack.json", "is missing: a pack folder needs pack.json with id and version");

  auto pack = json::parse(head->second);
  if (!pack) return at("pack.json", pack.error().message);
  if (!pack->is_object()) return at("pack.json", "must be an object");
  json::Value out = *pack;
  out["rules"] = json::Value::array();
  for (const auto& [name, data] : sorted) {
    if (between(name, "rules/", ".json")) {
      auto family = json::parse(data);
      if (!family) return at(name, family.error().message + (family.error().where.empty() ? "" : " at " + family.error().where));
      if (!family->is_object() || !family->contains("rules") || !(*family)["rules"].is_array()) return at(name, "must be an object with an array `rules`");
      for (auto& rule : (*family)["rules"]) out["rules"].push_back(std::move(rule));
    } else if (between(name, "terms/", ".txt")) {
      out["terms"][stem(name, "terms/", ".txt")] = data;
    } else if (between(name, "texts/", ".json")) {
      auto texts = json::parse(data);
      if (!texts) return at(name, texts.error().message);
      out["texts"][stem(name, "texts/", ".json")] = std::move(*texts);
    } else if (name == "weights.json") {
      auto weights = json::parse(data);
      if (!weights) return at(name, weights.error().message);
      out["weights"] = std::move(*weights);
    } else if (name != "pack.json" && !name.ends_with(".md")) {
      return at(name, "is not a pack file: expected pack.json, weights.json, rules/*.json, terms/*.txt, texts/*.json or *.md");
    }
  }
  try {
    return out.dump();
  } catch (const json::Value::exception&) {
    return at("pack.json", "a file is not valid UTF-8");
  }
}

}  // namespace phiscan::rules

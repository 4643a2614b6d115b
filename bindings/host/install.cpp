#include "install.hpp"

#include <fstream>
#include <iterator>

#include "system.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

const char* word(Scope scope) { return scope == Scope::user ? "user" : "system"; }
const char* said(Scope scope) { return scope == Scope::user ? "for this user" : "for all users"; }

Place place_of(Scope scope) {
  for (const auto& place : thunderbird_places()) {
    if (place.scope == scope) return place;
  }
  return {scope, {}};
}

// Who could put other code in the place of the program. One that only the user can change is fine for that user alone.
std::string program_problem(const fs::path& program, Scope scope) {
  std::error_code error;
  if (!program.is_absolute()) return program.string() + ": the path must be absolute";
  if (!fs::is_regular_file(program, error)) return program.string() + ": there is no such program";
  if (!can_be_run(program)) return program.string() + ": cannot be run";
  const auto real = fs::canonical(program, error);
  return system::who_can_change(error ? program : real, scope == Scope::user);
}

// What is wrong with a manifest that is there.
std::vector<std::string> manifest_problems(const fs::path& manifest, Scope scope, std::string& program) {
  std::vector<std::string> out;
  if (auto who = system::who_can_change(manifest, scope == Scope::user); !who.empty()) out.push_back(std::move(who));
  std::ifstream file(manifest, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto parsed = parse_json(text);
  const auto* json = std::get_if<Json>(&parsed);
  if (json == nullptr || !json->is_object()) {
    out.push_back(manifest.string() + ": is no JSON object");
    return out;
  }
  const auto is = [&](const char* key, const Json& wanted) { return json->contains(key) && (*json)[key] == wanted; };
  if (!is("name", native_name)) out.push_back(manifest.string() + ": has another name than " + native_name);
  if (!is("type", "stdio")) out.push_back(manifest.string() + ": has another type than stdio");
  if (!is("allowed_extensions", Json::array({thunderbird_addon}))) {
    out.push_back(manifest.string() + ": must let in " + thunderbird_addon + " and nobody else");
  }
  if (!json->contains("path") || !(*json)["path"].is_string()) {
    out.push_back(manifest.string() + ": names no program");
    return out;
  }
  program = (*json)["path"].get<std::string>();
  if (auto problem = program_problem(program, scope); !problem.empty()) out.push_back(std::move(problem));
  return out;
}

// All of it or nothing: a half-written manifest would stop the checks.
std::string write_file(const fs::path& file, const std::string& text) {
  const auto part = file.string() + ".new";
  std::error_code error;
  fs::remove(part, error);
  {
    std::ofstream out(part, std::ios::binary);
    out << text;
    out.flush();
    if (!out) return part + ": cannot be written";
  }
  fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read, error);
  if (!error) fs::rename(part, file, error);
  if (!error) return {};
  const auto why = error.message();
  fs::remove(part, error);
  return file.string() + ": " + why;
}

}  // namespace

std::string native_manifest(const fs::path& program) {
  const Json manifest = {{"name", native_name},
                         {"description", "phiscan: checks drafts on this computer"},
                         {"path", program.string()},
                         {"type", "stdio"},
                         {"allowed_extensions", Json::array({thunderbird_addon})}};
  return manifest.dump(2) + "\n";
}

Outcome install_thunderbird(Scope scope, const fs::path& program) {
  Outcome out;
  const auto place = place_of(scope);
  const auto& manifest = place.manifest;
  if (manifest.empty()) {
    out.lines.emplace_back("HOME is not set, so there is no place for this user's manifest");
    return out;
  }
  if (auto problem = program_problem(program, scope); !problem.empty()) {
    out.lines.push_back("refused: " + problem);
    return out;
  }
  std::error_code error;
  fs::create_directories(manifest.parent_path(), error);
  if (error) {
    out.lines.push_back(manifest.parent_path().string() + ": " + error.message());
    return out;
  }
  if (auto who = system::who_can_change(manifest.parent_path(), scope == Scope::user); !who.empty()) {
    out.lines.push_back("refused: " + who);
    return out;
  }
  if (fs::is_symlink(manifest, error) || (fs::exists(manifest, error) && !fs::is_regular_file(manifest, error))) {
    out.lines.push_back("refused: " + manifest.string() + ": is no plain file; take it away first");
    return out;
  }
  if (auto problem = write_file(manifest, native_manifest(program)); !problem.empty()) {
    out.lines.push_back(problem);
    return out;
  }
  if (auto problem = announce(place); !problem.empty()) {
    out.lines.push_back(problem);
    return out;
  }
  out.is_done = true;
  out.lines.push_back("installed " + std::string(said(scope)) + ": " + manifest.string());
  for (const auto& other : thunderbird_places()) {
    const auto found = announced(other);
    if (other.scope == scope || found.empty()) continue;
    if (scope == Scope::system) out.lines.push_back("this user has a manifest of their own, which is used instead: " + found.string());
    else out.lines.push_back("it is used instead of the one for all users: " + found.string());
  }
  out.lines.emplace_back("Thunderbird finds it at its next start of the check; the add-on itself is installed in Thunderbird");
  return out;
}

Outcome uninstall_thunderbird(Scope scope) {
  Outcome out;
  const auto place = place_of(scope);
  if (announced(place).empty()) {
    out.is_done = true;
    out.lines.push_back("nothing was installed " + std::string(said(scope)));
    return out;
  }
  if (auto problem = withdraw(place); !problem.empty()) {
    out.lines.push_back(problem);
    return out;
  }
  std::error_code error;
  fs::remove(place.manifest, error);
  out.is_done = !error;
  out.lines.push_back(out.is_done ? "removed: " + place.manifest.string() : place.manifest.string() + ": " + error.message());
  return out;
}

Json thunderbird_status() {
  auto places = Json::array();
  bool is_found = false;
  bool works = false;
  for (const auto& place : thunderbird_places()) {
    if (place.manifest.empty()) continue;
    const auto found = announced(place);
    const auto& manifest = found.empty() ? place.manifest : found;
    Json one = {{"scope", word(place.scope)}, {"manifest", manifest.string()}, {"state", "none"}, {"problems", Json::array()}, {"program", nullptr}, {"in_use", false}};
    if (!found.empty()) {
      std::string program;
      auto problems = manifest_problems(manifest, place.scope, program);
      // Thunderbird takes the first it finds, sound or not.
      if (is_found) problems.push_back(manifest.string() + ": is not used, since this user has a manifest of their own");
      const bool is_sound = problems.empty();
      if (!is_found) works = is_sound;
      one["in_use"] = !is_found;
      one["state"] = is_sound ? "sound" : "broken";
      one["problems"] = problems;
      if (!program.empty()) one["program"] = program;
      is_found = true;
    }
    places.push_back(std::move(one));
  }
  return {{"addon", thunderbird_addon}, {"places", places}, {"works", works}};
}

std::string thunderbird_status_text(const Json& status) {
  std::string out = status["works"].get<bool>() ? "Thunderbird can start the check.\n\n" : "Thunderbird cannot start the check.\n\n";
  for (const auto& place : status["places"]) {
    out += place["scope"] == "user" ? "for this user   " : "for all users   ";
    out += place["state"] == "none" ? "not installed" : place["manifest"].get<std::string>();
    if (place["in_use"].get<bool>()) out += " (in use)";
    out += "\n";
    if (place["program"].is_string()) out += "                starts " + place["program"].get<std::string>() + "\n";
    for (const auto& problem : place["problems"]) out += "                problem: " + problem.get<std::string>() + "\n";
  }
  return out;
}

}  // namespace phiscan::host

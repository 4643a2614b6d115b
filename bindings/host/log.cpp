#include "log.hpp"

#include <cstdio>
#include <string>

#include "system.hpp"

namespace phiscan::host {
namespace {

void write(Level level, std::string text) {
  std::string line;
  if (system::logs_to_journal()) {
    line = "<" + std::to_string(static_cast<int>(level)) + ">";
  } else {
    line = system::moment(system::now()) + (level == Level::error ? " error " : level == Level::warning ? " warning " : " info ");
  }
  for (char& c : text) c = static_cast<unsigned char>(c) < ' ' || c == 127 ? ' ' : c;
  line += text + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void log(Level level, Literal event, std::initializer_list<Fact> facts) {
  std::string text(event.text());
  for (const auto& [name, value] : facts) {
    text.append(" ").append(name.text()).append("=");
    if (const auto* word = std::get_if<Literal>(&value)) text.append(word->text());
    else text += std::to_string(std::get<std::int64_t>(value));
  }
  write(level, std::move(text));
}

void log(Level level, Literal event, const Problem& problem) {
  write(level, std::string(event.text()) + ": " + (problem.where.empty() ? "" : problem.where + ": ") + problem.message);
}

}  // namespace phiscan::host

// phiscan policy: find the problems of a site policy, show it as tables.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "engine.hpp"
#include "quit.hpp"
#include "style.hpp"

namespace phiscan::cli {
using Json = nlohmann::json;
namespace {

using Row = std::vector<std::string>;

// Cuts at spaces, and inside words that are longer than a line.
std::vector<std::string> folded(const std::string& text, std::size_t width) {
  std::vector<std::string> out{""};
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    auto word = text.substr(at, end - at);
    while (columns(word) > width) {
      if (!out.back().empty()) out.emplace_back();
      std::size_t cut = width;
      while (cut > 1 && (static_cast<unsigned char>(word[cut]) & 0xC0U) == 0x80U) --cut;
      out.back() = word.substr(0, cut);
      word.erase(0, cut);
    }
    if (!out.back().empty() && columns(out.back()) + 1 + columns(word) > width) out.emplace_back();
    else if (!out.back().empty()) out.back() += ' ';
    out.back() += word;
    at = end + 1;
  }
  return out;
}

std::string text_table(const Row& head, const std::vector<Row>& rows, const Style& style) {
  std::vector<std::size_t> widths(head.size(), 1);
  const auto measure = [&](const Row& row) {
    for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  };
  measure(head);
  for (const auto& row : rows) measure(row);
  const auto longest_word = [](const std::string& cell) {
    std::size_t longest = 0;
    for (const auto& word : folded(cell, 24)) {
      for (std::size_t at = 0; at < word.size();) {
        const auto end = std::min(word.find(' ', at), word.size());
        longest = std::max(longest, columns(std::string_view(word).substr(at, end - at)));
        at = end + 1;
      }
    }
    return longest;
  };
  std::vector<std::size_t> least(head.size(), 4);
  const auto measure_words = [&](const Row& row) {
    for (std::size_t i = 0; i < std::min(row.size(), least.size()); ++i) least[i] = std::max(least[i], std::min<std::size_t>(longest_word(row[i]), 14));
  };
  measure_words(head);
  for (const auto& row : rows) measure_words(row);
  // The widest gives way until the table fits.
  const auto total = [&] {
    std::size_t sum = 2;
    for (const auto width : widths) sum += width + 2;
    return sum;
  };
  while (total() > style.width) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > least[i] && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == widths.size()) break;
    --widths[widest];
  }
  std::string out;
  const auto put = [&](const Row& row, Tone tone) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      cells.push_back(folded(i < row.size() ? printable(row[i]) : "", widths[i]));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
      std::string text = "  ";
      for (std::size_t i = 0; i < cells.size(); ++i) text += padded(line < cells[i].size() ? cells[i][line] : "", widths[i] + 2);
      text.erase(text.find_last_not_of(' ') + 1);
      out += style(tone, text) + "\n";
    }
  };
  put(head, Tone::dim);
  for (const auto& row : rows) put(row, Tone::plain);
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string markdown_cell(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '|' || c == '\\' || c == '<' || c == '*' || c == '_' || c == '`') out += '\\';
    out += c;
  }
  return out;
}

std::string html(const Json& page, const std::string& lang) {
  const auto title = escaped(page.value("title", ""));
  std::string out = "<!doctype html>\n<html lang=\"" + lang + "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + title +
                    "</title>\n<style>\n"
                    "body { font: 15px/1.45 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }\n"
                    "h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem; }\n"
                    "table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #bbb; padding: .3rem .5rem; text-align: left; vertical-align: top; }\n"
                    "th { background: #f0f2f4; } section { break-inside: avoid-page; } .sign { margin-top: 3rem; }\n"
                    "@media print { body { margin: 0; max-width: none; font-size: 11px; } }\n</style>\n</head>\n<body>\n<h1>" +
                    title + "</h1>\n";
  for (const auto& section : page.value("sections", Json::array())) {
    out += "<section>\n<h2>" + escaped(section.value("title", "")) + "</h2>\n<table>\n<thead><tr>";
    for (const auto& cell : section.value("columns", Json::array())) out += "<th scope=\"col\">" + escaped(cell.get<std::string>()) + "</th>";
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& row : section.value("rows", Json::array())) {
      out += "<tr>";
      for (const auto& cell : row) out += "<td>" + escaped(cell.get<std::string>()) + "</td>";
      out += "</tr>\n";
    }
    out += "</tbody>\n</table>\n</section>\n";
  }
  const bool is_spanish = lang == "es";
  out += std::string("<p class=\"sign\">") + (is_spanish ? "Fecha y firma" : "Date and signature") + ": ______________________________</p>\n</body>\n</html>\n";
  return out;
}

std::string markdown(const Json& page) {
  std::string out = "# " + markdown_cell(page.value("title", "")) + "\n";
  for (const auto& section : page.value("sections", Json::array())) {
    out += "\n## " + markdown_cell(section.value("title", "")) + "\n\n|";
    const auto head = section.value("columns", Json::array());
    for (const auto& cell : head) out += " " + markdown_cell(cell.get<std::string>()) + " |";
    out += "\n|";
    for (std::size_t i = 0; i < head.size(); ++i) out += "---|";
    for (const auto& row : section.value("rows", Json::array())) {
      out += "\n|";
      for (const auto& cell : row) out += " " + markdown_cell(cell.get<std::string>()) + " |";
    }
    out += "\n";
  }
  return out;
}

std::string plain(const Json& page, const Style& style) {
  std::string out = style(Tone::bold, printable(page.value("title", ""))) + "\n";
  for (const auto& section : page.value("sections", Json::array())) {
    out += "\n" + style(Tone::bold, printable(section.value("title", ""))) + "\n" + text_table(section.value("columns", Row{}), section.value("rows", std::vector<Row>{}), style);
  }
  return out;
}

}  // namespace

int run_policy_check(const Arguments& arguments) {
  const auto style = style_of(arguments);
  const auto& path = arguments.operands.front();
  const auto answer = policy_check(read_file(path, "policy"));
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    std::fprintf(stderr, "phiscan: %s\n", sentence(path, *failure).c_str());
    return exit_worse;
  }
  const auto report = Json::parse(std::get<std::string>(answer));
  if (arguments.has("--json")) std::printf("%s\n", report.dump(2).c_str());
  std::size_t errors = 0, advice = 0;
  for (const auto& problem : report.value("problems", Json::array())) {
    const bool is_error = problem.value("level", "error") == "error";
    ++(is_error ? errors : advice);
    if (arguments.has("--json")) continue;
    const auto where = printable(problem.value("where", ""));
    std::printf("%s %s: %s\n", style(is_error ? Tone::red : Tone::yellow, is_error ? "error " : "advice").c_str(), (path + (where.empty() ? "" : " " + where)).c_str(),
                printable(problem.value("message", "")).c_str());
  }
  if (!arguments.has("--json")) {
    if (errors == 0) std::printf("%s %s%s\n", style(Tone::green, "fine").c_str(), path.c_str(), advice == 0 ? "" : "; the advice is worth a look");
    else std::printf("%zu error%s: this policy cannot be used yet\n", errors, errors == 1 ? "" : "s");
  }
  return errors == 0 ? exit_fine : exit_worse;
}

int run_policy_describe(const Arguments& arguments) {
  const auto& path = arguments.operands.front();
  const auto locale = arguments.value("--locale", "en");
  const auto answer = policy_describe(read_file(path, "policy"), locale);
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    throw Quit{exit_usage, sentence(path, *failure) + "\n  `phiscan policy check " + path + "` lists every problem at once"};
  }
  const auto page = Json::parse(std::get<std::string>(answer));
  const auto format = arguments.value("--format", "text");
  std::string out;
  if (format == "json") out = nlohmann::ordered_json::parse(std::get<std::string>(answer)).dump(2) + "\n";
  else if (format == "html") out = html(page, locale);
  else if (format == "markdown") out = markdown(page);
  else out = plain(page, style_of(arguments));
  std::fputs(out.c_str(), stdout);
  return exit_fine;
}

}  // namespace phiscan::cli

#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "quit.hpp"

namespace phiscan::cli {
namespace {

constexpr std::string_view scan_exits =
    "  0   allow or note        10  confirm        11  justify        12  block\n"
    "  2   the command, a policy or a pack cannot be used; nothing was scanned\n"
    "  3   some input could not be scanned (wins over the others)\n";
constexpr std::string_view check_exits = "  0   no problems    1   problems found    2   the command or the file cannot be used\n";
constexpr std::string_view plain_exits = "  0   done    2   the command or the file cannot be used\n";

std::vector<Option> joined(std::vector<Option> first, const std::vector<Option>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

std::vector<Command> make_table() {
  const std::vector<Option> rules = {
      {"--policy", "FILE", "site policy (JSON): your domains, partners, portal, mode"},
      {"--pack", "PATH", "rule pack, a bundle or a folder, instead of the built-in one; later packs overlay earlier ones", true},
      {"--no-cache", "", "do not keep compiled patterns between runs"},
  };
  const std::vector<Option> request = {
      {"--now", "TIME", "scan as if sent at this time (RFC 3339, 2026-11-22T10:00:00-05:00); otherwise the mail's Date"},
      {"--locale", "en|es", "language of the sentences"},
      {"--extractor", "FILE", "the phiscan-extract program; otherwise the one beside phiscan"},
  };
  const std::vector<Option> colour = {{"--color", "auto|always|never", "colour; auto looks at the terminal and at NO_COLOR"}};
  const std::vector<Option> jobs = {{"--jobs", "N", "mails scanned at the same time (1 to 64); otherwise one per processor"}};

  return {
      {"scan", "[PATH...]", 0, 1'000'000, "check mails before they are sent",
       "Reads .eml files, mailboxes (mbox), Maildir and other folders (all of them, sorted by name), requests\n"
       "(phiscan.request/1, .json) and lists of requests (.jsonl). `-`, or no PATH with input from a pipe, is standard input.\n"
       "Nothing is sent anywhere and nothing of the mail is stored.\n",
       joined(joined(joined(joined({{"--input", "auto|eml|mbox|request|jsonl", "what the files are; auto looks at each"},
                             {"--format", "text|json|jsonl", "text for a person (default), one JSON array, or one JSON line per mail"},
                             {"--all", "", "text: also show what does not count (signature, staff, samples), and whole texts"},
                             {"--explain", "", "JSON: add the steps of the reasoning to each report"},
                             {"--quiet", "", "text: show only mails that need a decision; no progress, no table"},
                             {"--progress", "", "a progress bar at once (on a terminal); otherwise it comes after a second"}},
                            jobs), rules), request), colour),
       {"phiscan scan draft.eml  # one mail, for a person", "phiscan scan --format jsonl --jobs 4 archive/ > reports.jsonl  # a folder, for a program",
        "cat draft.eml | phiscan scan --policy clinic.json -  # from a pipe, with the clinic's rules"},
       scan_exits},
      {"explain", "FILE", 1, 1, "say why a mail was judged as it was, or why a rule did not fire",
       "Shows every finding with its rule, weight and person, what made others not count, and the engine's steps.\n"
       "FILE is a mail or a request (of a mailbox, the first mail); `-` is standard input.\n",
       joined(joined(joined({{"--rule", "ID", "only this rule; when it found nothing, why"},
                             {"--text", "WORDS", "what was found in these words of the mail"},
                             {"--input", "auto|eml|mbox|request|jsonl", "what the file is"}},
                            rules), request), colour),
       {"phiscan explain draft.eml  # everything", "phiscan explain draft.eml --rule us.mrn  # one rule",
        "phiscan explain draft.eml --text \"Dana Roe\"  # some words"},
       "  0   done    2   the command, a policy or a pack cannot be used    3   the file could not be scanned\n"},
      {"eval", "PATH", 1, 1, "measure the engine on labelled mail",
       "PATH is a folder of NAME.eml with NAME.labels.json (corpus/README.md), a folder of mails with --gold, or a gold.jsonl file\n"
       "beside its mails. Prints precision and recall with 95% intervals, never text of a mail.\n",
       joined(joined(joined({{"--gold", "FILE", "labels as JSON lines; PATH is then the folder of mails"},
                             {"--split", "tuning|held_out|all", "only these families (default: all)"},
                             {"--errors", "", "list every wrong answer: id, right answer, given answer, weights"},
                             {"--worst", "N", "show the N worst false alarms and misses (default: 5)"},
                             {"--json", "FILE", "write all figures and verdicts to FILE (- is standard output)"},
                             {"--baseline", "FILE", "compare with figures written by --update; exit 1 when one is worse by more than 0.002"},
                             {"--update", "FILE", "write the figures to FILE"}},
                            jobs), rules),
              {{"--extractor", "FILE", "the phiscan-extract program; otherwise the one beside phiscan"}}),
       {"phiscan eval corpus  # all figures", "phiscan eval corpus --baseline corpus/figures.json  # has anything become worse?",
        "phiscan eval corpus --split tuning --errors  # what to work on"},
       "  0   done    1   worse than the baseline    2   the command or a file cannot be used    3   some mail could not be scanned\n"},
      {"pack check", "[PATH...]", 0, 100, "prove every example of a rule pack and find costly patterns",
       "PATH is a pack folder or a bundle; several are checked as overlays, in order. Without PATH: the built-in pack.\n",
       joined({{"--costs", "", "show every rule with its cost, the dearest first"}, {"--json", "", "the engine's own answer as JSON"}}, colour),
       {"phiscan pack check  # the built-in pack", "phiscan pack check libphiscan/packs/us-core our-pack/  # ours over the default"},
       check_exits},
      {"pack bundle", "DIR", 1, 1, "put a pack folder into one file",
       "",
       {{"-o", "FILE", "where to write it (- is standard output)"}},
       {"phiscan pack bundle our-pack/ -o our-pack.json  # one file to hand out"}, plain_exits},
      {"policy check", "FILE", 1, 1, "find every problem of a site policy", "", joined({{"--json", "", "the engine's own answer as JSON"}}, colour),
       {"phiscan policy check clinic.json  # is it fine?"}, check_exits},
      {"policy describe", "FILE", 1, 1, "show a site policy as tables that an auditor can read",
       "",
       joined({{"--format", "text|markdown|html|json", "text (default), Markdown, one printable HTML page, or JSON"}, {"--locale", "en|es", "language"}}, colour),
       {"phiscan policy describe clinic.json  # in the terminal", "phiscan policy describe clinic.json --format html > map.html  # to print and sign"},
       plain_exits},
      {"cache path", "", 0, 0, "say where compiled patterns are kept", "", {}, {}, plain_exits},
      {"cache clear", "", 0, 0, "remove compiled patterns", "They hold rules only, no mail; the next start writes them again.\n", {}, {}, plain_exits},
      {"completions", "bash|zsh|fish", 1, 1, "print completions for a shell", "", {},
       {"phiscan completions bash > ~/.local/share/bash-completion/completions/phiscan", "phiscan completions zsh > ~/.zfunc/_phiscan",
        "phiscan completions fish > ~/.config/fish/completions/phiscan.fish"},
       plain_exits},
      {"version", "", 0, 0, "print the version of program and engine", "", {}, {}, plain_exits},
      {"help", "[COMMAND]", 0, 2, "print help", "", {}, {}, plain_exits},
  };
}

std::size_t distance(std::string_view a, std::string_view b) {  // edits and swaps of neighbours
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) next[j] = std::min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.size()];
}

std::vector<std::string_view> split(std::string_view list, char at) {
  std::vector<std::string_view> out;
  while (true) {
    const auto end = std::min(list.find(at), list.size());
    out.push_back(list.substr(0, end));
    if (end == list.size()) return out;
    list.remove_prefix(end + 1);
  }
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& names) {
  const auto near = nearest(word, names);
  return near.empty() ? "" : "; did you mean " + near + "?";
}

std::string see_help(const Command* command) {
  return "\n  `phiscan help" + (command == nullptr ? "" : " " + std::string(command->name)) + "` shows what there is";
}

void check_value(const Command& command, const Option& option, const std::string& value) {
  if (option.value.find('|') != std::string_view::npos) {
    const auto choices = split(option.value, '|');
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
    std::string list;
    for (const auto choice : choices) list += (list.empty() ? "" : ", ") + std::string(choice);
    throw Quit{exit_usage, std::string(option.name) + " is one of " + list + did_you_mean(value, choices)};
  }
  if (option.value == "N") {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size()) throw Quit{exit_usage, std::string(option.name) + " needs a whole number" + see_help(&command)};
  }
  if (value.empty()) throw Quit{exit_usage, std::string(option.name) + " needs a value" + see_help(&command)};
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

// Indented under the first line's column.
std::string wrapped(std::string_view text, std::size_t indent) {
  constexpr std::size_t width = 100;
  std::string out;
  std::size_t column = indent;
  for (const auto word : split(text, ' ')) {
    if (column > indent && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> table = make_table();
  return table;
}

const Command* find_command(std::string_view name) {
  for (const auto& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& names) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto name : names) {
    const auto edits = name.starts_with(word) && !word.empty() ? 1 : distance(word, name);
    if (edits < least) {
      least = edits;
      best = name;
    }
  }
  return std::string(best);
}

std::string Arguments::value(std::string_view name, std::string_view otherwise) const {
  const auto at = options.find(name);
  return at == options.end() ? std::string(otherwise) : at->second.back();
}

const std::vector<std::string>& Arguments::values(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto at = options.find(name);
  return at == options.end() ? none : at->second;
}

std::size_t Arguments::number(std::string_view name, std::size_t otherwise) const {
  if (!has(name)) return otherwise;
  const auto text = value(name);
  std::size_t out = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

Arguments read_arguments(const std::vector<std::string>& words) {
  Arguments out;
  auto at = words.begin();
  if (at == words.end() || *at == "--help" || *at == "-h") {
    out.command = find_command("help");
    return out;
  }
  if (*at == "--version" || *at == "-V") {
    out.command = find_command("version");
    return out;
  }
  const std::string first = *at++;
  out.command = find_command(first);
  if (out.command == nullptr) {
    // "pack check": two words.
    std::vector<std::string_view> names, seconds;
    for (const auto& command : commands()) {
      const auto space = command.name.find(' ');
      names.push_back(command.name.substr(0, space));
      if (space != std::string_view::npos && command.name.substr(0, space) == first) seconds.push_back(command.name.substr(space + 1));
    }
    if (seconds.empty()) throw Quit{exit_usage, "there is no command `" + first + "`" + did_you_mean(first, names) + see_help(nullptr)};
    std::string list;
    for (const auto second : seconds) list += (list.empty() ? "" : " or ") + ("`phiscan " + first + " ") + std::string(second) + "`";
    if (at == words.end()) throw Quit{exit_usage, "`phiscan " + first + "` needs one more word: " + list};
    if (*at == "--help" || *at == "-h") {
      out.command = find_command("help");
      out.operands = {first};
      return out;
    }
    out.command = find_command(first + " " + *at);
    if (out.command == nullptr) throw Quit{exit_usage, "there is no command `" + first + " " + *at + "`" + did_you_mean(*at, seconds) + "\n  there is " + list};
    ++at;
  }

  const auto& command = *out.command;
  bool only_operands = false;
  for (; at != words.end(); ++at) {
    if (only_operands || *at == "-" || !at->starts_with('-')) {
      out.operands.push_back(*at);
      continue;
    }
    if (*at == "--") {
      only_operands = true;
      continue;
    }
    if (*at == "--help" || *at == "-h") {
      out.options = {{"--help", {}}};
      return out;
    }
    const auto equals = at->starts_with("--") ? at->find('=') : std::string::npos;
    const auto name = at->substr(0, equals);
    const auto option = std::find_if(command.options.begin(), command.options.end(), [&](const Option& one) { return one.name == name; });
    if (option == command.options.end()) {
      std::vector<std::string_view> names;
      for (const auto& one : command.options) names.push_back(one.name);
      throw Quit{exit_usage, "`phiscan " + std::string(command.name) + "` has no option " + name + did_you_mean(name, names) + see_help(&command)};
    }
    std::string value;
    if (option->value.empty()) {
      if (equals != std::string::npos) throw Quit{exit_usage, name + " takes no value"};
    } else {
      if (equals != std::string::npos) value = at->substr(equals + 1);
      else if (at + 1 != words.end()) value = *++at;
      check_value(command, *option, value);
    }
    auto& values = out.options[name];
    if (!values.empty() && !option->repeatable && !option->value.empty()) throw Quit{exit_usage, name + " is given twice"};
    values.push_back(std::move(value));
  }
  if (out.operands.size() < command.least) {
    throw Quit{exit_usage, "`phiscan " + std::string(command.name) + "` needs " + std::string(command.operands) + see_help(&command)};
  }
  if (out.operands.size() > command.most) {
    throw Quit{exit_usage, "`phiscan " + std::string(command.name) + "` takes " +
                               (command.most == 0 ? "no file" : command.most == 1 ? "one " + std::string(command.operands) : std::string(command.operands)) +
                               see_help(&command)};
  }
  return out;
}

std::string help_text(const Command* command) {
  std::string out;
  if (command == nullptr) {
    out = "phiscan checks outgoing mail for patient information (PHI) and risky recipients. It runs on this machine only.\n\nUsage: phiscan COMMAND [OPTIONS]\n\nCommands:\n";
    for (const auto& one : commands()) out += "  " + padded(std::string(one.name), 17) + std::string(one.summary) + "\n";
    out += "\nStart with:\n  phiscan scan draft.eml\n\n`phiscan help COMMAND` or `phiscan COMMAND --help` says more. `man phiscan` has everything.\n";
    return out;
  }
  out = "phiscan " + std::string(command->name) + ": " + std::string(command->summary) + "\n\nUsage: phiscan " + std::string(command->name);
  if (!command->options.empty()) out += " [OPTIONS]";
  if (!command->operands.empty()) out += " " + std::string(command->operands);
  out += "\n";
  if (!command->details.empty()) out += "\n" + std::string(command->details);
  out += "\nOptions:\n";
  for (const auto& option : command->options) {
    auto name = "  " + std::string(option.name) + (option.value.empty() ? "" : " " + std::string(option.value));
    constexpr std::size_t column = 28;
    if (name.size() + 1 > column) name += "\n" + std::string(column, ' ');
    out += padded(std::move(name), column) + wrapped(std::string(option.help) + (option.repeatable ? " (repeatable)" : ""), column) + "\n";
  }
  out += padded("  --help", 28) + "this help\n";
  if (!command->examples.empty()) out += "\nExamples:\n";
  for (const auto example : command->examples) {
    const auto comment = example.find("  # ");
    if (comment != std::string_view::npos) out += "  # " + std::string(example.substr(comment + 4)) + "\n";
    out += "  " + std::string(example.substr(0, comment)) + "\n";
  }
  out += "\nExit codes:\n" + std::string(command->exit_codes);
  return out;
}

}  // namespace phiscan::cli

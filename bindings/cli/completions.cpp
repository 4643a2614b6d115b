// Completions for three shells, made from the table of commands.
#include <algorithm>
#include <cstdio>
#include <string>

#include "commands.hpp"
#include "quit.hpp"

namespace phiscan::cli {
namespace {

std::string words(std::string_view choices) {
  std::string out(choices);
  std::replace(out.begin(), out.end(), '|', ' ');
  return out;
}

bool is_choice(std::string_view value) { return value.find('|') != std::string_view::npos; }
bool is_path(std::string_view value) { return value == "FILE" || value == "PATH" || value == "DIR"; }

std::string first_word(std::string_view name) { return std::string(name.substr(0, name.find(' '))); }
std::string second_word(std::string_view name) {
  const auto space = name.find(' ');
  return space == std::string_view::npos ? "" : std::string(name.substr(space + 1));
}

// Single quotes for a shell word.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

// For zsh's _arguments: brackets and colons mean something.
std::string spec(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string unique_first_words() {
  std::string out;
  std::string last;
  for (const auto& command : commands()) {
    const auto word = first_word(command.name);
    if (word == last) continue;
    out += (out.empty() ? "" : " ") + word;
    last = word;
  }
  return out;
}

std::string second_words(std::string_view first) {
  std::string out;
  for (const auto& command : commands()) {
    if (first_word(command.name) == first && !second_word(command.name).empty()) out += (out.empty() ? "" : " ") + second_word(command.name);
  }
  return out;
}

std::string bash() {
  std::string out =
      "# bash completion for phiscan; made by `phiscan completions bash`\n"
      "_phiscan() {\n"
      "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  local command=\"${COMP_WORDS[1]}\" options=\"\" operands=\"\"\n"
      "  COMPREPLY=()\n"
      "  if [[ $COMP_CWORD -eq 1 ]]; then\n"
      "    COMPREPLY=($(compgen -W \"" + unique_first_words() + "\" -- \"$cur\"))\n    return\n  fi\n"
      "  case \"$command\" in\n";
  std::string done;
  for (const auto& command : commands()) {
    const auto first = first_word(command.name);
    if (second_word(command.name).empty() || first == done) continue;
    done = first;
    out += "    " + first + ")\n      if [[ $COMP_CWORD -eq 2 ]]; then\n        COMPREPLY=($(compgen -W \"" + second_words(first) +
           "\" -- \"$cur\"))\n        return\n      fi\n      command=\"$command ${COMP_WORDS[2]}\" ;;\n";
  }
  out += "  esac\n  case \"$command $prev\" in\n";
  for (const auto& command : commands()) {
    for (const auto& option : command.options) {
      if (is_choice(option.value)) {
        out += "    \"" + std::string(command.name) + " " + std::string(option.name) + "\") COMPREPLY=($(compgen -W \"" + words(option.value) + "\" -- \"$cur\")); return ;;\n";
      } else if (is_path(option.value)) {
        out += "    \"" + std::string(command.name) + " " + std::string(option.name) + "\") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n";
      } else if (!option.value.empty()) {
        out += "    \"" + std::string(command.name) + " " + std::string(option.name) + "\") return ;;\n";
      }
    }
  }
  out += "  esac\n  case \"$command\" in\n";
  for (const auto& command : commands()) {
    out += "    \"" + std::string(command.name) + "\") options=\"";
    for (const auto& option : command.options) out += std::string(option.name) + " ";
    out += "--help\"";
    if (is_choice(command.operands)) out += "; operands=\"" + words(command.operands) + "\"";
    if (command.name == "help") out += "; operands=\"" + unique_first_words() + "\"";
    out += " ;;\n";
  }
  return out +
         "  esac\n"
         "  if [[ \"$cur\" == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
         "  elif [[ -n \"$operands\" ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$operands\" -- \"$cur\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$cur\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _phiscan phiscan\n";
}

std::string zsh_arguments(const Command& command) {
  std::string out = "_arguments";
  for (const auto& option : command.options) {
    std::string one = (option.repeatable ? "*" : "") + std::string(option.name) + "[" + spec(option.help) + "]";
    if (is_choice(option.value)) one += ":value:(" + words(option.value) + ")";
    else if (is_path(option.value)) one += ":file:_files";
    else if (!option.value.empty()) one += ":" + std::string(option.value) + ":";
    out += " \\\n        " + quoted(one);
  }
  out += " \\\n        '--help[help]'";
  if (is_choice(command.operands)) out += " \\\n        '*:value:(" + words(command.operands) + ")'";
  else if (command.name == "help") out += " \\\n        '*:command:(" + unique_first_words() + ")'";
  else if (command.most > 0) out += " \\\n        '*:file:_files'";
  return out;
}

std::string zsh() {
  std::string out = "#compdef phiscan\n# made by `phiscan completions zsh`\n_phiscan() {\n  local -a words_of_command\n  if (( CURRENT == 2 )); then\n    words_of_command=(";
  std::string last;
  for (const auto& command : commands()) {
    const auto first = first_word(command.name);
    if (first == last) continue;
    last = first;
    out += "\n      " + quoted(first + ":" + (second_word(command.name).empty() ? std::string(command.summary) : second_words(first)));
  }
  out += "\n    )\n    _describe 'command' words_of_command\n    return\n  fi\n  case \"$words[2]\" in\n";
  last.clear();
  for (const auto& command : commands()) {
    const auto first = first_word(command.name);
    if (first == last) continue;
    last = first;
    out += "    " + first + ")\n";
    if (second_word(command.name).empty()) {
      out += "      shift words; (( CURRENT-- ))\n      " + zsh_arguments(command) + " ;;\n";
      continue;
    }
    out += "      if (( CURRENT == 3 )); then compadd " + second_words(first) + "; return; fi\n      case \"$words[3]\" in\n";
    for (const auto& one : commands()) {
      if (first_word(one.name) != first) continue;
      out += "      " + second_word(one.name) + ")\n        shift 2 words; (( CURRENT -= 2 ))\n        " + zsh_arguments(one) + " ;;\n";
    }
    out += "      esac ;;\n";
  }
  return out + "  esac\n}\n_phiscan \"$@\"\n";
}

std::string fish() {
  std::string out = "# fish completion for phiscan; made by `phiscan completions fish`\n";
  std::string last;
  for (const auto& command : commands()) {
    const auto first = first_word(command.name);
    const auto second = second_word(command.name);
    if (first != last) {
      out += "complete -c phiscan -n __fish_use_subcommand -f -a " + first + " -d " + quoted(second.empty() ? command.summary : std::string_view(first)) + "\n";
      last = first;
    }
    std::string condition = "__fish_seen_subcommand_from " + first;
    if (!second.empty()) {
      out += "complete -c phiscan -n '" + condition + "; and not __fish_seen_subcommand_from " + second_words(first) + "' -f -a " + second + " -d " + quoted(command.summary) + "\n";
      condition += "; and __fish_seen_subcommand_from " + second;
    }
    for (const auto& option : command.options) {
      const bool is_long = option.name.starts_with("--");
      out += "complete -c phiscan -n '" + condition + "' " + (is_long ? "-l " : "-s ") + std::string(option.name.substr(is_long ? 2 : 1));
      if (is_choice(option.value)) out += " -x -a '" + words(option.value) + "'";
      else if (is_path(option.value)) out += " -r";
      else if (!option.value.empty()) out += " -x";
      out += " -d " + quoted(option.help) + "\n";
    }
    if (is_choice(command.operands)) out += "complete -c phiscan -n '" + condition + "' -f -a '" + words(command.operands) + "'\n";
    if (command.name == "help") out += "complete -c phiscan -n '" + condition + "' -f -a '" + unique_first_words() + "'\n";
  }
  return out;
}

}  // namespace

int run_completions(const Arguments& arguments) {
  const auto& shell = arguments.operands.front();
  std::string out;
  if (shell == "bash") out = bash();
  else if (shell == "zsh") out = zsh();
  else if (shell == "fish") out = fish();
  else throw Quit{exit_usage, "completions are there for bash, zsh and fish"};
  std::fputs(out.c_str(), stdout);
  return exit_fine;
}

}  // namespace phiscan::cli

// phiscan explain: why a mail was judged as it was; why a rule fired, or did not, as far as the report knows.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "commands.hpp"
#include "quit.hpp"
#include "runner.hpp"
#include "style.hpp"
#include "view.hpp"

namespace phiscan::cli {
using Json = nlohmann::json;
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// What the engine's word for a suppressor means.
std::string because(std::string_view word) {
  constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"signature", "it stands in a signature"},
      {"footer", "it stands in a footer or disclaimer"},
      {"staff", "it belongs to staff"},
      {"provider", "it belongs to a doctor or another provider"},
      {"sender", "it belongs to the sender"},
      {"organisation", "it belongs to an organization"},
      {"sample", "it is sample data"},
      {"blank_form", "it stands in a form that is not filled in"},
      {"education", "the text teaches, it is not about a person"},
      {"no_company", "alone it says too little"},
  };
  for (const auto& [name, sentence] : known) {
    if (name == word) return std::string(sentence);
  }
  std::string out(word);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out.empty() ? "it is too weak to count" : out;
}

class Explanation {
 public:
  Explanation(const Arguments& arguments, const Outcome& outcome)
      : arguments_(arguments), style_(style_of(arguments)), request_(Json::parse(outcome.request, nullptr, false)), report_(Json::parse(outcome.report.json)),
        parts_(parts_of(request_)), source_(outcome.source) {}

  void print() {
    char confidence[16];
    std::snprintf(confidence, sizeof confidence, "%.2f", report_.value("confidence", 0.0));
    say(style_(Tone::bold, printable(source_)) + "\n");
    say("  content " + report_.value("content", "") + ", severity " + std::to_string(report_.value("severity", 0)) + ", confidence " + confidence + ", action " +
        report_.value("action", "") + " (" + report_.value("action_if_enforced", "") + " if enforced)\n");
    if (arguments_.has("--text")) return words(arguments_.value("--text"));
    const auto rule = arguments_.value("--rule");
    findings([&](const Json& finding) { return rule.empty() || finding.value("rule", "") == rule; });
    if (!rule.empty()) return silence(rule);
    recipients();
    steps("");
  }

 private:
  static void say(const std::string& text) { std::fputs(text.c_str(), stdout); }
  void heading(std::string_view text) const { say("\n" + style_(Tone::bold, text) + "\n"); }

  template <typename Is>
  void findings(Is is) {
    shown_ = 0;
    for (const auto& finding : report_.value("findings", Json::array())) {
      if (!is(finding)) continue;
      if (shown_++ == 0) heading("Findings");
      say(row(finding));
    }
  }

  std::string row(const Json& finding) const {
    const bool is_counted = finding.value("counted", false);
    char weight[16];
    std::snprintf(weight, sizeof weight, "%.2f", finding.value("confidence", 0.0));
    std::string out = "  " + style_(is_counted ? Tone::magenta : Tone::dim, "[" + text_of(finding) + "]");
    out += "\n      " + finding.value("rule", "") + "  " + finding.value("kind", "") + " " + finding.value("label", "") + "  weight " + weight;
    if (finding["person"].is_number()) out += "  person " + std::to_string(finding["person"].get<int>());
    out += "  in " + place_of(finding) + ", " + finding.value("zone", "");
    if (finding["category"].is_string()) out += "  " + finding["category"].get<std::string>();
    std::string reasons;
    for (const auto& reason : finding.value("reasons", Json::array())) reasons += (reasons.empty() ? "" : ", ") + reason.get<std::string>();
    if (!reasons.empty()) out += "\n      reasons: " + reasons;
    if (!is_counted) {
      const auto word = finding["suppressed_by"].is_string() ? finding["suppressed_by"].get<std::string>() : std::string();
      out += "\n      does not count: " + because(word) + (word.empty() ? "" : " (" + word + ")");
    }
    return out + "\n";
  }

  static std::string place_of(const Json& finding) {
    const auto& spans = finding["spans"];
    return spans.is_array() && !spans.empty() ? spans[0].value("part", "") : "the mail as a whole";
  }

  std::string text_of(const Json& finding) const {
    std::string out;
    for (const auto& span : finding.value("spans", Json::array())) {
      const auto part = std::find_if(parts_.begin(), parts_.end(), [&](const Part& one) { return one.name == span.value("part", ""); });
      if (part == parts_.end()) continue;
      const auto begin = std::min(span.at("utf8").at(0).get<std::size_t>(), part->source.size());
      const auto end = std::clamp(span.at("utf8").at(1).get<std::size_t>(), begin, part->source.size());
      Part piece = *part;
      piece.source = part->source.substr(begin, end - begin);
      out += view_of(piece).text;
    }
    out = printable(out);
    return out.size() > 120 ? out.substr(0, out.find(' ', 100)) + " ..." : out;
  }

  void recipients() const {
    const auto list = report_.value("recipients", Json::array());
    if (list.empty()) return;
    heading("Recipients");
    for (const auto& one : list) {
      const auto addresses = request_.value(one.value("field", ""), Json::array());
      const auto index = one.value("index", std::size_t{0});
      std::string risks;
      for (const auto& risk : one.value("risks", Json::array())) risks += " " + risk.get<std::string>();
      const auto address = index < addresses.size() ? printable(addresses[index].value("address", addresses[index].value("name", ""))) : "?";
      say("  " + one.value("field", "") + " " + address + "  " + one.value("class", "") + style_(Tone::red, risks) + "\n");
    }
  }

  // Steps of the engine; those that name `rule` only, when given.
  void steps(const std::string& rule) const {
    const auto steps = report_.value(Json::json_pointer("/explain/steps"), Json::array());
    bool is_first = true;
    for (const auto& step : steps) {
      const auto text = step.get<std::string>();
      if (!rule.empty() && text.find(rule) == std::string::npos) continue;
      if (std::exchange(is_first, false)) heading("Steps");
      say("  " + printable(text) + "\n");
    }
  }

  // --rule: what it did in the steps, or why it is silent.
  void silence(const std::string& rule) {
    steps(rule);
    if (shown_ > 0) return;
    std::vector<std::string> bundles;
    for (const auto& path : arguments_.values("--pack")) bundles.push_back(read_pack(path));
    const auto checked = pack_check(bundles);
    const auto* json = std::get_if<std::string>(&checked);
    const auto facts = json == nullptr ? Json() : Json::parse(*json, nullptr, false);
    std::vector<std::string> ids;
    for (const auto& one : facts.is_object() ? facts.value("rules", Json::array()) : Json::array()) {
      ids.push_back(one.value("id", ""));
      if (ids.back() != rule) continue;
      say("\n" + rule + " did not fire. It starts from " + one.value("trigger", "its shape") +
          "; either the mail has nothing like it, or its value did not pass the check of the rule,\nor a longer finding of the same kind covers it. `phiscan explain FILE "
          "--text WORDS` shows what was found instead.\n");
      return;
    }
    const std::vector<std::string_view> names(ids.begin(), ids.end());
    const auto near = nearest(rule, names);
    throw Quit{exit_usage, "there is no rule " + rule + " in this pack" + (near.empty() ? "" : "; did you mean " + near + "?") + "\n  `phiscan pack check --costs` lists all rules"};
  }

  // --text: what was found in these words.
  void words(const std::string& wanted) {
    struct Place {
      std::string part;
      std::size_t begin, end;
    };
    std::vector<Place> places;
    const auto needle = lower(collapsed(plain_view(wanted)).text);
    if (needle.find_first_not_of(' ') == std::string::npos) throw Quit{exit_usage, "--text needs words of the mail"};
    for (const auto& part : parts_) {
      const auto view = collapsed(view_of(part));
      const auto text = lower(view.text);
      for (auto at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 1)) {
        places.push_back({part.name, view.source[at], view.source[at + needle.size() - 1] + std::size_t{1}});
      }
    }
    if (places.empty()) throw Quit{exit_usage, "these words are not in the mail (parts that could not be read do not count)"};
    findings([&](const Json& finding) {
      for (const auto& span : finding.value("spans", Json::array())) {
        const auto begin = span.at("utf8").at(0).get<std::size_t>();
        const auto end = span.at("utf8").at(1).get<std::size_t>();
        for (const auto& place : places) {
          if (span.value("part", "") == place.part && begin < place.end && place.begin < end) return true;
        }
      }
      return false;
    });
    if (shown_ == 0) say("\nNo rule found anything in these words (" + std::to_string(places.size()) + (places.size() == 1 ? " place" : " places") + ").\n");
  }

  const Arguments& arguments_;
  Style style_;
  Json request_;
  Json report_;
  std::vector<Part> parts_;
  std::string source_;
  std::size_t shown_ = 0;
};

}  // namespace

int run_explain(const Arguments& arguments) {
  Sources sources(arguments.operands, form_of(arguments.value("--input")));
  const auto rules = Rules::load(arguments);
  auto options = run_options(arguments);
  options.jobs = 1;
  options.explain = true;
  bool is_done = false;
  int code = exit_fine;
  run_all(
      rules, options, [&](Item& item) { return !std::exchange(is_done, true) && sources.next(item); },
      [&](Outcome& outcome) {
        if (!outcome.failure) Explanation(arguments, outcome).print();
      },
      [&](Outcome& outcome) {
        if (!outcome.failure) return;
        std::fprintf(stderr, "phiscan: %s\n", sentence(outcome.source, *outcome.failure).c_str());
        code = exit_failed;
      });
  return code;
}

}  // namespace phiscan::cli

#include "figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace phiscan::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t enough_cases = 20;  // rows with fewer are not compared
constexpr double allowed_fall = 0.002;

double rounded(double value) { return std::round(value * 10000.0) / 10000.0; }
double per_thousand(const Rate& rate) { return rate.of == 0 ? 0.0 : 1000.0 * static_cast<double>(rate.hits) / static_cast<double>(rate.of); }

template <typename... Values>
std::string line(const char* format, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string with_interval(const char* name, std::size_t hits, std::size_t of) {
  if (of == 0) return line("  %-22s    -\n", name);
  const auto range = wilson(hits, of);
  return line("  %-22s %.3f  (%.3f to %.3f)  %zu of %zu\n", name, share(hits, of), range.low, range.high, hits, of);
}

std::string prompts_line(const char* name, const Rate& rate) {
  if (rate.of == 0) return "";
  const auto range = wilson(rate.hits, rate.of);
  return line("  %-22s %5.1f  (%.1f to %.1f)  %zu of %zu\n", name, per_thousand(rate), 1000 * range.low, 1000 * range.high, rate.hits, rate.of);
}

double macro_f1(const std::map<std::string, Tally>& rows) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const auto& [name, tally] : rows) {
    if (tally.right + tally.missed == 0) continue;  // never labelled: no recall to speak of
    sum += f1(tally);
    ++count;
  }
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

Json json_of(const Tally& tally) {
  return {{"right", tally.right},  {"missed", tally.missed}, {"wrong", tally.wrong}, {"precision", rounded(precision(tally))},
          {"recall", rounded(recall(tally))}, {"f1", rounded(f1(tally))}};
}
Json json_of(const Rate& rate) { return {{"hits", rate.hits}, {"of", rate.of}, {"share", rounded(share(rate.hits, rate.of))}}; }

void count(Figures& out, const Case& gold, const Verdict& verdict) {
  ++out.mails;
  auto& group = out.groups[gold.group];
  ++group.mails;
  if (verdict.failed) {  // no report is no right answer
    ++out.failed;
    ++out.content.of;
    if (gold.content == "phi") ++out.phi.missed;
    return;
  }
  const bool is_accepted = gold.accept.contains(verdict.content);
  const bool is_gold_phi = gold.content == "phi";
  ++out.content.of;
  out.content.hits += is_accepted ? 1 : 0;
  auto& cell = out.confusion[gold.content][verdict.content];
  ++cell.of;
  cell.hits += is_accepted ? 1 : 0;
  group.right += is_accepted ? 1 : 0;
  group.phi += verdict.is_phi() ? 1 : 0;
  group.prompts += verdict.prompts() ? 1 : 0;

  if (is_gold_phi) verdict.is_phi() ? ++out.phi.right : ++out.phi.missed;
  else if (verdict.is_phi() && !is_accepted) ++out.phi.wrong;

  if (is_gold_phi && gold.severity) {
    auto& rate = out.by_severity[*gold.severity];
    ++rate.of;
    rate.hits += verdict.is_phi() ? 1 : 0;
    if (verdict.is_phi()) {
      ++out.severity_exact.of;
      ++out.severity_near.of;
      const int off = std::abs(verdict.severity - *gold.severity);
      out.severity_exact.hits += off == 0 ? 1 : 0;
      out.severity_near.hits += off <= 1 ? 1 : 0;
    }
  }
  if (is_gold_phi && gold.categories) {
    for (const auto& category : *gold.categories) verdict.categories.contains(category) ? ++out.categories[category].right : ++out.categories[category].missed;
    for (const auto& category : verdict.categories) out.categories[category].wrong += gold.categories->contains(category) ? 0 : 1;
  }
  if (is_gold_phi && gold.patients) {
    ++out.patients.of;
    out.patients.hits += verdict.patients == *gold.patients ? 1 : 0;
  }
  for (const auto& [row, tally] : verdict.spans) {
    out.spans[row] += tally;
    out.all_spans += tally;
  }
  out.same_label += verdict.same_label;
  out.unplaced += verdict.unplaced;
  out.classes.hits += verdict.classes_right;
  out.classes.of += verdict.classes_labelled;
  out.risks += verdict.risks;
  if (gold.prompt_is_wrong) {
    ++out.clean_prompts.of;
    out.clean_prompts.hits += verdict.prompts() ? 1 : 0;
  }
  if (gold.is_hard) {
    ++out.hard_prompts.of;
    out.hard_prompts.hits += verdict.prompts() ? 1 : 0;
  }
}

}  // namespace

double share(std::size_t hits, std::size_t of) { return of == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(of); }
double precision(const Tally& tally) { return share(tally.right, tally.right + tally.wrong); }
double recall(const Tally& tally) { return share(tally.right, tally.right + tally.missed); }
double f1(const Tally& tally) { return share(2 * tally.right, 2 * tally.right + tally.missed + tally.wrong); }

Interval wilson(std::size_t hits, std::size_t of) {
  if (of == 0) return {};
  constexpr double z = 1.959964;
  const double n = static_cast<double>(of);
  const double p = static_cast<double>(hits) / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

Figures figures_of(const std::vector<Case>& cases, const std::vector<Verdict>& verdicts, const std::string& split) {
  Figures out;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (split.empty() || cases[i].split == split) count(out, cases[i], verdicts[i]);
  }
  return out;
}

std::string table_of(const Figures& f) {
  std::string out = line("%zu mails", f.mails) + (f.failed == 0 ? "" : line(", %zu could not be scanned", f.failed)) + "\n\nPHI or not\n";
  out += with_interval("precision", f.phi.right, f.phi.right + f.phi.wrong);
  out += with_interval("recall", f.phi.right, f.phi.right + f.phi.missed);
  out += line("  %-22s %.3f\n", "F1", f1(f.phi));
  out += with_interval("content right", f.content.hits, f.content.of);
  out += "\nPrompts per 1,000 (action by the table is confirm or more)\n";
  out += prompts_line("clean mail", f.clean_prompts);
  out += prompts_line("hard negatives", f.hard_prompts);

  constexpr const char* answers[] = {"phi", "identity", "health", "none"};
  out += "\nRight answer (rows) and given answer (columns; * = accepted)\n" + line("  %-10s %10s %10s %10s %10s\n", "", answers[0], answers[1], answers[2], answers[3]);
  for (const auto* right : answers) {
    const auto row = f.confusion.find(right);
    if (row == f.confusion.end()) continue;
    out += line("  %-10s", right);
    for (const auto* given : answers) {
      const auto cell = row->second.find(given);
      if (cell == row->second.end()) out += line(" %10s", ".");
      else out += line(" %9zu%s", cell->second.of, cell->second.hits == cell->second.of ? "*" : cell->second.hits > 0 ? "~" : " ");
    }
    out += "\n";
  }
  out += line("\nBy %s\n  %-16s %7s %7s %7s %8s\n", "group", "", "mails", "right", "as PHI", "prompts");
  for (const auto& [name, row] : f.groups) out += line("  %-16s %7zu %7.3f %7zu %8zu\n", name.c_str(), row.mails, share(row.right, row.mails), row.phi, row.prompts);

  if (!f.by_severity.empty()) {
    out += "\nSeverity\n";
    for (const auto& [severity, rate] : f.by_severity) out += with_interval(line("recall at %d", severity).c_str(), rate.hits, rate.of);
    out += with_interval("exact", f.severity_exact.hits, f.severity_exact.of) + with_interval("within one", f.severity_near.hits, f.severity_near.of);
  }
  if (!f.categories.empty()) {
    out += line("\nCategories (macro F1 %.3f)\n  %-16s %9s %7s %7s %6s\n", macro_f1(f.categories), "", "precision", "recall", "F1", "n");
    for (const auto& [name, t] : f.categories) out += line("  %-16s %9.3f %7.3f %7.3f %6zu\n", name.c_str(), precision(t), recall(t), f1(t), t.right + t.missed);
  }
  if (!f.spans.empty()) {
    out += line("\nIdentifiers (spans that overlap)\n  %-16s %9s %7s %7s %6s %6s %6s\n", "", "precision", "recall", "F1", "n", "missed", "wrong");
    const auto row = [&](const std::string& name, const Tally& t) {
      out += line("  %-16s %9.3f %7.3f %7.3f %6zu %6zu %6zu\n", name.c_str(), precision(t), recall(t), f1(t), t.right + t.missed, t.missed, t.wrong);
    };
    for (const auto& [name, tally] : f.spans) row(name, tally);
    row("all", f.all_spans);
    if (f.same_label > 0) out += with_interval("exact label", f.same_label, f.all_spans.right);
    if (f.unplaced > 0) out += line("  %zu labels do not occur in their part and are not counted (--errors lists them)\n", f.unplaced);
  }
  if (f.patients.of > 0) out += "\nPersons\n" + with_interval("number of patients", f.patients.hits, f.patients.of);
  if (f.classes.of > 0) {
    out += "\nRecipients\n" + with_interval("class", f.classes.hits, f.classes.of) + with_interval("risks, precision", f.risks.right, f.risks.right + f.risks.wrong) +
           with_interval("risks, recall", f.risks.right, f.risks.right + f.risks.missed);
  }
  return out;
}

nlohmann::ordered_json json_of(const Figures& f) {
  Json out = {{"mails", f.mails}, {"failed", f.failed}, {"phi", json_of(f.phi)}, {"content", json_of(f.content)},
              {"prompts_clean", json_of(f.clean_prompts)}, {"prompts_hard", json_of(f.hard_prompts)}};
  for (const auto& [right, row] : f.confusion) {
    for (const auto& [given, rate] : row) out["confusion"][right][given] = rate.of;
  }
  for (const auto& [severity, rate] : f.by_severity) out["severity"]["recall"][std::to_string(severity)] = json_of(rate);
  out["severity"]["exact"] = json_of(f.severity_exact);
  out["severity"]["within_one"] = json_of(f.severity_near);
  out["categories_macro_f1"] = rounded(macro_f1(f.categories));
  for (const auto& [name, tally] : f.categories) out["categories"][name] = json_of(tally);
  for (const auto& [name, tally] : f.spans) out["spans"][name] = json_of(tally);
  out["all_spans"] = json_of(f.all_spans);
  out["patients"] = json_of(f.patients);
  out["recipients"] = {{"class", json_of(f.classes)}, {"risks", json_of(f.risks)}};
  for (const auto& [name, row] : f.groups) out["groups"][name] = {{"mails", row.mails}, {"right", row.right}, {"phi", row.phi}, {"prompts", row.prompts}};
  return out;
}

nlohmann::ordered_json baseline_of(const Figures& f) {
  Json out = {{"mails", f.mails}, {"phi_precision", rounded(precision(f.phi))}, {"phi_recall", rounded(recall(f.phi))},
              {"content_right", rounded(share(f.content.hits, f.content.of))}};
  if (f.clean_prompts.of > 0) out["prompts_per_1000_clean"] = rounded(per_thousand(f.clean_prompts));
  if (f.hard_prompts.of > 0) out["prompts_per_1000_hard"] = rounded(per_thousand(f.hard_prompts));
  for (const auto& [name, tally] : f.spans) {
    if (tally.right + tally.missed >= enough_cases) out["span_f1"][name] = rounded(f1(tally));
  }
  return out;
}

std::vector<std::string> worse_than(const nlohmann::json& committed, const nlohmann::json& now) {
  std::vector<std::string> out;
  const auto compare = [&](const std::string& name, const nlohmann::json& before, const nlohmann::json& after, bool small_is_good, double unit) {
    if (!before.is_number()) return;
    if (!after.is_number()) {
      out.push_back(name + " is not measured any more");
      return;
    }
    const double fall = (small_is_good ? after.get<double>() - before.get<double>() : before.get<double>() - after.get<double>()) / unit;
    if (fall > allowed_fall + 1e-9) out.push_back(line("%s: %.4f, was %.4f", name.c_str(), after.get<double>(), before.get<double>()));
  };
  const auto at = [](const nlohmann::json& object, const char* key) { return object.contains(key) ? object[key] : nlohmann::json(); };
  for (const auto* key : {"phi_precision", "phi_recall", "content_right"}) compare(key, at(committed, key), at(now, key), false, 1.0);
  for (const auto* key : {"prompts_per_1000_clean", "prompts_per_1000_hard"}) compare(key, at(committed, key), at(now, key), true, 1000.0);
  const auto now_spans = at(now, "span_f1");
  const auto committed_spans = at(committed, "span_f1");
  if (!committed_spans.is_object()) return out;
  for (const auto& [name, before] : committed_spans.items()) compare("span_f1 " + name, before, at(now_spans, name.c_str()), false, 1.0);
  return out;
}

}  // namespace phiscan::cli

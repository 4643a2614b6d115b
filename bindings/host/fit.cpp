#include "fit.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace phiscan::host {
namespace {

std::size_t size_of(const Json& json) { return to_text(json).size(); }

// Calls `at(number)` for each {finding:N} in the sentences; its answer replaces N.
void renumber(Json& lines, const auto& at) {
  constexpr std::string_view opening = "{finding:";
  for (auto& line : lines) {
    const auto text = line.find("text");
    if (text == line.end() || !text->is_string()) continue;
    std::string out, in = text->get<std::string>();
    std::size_t from = 0;
    for (auto found = in.find(opening); found != std::string::npos; found = in.find(opening, from)) {
      const auto begin = found + opening.size();
      std::size_t number = 0;
      const auto [end, error] = std::from_chars(in.data() + begin, in.data() + in.size(), number);
      out += in.substr(from, begin - from);
      from = static_cast<std::size_t>(end - in.data());
      out += error == std::errc() ? std::to_string(at(number)) : "";
    }
    *text = out + in.substr(from);
  }
}

// Keeps entries in order of `rank` (small first) while they fit; they stay in their old order.
template <typename Rank>
std::vector<std::size_t> best(const Json& list, std::size_t budget, Rank rank) {
  std::vector<std::size_t> order(list.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  std::vector<std::size_t> kept;
  for (const auto i : order) {
    const auto size = size_of(list[i]) + 1;
    if (size > budget) break;
    budget -= size;
    kept.push_back(i);
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

Json picked(const Json& list, const std::vector<std::size_t>& kept) {
  Json out = Json::array();
  for (const auto i : kept) out.push_back(list[i]);
  return out;
}

void cut_findings(Json& report, std::size_t budget, Json& left_out) {
  auto& findings = report["findings"];
  std::set<std::size_t> named;
  auto& lines = report["text"]["lines"];
  renumber(lines, [&](std::size_t number) {
    named.insert(number);
    return number;
  });
  const auto kept = best(findings, budget, [&](std::size_t i) { return named.contains(i) ? 0 : findings[i].value("counted", false) ? 1 : 2; });
  if (kept.size() == findings.size()) return;
  left_out["findings"] = findings.size() - kept.size();
  std::map<std::size_t, std::size_t> moved;
  for (std::size_t i = 0; i < kept.size(); ++i) moved[kept[i]] = i;
  findings = picked(findings, kept);
  renumber(lines, [&](std::size_t number) { return moved.contains(number) ? moved[number] : number; });
}

void cut_offers(Json& report, std::size_t budget, Json& left_out) {
  Json kept = Json::array(), gone = Json::array();
  for (auto& offer : report["offers"]) {
    const auto size = size_of(offer) + 1;
    if (size <= budget) {
      budget -= size;
      kept.push_back(std::move(offer));
    } else {
      gone.push_back(offer.value("kind", ""));
    }
  }
  if (!gone.empty()) left_out["offers"] = std::move(gone);
  report["offers"] = std::move(kept);
}

void cut_list(Json& report, const char* key, std::size_t budget, Json& left_out, const auto& rank) {
  const auto at = report.find(key);
  if (at == report.end() || !at->is_array()) return;
  const auto kept = best(*at, budget, [&](std::size_t i) { return rank((*at)[i]); });
  if (kept.size() == at->size()) return;
  left_out[key] = at->size() - kept.size();
  *at = picked(*at, kept);
}

}  // namespace

Json fit(Json& report, std::size_t budget) {
  if (size_of(report) <= budget) return nullptr;
  Json left_out = Json::object();
  const auto share = [&](std::size_t percent) { return budget / 100 * percent; };
  if (const auto explain = report.find("explain"); explain != report.end() && size_of(*explain) > share(20)) {
    left_out["explain"] = true;
    report.erase("explain");
  }
  const auto any = [](const Json&) { return 0; };
  cut_list(report, "warnings", share(5), left_out, any);
  cut_list(report, "gaps", share(5), left_out, any);
  cut_list(report, "recipients", share(15), left_out, [](const Json& one) { return one.value("risks", Json::array()).empty() ? 1 : 0; });
  cut_offers(report, share(25), left_out);
  cut_findings(report, share(25), left_out);
  return left_out;
}

}  // namespace phiscan::host

// Figures over many verdicts: precision, recall, intervals, tables; and the comparison with committed ones. Pure functions.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "gold.hpp"
#include "verdict.hpp"

namespace phiscan::cli {

struct Interval {
  double low = 0.0;
  double high = 1.0;
};
// Wilson's score interval, 95 %.
[[nodiscard]] Interval wilson(std::size_t hits, std::size_t of);

[[nodiscard]] double share(std::size_t hits, std::size_t of);
[[nodiscard]] double precision(const Tally& tally);
[[nodiscard]] double recall(const Tally& tally);
[[nodiscard]] double f1(const Tally& tally);

struct Rate {
  std::size_t hits = 0;
  std::size_t of = 0;
};

struct Figures {
  std::size_t mails = 0;
  std::size_t failed = 0;
  Tally phi;                                                   // message level
  Rate content;                                                // the answer is an accepted one
  std::map<std::string, std::map<std::string, Rate>> confusion;  // right answer -> given answer: accepted hits, all
  std::map<int, Rate> by_severity;                             // PHI recall per labelled severity
  Rate severity_exact, severity_near;
  std::map<std::string, Tally> categories;
  std::map<std::string, Tally> spans;
  Tally all_spans;
  std::size_t same_label = 0, unplaced = 0;
  Rate patients;
  Rate classes;
  Tally risks;
  Rate clean_prompts, hard_prompts;
  struct GroupRow {
    std::size_t mails = 0, right = 0, phi = 0, prompts = 0;
  };
  std::map<std::string, GroupRow> groups;
};

// Of the cases with this split; all for an empty one.
[[nodiscard]] Figures figures_of(const std::vector<Case>& cases, const std::vector<Verdict>& verdicts, const std::string& split);

[[nodiscard]] std::string table_of(const Figures& figures);
// Everything, for programs.
[[nodiscard]] nlohmann::ordered_json json_of(const Figures& figures);
// The few that are committed and may not fall.
[[nodiscard]] nlohmann::ordered_json baseline_of(const Figures& figures);
// One line per figure that is worse than `committed` by more than 0.002.
[[nodiscard]] std::vector<std::string> worse_than(const nlohmann::json& committed, const nlohmann::json& now);

}  // namespace phiscan::cli

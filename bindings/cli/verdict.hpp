// One labelled mail against one report: what was right, what was missed, what was made up. Holds rule ids and labels, never text of the
// mail. Pure functions.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gold.hpp"

namespace phiscan::cli {

struct Tally {
  std::size_t right = 0;
  std::size_t missed = 0;
  std::size_t wrong = 0;
  Tally& operator+=(const Tally& other);
};

struct Verdict {
  bool failed = false;        // no report
  std::string failure;        // its code
  std::string content = "-";  // the engine's answer
  int severity = 0;
  double confidence = 0.0;
  int enforced = 0;           // phiscan_action by the table
  std::string action;
  std::set<std::string> categories;
  int patients = 0;
  std::map<std::string, Tally> spans;   // by row
  std::size_t same_label = 0;           // right spans whose label is exactly the gold one (engine words only)
  std::size_t unplaced = 0;             // labels whose text is not in the part: a fault of the label or of the extraction
  std::size_t classes_right = 0, classes_labelled = 0;
  Tally risks;
  std::vector<std::string> rules;       // counted, "us.mrn x2"
  std::vector<std::string> missed;      // "name@subject"
  std::vector<std::string> made_up;     // "us.mrn@body.text"
  std::vector<std::string> weights;     // the engine's steps about persons, when explained

  [[nodiscard]] bool is_phi() const { return content == "phi"; }
  [[nodiscard]] bool prompts() const { return enforced >= 3; }
};

[[nodiscard]] Verdict judge(const Case& gold, const nlohmann::json& request, const nlohmann::json& report);

}  // namespace phiscan::cli

// Labelled mail: what a careful person says is in it. Two sources, one shape: a corpus folder (NAME.eml + NAME.labels.json) and a gold
// file (one JSON line per mail). Labels say what is right, never what the engine said.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::cli {

// Labels that mean the same kind of thing; a finding matches a label of its own group.
enum class Group { name, date, phone, email, ssn, card, place, age, net, id, other };
[[nodiscard]] Group group_of(std::string_view engine_label);

struct GoldSpan {
  std::string part;   // "body.text", "attachments/0/name"; "body" = either form of it
  std::string label;  // row of the table, in the words of its source
  std::string text;
  std::set<Group> groups;  // empty: any
};

struct GoldRecipient {
  std::string field;
  std::size_t index = 0;
  std::string type;
  std::set<std::string> risks;
};

struct Case {
  std::string id;
  std::string group;   // folder or subset
  std::string split;   // "tuning", "held_out" or empty
  std::filesystem::path mail;
  std::string content;
  std::set<std::string> accept;
  std::optional<int> severity;
  std::optional<std::set<std::string>> categories;
  std::optional<int> patients;
  std::vector<GoldSpan> spans;
  std::vector<GoldSpan> ignored;  // neither right nor wrong
  std::vector<GoldRecipient> recipients;
  bool has_spans = true;          // false: identifiers of this mail are not labelled
  bool lists_every_date = true;
  bool prompt_is_wrong = false;   // clean to anybody: nothing in it, no risky address
  bool is_hard = false;           // health text or the tricky middle, without a person

  // "email", "zip": the row of the span table a finding without a label counts in.
  [[nodiscard]] std::string row_of(std::string_view engine_label) const;
  bool in_engine_words = true;    // rows are engine labels; otherwise the gold file's own
};

struct GoldSet {
  std::vector<Case> cases;
};

// `gold` empty: a corpus folder, or PATH itself is a gold file. Throws Quit when there is nothing to measure.
[[nodiscard]] GoldSet read_gold(const std::filesystem::path& path, const std::filesystem::path& gold);

// {{ssn:N}} stands for a number that is never committed: valid in form, the same for the same N, made while running.
[[nodiscard]] std::string with_run_time_numbers(std::string text);

}  // namespace phiscan::cli

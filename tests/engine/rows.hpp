// The test matrix of the project (P1-P20 must be found, N1-N20 must be left alone) as whole requests with what is expected of each.
#pragma once

#include <string>
#include <vector>

#include "engine.hpp"

namespace phiscan::test {

struct Row {
  std::string id;
  Json request;
  std::vector<std::string> content{"phi"};  // accepted answers
  int least = 0, most = 4;                   // severity
  std::vector<std::string> categories;       // each must be there
  std::string audience;                      // "patient" also stands for "outside": their columns are equal for PHI
  std::string name;                          // of the patient, where the text names one
};

[[nodiscard]] const std::vector<Row>& positives();
[[nodiscard]] const std::vector<Row>& negatives();
// P12 in its plain form and as it may be disguised; all must get the same verdict.
[[nodiscard]] Json plain_ssn();
[[nodiscard]] std::vector<Row> disguised_ssn();

}  // namespace phiscan::test

#include "score/severity.hpp"

#include <algorithm>

namespace phiscan::score {
namespace {

// Health facts, against words that only say that there is care.
bool is_clinical(const Finding& finding) {
  switch (finding.label) {
    case Label::diagnosis: case Label::icd: case Label::medication: case Label::lab: case Label::vital: case Label::narrative: return finding.confidence >= 0.3;
    case Label::procedure: case Label::procedure_code: return finding.confidence >= 0.35;
    case Label::hl7v2: case Label::x12: case Label::fhir: case Label::ccda: case Label::dicom: case Label::table: return true;
    default: return false;
  }
}

int phi_severity(const Findings& findings) {
  bool clinical = false;
  bool revealing = false;
  SetOf<Label> labels;
  for (const auto& finding : findings.findings) {
    if (!finding.counted) continue;
    labels.add(finding.label);
    if (finding.kind == Kind::identity) continue;
    clinical = clinical || is_clinical(finding);
    revealing = revealing || (finding.label == Label::service && finding.confidence >= 0.4);
  }
  const bool money = labels.has_any({Label::member_id, Label::mbi, Label::claim, Label::account, Label::medicaid_id, Label::ssn_last4}) &&
                     labels.has_any({Label::billing, Label::insurance, Label::procedure_code, Label::icd, Label::referral});
  const bool chart = labels.has_any({Label::date_of_birth, Label::mrn, Label::ssn_last4});
  const bool named_chart = labels.has(Label::mrn) && labels.has(Label::name);
  int severity = clinical || revealing || money || named_chart ? 3 : chart || labels.has(Label::document) ? 2 : 1;
  // A first name or initials alone keep it lower.
  const double identity = std::max_element(findings.persons.begin(), findings.persons.end(), [](const Person& a, const Person& b) { return a.identity < b.identity; })->identity;
  if (identity < 0.65 && severity == 3 && !labels.has(Label::name)) severity = 2;
  if (labels.has_any({Label::ssn, Label::mbi})) severity = 4;
  const auto patients = findings.persons.size();
  if (patients >= 2 && severity >= 2) ++severity;
  if (patients >= 10) severity = 4;
  const bool sensitive = std::any_of(findings.categories.begin(), findings.categories.end(), [](Category category) { return is_sensitive(category) && category != Category::minor; });
  if (sensitive && clinical) severity = 4;
  return std::min(severity, 4);
}

}  // namespace

bool is_strong_identifier(Label label) {
  return label == Label::ssn || label == Label::card || label == Label::bank || label == Label::passport || label == Label::license;
}

void grade(Findings& findings) {
  if (findings.content == Content::none) return;
  const bool is_phi = findings.content == Content::phi;
  SetOf<Category> categories;
  for (const auto& finding : findings.findings) {
    if (!finding.counted) continue;
    // Sensitive categories from weak words need better company than a guess.
    if (finding.category && (!is_sensitive(*finding.category) || finding.confidence >= 0.3)) categories.add(*finding.category);
    if (!is_phi) continue;
    if (finding.label == Label::lab) categories.add(Category::lab);
    if (finding.label == Label::medication) categories.add(Category::medication);
    if (finding.label == Label::diagnosis || finding.label == Label::icd) categories.add(Category::diagnosis);
    if (finding.label == Label::vital) categories.add(Category::vitals);
  }
  if (is_phi && findings.persons.size() >= 5) categories.add(Category::bulk);
  categories.each([&](Category category) { findings.categories.insert(category); });
  if (is_phi) {
    findings.severity = phi_severity(findings);
  } else if (findings.content == Content::identity) {
    const bool strong = std::any_of(findings.findings.begin(), findings.findings.end(), [](const Finding& finding) { return finding.counted && is_strong_identifier(finding.label); });
    findings.severity = strong ? 2 : 1;
  }
}

}  // namespace phiscan::score

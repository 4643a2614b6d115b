#include "decide/file_names.hpp"

#include <doctest/doctest.h>

using phiscan::decide::is_clinical_name;

TEST_CASE("names that say clinical in anybody's mail") {
  for (const char* name : {"labs.pdf", "Doe_Jane_labs2024.pdf", "LabResults.pdf", "lab results 11-22.pdf", "biopsy_report.docx", "insurance card front.jpg",
                           "ID-front.jpg", "x-ray.dcm", "Prior_Auth_form.pdf", "discharge summary.pdf", "UB04.pdf", "historia clínica.pdf", "laboratorio.pdf",
                           "face-sheet.pdf", "treatment plan.pdf"}) {
    CAPTURE(name);
    CHECK(is_clinical_name(name, false));
  }
}

TEST_CASE("names of ordinary files") {
  for (const char* name : {"", "agenda.pdf", "org chart.pdf", "HP printer.pdf", "report Mar 2024.xlsx", "claim summary.doc", "ROI.xlsx", "invoice 837.pdf",
                           "software license.txt", "image001.png", "notes.txt", "summary report.pdf", "slabs.pdf", "collaborate.doc", ".labs"}) {
    CAPTURE(name);
    const bool hidden_file = std::string_view(name) == ".labs";
    CHECK(is_clinical_name(name, false) == hidden_file);
  }
}

TEST_CASE("a clinic's own words count alone in a clinic") {
  for (const char* name : {"chart.pdf", "claim 12.pdf", "Medical.pdf", "rx.pdf", "referral.pdf", "ct.dcm"}) {
    CAPTURE(name);
    CHECK(is_clinical_name(name, true));
    CHECK_FALSE(is_clinical_name(name, false));
  }
  CHECK_FALSE(is_clinical_name("agenda.pdf", true));
  CHECK_FALSE(is_clinical_name("annual report.pdf", true));
}

// Column names of clinic exports in English and Spanish, and what a cell below them must look like to count. The same names are the
// keys of plain JSON. Used by the table and JSON-rows readers only.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "detect/structure_readers.hpp"

namespace phiscan::detect {

enum class Field : std::uint8_t {
  // whose row it is
  name, first, last, middle, initials, dob, ssn, mrn, member, mbi, medicaid, account, claim, encounter, accession, prescription, license, other_id,
  phone, fax, email, address, city, zip,
  // health and payment
  diagnosis, icd, cpt, procedure, medication, lab, result, analyte, vital, allergy, reason, insurance, billing, service_date, appointment, referral, narrative,
  // around it
  provider, npi, neutral,
  // signs that the rows are not patients
  staff, catalogue, animal,
};

struct Column {
  Field field = Field::neutral;
  bool of_patient = false;  // the name itself says patient, or only patients have it
};

// A header cell or JSON key; case, "_", ".", "#", spaces, camelCase and a note in parentheses do not matter. `neutral` is also what is
// known but says nothing (sex, state). False for an unknown name.
[[nodiscard]] bool column_named(std::string_view header, Column& column);

[[nodiscard]] inline bool is_person_field(Field field) { return field <= Field::zip; }
[[nodiscard]] inline bool is_health_field(Field field) { return field >= Field::diagnosis && field <= Field::narrative; }

// "Sample Patient", "ZZTest, Anna": a made-up person; the whole row is.
[[nodiscard]] bool is_sample_name(std::string_view cell);

// The light check of a cell, and under which label it is kept. False: the cell is empty, a placeholder or something else.
[[nodiscard]] bool cell_meaning(Column column, std::string_view cell, Kind& kind, Label& label);

// What a set of columns is worth.
class ColumnSet {
 public:
  void add(Column column);
  // The columns may describe patients at all: not staff, goods, animals, codes with prices, or a mere contact list.
  [[nodiscard]] bool describes_people() const;
  // Results of one unnamed person: test, value and unit or range.
  [[nodiscard]] bool is_result_list() const { return has_lab_ && has_result_ && has_range_ && person_ == 0; }
  // What is filled makes the table health evidence: a column that only patients have, or one about health or payment.
  [[nodiscard]] bool is_clinical(bool of_patient, bool strong_health, bool weak_health) const {
    return of_patient || strong_health || (weak_health && identifying_ > 0);
  }
  void set_range() { has_range_ = true; }
  [[nodiscard]] static bool is_strong_health(Field field);

 private:
  int person_ = 0;       // any person column
  int of_patient_ = 0;
  int identifying_ = 0;  // birth date, record and plan numbers
  int names_ = 0;
  int strong_health_ = 0;
  int weak_health_ = 0;
  int staff_ = 0;
  int catalogue_ = 0;
  int animals_ = 0;
  bool has_address_ = false;
  bool has_split_name_ = false;
  bool has_lab_ = false;
  bool has_result_ = false;
  bool has_range_ = false;
};

}  // namespace phiscan::detect

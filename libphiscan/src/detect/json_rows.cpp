// JSON that is not FHIR: an object whose keys are column names is a row, an array of them a table.
#include <algorithm>

#include "detect/columns.hpp"
#include "detect/json_values.hpp"
#include "detect/structure_readers.hpp"

namespace phiscan::detect {
namespace {

class Rows {
 public:
  Rows(Payload& payload, const std::vector<JsonValue>& values, std::string_view norm) : payload_(payload), values_(values), norm_(norm), taken_(values.size()) {}

  void read() {
    for (std::uint32_t i = 1; i < values_.size(); ++i) {
      if (values_[i].type == JsonValue::Type::object && !taken_[i]) row(i);
    }
  }

 private:
  enum class Inside : std::uint8_t { row, patient, clinician, insurance };

  struct Cell {
    Kind kind;
    Label label;
    Span value;
    Column column;
  };

  void row(std::uint32_t object) {
    cells_.clear();
    objects_.clear();
    set_ = {};
    is_fhir_ = false;
    collect(object, Inside::row, 0);
    if (is_fhir_ || !set_.describes_people()) return;
    const auto persons = std::count_if(cells_.begin(), cells_.end(), [](const Cell& cell) { return is_person_field(cell.column.field) && cell.column.field < Field::phone; });
    if (persons == 0 || cells_.size() < 2) return;
    for (const auto inner : objects_) taken_[inner] = true;
    const auto record = payload_.new_record();
    bool of_patient = false;
    bool strong = false;
    bool weak = false;
    for (const Cell& cell : cells_) {
      payload_.add(cell.kind, cell.label, cell.value, record);
      of_patient = of_patient || cell.column.of_patient;
      const bool health = cell.kind == Kind::health || cell.column.field == Field::service_date;
      strong = strong || (health && ColumnSet::is_strong_health(cell.column.field));
      weak = weak || health;
    }
    payload_.cover(values_[object].value);
    if (set_.is_clinical(of_patient, strong, weak)) payload_.set_clinical();
  }

  void collect(std::uint32_t object, Inside inside, int depth) {
    constexpr int deepest = 4;
    if (depth > deepest) return;
    for (auto i = values_[object].first; i != 0; i = values_[i].next) {
      const std::string_view key = values_[i].key.of(norm_);
      if (key == "resourceType") is_fhir_ = true;
      Column column;
      const bool known = column_named(key, column);
      switch (values_[i].type) {
        case JsonValue::Type::object:
          objects_.push_back(i);
          collect(i, known ? place_of(column, inside) : inside, depth + 1);
          break;
        case JsonValue::Type::array:
          if (known && is_health_field(column.field)) list(i, column);
          break;
        case JsonValue::Type::string:
        case JsonValue::Type::other:
          if (known) scalar(i, in_place(column, inside));
          break;
      }
    }
  }

  static Inside place_of(Column column, Inside outer) {
    if (column.of_patient) return Inside::patient;
    if (column.field == Field::provider) return Inside::clinician;
    if (column.field == Field::insurance) return Inside::insurance;
    return outer;
  }

  static Column in_place(Column column, Inside inside) {
    const bool is_name = column.field <= Field::middle;
    if (inside == Inside::patient && is_person_field(column.field)) column.of_patient = true;
    if (inside == Inside::clinician && is_person_field(column.field)) column = {is_name ? Field::provider : Field::neutral, false};
    if (inside == Inside::insurance && is_name) column = {Field::insurance, false};
    return column;
  }

  void scalar(std::uint32_t value, Column column) {
    set_.add(column);
    Cell cell{Kind::identity, Label::other_id, values_[value].value, column};
    if (cell_meaning(column, cell.value.of(norm_), cell.kind, cell.label)) cells_.push_back(cell);
  }

  // "medications": ["metformin 500 mg"] or [{"name": "metformin", ...}]
  void list(std::uint32_t array, Column column) {
    constexpr int most = 200;
    int count = 0;
    for (auto i = values_[array].first; i != 0 && count < most; i = values_[i].next, ++count) {
      if (values_[i].is_scalar()) {
        scalar(i, column);
      } else if (values_[i].type == JsonValue::Type::object) {
        objects_.push_back(i);
        for (const std::string_view key : {"name", "text", "description", "display", "code", "test", "drug", "value", "result"}) {
          const auto found = member(values_, norm_, i, key);
          if (found != 0 && values_[found].is_scalar()) scalar(found, column);
        }
      }
    }
  }

  Payload& payload_;
  const std::vector<JsonValue>& values_;
  std::string_view norm_;
  std::vector<bool> taken_;
  std::vector<Cell> cells_;
  std::vector<std::uint32_t> objects_;
  ColumnSet set_;
  bool is_fhir_ = false;
};

}  // namespace

std::vector<Structured> read_json_rows(std::string_view norm) {
  std::vector<Structured> out;
  if (norm.find("\":") == std::string_view::npos && norm.find("\" :") == std::string_view::npos) return out;
  const auto values = find_json(norm);
  Payload payload(Label::table, norm);
  Rows(payload, values, norm).read();
  payload.finish(out);
  return out;
}

}  // namespace phiscan::detect

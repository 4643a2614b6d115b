// Tables in a text: comma, semicolon, tab or bar between the cells (HTML cells are tabs by now), or columns aligned with spaces. A header
// row names the columns; or each row is a name and a value. Rows of staff, goods, codes with prices and animals are left out.
#include <algorithm>
#include <array>
#include <bitset>
#include <optional>

#include "detect/columns.hpp"
#include "detect/structure_readers.hpp"

namespace phiscan::detect {
namespace {

constexpr std::size_t most_cells = 64;
constexpr std::size_t longest_row = 6'000;
constexpr char aligned = ' ';  // two or more spaces

struct Row {
  std::vector<Span> cells;
  std::size_t end = 0;  // behind its line end
};

bool is_blank(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t' || c == '>' || c == '\r'; });
}

// "|---|:--:|", "+-----+", "=====": drawn, not said.
bool is_rule(std::string_view line) {
  return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) {
    return c == '-' || c == '|' || c == ':' || c == '+' || c == '=' || c == '_' || c == ' ' || c == '\t' || c == ',' || c == ';';
  });
}

// A quick look at the first cells, which refuses nearly every line of prose: one of them must be a column name.
bool may_begin_table(std::string_view line, char separator) {
  constexpr int cells_seen = 6;
  constexpr std::size_t longest_name = 40;
  std::size_t end = line.find(separator);
  if (end == std::string_view::npos) return false;
  for (int i = 0; i < cells_seen; ++i) {
    if (end > longest_name + 10) {
      if (separator == ',') return false;  // no header has such a cell, and a list of values none before it
    } else {
      std::string_view cell = line.substr(0, end);
      while (!cell.empty() && (cell.front() == ' ' || cell.front() == '"' || cell.front() == '>')) cell.remove_prefix(1);
      while (!cell.empty() && (cell.back() == ' ' || cell.back() == '"')) cell.remove_suffix(1);
      Column column;
      if (column_named(cell, column)) return true;
    }
    if (end >= line.size()) return false;
    line.remove_prefix(end + 1);
    end = std::min(line.find(separator), line.size());
  }
  return false;
}

// Two spaces in a row: one of any two lies at an even place.
bool has_wide_gap(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); i += 2) {
    if (line[i] == ' ' && ((i > 0 && line[i - 1] == ' ') || (i + 1 < line.size() && line[i + 1] == ' '))) return true;
  }
  return false;
}

class Reader {
 public:
  explicit Reader(std::string_view norm) : norm_(norm) {}

  std::vector<Structured> read() {
    std::size_t at = 0;
    while (at < norm_.size()) at = table_at(at);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::size_t line_end(std::size_t at) const { return std::min(norm_.find('\n', at), norm_.size()); }

  // Reads the table whose first row is the line at `at`, if there is one; returns where to go on.
  std::size_t table_at(std::size_t at) {
    const std::size_t end = line_end(at);
    const std::size_t next = std::min(end + 1, norm_.size());
    const std::string_view line = norm_.substr(at, end - at);
    if (line.size() < 5 || line.size() > longest_row) return next;
    for (const char separator : {'\t', '|', ';', ','}) {
      if (!may_begin_table(line, separator)) continue;
      if (const std::size_t after = try_separator(at, separator); after != 0) return after;
    }
    if (line.size() <= 400 && has_wide_gap(line)) {
      if (const std::size_t after = try_separator(at, aligned); after != 0) return after;
    }
    return next;
  }

  // Zero: no table with this separator.
  std::size_t try_separator(std::size_t at, char separator) {
    separator_ = separator;
    row(at, header_);
    if (header_.cells.size() < 2) return 0;
    if (read_header()) return body();
    Column column;
    if (separator != aligned && header_.cells.size() <= 3 && column_named(header_.cells[0].of(norm_), column)) return pairs(at);
    return 0;
  }

  // ---- rows ------------------------------------------------------------------------------------------------------------

  void row(std::size_t at, Row& out) {
    out.cells.clear();
    while (at < norm_.size() && (norm_[at] == '>' || (norm_[at] == ' ' && separator_ != aligned))) ++at;
    const std::size_t last = std::min(norm_.size(), at + longest_row);
    if (separator_ == '|' && at < last && norm_[at] == '|') ++at;
    for (;;) {
      const std::size_t end = cell_end(at, last);
      if (out.cells.size() < most_cells) out.cells.push_back(unquoted(span_of(at, end)));
      if (end >= last || norm_[end] == '\n') {
        out.end = end < norm_.size() && norm_[end] == '\n' ? end + 1 : (end >= norm_.size() ? norm_.size() : line_end(end));
        break;
      }
      at = end + 1;
      if (separator_ == aligned) {
        while (at < last && norm_[at] == ' ') ++at;
      }
    }
    if (separator_ == '|' && out.cells.size() > 1 && out.cells.back().empty()) out.cells.pop_back();
    if (separator_ == aligned && !out.cells.empty() && out.cells.front().empty()) out.cells.erase(out.cells.begin());
  }

  [[nodiscard]] std::size_t cell_end(std::size_t at, std::size_t last) {
    const std::string_view text = norm_.substr(0, last);
    if (separator_ == aligned) {
      const std::size_t end = std::min(text.find('\n', at), last);
      return std::min(text.substr(0, end).find("  ", at), end);
    }
    std::size_t from = at;
    while (from < last && norm_[from] == ' ') ++from;
    if (from < last && norm_[from] == '"' && from >= no_quote_before_) {
      // A quoted cell may hold separators, doubled quotes and line ends.
      std::size_t i = from + 1;
      for (;;) {
        i = text.find('"', i);
        if (i == std::string_view::npos) {
          no_quote_before_ = last;
          break;
        }
        if (i + 1 < last && norm_[i + 1] == '"') {
          i += 2;
          continue;
        }
        std::size_t behind = i + 1;
        while (behind < last && norm_[behind] == ' ') ++behind;
        if (behind >= last || norm_[behind] == separator_ || norm_[behind] == '\n') return behind;
        break;  // a quote inside a plain cell
      }
    }
    while (at < last && norm_[at] != separator_ && norm_[at] != '\n') ++at;
    return at;
  }

  [[nodiscard]] Span unquoted(Span cell) const {
    cell = trimmed(norm_, cell);
    if (cell.size() >= 2 && norm_[cell.begin] == '"' && norm_[cell.end - 1] == '"') {
      ++cell.begin;
      --cell.end;
    }
    return trimmed(norm_, cell);
  }

  // ---- a header row and rows below it ----------------------------------------------------------------------------------

  bool read_header() {
    const bool any = std::any_of(header_.cells.begin(), header_.cells.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(header_.cells.size(), 6)), [&](Span cell) {
      Column column;
      return column_named(cell.of(norm_), column);
    });
    if (!any) return false;
    columns_.assign(header_.cells.size(), std::nullopt);
    set_ = {};
    std::size_t known = 0;
    std::size_t long_cells = 0;
    for (std::size_t i = 0; i < header_.cells.size(); ++i) {
      const std::string_view cell = header_.cells[i].of(norm_);
      if (cell.empty()) continue;
      Column column;
      if (cell.size() > 40) ++long_cells;
      if (!column_named(cell, column)) continue;
      if (cell.ends_with(':')) return false;  // a line of labels, "Name: \t Jane": other rules read those
      columns_[i] = column;
      set_.add(column);
      const std::string lower = lower_ascii(cell);
      if (lower.find("range") != std::string::npos || lower.starts_with("unit") || lower == "flag" || lower.starts_with("reference")) set_.set_range();
      if (column.field != Field::neutral) ++known;
    }
    if (known < 2 && !(known == 1 && header_.cells.size() >= 3 && has_patient())) return false;
    const bool loose = separator_ == ',' || separator_ == aligned;
    return !loose || (long_cells == 0 && named() * 2 >= header_.cells.size());
  }

  [[nodiscard]] bool has_patient() const {
    return std::any_of(columns_.begin(), columns_.end(), [](const auto& column) { return column && column->of_patient; });
  }
  [[nodiscard]] std::size_t named() const {
    return static_cast<std::size_t>(std::count_if(columns_.begin(), columns_.end(), [](const auto& column) { return column.has_value(); }));
  }

  std::size_t body() {
    constexpr int most_misses = 20;
    const std::size_t first = header_.end;
    const bool people = set_.describes_people();
    if (!people && !set_.is_result_list()) return first;
    Payload payload(Label::table, norm_);
    std::size_t at = first;
    std::size_t end = first;
    int misses = 0;
    bool gap = false;
    strong_filled_ = weak_filled_ = patient_filled_ = false;
    while (at < norm_.size()) {
      const std::size_t line = line_end(at);
      const std::string_view text = norm_.substr(at, std::min(line - at, longest_row));
      if (is_blank(text)) {
        if (gap) break;
        gap = true;
        at = line + 1;
        continue;
      }
      if (is_rule(text)) {
        at = line + 1;
        continue;
      }
      row(at, row_);
      join_broken_row();
      if (separator_ == '\t' && row_.cells.size() == 1 && misses < most_misses && !gap) {  // a heading inside the table
        misses += most_misses / 2;
        at = row_.end;
        continue;
      }
      if (!fits() || is_header_again()) break;
      const bool kept = people ? person_row(payload) : result_row(payload);
      if (!kept && (gap || ++misses > most_misses)) break;
      if (kept) {
        misses = 0;
        end = row_.end;
      }
      gap = false;
      at = row_.end;
    }
    if (end == first) return first;
    payload.cover(span_of(header_.cells.front().begin, trimmed(norm_, span_of(first, end)).end));
    if (set_.is_clinical(patient_filled_, strong_filled_, weak_filled_) || !people) payload.set_clinical();
    payload.finish(out_);
    return end;
  }

  // A cell with line breaks inside makes the row come in pieces.
  void join_broken_row() {
    constexpr int most_pieces = 6;
    if (separator_ != '\t') return;
    const std::size_t wanted = header_.cells.size();
    for (int i = 0; i < most_pieces && row_.cells.size() < wanted && row_.end < norm_.size() && norm_[row_.end] != '\n'; ++i) {
      row(row_.end, piece_);
      const std::size_t together = row_.cells.size() + piece_.cells.size() - 1;
      if (together > wanted || (piece_.cells.size() == 1 && row_.cells.size() == 1)) return;
      if (piece_.cells.size() == wanted && !is_surname_below()) return;  // a whole row: the one before was short
      if (i == 0 && together < wanted && piece_.cells.size() > 1 && row_.cells.size() > 1) return;  // two short rows
      row_.cells.back().end = piece_.cells.front().end;
      row_.cells.insert(row_.cells.end(), piece_.cells.begin() + 1, piece_.cells.end());
      row_.end = piece_.end;
    }
  }

  // "Doreen" in a line of its own, "Amankwah" in the first cell of the next.
  [[nodiscard]] bool is_surname_below() const {
    if (!columns_[0] || columns_[0]->field != Field::name || row_.cells.size() != 1) return false;
    const auto is_word = [&](Span cell) { return letter_count(cell.of(norm_)) > 1 && cell.of(norm_).find(' ') == std::string_view::npos; };
    return is_word(row_.cells[0]) && is_word(piece_.cells[0]);
  }

  bool fits() {
    const std::size_t wanted = header_.cells.size();
    const std::size_t got = row_.cells.size();
    if (separator_ == ',') {
      if (got == wanted + 1) return merge_name();
      return got == wanted || (got + 1 == wanted && wanted > 2);
    }
    if (separator_ == aligned) {
      if (got < 2 || got > wanted) return false;
      if (got < wanted) place_aligned();
      return true;
    }
    return got >= 2 && got <= wanted + 2;
  }

  // Doe, Jane in a file without quotes.
  bool merge_name() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i] || columns_[i]->field != Field::name || i + 1 >= row_.cells.size()) continue;
      const auto word = [&](std::size_t at) {
        const std::string_view cell = row_.cells[at].of(norm_);
        return letter_count(cell) >= 1 && digit_count(cell) == 0 && cell.size() < 30;
      };
      if (!word(i) || !word(i + 1)) continue;
      row_.cells[i].end = row_.cells[i + 1].end;
      row_.cells.erase(row_.cells.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      return true;
    }
    return false;
  }

  // Cells of a short row go under the header that begins nearest to them.
  void place_aligned() {
    const auto column_of = [&](std::size_t at) {
      const std::size_t line = at == 0 ? 0 : norm_.rfind('\n', at - 1);
      return static_cast<std::ptrdiff_t>(line == std::string_view::npos ? at : at - line - (at == 0 ? 0 : 1));
    };
    std::vector<Span> placed(header_.cells.size());
    for (const Span cell : row_.cells) {
      std::size_t best = 0;
      std::ptrdiff_t distance = PTRDIFF_MAX;
      for (std::size_t i = 0; i < header_.cells.size(); ++i) {
        const std::ptrdiff_t apart = std::abs(column_of(cell.begin) - column_of(header_.cells[i].begin));
        if (apart < distance) {
          best = i;
          distance = apart;
        }
      }
      if (placed[best].empty()) placed[best] = cell;
    }
    row_.cells = std::move(placed);
  }

  [[nodiscard]] bool is_header_again() const {
    std::size_t known = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, row_.cells.size()); ++i) {
      Column column;
      if (column_named(row_.cells[i].of(norm_), column) && column.field != Field::neutral) ++known;
    }
    return known >= 2;
  }

  struct Value {
    Kind kind;
    Label label;
    Span cell;
    Column column;
  };

  void collect() {
    values_.clear();
    for (std::size_t i = 0; i < std::min(row_.cells.size(), columns_.size()); ++i) {
      if (!columns_[i] || row_.cells[i].empty()) continue;
      Value value{Kind::identity, Label::other_id, row_.cells[i], *columns_[i]};
      if (value.column.field <= Field::middle && is_sample_name(value.cell.of(norm_))) {
        values_.clear();
        return;
      }
      if (cell_meaning(value.column, value.cell.of(norm_), value.kind, value.label)) values_.push_back(value);
    }
  }

  bool person_row(Payload& payload) {
    collect();
    std::size_t persons = 0;
    std::size_t health = 0;
    bool of_patient = false;
    for (const Value& value : values_) {
      if (is_person_field(value.column.field) && value.column.field < Field::phone) ++persons;
      if (value.kind == Kind::health) ++health;
      of_patient = of_patient || value.column.of_patient;
    }
    const bool enough = values_.size() >= 2 || (of_patient && row_.cells.size() == header_.cells.size());
    if (persons > 0 && enough) {
      keep(payload, payload.new_record());
      return true;
    }
    // The second diagnosis of the person above: the identity cells are empty.
    const bool empty_person = std::none_of(columns_.begin(), columns_.end(), [&](const auto& column) {
      const auto at = static_cast<std::size_t>(&column - columns_.data());
      return column && is_person_field(column->field) && at < row_.cells.size() && !row_.cells[at].empty();
    });
    if (payload.record() == 0 || health == 0 || !empty_person) return false;
    keep(payload, payload.record());
    return true;
  }

  void keep(Payload& payload, std::uint32_t record) {
    for (const Value& value : values_) {
      payload.add(value.kind, value.label, value.cell, record);
      patient_filled_ = patient_filled_ || value.column.of_patient;
      const bool health = value.kind == Kind::health || value.column.field == Field::service_date;
      strong_filled_ = strong_filled_ || (health && ColumnSet::is_strong_health(value.column.field));
      weak_filled_ = weak_filled_ || health;
    }
  }

  bool result_row(Payload& payload) {
    collect();
    bool named = false;
    bool measured = false;
    for (const Value& value : values_) {
      named = named || value.column.field == Field::lab;
      measured = measured || (value.column.field == Field::result && digit_count(value.cell.of(norm_)) > 0);
    }
    if (!named || !measured) return false;
    for (const Value& value : values_) {
      if (value.kind == Kind::health) payload.health(value.label, value.cell, no_person);
    }
    return true;
  }

  // ---- a name and a value a row ----------------------------------------------------------------------------------------

  std::size_t pairs(std::size_t at) {
    Payload payload(Label::table, norm_);
    set_ = {};
    strong_filled_ = weak_filled_ = patient_filled_ = false;
    std::bitset<64> seen;
    std::size_t persons = 0;
    std::size_t end = 0;
    struct Pair {
      Value value;
      std::uint32_t record;
    };
    std::vector<Pair> found;
    std::uint32_t record = 1;
    while (at < norm_.size()) {
      row(at, row_);
      if (row_.cells.size() < 2 || row_.cells.size() > 3 || found.size() > 20'000) break;
      const std::string_view name = row_.cells[0].of(norm_);
      Column column;
      if (name.empty() || name.ends_with(':')) break;
      if (column_named(name, column)) {
        Value value{Kind::identity, Label::other_id, row_.cells[1], column};
        set_.add(column);
        if (cell_meaning(column, value.cell.of(norm_), value.kind, value.label)) {
          const auto field = static_cast<std::size_t>(column.field);
          if (seen.test(field) && (column.field <= Field::mrn) && column.field != Field::middle) {
            ++record;
            seen.reset();
          }
          seen.set(field);
          if (is_person_field(column.field)) ++persons;
          found.push_back({value, record});
        }
      } else if (found.empty()) {
        break;
      }
      end = row_.end;
      at = row_.end;
    }
    if (persons < 2 || found.size() < 2 || !set_.describes_people()) return 0;
    const std::size_t begin = found.front().value.cell.begin;
    for (std::uint32_t i = 0; i < record; ++i) payload.new_record();
    for (const Pair& pair : found) {
      values_.assign(1, pair.value);
      keep(payload, pair.record);
    }
    payload.cover(span_of(begin, trimmed(norm_, span_of(begin, end)).end));
    if (set_.is_clinical(patient_filled_, strong_filled_, weak_filled_)) payload.set_clinical();
    payload.finish(out_);
    return end;
  }

  std::string_view norm_;
  std::vector<Structured> out_;
  char separator_ = ',';
  std::size_t no_quote_before_ = 0;  // no closing quote lies before this offset
  Row header_;
  Row row_;
  Row piece_;
  std::vector<std::optional<Column>> columns_;
  ColumnSet set_;
  std::vector<Value> values_;
  bool strong_filled_ = false;
  bool weak_filled_ = false;
  bool patient_filled_ = false;
};

}  // namespace

std::vector<Structured> read_tables(std::string_view norm) {
  if (norm.find('\n') == std::string_view::npos) return {};
  return Reader(norm).read();
}

}  // namespace phiscan::detect

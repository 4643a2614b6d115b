// HL7 version 2 messages, whole or a few segments of them, as they are pasted: one segment a line, or several in one line.
#include <array>
#include <utility>

#include "detect/structure_readers.hpp"
#include "detect/validators.hpp"

namespace phiscan::detect {
namespace {

constexpr std::array<std::string_view, 24> segments{"MSH", "PID", "NK1", "PV1", "OBR", "OBX", "DG1", "IN1", "RXE", "RXO", "RXD", "RXA",
                                                    "AL1", "PR1", "GT1", "NTE", "ORC", "EVN", "PD1", "IAM", "SCH", "AIS", "PV2", "MRG"};

struct Segment {
  std::size_t begin = 0;  // of its name
  std::string_view name;
};

// The next segment name with its bar, at the start of a line or after a break inside one.
bool find_segment(std::string_view norm, std::size_t& from, Segment& segment) {
  for (std::size_t bar = norm.find('|', from); bar != std::string_view::npos; bar = norm.find('|', bar + 1)) {
    if (bar < from + 3 || bar < 3 || !is_ascii_upper(norm[bar - 3])) continue;
    if (bar > 3) {
      const char before = norm[bar - 4];
      if (is_letter_byte(before) || is_ascii_digit(before) || before == '_' || before == '|' || before == '^') continue;
    }
    const std::string_view name = norm.substr(bar - 3, 3);
    for (const auto known : segments) {
      if (name != known) continue;
      segment = {bar - 3, known};
      from = bar;
      return true;
    }
  }
  return false;
}

class Message {
 public:
  Message(Payload& payload, std::string_view norm) : payload_(payload), norm_(norm) {}

  void read(const Segment& segment, std::size_t end) {
    constexpr std::size_t most_fields = 60;
    constexpr std::size_t shortest = 10;  // "DG1|1||I10"
    if (end - segment.begin < shortest && segment.name != "MSH") return;
    const Span whole = span_of(segment.begin, end);
    fields_ = split(norm_, whole, '|', most_fields);
    const std::string_view name = segment.name;
    if (name == "PID") return person();
    if (name == "MSH") {
      person_ = no_person;  // the next message is about somebody else until its PID says so
    } else if (name == "NK1") {
      names(2, Label::name);
      address(4);
      phone(5);
    } else if (name == "GT1") {
      names(3, Label::name);
      address(5);
      phone(6);
      number(12, Label::ssn, 4);
    } else if (name == "PV1") {
      for (const std::size_t at : {7U, 8U, 9U, 17U}) clinician(at);
      number(19, Label::encounter, 3);
    } else if (name == "OBR") {
      if (filled(4)) payload_.health(Label::lab, words(4), person_);
      number(3, Label::accession, 4);
      clinician(16);
    } else if (name == "OBX") {
      result();
    } else if (name == "DG1") {
      diagnosis();
    } else if (name == "IN1") {
      id(36, Label::member_id);
      id(49, Label::member_id);
      if (filled(4)) payload_.health(Label::insurance, first_component(4), person_);
    } else if (name == "RXE" || name == "RXD") {
      payload_.health(Label::medication, words(2), person_);
    } else if (name == "RXO") {
      payload_.health(Label::medication, words(1), person_);
    } else if (name == "RXA") {
      payload_.health(Label::medication, words(5), person_);
    } else if (name == "AL1" || name == "IAM") {
      payload_.health(Label::diagnosis, words(3), person_);
    } else if (name == "PR1") {
      payload_.health(Label::procedure, words(3), person_);
    } else if (name == "NTE") {
      if (payload_.has_health() && letter_count(field(3).of(norm_)) > 5) payload_.health(Label::narrative, field(3), person_);
    }
  }

 private:
  void person() {
    const auto name = first_repetition(5);
    const bool has_name = letter_count(name.of(norm_)) > 1 && !is_made_up(name);
    const bool has_id = digit_count(field(3).of(norm_)) >= 3;
    if (!has_name && !has_id) {
      person_ = no_person;
      return;
    }
    person_ = payload_.new_record();
    payload_.set_clinical();
    for (const Span id : split(norm_, field(3), '~', 6)) identifier(id);
    identifier(first_repetition(2));
    names(5, Label::name);
    if (const Span born = compact_date(norm_, field(7)); !born.empty()) payload_.identity(Label::date_of_birth, born, person_);
    address(11);
    phone(13);
    phone(14);
    id(18, Label::account);
    number(19, Label::ssn, 4);
    number(20, Label::license, 4);
  }

  // Identifiers say their own type: 00998127^^^VAL^MR.
  void identifier(Span repetition) {
    const auto parts = split(norm_, repetition, '^', 6);
    const Span value = parts[0];
    if (digit_count(value.of(norm_)) < 3) return;
    const std::string_view type = parts.size() > 4 ? trimmed(norm_, parts[4]).of(norm_) : std::string_view{};
    Label label = Label::mrn;
    if (type == "SS") label = Label::ssn;
    if (type == "AN") label = Label::account;
    if (type == "DL") label = Label::license;
    if (type == "PPN") label = Label::passport;
    if (type == "MC") label = Label::mbi;
    if (type == "MA") label = Label::medicaid_id;
    if (type == "MB" || type == "HC") label = Label::member_id;
    if (type == "VN") label = Label::encounter;
    payload_.identity(label, value, person_);
  }

  void result() {
    const std::string_view type = trimmed(norm_, field(2)).of(norm_);
    if (type == "ED" || type == "RP" || !filled(5)) return;  // an embedded document
    const Label label = type == "TX" || type == "FT" ? Label::narrative : Label::lab;
    const Span value = label == Label::narrative ? field(5) : words(5);
    if (value.empty() || !payload_.health(label, value, person_)) return;
    payload_.health(Label::lab, words(3), person_);
  }

  void diagnosis() {
    const auto parts = split(norm_, first_repetition(3), '^', 4);
    if (is_icd(trimmed(norm_, parts[0]).of(norm_))) payload_.health(Label::icd, parts[0], person_);
    if (parts.size() > 1) payload_.health(Label::diagnosis, parts[1], person_);
    if (letter_count(field(4).of(norm_)) > 2) payload_.health(Label::diagnosis, field(4), person_);
  }

  // DOE^JANE^Q with the empty components behind it cut off; every repetition is another name of the same person.
  void names(std::size_t at, Label label) {
    for (const Span repetition : split(norm_, field(at), '~', 4)) {
      const auto parts = split(norm_, repetition, '^', 3);
      Span name = span_of(parts.front().begin, parts.back().end);
      while (!name.empty() && (norm_[name.end - 1] == '^' || norm_[name.end - 1] == ' ')) --name.end;
      if (letter_count(name.of(norm_)) > 1 && !is_made_up(name)) payload_.identity(label, name, person_);
    }
  }

  [[nodiscard]] bool is_made_up(Span name) const {
    for (const Span part : split(norm_, name, '^', 2)) {
      const std::string word = upper_characters(part.of(norm_));
      if (word == "TEST" || word.starts_with("ZZ") || word == "TESTPATIENT") return true;
      if (!word.empty() && is_placeholder(trimmed(norm_, part).of(norm_))) return true;
    }
    return false;
  }

  void clinician(std::size_t at) {
    const auto parts = split(norm_, first_repetition(at), '^', 4);
    if (parts.size() < 2) return;
    const std::string_view id = trimmed(norm_, parts[0]).of(norm_);
    if (id.size() == 10 && is_npi(id)) payload_.provider(Label::npi, parts[0], person_);
    const Span name = span_of(parts[1].begin, parts.size() > 2 ? parts[2].end : parts[1].end);
    if (letter_count(name.of(norm_)) > 1) payload_.provider(Label::provider_name, name, person_);
  }

  void address(std::size_t at) {
    Span value = first_repetition(at);
    while (!value.empty() && norm_[value.end - 1] == '^') --value.end;
    if (letter_count(value.of(norm_)) > 2) payload_.identity(Label::address, value, person_);
  }

  void phone(std::size_t at) {
    for (const Span part : split(norm_, field(at), '~', 4)) {
      const Span value = split(norm_, part, '^', 1).front();
      if (digit_count(value.of(norm_)) >= 7) payload_.identity(Label::phone, value, person_);
    }
  }

  void number(std::size_t at, Label label, std::size_t digits) {
    const Span value = first_component(at);
    if (digit_count(value.of(norm_)) >= digits) payload_.identity(label, value, person_);
  }

  void id(std::size_t at, Label label) {
    const Span value = first_component(at);
    if (digit_count(value.of(norm_)) >= 3) payload_.identity(label == Label::member_id ? id_label(value.of(norm_), label) : label, value, person_);
  }

  // The text of a coded element when it has one, else its code.
  [[nodiscard]] Span words(std::size_t at) const {
    const auto parts = split(norm_, first_repetition(at), '^', 3);
    if (parts.size() > 1 && !trimmed(norm_, parts[1]).empty()) return trimmed(norm_, parts[1]);
    return trimmed(norm_, parts[0]);
  }

  [[nodiscard]] Span field(std::size_t at) const { return at < fields_.size() ? trimmed(norm_, fields_[at]) : Span{}; }
  [[nodiscard]] Span first_repetition(std::size_t at) const { return split(norm_, field(at), '~', 1).front(); }
  [[nodiscard]] Span first_component(std::size_t at) const { return trimmed(norm_, split(norm_, first_repetition(at), '^', 1).front()); }
  [[nodiscard]] bool filled(std::size_t at) const { return !words(at).empty(); }

  Payload& payload_;
  std::string_view norm_;
  std::vector<Span> fields_;
  std::uint32_t person_ = no_person;
};

}  // namespace

std::vector<Structured> read_hl7v2(std::string_view norm) {
  std::vector<Structured> out;
  std::size_t from = 0;
  Segment segment;
  if (norm.find('|') == std::string_view::npos || !find_segment(norm, from, segment)) return out;
  Payload payload(Label::hl7v2, norm);
  Message message(payload, norm);
  for (bool more = true; more;) {
    Segment next;
    const Segment here = segment;
    more = find_segment(norm, from, next);
    message.read(here, segment_line_end(norm, here.begin, more ? next.begin : norm.size(), '|'));
    segment = next;
  }
  // A lone segment name with a few letters behind it proves little; a person or a coded result does.
  if (payload.has_health() && !payload.has_identity()) payload.set_clinical();
  payload.finish(out);
  return out;
}

}  // namespace phiscan::detect

// Weights: what the weighing multiplies and where its gates stand, read from a pack's weights.json; phi.md section 10 is the start. The one
// list of them, with the value for packs that do not name it. A plain value.
#pragma once

namespace phiscan::rules {

// member, name in weights.json, value where no pack names it
#define PHISCAN_WEIGHTS(X)                                                                                                           \
  X(zone_subject, "zone.subject", 1.3) X(zone_quote, "zone.quote", 0.95) X(sample_name, "sample.name", 0.8) X(education, "education", 0.2)   \
  X(made_up, "made_up", 0.28) X(identity_reader, "identity.reader", 0.7) X(identity_reader_unknown, "identity.reader_unknown", 0.5)  \
  X(identity_reader_named, "identity.reader_named", 0.62) X(identity_author, "identity.author", 0.7)                                 \
  X(identity_strong_case, "identity.strong_case", 0.65) X(identity_many_facts, "identity.many_facts", 0.8)                           \
  X(identity_plain_talk, "identity.plain_talk", 0.75) X(link_reader, "link.reader", 0.8) X(link_only_person, "link.only_person", 0.72)       \
  X(health_relation, "health.relation", 0.5) X(health_patient_label, "health.patient_label", 0.5)                                    \
  X(health_chart_number, "health.chart_number", 0.5) X(health_patient_story, "health.patient_story", 0.5)                            \
  X(health_demographics, "health.demographics", 0.5) X(health_demographics_in_care, "health.demographics_in_care", 0.25)             \
  X(health_billing_outside_care, "health.billing_outside_care", 0.6)                                                                 \
  X(health_billing_outside_care_most, "health.billing_outside_care_most", 0.3) X(health_soft, "health.soft", 0.35)                   \
  X(health_own, "health.own", 0.4)                                                                                                   \
  X(health_soft_in_care, "health.soft_in_care", 0.6) X(health_from_care, "health.from_care", 1.6) X(gate_identity, "gate.identity", 0.6)     \
  X(gate_health, "gate.health", 0.5) X(gate_health_slope, "gate.health_slope", 1.2) X(gate_health_least, "gate.health_least", 0.32)  \
  X(gate_link, "gate.link", 0.5) X(gate_identity_alone, "gate.identity_alone", 0.5) X(gate_identity_pair, "gate.identity_pair", 0.43)

struct Weights {
#define PHISCAN_MEMBER(member, name, value) double member = value;
  PHISCAN_WEIGHTS(PHISCAN_MEMBER)
#undef PHISCAN_MEMBER

  // Calls `with(name, weight)` for each.
  void each(auto&& with) {
#define PHISCAN_CALL(member, name, value) with(name, member);
    PHISCAN_WEIGHTS(PHISCAN_CALL)
#undef PHISCAN_CALL
  }
  static void fields(auto& flat, auto& it) {  // base/flat.hpp
#define PHISCAN_FIELD(member, name, value) flat(it.member);
    PHISCAN_WEIGHTS(PHISCAN_FIELD)
#undef PHISCAN_FIELD
  }
};

}  // namespace phiscan::rules

// Decision: findings x audience -> one action and the ways out, by the table of the contract and the site's policy.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"
#include "message/message.hpp"
#include "recipients/envelope.hpp"
#include "rules/labels.hpp"
#include "rules/policy.hpp"
#include "score/finding.hpp"
#include "text/text.hpp"

namespace phiscan::decide {

enum class OfferKind : std::uint8_t { use_portal, encrypt, redact, remove_recipient, move_to_bcc, trim_quote, remove_attachment };
[[nodiscard]] std::string_view to_string(OfferKind kind);

struct Edit {
  message::PartRef part;
  Span source;              // bytes of the source string of that part
  std::string replacement;  // already escaped for HTML parts
  bool operator==(const Edit&) const = default;
};

struct RecipientRef {
  message::Field field = message::Field::to;
  std::uint32_t index = 0;
  bool operator==(const RecipientRef&) const = default;
};

struct Notice {
  std::string lang, subject, text, html;
};

struct Offer {
  OfferKind kind = OfferKind::redact;
  std::vector<Edit> edits;                 // ascending, not overlapping, per part
  std::vector<RecipientRef> recipients;    // remove_recipient, move_to_bcc
  std::vector<std::uint32_t> attachments;  // remove_attachment
  std::string header_name, header_value;   // encrypt by header; empty = none
  std::string subject_tag;                 // encrypt by subject tag; empty = none
  std::vector<Notice> notices;             // use_portal: the one to use first
  std::string url;                         // use_portal
};

struct Decision {
  Action action = Action::confirm;
  Action if_enforced = Action::confirm;
  bool complete = true;
  std::vector<message::Gap> gaps;
  std::vector<Offer> offers;               // best first
  std::string workflow;                    // id of the policy workflow that spoke, or empty
  bool acknowledged = false;               // a valid fingerprint lowered confirm to note
  std::string fingerprint;                 // sha256 hex
  std::vector<std::string> reasons;        // static words for texts: "phi", "gap", "workflow", "own_private" ...
};

// `fingerprint` and acknowledgement are computed here, so that the action is final.
[[nodiscard]] Decision judge(const rules::Policy& policy, const message::Message& message, const std::vector<text::Text>& texts,
                             const score::Findings& findings, const recipients::Risks& risks);

}  // namespace phiscan::decide

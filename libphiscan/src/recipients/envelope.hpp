// Envelope: who will receive the mail and what speaks against each. `classify` needs only addresses and policy; `assess` adds what
// depends on the findings (greeting and patient mismatch) and says how bad the worst recipient is. libpsl and uspoof live behind this
// folder. Pure functions; linear in the number of recipients.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "message/message.hpp"
#include "rules/labels.hpp"
#include "rules/policy.hpp"
#include "score/finding.hpp"

namespace phiscan::recipients {

struct Assessed {
  message::Field field = message::Field::to;
  std::uint32_t index = 0;
  std::optional<std::uint32_t> member;   // inside an expanded list
  RecipientClass type = RecipientClass::unknown;
  std::vector<Risk> risks;               // ascending, unique
  std::optional<std::size_t> partner;    // index into Policy::partners
  std::string domain;                    // ASCII lower case, for own use; never reported
  bool imitates_ours = false;            // the look-alike, typo or TLD slip is of an own or partner domain (contract §3, rows health and none)
};

struct Envelope {
  std::vector<Assessed> recipients;      // message order; list members follow their list
  std::vector<std::string> staff_names;  // folded names of the sender and of own-domain recipients (score treats them as staff)
  std::vector<std::string> consumer_names;  // folded name tokens of consumer recipients (display name or local part)
  bool any_outside = false;              // somebody is neither own nor a valid partner
};

struct Risks {
  std::vector<Assessed> recipients;
  Audience worst = Audience::outside;    // contract §3; outside when there are no recipients
};

// Without own domains in the policy, own is the sender's registrable domain; when that is a consumer's, only the sender's address.
[[nodiscard]] Envelope classify(const rules::Policy& policy, const message::Message& message);
// Strong risks make the audience risky; first contact, an unknown domain and the other weak ones never do.
[[nodiscard]] Risks assess(const rules::Policy& policy, const message::Message& message, const Envelope& audience, const score::Findings& findings);

}  // namespace phiscan::recipients

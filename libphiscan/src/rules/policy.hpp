// Policy: what one organisation says about itself - domains, partners, roles, e-mail use map, mode, portal, encryption trigger, locks.
// Plain data read from phiscan.policy/1 and checked. `default_policy` is what holds when there is none (contract §3).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/result.hpp"
#include "message/message.hpp"
#include "rules/labels.hpp"

namespace phiscan::rules {

enum class OrganisationKind : std::uint8_t { unknown, clinic, hospital, payer, vendor, other };
enum class Channel : std::uint8_t { email, encrypt, portal, direct, fax, never };
[[nodiscard]] std::string_view to_string(Channel channel);

struct Organisation {
  std::string name;
  OrganisationKind kind = OrganisationKind::unknown;  // clinic and hospital: the relation itself is health evidence
  bool revealing = false;                             // its speciality reveals a condition (phi.md §6.4)
  std::vector<std::string> staff;                     // folded full names
  std::vector<std::string> phones;                    // digits only
};

struct Partner {
  std::string id, name;
  std::vector<std::string> domains, addresses;        // ASCII lower case
  bool baa = false;
  std::optional<Date> baa_expires;
  Channel channel = Channel::email;
};

struct Role {
  std::string id, title;
  bool may_send_phi = true;                           // false: phi outside own is at least confirm, portal first
  std::optional<Mode> mode;                           // overrides the policy's
};

struct Mailbox {
  std::string address;                                // lower case
  std::string owner;
  std::vector<std::string> roles;                     // who may send from it; empty = anyone
  bool may_send_phi = true;
};

// One line of the e-mail use map. Empty `categories`, `audiences`, `roles` or `mailboxes` mean any. Lines are read from the top; the
// first that fits speaks.
struct Workflow {
  std::string id, title, owner, note;
  std::vector<Category> categories;
  std::vector<Audience> audiences;
  std::vector<std::string> roles, mailboxes;
  bool phi_allowed = true;
  Channel channel = Channel::email;
  bool attachments_common = false;                    // neither of the two: rare
  bool attachments_never = false;
};

struct Override {
  Content content = Content::phi;
  std::optional<int> severity;
  Audience audience = Audience::outside;
  Action action = Action::confirm;
};

struct Template {
  std::string lang, subject, text;                    // text has {portal} and {organisation} placeholders
};

struct Portal {
  std::string name, url;
  std::vector<Template> notices;                      // en and es; built-in ones when empty
};

struct Encryption {
  std::string header_name, header_value;              // both or neither; only X-* or Sensitivity: what both clients can set
  std::string subject_tag;
};

struct Policy {
  std::string id, version, sha256;                    // empty when there is no policy
  Organisation organisation;
  std::vector<std::string> own_domains;               // ASCII lower case; subdomains count
  std::vector<std::string> own_addresses;
  Mode mode = Mode::advise;
  std::vector<Partner> partners;
  std::vector<Role> roles;
  std::vector<Mailbox> mailboxes;
  std::vector<Workflow> workflows;
  std::vector<Override> overrides;
  std::array<std::optional<Action>, 9> gap_actions{}; // by message::Unread
  std::uint32_t many_visible = 5;                     // more visible consumer addresses than this is a risk
  std::optional<Portal> portal;
  std::optional<Encryption> encryption;
  std::vector<std::string> locks;                     // setting names a user may not change
  std::string fail_mode = "prompt";                   // prompt | block | allow_with_note; for the clients
};

// The table of contract §3: one home for decide and for `describe`. `special` is, by content: phi 4, bulk or a sensitive category;
// identity, an SSN, card, bank, passport or licence number; health and none, a look-alike of an own or partner domain, or too many
// visible consumer addresses. Severity matters for phi only.
[[nodiscard]] Action table_action(Content content, int severity, bool special, Audience audience);
// The same with the policy's overrides; one that names a severity beats one that does not.
[[nodiscard]] Action table_action(const Policy& policy, Content content, int severity, bool special, Audience audience);

// Keys that begin with "//" are comments, anywhere. Empty input: default policy. Errors: code policy, `where` a JSON pointer.
[[nodiscard]] Result<Policy> read_policy(std::string_view json);
[[nodiscard]] Policy default_policy();

struct PolicyProblem {
  std::string where, message;
  bool fatal = false;
};
// All problems at once: schema errors, then what is legal but unwise (expired BAA needs a date: none here, so none; overlapping partners, no portal ...).
[[nodiscard]] std::vector<PolicyProblem> check_policy(std::string_view json);
// {"title","sections":[{"title","columns":[...],"rows":[[...]]}]}: the e-mail use map for an auditor, in English or Spanish.
[[nodiscard]] Result<std::string> describe_policy(std::string_view json, std::string_view locale);

}  // namespace phiscan::rules

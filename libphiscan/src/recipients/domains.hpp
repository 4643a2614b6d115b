// Domains: takes an address apart and says what kind of place its host is. Knows libpsl; the lists of consumer and throw-away domains
// live in rules/mail_domains.hpp because policy needs them too. Constant data, no state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::recipients {

struct Mailbox {
  std::string local;        // unquoted, ASCII lower case, tag kept
  std::string host;         // ASCII lower case, IDN as xn--, no trailing dot
  std::string registrable;  // by the Public Suffix List; the host itself for single labels and address literals
  bool international = false;  // an xn-- or non-ASCII label

  // Same mailbox, same key: no +tag; for Gmail no dots either.
  [[nodiscard]] std::string key() const;
};

// "dana@mail.test", "<Dana@Mail.Test.>", "mailto:...", quoted local parts, IDN hosts. Nothing when it is no address.
[[nodiscard]] std::optional<Mailbox> parse_mailbox(std::string_view address);
// RFC 5322 group syntax "Team: a@x.test, b@y.test;".
[[nodiscard]] bool is_group(std::string_view address);

// First label and rest of a registrable domain: "clinic.co.uk" -> "clinic", "co.uk".
struct Split {
  std::string_view label, suffix;
};
[[nodiscard]] Split split(std::string_view registrable);
constexpr std::array<std::string_view, 3> documentation_domains{"example.com", "example.net", "example.org"};
[[nodiscard]] std::string registrable_domain(std::string_view ascii_host);
[[nodiscard]] bool is_under(std::string_view host, std::string_view domain);

// A listed provider, or, for the many not listed, a registrable domain whose first label says what it sells: mail, webmail, inbox, email, post.
[[nodiscard]] bool is_consumer(std::string_view registrable);
// Providers whose misspellings are common and whose neighbours are nobody's domain of note; label and suffix are compared apart.
[[nodiscard]] const std::vector<std::string_view>& typo_targets();  // each its own registrable domain
[[nodiscard]] bool is_typo_suffix(std::string_view suffix);   // .co .cm .om .con ...: slips of .com, .net and .org
[[nodiscard]] bool is_common_suffix(std::string_view suffix); // com net org
// Words that many organisations share as their whole name; a different ending says nothing then.
[[nodiscard]] bool is_generic_label(std::string_view label);

[[nodiscard]] bool is_gateway(const Mailbox& mailbox);     // SMS or fax: the local part is a phone number
[[nodiscard]] bool is_ticket(const Mailbox& mailbox);      // help desks and reply tokens: the mail is stored by a third party
[[nodiscard]] bool is_direct(const Mailbox& mailbox);      // Direct secure messaging: a host label "direct"
[[nodiscard]] bool is_list_address(const Mailbox& mailbox);
[[nodiscard]] bool is_role_mailbox(const Mailbox& mailbox);
[[nodiscard]] bool is_noreply(const Mailbox& mailbox);

}  // namespace phiscan::recipients

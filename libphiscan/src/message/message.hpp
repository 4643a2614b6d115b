// Message: one outgoing mail as plain data, after the request JSON has been read and checked (request.hpp).
// Every later stage works on this; nothing here knows JSON. Field meanings: schema/request.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.hpp"

namespace phiscan::message {

struct Address {
  std::string address;  // as written; empty for a list that has only a name
  std::string name;
  bool operator==(const Address&) const = default;
};

enum class Field : std::uint8_t { to, cc, bcc };
[[nodiscard]] const char* to_string(Field field);

struct Recipient {
  Field field = Field::to;
  std::uint32_t index = 0;  // position inside its field
  Address address;
  std::vector<Address> members;  // a mailing list, expanded by the client
  bool is_list = false;          // `members` was given, maybe empty
  bool members_unknown = false;
};

enum class Compose : std::uint8_t { created, reply, reply_all, forward, redirect, draft, unknown };  // created = "new"
enum class Unread : std::uint8_t { none, unsupported, encrypted, too_large, timeout, crashed, no_sandbox, unreadable, pending };
[[nodiscard]] const char* to_string(Unread why);
// By the mail program itself (OpenPGP, S/MIME), not by a gateway: the sender's identity is configured to, or this message is set to.
enum class Encryption : std::uint8_t { none, available, on };

struct TextPart {
  std::string where;  // "page 1"; begins with "html" when the text is HTML source
  std::string text;
};

struct Attachment {
  std::string name;
  std::string media_type;
  std::uint64_t size = 0;
  std::string sha256;
  bool is_inline = false;
  std::vector<TextPart> text_parts;
  Unread unread = Unread::none;
};

// Names a part as the contract does: subject, body.html, body.text, attachments/N/name, attachments/N/text_parts/M.
struct PartRef {
  enum class Kind : std::uint8_t { subject, body_html, body_text, attachment_name, attachment_text };
  Kind kind = Kind::subject;
  std::uint32_t attachment = 0;
  std::uint32_t text_part = 0;
  auto operator<=>(const PartRef&) const = default;
};
[[nodiscard]] std::string to_string(PartRef part);

struct Gap {
  std::string part;  // a part name, or attachments/N for a whole attachment
  Unread why = Unread::unsupported;
  bool operator==(const Gap&) const = default;
};

struct RecipientHistory {
  Field field = Field::to;
  std::uint32_t index = 0;
  bool first_time = false;
  bool similar_to_usual = false;
};

struct Message {
  Address from;
  std::vector<Recipient> recipients;  // to, then cc, then bcc, in request order
  std::optional<std::string> subject;
  std::optional<std::string> body_html;
  std::optional<std::string> body_text;
  Compose compose = Compose::unknown;
  Encryption encryption = Encryption::none;
  std::vector<std::string> participants;  // addresses already in the thread
  std::vector<Attachment> attachments;
  std::string sender_role;
  std::string sender_mailbox;
  std::vector<RecipientHistory> history;
  std::vector<std::string> acknowledged;  // fingerprints
  std::optional<Date> now;
  std::string locale = "en";
  bool explain = false;
  std::vector<Gap> gaps;              // what the extractor could not read; attachments' `unread` are added by scan
  std::vector<std::string> warnings;  // "unknown field /x"; JSON pointers only
  std::string inputs_sha256;          // over the exact request bytes that were scanned

  // The source string of a part; nothing when the part does not exist.
  [[nodiscard]] const std::string* source(PartRef part) const;
};

}  // namespace phiscan::message

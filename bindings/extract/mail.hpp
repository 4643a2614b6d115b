// One mail as plain data: what `read_mail` found in the bytes of an .eml, before it becomes request JSON.
// Reading never fails on broken MIME: it keeps what could be read and names the rest as gaps.
// One thread at a time (conversion descriptors and the MIME library are process-wide).
#pragma once

#include "frames.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::extract {

struct Address {
  std::string address;
  std::string name;
  friend bool operator==(const Address&, const Address&) = default;
};

// A mailbox, or a named group with its members.
struct Recipient {
  Address mailbox;
  bool is_group = false;
  std::vector<Address> members;
};

struct TextPart {
  std::string where; // begins with "html" exactly when the text is HTML source
  std::string text;
};

struct Attachment {
  std::string name;
  std::string media_type;
  std::size_t size = 0;
  std::string sha256;
  bool is_inline = false;
  std::vector<TextPart> text_parts;
  std::optional<Why> unread; // may be set beside text parts: some of it was not read
};

struct Mail {
  Address from;
  std::vector<Recipient> to, cc, bcc;
  std::optional<std::string> subject;
  std::string text; // body, plain form
  std::string html; // body, HTML form
  bool has_text = false;
  bool has_html = false;
  std::string compose = "unknown";
  std::vector<std::string> participants;
  std::string now; // ISO 8601, empty when the mail has no date
  std::vector<Attachment> attachments;
  std::vector<Gap> gaps; // of headers, bodies and the message; attachments carry their own
  std::vector<std::string> warnings;
};

// Nothing when the bytes hold neither headers nor a body.
[[nodiscard]] std::optional<Mail> read_mail(std::string_view bytes);

} // namespace phiscan::extract

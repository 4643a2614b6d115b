#include "message/request.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "json/json.hpp"

namespace phiscan::message {
namespace {

using json::Reader;

constexpr std::size_t max_recipients = 100'000;
constexpr std::size_t max_attachments = 1'000;

Address read_address(Reader& in) { return {in.text("address"), in.text("name")}; }

void read_recipients(Reader& in, const char* key, Field field, std::vector<Recipient>& out) {
  in.each(key, [&](Reader& entry, std::size_t i) {
    if (out.size() >= max_recipients) {
      entry.fail("", "more than 100,000 recipients");
      return;
    }
    Recipient recipient;
    recipient.field = field;
    recipient.index = static_cast<std::uint32_t>(i);
    recipient.address = read_address(entry);
    recipient.is_list = entry.has("members") || entry.has("members_unknown");
    entry.each("members", [&](Reader& member, std::size_t) { recipient.members.push_back(read_address(member)); });
    recipient.members_unknown = entry.flag("members_unknown", false);
    if (recipient.address.address.empty() && recipient.address.name.empty()) entry.fail("address", "is required");
    out.push_back(std::move(recipient));
  });
}

Unread read_unread(Reader& in, const char* key, Unread otherwise) {
  // The order of message::Unread, after `none`.
  const auto at = in.one_of(key, {"unsupported", "encrypted", "too_large", "timeout", "crashed", "no_sandbox", "unreadable", "pending"},
                            static_cast<std::size_t>(otherwise) - 1);
  return static_cast<Unread>(at + 1);
}

void read_attachments(Reader& in, std::vector<Attachment>& out) {
  in.each("attachments", [&](Reader& entry, std::size_t i) {
    if (i >= max_attachments) {
      entry.fail("", "more than 1,000 attachments");
      return;
    }
    Attachment attachment;
    attachment.name = entry.text("name");
    attachment.media_type = entry.text("media_type");
    attachment.size = entry.count("size", 0);
    attachment.sha256 = entry.text("sha256");
    attachment.is_inline = entry.flag("inline", false);
    entry.each("text_parts", [&](Reader& part, std::size_t) { attachment.text_parts.push_back({part.text("where"), part.text("text")}); });
    if (entry.has("unread")) attachment.unread = read_unread(entry, "unread", Unread::unreadable);
    else (void)entry.optional_text("unread");
    out.push_back(std::move(attachment));
  });
}

// What phiscan-extract says, word for word. Any other sentence could hold words of the mail.
bool is_known_warning(std::string_view warning) {
  constexpr std::string_view parts[] = {"body.text", "body.html", "attachment"};
  return std::ranges::any_of(parts, [&](std::string_view part) {
    return warning.starts_with(part) && (warning.substr(part.size()) == ": unknown charset, read as windows-1252" ||
                                         warning.substr(part.size()) == ": not in its declared transfer encoding, read as it stands");
  });
}

}  // namespace

Result<Message> read_request(std::string_view text) {
  json::Limits limits;
  limits.guest_keys = true;
  const auto document = json::parse(text, limits);
  if (!document) return document.error();

  json::Problem problem;
  Reader in(*document, "", problem);
  Message message;
  const std::string schema = in.required_text("schema");
  if (!problem.first && schema != "phiscan.request/1") {
    return Error{ErrorCode::version, "this engine reads phiscan.request/1", "/schema"};
  }
  if (!in.has("from")) in.fail("from", "is required");
  in.object("from", [&](Reader& from) { message.from = read_address(from); });
  read_recipients(in, "to", Field::to, message.recipients);
  read_recipients(in, "cc", Field::cc, message.recipients);
  read_recipients(in, "bcc", Field::bcc, message.recipients);
  if (!in.has("subject") && !in.has("body") && !in.has("attachments")) in.fail("", "needs at least one of subject, body, attachments");
  message.subject = in.optional_text("subject");
  in.object("body", [&](Reader& body) {
    message.body_html = body.optional_text("html");
    message.body_text = body.optional_text("text");
  });
  message.compose = static_cast<Compose>(
      in.one_of("compose", {"new", "reply", "reply_all", "forward", "redirect", "draft", "unknown"}, static_cast<std::size_t>(Compose::unknown)));
  message.encryption = static_cast<Encryption>(in.one_of("encryption", {"none", "available", "on"}, static_cast<std::size_t>(Encryption::none)));
  in.object("thread", [&](Reader& thread) { message.participants = thread.texts("participants"); });
  read_attachments(in, message.attachments);
  in.object("sender", [&](Reader& sender) {
    message.sender_role = sender.text("role");
    message.sender_mailbox = sender.text("mailbox");
  });
  in.object("history", [&](Reader& history) {
    history.each("recipients", [&](Reader& entry, std::size_t) {
      RecipientHistory known;
      known.field = static_cast<Field>(entry.one_of("field", {"to", "cc", "bcc"}, 0));
      known.index = static_cast<std::uint32_t>(entry.count("index", 0));
      known.first_time = entry.flag("first_time", false);
      known.similar_to_usual = entry.flag("similar_to_usual", false);
      message.history.push_back(known);
    });
  });
  message.acknowledged = in.texts("acknowledged");
  if (const auto now = in.optional_text("now")) {
    message.now = parse_iso_date(*now);
    if (!message.now) in.fail("now", "must be an RFC 3339 time such as 2026-11-22T10:00:00-05:00");
  }
  message.locale = in.text("locale", "en");
  message.explain = in.flag("explain", false);
  in.each("gaps", [&](Reader& entry, std::size_t) {
    Gap gap;
    gap.part = entry.required_text("part");
    gap.why = read_unread(entry, "why", Unread::unreadable);
    message.gaps.push_back(std::move(gap));
  });
  for (const auto& warning : in.texts("warnings")) {
    const std::string known = is_known_warning(warning) ? warning : "a warning that this engine does not know";
    if (std::ranges::find(message.warnings, known) == message.warnings.end()) message.warnings.push_back(known);
  }
  in.finish();
  if (problem.first) return *problem.first;
  for (const auto& pointer : problem.unknown) message.warnings.push_back("unknown field " + json::field_names_only(pointer));
  message.inputs_sha256 = sha256_hex(text);
  return message;
}

}  // namespace phiscan::message

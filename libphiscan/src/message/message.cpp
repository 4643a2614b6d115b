#include "message/message.hpp"

namespace phiscan::message {

const char* to_string(Field field) {
  switch (field) {
    case Field::to: return "to";
    case Field::cc: return "cc";
    case Field::bcc: return "bcc";
  }
  return "to";
}

const char* to_string(Unread why) {
  switch (why) {
    case Unread::none: return "none";
    case Unread::unsupported: return "unsupported";
    case Unread::encrypted: return "encrypted";
    case Unread::too_large: return "too_large";
    case Unread::timeout: return "timeout";
    case Unread::crashed: return "crashed";
    case Unread::no_sandbox: return "no_sandbox";
    case Unread::unreadable: return "unreadable";
    case Unread::pending: return "pending";
  }
  return "unreadable";
}

std::string to_string(PartRef part) {
  switch (part.kind) {
    case PartRef::Kind::subject: return "subject";
    case PartRef::Kind::body_html: return "body.html";
    case PartRef::Kind::body_text: return "body.text";
    case PartRef::Kind::attachment_name: return "attachments/" + std::to_string(part.attachment) + "/name";
    case PartRef::Kind::attachment_text:
      return "attachments/" + std::to_string(part.attachment) + "/text_parts/" + std::to_string(part.text_part);
  }
  return {};
}

const std::string* Message::source(PartRef part) const {
  const auto given = [](const std::optional<std::string>& text) { return text ? &*text : nullptr; };
  switch (part.kind) {
    case PartRef::Kind::subject: return given(subject);
    case PartRef::Kind::body_html: return given(body_html);
    case PartRef::Kind::body_text: return given(body_text);
    case PartRef::Kind::attachment_name:
    case PartRef::Kind::attachment_text: break;
  }
  if (part.attachment >= attachments.size()) return nullptr;
  const Attachment& attachment = attachments[part.attachment];
  if (part.kind == PartRef::Kind::attachment_name) return &attachment.name;
  return part.text_part < attachment.text_parts.size() ? &attachment.text_parts[part.text_part].text : nullptr;
}

}  // namespace phiscan::message

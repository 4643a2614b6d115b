#include "request.hpp"

#include "charset.hpp"

#include <algorithm>
#include <iterator>

namespace phiscan::extract {
namespace {

bool is_bare(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void put_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out.push_back('"');
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_bare(text[end])) {
      const std::size_t n = utf8_length(text, end);
      if (n == 0) break;
      end += n;
    }
    out.append(text.substr(i, end - i));
    i = end;
    if (i == text.size()) break;
    const char c = text[i++];
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) {
          out += "\xEF\xBF\xBD"; // not UTF-8 here; every source repairs its text, so this is the last wall
        } else {
          out += "\\u00";
          out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
          out.push_back(hex[static_cast<unsigned char>(c) & 15U]);
        }
    }
  }
  out.push_back('"');
}

void put_key(std::string& out, std::string_view key) {
  if (out.back() != '{') out.push_back(',');
  out.push_back('"');
  out.append(key).append("\":");
}

void put_field(std::string& out, std::string_view key, std::string_view value) {
  put_key(out, key);
  put_string(out, value);
}

template <class List, class Put>
void put_list(std::string& out, std::string_view key, const List& list, Put put) {
  put_key(out, key);
  out.push_back('[');
  bool first = true;
  for (const auto& one : list) {
    if (!first) out.push_back(',');
    first = false;
    put(one);
  }
  out.push_back(']');
}

void put_address(std::string& out, const Address& address) {
  out.push_back('{');
  put_field(out, "address", address.address);
  if (!address.name.empty()) put_field(out, "name", address.name);
  out.push_back('}');
}

void put_recipients(std::string& out, std::string_view key, const std::vector<Recipient>& list) {
  // "<>" names nobody, and the engine refuses a recipient without address and name.
  const auto is_nobody = [](const Recipient& one) { return !one.is_group && one.mailbox.address.empty() && one.mailbox.name.empty(); };
  std::vector<Recipient> people;
  std::remove_copy_if(list.begin(), list.end(), std::back_inserter(people), is_nobody);
  put_list(out, key, people, [&](const Recipient& one) {
    if (!one.is_group) {
      put_address(out, one.mailbox);
      return;
    }
    out.push_back('{');
    put_field(out, "name", one.mailbox.name.empty() ? std::string_view("list") : std::string_view(one.mailbox.name));
    put_list(out, "members", one.members, [&](const Address& member) { put_address(out, member); });
    put_key(out, "members_unknown"); // "undisclosed-recipients:;" hides who they are
    out += one.members.empty() ? "true" : "false";
    out.push_back('}');
  });
}

void put_attachment(std::string& out, const Attachment& attachment) {
  out.push_back('{');
  put_field(out, "name", attachment.name);
  put_field(out, "media_type", attachment.media_type);
  put_key(out, "size");
  out += std::to_string(attachment.size);
  put_field(out, "sha256", attachment.sha256);
  put_key(out, "inline");
  out += attachment.is_inline ? "true" : "false";
  put_list(out, "text_parts", attachment.text_parts, [&](const TextPart& part) {
    out.push_back('{');
    put_field(out, "where", part.where);
    put_field(out, "text", part.text);
    out.push_back('}');
  });
  put_key(out, "unread");
  if (attachment.unread) {
    put_string(out, word(*attachment.unread));
  } else {
    out += "null";
  }
  out.push_back('}');
}

} // namespace

std::size_t json_size(std::string_view text) {
  std::size_t size = text.size();
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      size += c == '\n' || c == '\t' || c == '\r' ? 1 : 5;
    } else if (c == '"' || c == '\\') {
      ++size;
    }
  }
  return size;
}

std::string request_json(const Mail& mail) {
  std::size_t text = mail.text.size() + mail.html.size();
  for (const Attachment& attachment : mail.attachments)
    for (const TextPart& part : attachment.text_parts) text += part.text.size();
  std::string out;
  out.reserve(text + text / 16 + 1024);
  out += "{";
  put_field(out, "schema", "phiscan.request/1");
  put_key(out, "from");
  put_address(out, mail.from);
  put_recipients(out, "to", mail.to);
  put_recipients(out, "cc", mail.cc);
  put_recipients(out, "bcc", mail.bcc);
  if (mail.subject) put_field(out, "subject", *mail.subject);
  put_key(out, "body");
  out.push_back('{');
  if (mail.has_html) put_field(out, "html", mail.html);
  if (mail.has_text || !mail.has_html) put_field(out, "text", mail.text);
  out.push_back('}');
  put_field(out, "compose", mail.compose);
  put_key(out, "thread");
  out.push_back('{');
  put_list(out, "participants", mail.participants, [&](const std::string& one) { put_string(out, one); });
  out.push_back('}');
  put_list(out, "attachments", mail.attachments, [&](const Attachment& one) { put_attachment(out, one); });
  if (!mail.now.empty()) put_field(out, "now", mail.now);
  if (!mail.gaps.empty()) {
    put_list(out, "gaps", mail.gaps, [&](const Gap& gap) {
      out.push_back('{');
      put_field(out, "part", gap.part);
      put_field(out, "why", word(gap.why));
      out.push_back('}');
    });
  }
  if (!mail.warnings.empty()) put_list(out, "warnings", mail.warnings, [&](const std::string& one) { put_string(out, one); });
  out.push_back('}');
  return out;
}

std::vector<Gap> all_gaps(const Mail& mail) {
  std::vector<Gap> gaps = mail.gaps;
  for (std::size_t i = 0; i < mail.attachments.size(); ++i)
    if (mail.attachments[i].unread) gaps.push_back({"attachments/" + std::to_string(i), *mail.attachments[i].unread});
  return gaps;
}

} // namespace phiscan::extract

// What the quoted part and the headers say about the thread: is this a reply or a forward, and who was in it.
// Looks only at header blocks and attribution lines, never at names in running text. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace phiscan::extract {

struct Quoted {
  std::vector<std::string> participants; // addresses, in order, each once, lower case
  bool has_forward_mark = false;         // "Forwarded message", "Begin forwarded message"
  bool has_header_block = false;         // From:/Sent:/To: of an earlier mail
  bool has_attribution = false;          // "On … wrote:"
};

[[nodiscard]] Quoted read_quoted(std::string_view text);

// What looks like an address in a line, lower case, each once.
[[nodiscard]] std::vector<std::string> addresses_in(std::string_view line);

// Visible text of an HTML body, good enough to find header blocks; not for detection.
[[nodiscard]] std::string rough_text(std::string_view html);

struct ThreadHints {
  std::string_view subject;
  bool has_in_reply_to = false; // or References
  bool is_resent = false;
  bool says_forwarded = false; // a mail program's own mark in the headers
  bool says_draft = false;
  std::size_t recipients = 0; // visible: to and cc
};

// "new", "reply", "reply_all", "forward", "redirect" or "draft". The outermost subject prefix wins: "Re: Fwd:" is a reply.
[[nodiscard]] std::string infer_compose(const ThreadHints& hints, const Quoted& quoted);

} // namespace phiscan::extract

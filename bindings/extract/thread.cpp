#include "thread.hpp"

#include "charset.hpp"
#include "limits.hpp"

#include <algorithm>
#include <array>

namespace phiscan::extract {
namespace {

enum class Prefix { none, reply, forward };

Prefix subject_prefix(std::string_view subject) {
  constexpr std::array<std::string_view, 8> replies = {"re", "aw", "sv", "res", "rif", "antw", "odp", "ref"};
  constexpr std::array<std::string_view, 8> forwards = {"fw", "fwd", "wg", "rv", "tr", "enc", "vs", "reenv"};
  subject = trim(subject);
  // Tags such as "[external]" stand before the prefix.
  while (subject.starts_with('[')) {
    const std::size_t close = subject.find(']');
    if (close == std::string_view::npos || close > 40) break;
    subject = trim(subject.substr(close + 1));
  }
  const std::size_t colon = subject.find(':');
  if (colon == std::string_view::npos || colon > 10) return Prefix::none;
  std::string head = lower_ascii(trim(subject.substr(0, colon)));
  if (const std::size_t count = head.find_first_of("[("); count != std::string::npos) head.resize(count); // "Re[2]:"
  if (std::find(replies.begin(), replies.end(), head) != replies.end()) return Prefix::reply;
  if (std::find(forwards.begin(), forwards.end(), head) != forwards.end()) return Prefix::forward;
  return Prefix::none;
}

// Quote marks, bold marks and indentation in front of what the line says.
std::string_view bare(std::string_view line) {
  const std::size_t at = line.find_first_not_of("> |*\t\r\xC2\xA0");
  return at == std::string_view::npos ? std::string_view() : line.substr(at);
}

bool starts_with_fold(std::string_view text, std::string_view head) {
  if (text.size() < head.size()) return false;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != head[i]) return false;
  }
  return true;
}

enum class Label { none, people, other };

Label label_of(std::string_view line) {
  constexpr std::array<std::string_view, 16> people = {"from:",  "to:",      "cc:",  "bcc:", "reply-to:", "de:",  "para:", "a:",
                                                       "von:",   "an:",      "à:",   "da:",  "sent by:",  "cco:", "from :", "to :"};
  constexpr std::array<std::string_view, 18> other = {"sent:",    "date:",   "subject:", "enviado:", "enviado el:", "fecha:",
                                                      "asunto:",  "gesendet:", "datum:", "betreff:", "envoyé:",     "objet:",
                                                      "importance:", "attachments:", "date :", "subject :", "assunto:", "data:"};
  if (line.substr(0, 24).find(':') == std::string_view::npos) return Label::none;
  std::string head;
  for (const char c : line.substr(0, 24))
    if (c != '*') head.push_back(c); // "*From:* …" of a bold label
  for (const auto label : people)
    if (starts_with_fold(head, label)) return Label::people;
  for (const auto label : other)
    if (starts_with_fold(head, label)) return Label::other;
  return Label::none;
}

bool is_atom(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '+' ||
         c == '%' || c == '\'' || c == '=' || c == '&' || static_cast<unsigned char>(c) >= 0x80;
}

void add_addresses(std::string_view line, std::vector<std::string>& out, std::size_t most) {
  for (std::size_t at = line.find('@'); at != std::string_view::npos; at = line.find('@', at + 1)) {
    std::size_t begin = at;
    std::size_t end = at + 1;
    while (begin > 0 && is_atom(line[begin - 1])) --begin;
    while (end < line.size() && is_atom(line[end])) ++end;
    while (end > at + 1 && (line[end - 1] == '.' || line[end - 1] == '\'' || line[end - 1] == '-')) --end;
    while (begin < at && line[begin] == '\'') ++begin;
    if (begin == at || end == at + 1 || end - begin > 254) continue;
    std::string address = lower_ascii(line.substr(begin, end - begin));
    if (utf8_length(address, 0) == 0) continue; // began inside a character
    if (out.size() >= most) return;
    if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(std::move(address));
  }
}

bool ends_attribution(std::string_view line) {
  constexpr std::array<std::string_view, 8> ends = {"wrote:", "wrote :", "escribió:", "escribio:", "a écrit :", "a écrit:", "schrieb:", "escreveu:"};
  line = trim(line);
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return line.ends_with(end); });
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

} // namespace

std::vector<std::string> addresses_in(std::string_view line) {
  std::vector<std::string> out;
  add_addresses(line, out, limits::header_addresses);
  return out;
}

Quoted read_quoted(std::string_view text) {
  Quoted quoted;
  const auto lines = lines_of(text.substr(0, limits::thread_scan_bytes));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = bare(lines[i]);
    if (line.empty()) continue;
    if ((line.starts_with("-----") && line.find("orwarded message") != std::string_view::npos) ||
        line.starts_with("Begin forwarded message") || (line.starts_with("-----") && line.find("ensaje reenviado") != std::string_view::npos)) {
      quoted.has_forward_mark = true;
    }
    if (line.starts_with("-----") && (line.find("riginal Message") != std::string_view::npos || line.find("ensaje original") != std::string_view::npos))
      quoted.has_header_block = true;
    if (line.ends_with(':') && ends_attribution(line)) {
      quoted.has_attribution = true;
      // A long attribution is wrapped; its address may stand one or two lines up.
      for (std::size_t back = 0; back <= 2 && back <= i; ++back) {
        const std::string_view part = bare(lines[i - back]);
        if (part.empty()) break;
        add_addresses(part, quoted.participants, limits::thread_participants);
        if (part.starts_with("On ") || part.starts_with("El ") || part.starts_with("Le ") || part.starts_with("Am ")) break;
      }
      continue;
    }
    if (label_of(line) != Label::people) continue;
    // Three labels within eight lines make a header block; one "To:" in running text does not.
    std::size_t labels = 0;
    std::size_t last = i;
    for (std::size_t k = i; k < lines.size() && k < i + 8; ++k) {
      if (label_of(bare(lines[k])) != Label::none) ++labels, last = k;
    }
    if (labels < 3) continue;
    quoted.has_header_block = true;
    bool people = false;
    for (std::size_t k = i; k <= last; ++k) {
      const std::string_view part = bare(lines[k]);
      const Label label = label_of(part);
      if (part.empty()) people = false;
      if (label != Label::none) people = label == Label::people;
      if (people) add_addresses(part, quoted.participants, limits::thread_participants);
    }
    i = last;
  }
  return quoted;
}

std::string rough_text(std::string_view html) {
  html = html.substr(0, limits::thread_scan_bytes);
  std::string out;
  out.reserve(html.size());
  for (std::size_t i = 0; i < html.size();) {
    if (html[i] == '<') {
      const std::size_t close = html.find('>', i);
      if (close == std::string_view::npos) break;
      std::string_view tag = html.substr(i + 1, close - i - 1);
      if (tag.starts_with('/')) tag.remove_prefix(1);
      for (const std::string_view block : {"br", "p", "div", "tr", "li", "blockquote", "hr", "h"})
        if (starts_with_fold(tag, block)) {
          if (!out.empty() && out.back() != '\n') out.push_back('\n');
          break;
        }
      i = close + 1;
    } else if (html[i] == '&') {
      struct Entity { std::string_view name; char c; };
      constexpr std::array<Entity, 9> entities = {{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&nbsp;", ' '},
                                                   {"&#64;", '@'}, {"&#58;", ':'}, {"&#39;", '\''}, {"&#160;", ' '}}};
      const auto* hit = std::find_if(entities.begin(), entities.end(), [&](const Entity& e) { return html.substr(i).starts_with(e.name); });
      out.push_back(hit == entities.end() ? '&' : hit->c);
      i += hit == entities.end() ? 1 : hit->name.size();
    } else {
      // Line ends in source are spaces on screen.
      out.push_back(html[i] == '\n' ? ' ' : html[i]);
      ++i;
    }
  }
  return out;
}

std::string infer_compose(const ThreadHints& hints, const Quoted& quoted) {
  const std::string reply = hints.recipients > 1 ? "reply_all" : "reply";
  if (hints.is_resent) return "redirect";
  const Prefix prefix = subject_prefix(hints.subject);
  if (prefix == Prefix::forward || hints.says_forwarded) return "forward";
  if (prefix == Prefix::reply || hints.has_in_reply_to) return reply;
  if (quoted.has_forward_mark) return "forward";
  if (quoted.has_attribution) return reply;
  if (quoted.has_header_block) return "forward"; // an earlier mail below, and nothing that says it is answered
  return hints.says_draft ? "draft" : "new";
}

} // namespace phiscan::extract

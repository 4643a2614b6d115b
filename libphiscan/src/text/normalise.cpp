#include <algorithm>

#include "text/characters.hpp"
#include "text/readers.hpp"
#include "text/text.hpp"
#include "text/zones.hpp"

namespace phiscan::text {
namespace {

using message::PartRef;

// The first `limit` bytes, not cutting a character.
std::string_view cut(std::string_view source, std::size_t limit) {
  if (source.size() <= limit) return source;
  std::size_t end = limit;
  while (end > 0 && limit - end < 3 && (static_cast<unsigned char>(source[end]) & 0xC0U) == 0x80U) --end;
  return source.substr(0, end);
}

// Offsets into norm move when look-alikes shrink. Asked in ascending order.
class Moved {
 public:
  explicit Moved(const std::vector<OffsetMap::Replacement>& replacements) : replacements_(replacements) {}
  std::uint32_t operator()(std::uint32_t offset) {
    while (next_ < replacements_.size() && replacements_[next_].at < offset) {
      shrunk_ += replacements_[next_].old_size - replacements_[next_].new_size;
      ++next_;
    }
    return offset - shrunk_;
  }

 private:
  const std::vector<OffsetMap::Replacement>& replacements_;
  std::size_t next_ = 0;
  std::uint32_t shrunk_ = 0;
};

// A word that mixes Latin with Cyrillic or Greek letters is meant to be read as Latin. A word in one script stays as it is.
void fold_mixed_words(Text& text, std::vector<Shift>& shifts) {
  const std::string_view norm = text.norm;
  std::vector<OffsetMap::Replacement> found;
  const auto fold_word = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end;) {
      const auto [c, size] = decode_any(norm, i);
      if (latin_look_alike(c) != 0) found.push_back({static_cast<std::uint32_t>(i), size, 1});
      i += size;
    }
  };
  const auto is_lead = [](char byte) { return static_cast<unsigned char>(byte) >= 0xCD && static_cast<unsigned char>(byte) <= 0xD4; };
  for (std::size_t at = 0; at < norm.size();) {
    if (!is_lead(norm[at])) {
      ++at;
      continue;
    }
    std::size_t begin = at;
    while (begin > 0) {  // the word up to here
      std::size_t before = begin - 1;
      while (before > 0 && (static_cast<unsigned char>(norm[before]) & 0xC0U) == 0x80U) --before;
      if (!is_word(decode_any(norm, before).c)) break;
      begin = before;
    }
    bool latin = false;
    bool other = false;
    std::size_t end = begin;
    while (end < norm.size()) {
      const auto [c, size] = decode_any(norm, end);
      if (!is_word(c)) break;
      const Script script = script_of(c);
      latin = latin || script == Script::latin;
      other = other || script == Script::look_alike_family;
      end += size;
    }
    if (latin && other) fold_word(begin, end);
    at = std::max(end, at + 1);
  }
  if (found.empty()) return;

  std::string folded;
  folded.reserve(norm.size());
  std::size_t done = 0;
  for (const OffsetMap::Replacement& each : found) {
    folded.append(norm.substr(done, each.at - done));
    folded.push_back(latin_look_alike(decode_any(norm, each.at).c));
    done = each.at + each.old_size;
  }
  folded.append(norm.substr(done));
  text.map = text.map.replaced(found);
  text.norm = std::move(folded);
  Moved moved_shift(found);
  for (Shift& shift : shifts) shift.offset = moved_shift(shift.offset);
  Moved moved_hidden(found);
  for (Span& span : text.hidden) {
    span.begin = moved_hidden(span.begin);
    span.end = moved_hidden(span.end);
  }
}

bool has_look_alikes(std::string_view norm) {
  return std::any_of(norm.begin(), norm.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xCD && static_cast<unsigned char>(c) <= 0xD4; });
}

bool is_ascii(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits = static_cast<unsigned char>(bits | static_cast<unsigned char>(c));
  return bits < 0x80;
}

Text read_part(PartRef part, std::string_view source, bool is_html, std::string_view signer) {
  Text text;
  text.part = part;
  text.is_html = is_html;
  const std::string_view read = cut(source, part_limit);
  text.truncated = read.size() < source.size();
  text.norm.reserve(is_html ? read.size() / 2 : read.size());

  std::vector<Shift> shifts;
  const bool is_body = part.kind == PartRef::Kind::body_html || part.kind == PartRef::Kind::body_text;
  Writer writer(text);
  if (is_html) {
    read_html(read, writer, shifts, text.hidden);
  } else {
    read_plain(read, is_body, writer, shifts);
  }
  if (!is_ascii(text.norm) && has_look_alikes(text.norm)) fold_mixed_words(text, shifts);
  text.zones = find_zones(text.norm, shifts, {.is_body = is_body, .is_html = is_html, .signer = signer});
  return text;
}

}  // namespace

const char* to_string(ZoneKind kind) {
  switch (kind) {
    case ZoneKind::fresh: return "new";
    case ZoneKind::quote: return "quote";
    case ZoneKind::header: return "header";
    case ZoneKind::signature: return "signature";
    case ZoneKind::footer: return "footer";
  }
  return "new";
}

const Zone& Text::zone_at(std::uint32_t offset) const {
  static const Zone nothing{};
  const auto after = std::upper_bound(zones.begin(), zones.end(), offset, [](std::uint32_t at, const Zone& zone) { return at < zone.range.begin; });
  return after == zones.begin() ? nothing : *(after - 1);
}

bool is_edge_of_characters(std::string_view norm, std::size_t offset) {
  const auto joins = [&](std::size_t at) {
    if (static_cast<unsigned char>(norm[at]) < 0x80) return is_ascii_word(norm[at]);
    const char32_t c = decode_any(norm, at).c;
    return is_word(c) && !is_own_word(c);
  };
  std::size_t before = offset - 1;
  while (before > 0 && offset - before < 4 && (static_cast<unsigned char>(norm[before]) & 0xC0U) == 0x80U) --before;
  return !joins(before) || !joins(offset);
}

std::string fold(std::string_view utf8) {
  std::string folded;
  if (is_ascii(utf8) && utf8.find('\0') == std::string_view::npos) {
    folded.resize(utf8.size());
    std::transform(utf8.begin(), utf8.end(), folded.begin(), ascii_lower);
    return folded;
  }
  folded.reserve(utf8.size());
  Folder folder;
  for (std::size_t at = 0; at < utf8.size();) {
    const char c = utf8[at];
    const bool accented = at + 1 < utf8.size() && static_cast<unsigned char>(utf8[at + 1]) >= 0x80;
    if (static_cast<unsigned char>(c) < 0x80 && c != 0 && !accented) {
      folded.push_back(ascii_lower(c));
      ++at;
      continue;
    }
    const Folded result = folder.next(utf8, at);
    at += result.size;
    if (result.kind == Folded::Kind::space) folded.push_back(' ');
    if (result.kind == Folded::Kind::line_break) folded.push_back('\n');
    if (result.kind != Folded::Kind::text && result.kind != Folded::Kind::mark) continue;
    for (std::size_t i = 0; i < result.bytes.size();) {
      const auto [letter, size] = decode_any(result.bytes, i);
      append_utf8(folded, lower_case(letter));
      i += size;
    }
  }
  return folded;
}

Text normalise_part(PartRef part, std::string_view source, bool is_html) { return read_part(part, source, is_html, {}); }

std::vector<Text> normalise(const message::Message& message) {
  std::vector<Text> texts;
  std::size_t count = 3;
  for (const message::Attachment& attachment : message.attachments) count += 1 + attachment.text_parts.size();
  texts.reserve(count);
  const std::string signer = fold(message.from.name);
  if (message.subject) texts.push_back(read_part({PartRef::Kind::subject}, *message.subject, false, signer));
  if (message.body_html) texts.push_back(read_part({PartRef::Kind::body_html}, *message.body_html, true, signer));
  if (message.body_text) texts.push_back(read_part({PartRef::Kind::body_text}, *message.body_text, false, signer));
  for (std::uint32_t i = 0; i < message.attachments.size(); ++i) {
    const message::Attachment& attachment = message.attachments[i];
    texts.push_back(read_part({PartRef::Kind::attachment_name, i}, attachment.name, false, signer));
    for (std::uint32_t j = 0; j < attachment.text_parts.size(); ++j) {
      const message::TextPart& part = attachment.text_parts[j];
      texts.push_back(read_part({PartRef::Kind::attachment_text, i, j}, part.text, part.where.starts_with("html"), signer));
    }
  }
  return texts;
}

}  // namespace phiscan::text

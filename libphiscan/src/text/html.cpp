#include "text/html.hpp"

#include <algorithm>
#include <cstring>

#include "text/characters.hpp"

namespace phiscan::text {
namespace {

constexpr std::size_t most_attributes = 64;  // more are read over

struct Entity {
  char name[33];
  char32_t first;
  char32_t second;
};

constexpr Entity entities[] = {
#include "text/html_entities.inc"
};

constexpr std::size_t longest_entity = 32;
constexpr std::size_t longest_without_semicolon = 6;

const Entity* find_entity(std::string_view name) {
  // Names are zero-padded, so that they compare as fixed blocks.
  char wanted[sizeof(Entity::name)] = {};
  if (name.size() >= sizeof(wanted)) return nullptr;
  std::memcpy(wanted, name.data(), name.size());
  const auto less = [](const Entity& entity, const char* text) { return std::memcmp(entity.name, text, sizeof(Entity::name)) < 0; };
  const auto* found = std::lower_bound(std::begin(entities), std::end(entities), static_cast<const char*>(wanted), less);
  return found != std::end(entities) && std::memcmp(found->name, wanted, sizeof(wanted)) == 0 ? found : nullptr;
}

// What C1 numbers mean in practice: windows-1252.
constexpr char32_t windows_1252[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                       0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                       0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

Reference numeric_reference(std::string_view source, std::size_t at) {
  std::size_t i = at + 2;
  const bool hex = i < source.size() && (source[i] == 'x' || source[i] == 'X');
  if (hex) ++i;
  const std::size_t digits = i;
  std::uint32_t value = 0;
  for (; i < source.size(); ++i) {
    const char c = ascii_lower(source[i]);
    std::uint32_t digit = 0;
    if (is_ascii_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (hex && c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a') + 10;
    } else {
      break;
    }
    value = std::min<std::uint32_t>(value * (hex ? 16U : 10U) + digit, 0x110000);
  }
  if (i == digits) return {};
  if (i < source.size() && source[i] == ';') ++i;
  auto c = static_cast<char32_t>(value);
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = U'\uFFFD';
  if (c >= 0x80 && c < 0xA0) c = windows_1252[c - 0x80];
  return {static_cast<std::uint32_t>(i - at), {c, 0}};
}

bool is_raw(Name name) {
  switch (name) {
    case name_of("script"):
    case name_of("style"):
    case name_of("textarea"):
    case name_of("title"):
    case name_of("xmp"):
    case name_of("iframe"):
    case name_of("noembed"):
    case name_of("noframes"):
    case name_of("plaintext"): return true;  // not noscript: mail programs run no scripts, so its content is ordinary
    default: return false;
  }
}

// Start tags that end svg and math whether or not they were closed.
bool leaves_foreign(Name name) {
  switch (name) {
    case name_of("body"): case name_of("blockquote"): case name_of("br"): case name_of("center"): case name_of("div"): case name_of("dl"):
    case name_of("h1"): case name_of("h2"): case name_of("h3"): case name_of("hr"): case name_of("img"): case name_of("li"):
    case name_of("ol"): case name_of("p"): case name_of("pre"): case name_of("span"): case name_of("table"): case name_of("ul"): return true;
    default: return false;
  }
}

Span span(std::size_t begin, std::size_t end) { return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}; }

}  // namespace

const Attribute* Token::attribute(Name wanted) const {
  for (const Attribute& each : attributes) {
    if (each.name == wanted) return &each;
  }
  return nullptr;
}

bool Tokeniser::next(Token& token) {
  while (at_ < source_.size()) {
    if (!raw_name_.empty()) {
      raw_text(token);
      if (!token.source.empty()) return true;
      continue;
    }
    const std::size_t begin = at_;
    // Text runs up to a '<' that starts markup.
    std::size_t i = at_;
    while (i < source_.size()) {
      const void* found = std::memchr(source_.data() + i, '<', source_.size() - i);
      if (found == nullptr) {
        i = source_.size();
        break;
      }
      i = static_cast<std::size_t>(static_cast<const char*>(found) - source_.data());
      const char next = i + 1 < source_.size() ? source_[i + 1] : '\0';
      if (is_ascii_letter(next) || next == '!' || next == '?' || (next == '/' && i + 2 < source_.size())) break;
      ++i;
    }
    if (i > begin) {
      token.kind = Token::Kind::text;
      token.source = span(begin, i);
      at_ = i;
      return true;
    }
    if (markup(token)) return true;
  }
  return false;
}

// At a '<' that starts markup. False when a tag breaks off at the end of the source: a browser drops it.
bool Tokeniser::markup(Token& token) {
  const std::size_t begin = at_;
  const char next = source_[at_ + 1];
  const char third = at_ + 2 < source_.size() ? source_[at_ + 2] : '\0';
  if (is_ascii_letter(next) || (next == '/' && is_ascii_letter(third))) return tag(token);

  token.kind = Token::Kind::markup;
  const std::string_view rest = source_.substr(at_);
  if (rest.starts_with("<!--")) {
    at_ = comment_end(at_ + 4);
  } else if (foreign_ > 0 && rest.starts_with("<![CDATA[")) {
    const std::size_t content = at_ + 9;
    const std::size_t end = std::min(source_.find("]]>", content), source_.size());
    at_ = std::min(end + 3, source_.size());
    token.kind = Token::Kind::raw;
    token.source = span(content, end);
    return true;
  } else {  // doctype, processing instruction, "</>", "</ x>": all end at the first '>'
    const std::size_t end = source_.find('>', at_ + 2);
    at_ = end == std::string_view::npos ? source_.size() : end + 1;
  }
  token.source = span(begin, at_);
  return true;
}

std::size_t Tokeniser::comment_end(std::size_t content) const {
  const std::string_view rest = source_.substr(content);
  if (rest.starts_with(">")) return content + 1;
  if (rest.starts_with("->")) return content + 2;
  for (std::size_t i = content;;) {
    const std::size_t end = source_.find('>', i);
    if (end == std::string_view::npos) return source_.size();
    const std::string_view before = source_.substr(content, end - content);
    if (before.ends_with("--") || before.ends_with("--!")) return end + 1;
    i = end + 1;
  }
}

bool Tokeniser::tag(Token& token) {
  const std::size_t begin = at_;
  const std::size_t size = source_.size();
  const bool is_end = source_[at_ + 1] == '/';
  std::size_t i = at_ + (is_end ? 2 : 1);
  const auto ends_name = [&](char c) { return is_html_space(c) || c == '/' || c == '>'; };

  const std::size_t name_begin = i;
  while (i < size && !ends_name(source_[i])) ++i;
  const std::string_view name = source_.substr(name_begin, i - name_begin);
  token.kind = is_end ? Token::Kind::end_tag : Token::Kind::start_tag;
  token.name = name_of(name);
  token.attributes.clear();
  token.self_closing = false;

  while (true) {
    while (i < size && (is_html_space(source_[i]) || source_[i] == '/')) {
      token.self_closing = source_[i] == '/' && i + 1 < size && source_[i + 1] == '>';
      ++i;
    }
    if (i >= size) {
      at_ = size;
      return false;
    }
    if (source_[i] == '>') break;

    const std::size_t attribute_begin = i;
    ++i;  // an '=' first belongs to the name
    while (i < size && !ends_name(source_[i]) && source_[i] != '=') ++i;
    Attribute attribute{name_of(source_.substr(attribute_begin, i - attribute_begin)), span(i, i)};
    while (i < size && is_html_space(source_[i])) ++i;
    if (i < size && source_[i] == '=') {
      ++i;
      while (i < size && is_html_space(source_[i])) ++i;
      if (i < size && (source_[i] == '"' || source_[i] == '\'')) {
        const std::size_t close = source_.find(source_[i], i + 1);
        if (close == std::string_view::npos) {
          at_ = size;
          return false;
        }
        attribute.value = span(i + 1, close);
        i = close + 1;
      } else {
        const std::size_t value_begin = i;
        while (i < size && !is_html_space(source_[i]) && source_[i] != '>') ++i;
        attribute.value = span(value_begin, i);
      }
    }
    if (token.attributes.size() < most_attributes && token.attribute(attribute.name) == nullptr) token.attributes.push_back(attribute);
  }
  at_ = i + 1;
  token.source = span(begin, at_);

  const bool is_foreign = token.name == name_of("svg") || token.name == name_of("math");
  if (is_end) {
    if (is_foreign && foreign_ > 0) --foreign_;
  } else if (is_foreign) {
    if (!token.self_closing) ++foreign_;
  } else if (foreign_ > 0) {
    if (leaves_foreign(token.name)) foreign_ = 0;
  } else if (is_raw(token.name)) {
    raw_name_ = name;
    references_in_raw_ = token.name == name_of("textarea") || token.name == name_of("title");
  }
  return true;
}

bool Tokeniser::is_end_tag(std::size_t at, std::string_view name) const {
  if (at + 2 + name.size() >= source_.size() || source_[at + 1] != '/') return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (ascii_lower(source_[at + 2 + i]) != ascii_lower(name[i])) return false;
  }
  const char after = source_[at + 2 + name.size()];
  return is_html_space(after) || after == '/' || after == '>';
}

std::size_t Tokeniser::raw_end() const {
  const Name name = name_of(raw_name_);
  if (name == name_of("plaintext")) return source_.size();
  // A script may hold "<!-- <script> ... </script> -->": that inner end tag does not count.
  enum { plain, escaped, twice } state = plain;
  const bool is_script = name == name_of("script");
  std::size_t dashes_from = 0;
  for (std::size_t i = at_; i < source_.size(); ++i) {
    const char c = source_[i];
    if (c == '<') {
      if (is_end_tag(i, raw_name_)) {
        if (state != twice) return i;
        state = escaped;
      } else if (is_script && state == plain && source_.substr(i).starts_with("<!--")) {
        state = escaped;
        dashes_from = i + 2;
        i += 3;
      } else if (is_script && state == escaped && i + 7 < source_.size() && name_of(source_.substr(i + 1, 6)) == name &&
                 (is_html_space(source_[i + 7]) || source_[i + 7] == '/' || source_[i + 7] == '>')) {
        state = twice;
      }
    } else if (c == '>' && state != plain && i >= dashes_from + 2 && source_[i - 1] == '-' && source_[i - 2] == '-') {
      state = plain;
    }
  }
  return source_.size();
}

void Tokeniser::raw_text(Token& token) {
  const std::size_t end = raw_end();
  token.kind = references_in_raw_ ? Token::Kind::text : Token::Kind::raw;
  token.name = name_of(raw_name_);
  token.source = span(at_, end);
  at_ = end;
  raw_name_ = {};
}

Reference character_reference(std::string_view source, std::size_t at, bool in_attribute) {
  if (at + 1 >= source.size()) return {};
  if (source[at + 1] == '#') return numeric_reference(source, at);
  std::size_t end = at + 1;
  while (end < source.size() && end - at <= longest_entity && is_ascii_word(source[end])) ++end;
  const std::string_view name = source.substr(at + 1, end - at - 1);
  if (name.empty()) return {};
  if (end < source.size() && source[end] == ';') {
    if (name == "nbsp") return {6, {0xA0, 0}};  // by far the most frequent, with the next one
    if (name == "amp") return {5, {U'&', 0}};
    if (const Entity* found = find_entity(source.substr(at + 1, end - at))) {
      return {static_cast<std::uint32_t>(end - at + 1), {found->first, found->second}};
    }
  }
  for (std::size_t size = std::min(name.size(), longest_without_semicolon); size >= 2; --size) {
    const Entity* found = find_entity(name.substr(0, size));
    if (found == nullptr) continue;
    const char after = at + 1 + size < source.size() ? source[at + 1 + size] : '\0';
    if (in_attribute && (after == '=' || is_ascii_word(after))) return {};
    return {static_cast<std::uint32_t>(size + 1), {found->first, found->second}};
  }
  return {};
}

}  // namespace phiscan::text

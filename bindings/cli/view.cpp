#include "view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace phiscan::cli {
namespace {

constexpr std::string_view blank = " \t\r\n\f";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool is_block(std::string_view tag) {
  constexpr std::array<std::string_view, 30> blocks = {"address", "article", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl",
                                                       "dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
                                                       "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"};
  return std::find(blocks.begin(), blocks.end(), tag) != blocks.end();
}

std::string utf8(std::uint32_t c) {
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
  const auto byte = [](std::uint32_t v) { return static_cast<char>(static_cast<unsigned char>(v)); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | (c >> 6)), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) return {byte(0xE0 | (c >> 12)), byte(0x80 | ((c >> 6) & 0x3F)), byte(0x80 | (c & 0x3F))};
  return {byte(0xF0 | (c >> 18)), byte(0x80 | ((c >> 12) & 0x3F)), byte(0x80 | ((c >> 6) & 0x3F)), byte(0x80 | (c & 0x3F))};
}

struct Entity {
  std::string text;
  std::size_t length = 0;  // of the source
};

// The handful that mail programs write; others stay as they are.
std::optional<Entity> entity_at(std::string_view source) {
  const auto end = source.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return std::nullopt;
  const auto name = source.substr(1, end - 1);
  if (name[0] == '#') {
    const bool is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const auto digits = name.substr(is_hex ? 2 : 1);
    std::uint32_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, is_hex ? 16 : 10);
    if (digits.empty() || error != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
    return Entity{utf8(value), end + 1};
  }
  constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"amp", "&"},        {"lt", "<"},          {"gt", ">"},        {"quot", "\""},      {"apos", "'"},      {"nbsp", " "},
      {"ndash", "–"}, {"mdash", "—"},  {"lsquo", "‘"}, {"rsquo", "’"}, {"ldquo", "“"}, {"rdquo", "”"},
      {"hellip", "…"}, {"bull", "•"},  {"copy", "©"},  {"reg", "®"},   {"deg", "°"},   {"middot", "·"},
      {"aacute", "á"}, {"eacute", "é"}, {"iacute", "í"}, {"oacute", "ó"}, {"uacute", "ú"}, {"ntilde", "ñ"},
      {"Aacute", "Á"}, {"Eacute", "É"}, {"Iacute", "Í"}, {"Oacute", "Ó"}, {"Uacute", "Ú"}, {"Ntilde", "Ñ"},
      {"uuml", "ü"},   {"ouml", "ö"},   {"auml", "ä"},   {"iquest", "¿"}, {"iexcl", "¡"},  {"shy", ""},
  };
  for (const auto& [word, text] : known) {
    if (word == name) return Entity{std::string(text), end + 1};
  }
  return std::nullopt;
}

// Past the '>' of the tag that opens at `at`.
std::size_t skip_tag(std::string_view html, std::size_t at) {
  char quote = 0;
  for (++at; at < html.size(); ++at) {
    const char c = html[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return html.size();
}

void new_line(View& view, std::size_t at) {
  while (!view.text.empty() && view.text.back() == ' ') {
    view.text.pop_back();
    view.source.pop_back();
  }
  if (!view.text.empty() && view.text.back() != '\n') view.put("\n", at);
}

}  // namespace

void View::put(std::string_view bytes, std::size_t from) {
  text += bytes;
  source.insert(source.end(), bytes.size(), static_cast<std::uint32_t>(from));
}

View plain_view(std::string_view text) {
  View out;
  out.text = text;
  out.source.resize(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) out.source[i] = static_cast<std::uint32_t>(i);
  return out;
}

View html_view(std::string_view html) {
  View out;
  std::string skipped;  // element whose content is no text
  for (std::size_t at = 0; at < html.size();) {
    const char c = html[at];
    if (c == '<' && at + 1 < html.size()) {
      if (html.substr(at).starts_with("<!--")) {
        const auto end = html.find("-->", at + 4);
        at = end == std::string_view::npos ? html.size() : end + 3;
        continue;
      }
      const bool is_end = html[at + 1] == '/';
      const auto name_at = at + (is_end ? 2 : 1);
      if (name_at < html.size() && (is_letter(html[name_at]) || html[name_at] == '!' || html[name_at] == '?')) {
        const auto name_end = std::min(html.find_first_of(" \t\r\n\f/>", name_at), html.size());
        const auto tag = lower(html.substr(name_at, name_end - name_at));
        const auto end = skip_tag(html, at);
        if (!skipped.empty()) {
          if (is_end && tag == skipped) skipped.clear();
        } else {
          if (!is_end && (tag == "script" || tag == "style" || tag == "title")) skipped = tag;
          if (is_block(tag)) new_line(out, at);
          if ((tag == "td" || tag == "th") && !is_end && !out.text.empty() && out.text.back() != '\n') out.put("  ", at);
        }
        at = end;
        continue;
      }
    }
    if (!skipped.empty()) {
      ++at;
      continue;
    }
    if (c == '&') {
      if (const auto entity = entity_at(html.substr(at))) {
        out.put(entity->text, at);
        at += entity->length;
        continue;
      }
    }
    if (blank.find(c) != std::string_view::npos) {
      if (!out.text.empty() && out.text.back() != ' ' && out.text.back() != '\n') out.put(" ", at);
    } else {
      out.put(html.substr(at, 1), at);
    }
    ++at;
  }
  return out;
}

View collapsed(const View& view) {
  View out;
  for (std::size_t i = 0; i < view.text.size(); ++i) {
    const bool is_blank = blank.find(view.text[i]) != std::string_view::npos;
    if (is_blank && (out.text.empty() || out.text.back() == ' ')) continue;
    out.put(is_blank ? std::string_view(" ") : std::string_view(view.text).substr(i, 1), view.source[i]);
  }
  return out;
}

std::vector<Part> parts_of(const nlohmann::json& request) {
  std::vector<Part> out;
  const auto text = [](const nlohmann::json& object, const char* key) -> const std::string* {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get_ptr<const std::string*>() : nullptr;
  };
  if (!request.is_object()) return out;
  if (const auto* subject = text(request, "subject")) out.push_back({"subject", "Subject", *subject, false});
  if (const auto body = request.find("body"); body != request.end() && body->is_object()) {
    if (const auto* plain = text(*body, "text")) out.push_back({"body.text", "Text", *plain, false});
    if (const auto* html = text(*body, "html")) out.push_back({"body.html", "Text (HTML)", *html, true});
  }
  const auto attachments = request.find("attachments");
  if (attachments == request.end() || !attachments->is_array()) return out;
  for (std::size_t i = 0; i < attachments->size(); ++i) {
    const auto& attachment = (*attachments)[i];
    if (!attachment.is_object()) continue;
    const std::string stem = "attachments/" + std::to_string(i);
    const auto* name = text(attachment, "name");
    const std::string title = name != nullptr && !name->empty() ? *name : "attachment " + std::to_string(i + 1);
    if (name != nullptr) out.push_back({stem + "/name", "Name of attachment " + std::to_string(i + 1), *name, false});
    const auto texts = attachment.find("text_parts");
    if (texts == attachment.end() || !texts->is_array()) continue;
    for (std::size_t j = 0; j < texts->size(); ++j) {
      const auto& one = (*texts)[j];
      const auto* content = one.is_object() ? text(one, "text") : nullptr;
      if (content == nullptr) continue;
      const auto* where = text(one, "where");
      const bool is_html = where != nullptr && where->starts_with("html");
      out.push_back({stem + "/text_parts/" + std::to_string(j), title + (where != nullptr && !where->empty() ? ", " + *where : ""), *content, is_html});
    }
  }
  return out;
}

View view_of(const Part& part) { return part.is_html ? html_view(part.source) : plain_view(part.source); }

}  // namespace phiscan::cli

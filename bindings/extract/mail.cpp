#include "mail.hpp"

#include "calendar.hpp"
#include "charset.hpp"
#include "digest.hpp"
#include "flowed.hpp"
#include "limits.hpp"
#include "request.hpp"
#include "thread.hpp"
#include "transfer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <gmime/gmime.h>
#include <memory>

namespace phiscan::extract {
namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

// The library's global state, made once; its messages (which may quote the mail) go nowhere.
GMimeParserOptions* parser_options() {
  static GMimeParserOptions* const options = [] {
    g_log_set_writer_func([](GLogLevelFlags, const GLogField*, gsize, gpointer) { return G_LOG_WRITER_HANDLED; }, nullptr, nullptr);
    g_mime_init();
    GMimeParserOptions* made = g_mime_parser_options_new();
    const char* charsets[] = {"utf-8", "windows-1252", nullptr};
    g_mime_parser_options_set_fallback_charsets(made, charsets);
    g_mime_parser_options_set_address_compliance_mode(made, GMIME_RFC_COMPLIANCE_LOOSE);
    g_mime_parser_options_set_parameter_compliance_mode(made, GMIME_RFC_COMPLIANCE_LOOSE);
    g_mime_parser_options_set_rfc2047_compliance_mode(made, GMIME_RFC_COMPLIANCE_LOOSE);
    g_mime_parser_options_set_allow_addresses_without_domain(made, TRUE);
    return made;
  }();
  return options;
}

Owned<GMimeMessage> parse_message(std::string_view bytes) {
  GMimeParserOptions* options = parser_options();
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  return Owned<GMimeMessage>(g_mime_parser_construct_message(parser.get(), options));
}

// --- headers -------------------------------------------------------------------------------------------------

std::string_view view(const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); }

std::string cut_name(std::string_view name, bool& was_cut) {
  std::string out = one_line(name);
  if (out.size() <= limits::name_bytes) return out;
  was_cut = true;
  std::size_t end = limits::name_bytes;
  while (end > 0 && utf8_length(out, end) == 0) --end;
  out.resize(end);
  return out;
}

std::string short_name(const char* name) {
  bool ignored = false;
  return cut_name(view(name), ignored);
}

// Domains as they go over the wire ("xn--…"), however they were written.
Address read_address(InternetAddress* one) {
  return {one_line(view(internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(one)))), short_name(internet_address_get_name(one))};
}

void add_members(InternetAddressList* list, std::vector<Address>& out, int depth) {
  const int count = list == nullptr ? 0 : internet_address_list_length(list);
  for (int i = 0; i < count; ++i) {
    InternetAddress* one = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_GROUP(one)) {
      if (depth < limits::depth) add_members(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)), out, depth + 1);
    } else {
      out.push_back(read_address(one));
    }
  }
}

// A header value with its quoted strings and comments blanked; an unbalanced quote hides nothing.
std::string outside_quotes(std::string_view value) {
  std::string out(value);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char close = value[i] == '"' ? '"' : value[i] == '(' ? ')' : '\0';
    if (close == '\0') continue;
    std::size_t end = i + 1;
    while (end < value.size() && value[end] != close) end += value[end] == '\\' ? 2U : 1U;
    if (end >= value.size()) break;
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(i), out.begin() + static_cast<std::ptrdiff_t>(end) + 1, ' ');
    i = end;
  }
  return out;
}

std::vector<Recipient> to_recipients(InternetAddressList* list) {
  std::vector<Recipient> out;
  const int count = list == nullptr ? 0 : internet_address_list_length(list);
  for (int i = 0; i < count; ++i) {
    InternetAddress* one = internet_address_list_get_address(list, i);
    Recipient recipient;
    if (INTERNET_ADDRESS_IS_GROUP(one)) {
      recipient.is_group = true;
      recipient.mailbox.name = short_name(internet_address_get_name(one));
      add_members(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)), recipient.members, 1);
    } else {
      recipient.mailbox = read_address(one);
    }
    out.push_back(std::move(recipient));
  }
  return out;
}

// The parser drops what it cannot follow; a recipient may not be lost like that. Adds what looks like an address in
// the header and stands nowhere in the list.
void rescue(const std::string& plain, std::vector<Recipient>& list) {
  constexpr std::size_t enough = 1000;
  std::vector<std::string> known;
  const auto know = [&](const Address& one) {
    known.push_back(lower_ascii(one.address));
    if (one.name.find('@') != std::string::npos) known.push_back(lower_ascii(one.name));
  };
  for (const Recipient& one : list) {
    know(one.mailbox);
    for (const Address& member : one.members) know(member);
  }
  std::sort(known.begin(), known.end());
  std::size_t added = 0;
  for (std::string& address : addresses_in(plain)) {
    if (added == enough) return;
    if (std::binary_search(known.begin(), known.end(), address)) continue;
    const bool is_wire_name = !std::all_of(address.begin(), address.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const auto holds = [&](const std::string& one) { return one.find(address) != std::string::npos; };
    if (is_wire_name || std::any_of(known.begin(), known.end(), holds)) continue;
    list.push_back({{std::move(address), {}}, false, {}});
    ++added;
  }
}

// "a@x.test; b@y.test" is how one mail program writes lists; the standard's semicolon only ends a group.
std::vector<Recipient> read_recipients(GMimeMessage* message, GMimeAddressType type, const char* name) {
  std::vector<Recipient> out = to_recipients(g_mime_message_get_addresses(message, type));
  const std::string_view raw = view(g_mime_object_get_header(GMIME_OBJECT(message), name));
  std::string plain = outside_quotes(raw);
  const bool has_group = std::any_of(out.begin(), out.end(), [](const Recipient& one) { return one.is_group; });
  if (!has_group && plain.find(';') != std::string::npos) {
    std::string commas(raw);
    for (std::size_t i = 0; i < commas.size(); ++i)
      if (plain[i] == ';') commas[i] = ',';
    const Owned<InternetAddressList> list(internet_address_list_parse(parser_options(), commas.c_str()));
    if (std::vector<Recipient> again = to_recipients(list.get()); again.size() > out.size()) out = std::move(again);
  }
  rescue(plain, out);
  // "Roe, Dana <dana@mail.test>" without quotes is one person: the piece in front belongs to her name.
  std::vector<Recipient> whole;
  for (Recipient& one : out) {
    const bool follows_piece = !whole.empty() && !whole.back().is_group && whole.back().mailbox.name.empty() &&
                               whole.back().mailbox.address.find('@') == std::string::npos;
    if (follows_piece && !one.is_group && !one.mailbox.name.empty() && one.mailbox.address.find('@') != std::string::npos) {
      one.mailbox.name = whole.back().mailbox.address + ", " + one.mailbox.name;
      whole.pop_back();
    }
    whole.push_back(std::move(one));
  }
  return whole;
}

std::string header(GMimeObject* object, const char* name) { return one_line(view(g_mime_object_get_header(object, name))); }

// Of an attached mail, whose header block nobody has mended.
std::string subject_of(GMimeMessage* message) {
  GMimeHeader* subject = g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(message)), "Subject");
  const auto respelt = subject == nullptr ? std::nullopt : respell_padded_words(view(g_mime_header_get_raw_value(subject)));
  if (!respelt) return one_line(view(g_mime_message_get_subject(message)));
  const std::unique_ptr<char, decltype(&g_free)> text(g_mime_utils_header_decode_text(parser_options(), one_line(*respelt).c_str()), &g_free);
  return one_line(view(text.get()));
}

bool has_header(GMimeObject* object, const char* name) { return g_mime_object_get_header(object, name) != nullptr; }

std::vector<Recipient> parse_recipients(GMimeObject* object, const char* name) {
  std::vector<Recipient> out;
  const char* raw = g_mime_object_get_header(object, name);
  if (raw == nullptr) return out;
  const Owned<InternetAddressList> list(internet_address_list_parse(parser_options(), raw));
  std::vector<Address> members;
  add_members(list.get(), members, 0);
  for (Address& member : members) out.push_back({std::move(member), false, {}});
  return out;
}

std::string iso_date(GDateTime* date) {
  if (date == nullptr) return {};
  const std::unique_ptr<char, decltype(&g_free)> text(g_date_time_format(date, "%Y-%m-%dT%H:%M:%S%:z"), &g_free);
  // Years below 1000 come out short, and no zone is further than 14 hours away; such a date is nonsense and the caller's
  // clock serves better.
  const std::string_view iso = view(text.get());
  return iso.size() == 25 && (iso[20] == '0' || (iso[20] == '1' && iso[21] <= '4')) ? std::string(iso) : std::string();
}

// --- the shape of the bytes ----------------------------------------------------------------------------------

struct Shaped {
  std::string_view mail;   // what to parse
  std::string storage;     // owns `mail` when it had to be changed
  bool is_plain = false;   // no headers that a mail has: all of it is text
  bool headers_cut = false;
};

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Headers that make a block of lines a mail's, and all of those that are read here.
bool is_known_header(std::string_view name) {
  constexpr std::array<std::string_view, 21> known = {
      "from", "to", "cc", "bcc", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding", "received",
      "return-path", "reply-to", "sender", "in-reply-to", "references", "delivered-to", "resent-from", "content-disposition", "x-mailer", "content-id"};
  return std::find(known.begin(), known.end(), name) != known.end();
}

// What is never looked at, whatever it holds: it may be dropped without a loss.
bool is_read_header(std::string_view name) {
  return (is_known_header(name) && name != "received" && name != "x-mailer" && name != "return-path" && name != "delivered-to") ||
         name.starts_with("resent-") || name.starts_with("content-") || name == "x-unsent" || name == "x-mozilla-draft-info" ||
         name == "x-forwarded-message-id";
}

// The name in front of the colon, in lower case; nothing when the line is not a header line.
std::string header_name(std::string_view line) {
  const std::size_t colon = line.substr(0, 200).find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view name = trim(line.substr(0, colon));
  const bool fine = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
  return fine ? lower_ascii(name) : std::string();
}

// Does the first block hold at least one header that only a mail has?
bool has_mail_headers(std::string_view bytes) {
  std::string_view rest = bytes.substr(0, limits::header_bytes);
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon > 40) continue;
    const std::string name = lower_ascii(trim(line.substr(0, colon)));
    if (is_known_header(name) || name.starts_with("x-")) return true;
  }
  return false;
}

// A header block over the limit without the headers that nobody here reads, and no longer than the limit.
std::string short_block(std::string_view block, bool& was_cut) {
  std::string out;
  bool keeps = false;
  while (!block.empty()) {
    const std::string_view whole = block;
    const std::string_view line = next_line(block);
    if (line.empty() || (line[0] != ' ' && line[0] != '\t')) {
      const std::string name = header_name(line);
      keeps = name.empty() || is_read_header(name);
    }
    if (!keeps) continue;
    const std::string_view bytes = whole.substr(0, whole.size() - block.size());
    if (out.size() + bytes.size() > limits::header_bytes) {
      was_cut = true;
      // A long list is read as far as it goes; what comes behind may still be short.
      out.append(bytes.substr(0, limits::header_bytes - std::min(limits::header_bytes, out.size())));
      if (!out.ends_with('\n')) out.push_back('\n');
      break;
    }
    out.append(bytes);
  }
  return out;
}

// Lines that are no headers stand in the block when a mail lost its blank line, or a header its indent. Behind the last
// header that mail programs know they begin the text; before it they belong to the header above.
std::optional<std::string> mend_block(std::string_view block) {
  std::size_t known_end = 0; // behind the last known header and its folded lines
  std::size_t strays = 0;
  std::size_t last_stray = 0;
  bool is_known = true;
  for (std::string_view rest = block; !rest.empty();) {
    const std::size_t begin = block.size() - rest.size();
    const std::string_view line = next_line(rest);
    const bool is_folded = line.starts_with(' ') || line.starts_with('\t');
    const std::string name = is_folded ? std::string() : header_name(line);
    if (!is_folded) {
      is_known = is_known_header(name) || is_read_header(name) || name.starts_with("x-") || name.starts_with("list-");
      if (name.empty() && !line.empty()) ++strays, last_stray = begin;
    }
    if (is_known) known_end = block.size() - rest.size();
  }
  if (strays == 0) return {};
  std::string out;
  for (std::string_view rest = block.substr(0, known_end); !rest.empty();) {
    const std::string_view whole = rest;
    const std::string_view line = next_line(rest);
    if (!out.empty() && !line.empty() && line[0] != ' ' && line[0] != '\t' && header_name(line).empty()) out.push_back(' ');
    out.append(whole.substr(0, whole.size() - rest.size()));
  }
  if (last_stray >= known_end) out.push_back('\n');
  return out.append(block.substr(known_end));
}

Shaped shape(std::string_view bytes) {
  Shaped out;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.find('\n') == std::string_view::npos && bytes.find('\r') != std::string_view::npos) {
    out.storage = bytes;
    std::replace(out.storage.begin(), out.storage.end(), '\r', '\n');
    bytes = out.storage;
  }
  const std::string_view all = bytes;
  while (!bytes.empty() && (bytes.front() == '\n' || bytes.front() == '\r')) bytes.remove_prefix(1);
  if (bytes.starts_with("From ") || bytes.starts_with(">From ")) next_line(bytes);
  if (!has_mail_headers(bytes)) {
    out.mail = all;
    out.is_plain = true;
    return out;
  }
  out.mail = bytes;
  // Only the first block is mended and cut here: the headers of inner parts are bounded where they are used.
  const std::size_t blank = std::min(bytes.find("\n\n"), bytes.find("\n\r\n"));
  const std::size_t end = blank == std::string_view::npos ? bytes.size() : blank + 1; // with the last header's line feed
  std::optional<std::string> block;
  if (end > limits::header_bytes) block = short_block(bytes.substr(0, end), out.headers_cut);
  if (auto mended = mend_block(block ? std::string_view(*block) : bytes.substr(0, end))) block = std::move(mended);
  if (auto respelt = respell_padded_words(block ? std::string_view(*block) : bytes.substr(0, end))) block = std::move(respelt);
  if (!block) return out;
  out.storage = std::move(block->append(bytes.substr(end)));
  out.mail = out.storage;
  return out;
}

// --- content -------------------------------------------------------------------------------------------------

struct Raw {
  std::string_view bytes;
  GMimeContentEncoding encoding = GMIME_CONTENT_ENCODING_DEFAULT;
};

// The part's bytes as they stand in the mail, without a copy: all our streams are memory.
Raw raw_content(GMimePart* part) {
  GMimeDataWrapper* wrapper = g_mime_part_get_content(part);
  if (wrapper == nullptr) return {};
  GMimeStream* stream = g_mime_data_wrapper_get_stream(wrapper);
  if (stream == nullptr || !GMIME_IS_STREAM_MEM(stream)) return {};
  const GByteArray* buffer = GMIME_STREAM_MEM(stream)->buffer;
  const auto size = static_cast<gint64>(buffer->len);
  const gint64 begin = std::clamp<gint64>(stream->bound_start, 0, size);
  const gint64 end = stream->bound_end < 0 ? size : std::clamp<gint64>(stream->bound_end, begin, size);
  return {{reinterpret_cast<const char*>(buffer->data) + begin, static_cast<std::size_t>(end - begin)},
          g_mime_data_wrapper_get_encoding(wrapper)};
}

struct Content {
  std::string bytes; // at most the limit for a text part
  std::size_t size = 0;
  std::string sha256;
  bool is_cut = false;
  bool is_mislabelled = false; // some of it was not in its declared transfer encoding and is kept as it stands
};

template <class Take>
void decode_piece(std::string_view bytes, GMimeContentEncoding encoding, const Take& take) {
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, encoding);
  constexpr std::size_t step = 65536;
  std::string buffer;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const std::string_view piece = bytes.substr(at, step);
    buffer.resize(g_mime_encoding_outlen(&state, piece.size()));
    take(std::string_view(buffer.data(), g_mime_encoding_step(&state, piece.data(), piece.size(), buffer.data())));
  }
  buffer.resize(64);
  // A mail cut in the middle of a base64 quantum still holds one or two good bytes; padding brings them out.
  if (encoding == GMIME_CONTENT_ENCODING_BASE64)
    for (std::size_t i = 0, got = 0; i < 2 && got == 0; ++i) take(std::string_view(buffer.data(), got = g_mime_encoding_step(&state, "=", 1, buffer.data())));
  take(std::string_view(buffer.data(), g_mime_encoding_flush(&state, nullptr, 0, buffer.data())));
}

Content decode(const Raw& raw, bool want_digest, std::size_t keep) {
  Content out;
  std::optional<Sha256> digest;
  if (want_digest) digest.emplace();
  const auto take = [&](std::string_view piece) {
    out.size += piece.size();
    if (digest) digest->add(piece);
    const std::size_t room = keep - std::min(keep, out.bytes.size());
    if (piece.size() > room) out.is_cut = true;
    out.bytes.append(piece.substr(0, room));
  };
  if (raw.encoding == GMIME_CONTENT_ENCODING_BASE64) {
    Base64Runs runs(raw.bytes);
    while (const auto run = runs.next()) {
      if (run->is_text) {
        out.is_mislabelled = true;
        take(run->bytes);
      } else {
        decode_piece(run->bytes, raw.encoding, take);
      }
    }
  } else if (raw.encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
    const auto block = find_uuencoded(raw.bytes, 0);
    out.is_mislabelled = !block;
    take(raw.bytes.substr(0, block ? block->begin : raw.bytes.size()));
    if (block) {
      decode_piece(block->lines, raw.encoding, take);
      take(raw.bytes.substr(block->end));
    }
  } else if (raw.encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
    decode_piece(raw.bytes, raw.encoding, take);
  } else {
    take(raw.bytes);
  }
  if (digest) out.sha256 = digest->finish();
  return out;
}

struct MediaType {
  std::string type;
  std::string subtype;
  [[nodiscard]] std::string full() const { return type + "/" + subtype; }
  [[nodiscard]] bool is(std::string_view t, std::string_view s) const { return type == t && subtype == s; }
};

MediaType media_type(GMimeObject* object) {
  GMimeContentType* type = g_mime_object_get_content_type(object);
  if (type == nullptr) return {"text", "plain"};
  bool ignored = false;
  return {lower_ascii(cut_name(view(g_mime_content_type_get_media_type(type)), ignored)),
          lower_ascii(cut_name(view(g_mime_content_type_get_media_subtype(type)), ignored))};
}

std::string_view parameter(GMimeObject* object, const char* name) { return view(g_mime_object_get_content_type_parameter(object, name)); }

bool is_disposed(GMimeObject* object, const char* disposition) {
  const char* value = g_mime_object_get_disposition(object);
  return value != nullptr && g_ascii_strcasecmp(value, disposition) == 0;
}

std::string_view file_name(GMimeObject* object) {
  if (GMIME_IS_PART(object)) return view(g_mime_part_get_filename(GMIME_PART(object)));
  const char* name = g_mime_object_get_content_disposition_parameter(object, "filename");
  return name != nullptr ? view(name) : parameter(object, "name");
}

std::string extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || name.size() - dot > 8 ? std::string() : lower_ascii(name.substr(dot + 1));
}

// What a text reader makes of a part; `none` is a format that is not read here.
enum class Form { none, text, html, csv, json, xml, calendar, message };

std::string_view where_of(Form form) {
  switch (form) {
    case Form::html: return "html";
    case Form::csv: return "csv";
    case Form::json: return "json";
    case Form::xml: return "xml";
    case Form::calendar: return "calendar";
    case Form::none:
    case Form::text:
    case Form::message: break;
  }
  return "text";
}

Form form_by_extension(std::string_view name) {
  struct Known { std::string_view extension; Form form; };
  constexpr std::array<Known, 26> known = {{
      {"txt", Form::text}, {"text", Form::text}, {"log", Form::text}, {"md", Form::text}, {"asc", Form::text}, {"hl7", Form::text},
      {"edi", Form::text}, {"x12", Form::text}, {"835", Form::text}, {"837", Form::text}, {"vcf", Form::text}, {"yaml", Form::text},
      {"ini", Form::text}, {"csv", Form::csv}, {"tsv", Form::csv}, {"tab", Form::csv}, {"psv", Form::csv}, {"json", Form::json},
      {"ndjson", Form::json}, {"xml", Form::xml}, {"ccda", Form::xml}, {"htm", Form::html}, {"html", Form::html}, {"ics", Form::calendar},
      {"eml", Form::message}, {"svg", Form::html}}};
  const std::string ext = extension(name);
  const auto* hit = std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.extension == ext; });
  return hit == known.end() ? Form::none : hit->form;
}

Form form_of(const MediaType& type, std::string_view name) {
  const std::string& sub = type.subtype;
  const auto has = [&](std::string_view word) { return sub.find(word) != std::string::npos; };
  if (type.type == "message") return sub == "rfc822" || sub == "global" || sub == "news" ? Form::message : Form::text;
  if (sub == "rtf" || sub == "richtext") return Form::none;
  if (sub == "html" || sub == "xhtml+xml" || sub == "svg+xml") return Form::html;
  if (sub == "calendar" || sub == "ics") return Form::calendar;
  if (sub == "csv" || sub == "x-csv" || sub == "tab-separated-values" || sub == "comma-separated-values") return Form::csv;
  if (sub == "json" || sub.ends_with("+json") || sub == "x-ndjson") return Form::json;
  if ((sub == "xml" || sub.ends_with("+xml")) && type.type != "image") return Form::xml;
  if (type.type == "text") {
    const Form by_name = form_by_extension(name); // "text/plain; name=list.csv" is common
    return by_name == Form::none ? Form::text : by_name;
  }
  if (has("hl7") || has("edi-") || has("edifact") || has("x12") || sub == "pgp-keys" || sub == "x-yaml" || sub == "sql") return Form::text;
  // A general type says nothing; and spreadsheets' type on a .csv is a habit of one operating system.
  if (type.type == "application" && (sub == "octet-stream" || sub == "vnd.ms-excel" || has("unknown") || has("download") || sub == "text"))
    return form_by_extension(name);
  return Form::none;
}

bool is_plainly_text(std::string_view bytes) {
  bytes = bytes.substr(0, 65536);
  std::size_t odd = 0;
  for (const char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    if ((b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != 0x0C && b != 0x0B && b != 0x1B && (b < 0x1C || b > 0x1E)) || b == 0x7F) ++odd;
  }
  return odd * 20 <= bytes.size();
}

// A format we do not know by name may still be plain text (a patch, a script, an export): no control characters, UTF-8, and
// none of the formats that begin in letters and go on in code.
bool is_surely_text(std::string_view bytes) {
  for (const std::string_view mark : {"%PDF", "{\\rtf", "%!PS", "-----BEGIN PGP MESSAGE"})
    if (bytes.substr(0, 1024).find(mark) != std::string_view::npos) return false;
  bytes = bytes.substr(0, 65536);
  for (std::size_t i = 0; i < bytes.size();) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    const std::size_t n = utf8_length(bytes, i);
    if (n == 0) return bytes.size() - i < 4; // cut inside a character
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x0C) || c == 0x7F) return false;
    i += n;
  }
  return true;
}

bool is_cipher(GMimeObject* object, const MediaType& type) {
  const std::string_view sub = type.subtype;
  if (sub == "pgp-encrypted" || sub == "x-microsoft-rpmsg-message") return true;
  if (sub != "pkcs7-mime" && sub != "x-pkcs7-mime") return false;
  // "signed-data" is readable in principle, but not by us yet.
  return lower_ascii(parameter(object, "smime-type")) != "signed-data";
}

// Formats that carry the body itself, with all attachments: S/MIME signed around the text, and Outlook's winmail.dat.
bool is_wrapper(const MediaType& type, std::string_view name) {
  const std::string_view sub = type.subtype;
  return sub == "pkcs7-mime" || sub == "x-pkcs7-mime" || sub == "ms-tnef" || sub == "vnd.ms-tnef" || lower_ascii(name) == "winmail.dat";
}

bool is_signature(const MediaType& type) {
  return type.subtype == "pgp-signature" || type.subtype == "pkcs7-signature" || type.subtype == "x-pkcs7-signature";
}

std::string charset_of(GMimeObject* object, Form form, std::string_view bytes) {
  std::string declared(parameter(object, "charset"));
  if (!declared.empty() || (form != Form::html && form != Form::xml)) return declared;
  // <meta charset=…>, or encoding="…" of an XML declaration.
  const std::string head = lower_ascii(bytes.substr(0, 1024));
  const std::string_view key = form == Form::html ? "charset=" : "encoding=";
  std::size_t at = head.find(key);
  if (at == std::string::npos) return {};
  at += key.size();
  while (at < head.size() && (head[at] == '"' || head[at] == '\'')) ++at;
  const std::size_t end = head.find_first_of("\"' ;>?", at);
  std::string name = head.substr(at, end == std::string::npos ? 0 : end - at);
  return name.starts_with("utf-16") ? std::string() : name; // ASCII told us, so it is not UTF-16
}

// --- the walk ------------------------------------------------------------------------------------------------

// What one message holds: the whole mail, or a mail attached to it.
struct Body {
  std::string text, html;
  bool has_text = false, has_html = false;
  bool has_wrapper = false; // an attachment that was not read may be the body itself
  std::vector<Attachment> attachments;
  std::optional<Why> text_gap, html_gap, message_gap;
};

class Walk {
public:
  // `object` belongs to the outermost mail (depth 0) or to an attached one.
  void read(GMimeObject* object, Body& body, int depth, bool is_first) {
    if (object == nullptr) return;
    if (depth > limits::depth || ++parts_ > limits::parts) {
      body.message_gap = Why::too_large;
      return;
    }
    if (GMIME_IS_MULTIPART(object)) {
      read_multipart(GMIME_MULTIPART(object), body, depth, is_first);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
      read_attached_message(GMIME_MESSAGE_PART(object), body, depth);
    } else if (GMIME_IS_PART(object)) {
      read_leaf(GMIME_PART(object), body, depth, is_first);
    } else {
      Attachment other{short_name(file_name(object).data()), media_type(object).full(), 0, Sha256().finish(), false, {}, Why::unsupported};
      body.attachments.push_back(std::move(other)); // message/partial
    }
  }

  // Text of a mail without any headers, and of what stands outside the parts of a multipart.
  void add_text(Body& body, std::string_view bytes, std::string_view charset) {
    const bool too_long = bytes.size() > limits::text_part_bytes;
    append(body.text, body.has_text, body.text_gap, decode_text(bytes.substr(0, limits::text_part_bytes), charset, "body.text"), too_long);
  }

  [[nodiscard]] std::vector<std::string> take_warnings() { return std::move(warnings_); }

private:
  std::string decode_text(std::string_view bytes, std::string_view charset, std::string_view part) {
    Decoded decoded = to_utf8(bytes, charset);
    if (decoded.unknown_charset) warn(std::string(part) + ": unknown charset, read as windows-1252");
    return std::move(decoded.text);
  }

  void warn(std::string warning) {
    if (warnings_.size() < 100 && std::find(warnings_.begin(), warnings_.end(), warning) == warnings_.end())
      warnings_.push_back(std::move(warning));
  }

  // Takes from what all texts together may be; false when it had to be cut.
  bool fit(std::string& text) {
    const std::size_t need = json_size(text);
    if (need <= text_left_) {
      text_left_ -= need;
      return true;
    }
    std::size_t end = std::min(text.size(), text_left_ / 6); // the longest escape is six bytes for one
    while (end > 0 && utf8_length(text, end) == 0) --end;
    text.resize(end);
    text_left_ = 0;
    return false;
  }

  void append(std::string& to, bool& has, std::optional<Why>& gap, std::string text, bool was_cut) {
    if (!fit(text)) was_cut = true;
    const std::size_t room = limits::text_part_bytes - std::min(limits::text_part_bytes, to.size());
    if (text.size() > room) {
      std::size_t end = room;
      while (end > 0 && utf8_length(text, end) == 0) --end;
      text.resize(end);
      was_cut = true;
    }
    if (has && !to.empty() && to.back() != '\n') to.push_back('\n');
    has = true;
    if (to.empty()) {
      to = std::move(text);
    } else {
      to += text;
    }
    if (was_cut) gap = Why::too_large;
  }

  void read_multipart(GMimeMultipart* multipart, Body& body, int depth, bool is_first) {
    if (GMIME_IS_MULTIPART_ENCRYPTED(multipart)) {
      read_encrypted(multipart, body);
      return;
    }
    const int count = g_mime_multipart_get_count(multipart);
    const std::string_view before = view(g_mime_multipart_get_prologue(multipart));
    if (count == 0) {
      // No boundary was met: look for the one that the sender meant, else keep all as text.
      if (!read_with_other_boundary(before, body, depth, is_first)) add_outside(body, before);
    } else {
      add_outside(body, before);
    }
    for (int i = 0; i < count; ++i) {
      read(g_mime_multipart_get_part(multipart, i), body, depth + 1, is_first && i == 0);
      if (parts_ > limits::parts) return;
    }
    add_outside(body, view(g_mime_multipart_get_epilogue(multipart)));
  }

  // Text outside the parts is sent too, though no one sees it; only the customary sentence is left out.
  void add_outside(Body& body, std::string_view text) {
    text = trim(text);
    if (text.empty()) return;
    const std::string head = text.size() < 400 ? lower_ascii(text) : std::string();
    if (head.find("multi-part message in mime") != std::string::npos || head.find("multipart message in mime") != std::string::npos ||
        head.find("cryptographically signed message in mime") != std::string::npos)
      return;
    add_text(body, text, "");
  }

  bool read_with_other_boundary(std::string_view content, Body& body, int depth, bool is_first) {
    if (repaired_) return false; // once per mail: a repair may not cost more than the mail
    std::string_view rest = content;
    std::string boundary;
    while (!rest.empty() && boundary.empty()) {
      const std::string_view line = next_line(rest);
      if (line.size() < 4 || line.size() > 200 || !line.starts_with("--")) continue;
      if (lower_ascii(rest.substr(0, 8)) == "content-") boundary = trim(line.substr(2));
    }
    if (boundary.empty() || boundary.find_first_of("\"\\") != std::string::npos) return false;
    repaired_ = true;
    const Owned<GMimeMessage> message = parse_message("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n" + std::string(content));
    GMimeObject* root = message ? g_mime_message_get_mime_part(message.get()) : nullptr;
    if (root == nullptr || !GMIME_IS_MULTIPART(root) || g_mime_multipart_get_count(GMIME_MULTIPART(root)) == 0) return false;
    read(root, body, depth + 1, is_first);
    return true;
  }

  void read_encrypted(GMimeMultipart* multipart, Body& body) {
    Attachment sealed{"", "multipart/encrypted", 0, "", false, {}, Why::encrypted};
    const int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count && i < 8; ++i) {
      GMimeObject* child = g_mime_multipart_get_part(multipart, i);
      if (!GMIME_IS_PART(child) || media_type(child).subtype == "pgp-encrypted") continue;
      const Content content = decode(raw_content(GMIME_PART(child)), true, 0);
      sealed.name = short_name(file_name(child).data());
      sealed.size = content.size;
      sealed.sha256 = content.sha256;
    }
    if (sealed.sha256.empty()) sealed.sha256 = Sha256().finish();
    body.attachments.push_back(std::move(sealed));
  }

  void read_leaf(GMimePart* part, Body& body, int depth, bool is_first) {
    GMimeObject* object = GMIME_OBJECT(part);
    MediaType type = media_type(object);
    const std::string_view name = file_name(object);
    const Raw raw = raw_content(part);
    // A Content-Type that cannot be understood is no reason to look away from what may be the whole text.
    if (is_first && name.empty() && !is_disposed(object, "attachment") && (type.type.empty() || type.subtype.empty() || is_unparsed_type(object)))
      type = {"text", "plain"};
    const Form form = form_of(type, name);
    const bool is_body = type.type == "text" && (form == Form::text || form == Form::html) && !is_disposed(object, "attachment") &&
                         (name.empty() || (is_first && !body.has_text && !body.has_html));
    if (is_body) {
      read_body(object, raw, form, body, depth);
    } else {
      read_attachment(object, type, form, name, raw, body, depth);
    }
  }

  static bool is_unparsed_type(GMimeObject* object) {
    const char* value = g_mime_object_get_header(object, "Content-Type");
    return value == nullptr || std::strchr(value, '/') == nullptr;
  }

  // Files that stand uuencoded in a text are attachments to every mail program; the text goes on around them.
  void take_files(std::string& text, Body& body, int depth) {
    if (text.find("begin ") == std::string::npos) return;
    std::string rest;
    std::size_t from = 0;
    for (auto block = find_uuencoded(text, 0); block; block = find_uuencoded(text, from)) {
      if (++parts_ > limits::parts) {
        body.message_gap = Why::too_large;
        break;
      }
      rest.append(text, from, block->begin - from);
      from = block->end;
      const Owned<GMimePart> file(g_mime_part_new_with_type("application", "octet-stream"));
      const std::string name = one_line(block->name);
      g_mime_part_set_filename(file.get(), name.c_str());
      g_mime_object_set_disposition(GMIME_OBJECT(file.get()), "attachment");
      const MediaType type{"application", "octet-stream"};
      read_attachment(GMIME_OBJECT(file.get()), type, form_of(type, name), name,
                      {std::string_view(text).substr(block->begin, block->end - block->begin), GMIME_CONTENT_ENCODING_UUENCODE}, body, depth);
    }
    if (from > 0) text = rest.append(text, from);
  }

  void read_body(GMimeObject* object, const Raw& raw, Form form, Body& body, int depth) {
    const bool is_html = form == Form::html;
    Content content = decode(raw, false, limits::text_part_bytes);
    std::optional<Why>& gap = is_html ? body.html_gap : body.text_gap;
    const std::string_view where = is_html ? "body.html" : "body.text";
    if (content.is_mislabelled) warn(std::string(where) + ": not in its declared transfer encoding, read as it stands");
    if (!is_html) take_files(content.bytes, body, depth);
    std::string text = decode_text(content.bytes, charset_of(object, form, content.bytes), where);
    if (!gap && !is_plainly_text(text)) gap = Why::unreadable;
    if (!gap && !is_html && has_yencoded(text)) gap = Why::unsupported;
    if (!is_html && lower_ascii(parameter(object, "format")) == "flowed") text = join_flowed(text, lower_ascii(parameter(object, "delsp")) == "yes");
    const bool sealed = text.find("-----BEGIN PGP MESSAGE-----") != std::string::npos;
    append(is_html ? body.html : body.text, is_html ? body.has_html : body.has_text, gap, std::move(text), content.is_cut);
    if (sealed && !gap) gap = Why::encrypted;
  }

  void read_attachment(GMimeObject* object, const MediaType& type, Form form, std::string_view name, const Raw& raw, Body& body, int depth) {
    Attachment attachment;
    bool name_cut = false;
    attachment.name = cut_name(name, name_cut);
    attachment.media_type = type.full();
    attachment.is_inline = is_disposed(object, "inline") || (!is_disposed(object, "attachment") && g_mime_object_get_content_id(object) != nullptr);
    const bool unknown = form == Form::none && type.type == "application" && type.subtype != "rtf";
    const bool is_read = (form != Form::none || unknown) && !is_cipher(object, type) && !is_signature(type);
    const std::size_t keep = !is_read ? 0 : form == Form::message ? limits::message_bytes : limits::text_part_bytes;
    const Content content = decode(raw, true, keep);
    attachment.size = content.size;
    attachment.sha256 = content.sha256;
    if (content.is_mislabelled) warn("attachment: not in its declared transfer encoding, read as it stands");
    if (is_cipher(object, type)) {
      attachment.unread = Why::encrypted;
    } else if (is_signature(type) || content.size == 0) {
      // nothing to read in it
    } else if (!is_read || (unknown && !is_surely_text(content.bytes))) {
      attachment.unread = Why::unsupported;
      body.has_wrapper = body.has_wrapper || is_wrapper(type, name);
    } else if (form == Form::message) {
      const Shaped shaped = shape(content.bytes);
      const Owned<GMimeMessage> message = shaped.is_plain ? nullptr : parse_message(shaped.mail);
      if (message) {
        read_message_into(message.get(), attachment, depth);
      } else {
        read_text(object, Form::text, content, attachment);
      }
      if (shaped.headers_cut) attachment.unread = Why::too_large;
    } else {
      read_text(object, form, content, attachment);
    }
    if (name_cut && !attachment.unread) attachment.unread = Why::too_large;
    body.attachments.push_back(std::move(attachment));
  }

  void read_text(GMimeObject* object, Form form, const Content& content, Attachment& attachment) {
    std::string text = decode_text(content.bytes, charset_of(object, form, content.bytes), "attachment");
    if (!is_plainly_text(text)) {
      attachment.unread = Why::unreadable;
      return;
    }
    if (form == Form::calendar) {
      Calendar calendar = read_calendar(text);
      add_text_part(attachment, "calendar", std::move(calendar.text));
      if (!calendar.html.empty()) add_text_part(attachment, "html calendar", std::move(calendar.html));
      if (calendar.has_binary && !attachment.unread) attachment.unread = Why::unsupported;
    } else {
      if (form == Form::text && lower_ascii(parameter(object, "format")) == "flowed")
        text = join_flowed(text, lower_ascii(parameter(object, "delsp")) == "yes");
      add_text_part(attachment, std::string(where_of(form)), std::move(text));
    }
    if (content.is_cut) attachment.unread = Why::too_large;
  }

  void add_text_part(Attachment& attachment, std::string where, std::string text) {
    if (!fit(text)) attachment.unread = Why::too_large;
    attachment.text_parts.push_back({std::move(where), std::move(text)});
  }

  void read_attached_message(GMimeMessagePart* part, Body& body, int depth) {
    GMimeObject* object = GMIME_OBJECT(part);
    Attachment attachment;
    bool name_cut = false;
    attachment.name = cut_name(file_name(object), name_cut);
    attachment.media_type = media_type(object).full();
    attachment.is_inline = !is_disposed(object, "attachment");
    GMimeMessage* message = g_mime_message_part_get_message(part);
    if (message == nullptr) {
      attachment.sha256 = Sha256().finish();
    } else {
      if (nesting_ == 0) digest_message(message, attachment); // inner ones have no entry of their own
      read_message_into(message, attachment, depth);
    }
    if (name_cut && !attachment.unread) attachment.unread = Why::too_large;
    body.attachments.push_back(std::move(attachment));
  }

  static void digest_message(GMimeMessage* message, Attachment& attachment) {
    const Owned<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(GMIME_OBJECT(message), nullptr, stream.get());
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    Sha256 digest;
    digest.add({reinterpret_cast<const char*>(bytes->data), bytes->len});
    attachment.size = bytes->len;
    attachment.sha256 = digest.finish();
  }

  // An attached mail becomes text parts: its header lines and text, its HTML, and the texts of what is attached to it.
  void read_message_into(GMimeMessage* message, Attachment& attachment, int depth) {
    const std::string where = "message " + std::to_string(++messages_);
    ++nesting_;
    Body inner;
    read(g_mime_message_get_mime_part(message), inner, depth + 1, true);
    --nesting_;
    GMimeObject* object = GMIME_OBJECT(message);
    std::string head;
    const auto line = [&](std::string_view label, const std::string& value) {
      if (!value.empty()) head.append(label).append(": ").append(value).append("\n");
    };
    line("From", people(message, GMIME_ADDRESS_TYPE_FROM));
    line("Date", header(object, "Date"));
    line("To", people(message, GMIME_ADDRESS_TYPE_TO));
    line("Cc", people(message, GMIME_ADDRESS_TYPE_CC));
    line("Subject", subject_of(message));
    for (const Attachment& a : inner.attachments) line("Attachment", a.name);
    if (head.size() > limits::header_bytes) {
      std::size_t end = limits::header_bytes;
      while (end > 0 && utf8_length(head, end) == 0) --end;
      head.resize(end);
      attachment.unread = Why::too_large;
    }
    if (!inner.text.empty() && !head.empty()) head += "\n";
    // The inner text was counted when it was read; only the head is new.
    if (!fit(head)) attachment.unread = Why::too_large;
    attachment.text_parts.push_back({where, head + inner.text});
    if (!inner.html.empty()) attachment.text_parts.push_back({"html " + where, std::move(inner.html)});
    for (const std::optional<Why>& gap : {inner.text_gap, inner.html_gap, inner.message_gap})
      if (gap) attachment.unread = gap;
    for (Attachment& a : inner.attachments) {
      if (a.unread && !attachment.unread) attachment.unread = a.unread;
      for (TextPart& part : a.text_parts) {
        if (part.where.find("message ") == std::string::npos) part.where += " of " + where;
        attachment.text_parts.push_back(std::move(part));
      }
    }
  }

  static std::string people(GMimeMessage* message, GMimeAddressType type) {
    std::vector<Address> all;
    add_members(g_mime_message_get_addresses(message, type), all, 0);
    std::string out;
    for (const Address& one : all) {
      if (!out.empty()) out += "; ";
      out += one.name.empty() ? one.address : one.name + " <" + one.address + ">";
    }
    return out;
  }

  int parts_ = 0;
  int messages_ = 0;
  int nesting_ = 0;
  bool repaired_ = false;
  std::size_t text_left_ = limits::text_total_bytes;
  std::vector<std::string> warnings_;
};

Address first_of(const std::vector<Recipient>& list) {
  for (const Recipient& one : list) {
    if (!one.is_group) return one.mailbox;
    if (!one.members.empty()) return one.members.front();
  }
  return {};
}

void read_envelope(GMimeMessage* message, Mail& mail) {
  GMimeObject* object = GMIME_OBJECT(message);
  mail.from = first_of(read_recipients(message, GMIME_ADDRESS_TYPE_FROM, "From"));
  if (mail.from.address.empty()) mail.from = first_of(read_recipients(message, GMIME_ADDRESS_TYPE_SENDER, "Sender"));
  mail.to = read_recipients(message, GMIME_ADDRESS_TYPE_TO, "To");
  mail.cc = read_recipients(message, GMIME_ADDRESS_TYPE_CC, "Cc");
  mail.bcc = read_recipients(message, GMIME_ADDRESS_TYPE_BCC, "Bcc");
  if (has_header(object, "Subject")) mail.subject = one_line(view(g_mime_message_get_subject(message)));
  mail.now = iso_date(g_mime_message_get_date(message));
}

// A redirected mail goes out again to other people: they are its recipients, and the first ones are the thread.
void read_redirect(GMimeMessage* message, Mail& mail) {
  GMimeObject* object = GMIME_OBJECT(message);
  for (const auto* list : {&mail.to, &mail.cc})
    for (const Recipient& one : *list)
      if (!one.is_group && mail.participants.size() < limits::thread_participants) mail.participants.push_back(lower_ascii(one.mailbox.address));
  if (!mail.from.address.empty()) mail.participants.insert(mail.participants.begin(), lower_ascii(mail.from.address));
  mail.from = first_of(parse_recipients(object, "Resent-From"));
  mail.to = parse_recipients(object, "Resent-To");
  mail.cc = parse_recipients(object, "Resent-Cc");
  mail.bcc = parse_recipients(object, "Resent-Bcc");
  if (const char* date = g_mime_object_get_header(object, "Resent-Date"); date != nullptr) {
    if (GDateTime* resent = g_mime_utils_header_decode_date(date); resent != nullptr) {
      mail.now = iso_date(resent);
      g_date_time_unref(resent);
    }
  }
}

void read_thread(GMimeObject* object, Mail& mail) {
  const bool is_resent = has_header(object, "Resent-From") && (has_header(object, "Resent-To") || has_header(object, "Resent-Cc"));
  Quoted quoted = read_quoted(mail.text);
  const bool found = !quoted.participants.empty() || quoted.has_attribution || quoted.has_forward_mark || quoted.has_header_block;
  if (!found && !mail.html.empty()) quoted = read_quoted(rough_text(mail.html));
  const ThreadHints hints{.subject = mail.subject ? std::string_view(*mail.subject) : std::string_view(),
                          .has_in_reply_to = has_header(object, "In-Reply-To") || has_header(object, "References"),
                          .is_resent = is_resent,
                          .says_forwarded = has_header(object, "X-Forwarded-Message-Id"),
                          .says_draft = has_header(object, "X-Unsent") || has_header(object, "X-Mozilla-Draft-Info"),
                          .recipients = mail.to.size() + mail.cc.size()};
  mail.compose = infer_compose(hints, quoted);
  mail.participants = std::move(quoted.participants);
}

void take_body(Body&& body, Mail& mail) {
  if (body.has_wrapper && !body.text_gap && trim(body.text).empty() && trim(body.html).empty()) body.text_gap = Why::unsupported;
  mail.text = std::move(body.text);
  mail.html = std::move(body.html);
  mail.has_text = body.has_text;
  mail.has_html = body.has_html;
  mail.attachments = std::move(body.attachments);
  if (body.text_gap) mail.gaps.push_back({"body.text", *body.text_gap});
  if (body.html_gap) mail.gaps.push_back({"body.html", *body.html_gap});
  if (body.message_gap) mail.gaps.push_back({"message", *body.message_gap});
}

} // namespace

std::optional<Mail> read_mail(std::string_view bytes) {
  if (bytes.find_first_not_of(std::string_view(" \t\r\n\0", 5)) == std::string_view::npos) return {};
  Mail mail;
  Walk walk;
  Body body;
  const Shaped shaped = shape(bytes);
  const Owned<GMimeMessage> message = shaped.is_plain ? nullptr : parse_message(shaped.mail);
  if (message == nullptr) {
    walk.add_text(body, bytes, "");
    take_body(std::move(body), mail);
    mail.participants = read_quoted(mail.text).participants;
    return mail;
  }
  if (shaped.headers_cut) mail.gaps.push_back({"headers", Why::too_large});
  read_envelope(message.get(), mail);
  walk.read(g_mime_message_get_mime_part(message.get()), body, 0, true);
  take_body(std::move(body), mail);
  mail.warnings = walk.take_warnings();
  read_thread(GMIME_OBJECT(message.get()), mail);
  if (mail.compose == "redirect") read_redirect(message.get(), mail);
  return mail;
}

} // namespace phiscan::extract

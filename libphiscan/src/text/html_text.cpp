// What the tokens of an HTML part mean for its text: which tags break lines, what is hidden, quoted or a signature.
#include <array>
#include <charconv>

#include "text/html.hpp"
#include "text/readers.hpp"

namespace phiscan::text {
namespace {

enum class Flow : std::uint8_t { inside_line, line, paragraph, break_line, row, cell };

Flow flow_of(Name name) {
  switch (name) {
    case name_of("br"): return Flow::break_line;
    case name_of("tr"): return Flow::row;
    case name_of("td"):
    case name_of("th"): return Flow::cell;
    case name_of("p"): case name_of("h1"): case name_of("h2"): case name_of("h3"): case name_of("h4"): case name_of("h5"): case name_of("h6"):
    case name_of("hr"): case name_of("blockquote"): case name_of("pre"): return Flow::paragraph;
    case name_of("address"): case name_of("article"): case name_of("aside"): case name_of("body"): case name_of("caption"):
    case name_of("center"): case name_of("dd"): case name_of("details"): case name_of("dialog"): case name_of("dir"): case name_of("div"):
    case name_of("dl"): case name_of("dt"): case name_of("fieldset"): case name_of("figcaption"): case name_of("figure"):
    case name_of("footer"): case name_of("form"): case name_of("head"): case name_of("header"): case name_of("hgroup"):
    case name_of("html"): case name_of("iframe"): case name_of("legend"): case name_of("li"): case name_of("listing"):
    case name_of("main"): case name_of("menu"): case name_of("nav"): case name_of("noembed"): case name_of("noframes"):
    case name_of("ol"): case name_of("optgroup"): case name_of("option"): case name_of("plaintext"): case name_of("section"):
    case name_of("select"): case name_of("summary"): case name_of("table"): case name_of("tbody"): case name_of("template"):
    case name_of("textarea"): case name_of("tfoot"): case name_of("thead"): case name_of("title"): case name_of("ul"):
    case name_of("xmp"): return Flow::line;
    default: return Flow::inside_line;
  }
}

bool is_void(Name name) {
  switch (name) {
    case name_of("area"): case name_of("base"): case name_of("br"): case name_of("col"): case name_of("embed"): case name_of("hr"):
    case name_of("img"): case name_of("input"): case name_of("link"): case name_of("meta"): case name_of("param"): case name_of("source"):
    case name_of("track"): case name_of("wbr"): return true;
    default: return false;
  }
}

bool contains(std::string_view text, std::string_view lower_word) {
  if (text.size() < lower_word.size()) return false;
  for (std::size_t i = 0; i + lower_word.size() <= text.size(); ++i) {
    std::size_t same = 0;
    while (same < lower_word.size() && ascii_lower(text[i + same]) == lower_word[same]) ++same;
    if (same == lower_word.size()) return true;
  }
  return false;
}

bool equals(std::string_view text, std::string_view lower_word) { return text.size() == lower_word.size() && contains(text, lower_word); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_html_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_html_space(text.back())) text.remove_suffix(1);
  return text;
}

struct Length {
  double value = 0;
  bool known = false;
  bool absolute = false;  // px, pt or a bare zero
};

Length length_of(std::string_view text) {
  Length length;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length.value);
  if (error != std::errc{}) return length;
  const std::string_view unit = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  length.known = true;
  length.absolute = unit.starts_with("px") || unit.starts_with("pt") || unit.starts_with("PX") || unit.starts_with("PT");
  return length;
}

struct Style {
  bool hides = false;
  bool keeps_space = false;
  bool has_left_border = false;
};

Style style_of(std::string_view css) {
  constexpr double off_screen = -900;
  Style style;
  while (!css.empty()) {
    const std::size_t end = std::min(css.find(';'), css.size());
    const std::string_view declaration = css.substr(0, end);
    css.remove_prefix(std::min(end + 1, css.size()));
    const std::size_t colon = declaration.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view property = trimmed(declaration.substr(0, colon));
    if (property.empty()) continue;
    std::string_view value = trimmed(declaration.substr(colon + 1));
    switch (ascii_lower(property.front())) {
      case 'd': style.hides |= equals(property, "display") && contains(value, "none"); break;
      case 'v': style.hides |= equals(property, "visibility") && (contains(value, "hidden") || contains(value, "collapse")); break;
      case 'f':
        if (equals(property, "font-size")) {
          const Length size = length_of(value);
          style.hides |= size.known && (size.value <= 0 || (size.absolute && size.value <= 1));
        }
        break;
      case 'o':
        if (equals(property, "opacity")) {
          const Length opacity = length_of(value);
          style.hides |= opacity.known && opacity.value <= 0;
        }
        break;
      case 'm':
        if (equals(property, "max-height")) {
          const Length height = length_of(value);
          style.hides |= height.known && height.value <= 0;
        } else if (equals(property, "mso-hide")) {
          style.hides |= contains(value, "all");
        }
        break;
      case 'l':
      case 't':
        if (equals(property, "left") || equals(property, "top") || equals(property, "text-indent")) {
          style.hides |= length_of(value).value < off_screen;
        }
        break;
      case 'w': style.keeps_space |= equals(property, "white-space") && contains(value, "pre"); break;
      case 'b': style.has_left_border |= equals(property, "border-left") && !contains(value, "none"); break;
      default: break;
    }
  }
  return style;
}

// What an open element means for the text inside it.
struct Meaning {
  bool hidden = false;
  bool keeps_space = false;
  bool quote = false;
  bool may_wrap_quote = false;  // a container whose blockquote is the same level of quoting
  bool signature = false;
  bool header = false;

  [[nodiscard]] bool any() const { return hidden || keeps_space || quote || signature || header; }
};

class HtmlReader {
 public:
  HtmlReader(std::string_view source, Writer& writer, std::vector<Shift>& shifts, std::vector<Span>& hidden)
      : source_(source), writer_(writer), shifts_(shifts), hidden_(hidden) {}

  void read();

 private:
  struct Open {
    Name name = 0;
    Meaning meaning;
    bool raised_depth = false;
    bool wrapped = false;  // its blockquote has been seen
    std::uint32_t nested = 0;  // open elements of the same name inside
  };
  // Text that no line shows: an alt text, a link's parameters. Written as a line of its own after the line it belongs to.
  struct Aside {
    Span value;
    bool is_link = false;
    std::uint32_t norm_at = 0;  // size of norm when it was met
  };

  void start_tag(const Token& token);
  void end_tag(Name name);
  void attributes(const Token& token);
  Meaning meaning_of(const Token& token);
  void open(Name name, Meaning meaning);
  void close(Name name);
  void pop();
  void flow(Flow flow, bool is_tight);
  void end_cell();
  void new_lines(std::uint32_t count) { new_lines_ = std::max(new_lines_, count); }

  void text(Span range, bool with_references);
  std::size_t character(std::size_t at, std::size_t end);
  std::size_t reference(std::size_t at, std::size_t end);
  void folded(const Folded& folded, Span from, bool is_reference);
  void white_space(std::size_t begin, std::size_t end);
  void before_text(std::size_t next);
  void hide(bool hidden);
  void note_shift();
  void aside(Span value, bool is_link);
  void write_asides();
  void write_aside(const Aside& aside);

  [[nodiscard]] std::string_view value(const Attribute* attribute) const {
    return attribute == nullptr ? std::string_view{} : attribute->value.of(source_);
  }
  [[nodiscard]] bool at_line_start() const {
    return new_lines_ > 0 || tabs_ > 0 || writer_.size() == 0 || writer_.norm().back() == '\n' || writer_.norm().back() == '\t';
  }

  std::string_view source_;
  Writer& writer_;
  std::vector<Shift>& shifts_;
  std::vector<Span>& hidden_;
  Folder folder_;

  std::string_view last_css_;  // mail programs repeat the same style on every line
  Style last_style_;
  std::vector<Open> open_;
  std::uint32_t hidden_levels_ = 0;
  std::uint32_t pre_levels_ = 0;
  std::uint32_t signature_levels_ = 0;
  std::uint32_t header_levels_ = 0;
  std::uint32_t depth_ = 0;
  bool starts_message_ = false;
  Shift noted_;

  std::uint32_t new_lines_ = 0;  // breaks that wait for text
  std::uint32_t tabs_ = 0;
  bool row_start_ = false;
  bool in_cell_ = false;
  bool cell_start_ = false;  // nothing of the cell has been written yet
  bool tight_paragraph_ = false;
  bool line_touched_ = false;  // the line holds something that shows, if only a fixed space
  bool space_is_reference_ = false;
  Span space_;                 // white space that waits for text on the same line
  bool after_pre_ = false;     // a line end right after <pre> does not count
  std::uint32_t hidden_from_ = 0;
  bool hiding_ = false;
  std::vector<Aside> asides_;
};

void HtmlReader::read() {
  Tokeniser tokeniser(source_);
  Token token;
  while (tokeniser.next(token)) {
    switch (token.kind) {
      case Token::Kind::text: text(token.source, true); break;
      case Token::Kind::raw:
        if (token.name != name_of("script") && token.name != name_of("style")) text(token.source, false);
        break;
      case Token::Kind::start_tag:
        writer_.boundary();
        start_tag(token);
        break;
      case Token::Kind::end_tag:
        writer_.boundary();
        end_tag(token.name);
        break;
      case Token::Kind::markup: writer_.boundary(); break;
    }
    token.name = 0;
  }
  write_asides();
  hide(false);
}

void HtmlReader::start_tag(const Token& token) {
  after_pre_ = false;
  Meaning meaning;
  if (!token.attributes.empty()) meaning = meaning_of(token);
  bool is_tight = false;
  switch (token.name) {
    case name_of("p"):
      // Word and Outlook make every line a paragraph without a margin.
      is_tight = contains(value(token.attribute(name_of("class"))), "mso") || contains(value(token.attribute(name_of("style"))), "margin:0");
      break;
    case name_of("pre"):
    case name_of("listing"):
    case name_of("textarea"):
      meaning.keeps_space = true;
      after_pre_ = true;
      break;
    case name_of("xmp"):
    case name_of("plaintext"): meaning.keeps_space = true; break;
    case name_of("title"):
    case name_of("template"):
    case name_of("iframe"):
    case name_of("noembed"):
    case name_of("noframes"): meaning.hidden = true; break;
    default: break;
  }
  if (token.name == name_of("p")) tight_paragraph_ = is_tight;
  flow(flow_of(token.name), is_tight);
  if (!is_void(token.name)) open(token.name, meaning);
  if (!token.attributes.empty()) attributes(token);
}

void HtmlReader::end_tag(Name name) {
  after_pre_ = false;
  if (!open_.empty()) close(name);
  switch (const Flow kind = flow_of(name)) {
    case Flow::cell: end_cell(); break;  // the next cell makes the tab
    case Flow::row:
      end_cell();
      tabs_ = 0;
      flow(Flow::line, false);
      break;
    case Flow::inside_line:
    case Flow::break_line:
    case Flow::line:
    case Flow::paragraph: flow(kind, name == name_of("p") && tight_paragraph_); break;
  }
}

// `is_tight`: a paragraph that breaks the line but leaves no blank one.
void HtmlReader::flow(Flow flow, bool is_tight) {
  switch (flow) {
    case Flow::inside_line: return;
    case Flow::break_line:
      if (in_cell_ && cell_start_) return;
      new_lines_ = at_line_start() ? 2 : 1;
      break;
    case Flow::row:
      end_cell();
      tabs_ = 0;
      row_start_ = true;
      new_lines(1);
      break;
    case Flow::cell:
      end_cell();
      if (!row_start_) ++tabs_;
      row_start_ = false;
      in_cell_ = cell_start_ = true;
      break;
    case Flow::line:
    case Flow::paragraph:
      if (in_cell_ && cell_start_) return;
      new_lines(line_touched_ && at_line_start() ? 2U : (flow == Flow::paragraph && !is_tight ? 2U : 1U));
      break;
  }
  line_touched_ = false;
  space_ = {};
}

// Breaks at the end of a cell's content do not count: the cell itself parts.
void HtmlReader::end_cell() {
  if (in_cell_ && !cell_start_) new_lines_ = 0;
  in_cell_ = cell_start_ = false;
  line_touched_ = false;
}

Meaning HtmlReader::meaning_of(const Token& token) {
  Meaning meaning;
  const bool is_blockquote = token.name == name_of("blockquote");
  for (const Attribute& attribute : token.attributes) {
    const std::string_view text = attribute.value.of(source_);
    switch (attribute.name) {
      case name_of("hidden"): meaning.hidden = true; break;
      case name_of("style"): {
        if (text != last_css_) {
          last_css_ = text;
          last_style_ = style_of(text);
        }
        const Style style = last_style_;
        meaning.hidden |= style.hides;
        meaning.keeps_space |= style.keeps_space;
        meaning.quote |= is_blockquote && style.has_left_border;
        break;
      }
      case name_of("cite"): meaning.quote |= is_blockquote; break;
      case name_of("type"): meaning.quote |= is_blockquote && equals(text, "cite"); break;
      case name_of("data-smartmail"):
      case name_of("class"):
      case name_of("id"): {
        if (text.size() < 8) break;
        if (is_blockquote) {
          meaning.quote |= contains(text, "quote");
        } else if (contains(text, "gmail_quote") || contains(text, "yahoo_quoted") || contains(text, "protonmail_quote")) {
          meaning.quote = meaning.may_wrap_quote = true;
        } else if (contains(text, "moz-cite-prefix")) {
          meaning.quote = meaning.header = true;
        } else if (contains(text, "gmail_attr")) {
          meaning.header = true;
        } else if (contains(text, "signature")) {
          meaning.signature = true;
        } else if (contains(text, "divrplyfwdmsg") || contains(text, "appendonsend") || contains(text, "olk_src_body_section") ||
                   contains(text, "stopspelling")) {
          starts_message_ = true;
          new_lines(1);
        }
        break;
      }
      default: break;
    }
  }
  return meaning;
}

void HtmlReader::open(Name name, Meaning meaning) {
  constexpr std::size_t most_open = 100;  // deeper nesting keeps what it has
  if (!open_.empty()) {
    const Name top = open_.back().name;
    const Flow kind = flow_of(name);
    const bool closes_itself = top == name && (name == name_of("li") || name == name_of("option") || name == name_of("dd") || name == name_of("dt") ||
                                               kind == Flow::row || kind == Flow::cell);
    if (closes_itself || (top == name_of("p") && kind != Flow::inside_line && kind != Flow::break_line)) pop();
  }
  if (!meaning.any() || open_.size() >= most_open) {
    for (auto each = open_.rbegin(); each != open_.rend(); ++each) {
      if (each->name != name) continue;
      ++each->nested;
      break;
    }
    return;
  }
  Open opened{.name = name, .meaning = meaning};
  if (meaning.quote) {
    opened.raised_depth = true;
    for (auto each = open_.rbegin(); each != open_.rend(); ++each) {
      if (!each->meaning.quote) continue;
      if (each->meaning.may_wrap_quote && !each->wrapped && name == name_of("blockquote")) {
        each->wrapped = true;
        opened.raised_depth = false;
      }
      break;
    }
    if (opened.raised_depth) ++depth_;
  }
  hidden_levels_ += meaning.hidden ? 1 : 0;
  pre_levels_ += meaning.keeps_space ? 1 : 0;
  signature_levels_ += meaning.signature ? 1 : 0;
  header_levels_ += meaning.header ? 1 : 0;
  if (meaning.quote || meaning.signature || meaning.header) new_lines(1);
  open_.push_back(opened);
}

void HtmlReader::close(Name name) {
  for (std::size_t i = open_.size(); i > 0; --i) {
    Open& each = open_[i - 1];
    if (each.name != name) continue;
    if (each.nested > 0) {
      --each.nested;
    } else {
      while (open_.size() >= i) pop();
    }
    return;
  }
}

void HtmlReader::pop() {
  const Open& last = open_.back();
  const Meaning& meaning = last.meaning;
  if (last.raised_depth) --depth_;
  hidden_levels_ -= meaning.hidden ? 1 : 0;
  pre_levels_ -= meaning.keeps_space ? 1 : 0;
  signature_levels_ -= meaning.signature ? 1 : 0;
  header_levels_ -= meaning.header ? 1 : 0;
  if (meaning.quote || meaning.signature || meaning.header) new_lines(1);
  open_.pop_back();
}

void HtmlReader::attributes(const Token& token) {
  for (const Attribute& attribute : token.attributes) {
    switch (attribute.name) {
      case name_of("alt"):
      case name_of("title"):
      case name_of("placeholder"): aside(attribute.value, false); break;
      case name_of("value"):
        if (token.name == name_of("input")) aside(attribute.value, false);
        break;
      case name_of("href"): {
        if (token.name != name_of("a") && token.name != name_of("area")) break;
        Span rest = attribute.value;
        const std::string_view text = rest.of(source_);
        const auto query = static_cast<std::uint32_t>(std::min(text.find('?'), text.size()));
        const std::uint32_t scheme = text.size() > 7 && equals(text.substr(0, 7), "mailto:") ? 7 : (text.size() > 4 && equals(text.substr(0, 4), "tel:") ? 4 : 0);
        if (scheme > 0) aside({rest.begin + scheme, rest.begin + std::max(query, scheme)}, true);
        if (query < text.size()) aside({rest.begin + query + 1, rest.end}, true);
        break;
      }
      default: break;
    }
  }
}

constexpr auto classes = [] {
  // 0 ordinary, 1 white space, 2 '&', 3 a byte of a longer character, 4 NUL and vertical tab
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 128; i < 256; ++i) table[i] = 3;
  for (const char c : {' ', '\t', '\n', '\f', '\r'}) table[static_cast<std::size_t>(c)] = 1;
  table['&'] = 2;
  table[0] = table['\v'] = 4;
  return table;
}();

std::uint8_t class_of(char c) { return classes[static_cast<unsigned char>(c)]; }

void HtmlReader::text(Span range, bool with_references) {
  const std::size_t end = range.end;
  std::size_t at = range.begin;
  while (at < end) {
    const std::uint8_t kind = class_of(source_[at]);
    if (kind == 1) {
      const std::size_t begin = at;
      while (at < end && class_of(source_[at]) == 1) ++at;
      white_space(begin, at);
    } else if (kind == 2 && with_references) {
      at = reference(at, end);
    } else if (kind == 0 || kind == 2) {
      const std::size_t begin = at;
      ++at;
      while (at < end) {
        if (class_of(source_[at]) == 0) {
          ++at;
        } else if (source_[at] == ' ' && at + 1 < end && class_of(source_[at + 1]) == 0) {
          at += 2;
        } else {
          break;
        }
      }
      std::size_t stop = at;
      if (at < end && class_of(source_[at]) == 3 && is_ascii_word(source_[at - 1]) && is_mark(decode_any(source_, at).c)) --stop;
      if (stop > begin) {
        before_text(begin);
        writer_.copy(source_, begin, stop);
      }
      if (stop < at) at = character(stop, end);
    } else {
      at = character(at, end);
    }
    after_pre_ = false;
  }
}

// One character that is not plain ASCII.
std::size_t HtmlReader::character(std::size_t at, std::size_t end) {
  const Folded result = folder_.next(source_.substr(0, end), at);
  folded(result, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + result.size)}, false);
  return at + result.size;
}

std::size_t HtmlReader::reference(std::size_t at, std::size_t end) {
  const Reference found = character_reference(source_.substr(0, end), at, false);
  const Span from{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + found.size)};
  if (found.size == 0) {
    before_text(at);
    writer_.copy(source_, at, at + 1);
    return at + 1;
  }
  if (found.characters[0] < 0x80 && is_html_space(static_cast<char>(found.characters[0]))) {
    writer_.boundary();
    if (pre_levels_ > 0) {
      before_text(at);
      writer_.boundary();
      writer_.put(found.characters[0] == U'\n' ? "\n" : " ", from);
    } else if (!at_line_start() && space_.empty()) {
      space_ = from;
      space_is_reference_ = true;
    }
  } else {
    std::string bytes;
    append_utf8(bytes, found.characters[0]);
    if (found.characters[1] != 0) append_utf8(bytes, found.characters[1]);
    for (std::size_t i = 0; i < bytes.size();) {
      const Folded result = folder_.next(bytes, i);
      i += result.size;
      folded(result, from, true);
    }
  }
  writer_.boundary();
  return from.end;
}

void HtmlReader::folded(const Folded& folded, Span from, bool is_reference) {
  const auto put = [&](const Folded& what) {
    before_text(from.begin);
    if (is_reference) writer_.boundary();
    writer_.put(what, from);
  };
  switch (folded.kind) {
    case Folded::Kind::space:
      // A fixed space at the start of a line only says that the line exists.
      if (at_line_start() && pre_levels_ == 0) {
        line_touched_ = true;
      } else {
        put({Folded::Kind::text, folded.size, " "});
      }
      break;
    case Folded::Kind::line_break: new_lines(1); break;
    case Folded::Kind::dropped:
      if (!at_line_start() && space_.empty()) writer_.put(folded, from);
      break;
    case Folded::Kind::bidi_override: writer_.put(folded, from); break;
    case Folded::Kind::mark:
    case Folded::Kind::text: put(folded); break;
  }
}

void HtmlReader::white_space(std::size_t begin, std::size_t end) {
  if (pre_levels_ == 0) {
    if (!at_line_start() && space_.empty()) space_ = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    return;
  }
  if (after_pre_ && source_[begin] == '\r') ++begin;
  if (after_pre_ && begin < end && source_[begin] == '\n') ++begin;
  for (std::size_t i = begin; i < end;) {
    std::size_t size = 1;
    before_text(i);
    if (source_[i] == ' ' || source_[i] == '\t') {
      writer_.copy(source_, i, i + 1);
    } else {
      size = source_[i] == '\r' && i + 1 < end && source_[i + 1] == '\n' ? 2 : 1;
      writer_.put("\n", {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + size)});
    }
    i += size;
  }
}

// Writes the breaks and the space that waited. `next`: where the text that follows begins in the source.
void HtmlReader::before_text(std::size_t next) {
  if (hiding_ && hidden_levels_ == 0) hide(false);
  if (new_lines_ > 0 || tabs_ > 0) {
    if (new_lines_ > 0 && !asides_.empty()) {
      write_asides();
      if (hidden_levels_ == 0) hide(false);
    }
    const auto at = static_cast<std::uint32_t>(next);
    if (writer_.size() > 0) {
      if (writer_.norm().back() == '\n' && new_lines_ > 0) --new_lines_;
      for (; new_lines_ > 0; --new_lines_) writer_.put_break('\n', at);
    }
    for (; tabs_ > 0; --tabs_) writer_.put_break('\t', at);
    new_lines_ = 0;
  } else if (!space_.empty()) {
    const bool adjacent = space_.end == next && !space_is_reference_;
    writer_.put(" ", space_);
    if (!adjacent) writer_.boundary();
  }
  space_ = {};
  space_is_reference_ = false;
  line_touched_ = true;
  cell_start_ = false;
  note_shift();
  if (hidden_levels_ > 0) hide(true);
}

void HtmlReader::hide(bool hidden) {
  if (hidden == hiding_) return;
  hiding_ = hidden;
  if (hidden) {
    hidden_from_ = writer_.size();
  } else if (writer_.size() > hidden_from_) {
    hidden_.push_back({hidden_from_, writer_.size()});
  }
}

void HtmlReader::note_shift() {
  constexpr std::uint32_t deepest = 255;
  const auto depth = static_cast<std::uint8_t>(std::min(depth_, deepest));
  if (depth == noted_.depth && noted_.in_signature == (signature_levels_ > 0) && noted_.in_header == (header_levels_ > 0) && !starts_message_) return;
  noted_ = {writer_.size(), depth, signature_levels_ > 0, header_levels_ > 0, starts_message_};
  starts_message_ = false;
  shifts_.push_back(noted_);
}

void HtmlReader::aside(Span value, bool is_link) {
  constexpr std::uint32_t longest_link = 2048;
  constexpr std::size_t most_waiting = 1000;
  if (is_link) value.end = std::min(value.end, value.begin + longest_link);
  bool says_something = false;
  for (const char c : value.of(source_)) says_something = says_something || is_ascii_word(c) || static_cast<unsigned char>(c) >= 0x80;
  if (!says_something) return;
  asides_.push_back({value, is_link, writer_.size()});
  if (asides_.size() >= most_waiting) new_lines(1);
}

void HtmlReader::write_asides() {
  std::vector<Aside> asides;
  asides.swap(asides_);
  for (const Aside& each : asides) write_aside(each);
}

void HtmlReader::write_aside(const Aside& aside) {
  struct Piece {
    std::uint32_t size;
    Span source;
    bool is_reference;
  };
  std::string bytes;
  std::vector<Piece> pieces;
  const auto add = [&](std::string_view more, std::uint32_t begin, std::uint32_t size, bool is_reference) {
    if (more == " " && (bytes.empty() || bytes.back() == ' ')) return;
    bytes.append(more);
    pieces.push_back({static_cast<std::uint32_t>(more.size()), {begin, begin + size}, is_reference});
  };
  const auto add_characters = [&](std::string_view text, std::size_t at, std::uint32_t begin, std::uint32_t size, bool is_reference) {
    const Folded result = folder_.next(text, at);
    const bool is_gap = result.kind == Folded::Kind::space || result.kind == Folded::Kind::line_break;
    add(is_gap ? std::string_view(" ") : result.bytes, begin, size == 0 ? result.size : size, is_reference);
    return result.size;
  };
  const std::string_view source = source_.substr(0, aside.value.end);
  const auto hex = [&](std::size_t i) -> int {
    const char c = i < source.size() ? ascii_lower(source[i]) : '\0';
    return is_ascii_digit(c) ? c - '0' : (c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1);
  };
  const auto separates = [&](char32_t c) { return aside.is_link && (c == U'&' || c == U'+' || c == U';'); };

  for (std::uint32_t at = aside.value.begin; at < aside.value.end;) {
    const char c = source[at];
    if (c == '&') {
      const Reference found = character_reference(source, at, true);
      if (found.size > 0) {
        if (separates(found.characters[0]) || (found.characters[0] < 0x80 && is_html_space(static_cast<char>(found.characters[0])))) {
          add(" ", at, found.size, true);
        } else {
          std::string text;
          append_utf8(text, found.characters[0]);
          if (found.characters[1] != 0) append_utf8(text, found.characters[1]);
          for (std::size_t i = 0; i < text.size();) i += add_characters(text, i, at, found.size, true);
        }
        at += found.size;
        continue;
      }
    }
    if (aside.is_link && c == '%' && hex(at + 1) >= 2 && hex(at + 1) < 8 && hex(at + 2) >= 0) {
      const auto decoded = static_cast<char>(hex(at + 1) * 16 + hex(at + 2));
      add(separates(static_cast<char32_t>(decoded)) || decoded == 0x7F ? std::string_view(" ") : std::string_view(&decoded, 1), at, 3, false);
      at += 3;
    } else if (is_html_space(c) || separates(static_cast<char32_t>(static_cast<unsigned char>(c)))) {
      add(" ", at, 1, false);
      ++at;
    } else if (class_of(c) == 0 || c == '&') {
      add(source.substr(at, 1), at, 1, false);
      ++at;
    } else {
      at += add_characters(source, at, at, 0, false);
    }
  }
  if (!bytes.empty() && bytes.back() == ' ') {
    bytes.pop_back();
    pieces.pop_back();
  }
  if (bytes.empty()) return;
  // A link that shows its own address, a title that repeats the text: nothing new.
  constexpr std::size_t near_by = 1024;
  constexpr std::size_t longest_repeat = 256;
  if (bytes.size() <= longest_repeat && std::string_view(writer_.norm()).substr(aside.norm_at, near_by).find(bytes) != std::string_view::npos) return;

  hide(false);
  if (writer_.size() > 0 && writer_.norm().back() != '\n') writer_.put_break('\n', aside.value.begin);
  hide(true);
  writer_.boundary();
  std::size_t done = 0;
  for (const Piece& piece : pieces) {
    if (piece.is_reference) writer_.boundary();
    writer_.put(std::string_view(bytes).substr(done, piece.size), piece.source);
    if (piece.is_reference) writer_.boundary();
    done += piece.size;
  }
  hide(false);
  writer_.boundary();
}

}  // namespace

void read_html(std::string_view source, Writer& writer, std::vector<Shift>& shifts, std::vector<Span>& hidden) {
  HtmlReader(source, writer, shifts, hidden).read();
}

}  // namespace phiscan::text

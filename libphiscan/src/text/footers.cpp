#include "text/footers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "text/characters.hpp"
#include "text/line_shapes.hpp"

namespace phiscan::text {
namespace {

// Every footer holds one of these. All are so long that a look at every fifth position cannot miss them.
constexpr std::string_view anchors[] = {"confidential", "intended", "privileged", "unauthorized", "unauthorised", "prohibited", "prohibits",
                                        "protected", "recipient", "disclosure", "disclaimer", "unsubscribe", "preferences", "receiving",
                                        "confidencial", "destinatari", "prohibid", "privilegiad", "suscripcion", "divulgacion", "darse de baja"};
constexpr std::size_t step = 5;
constexpr std::size_t gram = 4;

constexpr std::uint32_t slot_of(std::uint32_t bytes) { return (bytes * 0x9E3779B1U) >> 20U; }  // 12 bits

struct Gram {
  std::uint32_t bytes = 0;
  std::uint8_t anchor = 0;
  std::uint8_t offset = 0;
};

constexpr std::size_t gram_count() {
  std::size_t count = 0;
  for (const std::string_view anchor : anchors) count += std::min(anchor.size() - gram + 1, step);
  return count;
}

constexpr std::uint32_t pack(std::string_view text) {
  std::uint32_t bytes = 0;
  for (std::size_t i = 0; i < gram; ++i) bytes |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]) | 0x20U) << (8U * i);
  return bytes;
}

constexpr auto grams = [] {
  std::array<Gram, gram_count()> all{};
  std::size_t next = 0;
  for (std::size_t a = 0; a < std::size(anchors); ++a) {
    for (std::size_t o = 0; o < std::min(anchors[a].size() - gram + 1, step); ++o) {
      all[next++] = {pack(anchors[a].substr(o)), static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(o)};
    }
  }
  return all;
}();

constexpr auto slots = [] {
  std::array<bool, 4096> set{};
  for (const Gram& each : grams) set[slot_of(each.bytes)] = true;
  return set;
}();

bool is_anchor_at(std::string_view norm, std::size_t at, std::uint32_t bytes) {
  for (const Gram& each : grams) {
    if (each.bytes == bytes && at >= each.offset && starts_with_folded(norm.substr(at - each.offset), anchors[each.anchor])) return true;
  }
  return false;
}

// The next anchor from `at` on; the position may lie inside it.
std::size_t next_anchor(std::string_view norm, std::size_t at) {
  for (; at + gram <= norm.size(); at += step) {
    std::uint32_t bytes = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&bytes, norm.data() + at, gram);
      bytes |= 0x20202020U;
    } else {
      bytes = pack(norm.substr(at, gram));
    }
    if (slots[slot_of(bytes)] && is_anchor_at(norm, at, bytes)) return at;
  }
  return norm.size();
}

// One idea that footers express, in any of these wordings (lower case, accents folded).
struct Idea {
  bool strong = false;  // ordinary mail does not say this
  std::array<std::string_view, 11> wordings;
};

constexpr Idea notice_ideas[] = {
    {false, {"confidential", "confidencial"}},
    {true, {"intended recipient", "intended only", "intended solely", "intended for the", "sole use", "destinatario"}},
    {true, {"privileged", "privilegiad"}},
    {true, {"unauthorized", "unauthorised", "no autorizad"}},
    {true, {"notify the sender", "notify us", "notify me immediately", "contact the sender", "inform the sender", "notifique al remitente", "notifiquelo",
            "avise al remitente", "notificar al remitente"}},
    {false, {"delete", "destroy", "elimine", "eliminar", "borre", "destruya"}},
    {false, {"hipaa"}},
    {false, {"protected health information", "informacion de salud protegida", "informacion medica protegida"}},
    {false, {"45 cfr", "45 c.f.r", "42 cfr", "42 c.f.r"}},
    {true, {"prohibited", "prohibits", "prohibid", "prohibe"}},
    {true, {"received this", "have received it in error", "in error", "recibido este", "recibio este", "por error"}},
    {false, {"disclosure", "dissemination", "distribution", "divulgacion", "distribucion"}},
    {true, {"this e-mail", "this email", "this message", "this communication", "this transmission", "this fax", "este correo", "este mensaje",
            "esta comunicacion"}},
};
constexpr Idea mailing_ideas[] = {
    {true, {"unsubscribe", "darse de baja", "cancelar su suscripcion", "cancelar la suscripcion", "opt out", "opt-out"}},
    {true, {"preferences", "preferencias"}},
    {true, {"view in browser", "view in your browser", "view online", "view this email", "ver en el navegador", "ver en su navegador"}},
    {true, {"you are receiving", "you're receiving", "you received this", "recibe este correo", "recibio este correo"}},
    {true, {"mailing list", "lista de correo", "newsletter", "boletin"}},
    {true, {"privacy policy", "politica de privacidad"}},
    {true, {"all rights reserved", "copyright", "todos los derechos"}},
};

struct Found {
  std::uint32_t ideas = 0;  // bits
  bool strong = false;
};

template <std::size_t size>
Found ideas_in(std::string_view lower, const Idea (&ideas)[size]) {
  Found found;
  for (std::size_t i = 0; i < size; ++i) {
    const bool said = std::any_of(ideas[i].wordings.begin(), ideas[i].wordings.end(),
                                  [&](std::string_view wording) { return !wording.empty() && lower.find(wording) != std::string_view::npos; });
    if (!said) continue;
    found.ideas |= 1U << i;
    found.strong = found.strong || ideas[i].strong;
  }
  return found;
}

struct Paragraph {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Paragraph paragraph_at(std::string_view norm, std::size_t at) {
  constexpr std::size_t farthest = 6000;
  const auto is_blank = [&](std::size_t begin, std::size_t end) {
    return norm.substr(begin, end - begin).find_first_not_of(" \t>") == std::string_view::npos;
  };
  Paragraph paragraph{at, at};
  std::size_t line_end = at;
  while (paragraph.begin > 0 && at - paragraph.begin < farthest) {
    if (norm[paragraph.begin - 1] == '\n') {
      if (line_end != at && is_blank(paragraph.begin, line_end)) {
        paragraph.begin = line_end + 1;
        break;
      }
      line_end = paragraph.begin - 1;
    }
    --paragraph.begin;
  }
  while (paragraph.end < norm.size() && paragraph.end - at < farthest) {
    const std::size_t end = std::min(norm.find('\n', paragraph.end), norm.size());
    if (paragraph.end > at && is_blank(paragraph.end, end)) break;
    paragraph.end = std::min({end + 1, norm.size(), at + farthest});
  }
  const auto inside_character = [&](std::size_t i) { return i < norm.size() && (static_cast<unsigned char>(norm[i]) & 0xC0U) == 0x80U; };
  while (inside_character(paragraph.begin)) ++paragraph.begin;
  while (inside_character(paragraph.end)) --paragraph.end;
  return paragraph;
}

// Sentences; a short line ends one too, so that a greeting above a notice is not part of it.
std::vector<Paragraph> sentences_of(std::string_view norm, Paragraph paragraph) {
  constexpr std::size_t short_line = 50;
  std::vector<Paragraph> sentences;
  std::size_t begin = paragraph.begin;
  std::size_t line = paragraph.begin;
  for (std::size_t i = paragraph.begin; i < paragraph.end; ++i) {
    const char c = norm[i];
    const bool stop = (c == '.' || c == '!' || c == '?') && (i + 1 >= paragraph.end || norm[i + 1] == ' ' || norm[i + 1] == '\n') &&
                      !(i >= 2 && norm[i - 2] == '.');  // "45 C.F.R. 164"
    const bool short_end = c == '\n' && i - line < short_line;
    if (c == '\n') line = i + 1;
    if (!stop && !short_end) continue;
    sentences.push_back({begin, i + 1});
    begin = i + 1;
  }
  if (begin < paragraph.end) sentences.push_back({begin, paragraph.end});
  return sentences;
}

std::string lower_line(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c == '\n' ? ' ' : ascii_lower(c);
  return lower;
}

class FooterFinder {
 public:
  explicit FooterFinder(std::string_view norm) : norm_(norm) {}

  std::vector<Span> find() {
    constexpr int most_paragraphs = 400;  // a part that holds more is no mail, and what is no footer counts as text
    std::size_t done = 0;
    int paragraphs = 0;
    for (std::size_t at = next_anchor(norm_, 0); at < norm_.size() && paragraphs < most_paragraphs; ++paragraphs) {
      Paragraph paragraph = paragraph_at(norm_, at);
      paragraph.begin = std::max(paragraph.begin, done);
      read(paragraph);
      done = std::max(paragraph.end, at + 1);
      at = next_anchor(norm_, done);
    }
    return std::move(footers_);
  }

 private:
  void add(std::size_t begin, std::size_t end) {
    const Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    if (!footers_.empty() && footers_.back().end == span.begin) {
      footers_.back().end = span.end;
    } else if (!span.empty()) {
      footers_.push_back(span);
    }
  }

  void read(Paragraph paragraph) {
    constexpr std::size_t longest_heading = 80;
    constexpr std::size_t longest_single = 40;
    const std::string_view text = norm_.substr(paragraph.begin, paragraph.end - paragraph.begin);
    const std::string lower = lower_line(text);
    const Found notice = ideas_in(lower, notice_ideas);
    const Found mailing = ideas_in(lower, mailing_ideas);
    const bool is_notice = std::popcount(notice.ideas) >= 2 && notice.strong;
    const bool is_mailing = std::popcount(mailing.ideas) >= 2 || (trim(text).size() <= longest_single && (mailing.ideas & 1U) != 0);
    if (!is_notice && !is_mailing) {
      // A heading such as "CONFIDENTIALITY NOTICE" goes with the notice below it.
      const bool is_heading = text.size() <= longest_heading && !has_patient_cue(text) &&
                              (lower.find("confidential") != std::string::npos || lower.find("confidencial") != std::string::npos ||
                               lower.find("disclaimer") != std::string::npos);
      heading_ = is_heading ? paragraph : Paragraph{};
      return;
    }
    cut(paragraph, is_notice, is_mailing);
    heading_ = {};
  }

  // From the first sentence that speaks like a footer to the last one, leaving out what speaks of a person.
  void cut(Paragraph paragraph, bool is_notice, bool is_mailing) {
    const std::vector<Paragraph> sentences = sentences_of(norm_, paragraph);
    std::size_t first = sentences.size();
    std::size_t last = 0;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      const std::string lower = lower_line(norm_.substr(sentences[i].begin, sentences[i].end - sentences[i].begin));
      const bool speaks = (is_notice && ideas_in(lower, notice_ideas).ideas != 0) || (is_mailing && ideas_in(lower, mailing_ideas).ideas != 0);
      if (!speaks) continue;
      first = std::min(first, i);
      last = i;
    }
    if (first == sentences.size()) return;
    if (heading_.end > heading_.begin && first == 0) {
      const std::string_view between = norm_.substr(heading_.end, sentences[0].begin - heading_.end);
      if (between.size() <= 4 && trim(between).empty()) add(heading_.begin, sentences[0].begin);
    }
    // What trails after the last such sentence belongs to it when it is short and says nothing of a patient.
    constexpr std::size_t short_trail = 160;
    if (last + 1 < sentences.size() && paragraph.end - sentences[last].end <= short_trail) {
      const std::string_view trail = norm_.substr(sentences[last].end, paragraph.end - sentences[last].end);
      if (!has_patient_cue(trail)) last = sentences.size() - 1;
    }
    for (std::size_t i = first; i <= last; ++i) {
      const std::string_view sentence = norm_.substr(sentences[i].begin, sentences[i].end - sentences[i].begin);
      if (!has_identity_cue(sentence)) add(sentences[i].begin, sentences[i].end);
    }
  }

  std::string_view norm_;
  std::vector<Span> footers_;
  Paragraph heading_;
};

}  // namespace

std::vector<Span> find_footers(std::string_view norm) { return FooterFinder(norm).find(); }

}  // namespace phiscan::text

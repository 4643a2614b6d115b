#include "text/line_shapes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "text/characters.hpp"
#include "text/html.hpp"

namespace phiscan::text {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// Calls `see(word)` for each run of ASCII letters and digits until it returns true; true then.
template <typename See>
bool any_word(std::string_view line, See see) {
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t begin = i;
    while (i < line.size() && (is_ascii_word(line[i]) || static_cast<unsigned char>(line[i]) >= 0x80)) ++i;
    if (i > begin && see(line.substr(begin, i - begin))) return true;
    if (i == begin) ++i;
  }
  return false;
}

std::size_t count_digits(std::string_view line) { return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), is_ascii_digit)); }

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// A stretch of at least seven digits with nothing but phone punctuation between.
bool has_phone(std::string_view line) {
  std::size_t digits = 0;
  std::size_t separators = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_ascii_digit(c)) {
      ++digits;
      if (digits >= 7 && separators >= 1) return true;
    } else if (c == '-' || c == '.' || c == ' ' || c == '(' || c == ')' || c == '+') {
      separators += digits > 0 ? 1 : 0;
    } else {
      digits = separators = 0;
    }
  }
  return digits == 10;
}

bool has_zip(std::string_view line) {  // ", ST 12345" at the end
  std::size_t end = line.size();
  std::size_t digits = 0;
  while (end > 0 && (is_ascii_digit(line[end - 1]) || line[end - 1] == '-')) {
    digits += line[end - 1] == '-' ? 0 : 1;
    --end;
  }
  return (digits == 5 || digits == 9) && end >= 3 && line[end - 1] == ' ' && is_upper(line[end - 2]) && is_upper(line[end - 3]);
}

bool is_street_word(std::string_view word) {
  switch (name_of(word)) {
    case name_of("st"): case name_of("street"): case name_of("ave"): case name_of("avenue"): case name_of("rd"): case name_of("road"):
    case name_of("blvd"): case name_of("boulevard"): case name_of("suite"): case name_of("ste"): case name_of("drive"): case name_of("lane"):
    case name_of("ln"): case name_of("way"): case name_of("floor"): case name_of("fl"): case name_of("hwy"): case name_of("highway"):
    case name_of("pkwy"): case name_of("parkway"): case name_of("court"): case name_of("ct"): case name_of("plaza"): case name_of("place"):
    case name_of("calle"): case name_of("avenida"): case name_of("building"): case name_of("bldg"): return true;
    default: return false;
  }
}

bool is_contact_word(std::string_view word) {
  switch (name_of(word)) {
    case name_of("tel"): case name_of("telephone"): case name_of("phone"): case name_of("ph"): case name_of("fax"): case name_of("cell"):
    case name_of("mobile"): case name_of("ext"): case name_of("extension"): case name_of("office"): case name_of("direct"): case name_of("main"):
    case name_of("npi"): case name_of("telefono"): case name_of("celular"): case name_of("oficina"): case name_of("pager"): return true;
    default: return false;
  }
}

bool is_small_word(std::string_view word) {
  switch (name_of(word)) {
    case name_of("of"): case name_of("and"): case name_of("the"): case name_of("for"): case name_of("at"): case name_of("in"): case name_of("to"):
    case name_of("de"): case name_of("del"): case name_of("la"): case name_of("las"): case name_of("los"): case name_of("y"): case name_of("e"):
    case name_of("von"): case name_of("van"): case name_of("da"): case name_of("on"): return true;
    default: return false;
  }
}

bool is_identity_cue(std::string_view word) {
  switch (name_of(word)) {
    case name_of("dob"): case name_of("mrn"): case name_of("ssn"): case name_of("icd"): case name_of("a1c"): case name_of("hba1c"):
    case name_of("dx"): case name_of("nacimiento"): case name_of("birthdate"): case name_of("mbi"): return true;
    default: return false;
  }
}

bool is_patient_cue(std::string_view word) {
  switch (name_of(word)) {
    case name_of("pt"): case name_of("birth"): case name_of("born"): case name_of("diagnosis"): case name_of("diagnosed"): case name_of("diagnostico"):
    case name_of("claim"): case name_of("member"): case name_of("positive"): case name_of("negative"): case name_of("positivo"):
    case name_of("negativo"): case name_of("biopsy"): case name_of("biopsia"): case name_of("result"): case name_of("results"):
    case name_of("resultado"): case name_of("resultados"): case name_of("mg"): case name_of("mcg"): case name_of("ml"): case name_of("tablet"):
    case name_of("tablets"): case name_of("pregnant"): case name_of("allergies"): case name_of("admitted"): case name_of("discharged"):
    case name_of("prescribed"): case name_of("symptoms"): case name_of("rx"): return true;
    default: return is_identity_cue(word);
  }
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool starts_with_folded(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if (ascii_lower(text[i]) != lower[i]) return false;
  }
  return true;
}

bool contains_folded(std::string_view text, std::string_view lower) {
  for (std::size_t i = 0; i + lower.size() <= text.size(); ++i) {
    if (starts_with_folded(text.substr(i), lower)) return true;
  }
  return false;
}

bool is_forward_rule(std::string_view line) {
  constexpr std::size_t longest = 120;
  if (line.empty() || line.size() > longest) return false;
  const char first = ascii_lower(line.front());
  if (first == 'b') return starts_with_folded(line, "begin forwarded message");
  if (first == 'i') return starts_with_folded(line, "inicio del mensaje reenviado");
  if (first == 'd') return starts_with_folded(line, "debut du message") ;
  if (first == 'a') return starts_with_folded(line, "anfang der weitergeleiteten");
  if (!line.starts_with("--")) return false;
  const std::size_t words = line.find_first_not_of("- ");
  if (words == std::string_view::npos) return false;
  const std::string_view text = line.substr(words);
  for (const std::string_view opening : {"original message", "original appointment", "forwarded message", "forwarded by", "mensaje original", "mensaje reenviado",
                                         "message d'origine", "message transfere", "message original", "ursprungliche nachricht", "weitergeleitete nachricht",
                                         "mensagem original", "mensagem encaminhada", "messaggio originale"}) {
    if (starts_with_folded(text, opening)) return true;
  }
  return false;
}

bool is_underscore_rule(std::string_view line) {
  constexpr std::size_t shortest = 10;
  return line.size() >= shortest && line.find_first_not_of('_') == std::string_view::npos;
}

HeaderLabel header_label(std::string_view line) {
  constexpr std::size_t longest = 16;
  while (!line.empty() && (line.front() == '*' || line.front() == ' ')) line.remove_prefix(1);
  if (line.empty() || !is_ascii_letter(line.front())) return HeaderLabel::none;
  const std::size_t colon = line.substr(0, longest).find(':');
  if (colon == std::string_view::npos) return HeaderLabel::none;
  std::string_view label = line.substr(0, colon);
  while (!label.empty() && (label.back() == '*' || label.back() == ' ')) label.remove_suffix(1);
  switch (name_of(label)) {
    case name_of("from"): case name_of("de"): case name_of("von"): case name_of("da"): return HeaderLabel::from;
    case name_of("sent"): case name_of("date"): case name_of("enviado"): case name_of("enviado el"): case name_of("fecha"): case name_of("envoye"):
    case name_of("gesendet"): case name_of("datum"): case name_of("enviada"): case name_of("enviada em"): case name_of("data"): case name_of("inviato"):
      return HeaderLabel::date;
    case name_of("to"): case name_of("para"): case name_of("a"): case name_of("an"): return HeaderLabel::to;
    case name_of("cc"): case name_of("bcc"): case name_of("cco"): return HeaderLabel::cc;
    case name_of("subject"): case name_of("asunto"): case name_of("objet"): case name_of("betreff"): case name_of("assunto"): case name_of("oggetto"):
      return HeaderLabel::subject;
    case name_of("reply-to"): case name_of("importance"): case name_of("attachments"): case name_of("when"): case name_of("where"):
    case name_of("datos adjuntos"): case name_of("importancia"): return HeaderLabel::other;
    default: return HeaderLabel::none;
  }
}

bool begins_attribution(std::string_view line) {
  for (const std::string_view opening : {"on ", "el ", "le ", "am ", "em ", "il ", "op "}) {
    if (starts_with_folded(line, opening)) return true;
  }
  return false;
}

bool ends_attribution(std::string_view line) {
  constexpr std::size_t shortest = 6;
  constexpr std::size_t longest_name = 120;
  if (line.size() < shortest || line.back() != ':') return false;
  const std::string_view said = trim(line.substr(0, line.size() - 1));
  const auto ends = [&](std::string_view verb) { return said.size() >= verb.size() && starts_with_folded(said.substr(said.size() - verb.size()), verb); };
  if (ends("wrote") || ends("writes") || ends("escribio") || ends("a ecrit") || ends("schrieb") || ends("escreveu") || ends("ha scritto")) return true;
  const std::string_view tail = said.substr(said.size() - std::min(said.size(), longest_name));
  return contains_folded(tail, " schrieb ") || starts_with_folded(tail, "schrieb ");
}

bool holds_date_or_address(std::string_view line) {
  if (line.find('@') != std::string_view::npos) return true;
  for (std::size_t i = 0; i + 4 <= line.size(); ++i) {
    if ((line.substr(i, 2) == "20" || line.substr(i, 2) == "19") && is_ascii_digit(line[i + 2]) && is_ascii_digit(line[i + 3])) return true;
    if (is_ascii_digit(line[i]) && line[i + 1] == ':' && is_ascii_digit(line[i + 2]) && is_ascii_digit(line[i + 3])) return true;
  }
  return false;
}

Closing closing_of(std::string_view line) {
  constexpr std::size_t longest = 60;
  constexpr std::size_t longest_name = 40;
  // Longer phrases first: the rest of the line is what follows the phrase.
  static constexpr std::string_view phrases[] = {
      "thank you so much", "thank you very much", "thank you in advance", "thank you again", "thank you kindly", "thank you", "thanks so much", "thanks very much",
      "thanks in advance", "thanks again", "thanks a lot", "thanks and regards", "thanks", "thx", "many thanks", "with thanks", "best regards",
      "best wishes", "best", "kind regards", "kindest regards", "warm regards", "warmest regards", "warmly", "with regards", "regards", "sincerely yours",
      "sincerely", "yours sincerely", "yours truly", "yours faithfully", "yours", "respectfully submitted", "respectfully", "cordially", "cheers",
      "take care", "all the best", "v/r", "in good health", "gracias de antemano", "gracias por su atencion", "muchas gracias", "mil gracias", "gracias",
      "saludos cordiales", "cordiales saludos", "un cordial saludo", "un saludo", "saludos", "atentamente", "muy atentamente", "cordialmente", "atte",
      "sinceramente", "respetuosamente"};
  if (line.empty() || line.size() > longest) return Closing::none;
  switch (ascii_lower(line.front())) {
    case 't': case 'm': case 'w': case 'b': case 'k': case 'r': case 's': case 'y': case 'c': case 'a': case 'v': case 'i': case 'g': case 'u': break;
    default: return Closing::none;
  }
  for (const std::string_view phrase : phrases) {
    if (!starts_with_folded(line, phrase)) continue;
    std::string_view rest = line.substr(phrase.size());
    if (!rest.empty() && is_ascii_word(rest.front())) continue;
    const std::size_t name = rest.find_first_not_of(" ,.!-:;");
    if (name == std::string_view::npos) return Closing::alone;
    if (name == 0) return Closing::none;
    const bool set_off = rest.find_first_of(",!-") < name;
    rest = rest.substr(name);
    if (phrase.starts_with("thank") && !set_off) {  // "Thank you for your help," over a name
      return rest.back() == ',' && starts_with_folded(rest, "for ") ? Closing::alone : Closing::none;
    }
    if (!set_off || rest.size() > longest_name || count_digits(rest) > 0) return Closing::none;
    int words = 0;
    const bool ordinary = any_word(rest, [&](std::string_view word) {
      ++words;
      return is_lower(word.front());
    });
    return !ordinary && words >= 1 && words <= 4 ? Closing::with_name : Closing::none;
  }
  return Closing::none;
}

bool is_sent_from(std::string_view line) {
  constexpr std::size_t longest = 80;
  if (line.size() > longest || line.size() < 8) return false;
  if (const char first = ascii_lower(line.front()); first != 's' && first != 'g' && first != 'e' && first != 'v') return false;
  for (const std::string_view opening : {"sent from my ", "sent from yahoo", "sent from outlook", "sent from mail for", "sent via ", "get outlook for ", "enviado desde mi ",
                                         "enviado desde ", "envoye de mon ", "von meinem "}) {
    if (starts_with_folded(line, opening)) return true;
  }
  return false;
}

bool is_postscript(std::string_view line) {
  if (line.empty() || ascii_lower(line.front()) != 'p') return false;
  for (const std::string_view opening : {"p.s.", "p.s ", "ps:", "ps.", "ps ", "ps-", "p.d.", "pd:", "p.s:", "p.d:"}) {
    if (starts_with_folded(line, opening)) return true;
  }
  return false;
}

bool has_contact_detail(std::string_view line) {
  const std::size_t at = line.find('@');
  if (at != std::string_view::npos && at > 0 && line.find('.', at) != std::string_view::npos) return true;
  if (contains_folded(line, "www.") || contains_folded(line, "http")) return true;
  const std::size_t digits = count_digits(line);
  if (digits == 0) return false;
  if (digits >= 7 && has_phone(line)) return true;
  if (has_zip(line)) return true;
  if (is_ascii_digit(line.front()) && any_word(line, is_street_word)) return true;
  return any_word(line, is_contact_word) || starts_with_folded(line, "p.o. box") || starts_with_folded(line, "po box") || starts_with_folded(line, "suite ");
}

bool is_work_line(std::string_view line) {
  if (contains_folded(line, "www.") || contains_folded(line, "http")) return true;
  return any_word(line, [](std::string_view word) {
    switch (name_of(word)) {
      case name_of("fax"): case name_of("npi"): case name_of("ext"): case name_of("extension"): case name_of("suite"): case name_of("office"):
      case name_of("direct"): case name_of("clinic"): case name_of("clinica"): case name_of("hospital"): case name_of("practice"): case name_of("coordinator"):
      case name_of("coordinador"): case name_of("coordinadora"): case name_of("manager"): case name_of("director"): case name_of("specialist"):
      case name_of("representative"): case name_of("department"): case name_of("receptionist"): case name_of("billing"): case name_of("inc"):
      case name_of("llc"): return true;
      default: break;
    }
    return word == "MD" || word == "RN" || word == "DO" || word == "NP" || word == "PA" || word == "LPN" || word == "LVN" || word == "CMA" || word == "MA" ||
           word == "PhD" || word == "LCSW" || word == "FNP" || word == "DDS" || word == "DPM" || word == "PharmD" || word == "BSN" || word == "MSN" || word == "DPT";
  });
}

bool has_identity_cue(std::string_view line) {
  return any_word(line, is_identity_cue) || contains_folded(line, "patient:") || contains_folded(line, "paciente:") || contains_folded(line, "patient name");
}

bool has_patient_cue(std::string_view line) {
  return any_word(line, is_patient_cue) || contains_folded(line, "patient:") || contains_folded(line, "paciente:") || contains_folded(line, "patient name") ||
         contains_folded(line, "patient id");
}

bool is_prose(std::string_view line) {
  constexpr int many_words = 12;
  int words = 0;
  int ordinary = 0;
  any_word(line, [&](std::string_view word) {
    ++words;
    ordinary += is_lower(word.front()) && !is_small_word(word) ? 1 : 0;
    return false;
  });
  if (words >= many_words && ordinary * 2 >= words) return true;
  const char last = line.empty() ? '\0' : line.back();
  return words >= 4 && ordinary * 2 >= words && (last == '.' || last == '?' || last == '!');
}

bool is_signature_like(std::string_view line) {
  constexpr std::size_t longest = 120;
  constexpr std::size_t longest_title = 64;
  constexpr int most_words = 9;
  if (line.empty() || line.size() > longest || has_patient_cue(line)) return false;
  if (has_contact_detail(line)) return !is_prose(line);
  if (line.size() > longest_title || count_digits(line) > 0 || line.back() == '?' || line.back() == ':' || line.back() == '!') return false;
  if (line.find_first_not_of("-_=*~|. ") == std::string_view::npos) return true;  // a rule
  int words = 0;
  const bool ordinary = any_word(line, [&](std::string_view word) {
    if (word.size() == 1) return false;  // "Women's", "D. Roe"
    ++words;
    return is_lower(word.front()) && !is_small_word(word);
  });
  if (words > 0 && words <= 2 && line.size() <= 20 && line.find('.') == std::string_view::npos) return true;  // "maria" in lower case
  return words > 0 && words <= most_words && !ordinary;
}

}  // namespace phiscan::text

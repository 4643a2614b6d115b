#include "decide/file_names.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "text/text.hpp"

namespace phiscan::decide {
namespace {

// Say it alone, in any organisation's mail.
constexpr auto strong = std::to_array<std::string_view>({
    "audiogram", "autopsy", "biopsia", "biopsy", "bloodwork", "ccd", "ccda", "cms1500", "colonoscopy", "dcsummary",
    "echocardiogram", "ecocardiograma", "ecografia", "ekg", "emg", "endoscopy", "eob", "facesheet", "fmla",
    "immunization", "inmunizacion", "inscard", "intake", "laboratorio", "labresult", "labresults", "labs",
    "mammogram", "mamografia", "medlist", "medrec", "mri", "pathology", "polst", "preauth", "priorauth",
    "progressnote", "radiografia", "radiology", "sleepstudy", "superbill", "ub04", "ultrasound", "urinalysis",
    "vaccine", "vacuna", "vacunas", "workcomp", "xray",
});

// Clinical in a clinic's mail; elsewhere they need a second word.
constexpr auto likely = std::to_array<std::string_view>({
    "clinical", "consult", "ct", "diagnosis", "discharge", "dob", "echo", "expediente", "imaging", "lab", "medical",
    "medication", "medications", "mrn", "paciente", "pacientes", "patient", "patients", "receta", "referral", "rx",
    "treatment",
});

// In a clinic's mail they count too; elsewhere they are everyday words ("org chart", "HP printer", "March", "return on investment").
constexpr auto shared = std::to_array<std::string_view>({
    "835", "837", "appeal", "authform", "chart", "claim", "denial", "disability", "hp", "insurance", "license",
    "mar", "npp", "passport", "path", "physical", "registration", "roi", "soap", "ssn",
});

// Only ever the second word.
constexpr auto generic = std::to_array<std::string_view>({
    "form", "history", "note", "notes", "report", "result", "resultados", "results", "summary",
});

// Two words that mean it together.
constexpr auto pairs = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"advance", "directive"}, {"blood", "work"},  {"driver", "license"},  {"drivers", "license"}, {"face", "sheet"},  {"historia", "clinica"},
    {"id", "back"},           {"id", "front"},    {"insurance", "card"},  {"med", "list"},        {"prior", "auth"},  {"prior", "authorization"},
    {"progress", "note"},     {"progress", "notes"}, {"release", "information"}, {"sleep", "study"}, {"ssn", "card"}, {"tarjeta", "seguro"}, {"treatment", "plan"},
    {"work", "comp"},         {"workers", "comp"}, {"x", "ray"},
});

std::vector<std::string> words(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0 && name.size() - dot <= 6) name = name.substr(0, dot);
  std::vector<std::string> found;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) found.push_back(text::fold(word));
    word.clear();
  };
  bool after_small = false;
  for (const char c : name) {
    const bool capital = c >= 'A' && c <= 'Z';
    const bool small = c >= 'a' && c <= 'z';
    const bool digit = c >= '0' && c <= '9';
    const bool other_letter = static_cast<unsigned char>(c) >= 0x80;
    if (!capital && !small && !digit && !other_letter) {
      flush();
    } else {
      if (capital && after_small) flush();
      word += c;
    }
    after_small = small;
  }
  flush();
  return found;
}

// "labs2024" is "labs"; "ub04" and "837" stay whole because they are looked up first.
std::string_view without_digits(std::string_view word) {
  while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.remove_suffix(1);
  return word;
}

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end() || std::ranges::find(list, without_digits(word)) != list.end();
}

}  // namespace

bool is_clinical_name(std::string_view file_name, bool is_clinic) {
  const auto found = words(file_name.substr(0, 300));
  std::set<std::string_view> likely_words, generic_words;
  bool any_shared = false;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (is_in(strong, found[i])) return true;
    if (is_in(likely, found[i])) likely_words.insert(without_digits(found[i]));
    if (is_in(generic, found[i])) generic_words.insert(without_digits(found[i]));
    any_shared = any_shared || is_in(shared, found[i]);
    if (i + 1 == found.size()) break;
    for (const auto& [first, second] : pairs) {
      if (found[i] == first && without_digits(found[i + 1]) == second) return true;
    }
  }
  if (is_clinic) return any_shared || !likely_words.empty();
  return likely_words.size() > 1 || (!likely_words.empty() && !generic_words.empty());
}

}  // namespace phiscan::decide

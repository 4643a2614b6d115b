// Ordinary sentences about patients and about people at work, each with every form of name: what share is judged right, by form.
// Each share is printed (--source-file='*sentences*'), and must not fall. Rules were written for most of these sentences, so the shares say what
// holds, not what unseen mail will give. A new sheet belongs here before a rule is written for it.
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine.hpp"

namespace phiscan::test {
namespace {

std::vector<std::string> sentences(std::string_view name) {
  std::ifstream in(std::string(PHISCAN_SENTENCES_DIR) + "/" + std::string(name));
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != '#') out.push_back(line);
  }
  return out;
}

// Percent of the sheet that is judged `phi`, rounded down; from somebody who is no place of care to somebody who is none.
int percent_phi(const std::vector<std::string>& sheet, std::string_view name) {
  constexpr std::string_view place = "{n}";
  std::size_t phi = 0;
  for (const auto& sentence : sheet) {
    std::string body = sentence;
    body.replace(body.find(place), place.size(), name);
    Json request = mail("ken@outside.example", "note", body);
    request["from"] = address("ana@paper.example");
    phi += verdict(no_policy().scan(request)).content == "phi" ? 1U : 0U;
  }
  return static_cast<int>(phi * 100 / sheet.size());
}

struct Form {
  std::string name;
  std::string what;
  int least;  // percent of the patients' sentences
  int most;   // percent of the others'
};

}  // namespace

TEST_CASE("ordinary sentences, by the form of the name") {
  const auto patients = sentences("patients.en.txt");
  const auto others = sentences("others.en.txt");
  REQUIRE(patients.size() >= 500);
  REQUIRE(others.size() >= 150);
  for (const Form& form : {Form{"Rosalind Okafor", "both names listed", 97, 2}, Form{"Ximena Aldunate", "surname in no list", 96, 2}, Form{"Ottoline Brackenbury", "neither listed", 92, 1},
                           Form{"Grace Stone", "two words", 95, 2}, Form{"J. Pettibone", "initial, surname in no list", 82, 1}, Form{"Mrs. Delacroix", "title", 97, 2}}) {
    const int found = percent_phi(patients, form.name);
    const int wrong = percent_phi(others, form.name);
    MESSAGE(form.name << " (" << form.what << "): " << found << " % of " << patients.size() << " about patients, " << wrong << " % of " << others.size() << " about others");
    CHECK(found >= form.least);
    CHECK(wrong <= form.most);
  }
}

TEST_CASE("ordinary sentences in Spanish") {
  const auto patients = sentences("patients.es.txt");
  REQUIRE(patients.size() >= 40);
  for (const std::string name : {"Xiomara Benítez", "Sra. Delgado"}) {
    const int found = percent_phi(patients, name);
    MESSAGE(name << ": " << found << " % of " << patients.size());
    CHECK(found >= 97);
  }
}

}  // namespace phiscan::test

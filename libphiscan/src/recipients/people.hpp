// People: whether a display name or the part before the @ can be the person a mail speaks of. Folded words, titles and credentials
// gone, nicknames known. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::recipients {

struct Name {
  std::vector<std::string> given;    // folded words, first names first
  std::vector<std::string> surname;  // the last word, or all before the comma of "Roe, Dana"
  bool operator==(const Name&) const = default;
  [[nodiscard]] bool empty() const { return given.empty() && surname.empty(); }
  [[nodiscard]] bool is_full() const { return !given.empty() && !surname.empty(); }
  [[nodiscard]] std::string folded() const;  // "dana roe"
};

// From "Dana Roe", "Roe, Dana", "Dr. Dana Roe, MD". Empty for desks, organisations and addresses; a lone word is a given name.
[[nodiscard]] Name read_name(std::string_view display);
[[nodiscard]] bool has_doctor_title(std::string_view display);  // "Dr. Helena Brandt", "Ana Petrova, MD"
[[nodiscard]] std::vector<std::string> name_words(std::string_view folded);
// The letters of a local part in runs: "dana.roe88+x" -> dana, roe.
[[nodiscard]] std::vector<std::string> local_words(std::string_view local);
// "dana.roe" or "roe_dana" when one of the words is a usual first name; empty otherwise, so that "sun.flower" is nobody.
[[nodiscard]] Name name_of_local(std::string_view local);

[[nodiscard]] bool same_given(std::string_view a, std::string_view b);  // equal, nickname, or a clear short form
// The local part carries both names or surname and initial: dana.roe, droe, roed, danaroe1961.
[[nodiscard]] bool spells(std::string_view local, const Name& name);

enum class Fit { fits, unclear, differs };
// Can the recipient (display name and local part) be this person, or family of the same surname?
[[nodiscard]] Fit fit(const Name& person, const Name& display, std::string_view local);
// Is somebody greeted as `greeting` ("dana", "mr roe") this recipient?
[[nodiscard]] Fit fit_greeting(std::string_view greeting, const Name& display, std::string_view local);

}  // namespace phiscan::recipients

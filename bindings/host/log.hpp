// What a service says while it runs, on standard error or in the journal: one line per event, made of words that stand in the source, of
// numbers, and of problems with the administrator's files. The types see to it: a text that came from outside cannot be logged. Any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "json.hpp"

namespace phiscan::host {

// A literal of the source.
class Literal {
 public:
  consteval Literal(const char* text) : text_(text) {}
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

struct Fact {
  Literal name;
  std::variant<std::int64_t, Literal> value;
};

enum class Level { error = 3, warning = 4, info = 6 };

void log(Level level, Literal event, std::initializer_list<Fact> facts = {});
// With what is wrong with a file of the administrator's: their own words, never a mail's.
void log(Level level, Literal event, const Problem& problem);

}  // namespace phiscan::host

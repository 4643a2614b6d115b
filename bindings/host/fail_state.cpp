#include "fail_state.hpp"

namespace phiscan::host {
namespace {

// Cell by cell, so that a change shows as one line. Rows: Condition; columns: prompt, block, allow_with_note.
struct Cells {
  Response cells[3];
  bool outside_only;
  bool may_say_clean;
  std::string_view en, es;
};

constexpr Cells cells(Condition condition) {
  using enum Response;
  switch (condition) {
    case Condition::ready:
      return {{proceed, proceed, proceed}, false, true, "Checks are on.", "La revisión está activa."};
    case Condition::host_absent:
      return {{prompt, block, note}, false, false, "This mail was not checked: the phiscan program is not running.",
              "Este correo no se revisó: el programa phiscan no está funcionando."};
    case Condition::host_slow:
      return {{prompt, block, note}, false, false, "This mail was not checked: it took too long.", "Este correo no se revisó: tardó demasiado."};
    case Condition::partial:
      return {{note, prompt, note}, false, false, "Part of this mail was not checked.", "Una parte de este correo no se revisó."};
    case Condition::no_pack:
      return {{prompt, block, note}, true, false, "This mail was not checked: the rules are missing.", "Este correo no se revisó: faltan las reglas."};
    case Condition::pack_stale:
      return {{note, note, note}, false, true, "The rules are getting old. Please tell your administrator.",
              "Las reglas ya tienen tiempo. Avise a su administrador."};
    case Condition::pack_expired:
      return {{prompt, block, note}, true, false, "The rules are too old to rely on. Please tell your administrator.",
              "Las reglas son demasiado viejas para confiar en ellas. Avise a su administrador."};
    case Condition::policy_broken:
      return {{prompt, block, note}, true, false, "Your clinic's settings cannot be read. Please tell your administrator.",
              "No se puede leer la configuración de su clínica. Avise a su administrador."};
    case Condition::state_broken:
      return {{note, note, note}, false, true, "Checks are on, but phiscan cannot remember who you write to.",
              "La revisión está activa, pero phiscan no puede recordar a quién escribe."};
  }
  return {{prompt, block, prompt}, false, false, "This mail was not checked.", "Este correo no se revisó."};
}

}  // namespace

Row row(Condition condition, FailMode mode) {
  const auto all = cells(condition);
  return {all.cells[static_cast<std::size_t>(mode)], all.outside_only, all.may_say_clean, all.en, all.es};
}

std::string_view word(Condition condition) {
  constexpr std::string_view words[] = {"ready", "host_absent", "host_slow", "partial", "no_pack", "pack_stale", "pack_expired", "policy_broken", "state_broken"};
  return words[static_cast<std::size_t>(condition)];
}

std::string_view word(Response response) {
  constexpr std::string_view words[] = {"proceed", "note", "prompt", "block"};
  return words[static_cast<std::size_t>(response)];
}

std::string_view word(FailMode mode) {
  constexpr std::string_view words[] = {"prompt", "block", "allow_with_note"};
  return words[static_cast<std::size_t>(mode)];
}

FailMode fail_mode(std::string_view text) {
  for (const auto mode : all_fail_modes) {
    if (word(mode) == text) return mode;
  }
  return FailMode::prompt;
}

}  // namespace phiscan::host

#include "gates.hpp"

namespace phiscan::host {

Answer refusal(int status, std::string_view code, std::string_view message) {
  return {status, "application/json", to_text(Json{{"ok", false}, {"error", {{"code", code}, {"where", ""}, {"message", message}}}}), {}};
}

Once once(const Head& head, std::string_view name) { return {head.field(name), head.count(name) <= 1}; }

bool is_plain_json(const Head& head) {
  const auto type = once(head, "content-type");
  if (!type.is_sound || !type.value || head.count("content-encoding") > 0) return false;
  std::string bare;
  for (const char c : *type.value) {
    if (c != ' ') bare += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return bare == "application/json" || bare == "application/json;charset=utf-8";
}

std::optional<Answer> length_problem(const Head& head, std::size_t most, std::size_t& length) {
  const auto said = once(head, "content-length");
  if (!said.value || !said.is_sound || head.count("transfer-encoding") > 0) return refusal(411, "bad_request", "Content-Length is asked for");
  if (said.value->empty() || said.value->find_first_not_of("0123456789") != std::string_view::npos) return refusal(400, "bad_request", "Content-Length is no number");
  length = said.value->size() > 12 ? std::size_t(-1) : std::stoul(std::string(*said.value));
  if (length > most) return refusal(413, "too_large", "a request has at most " + std::to_string(most) + " bytes");
  return std::nullopt;
}

}  // namespace phiscan::host

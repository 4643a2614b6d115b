#include "contacts.hpp"

#include <algorithm>

namespace phiscan::host {
namespace {

// Shorter ones are too close to everything.
constexpr std::size_t least_local = 5, least_domain = 7, least_prefix = 4, least_name = 4, most_letters = 64;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

std::vector<std::string> spellings(const std::string& word) {
  std::vector<std::string> out{word};
  for (std::size_t i = 0; i < std::min(word.size(), most_letters); ++i) {
    auto one = word;
    one.erase(i, 1);
    if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(std::move(one));
  }
  return out;
}

std::string folded_name(std::string_view name) {
  std::string out;
  for (const char c : lower(name)) {
    const bool is_space = c == ' ' || c == '\t' || c == ',' || c == '"' || c == '\'';
    if (!is_space) out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '<')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '>' || text.back() == '.')) text.remove_suffix(1);
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 >= text.size() || text.size() > 320) return std::nullopt;
  Address out{lower(text.substr(0, at)), lower(text.substr(at + 1))};
  if (const auto plus = out.local.find('+'); plus != std::string::npos && plus > 0) out.local.resize(plus);
  return out;
}

std::string look_of(std::string_view domain) {
  std::string plain(domain);
  for (char& c : plain) c = c == '0' ? 'o' : c == '1' || c == 'i' ? 'l' : c == '5' ? 's' : c;
  std::string out;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const auto two = std::string_view(plain).substr(i, 2);
    const bool is_pair = two == "rn" || two == "vv" || two == "cl";
    out += !is_pair ? plain[i] : two == "rn" ? 'm' : two == "vv" ? 'w' : 'd';
    if (is_pair) ++i;
  }
  return out;
}

std::vector<Word> words_of(const Address& address, std::string_view name) {
  std::vector<Word> out{{Trait::address, address.text()}, {Trait::domain, address.domain}, {Trait::look, look_of(address.domain)}};
  if (auto folded = folded_name(name); folded.size() >= least_name && folded.find('@') == std::string::npos) out.push_back({Trait::name, std::move(folded)});
  const auto end = address.local.find_first_of("._-0123456789");
  if (end != std::string::npos && end >= least_prefix) out.push_back({Trait::prefix, address.local.substr(0, end) + "@" + address.domain});
  if (address.local.size() >= least_local) {
    for (const auto& one : spellings(address.local)) out.push_back({Trait::near_local, one + "@" + address.domain});
  }
  if (address.domain.size() >= least_domain) {
    for (auto& one : spellings(address.domain)) out.push_back({Trait::near_domain, std::move(one)});
  }
  return out;
}

}  // namespace phiscan::host

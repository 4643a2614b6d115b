// What is remembered of an address, as plain words that are hashed with the key before they are kept: the address, its domain, what the
// domain looks like, the display name, a first name at the same place, and every spelling with one letter missing. Two addresses that
// share a spelling are one slip apart. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phiscan::host {

// Values are stored and never reused.
enum class Trait : std::uint8_t { address = 1, domain = 2, look = 3, name = 4, prefix = 5, near_local = 6, near_domain = 7, thread = 8, thread_domain = 9 };

struct Address {
  std::string local, domain;  // lower case, no +tag, no trailing dot
  [[nodiscard]] std::string text() const { return local + "@" + domain; }
};

// "<Dana@Mail.Test.>" too; nothing when it is no address.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

struct Word {
  Trait trait = Trait::address;
  std::string text;
};

// `name` is the display name, and may be empty.
[[nodiscard]] std::vector<Word> words_of(const Address& address, std::string_view name);

// Letters that pass for others at a glance become the same: rn/m, vv/w, cl/d, 0/o, 1/l/i, 5/s. ASCII only; the engine knows the rest.
[[nodiscard]] std::string look_of(std::string_view domain);

}  // namespace phiscan::host

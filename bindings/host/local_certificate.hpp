// This machine's own certificate for https://localhost. An authority is made for it alone: it may name localhost and 127.0.0.1 and nothing
// else, and may not make further authorities. Its key stays in locked memory, signs once and is wiped, so that nobody can ever sign with it
// again (outlook.md §1.6: Chromium takes exactly this). Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace phiscan::host {

// What the names of our authorities begin with, in every trust store.
inline constexpr std::string_view authority_prefix = "phiscan-localhost-";

struct LocalCertificate {
  std::string authority_name;  // authority_prefix and 16 hexadecimal digits
  std::string authority, leaf, key;  // PEM; the key is the leaf's (P-256)
};
// Valid for 396 days; browsers take at most 398. Nothing when OpenSSL cannot, which means that the machine has no randomness or memory.
[[nodiscard]] std::optional<LocalCertificate> make_local_certificate();

// What is in a chain that was made here: the leaf's end and its authority. Nothing when it is somebody else's.
struct LocalChain {
  std::string authority_name, authority;
  std::int64_t not_after = 0;  // seconds since 1970
};
[[nodiscard]] std::optional<LocalChain> read_local_chain(const std::string& pem);

}  // namespace phiscan::host

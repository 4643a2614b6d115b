// Any bytes as a policy: read, check and describe must agree on whether it is one, and never crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/policy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = phiscan::rules::read_policy(text);
  bool fatal = false;
  for (const auto& problem : phiscan::rules::check_policy(text)) fatal = fatal || problem.fatal;
  if (static_cast<bool>(read) == fatal) std::abort();
  for (const char* locale : {"en", "es"}) {
    if (static_cast<bool>(phiscan::rules::describe_policy(text, locale)) != static_cast<bool>(read)) std::abort();
  }
  return 0;
}

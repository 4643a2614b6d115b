// Zones: whose words are these? Splits a normalised text into new text, quotes, forwarded headers, signatures and footers.
// The readers hand over what only they can see (quote marks, HTML containers) as shifts. Pure; one thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "text/text.hpp"

namespace phiscan::text {

// From the line that begins at or after `offset` on, up to the next shift.
struct Shift {
  std::uint32_t offset = 0;  // in norm
  std::uint8_t depth = 0;    // of quote marks or HTML quote containers
  bool in_signature = false;
  bool in_header = false;       // an attribution or header block that the mail program marked as such
  bool starts_message = false;  // all that follows is an earlier message
};

struct ZoneOptions {
  bool is_body = false;  // else only footers are looked for
  bool is_html = false;
  std::string_view signer = {};  // name of the sender, folded; may be empty
};

[[nodiscard]] std::vector<Zone> find_zones(std::string_view norm, std::span<const Shift> shifts, const ZoneOptions& options);

}  // namespace phiscan::text

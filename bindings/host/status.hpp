// `phiscan-host status` for a person. Pure.
#pragma once

#include <string>

#include "json.hpp"

namespace phiscan::host {

// From what Host::status gives, and where things are looked for.
[[nodiscard]] std::string status_text(const Json& status);

}  // namespace phiscan::host

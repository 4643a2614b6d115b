// Pack check: proves every example of every rule, alone and in the merged pack, refuses costly patterns, and says what each rule costs.
// The engine behind `phiscan pack check`; nothing here runs during a scan.
#pragma once

#include <string>

#include "rules/pack.hpp"

namespace phiscan::detect {

// JSON {"pack","version","rules":[{"id","kind","trigger","width","program","ns_per_kb"?}],"problems":[{"rule","message"}]}; no problems = good.
[[nodiscard]] std::string check_pack(const rules::Pack& pack);

}  // namespace phiscan::detect

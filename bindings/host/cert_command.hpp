// `phiscan-host cert make|renew|trust|status|remove`: the certificate of loopback mode, and who trusts it.
#pragma once

#include <filesystem>
#include <string>

namespace phiscan::host {

// `for_all`: trusted by all programs of this machine, too. `when_due`: renew only what ends soon. Throws nothing; the exit code.
[[nodiscard]] int run_cert(const std::filesystem::path& config, const std::string& verb, bool for_all, bool when_due, bool as_json);

}  // namespace phiscan::host

// `phiscan-host users add|list|pair|rotate|revoke|remove`: for the administrator of the clinic's server.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace phiscan::host {

// `account` is the user of this machine the tokens are for; -1: what the mode of the config says. Throws nothing; the exit code.
[[nodiscard]] int run_users(const std::filesystem::path& config, const std::vector<std::string>& operands, std::int64_t account);

}  // namespace phiscan::host

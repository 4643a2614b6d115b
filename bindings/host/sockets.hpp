// What the system knows about sockets of this machine. Platform code (Linux: /proc/net): where it cannot tell, it says so.
#pragma once

#include <cstdint>
#include <string>

#include "http.hpp"

namespace phiscan::host {

// The user of this machine who owns the other end of a loopback connection; -1 when the system does not tell.
[[nodiscard]] std::int64_t account_of_peer(const Peer& peer);

// Who listens on this port, for a person: "nginx (process 123)"; empty when the system does not tell.
[[nodiscard]] std::string who_listens(std::uint16_t port);

}  // namespace phiscan::host

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "sockets.hpp"

namespace phiscan::host {
namespace {

namespace fs = std::filesystem;

// One line of /proc/net/tcp and tcp6 (proc_net_tcp.rst): addresses as hex of the machine's words, then the port in hex.
struct Row {
  std::string own_address, other_address;
  std::uint16_t own_port = 0, other_port = 0;
  std::string state;
  std::int64_t account = -1;
  std::string inode;
};

std::uint16_t port_of(const std::string& text) {
  const auto colon = text.find(':');
  return colon == std::string::npos ? std::uint16_t{0} : static_cast<std::uint16_t>(std::strtoul(text.c_str() + colon + 1, nullptr, 16));
}

template <typename Visit>
void rows(Visit visit) {
  for (const auto* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream in(table);
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
      std::istringstream words(line);
      std::string number, own, other, queues, timer, retransmits, timeout;
      Row row;
      words >> number >> own >> other >> row.state >> queues >> timer >> retransmits >> row.account >> timeout >> row.inode;
      row.own_address = own.substr(0, own.find(':'));
      row.other_address = other.substr(0, other.find(':'));
      row.own_port = port_of(own);
      row.other_port = port_of(other);
      if (words && visit(row)) return;
    }
  }
}

// 127.0.0.1, also as an IPv4 address inside IPv6, and ::1.
bool is_loopback(const std::string& address) { return address.ends_with("0100007F") || address == "00000000000000000000000001000000"; }

}  // namespace

std::int64_t account_of_peer(const Peer& peer) {
  if (!peer.is_loopback) return -1;
  std::int64_t account = -1;
  rows([&](const Row& row) {
    // The peer's own end: its port to ours.
    const bool is_theirs = row.own_port == peer.port && row.other_port == peer.own_port && row.state == "01" && is_loopback(row.own_address);
    if (is_theirs) account = row.account;
    return is_theirs;
  });
  return account;
}

std::string who_listens(std::uint16_t port) {
  std::string inode;
  rows([&](const Row& row) {
    if (row.state != "0A" || row.own_port != port) return false;
    inode = row.inode;
    return true;
  });
  if (inode.empty() || inode == "0") return {};
  const auto wanted = "socket:[" + inode + "]";
  std::error_code error;
  for (auto at = fs::directory_iterator("/proc", error); !error && at != fs::directory_iterator(); at.increment(error)) {
    const auto id = at->path().filename().string();
    if (id.find_first_not_of("0123456789") != std::string::npos) continue;
    std::error_code none;
    for (auto one = fs::directory_iterator(at->path() / "fd", none); !none && one != fs::directory_iterator(); one.increment(none)) {
      std::error_code gone;
      if (fs::read_symlink(one->path(), gone).string() != wanted) continue;
      std::ifstream in(at->path() / "comm");
      std::string name;
      std::getline(in, name);
      return name + " (process " + id + ")";
    }
  }
  return {};
}

}  // namespace phiscan::host

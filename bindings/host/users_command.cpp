#include "users_command.hpp"

#include <cstdio>
#include <cstdlib>

#include "serve_config.hpp"
#include "system.hpp"
#include "users.hpp"

namespace phiscan::host {
namespace {

int fail(const Problem& problem) {
  std::fprintf(stderr, "phiscan-host: %s%s%s\n", problem.where.c_str(), problem.where.empty() ? "" : ": ", problem.message.c_str());
  return 1;
}

int list(Users& users) {
  const auto entries = users.list();
  if (const auto* problem = std::get_if<Problem>(&entries)) return fail(*problem);
  const auto& all = std::get<std::vector<Users::Entry>>(entries);
  if (all.empty()) std::puts("there are no users yet; `phiscan-host users add NAME` makes one");
  std::size_t widest = 4;
  for (const auto& one : all) widest = std::max(widest, one.name.size());
  for (const auto& one : all) {
    std::string state = one.tokens == 0 ? "not paired" : std::to_string(one.tokens) + (one.tokens == 1 ? " device" : " devices") + ", until " + system::day(one.expires);
    if (one.has_code) state += ", a code is waiting";
    if (one.account >= 0) state += ", account " + std::to_string(one.account) + " only";
    std::printf("%-*s  %s\n", static_cast<int>(widest), one.name.c_str(), state.c_str());
  }
  return 0;
}

int give_code(Users& users, const std::string& name) {
  const auto code = users.pair(name);
  if (const auto* problem = std::get_if<Problem>(&code)) return fail(*problem);
  std::printf("%s\n", std::get<std::string>(code).c_str());
  std::fprintf(stderr, "the code for %s, good for 10 minutes and one device: type it into the phiscan pane in Outlook\n", name.c_str());
  return 0;
}

}  // namespace

int run_users(const std::filesystem::path& file, const std::vector<std::string>& operands, std::int64_t account) {
  const auto read = read_serve_config(file);
  if (const auto* problem = std::get_if<Problem>(&read)) return fail(*problem);
  const auto& config = std::get<ServeConfig>(read);
  // What is made here must belong to the service.
  if (!system::become_owner_of(config.users.parent_path())) return fail({"users", "", "cannot go on as the owner of " + config.users.parent_path().string()});
  auto opened = Users::open(config.users);
  if (const auto* problem = std::get_if<Problem>(&opened)) return fail(*problem);
  auto& users = *std::get<std::unique_ptr<Users>>(opened);

  const auto& verb = operands.front();
  if (verb == "list") return list(users);
  const auto& name = operands[1];
  if (verb == "add") {
    if (account < 0 && config.is_loopback) account = system::calling_account();
    if (auto problem = users.add(name, account)) return fail(*problem);
    return give_code(users, name);
  }
  if (verb == "pair") return give_code(users, name);
  if (verb == "remove") {
    if (auto problem = users.remove(name)) return fail(*problem);
    std::printf("%s is gone\n", name.c_str());
    return 0;
  }
  if (auto problem = users.revoke(name)) return fail(*problem);
  if (verb == "rotate") return give_code(users, name);
  std::printf("every token of %s has ended\n", name.c_str());
  return 0;
}

}  // namespace phiscan::host

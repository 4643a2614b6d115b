// The engine as the command line wants it: options in, and the program stops when packs or policy cannot be used.
#pragma once

#include <engine/engine.hpp>

#include <string>
#include <string_view>

#include "options.hpp"

namespace phiscan::cli {

using engine::Failure;
using engine::Or;
using engine::pack_bundle;
using engine::pack_check;
using engine::policy_check;
using engine::policy_describe;
using engine::Report;
using engine::sentence;
using engine::text;
using engine::view;

class Rules : public engine::Rules {
 public:
  // --pack, --policy, --no-cache.
  static Rules load(const Arguments& arguments);

 private:
  explicit Rules(engine::Rules rules) : engine::Rules(std::move(rules)) {}
};

class Scanner : public engine::Scanner {
 public:
  explicit Scanner(const engine::Rules& rules);
};

// The bundle of a pack: a file as it is, or the files of a folder.
[[nodiscard]] std::string read_pack(const std::string& path);

// A whole file of the caller (policy, pack).
[[nodiscard]] std::string read_file(const std::string& path, std::string_view what);

}  // namespace phiscan::cli

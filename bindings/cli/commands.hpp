// One function per command; each answers with the exit code. The table of commands and options is in options.cpp.
#pragma once

#include "options.hpp"

namespace phiscan::cli {

int run_scan(const Arguments& arguments);
int run_explain(const Arguments& arguments);
int run_eval(const Arguments& arguments);
int run_pack_check(const Arguments& arguments);
int run_pack_bundle(const Arguments& arguments);
int run_policy_check(const Arguments& arguments);
int run_policy_describe(const Arguments& arguments);
int run_cache_clear(const Arguments& arguments);
int run_cache_path(const Arguments& arguments);
int run_version(const Arguments& arguments);
int run_completions(const Arguments& arguments);
int run_help(const Arguments& arguments);

}  // namespace phiscan::cli

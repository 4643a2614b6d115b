// Many mails through extractor and engine: one worker thread each with a scanner and an extraction child of its own, results handed out
// in the order of the input. Reading ahead is bounded, so memory is too.
#pragma once

#include <phiscan/phiscan.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "engine.hpp"
#include "sources.hpp"

namespace phiscan::cli {

struct RunOptions {
  std::size_t jobs = 1;
  std::string now;        // empty: the mail's own date, else the clock
  std::string locale;     // empty: as the request says
  std::string extractor;  // empty: beside this program
  bool explain = false;
};
// --jobs, --now, --locale, --extractor.
[[nodiscard]] RunOptions run_options(const Arguments& arguments);

struct Outcome {
  std::size_t number = 0;  // position in the whole run
  std::string source;
  std::size_t index = 0;
  std::uintmax_t size = 0;
  double ms = 0.0;         // reading, extracting and scanning
  std::string request;     // what the engine was given; during `make` only
  Report report;
  std::optional<Failure> failure;
  std::string text;        // what `make` wrote
  std::string content;     // set by `make` where a table needs them
  bool is_complete = true;
};

// Safe to call by several threads at once only through run_all.
using Next = std::function<bool(Item&)>;
using Make = std::function<void(Outcome&)>;  // on a worker thread
using Take = std::function<void(Outcome&)>;  // on the calling thread, in order

void run_all(const Rules& rules, const RunOptions& options, const Next& next, const Make& make, const Take& take);

}  // namespace phiscan::cli

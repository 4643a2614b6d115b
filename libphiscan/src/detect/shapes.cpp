#include "detect/shapes.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstring>

#ifdef PHISCAN_WITH_HYPERSCAN
#include <hs.h>
#endif

namespace phiscan::detect {
#ifdef PHISCAN_WITH_HYPERSCAN

namespace {

struct DatabaseFree {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct ScratchFree {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using Database = std::unique_ptr<hs_database_t, DatabaseFree>;

// Per shape, the ranges in which its possible matches may start: [end - width, end]. A pattern ends many times in one place (after
// every digit of a number), so ranges are joined as they come.
struct Events {
  const std::vector<Shape>* shapes = nullptr;
  std::vector<std::vector<Span>> starts;
};

bool by_begin(Span a, Span b) { return a.begin < b.begin; }

int on_match(unsigned int id, unsigned long long, unsigned long long told, unsigned int, void* context) {
  auto& events = *static_cast<Events*>(context);
  const auto end = static_cast<std::uint32_t>(told);
  const std::uint32_t width = (*events.shapes)[id].max_width;
  const Span range{end > width ? end - width : 0, end};
  auto& before = events.starts[id];
  if (!before.empty() && before.back().begin <= range.begin && range.begin <= before.back().end) before.back().end = std::max(before.back().end, end);
  else before.push_back(range);
  return 0;
}

}  // namespace

struct ShapeScratch::State {
  std::unique_ptr<hs_scratch_t, ScratchFree> scratch;
  Events events;
};

struct Shapes::State {
  std::vector<Shape> shapes;
  Database database;
};

std::string Shapes::proposer() { return std::string("hyperscan ") + hs_version(); }

std::string Shapes::platform() {
  hs_platform_info_t info{};
  hs_populate_platform(&info);
  return std::string(hs_version()) + " tune " + std::to_string(info.tune) + " features " + std::to_string(info.cpu_features);
}

std::string Shapes::serialised() const {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (!state_->database || hs_serialize_database(state_->database.get(), &bytes, &size) != HS_SUCCESS) return {};
  std::string out(bytes, size);
  std::free(bytes);
  return out;
}

std::optional<Shapes> Shapes::restore(std::vector<Shape> shapes, std::string_view serialised) {
  auto state = std::make_unique<State>();
  state->shapes = std::move(shapes);
  if (state->shapes.empty()) return Shapes(std::move(state));
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(serialised.data(), serialised.size(), &database) != HS_SUCCESS) return std::nullopt;
  state->database.reset(database);
  return Shapes(std::move(state));
}

Result<Shapes> Shapes::compile(std::vector<Shape> shapes) {
  auto state = std::make_unique<State>();
  state->shapes = std::move(shapes);
  if (state->shapes.empty()) return Shapes(std::move(state));
  std::vector<const char*> patterns;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (std::size_t i = 0; i < state->shapes.size(); ++i) {
    patterns.push_back(state->shapes[i].pattern.c_str());
    flags.push_back(state->shapes[i].case_sensitive ? 0U : static_cast<unsigned>(HS_FLAG_CASELESS));
    ids.push_back(static_cast<unsigned>(i));
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const auto status = hs_compile_multi(patterns.data(), flags.data(), ids.data(), static_cast<unsigned>(patterns.size()), HS_MODE_BLOCK,
                                       nullptr, &database, &error);
  if (status != HS_SUCCESS) {
    Error out{ErrorCode::pack, "the patterns do not compile", ""};
    if (error != nullptr && error->expression >= 0) {
      out.message = std::string("pattern refused by hyperscan: ") + error->message;
      out.where = std::to_string(state->shapes[static_cast<std::size_t>(error->expression)].rule);
    }
    hs_free_compile_error(error);
    return out;
  }
  state->database.reset(database);
  return Shapes(std::move(state));
}

ShapeScratch Shapes::scratch() const {
  ShapeScratch out;
  out.state_ = std::make_unique<ShapeScratch::State>();
  if (state_->database) {
    hs_scratch_t* scratch = nullptr;
    if (hs_alloc_scratch(state_->database.get(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
    out.state_->scratch.reset(scratch);
  }
  return out;
}

void Shapes::propose(ShapeScratch& scratch, std::string_view norm, std::vector<ShapeHit>& hits) const {
  if (!state_->database || norm.empty()) return;
  auto& events = scratch.state_->events;
  events.shapes = &state_->shapes;
  events.starts.resize(state_->shapes.size());
  for (auto& starts : events.starts) starts.clear();
  const auto status = hs_scan(state_->database.get(), norm.data(), static_cast<unsigned>(norm.size()), 0, scratch.state_->scratch.get(), on_match, &events);
  if (status != HS_SUCCESS) throw std::runtime_error("hs_scan failed");
  for (std::size_t id = 0; id < events.starts.size(); ++id) {  // shapes stand in the order of their rules
    auto& starts = events.starts[id];
    // The ends of one pattern are not promised in order.
    if (!std::is_sorted(starts.begin(), starts.end(), by_begin)) std::sort(starts.begin(), starts.end(), by_begin);
    const std::uint32_t rule = state_->shapes[id].rule;
    for (const Span range : starts) {
      if (!hits.empty() && hits.back().rule == rule && hits.back().starts.end >= range.begin) hits.back().starts.end = std::max(hits.back().starts.end, range.end);
      else hits.push_back({rule, range});
    }
  }
}

#else  // RE2 alone

struct ShapeScratch::State {
  std::vector<int> matched;
};

struct Shapes::State {
  std::vector<Shape> shapes;
  std::unique_ptr<RE2::Set> caseless;
  std::unique_ptr<RE2::Set> cased;
  std::vector<std::uint32_t> caseless_shapes;
  std::vector<std::uint32_t> cased_shapes;
  std::uint32_t widest = 0;
};

std::string Shapes::proposer() { return "re2"; }
std::string Shapes::platform() { return "re2"; }
std::string Shapes::serialised() const { return {}; }

std::optional<Shapes> Shapes::restore(std::vector<Shape> shapes, std::string_view) {
  auto compiled = compile(std::move(shapes));
  return compiled ? std::optional(std::move(*compiled)) : std::nullopt;
}

Result<Shapes> Shapes::compile(std::vector<Shape> shapes) {
  auto state = std::make_unique<State>();
  state->shapes = std::move(shapes);
  const auto make = [&](bool cased, std::vector<std::uint32_t>& members) -> Result<std::unique_ptr<RE2::Set>> {
    RE2::Options options;
    options.set_case_sensitive(cased);
    options.set_log_errors(false);
    options.set_max_mem(64 << 20);
    auto set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (std::uint32_t i = 0; i < state->shapes.size(); ++i) {
      if (state->shapes[i].case_sensitive != cased) continue;
      if (set->Add(state->shapes[i].pattern, nullptr) < 0) return Error{ErrorCode::pack, "pattern refused by re2", std::to_string(state->shapes[i].rule)};
      members.push_back(i);
    }
    if (!set->Compile()) return Error{ErrorCode::pack, "the patterns do not compile together", ""};
    return set;
  };
  auto caseless = make(false, state->caseless_shapes);
  if (!caseless) return caseless.error();
  auto cased = make(true, state->cased_shapes);
  if (!cased) return cased.error();
  state->caseless = std::move(*caseless);
  state->cased = std::move(*cased);
  for (const auto& shape : state->shapes) state->widest = std::max(state->widest, shape.max_width);
  return Shapes(std::move(state));
}

ShapeScratch Shapes::scratch() const {
  ShapeScratch out;
  out.state_ = std::make_unique<ShapeScratch::State>();
  return out;
}

void Shapes::propose(ShapeScratch& scratch, std::string_view norm, std::vector<ShapeHit>& hits) const {
  constexpr std::uint32_t block = 1024;
  auto& matched = scratch.state_->matched;
  const auto size = static_cast<std::uint32_t>(norm.size());
  const auto run = [&](const RE2::Set& set, const std::vector<std::uint32_t>& members, Span range) {
    if (members.empty()) return;
    // The overlap may cut a character; RE2 reads a stray trail byte as no match, and the next block sees it whole.
    const auto window = norm.substr(range.begin, std::min(range.end + state_->widest, size) - range.begin);
    RE2::Set::ErrorInfo error{};
    matched.clear();
    if (set.Match(re2::StringPiece(window.data(), window.size()), &matched, &error)) {
      for (const int id : matched) hits.push_back({state_->shapes[members[static_cast<std::size_t>(id)]].rule, range});
    } else if (error.kind != RE2::Set::kNoError) {
      for (const auto member : members) hits.push_back({state_->shapes[member].rule, range});  // out of memory: propose all
    }
  };
  for (std::uint32_t begin = 0; begin < size; begin += block) {
    const Span range{begin, std::min(begin + block, size)};
    run(*state_->caseless, state_->caseless_shapes, range);
    run(*state_->cased, state_->cased_shapes, range);
  }
  std::sort(hits.begin(), hits.end(), [](const ShapeHit& a, const ShapeHit& b) { return std::pair(a.rule, a.starts.begin) < std::pair(b.rule, b.starts.begin); });
  // Neighbouring blocks of one rule become one range.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (kept > 0 && hits[kept - 1].rule == hits[i].rule && hits[kept - 1].starts.end >= hits[i].starts.begin) hits[kept - 1].starts.end = hits[i].starts.end;
    else hits[kept++] = hits[i];
  }
  hits.resize(kept);
}

#endif

ShapeScratch::ShapeScratch() = default;
ShapeScratch::~ShapeScratch() = default;
ShapeScratch::ShapeScratch(ShapeScratch&&) noexcept = default;
ShapeScratch& ShapeScratch::operator=(ShapeScratch&&) noexcept = default;

Shapes::Shapes(std::unique_ptr<State> state) : state_(std::move(state)) {}
Shapes::~Shapes() = default;
Shapes::Shapes(Shapes&&) noexcept = default;
Shapes& Shapes::operator=(Shapes&&) noexcept = default;

}  // namespace phiscan::detect

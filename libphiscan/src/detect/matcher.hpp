// Matcher: a pack compiled for finding. propose() says which rules may match where (term index, shapes); confirm() decides with RE2, word
// edges and validators. Immutable, shared by threads; Scratch belongs to one thread. RE2 and Hyperscan stay behind this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/flat.hpp"
#include "base/result.hpp"
#include "detect/lexicon.hpp"
#include "detect/match.hpp"
#include "detect/openings.hpp"
#include "detect/shapes.hpp"
#include "detect/term_index.hpp"
#include "rules/pack.hpp"
#include "text/text.hpp"

namespace phiscan::detect {

struct Candidates {
  std::vector<TermHit> terms;
  std::vector<Start> starts;  // of rules that begin at a word
  std::vector<ShapeHit> shapes;
};

using Scratch = ShapeScratch;

class Matcher {
 public:
  // `pack` must outlive the matcher; its term lists need not. Errors: code pack, `where` = rule id.
  static Result<Matcher> compile(const rules::Pack& pack);
  // What compile() makes that takes long, to be kept; and back, for the same pack on the same platform. The last of what `flat` holds.
  void write(FlatWriter& flat) const;
  static std::optional<Matcher> read(const rules::Pack& pack, FlatReader& flat);
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  [[nodiscard]] Scratch scratch() const;
  [[nodiscard]] const Lexicon& lexicon() const;
  [[nodiscard]] const Shapes& shapes() const;
  [[nodiscard]] std::size_t term_count() const;

 private:
  friend std::vector<Candidates> propose(const Matcher&, Scratch&, const std::vector<text::Text>&);
  friend std::vector<Match> confirm(const Matcher&, const std::vector<text::Text>&, const std::vector<Candidates>&, std::optional<Date>, std::vector<std::uint32_t>*);
  struct State;
  explicit Matcher(std::unique_ptr<State> state);
  static Result<std::unique_ptr<State>> prepare(const rules::Pack& pack);
  std::unique_ptr<State> state_;
};

// One Candidates per text.
[[nodiscard]] std::vector<Candidates> propose(const Matcher& matcher, Scratch& scratch, const std::vector<text::Text>& texts);

// Sorted by text, place and rule. Per rule, matches do not overlap (leftmost, then longest).
// `cut`: gets the texts that hold more matches than are kept; what stands behind the last one is not read.
[[nodiscard]] std::vector<Match> confirm(const Matcher& matcher, const std::vector<text::Text>& texts, const std::vector<Candidates>& candidates,
                                         std::optional<Date> now, std::vector<std::uint32_t>* cut = nullptr);

}  // namespace phiscan::detect

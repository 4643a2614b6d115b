// Pack: detectors, term lists, weights and texts as plain data, read from a bundle (phiscan.pack/1) and checked. Later stages
// look rules up by index. Overlays: a later pack replaces rules of the same id, switches them off, or adds its own.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rules/labels.hpp"
#include "rules/weights.hpp"

namespace phiscan::rules {

// Which side of the value must lie on a word edge (text::is_edge).
enum class Edges : std::uint8_t { none, left, right, both };

struct Example {
  std::string text;             // marks removed
  std::vector<std::string> spans;  // marked values in order; empty for no_match
};

// A term list a rule starts from: `list`, only terms with all flags of `with`, none of `without`.
struct TermSource {
  std::string list;
  std::vector<std::string> with;
  std::vector<std::string> without;

  static void fields(auto& flat, auto& it) { flat(it.list, it.with, it.without); }  // base/flat.hpp
};

struct Rule {
  std::string id;
  std::string title;
  Kind kind = Kind::identity;
  Label label = Label::other_id;
  std::optional<Cue> cue;          // kind context: what it is a sign of
  Naming naming = Naming::plain;   // label name: how it names somebody
  std::optional<Category> category;
  std::string why;
  // How it starts. `heads`: literal phrases (caseless, whole words). `terms`: whole lists. Neither: `pattern` is a shape with a trigger of its own.
  std::vector<std::string> heads;
  std::vector<TermSource> terms;
  // RE2; after a head or term it is anchored at its end, otherwise it is searched. Group 1 is the value (whole match when there is no group).
  // Empty: the head or term itself is the value.
  std::string pattern;
  std::string recogniser;          // kind structure: named C++ reader (hl7v2, x12, fhir, ccda, table) instead of a pattern
  bool case_sensitive = false;
  Edges edges = Edges::both;
  std::string validator;           // named check in detect/validators; empty = none
  double p = 0.0;                  // evidence of one instance, 0..1
  bool needs_company = false;      // counts only beside other evidence of its side (weak pattern never fires alone)
  bool needs_label = false;        // evidence is damped with distance from a label of its kind
  std::vector<std::string> sources;
  std::vector<Example> match;
  std::vector<Example> no_match;

  static void fields(auto& flat, auto& it) {  // base/flat.hpp; a scan asks for no proof
    flat(it.id, it.title, it.kind, it.label, it.cue, it.naming, it.category, it.why, it.heads, it.terms, it.pattern, it.recogniser, it.case_sensitive, it.edges, it.validator, it.p,
         it.needs_company, it.needs_label);
  }
};

struct Term {
  std::string text;                // folded, lower case
  std::vector<std::string> flags;

  static void fields(auto& flat, auto& it) { flat(it.text, it.flags); }  // base/flat.hpp
};

struct TermList {
  std::string name;
  std::string source;
  std::vector<Term> terms;

  static void fields(auto& flat, auto& it) { flat(it.name, it.source, it.terms); }  // base/flat.hpp
};

// The lists that score/ reads by itself. The others live on only as what detect/ makes of them.
inline constexpr std::array<std::string_view, 3> lists_kept{"about_things", "at_work", "care_senders"};

// Sentences for the sender, by key and language; placeholders in braces.
using Texts = std::map<std::string, std::map<std::string, std::string>>;  // lang -> key -> text

struct Pack {
  std::string id;
  std::string version;
  std::string sha256;              // over all bundles in overlay order
  std::vector<Rule> rules;
  std::map<std::string, TermList> terms;  // of a Ruleset: only lists_kept
  Weights weights;
  Texts texts;

  [[nodiscard]] const Rule* find(std::string_view id) const;
  static void fields(auto& flat, auto& it) { flat(it.id, it.version, it.sha256, it.rules, it.terms, it.weights, it.texts); }  // base/flat.hpp
};

// Names these bundles: Pack::sha256.
[[nodiscard]] std::string digest(const std::vector<std::string_view>& bundles);
// Bundles in overlay order, at least one. Errors: code pack or version, `where` = rule id or JSON pointer.
[[nodiscard]] Result<Pack> read_pack(const std::vector<std::string_view>& bundles);

// Files of a pack folder -> one bundle (canonical JSON). pack.json names nothing else: rules/*.json, terms/*.txt, weights.json, texts/*.json.
struct File {
  std::string_view name;
  std::string_view data;
};
[[nodiscard]] Result<std::string> bundle(const std::vector<File>& files);

}  // namespace phiscan::rules

#include "marks.hpp"

#include <algorithm>
#include <set>

namespace phiscan::cli {
using Json = nlohmann::json;
namespace {

constexpr std::size_t most_lines = 40;      // of one part
constexpr std::size_t around = 48;          // bytes shown beside a mark in a long line
constexpr std::size_t long_line = 180;

bool is_inside_character(std::string_view text, std::size_t at) { return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; }

}  // namespace

Marks::Marks(const Json& report, bool all) {
  for (const auto& finding : report.value("findings", Json::array())) {
    const auto kind = finding.value("kind", "");
    Rank rank = kind == "identity" ? Rank::identity : kind == "health" ? Rank::health : kind == "structure" ? Rank::structure : Rank::provider;
    if (!finding.value("counted", false)) {
      if (!all) continue;
      rank = Rank::suppressed;
    }
    auto label = finding.value("label", "");
    std::replace(label.begin(), label.end(), '_', ' ');
    for (const auto& span : finding.value("spans", Json::array())) {
      marks_[span.value("part", "")].push_back({span.at("utf8").at(0).get<std::size_t>(), span.at("utf8").at(1).get<std::size_t>(), rank, label});
    }
  }
}

Tone Marks::tone_of(Rank rank) {
  switch (rank) {
    case Rank::identity: return Tone::magenta;
    case Rank::health: return Tone::cyan;
    case Rank::structure: return Tone::yellow;
    case Rank::provider: return Tone::blue;
    case Rank::suppressed: return Tone::dim;
    case Rank::none: break;
  }
  return Tone::plain;
}

std::size_t Marks::count(const std::string& part) const {
  const auto at = marks_.find(part);
  return at == marks_.end() ? 0 : at->second.size();
}

std::vector<Marks::Rank> Marks::ranks(const View& view, const std::string& part) const {
  std::vector<Rank> out(view.text.size(), Rank::none);
  const auto at = marks_.find(part);
  if (at == marks_.end()) return out;
  for (const auto& mark : at->second) {
    const auto begin = std::lower_bound(view.source.begin(), view.source.end(), mark.begin) - view.source.begin();
    const auto end = std::lower_bound(view.source.begin(), view.source.end(), mark.end) - view.source.begin();
    for (auto i = begin; i < end; ++i) {
      auto& rank = out[static_cast<std::size_t>(i)];
      rank = std::max(rank, mark.rank);
    }
  }
  return out;
}

std::string Marks::painted(std::string_view text, const Rank* ranks, const Style& style) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (ranks[end] == ranks[at] || is_inside_character(text, end))) ++end;
    auto piece = printable(text.substr(at, end - at));
    if (ranks[at] == Rank::none) out += piece;
    else if (style.is_coloured) out += style(tone_of(ranks[at]), piece);
    else out += ranks[at] == Rank::suppressed ? "(" + piece + ")" : "[" + piece + "]";
    at = end;
  }
  return out;
}

std::string Marks::line(const View& view, const std::string& part, const Style& style) const {
  return painted(view.text, ranks(view, part).data(), style);
}

std::string Marks::excerpt(const View& view, const std::string& part, const Style& style, bool all) const {
  const auto rank = ranks(view, part);
  const auto found = marks_.find(part);
  std::string out;
  std::size_t shown = 0, hidden = 0, number = 0, last = 0;
  for (std::size_t begin = 0; begin < view.text.size();) {
    const auto end = std::min(view.text.find('\n', begin), view.text.size());
    ++number;
    const bool has_mark = std::any_of(rank.begin() + static_cast<std::ptrdiff_t>(begin), rank.begin() + static_cast<std::ptrdiff_t>(end), [](Rank one) { return one != Rank::none; });
    if ((has_mark || all) && (shown < most_lines || all)) {
      if (!all && last + 1 != number && shown > 0) out += "         " + style(Tone::dim, "...") + "\n";
      last = number;
      ++shown;
      const std::string_view text = std::string_view(view.text).substr(begin, end - begin);
      std::string body;
      if (text.size() <= long_line || all) {
        body = painted(text, rank.data() + begin, style);
      } else {  // only the surroundings of marks
        for (std::size_t at = 0; at < text.size();) {
          while (at < text.size() && rank[begin + at] == Rank::none) ++at;
          if (at == text.size()) break;
          std::size_t from = at > around ? at - around : 0;
          std::size_t to = at;
          for (std::size_t next = at; next < text.size() && next < to + 2 * around + 1; ++next) {
            if (rank[begin + next] != Rank::none) to = next + 1;
          }
          at = to;
          to = std::min(to + around, text.size());
          while (is_inside_character(text, from)) --from;
          while (is_inside_character(text, to)) ++to;
          body += (from > 0 ? "..." : "") + painted(text.substr(from, to - from), rank.data() + begin + from, style);
          if (to == text.size()) break;
          body += "... ";
          at = std::max(at, to);
        }
      }
      std::set<std::string> labels;
      if (found != marks_.end() && end > begin) {
        for (const auto& mark : found->second) {
          if (mark.begin <= view.source[end - 1] && mark.end > view.source[begin]) labels.insert(mark.label);
        }
      }
      std::string list;
      for (const auto& label : labels) list += (list.empty() ? "" : ", ") + label;
      const auto count = std::to_string(number);
      out += style(Tone::dim, std::string(7 - std::min<std::size_t>(count.size(), 6), ' ') + count + " | ") + body +
             (list.empty() ? "" : style(Tone::dim, "   <- " + list)) + "\n";
    } else if (has_mark) {
      ++hidden;
    }
    begin = end + 1;
  }
  if (hidden > 0) out += "         " + style(Tone::dim, "and " + std::to_string(hidden) + " more lines (--all shows them)") + "\n";
  return out;
}

}  // namespace phiscan::cli

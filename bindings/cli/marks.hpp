// Findings of a report, marked in the text they were found in: coloured by kind, in [brackets] without colour.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "style.hpp"
#include "view.hpp"

namespace phiscan::cli {

class Marks {
 public:
  // `all`: also findings that do not count, dimmed.
  Marks(const nlohmann::json& report, bool all);

  [[nodiscard]] std::size_t count(const std::string& part) const;
  // The whole view in one line.
  [[nodiscard]] std::string line(const View& view, const std::string& part, const Style& style) const;
  // Numbered lines with marks; every line when `all`.
  [[nodiscard]] std::string excerpt(const View& view, const std::string& part, const Style& style, bool all) const;

 private:
  enum class Rank : std::uint8_t { none, suppressed, provider, structure, health, identity };
  struct Mark {
    std::size_t begin = 0, end = 0;
    Rank rank = Rank::none;
    std::string label;
  };
  static Tone tone_of(Rank rank);
  // Rank of every byte of the view.
  [[nodiscard]] std::vector<Rank> ranks(const View& view, const std::string& part) const;
  [[nodiscard]] static std::string painted(std::string_view text, const Rank* ranks, const Style& style);

  std::map<std::string, std::vector<Mark>> marks_;
};

}  // namespace phiscan::cli

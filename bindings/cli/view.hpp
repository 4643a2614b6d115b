// One part of a mail as a person sees it, with the way back to the bytes of the source, so that spans of a report can be marked in it.
// For showing and for comparing labels only: what counts as text is the engine's business. Pure functions.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phiscan::cli {

struct View {
  std::string text;
  std::vector<std::uint32_t> source;  // of each byte of `text`, ascending

  void put(std::string_view bytes, std::size_t from);
};

[[nodiscard]] View plain_view(std::string_view source);
// Character data with blocks on lines of their own; tags, comments, scripts and styles are left out.
[[nodiscard]] View html_view(std::string_view source);
// White space runs become one space, for finding words across line ends.
[[nodiscard]] View collapsed(const View& view);

// The parts of a request in reading order: name of the part and its source. Those that are missing are left out.
struct Part {
  std::string name;     // "body.html", "attachments/0/text_parts/1"
  std::string title;    // "text", "labs.csv"
  std::string_view source;
  bool is_html = false;
};
[[nodiscard]] std::vector<Part> parts_of(const nlohmann::json& request);
[[nodiscard]] View view_of(const Part& part);

}  // namespace phiscan::cli

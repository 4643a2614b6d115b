// The two ways from a source to norm: plain text and HTML. Both write through a Writer and report what zones need to know.
#pragma once

#include <string_view>
#include <vector>

#include "base/span.hpp"
#include "text/writer.hpp"
#include "text/zones.hpp"

namespace phiscan::text {

// `with_quotes`: '>' at the start of a line is a quote mark: dropped, and told as a shift.
void read_plain(std::string_view source, bool with_quotes, Writer& writer, std::vector<Shift>& shifts);

void read_html(std::string_view source, Writer& writer, std::vector<Shift>& shifts, std::vector<Span>& hidden);

}  // namespace phiscan::text

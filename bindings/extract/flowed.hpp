// format=flowed (RFC 3676): soft line breaks joined, space-stuffing removed, quote marks kept as "> ".
// Pure function; any thread.
#pragma once

#include <string>
#include <string_view>

namespace phiscan::extract {

// `text` has LF line ends. With `del_sp` the space that marks a soft break is not part of the text.
[[nodiscard]] std::string join_flowed(std::string_view text, bool del_sp);

} // namespace phiscan::extract

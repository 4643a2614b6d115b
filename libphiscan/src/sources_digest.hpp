// Names the sources this library was built from. Made at build time (cmake/digest_sources.cmake).
#pragma once

#include <string_view>

namespace phiscan {

extern const std::string_view sources_digest;

}  // namespace phiscan

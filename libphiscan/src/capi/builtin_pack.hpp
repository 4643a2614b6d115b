// The us-core pack that was embedded at build time, as a bundle.
#pragma once

#include <string_view>

namespace phiscan::capi {

[[nodiscard]] std::string_view builtin_pack();

}  // namespace phiscan::capi

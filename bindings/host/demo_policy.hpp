// The example clinic of libphiscan/schema/examples, built in: what the playground begins with.
#pragma once

#include <string_view>

namespace phiscan::host {

extern const std::string_view demo_policy;

}  // namespace phiscan::host

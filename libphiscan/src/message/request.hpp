// Reads a phiscan.request/1 document into a Message: typed, with JSON pointers in errors, unknown fields as warnings.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "message/message.hpp"

namespace phiscan::message {

[[nodiscard]] Result<Message> read_request(std::string_view json);

}  // namespace phiscan::message

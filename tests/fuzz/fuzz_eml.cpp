// Any bytes as a mail: reading ends, and the request is valid UTF-8 within its bounds.
#include "charset.hpp"
#include "limits.hpp"
#include "mail.hpp"
#include "request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace phiscan::extract;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto mail = read_mail({reinterpret_cast<const char*>(data), size});
  if (!mail) return 0;
  const std::string json = request_json(*mail);
  for (std::size_t i = 0; i < json.size();) {
    const std::size_t n = utf8_length(json, i);
    if (n == 0 || static_cast<unsigned char>(json[i]) < 0x20) std::abort();
    i += n;
  }
  if (json.size() > limits::reply_bytes) std::abort();
  return 0;
}

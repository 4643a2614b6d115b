// SHA-256 as lower-case hex, for naming attachments. One thread at a time.
#pragma once

#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace phiscan::extract {

class Sha256 {
public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  [[nodiscard]] std::string finish();

private:
  evp_md_ctx_st* context_;
};

} // namespace phiscan::extract

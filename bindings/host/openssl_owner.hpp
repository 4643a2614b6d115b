// Owners of what OpenSSL hands out: std::unique_ptr<BIO, Free<BIO_free>>.
#pragma once

namespace phiscan::host {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* one) const {
    free(one);
  }
};

}  // namespace phiscan::host

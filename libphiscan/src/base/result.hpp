// Result<T>: a value or an Error. Bad input is a value here, never an exception; exceptions stay for memory and bugs
// and end at capi. Used by every stage; knows nobody.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace phiscan {

// The numbers are those of phiscan_status in phiscan.h (capi asserts it).
enum class ErrorCode { argument = 1, memory, busy, json, schema, too_large, pack, policy, version, internal };

// `message` and `where` never hold text of the mail.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string where = {};
  bool operator==(const Error&) const = default;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace phiscan

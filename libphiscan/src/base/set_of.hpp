// SetOf<E>: some of the values of an enumeration, as bits. For enumerations of at most 64 values that count from 0.
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>

namespace phiscan {

template <typename E>
class SetOf {
 public:
  SetOf() = default;
  SetOf(std::initializer_list<E> values) {
    for (const E value : values) add(value);
  }
  void add(E value) { bits_ |= bit(value); }
  [[nodiscard]] bool has(E value) const { return (bits_ & bit(value)) != 0; }
  [[nodiscard]] bool has_any(SetOf others) const { return (bits_ & others.bits_) != 0; }
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  // Calls `with` for each, in the order of the enumeration.
  void each(auto&& with) const {
    for (std::uint64_t left = bits_; left != 0; left &= left - 1) with(static_cast<E>(std::countr_zero(left)));
  }
  bool operator==(const SetOf&) const = default;

 private:
  static constexpr std::uint64_t bit(E value) { return std::uint64_t{1} << static_cast<unsigned>(value); }
  std::uint64_t bits_ = 0;
};

}  // namespace phiscan

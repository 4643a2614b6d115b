// Calendar dates without a clock: the request brings its own "now". Used by validators (birth dates, ages) and policy (BAA expiry).
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace phiscan {

struct Date {
  int year = 0;
  int month = 0;  // 1-12
  int day = 0;    // 1-31
  auto operator<=>(const Date&) const = default;
};

[[nodiscard]] bool is_valid(Date date);
// The date part of an RFC 3339 time or a bare YYYY-MM-DD; nothing when it is neither.
[[nodiscard]] std::optional<Date> parse_iso_date(std::string_view text);
// "2026-11-22".
[[nodiscard]] std::string to_iso(Date date);
// Whole years from `from` to `to`; negative when `to` is earlier.
[[nodiscard]] int years_between(Date from, Date to);

}  // namespace phiscan

// Every limit of the host, in one place; hello tells clients those that concern them.
#pragma once

#include <chrono>
#include <cstddef>

namespace phiscan::host::limits {

using namespace std::chrono_literals;

inline constexpr std::size_t frame_bytes = std::size_t{32} << 20;       // a longer one is refused and skipped
inline constexpr std::size_t skipped_bytes = std::size_t{256} << 20;    // a longer one is no frame: the stream has gone wrong
inline constexpr std::size_t reply_bytes = 1'000'000;                   // Thunderbird reads at most 1 MiB
inline constexpr std::size_t chunk_bytes = 524'288;
inline constexpr std::size_t attachment_bytes = std::size_t{25} << 20;
inline constexpr std::size_t upload_count = 16;                         // at the same time, per user
inline constexpr std::size_t upload_total_bytes = std::size_t{64} << 20;
inline constexpr auto upload_idle = 60s;                                // a client that goes away leaves nothing behind for longer
inline constexpr std::size_t text_memory_bytes = std::size_t{24} << 20; // attachment texts kept, all users
inline constexpr std::size_t report_memory_bytes = std::size_t{4} << 20;
inline constexpr std::size_t report_memory_count = 256;
inline constexpr std::size_t requests_in_flight = 64;
inline constexpr std::size_t list_entries = 100'000;
inline constexpr std::size_t attachments = 1'000;

inline constexpr auto default_deadline = 5'000ms;
inline constexpr auto longest_deadline = std::chrono::milliseconds(120'000);
inline constexpr auto answer_ahead = 200ms;                             // so long before the deadline the answer is on its way
inline constexpr auto extraction = 5'000ms;
inline constexpr auto farewell = std::chrono::milliseconds(500);                                 // after end of input, for work that is nearly done

}  // namespace phiscan::host::limits

// Every limit of the extractor, in one place. They bound time and memory for hostile mail; whatever a
// limit keeps us from reading is named in the reply as a gap, never dropped in silence.
#pragma once

#include <chrono>
#include <cstddef>

namespace phiscan::extract::limits {

inline constexpr std::size_t message_bytes = std::size_t{64} << 20;
inline constexpr std::size_t header_bytes = std::size_t{256} << 10;
inline constexpr std::size_t text_part_bytes = std::size_t{8} << 20;   // per text part, decoded
inline constexpr std::size_t text_total_bytes = std::size_t{32} << 20; // all text parts, as JSON
inline constexpr std::size_t name_bytes = 4096;                        // a file name, a display name
inline constexpr int depth = 32;                                       // multiparts and messages
inline constexpr int parts = 1000;

// A reply holds the text plus names and addresses; a longer one is a broken worker.
inline constexpr std::size_t reply_bytes = std::size_t{64} << 20;
inline constexpr std::size_t reply_gaps = 4096;

// Quoted header blocks are looked for in this much of a body.
inline constexpr std::size_t thread_scan_bytes = std::size_t{1} << 20;
inline constexpr std::size_t thread_participants = 200;
inline constexpr std::size_t header_addresses = 2000; // looked at when a recipient header is not well formed

inline constexpr std::chrono::milliseconds watchdog{5000};
inline constexpr unsigned orphan_seconds = 120; // the worker ends itself when nobody watches it any more

} // namespace phiscan::extract::limits

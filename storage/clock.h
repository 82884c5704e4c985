// Times as storage writes them down: milliseconds since 1970 in tables, ISO 8601 UTC in exchange.
// Thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace realm {

using UnixMillis = int64_t;  // milliseconds since 1970-01-01 UTC

UnixMillis now_ms();
std::string iso8601_utc(
    UnixMillis time);  // "2026-11-22T06:55:12Z"; empty for 0, which stands for "has not happened"
std::string compact_utc(UnixMillis time);  // "20261122-065512", for names of folders

}  // namespace realm

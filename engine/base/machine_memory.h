// What memory there is, as the system tells it. Thread-safe; reads small files of /proc and /sys.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace realm {

// Bytes that programs can still take: what the kernel calls available, or what is left under the
// limit of this process's control group where that is less. nullopt: the system does not say.
std::optional<int64_t> available_memory();

// Bytes of this process in memory now, and at most since it began. nullopt: as above.
std::optional<int64_t> resident_memory();
std::optional<int64_t> peak_resident_memory();

// The value of a line "VmHWM:     1234 kB" of /proc/self/status or /proc/meminfo, in bytes.
std::optional<int64_t> memory_field(std::string_view text, std::string_view name) noexcept;

}  // namespace realm

// How many cores nothing else runs on at this moment. Threads that share a multiplication wait for
// each other, so one that gets no core holds up all of them: beside another busy process two
// threads on two cores are ten times slower than one. Thread-safe; reads a few lines of /proc.
#pragma once

#include <string_view>

namespace realm {

// At least 1, at most all cores; all of them where the system does not say what runs.
int free_cores();

// The same of `loadavg`, a text like that of /proc/loadavg: "0.20 0.18 0.12 3/80 11206" has 3 tasks
// running. `own` of them are this process's: its threads that wait for the next multiplication spin
// for a while, and what they take is free.
int free_cores_of(std::string_view loadavg, int own, int cores) noexcept;

// Whether `stat`, a text like that of /proc/self/task/N/stat ("7 (realm) R 1 ..."), is of a task
// that runs. The name in it may hold anything, ")" and " R " too.
bool is_running(std::string_view stat) noexcept;

}  // namespace realm

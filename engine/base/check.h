// REALM_CHECK: states an invariant of ours. A failure is a bug in this program, never the user's
// fault.
#pragma once

namespace realm {

// Prints the condition and where it stands to standard error, then aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace realm

#define REALM_CHECK(condition)                         \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::realm::check_failed(#condition, __FILE__, __LINE__))

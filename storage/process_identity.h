// A process, told from a later one of the same number by when it started, and from one of another
// boot or machine: what run records name a trainer by.
//
// Thread-safe; reads /proc.
#pragma once

#include <cstdint>
#include <string>

namespace realm {

struct ProcessIdentity {
  int64_t pid = 0;
  int64_t start_ticks = 0;  // since boot, from /proc; 0: there is no such process
  std::string host{}, boot_id{};
  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};
ProcessIdentity this_process();
// A process of this machine.
ProcessIdentity process_of(int64_t pid);

enum class Liveness {
  kAlive,
  kGone,      // also when only what is left of it waits for its parent
  kElsewhere  // on another machine, cannot be told from here
};
Liveness liveness(const ProcessIdentity& process);

}  // namespace realm

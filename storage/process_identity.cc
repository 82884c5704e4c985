#include "storage/process_identity.h"

#include <fmt/format.h>
#include <unistd.h>

#include <sstream>

#include "engine/base/first_line.h"

namespace realm {
namespace {

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

// When a process started, or 0 when there is none (or only what is left of one that ended).
int64_t start_ticks_of(int64_t pid) {
  const std::string stat = first_line(fmt::format("/proc/{}/stat", pid));
  // The second field is the program's name in parentheses, which may hold anything: count from the
  // last one.
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") return 0;
  constexpr int kFieldsBetween = 18;  // from the state, field 3, to the start time, field 22
  std::string skipped;
  for (int i = 0; i < kFieldsBetween; ++i) fields >> skipped;
  int64_t ticks = 0;
  fields >> ticks;
  return fields ? ticks : 0;
}

}  // namespace

ProcessIdentity process_of(int64_t pid) {
  return {.pid = pid,
          .start_ticks = start_ticks_of(pid),
          .host = host_name(),
          .boot_id = first_line("/proc/sys/kernel/random/boot_id")};
}

ProcessIdentity this_process() { return process_of(::getpid()); }

Liveness liveness(const ProcessIdentity& process) {
  if (process.host != host_name()) return Liveness::kElsewhere;
  if (process.boot_id != first_line("/proc/sys/kernel/random/boot_id")) return Liveness::kGone;
  const int64_t ticks = start_ticks_of(process.pid);
  return ticks != 0 && ticks == process.start_ticks ? Liveness::kAlive : Liveness::kGone;
}

}  // namespace realm

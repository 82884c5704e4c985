// MachineReader: one look at processor, memory, disk and cards after another. Used by
// MachineService alone. Thread rule: one thread; reads small files of /proc and asks the driver.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "app/services/nvml.h"
#include "app/view/machine_state.h"

namespace realm {

// Time of a core, or of all of them, in the kernel's ticks since boot.
struct CoreTime {
  int64_t busy = 0, total = 0;
};
// Of the text of /proc/stat: all cores together, then each. Empty: it is no such text.
std::vector<CoreTime> core_times(std::string_view stat);
// The busy share between two looks; nullopt where no time has passed.
std::optional<double> busy_share(const CoreTime& before, const CoreTime& now);

class MachineReader {
 public:
  // `proc`: where the kernel tells of itself. `nvml`: the library's name or path.
  MachineReader(std::filesystem::path proc, const std::string& nvml);

  // `folder`: whose file system is meant; empty: none. The first look has no shares yet.
  view::MachineSample look(const std::filesystem::path& folder);

 private:
  std::filesystem::path proc_;
  std::unique_ptr<Nvml> nvml_;  // nullptr: no cards
  std::vector<CoreTime> times_;
};

}  // namespace realm

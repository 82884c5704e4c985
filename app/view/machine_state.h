// What the machine does, as the Train workspace shows it: processor, memory, disk, and the graphics
// cards that an NVIDIA driver knows.
//
// Plain values; thread-compatible. A sample never changes once published.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace realm::view {

struct GpuProcess {
  int64_t pid = 0;
  std::optional<int64_t> bytes{};  // of the card's memory
  std::string name{};              // of the program; empty: not known
};

// nullopt: the driver does not say.
struct GpuSample {
  int index = 0;  // in the driver's order: the N of cuda:N where nothing hides cards
  std::string name{};
  std::optional<double> utilisation{};                   // share of the time in which a kernel ran
  std::optional<int64_t> memory_used{}, memory_total{};  // bytes
  std::optional<double> celsius{}, watts{}, most_watts{};
  std::vector<GpuProcess> processes{};  // that compute
};

struct MachineSample {
  int64_t unix_ms = 0;
  std::optional<double> cpu{};  // share of all cores since the sample before
  std::vector<double> cores{};  // the same of each; empty: not known
  std::optional<int64_t> memory_used{}, memory_total{};  // bytes
  std::optional<int64_t> disk_free{}, disk_total{};      // of the workspace's file system
  std::vector<GpuSample> gpus{};                         // empty: none, or no driver
};

struct MachineSnapshot {
  uint64_t version = 0;
  std::vector<std::shared_ptr<const MachineSample>> samples{};  // the last minutes, newest last
};

// Looks at the machine while `on`; `folder` is the one whose disk is meant.
struct WatchMachine {
  bool on = false;
  std::filesystem::path folder{};
  friend bool operator==(const WatchMachine&, const WatchMachine&) = default;
};

// The newest; nullptr: none yet.
const MachineSample* newest_sample(const MachineSnapshot* snapshot);

// "3.2 of 16 GB", "128 MB": decimal units, as disks are sold and as memory is asked for.
std::string format_bytes(int64_t bytes);

// The devices that a run can be trained on, the processor first: a text for the option `device`,
// and what a person reads of it.
struct DeviceChoice {
  std::string device{};  // "cpu", "cuda:0"
  std::string text{};    // "cuda:0: NVIDIA H100, 71.2 of 80 GB free"
};
std::vector<DeviceChoice> device_choices(const MachineSample* sample);

}  // namespace realm::view

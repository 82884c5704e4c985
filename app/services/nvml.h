// Nvml: what the NVIDIA driver tells of its cards through its management library, which is loaded
// when it is there (NVML API reference, docs.nvidia.com). A machine without it has no cards.
//
// Thread rule: one thread. A call takes milliseconds, and longer where a card hangs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/view/machine_state.h"

namespace realm {

class Nvml {
 public:
  static constexpr const char* kLibrary = "libnvidia-ml.so.1";

  // nullptr: there is no such library, it lacks a function, or it finds no driver.
  static std::unique_ptr<Nvml> open(const std::string& library = kLibrary);
  ~Nvml();
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  // Every card that answers, with what it tells; names of processes are not its to know.
  std::vector<view::GpuSample> sample() const;

 private:
  struct Library;
  explicit Nvml(std::unique_ptr<Library> library);
  std::unique_ptr<Library> library_;
};

}  // namespace realm

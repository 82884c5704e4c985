#include "app/view/machine_state.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace realm::view {

const MachineSample* newest_sample(const MachineSnapshot* snapshot) {
  return snapshot == nullptr || snapshot->samples.empty() ? nullptr
                                                          : snapshot->samples.back().get();
}

std::string format_bytes(int64_t bytes) {
  constexpr std::array kUnits = {"B", "kB", "MB", "GB", "TB", "PB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (std::abs(value) >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  const bool is_whole = unit == 0 || std::abs(value) >= 99.95;
  return fmt::format("{:.{}f} {}", value, is_whole ? 0 : 1, kUnits[unit]);
}

std::vector<DeviceChoice> device_choices(const MachineSample* sample) {
  std::vector<DeviceChoice> out;
  DeviceChoice cpu{"cpu", "cpu"};
  if (sample != nullptr && !sample->cores.empty()) {
    cpu.text = fmt::format("cpu: {} {}", sample->cores.size(),
                           sample->cores.size() == 1 ? "core" : "cores");
    if (sample->memory_used && sample->memory_total)
      cpu.text +=
          fmt::format(", {} free", format_bytes(*sample->memory_total - *sample->memory_used));
  }
  out.push_back(std::move(cpu));
  if (sample == nullptr) return out;
  for (const GpuSample& gpu : sample->gpus) {
    DeviceChoice choice{fmt::format("cuda:{}", gpu.index), {}};
    choice.text = fmt::format("{}: {}", choice.device, gpu.name);
    if (gpu.memory_used && gpu.memory_total)
      choice.text +=
          fmt::format(", {} of {} free", format_bytes(*gpu.memory_total - *gpu.memory_used),
                      format_bytes(*gpu.memory_total));
    out.push_back(std::move(choice));
  }
  return out;
}

}  // namespace realm::view

#include "app/services/machine_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

#include "engine/base/machine_memory.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file) {
  std::ifstream stream(file);
  std::ostringstream out;
  out << stream.rdbuf();
  return out.str();
}

std::string program_of(const fs::path& proc, int64_t pid) {
  std::string name = read_text(proc / std::to_string(pid) / "comm");
  while (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

int64_t now_in_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::vector<CoreTime> core_times(std::string_view stat) {
  std::vector<CoreTime> out;
  std::istringstream lines{std::string(stat)};
  for (std::string line; std::getline(lines, line) && line.starts_with("cpu");) {
    std::istringstream fields(line);
    std::string name;
    fields >> name;
    // user nice system idle iowait irq softirq steal; what follows is in user already.
    constexpr int kCounted = 8, kIdle = 3, kWaits = 4;
    CoreTime time;
    int64_t ticks = 0;
    for (int i = 0; i < kCounted && fields >> ticks; ++i) {
      time.total += ticks;
      if (i != kIdle && i != kWaits) time.busy += ticks;
    }
    out.push_back(time);
  }
  return out;
}

std::optional<double> busy_share(const CoreTime& before, const CoreTime& now) {
  const int64_t total = now.total - before.total;
  if (total <= 0) return std::nullopt;
  return std::clamp(static_cast<double>(now.busy - before.busy) / static_cast<double>(total), 0.0,
                    1.0);
}

MachineReader::MachineReader(fs::path proc, const std::string& nvml)
    : proc_(std::move(proc)), nvml_(Nvml::open(nvml)) {}

view::MachineSample MachineReader::look(const fs::path& folder) {
  view::MachineSample sample;
  sample.unix_ms = now_in_ms();
  std::vector<CoreTime> times = core_times(read_text(proc_ / "stat"));
  // A core that came or went leaves nothing to compare with.
  if (times.size() == times_.size() && !times.empty()) {
    sample.cpu = busy_share(times_[0], times[0]);
    for (size_t i = 1; i < times.size(); ++i)
      sample.cores.push_back(busy_share(times_[i], times[i]).value_or(0));
  } else if (!times.empty()) {
    sample.cores.resize(times.size() - 1);
  }
  times_ = std::move(times);
  const std::string memory = read_text(proc_ / "meminfo");
  sample.memory_total = memory_field(memory, "MemTotal");
  const auto available = memory_field(memory, "MemAvailable");
  if (sample.memory_total && available) sample.memory_used = *sample.memory_total - *available;
  if (!folder.empty()) {
    std::error_code error;
    const fs::space_info space = fs::space(folder, error);
    if (!error && space.capacity > 0) {
      sample.disk_free = static_cast<int64_t>(space.available);
      sample.disk_total = static_cast<int64_t>(space.capacity);
    }
  }
  if (nvml_) {
    sample.gpus = nvml_->sample();
    for (view::GpuSample& gpu : sample.gpus) {
      for (view::GpuProcess& process : gpu.processes) process.name = program_of(proc_, process.pid);
    }
  }
  return sample;
}

}  // namespace realm

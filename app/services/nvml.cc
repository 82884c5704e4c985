#include "app/services/nvml.h"

#include <dlfcn.h>

#include <array>
#include <cstring>
#include <limits>
#include <utility>

namespace realm {
namespace {

// The part of NVML's interface that is used here, as its reference describes it.
using Result = int;  // nvmlReturn_t
constexpr Result kSuccess = 0, kInsufficientSize = 7;
using Device = struct OpaqueDevice*;  // nvmlDevice_t
struct Utilization {
  unsigned gpu = 0, memory = 0;  // per cent of the last sample period
};
struct Memory {
  unsigned long long total = 0, free = 0, used = 0;  // bytes
};
struct ProcessInfo {  // of the functions ..._v2 and ..._v3
  unsigned pid = 0;
  unsigned long long used_memory = 0;  // bytes; all ones: not told
  unsigned gpu_instance = 0, compute_instance = 0;
};
constexpr int kGpuTemperature = 0;  // NVML_TEMPERATURE_GPU
constexpr unsigned kNameLength = 96;

}  // namespace

struct Nvml::Library {
  void* handle = nullptr;
  Result (*init)() = nullptr;
  Result (*shutdown)() = nullptr;
  Result (*count)(unsigned*) = nullptr;
  Result (*device)(unsigned, Device*) = nullptr;
  Result (*name)(Device, char*, unsigned) = nullptr;
  // A driver may lack these; what they tell is then not known.
  Result (*utilization)(Device, Utilization*) = nullptr;
  Result (*memory)(Device, Memory*) = nullptr;
  Result (*temperature)(Device, int, unsigned*) = nullptr;
  Result (*power)(Device, unsigned*) = nullptr;        // milliwatts
  Result (*power_limit)(Device, unsigned*) = nullptr;  // the same
  Result (*processes)(Device, unsigned*, ProcessInfo*) = nullptr;

  ~Library() {
    if (handle != nullptr) dlclose(handle);
  }
  // The first of the names that the library has; false: none.
  template <typename Function>
  bool find(Function& function, std::initializer_list<const char*> names) const {
    for (const char* symbol : names) {
      void* const address = dlsym(handle, symbol);
      if (address == nullptr) continue;
      static_assert(sizeof(function) == sizeof(address));
      std::memcpy(&function, &address, sizeof(function));
      return true;
    }
    return false;
  }
  std::vector<view::GpuProcess> processes_of(Device device_handle) const;
};

std::unique_ptr<Nvml> Nvml::open(const std::string& name) {
  auto library = std::make_unique<Library>();
  library->handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library->handle == nullptr) return nullptr;
  const bool complete =
      library->find(library->init, {"nvmlInit_v2", "nvmlInit"}) &&
      library->find(library->shutdown, {"nvmlShutdown"}) &&
      library->find(library->count, {"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"}) &&
      library->find(library->device,
                    {"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"}) &&
      library->find(library->name, {"nvmlDeviceGetName"});
  if (!complete || library->init() != kSuccess) return nullptr;
  library->find(library->utilization, {"nvmlDeviceGetUtilizationRates"});
  library->find(library->memory, {"nvmlDeviceGetMemoryInfo"});
  library->find(library->temperature, {"nvmlDeviceGetTemperature"});
  library->find(library->power, {"nvmlDeviceGetPowerUsage"});
  library->find(library->power_limit, {"nvmlDeviceGetEnforcedPowerLimit"});
  library->find(library->processes, {"nvmlDeviceGetComputeRunningProcesses_v3",
                                     "nvmlDeviceGetComputeRunningProcesses_v2"});
  return std::unique_ptr<Nvml>(new Nvml(std::move(library)));
}

Nvml::Nvml(std::unique_ptr<Library> library) : library_(std::move(library)) {}

Nvml::~Nvml() { library_->shutdown(); }

std::vector<view::GpuProcess> Nvml::Library::processes_of(Device device_handle) const {
  constexpr unsigned kRoom = 16, kMost = 4096;
  std::vector<ProcessInfo> found(kRoom);
  auto number = static_cast<unsigned>(found.size());
  Result result = processes(device_handle, &number, found.data());
  if (result == kInsufficientSize && number < kMost) {
    found.resize(number + kRoom);  // some may begin meanwhile
    number = static_cast<unsigned>(found.size());
    result = processes(device_handle, &number, found.data());
  }
  if (result != kSuccess || number > found.size()) return {};
  std::vector<view::GpuProcess> out;
  for (unsigned i = 0; i < number; ++i) {
    view::GpuProcess process{static_cast<int64_t>(found[i].pid), {}, {}};
    if (found[i].used_memory != std::numeric_limits<unsigned long long>::max())
      process.bytes = static_cast<int64_t>(found[i].used_memory);
    out.push_back(std::move(process));
  }
  return out;
}

std::vector<view::GpuSample> Nvml::sample() const {
  const Library& nvml = *library_;
  unsigned count = 0;
  if (nvml.count(&count) != kSuccess) return {};
  std::vector<view::GpuSample> out;
  for (unsigned i = 0; i < count; ++i) {
    Device device = nullptr;
    if (nvml.device(i, &device) != kSuccess) continue;  // lost, or not ours to see
    view::GpuSample gpu{.index = static_cast<int>(i)};
    std::array<char, kNameLength> text{};
    gpu.name = nvml.name(device, text.data(), kNameLength - 1) == kSuccess ? text.data() : "GPU";
    if (Utilization value; nvml.utilization && nvml.utilization(device, &value) == kSuccess)
      gpu.utilisation = value.gpu / 100.0;
    if (Memory value; nvml.memory && nvml.memory(device, &value) == kSuccess) {
      gpu.memory_used = static_cast<int64_t>(value.used);
      gpu.memory_total = static_cast<int64_t>(value.total);
    }
    unsigned value = 0;
    if (nvml.temperature && nvml.temperature(device, kGpuTemperature, &value) == kSuccess)
      gpu.celsius = value;
    if (nvml.power && nvml.power(device, &value) == kSuccess) gpu.watts = value / 1000.0;
    if (nvml.power_limit && nvml.power_limit(device, &value) == kSuccess)
      gpu.most_watts = value / 1000.0;
    if (nvml.processes) gpu.processes = nvml.processes_of(device);
    out.push_back(std::move(gpu));
  }
  return out;
}

}  // namespace realm

// A stand-in for NVIDIA's management library, built as a shared library: two cards, of which the
// second tells only its name, and twenty processes on the first. FAKE_NVML=no_driver: it finds
// none.
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

using Device = void*;
struct Utilization {
  unsigned gpu, memory;
};
struct Memory {
  unsigned long long total, free, used;
};
struct ProcessInfo {
  unsigned pid;
  unsigned long long used_memory;
  unsigned gpu_instance, compute_instance;
};

constexpr int kSuccess = 0, kNotSupported = 3, kInsufficientSize = 7, kDriverNotLoaded = 9;
constexpr unsigned kProcesses = 20;
int cards[2];
int users = 0;

bool is_first(Device device) { return device == &cards[0]; }

int number(Device device, unsigned* out, unsigned value) {
  if (!is_first(device)) return kNotSupported;
  *out = value;
  return kSuccess;
}

}  // namespace

extern "C" {

int nvmlInit_v2() {
  const char* mode = std::getenv("FAKE_NVML");
  if (mode != nullptr && std::string_view(mode) == "no_driver") return kDriverNotLoaded;
  ++users;
  return kSuccess;
}
int nvmlShutdown() {
  --users;
  return kSuccess;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = users > 0 ? 3 : 0;
  return kSuccess;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, Device* device) {
  if (index > 1) return kNotSupported;  // the third has fallen off the bus
  *device = &cards[index];
  return kSuccess;
}
int nvmlDeviceGetName(Device device, char* name, unsigned length) {
  std::strncpy(name, is_first(device) ? "Stand-in A100 %s" : "Stand-in T4", length);
  return kSuccess;
}
int nvmlDeviceGetUtilizationRates(Device device, Utilization* out) {
  if (!is_first(device)) return kNotSupported;
  *out = {87, 40};
  return kSuccess;
}
int nvmlDeviceGetMemoryInfo(Device device, Memory* out) {
  if (!is_first(device)) return kNotSupported;
  *out = {80'000'000'000ULL, 48'800'000'000ULL, 31'200'000'000ULL};
  return kSuccess;
}
int nvmlDeviceGetTemperature(Device device, int sensor, unsigned* out) {
  return sensor == 0 ? number(device, out, 63) : kNotSupported;
}
int nvmlDeviceGetPowerUsage(Device device, unsigned* out) { return number(device, out, 251'500); }
int nvmlDeviceGetEnforcedPowerLimit(Device device, unsigned* out) {
  return number(device, out, 400'000);
}
int nvmlDeviceGetComputeRunningProcesses_v3(Device device, unsigned* count, ProcessInfo* out) {
  if (!is_first(device)) return kNotSupported;
  const unsigned room = *count;
  *count = kProcesses;
  if (room < kProcesses) return kInsufficientSize;
  for (unsigned i = 0; i < kProcesses; ++i)
    out[i] = {i + 1, i == 0 ? ~0ULL : (i + 1) * 1'000'000ULL, 0, 0};
  return kSuccess;
}

}  // extern "C"

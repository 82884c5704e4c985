// A stand-in for NVIDIA's driver and its management library in one, built as a shared library: two
// cards, of which the management library knows the second alone. FAKE_CUDA=no_driver: the driver
// does not start.
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

constexpr int kSuccess = 0, kNotFound = 6, kNoDevice = 100;
struct Memory {
  unsigned long long total, free, used;
};
int managed = 0;

int write(char* out, int room, const char* text) {
  std::strncpy(out, text, static_cast<size_t>(room));
  return kSuccess;
}

}  // namespace

extern "C" {

int cuInit(unsigned /*flags*/) {
  const char* const mood = std::getenv("FAKE_CUDA");
  return mood != nullptr && std::string_view(mood) == "no_driver" ? kNoDevice : kSuccess;
}
int cuDeviceGetCount(int* count) {
  *count = 2;
  return kSuccess;
}
int cuDeviceGet(int* card, int number) {
  *card = 40 + number;
  return kSuccess;
}
int cuDeviceGetName(char* out, int room, int card) {
  return write(out, room, card == 40 ? "First" : "Second");
}
int cuDeviceTotalMem_v2(size_t* bytes, int card) {
  *bytes = card == 40 ? 8'000'000'000 : 16'000'000'000;
  return kSuccess;
}
int cuDeviceGetPCIBusId(char* out, int room, int card) {
  return write(out, room, card == 40 ? "0000:01:00.0" : "0000:02:00.0");
}

int nvmlInit_v2() { return kSuccess; }
int nvmlShutdown() { return kSuccess; }
int nvmlDeviceGetHandleByPciBusId_v2(const char* slot, void** out) {
  if (std::string_view(slot) != "0000:02:00.0") return kNotFound;
  *out = &managed;
  return kSuccess;
}
int nvmlDeviceGetMemoryInfo(void* card, Memory* out) {
  *out = {16'000'000'000, 9'000'000'000, 7'000'000'000};
  return card == &managed ? kSuccess : kNotFound;
}
}

#include "trainer/cuda_cards.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>

namespace realm {
namespace {

// The parts of the CUDA driver API and of NVML that are used here, as their references describe
// them.
constexpr int kSuccess = 0;  // CUDA_SUCCESS, NVML_SUCCESS
using Card = int;            // CUdevice
using ManagedCard = struct OpaqueManagedCard*;
struct Memory {
  unsigned long long total = 0, free = 0, used = 0;  // bytes
};
constexpr int kTextLength = 96;

// Stays loaded: a driver that was woken is not to be taken away.
class Library {
 public:
  explicit Library(const char* name) : handle_(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {}
  // The function, or one that fails.
  template <typename... Arguments>
  auto function(const char* name) const {
    using Function = int (*)(Arguments...);
    auto* const found =
        handle_ == nullptr ? nullptr : reinterpret_cast<Function>(dlsym(handle_, name));
    return found != nullptr ? found : Function([](Arguments...) { return -1; });
  }

 private:
  void* handle_;
};

// Of the card in this slot of the machine.
std::optional<int64_t> free_memory(const Library& nvml, const char* slot) {
  ManagedCard card = nullptr;
  Memory memory;
  const auto find = nvml.function<const char*, ManagedCard*>("nvmlDeviceGetHandleByPciBusId_v2");
  const auto ask = nvml.function<ManagedCard, Memory*>("nvmlDeviceGetMemoryInfo");
  if (find(slot, &card) != kSuccess || ask(card, &memory) != kSuccess) return std::nullopt;
  return static_cast<int64_t>(memory.free);
}

}  // namespace

std::vector<CudaCard> cuda_cards(const CudaLibraries& libraries) {
  const Library cuda(libraries.driver);
  int count = 0;
  if (cuda.function<unsigned>("cuInit")(0) != kSuccess ||
      cuda.function<int*>("cuDeviceGetCount")(&count) != kSuccess)
    return {};
  const Library nvml(libraries.management);
  const bool is_managed = nvml.function<>("nvmlInit_v2")() == kSuccess;
  std::vector<CudaCard> out;
  for (int i = 0; i < count; ++i) {
    Card card = 0;
    size_t total = 0;
    std::array<char, kTextLength> name{}, slot{};
    if (cuda.function<Card*, int>("cuDeviceGet")(&card, i) != kSuccess) return out;
    cuda.function<char*, int, Card>("cuDeviceGetName")(name.data(), kTextLength - 1, card);
    cuda.function<size_t*, Card>("cuDeviceTotalMem_v2")(&total, card);
    CudaCard found{name.data(), static_cast<int64_t>(total), {}};
    const auto place = cuda.function<char*, int, Card>("cuDeviceGetPCIBusId");
    if (is_managed && place(slot.data(), kTextLength - 1, card) == kSuccess)
      found.free = free_memory(nvml, slot.data());
    // A part of a card (MIG) has less than the card in whose slot it is.
    if (found.free) found.free = std::min(*found.free, found.total);
    out.push_back(std::move(found));
  }
  if (is_managed) nvml.function<>("nvmlShutdown")();
  return out;
}

}  // namespace realm

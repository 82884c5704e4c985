// The cards that a run's device can name, as the NVIDIA driver tells of them: those that LibTorch
// sees, in its order, where it was built for CUDA. Free of LibTorch. Thread rule: one caller at a
// time; the first call wakes the driver, which takes a moment, and longer where a card hangs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace realm {

struct CudaCard {
  std::string name;
  int64_t total = 0;            // bytes
  std::optional<int64_t> free;  // bytes; nullopt: the driver does not say
};

// The driver's library, and the one that tells what of a card's memory is taken.
struct CudaLibraries {
  const char* driver = "libcuda.so.1";
  const char* management = "libnvidia-ml.so.1";
};

// Empty: there is no driver, or it finds no card.
std::vector<CudaCard> cuda_cards(const CudaLibraries& libraries = {});

}  // namespace realm

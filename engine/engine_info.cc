#include "engine/engine_info.h"

#include <fmt/format.h>

#include "engine/model/torch.h"

namespace realm {

EngineInfo engine_info() {
  EngineInfo info;
  info.libtorch = TORCH_VERSION;
  info.faiss = REALM_FAISS_VERSION;
  info.threads = at::get_num_threads();
  info.devices.emplace_back("cpu");
  const auto cuda_devices = static_cast<int>(torch::cuda::device_count());
  for (int i = 0; i < cuda_devices; ++i) info.devices.push_back(fmt::format("cuda:{}", i));
  return info;
}

}  // namespace realm

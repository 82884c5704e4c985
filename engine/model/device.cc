#include "engine/model/device.h"

#include <optional>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {
namespace {

std::optional<torch::Device> device_of(const std::string& name) {
  try {
    const torch::Device device(name);
    if (device.is_cpu() || device.is_cuda()) return device;
  } catch (const c10::Error&) {
  }
  return std::nullopt;
}

}  // namespace

torch::Device parse_device(const std::string& name) {
  const std::optional<torch::Device> device = device_of(name);
  if (!device) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" is not a device; there are cpu, cuda and cuda:N.", name));
  }
  if (device->is_cuda() && !torch::cuda::is_available()) {
    throw Error(
        ErrorCode::kUnsupported,
        fmt::format("The device {} was asked for, but this LibTorch has no CUDA device.", name));
  }
  return *device;
}

}  // namespace realm

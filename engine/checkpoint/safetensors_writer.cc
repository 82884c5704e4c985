#include "engine/checkpoint/safetensors_writer.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <tuple>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

constexpr uint64_t kAlignment = 8;  // of the data, so that mapped values can be read in place

[[noreturn]] void fail(const TensorToWrite& tensor, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument,
              "Tensor " + in_quotes(tensor.name) + " cannot be written: " + what + ".");
}

size_t count_of(const TensorToWrite& tensor) {
  return tensor.type == ScalarType::kU8 ? tensor.bytes.size() : tensor.values.size();
}

void check(const TensorToWrite& tensor) {
  if (tensor.type != ScalarType::kF32 && tensor.type != ScalarType::kF16 &&
      tensor.type != ScalarType::kU8) {
    fail(tensor, "only F32, F16 and U8 are written, not " + std::string(scalar_name(tensor.type)));
  }
  if (element_count(tensor.shape) != static_cast<int64_t>(count_of(tensor))) {
    fail(tensor, "its shape " + shape_text(tensor.shape) + " does not fit its " +
                     std::to_string(count_of(tensor)) + " values");
  }
  if (tensor.name.empty() || tensor.name == "__metadata__")
    fail(tensor, "this name means something else in the format");
}

std::vector<uint16_t> to_half(const TensorToWrite& tensor) {
  std::vector<uint16_t> halves(tensor.values.size());
  for (size_t i = 0; i < halves.size(); ++i) {
    halves[i] = half_from_float(tensor.values[i]);
    if (std::isfinite(tensor.values[i]) && (halves[i] & 0x7FFFU) == 0x7C00U) {
      fail(tensor,
           "its value " + std::to_string(tensor.values[i]) + " is beyond the range of F16 (65504)");
    }
  }
  return halves;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata) {
  // Wider elements first, then by name: every tensor lies at a multiple of its element size.
  std::vector<const TensorToWrite*> order;
  for (const TensorToWrite& tensor : tensors) {
    check(tensor);
    order.push_back(&tensor);
  }
  std::sort(order.begin(), order.end(), [](const TensorToWrite* a, const TensorToWrite* b) {
    const size_t size_a = scalar_size(a->type);
    const size_t size_b = scalar_size(b->type);
    return std::tie(size_b, a->name) < std::tie(size_a, b->name);
  });

  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t end = 0;
  for (const TensorToWrite* tensor : order) {
    if (header.contains(tensor->name)) fail(*tensor, "there are two of this name");
    const uint64_t begin = end;
    end += count_of(*tensor) * scalar_size(tensor->type);
    header[tensor->name] = {{"dtype", scalar_name(tensor->type)},
                            {"shape", tensor->shape},
                            {"data_offsets", {begin, end}}};
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::kInvalidArgument,
                "The file \"" + path.string() +
                    "\" cannot be written: a tensor's name is not valid UTF-8.");
  }
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');

  AtomicFile file(path);
  const uint64_t length = text.size();
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(text);
  for (const TensorToWrite* tensor : order) {
    if (tensor->type == ScalarType::kU8) {
      file.write(tensor->bytes);
    } else if (tensor->type == ScalarType::kF32) {
      file.write(std::as_bytes(tensor->values));
    } else {
      file.write(std::as_bytes(std::span<const uint16_t>(to_half(*tensor))));
    }
  }
  file.commit();
}

}  // namespace realm

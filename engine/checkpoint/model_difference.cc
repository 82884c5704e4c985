#include "engine/checkpoint/model_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/checkpoint/model_writer.h"
#include "engine/checkpoint/safetensors_writer.h"

namespace realm {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFile = "difference.safetensors";
constexpr const char* kFormat = "realm-difference-1";
constexpr size_t kGroup = 64;  // values that share a scale
constexpr int kZeroCode = 8;   // codes 1 to 15 stand for -7 to 7
constexpr int kLargestCode = 7;
constexpr int64_t kFewestCoded = 1024;  // smaller tensors are kept whole

struct Codes {
  std::vector<std::byte> codes;
  std::vector<float> scales;
};

int code_of(float value, float scale) {
  if (scale == 0.0F) return 0;
  const int rounded = static_cast<int>(std::lround(value / scale));
  return std::clamp(rounded, -kLargestCode, kLargestCode);
}

float squared_error(std::span<const float> group, float scale) {
  float sum = 0;
  for (const float value : group) {
    const float miss = value - scale * static_cast<float>(code_of(value, scale));
    sum += miss * miss;
  }
  return sum;
}

// The scale, as half precision holds it, with the least squared error: the largest value may be cut
// off for the sake of the many small ones.
float best_scale(std::span<const float> group) {
  float largest = 0;
  for (const float value : group) largest = std::max(largest, std::abs(value));
  float best = 0;
  float least = squared_error(group, 0);
  for (const float share : {1.0F, 0.9F, 0.8F, 0.7F, 0.6F}) {
    const float scale =
        float_from_half(half_from_float(share * largest / static_cast<float>(kLargestCode)));
    const float error = squared_error(group, scale);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

Codes encode(std::span<const float> values) {
  Codes out;
  out.codes.assign((values.size() + 1) / 2, std::byte{0});
  for (size_t begin = 0; begin < values.size(); begin += kGroup) {
    const auto group = values.subspan(begin, std::min(kGroup, values.size() - begin));
    const float scale = best_scale(group);
    out.scales.push_back(scale);
    for (size_t i = 0; i < group.size(); ++i) {
      const size_t at = begin + i;
      const auto code = static_cast<unsigned>(code_of(group[i], scale) + kZeroCode);
      out.codes[at / 2] |= static_cast<std::byte>(code << (at % 2 == 0 ? 0U : 4U));
    }
  }
  return out;
}

float decoded(std::span<const std::byte> codes, std::span<const float> scales, size_t at) {
  const unsigned both = std::to_integer<unsigned>(codes[at / 2]);
  const auto code = static_cast<int>(at % 2 == 0 ? both & 0xFU : both >> 4U);
  return scales[at / kGroup] * static_cast<float>(code - kZeroCode);
}

// The tensors of a weights file by canonical name.
std::unordered_map<std::string, const TensorView*> by_canonical_name(const TensorFile& file) {
  std::unordered_map<std::string, const TensorView*> out;
  for (const std::string& name : file.names()) out.emplace(canonical_name(name), file.find(name));
  return out;
}

double sum_of_squares(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * value;
  return sum;
}

[[noreturn]] void damaged(const fs::path& file, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, fmt::format("The file \"{}\" {}.", file.string(), what));
}

std::string metadata_of(const TensorFile& file, const char* key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end())
    damaged(file.path(),
            fmt::format("is no difference of a model: its metadata has no \"{}\"", key));
  return found->second;
}

constexpr std::array kParts = {ModelPart::kEmbedder, ModelPart::kEncoder, ModelPart::kReader,
                               ModelPart::kBert};

ModelPart part_of(const TensorFile& file) {
  const std::string name = metadata_of(file, "part");
  const auto* const found = std::find_if(kParts.begin(), kParts.end(),
                                         [&](ModelPart part) { return part_name(part) == name; });
  if (found == kParts.end()) damaged(file.path(), "names no part of a model");
  return *found;
}

// The value of one tensor of the composed model; nullopt: neither the difference nor the base has
// it.
std::optional<std::vector<float>> composed(const std::string& name,
                                           const std::vector<int64_t>& shape,
                                           const TensorFile& difference, const TensorView* base) {
  if (const TensorView* const whole = difference.find(name)) {
    if (whole->shape != shape)
      damaged(difference.path(),
              fmt::format("holds {} in another shape than its config says", name));
    return to_float32(*whole);
  }
  if (base == nullptr || base->shape != shape) return std::nullopt;
  std::vector<float> values = to_float32(*base);
  const TensorView* const codes = difference.find(name + ".codes");
  const TensorView* const scales = difference.find(name + ".scales");
  if (codes == nullptr && scales == nullptr) return values;
  const size_t groups = (values.size() + kGroup - 1) / kGroup;
  if (codes == nullptr || scales == nullptr || codes->type != ScalarType::kU8 ||
      !codes->is_contiguous() || static_cast<size_t>(codes->count()) != (values.size() + 1) / 2 ||
      static_cast<size_t>(scales->count()) != groups) {
    damaged(difference.path(), fmt::format("has codes of another size for {}", name));
  }
  const std::span bytes(codes->data, static_cast<size_t>(codes->count()));
  const std::vector<float> scale = to_float32(*scales);
  for (size_t i = 0; i < values.size(); ++i) values[i] += decoded(bytes, scale, i);
  return values;
}

}  // namespace

DifferenceReport write_difference(const fs::path& base, const ModelFolder& trained, ModelPart part,
                                  const fs::path& folder) {
  const std::unique_ptr<TensorFile> base_file = TensorFile::open(base);
  const auto base_tensors = by_canonical_name(*base_file);
  const PartTensors tensors = trained.load(part);
  tensors.require_complete();
  DifferenceReport report;
  double missed = 0;
  double total = 0;
  std::deque<std::vector<float>> kept;
  std::deque<Codes> codes;
  std::vector<TensorToWrite> out;
  for (const PartTensors::Named& named : tensors.tensors) {
    if (named.is_alias) continue;
    std::vector<float> values = to_float32(named.tensor);
    const auto found = base_tensors.find(named.name);
    const bool has_base = found != base_tensors.end() && found->second->shape == named.tensor.shape;
    std::vector<float> difference = has_base ? to_float32(*found->second) : std::vector<float>();
    if (has_base && difference == values) {
      ++report.same;
      continue;
    }
    if (!has_base || named.tensor.count() < kFewestCoded) {
      ++report.whole;
      kept.push_back(std::move(values));
      out.push_back({named.name, named.tensor.shape, ScalarType::kF16, kept.back()});
      continue;
    }
    for (size_t i = 0; i < values.size(); ++i) difference[i] = values[i] - difference[i];
    ++report.coded;
    codes.push_back(encode(difference));
    total += sum_of_squares(difference);
    for (size_t i = 0; i < difference.size(); ++i)
      difference[i] -= decoded(codes.back().codes, codes.back().scales, i);
    missed += sum_of_squares(difference);
    const auto code_count = static_cast<int64_t>(codes.back().codes.size());
    const auto scale_count = static_cast<int64_t>(codes.back().scales.size());
    out.push_back({named.name + ".codes", {code_count}, ScalarType::kU8, {}, codes.back().codes});
    out.push_back({named.name + ".scales", {scale_count}, ScalarType::kF16, codes.back().scales});
  }
  report.relative_error = total > 0 ? std::sqrt(missed / total) : 0;
  fs::create_directories(folder);
  write_file_atomically(folder / "config.json", trained.config(part).to_json());
  write_safetensors(folder / kFile, out,
                    {{"format", kFormat},
                     {"part", std::string(part_name(part))},
                     {"base_sha256", sha256_of_file(base)}});
  report.bytes = static_cast<int64_t>(fs::file_size(folder / kFile));
  return report;
}

void compose_difference(const fs::path& base, const fs::path& difference, const fs::path& folder) {
  const std::unique_ptr<TensorFile> file = TensorFile::open(difference / kFile);
  const std::string expected = metadata_of(*file, "base_sha256");
  if (metadata_of(*file, "format") != kFormat)
    damaged(file->path(), "is a difference in a format that this version does not know");
  const ModelPart part = part_of(*file);
  const std::string found = sha256_of_file(base);
  if (found != expected) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("The file \"{}\" is not the base that \"{}\" was made against: its "
                            "SHA-256 begins with {} and should begin with {}.",
                            base.string(), file->path().string(), found.substr(0, 12),
                            expected.substr(0, 12)));
  }
  const std::unique_ptr<TensorFile> base_file = TensorFile::open(base);
  const auto base_tensors = by_canonical_name(*base_file);
  ModelConfig config = ModelConfig::load(difference / "config.json");
  std::deque<std::vector<float>> kept;
  std::vector<TensorToWrite> tensors;
  for (const ExpectedTensor& entry : expected_tensors(part, config)) {
    if (!entry.alias_of.empty()) continue;
    const auto in_base = base_tensors.find(entry.name);
    std::optional<std::vector<float>> values = composed(
        entry.name, entry.shape, *file, in_base == base_tensors.end() ? nullptr : in_base->second);
    if (!values) {
      if (!entry.required) continue;
      damaged(file->path(), fmt::format("lacks the tensor {}, as does the base", entry.name));
    }
    kept.push_back(std::move(*values));
    tensors.push_back({entry.name, entry.shape, ScalarType::kF16, kept.back()});
  }
  write_model_folder(folder, {part, config, tensors, {}, true});
}

}  // namespace realm

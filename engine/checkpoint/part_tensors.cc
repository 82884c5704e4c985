// PartTensors: look-up, completeness and fingerprint of a part's tensors.
#include <fmt/format.h>

#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/checkpoint/model_folder.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

constexpr size_t kMostNamesInASentence = 8;

template <typename Items, typename ToText>
std::string list_of(const Items& items, ToText&& to_text) {
  std::string text;
  for (size_t i = 0; i < items.size() && i < kMostNamesInASentence; ++i) {
    text += (i == 0 ? "" : ", ") + to_text(items[i]);
  }
  if (items.size() > kMostNamesInASentence)
    text += fmt::format(" and {} more", items.size() - kMostNamesInASentence);
  return text;
}

// A number in eight bytes, so that no two lists of fields read the same.
void add_number(Sha256& digest, uint64_t value) {
  digest.update(std::as_bytes(std::span(&value, 1)));
}

}  // namespace

const TensorView* PartTensors::find(std::string_view name) const {
  for (const Named& entry : tensors) {
    if (entry.name == name) return &entry.tensor;
  }
  return nullptr;
}

const TensorView& PartTensors::at(std::string_view name) const {
  const TensorView* const tensor = find(name);
  if (tensor == nullptr) {
    throw Error(ErrorCode::kMismatch, fmt::format("The {} in \"{}\" has no tensor {}.",
                                                  part_name(part), path.string(), in_quotes(name)));
  }
  return *tensor;
}

void PartTensors::require_complete() const {
  std::vector<std::string> problems;
  const auto as_it_is = [](const std::string& name) { return printable(name); };
  if (!accounting.missing.empty())
    problems.push_back("missing: " + list_of(accounting.missing, as_it_is));
  if (!accounting.misshapen.empty()) {
    problems.push_back("of another shape: " +
                       list_of(accounting.misshapen, [](const TensorAccounting::Misshapen& entry) {
                         return fmt::format("{} (expected {}, found {})", printable(entry.name),
                                            shape_text(entry.expected), shape_text(entry.found));
                       }));
  }
  // A layer that the config does not count would be dropped silently.
  std::vector<std::string> beyond;
  for (const std::string& name : accounting.unexpected) {
    if (name.find("encoder.layer.") != std::string::npos) beyond.push_back(name);
  }
  if (!beyond.empty())
    problems.push_back(fmt::format("beyond the {} layers of the config: {}", config.layers,
                                   list_of(beyond, as_it_is)));
  if (problems.empty()) return;
  throw Error(ErrorCode::kMismatch,
              fmt::format("The weights in \"{}\" do not fit their config.json as the {}; {}.",
                          path.string(), part_name(part), fmt::join(problems, "; ")));
}

std::string PartTensors::fingerprint() const {
  Sha256 digest;
  for (const Named& entry : tensors) {
    if (entry.is_alias) continue;
    add_number(digest, entry.name.size());
    digest.update(entry.name);
    digest.update(scalar_name(entry.tensor.type));
    add_number(digest, entry.tensor.shape.size());
    for (const int64_t axis : entry.tensor.shape) add_number(digest, static_cast<uint64_t>(axis));
    for_each_run(entry.tensor, [&](const std::byte* bytes, size_t size) {
      digest.update(std::span(bytes, size));
    });
  }
  return digest.hex();
}

}  // namespace realm

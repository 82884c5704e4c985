#include "engine/checkpoint/token_classifier_tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

using Json = nlohmann::json;

std::vector<TokenLabel> read_labels(const ModelFolder& folder, const ModelConfig& config) {
  const std::string where = folder.path().string();
  const auto found = config.other.find("id2label");
  if (found == config.other.end()) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("The config.json of \"{}\" names no labels (id2label), so it is no "
                            "token classifier.",
                            where));
  }
  const Json json = Json::parse(found->second);
  std::vector<TokenLabel> labels;
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string key = std::to_string(i);
    if (!json.is_object() || !json.contains(key) || !json[key].is_string()) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("The id2label of \"{}\" should name the labels 0 to {}, and has no "
                              "name for {}.",
                              where, json.size() - 1, key));
    }
    const std::optional<TokenLabel> label = parse_token_label(json[key].get<std::string>());
    if (!label) {
      throw Error(ErrorCode::kUnsupported,
                  fmt::format("The label {} of \"{}\" is none of an IOB scheme: expected O, B-X or "
                              "I-X.",
                              in_quotes(json[key].get<std::string>()), where));
    }
    labels.push_back(*label);
  }
  if (labels.empty()) {
    throw Error(ErrorCode::kCorruptData, fmt::format("The id2label of \"{}\" is empty.", where));
  }
  return labels;
}

// Moves a tensor of the classifier from the unexpected ones to the part's.
void take(PartTensors& part, const std::string& name, const std::vector<int64_t>& shape) {
  TensorAccounting& accounting = part.accounting;
  const auto found =
      std::find_if(accounting.unexpected.begin(), accounting.unexpected.end(),
                   [&](const std::string& in_file) { return canonical_name(in_file) == name; });
  if (found == accounting.unexpected.end()) {
    accounting.missing.push_back(name);
    return;
  }
  const TensorView* const tensor = part.file->find(*found);
  accounting.unexpected.erase(found);
  if (tensor->shape != shape) {
    accounting.misshapen.push_back({name, shape, tensor->shape});
    return;
  }
  accounting.loaded.push_back(name);
  part.tensors.push_back({name, *tensor, false});
}

}  // namespace

std::optional<TokenLabel> parse_token_label(std::string_view name) {
  if (name == "O") return TokenLabel{};
  if (name.size() < 3 || name[1] != '-') return std::nullopt;
  if (name[0] == 'B') return TokenLabel{TokenLabel::Place::kBegin, std::string(name.substr(2))};
  if (name[0] == 'I') return TokenLabel{TokenLabel::Place::kInside, std::string(name.substr(2))};
  return std::nullopt;
}

TokenClassifierTensors load_token_classifier_tensors(const ModelFolder& folder) {
  TokenClassifierTensors out;
  out.tensors = folder.load(ModelPart::kBert);
  out.labels = read_labels(folder, out.tensors.config);
  const auto classes = static_cast<int64_t>(out.labels.size());
  take(out.tensors, "classifier.weight", {classes, out.tensors.config.hidden});
  take(out.tensors, "classifier.bias", {classes});
  out.tensors.require_complete();
  return out;
}

}  // namespace realm

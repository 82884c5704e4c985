#include "engine/checkpoint/sentence_transformer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "engine/base/error.h"
#include "engine/checkpoint/small_json.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
  throw Error(ErrorCode::kUnsupported, fmt::format("In \"{}\", {}.", file.string(), what));
}

std::string text_of(const fs::path& file, const Json& json, const char* key) {
  if (!json.is_object() || !json.contains(key) || !json[key].is_string()) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("In \"{}\", a text \"{}\" is missing.", file.string(), key));
  }
  return json[key].get<std::string>();
}

bool is_set(const Json& json, const char* key) { return json.contains(key) && json[key] == true; }

RetrieverPooling read_pooling(const fs::path& file) {
  const Json json = read_small_object(file);
  constexpr const char* kOthers[] = {"pooling_mode_max_tokens", "pooling_mode_mean_sqrt_len_tokens",
                                     "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken"};
  for (const char* const other : kOthers) {
    if (is_set(json, other))
      refuse(file, fmt::format("\"{}\" is true; poolings that are supported are the first piece "
                               "and the mean of all",
                               other));
  }
  const bool cls = is_set(json, "pooling_mode_cls_token");
  const bool mean = is_set(json, "pooling_mode_mean_tokens");
  if (cls == mean) {
    refuse(file,
           "exactly one of \"pooling_mode_cls_token\" and \"pooling_mode_mean_tokens\" should be "
           "true");
  }
  return cls ? RetrieverPooling::kCls : RetrieverPooling::kMean;
}

void read_dense(const fs::path& folder, SentenceTransformer& out) {
  const fs::path file = folder / "config.json";
  const Json json = read_small_object(file);
  const std::string activation = json.contains("activation_function")
                                     ? text_of(file, json, "activation_function")
                                     : "torch.nn.modules.activation.Tanh";
  if (activation.ends_with(".Tanh")) {
    out.projection = RetrieverProjection::kDenseTanh;
  } else if (activation.ends_with(".Identity")) {
    out.projection = RetrieverProjection::kDense;
  } else {
    refuse(file, fmt::format("\"activation_function\" is {}; supported are Tanh and Identity",
                             in_quotes(activation)));
  }
  if (json.contains("bias") && json["bias"] == false)
    refuse(file, "\"bias\" is false; only a projection with a bias is supported");
  if (!json.contains("out_features") || !json["out_features"].is_number_integer() ||
      json["out_features"].get<int64_t>() < 1) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("In \"{}\", \"out_features\" should be a whole number of at least 1.",
                            file.string()));
  }
  out.dense_size = json["out_features"].get<int64_t>();
  for (const char* const name : {"model.safetensors", "pytorch_model.bin"}) {
    std::error_code ignored;
    if (fs::is_regular_file(folder / name, ignored)) {
      out.dense_weights = folder / name;
      return;
    }
  }
  throw Error(ErrorCode::kNotFound,
              fmt::format("The folder \"{}\" has no weights; expected model.safetensors or "
                          "pytorch_model.bin.",
                          folder.string()));
}

}  // namespace

std::optional<SentenceTransformer> read_sentence_transformer(const fs::path& folder) {
  const fs::path file = folder / "modules.json";
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return std::nullopt;
  const Json modules = read_small_json(file);
  if (!modules.is_array() || modules.empty())
    throw Error(ErrorCode::kCorruptData, fmt::format("The file \"{}\" should list the modules of a "
                                                     "sentence-transformers model.",
                                                     file.string()));
  SentenceTransformer out;
  bool has_pooling = false;
  for (size_t i = 0; i < modules.size(); ++i) {
    const std::string type = text_of(file, modules[i], "type");
    const std::string path = text_of(file, modules[i], "path");
    const std::string name = type.substr(type.rfind('.') + 1);
    // A module lies in the folder; a path out of it is not followed.
    if (path.find("..") != std::string::npos || fs::path(path).is_absolute())
      refuse(file, fmt::format("the path {} leads out of the folder", in_quotes(path)));
    if (i == 0) {
      if (name != "Transformer" || !path.empty())
        refuse(file, fmt::format("the first module is {} in {}; expected a Transformer in the "
                                 "folder itself",
                                 in_quotes(name), in_quotes(path)));
    } else if (name == "Pooling" && !has_pooling && i == 1) {
      out.pooling = read_pooling(folder / path / "config.json");
      has_pooling = true;
    } else if (name == "Dense" && has_pooling && !out.dense_weights && !out.normalize) {
      read_dense(folder / path, out);
    } else if (name == "Normalize" && has_pooling && !out.normalize) {
      out.normalize = true;
    } else {
      refuse(file, fmt::format("module {} is {}; supported are Transformer, Pooling, Dense and "
                               "Normalize in this order",
                               i, in_quotes(name)));
    }
  }
  if (!has_pooling) refuse(file, "there is no Pooling module");
  return out;
}

}  // namespace realm

#include "engine/checkpoint/model_config.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "engine/base/error.h"
#include "engine/checkpoint/mapped_file.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

using Json = nlohmann::json;

constexpr size_t kLongestConfig = size_t{4} << 20;
constexpr int kDeepestConfig = 32;

struct IntegerKey {
  const char* key;
  int64_t ModelConfig::*member;
  int64_t lowest, highest;
  bool realm_only;  // written back in REALM configs, not in BERT ones
};
// The upper bounds are far above any model; they keep products of two of them inside 64 bits.
constexpr IntegerKey kIntegers[] = {
    {"vocab_size", &ModelConfig::vocabulary, 1, 100'000'000, false},
    {"hidden_size", &ModelConfig::hidden, 1, 1'000'000, false},
    {"num_hidden_layers", &ModelConfig::layers, 1, 10'000, false},
    {"num_attention_heads", &ModelConfig::heads, 1, 100'000, false},
    {"intermediate_size", &ModelConfig::intermediate, 1, 10'000'000, false},
    {"max_position_embeddings", &ModelConfig::positions, 1, 10'000'000, false},
    {"type_vocab_size", &ModelConfig::types, 1, 100'000, false},
    {"pad_token_id", &ModelConfig::pad_token_id, 0, 100'000'000, false},
    {"retriever_proj_size", &ModelConfig::projection, 1, 1'000'000, true},
    {"num_candidates", &ModelConfig::num_candidates, 1, 1'000'000, true},
    {"span_hidden_size", &ModelConfig::span_hidden, 1, 1'000'000, true},
    {"max_span_width", &ModelConfig::max_span_width, 1, 1'000'000, true},
    {"reader_beam_size", &ModelConfig::reader_beam, 1, 1'000'000, true},
    {"reader_seq_len", &ModelConfig::reader_length, 1, 10'000'000, true},
    {"searcher_beam_size", &ModelConfig::searcher_beam, 1, 1'000'000'000, true},
    {"num_block_records", &ModelConfig::block_records, 0, 1'000'000'000'000, true},
};

struct RealKey {
  const char* key;
  double ModelConfig::*member;
  double lowest, highest;  // lowest is allowed, highest is not
  bool realm_only;
};
constexpr RealKey kReals[] = {
    {"layer_norm_eps", &ModelConfig::layer_norm_eps, 0.0, 1.0, false},
    {"hidden_dropout_prob", &ModelConfig::hidden_dropout, 0.0, 1.0, false},
    {"attention_probs_dropout_prob", &ModelConfig::attention_dropout, 0.0, 1.0, false},
    {"initializer_range", &ModelConfig::initializer_range, 0.0, 1000.0, false},
    {"reader_layer_norm_eps", &ModelConfig::reader_layer_norm_eps, 0.0, 1.0, true},
};

struct ActivationName {
  const char* name;
  HiddenActivation activation;
};
// The first name of each is the one that we write.
constexpr ActivationName kActivations[] = {
    {"gelu", HiddenActivation::kGeluErf},
    {"gelu_new", HiddenActivation::kGeluTanh},
    {"relu", HiddenActivation::kRelu},
    {"gelu_python", HiddenActivation::kGeluErf},
    {"gelu_pytorch_tanh", HiddenActivation::kGeluTanh},
    {"gelu_fast", HiddenActivation::kGeluTanh},
};

struct PoolingName {
  const char* name;
  RetrieverPooling pooling;
};
constexpr PoolingName kPoolings[] = {{"cls_pooler", RetrieverPooling::kClsPooler},
                                     {"cls", RetrieverPooling::kCls},
                                     {"mean", RetrieverPooling::kMean}};
struct ProjectionName {
  const char* name;
  RetrieverProjection projection;
};
constexpr ProjectionName kProjections[] = {{"dense_norm", RetrieverProjection::kDenseNorm},
                                           {"dense_tanh", RetrieverProjection::kDenseTanh},
                                           {"dense", RetrieverProjection::kDense},
                                           {"none", RetrieverProjection::kNone}};

[[noreturn]] void fail(const std::string& where, const std::string& key, const std::string& what) {
  throw Error(ErrorCode::kCorruptData,
              "In \"" + where + "\", \"" + key + "\" should be " + what + ".");
}

std::string found(const Json& value) { return ", and is " + printable(value.dump()); }

void read_text(const Json& value, const std::string& where, const char* key, std::string& text) {
  if (!value.is_string()) fail(where, key, "a text" + found(value));
  text = value.get<std::string>();
}

void read_activation(const Json& value, const std::string& where, ModelConfig& config) {
  std::string name;
  read_text(value, where, "hidden_act", name);
  for (const ActivationName& known : kActivations) {
    if (name == known.name) {
      config.activation = known.activation;
      return;
    }
  }
  throw Error(ErrorCode::kUnsupported, "In \"" + where + "\", \"hidden_act\" is " +
                                           in_quotes(name) +
                                           "; known are gelu, gelu_new and relu.");
}

void read_flag(const Json& value, const std::string& where, const char* key, bool& flag) {
  if (!value.is_boolean()) fail(where, key, "true or false" + found(value));
  flag = value.get<bool>();
}

void read_retriever(const Json& json, const std::string& where, ModelConfig& config) {
  if (json.contains("retriever_pooling")) {
    std::string name;
    read_text(json["retriever_pooling"], where, "retriever_pooling", name);
    const auto* const known =
        std::find_if(std::begin(kPoolings), std::end(kPoolings),
                     [&](const PoolingName& entry) { return name == entry.name; });
    if (known == std::end(kPoolings))
      fail(where, "retriever_pooling", "cls_pooler, cls or mean, and is " + in_quotes(name));
    config.pooling = known->pooling;
  }
  if (json.contains("retriever_projection")) {
    std::string name;
    read_text(json["retriever_projection"], where, "retriever_projection", name);
    const auto* const known =
        std::find_if(std::begin(kProjections), std::end(kProjections),
                     [&](const ProjectionName& entry) { return name == entry.name; });
    if (known == std::end(kProjections)) {
      fail(where, "retriever_projection",
           "dense_norm, dense_tanh, dense or none, and is " + in_quotes(name));
    }
    config.projection_kind = known->projection;
  }
  if (json.contains("retriever_normalize"))
    read_flag(json["retriever_normalize"], where, "retriever_normalize", config.normalize);
  if (json.contains("retriever_query_masks"))
    read_flag(json["retriever_query_masks"], where, "retriever_query_masks", config.query_masks);
}

void write_retriever(const ModelConfig& config, Json& json) {
  const ModelConfig realm;
  if (config.pooling != realm.pooling)
    json["retriever_pooling"] = kPoolings[static_cast<size_t>(config.pooling)].name;
  if (config.projection_kind != realm.projection_kind)
    json["retriever_projection"] = kProjections[static_cast<size_t>(config.projection_kind)].name;
  if (config.normalize) json["retriever_normalize"] = true;
  if (!config.query_masks) json["retriever_query_masks"] = false;
}

void read_architectures(const Json& value, const std::string& where, ModelConfig& config) {
  if (value.is_null()) return;
  if (!value.is_array()) fail(where, "architectures", "a list of texts" + found(value));
  for (const Json& name : value) {
    if (!name.is_string()) fail(where, "architectures", "a list of texts" + found(value));
    config.architectures.push_back(name.get<std::string>());
  }
}

// Settings under which the network would not be the one that we compute.
void refuse_other_networks(const Json& json, const std::string& where) {
  if (json.contains("position_embedding_type") && json["position_embedding_type"] != "absolute") {
    throw Error(ErrorCode::kUnsupported, "In \"" + where + "\", \"position_embedding_type\" is " +
                                             printable(json["position_embedding_type"].dump()) +
                                             "; only \"absolute\" positions are supported.");
  }
  if (json.contains("is_decoder") && json["is_decoder"] == true) {
    throw Error(ErrorCode::kUnsupported,
                "In \"" + where + "\", \"is_decoder\" is true; only encoders are supported.");
  }
}

std::string range_text(int64_t lowest, int64_t highest) {
  return "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest);
}

}  // namespace

ModelConfig ModelConfig::bert() {
  ModelConfig config;
  config.model_type = "bert";
  config.activation = HiddenActivation::kGeluErf;
  config.pad_token_id = 0;
  return config;
}

ModelConfig ModelConfig::parse(std::string_view text, const std::string& where) {
  if (text.size() > kLongestConfig) {
    throw Error(ErrorCode::kCorruptData,
                "The file \"" + where + "\" is too long for a config.json.");
  }
  // Nesting is cut, as no key of ours lies deep.
  const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth < kDeepestConfig; };
  const Json json = Json::parse(text.begin(), text.end(), shallow, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    throw Error(ErrorCode::kCorruptData,
                "The file \"" + where + "\" should be a JSON object, as every config.json is.");
  }

  const bool is_bert = json.contains("model_type") && json["model_type"] == "bert";
  ModelConfig config = is_bert ? bert() : ModelConfig();
  std::set<std::string> known = {
      "model_type",        "architectures",        "hidden_act",          "tie_word_embeddings",
      "retriever_pooling", "retriever_projection", "retriever_normalize", "retriever_query_masks"};
  if (json.contains("model_type"))
    read_text(json["model_type"], where, "model_type", config.model_type);
  if (json.contains("architectures")) read_architectures(json["architectures"], where, config);
  if (json.contains("hidden_act")) read_activation(json["hidden_act"], where, config);
  if (json.contains("tie_word_embeddings"))
    read_flag(json["tie_word_embeddings"], where, "tie_word_embeddings",
              config.tie_word_embeddings);
  read_retriever(json, where, config);
  refuse_other_networks(json, where);
  for (const IntegerKey& entry : kIntegers) {
    known.insert(entry.key);
    if (!json.contains(entry.key)) continue;
    const Json& value = json[entry.key];
    // A model without padding says null.
    if (value.is_null() && entry.member == &ModelConfig::pad_token_id) continue;
    if (!value.is_number_integer() ||
        (value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX)) {
      fail(where, entry.key, range_text(entry.lowest, entry.highest) + found(value));
    }
    config.*entry.member = value.get<int64_t>();
  }
  for (const RealKey& entry : kReals) {
    known.insert(entry.key);
    if (!json.contains(entry.key)) continue;
    if (!json[entry.key].is_number()) fail(where, entry.key, "a number" + found(json[entry.key]));
    config.*entry.member = json[entry.key].get<double>();
  }
  if (config.projection_kind == RetrieverProjection::kNone) config.projection = config.hidden;
  for (const auto& [key, value] : json.items()) {
    if (known.count(key) == 0) config.other[key] = value.dump();
  }
  config.validate(where);
  return config;
}

ModelConfig ModelConfig::load(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  const auto bytes = mapped.bytes();
  return parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file.string());
}

std::string ModelConfig::to_json() const {
  const bool is_bert = model_type == "bert";
  Json json = Json::object();
  for (const auto& [key, value] : other) json[key] = Json::parse(value);
  json["model_type"] = model_type;
  if (!architectures.empty()) json["architectures"] = architectures;
  for (const ActivationName& known : kActivations) {
    if (known.activation != activation) continue;
    json["hidden_act"] = known.name;
    break;
  }
  // True is the default, which Hugging Face leaves out.
  if (!tie_word_embeddings) json["tie_word_embeddings"] = false;
  for (const IntegerKey& entry : kIntegers) {
    if (!is_bert || !entry.realm_only) json[entry.key] = this->*entry.member;
  }
  write_retriever(*this, json);
  for (const RealKey& entry : kReals) {
    if (!is_bert || !entry.realm_only) json[entry.key] = this->*entry.member;
  }
  return json.dump(2) + "\n";
}

void ModelConfig::validate(const std::string& where) const {
  for (const IntegerKey& entry : kIntegers) {
    const int64_t value = this->*entry.member;
    if (value < entry.lowest || value > entry.highest) {
      fail(where, entry.key,
           range_text(entry.lowest, entry.highest) + ", and is " + std::to_string(value));
    }
  }
  for (const RealKey& entry : kReals) {
    const double value = this->*entry.member;
    if (!(value >= entry.lowest && value < entry.highest)) {
      fail(where, entry.key,
           "a number from " + Json(entry.lowest).dump() + " to below " +
               Json(entry.highest).dump() + ", and is " +
               (std::isfinite(value) ? Json(value).dump() : "not finite"));
    }
  }
  if (projection_kind == RetrieverProjection::kNone && projection != hidden) {
    fail(where, "retriever_proj_size",
         "\"hidden_size\" (" + std::to_string(hidden) + ") without a projection, and is " +
             std::to_string(projection));
  }
  if (hidden % heads != 0) {
    fail(where, "hidden_size",
         "a multiple of \"num_attention_heads\" (" + std::to_string(heads) + "), and is " +
             std::to_string(hidden));
  }
}

}  // namespace realm

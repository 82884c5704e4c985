// Folders of sentence-transformers, and embedders whose config asks for another pooling.
#include "engine/checkpoint/sentence_transformer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/checkpoint/model_folder.h"
#include "engine/checkpoint/safetensors_writer.h"
#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::TempDirectory;

constexpr const char* kModules = R"([
  {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
  {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}%s])";
constexpr const char* kDense =
    R"(, {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"})";
constexpr const char* kNormalize =
    R"(, {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"})";

class SentenceTransformerFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    write("config.json", R"({"model_type": "bert", "vocab_size": 6, "hidden_size": 4,
      "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 6,
      "max_position_embeddings": 8, "type_vocab_size": 2})");
    write("1_Pooling/config.json",
          R"({"word_embedding_dimension": 4, "pooling_mode_cls_token": false,
              "pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": false})");
    ModelConfig config = ModelConfig::load(folder_ / "config.json");
    std::vector<TensorToWrite> tensors;
    std::vector<std::vector<float>> values;
    for (const ExpectedTensor& tensor : expected_tensors(ModelPart::kBert, config)) {
      if (!tensor.name.starts_with("realm.") || tensor.name.starts_with("realm.pooler")) continue;
      int64_t count = 1;
      for (const int64_t size : tensor.shape) count *= size;
      values.emplace_back(static_cast<size_t>(count), 0.5F);
      tensors.push_back({tensor.name.substr(6), tensor.shape, ScalarType::kF32, {}});
    }
    for (size_t i = 0; i < tensors.size(); ++i) tensors[i].values = values[i];
    write_safetensors(folder_ / "model.safetensors", tensors);
  }
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  void write_modules(const std::string& further) const {
    std::string text = kModules;
    text.replace(text.find("%s"), 2, further);
    write("modules.json", text);
  }
  TempDirectory folder_;
};

TEST_F(SentenceTransformerFolder, GivesAnEmbedderThatIsTheBodyAlone) {
  write_modules(kNormalize);
  const ModelFolder folder = ModelFolder::open(folder_.path());
  EXPECT_EQ(folder.parts(), (std::vector{ModelPart::kEmbedder, ModelPart::kBert}));
  const ModelConfig& config = folder.config(ModelPart::kEmbedder);
  EXPECT_EQ(config.pooling, RetrieverPooling::kMean);
  EXPECT_EQ(config.projection_kind, RetrieverProjection::kNone);
  EXPECT_EQ(config.projection, 4);
  EXPECT_TRUE(config.normalize);
  EXPECT_FALSE(config.query_masks);
  const PartTensors tensors = folder.load(ModelPart::kEmbedder);
  EXPECT_NO_THROW(tensors.require_complete());
  EXPECT_TRUE(tensors.accounting.unexpected.empty());
}

TEST_F(SentenceTransformerFolder, MayHaveAProjection) {
  write_modules(kDense);
  write("2_Dense/config.json",
        R"({"in_features": 4, "out_features": 3, "bias": true,
            "activation_function": "torch.nn.modules.linear.Identity"})");
  const std::vector<float> weight = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const std::vector<float> bias = {-1, -2, -3};
  write_safetensors(folder_ / "2_Dense/model.safetensors",
                    std::vector<TensorToWrite>{{"linear.weight", {3, 4}, ScalarType::kF32, weight},
                                               {"linear.bias", {3}, ScalarType::kF32, bias}});
  const ModelFolder folder = ModelFolder::open(folder_.path());
  EXPECT_EQ(folder.config(ModelPart::kEmbedder).projection, 3);
  EXPECT_TRUE(folder.has(ModelPart::kEmbedder));
  const PartTensors tensors = folder.load(ModelPart::kEmbedder);
  EXPECT_NO_THROW(tensors.require_complete());
  EXPECT_EQ(to_float32(tensors.at("cls.dense.weight")), weight);
  EXPECT_EQ(to_float32(tensors.at("cls.dense.bias")), bias);
}

TEST_F(SentenceTransformerFolder, WithAPoolingOrModuleThatWeDoNotHaveIsRefusedByName) {
  write_modules("");
  write("1_Pooling/config.json",
        R"({"pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": true})");
  expect_error(ErrorCode::kUnsupported, "pooling_mode_max_tokens",
               [&] { ModelFolder::open(folder_.path()); });
  write("1_Pooling/config.json", R"({"pooling_mode_mean_tokens": false})");
  expect_error(ErrorCode::kUnsupported, "pooling_mode_cls_token",
               [&] { ModelFolder::open(folder_.path()); });
  write_modules(R"(, {"path": "2_LSTM", "type": "sentence_transformers.models.LSTM"})");
  write("1_Pooling/config.json", R"({"pooling_mode_mean_tokens": true})");
  expect_error(ErrorCode::kUnsupported, "\"LSTM\"", [&] { ModelFolder::open(folder_.path()); });
  write_modules(R"(, {"path": "../2_Dense", "type": "sentence_transformers.models.Dense"})");
  expect_error(ErrorCode::kUnsupported, "out of the folder",
               [&] { ModelFolder::open(folder_.path()); });
  write("modules.json", "{}");
  expect_error(ErrorCode::kCorruptData, "modules.json", [&] { ModelFolder::open(folder_.path()); });
}

TEST(RetrieverConfig, IsReadAndWrittenBackAndAbsentInRealmsOwn) {
  const ModelConfig config = ModelConfig::parse(
      R"({"model_type": "bert", "hidden_size": 8, "num_attention_heads": 2,
          "retriever_pooling": "mean", "retriever_projection": "none", "retriever_normalize": true,
          "retriever_query_masks": false})",
      "config.json");
  EXPECT_EQ(config.pooling, RetrieverPooling::kMean);
  EXPECT_TRUE(config.body_is_embedder());
  EXPECT_EQ(config.projection, 8);
  const ModelConfig again = ModelConfig::parse(config.to_json(), "config.json");
  EXPECT_EQ(again.pooling, config.pooling);
  EXPECT_EQ(again.projection_kind, config.projection_kind);
  EXPECT_TRUE(again.normalize);
  EXPECT_FALSE(again.query_masks);
  EXPECT_TRUE(ModelConfig().query_masks);
  EXPECT_EQ(ModelConfig().to_json().find("retriever_query_masks"), std::string::npos);
  EXPECT_EQ(ModelConfig().to_json().find("retriever_pooling"), std::string::npos);
  EXPECT_FALSE(ModelConfig::bert().body_is_embedder());
  expect_error(ErrorCode::kCorruptData, "retriever_pooling",
               [] { ModelConfig::parse(R"({"retriever_pooling": "max"})", "config.json"); });
}

}  // namespace
}  // namespace realm

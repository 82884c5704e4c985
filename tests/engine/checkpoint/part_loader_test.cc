#include "engine/checkpoint/part_loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "engine/checkpoint/model_folder.h"
#include "engine/checkpoint/safetensors_writer.h"
#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::expect_names;
using testing::TempDirectory;

// A tiny encoder whose tensors a test may leave out, bend or rename.
class MadeUpEncoder : public ::testing::Test {
 protected:
  MadeUpEncoder() {
    config_.vocabulary = 5;
    config_.hidden = 4;
    config_.layers = 1;
    config_.heads = 2;
    config_.intermediate = 6;
    config_.positions = 8;
    for (const ExpectedTensor& entry : expected_tensors(ModelPart::kEncoder, config_)) {
      if (entry.alias_of.empty()) add(entry.name, entry.shape);
    }
  }
  void add(const std::string& name, std::vector<int64_t> shape) {
    // The index of the tensor as its value, so that two are never equal.
    values_.emplace_back(static_cast<size_t>(element_count(shape)),
                         static_cast<float>(values_.size()));
    tensors_.push_back({name, std::move(shape), ScalarType::kF32, {}});
  }
  TensorToWrite& tensor(const std::string& name) {
    return *std::find_if(tensors_.begin(), tensors_.end(),
                         [&](const TensorToWrite& entry) { return entry.name == name; });
  }
  std::filesystem::path write() {
    for (size_t i = 0; i < tensors_.size(); ++i) {
      values_[i].resize(static_cast<size_t>(element_count(tensors_[i].shape)));
      tensors_[i].values = values_[i];
    }
    folder_.write("config.json", config_.to_json());
    write_safetensors(folder_ / "model.safetensors", tensors_);
    return folder_.path();
  }
  PartTensors load(ModelPart part = ModelPart::kEncoder) {
    return ModelFolder::open(write()).load(part);
  }

  ModelConfig config_;
  std::vector<TensorToWrite> tensors_;
  std::vector<std::vector<float>> values_;
  TempDirectory folder_;
};

TEST_F(MadeUpEncoder, IsComplete) {
  const PartTensors tensors = load();
  EXPECT_NO_THROW(tensors.require_complete());
  EXPECT_EQ(tensors.accounting.loaded.size(), 28U);  // 5 + 16 a layer + pooler 2 + head 5
  EXPECT_EQ(tensors.tensors.size(), 30U);            // and the decoder with its bias
}

TEST_F(MadeUpEncoder, NamesAMissingTensor) {
  tensor("realm.encoder.layer.0.output.dense.bias").name =
      "realm.encoder.layer.0.output.dense.bais";
  const PartTensors tensors = load();
  expect_names(tensors.accounting.missing, {"realm.encoder.layer.0.output.dense.bias"});
  expect_names(tensors.accounting.unexpected, {"realm.encoder.layer.0.output.dense.bais"});
  expect_error(ErrorCode::kMismatch, "missing: realm.encoder.layer.0.output.dense.bias",
               [&] { tensors.require_complete(); });
  expect_error(ErrorCode::kMismatch, "has no tensor",
               [&] { tensors.at("realm.encoder.layer.0.output.dense.bias"); });
}

TEST_F(MadeUpEncoder, NamesAMisshapenTensorWithBothShapes) {
  tensor("realm.embeddings.word_embeddings.weight").shape = {5, 3};
  const PartTensors tensors = load();
  EXPECT_EQ(tensors.find("realm.embeddings.word_embeddings.weight"), nullptr);
  expect_error(ErrorCode::kMismatch,
               "realm.embeddings.word_embeddings.weight (expected [5, 4], found [5, 3])",
               [&] { tensors.require_complete(); });
}

TEST_F(MadeUpEncoder, NeedsNoPooler) {
  tensor("realm.pooler.dense.weight").name = "classifier.weight";
  tensor("realm.pooler.dense.bias").name = "classifier.bias";
  const PartTensors tensors = load();
  EXPECT_NO_THROW(tensors.require_complete());
  expect_names(tensors.accounting.unexpected, {"classifier.weight", "classifier.bias"});
}

TEST_F(MadeUpEncoder, RefusesLayersThatTheConfigDoesNotCount) {
  add("realm.encoder.layer.1.output.dense.bias", {4});
  const PartTensors tensors = load();
  expect_error(ErrorCode::kMismatch,
               "beyond the 1 layers of the config: realm.encoder.layer.1.output.dense.bias",
               [&] { tensors.require_complete(); });
}

TEST_F(MadeUpEncoder, ReadsNamesOfDataParallelTraining) {
  for (TensorToWrite& entry : tensors_) entry.name = "module." + entry.name;
  EXPECT_NO_THROW(load().require_complete());
}

TEST_F(MadeUpEncoder, ReadsBertWithoutAPrefixAndWithoutAHead) {
  for (TensorToWrite& entry : tensors_) {
    if (entry.name.starts_with("realm.")) entry.name = entry.name.substr(6);
  }
  std::erase_if(tensors_,
                [](const TensorToWrite& entry) { return entry.name.starts_with("cls."); });
  values_.resize(tensors_.size());
  const ModelFolder folder = ModelFolder::open(write());
  EXPECT_EQ(folder.parts(), std::vector{ModelPart::kBert});
  const PartTensors bert = folder.load(ModelPart::kBert);
  EXPECT_NO_THROW(bert.require_complete());
  EXPECT_FALSE(bert.has_masked_language_head);
  EXPECT_NE(bert.find("realm.encoder.layer.0.attention.self.key.weight"), nullptr);
  expect_error(ErrorCode::kMismatch, "missing: cls.predictions.bias",
               [&] { folder.load(ModelPart::kEncoder).require_complete(); });
}

TEST_F(MadeUpEncoder, TakesTheBiasFromTheDecodersWhereOnlyThatIsThere) {
  tensor("cls.predictions.bias").name = "cls.predictions.decoder.bias";
  const PartTensors tensors = load();
  EXPECT_NO_THROW(tensors.require_complete());
  expect_names(tensors.accounting.restored,
               {"cls.predictions.bias", "cls.predictions.decoder.weight"});
  EXPECT_EQ(to_float32(tensors.at("cls.predictions.bias")),
            to_float32(tensors.file->at("cls.predictions.decoder.bias")));
}

TEST_F(MadeUpEncoder, SaysWhenAFilesDecoderIsNotTheOneThatTheModelTies) {
  add("cls.predictions.decoder.weight", {5, 4});
  const PartTensors tensors = load();
  EXPECT_NO_THROW(tensors.require_complete());
  ASSERT_EQ(tensors.accounting.notes.size(), 1U);
  EXPECT_NE(tensors.accounting.notes[0].find("\"cls.predictions.decoder.weight\" differs"),
            std::string::npos);
  EXPECT_TRUE(tensors.at("cls.predictions.decoder.weight")
                  .is_alias_of(tensors.at("realm.embeddings.word_embeddings.weight")));
}

TEST_F(MadeUpEncoder, RefusesADecoderOfItsOwn) {
  add("cls.predictions.decoder.weight", {5, 4});
  config_.tie_word_embeddings = false;
  expect_error(ErrorCode::kUnsupported, "decoder of its own", [&] { load(); });
}

TEST_F(MadeUpEncoder, KeepsTheFirstOfTwoSpellingsOfOneTensor) {
  add("bert.embeddings.LayerNorm.gamma", {4});
  const PartTensors tensors = load();
  EXPECT_EQ(tensors.accounting.loaded.size() + tensors.accounting.unexpected.size(), 29U);
  EXPECT_EQ(tensors.accounting.unexpected.size(), 1U);
}

}  // namespace
}  // namespace realm

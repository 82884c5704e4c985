#include "engine/checkpoint/model_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::read_file;
using testing::read_json;
using testing::require_parity;
using testing::TempDirectory;

// A part of a fixture as what a trainer would hand to the writer.
struct Copy {
  explicit Copy(const PartTensors& from, ScalarType type = ScalarType::kF32,
                bool with_aliases = true) {
    model.part = from.part;
    model.config = from.config;
    for (const PartTensors::Named& entry : from.tensors) {
      if (!with_aliases && entry.is_alias) continue;
      values.push_back(to_float32(entry.tensor));
      tensors.push_back({entry.name, entry.tensor.shape, type, {}});
    }
    for (size_t i = 0; i < tensors.size(); ++i) tensors[i].values = values[i];
    model.tensors = tensors;
  }
  std::vector<std::vector<float>> values;
  std::vector<TensorToWrite> tensors;
  ModelToWrite model;
};

struct PartCase {
  const char* folder;
  ModelPart part;
  const char* architecture;
};

class WrittenPart : public ::testing::TestWithParam<PartCase> {};

TEST_P(WrittenPart, ComesBackWithTheSameTensorsAndConfig) {
  const ModelFolder original = ModelFolder::open(require_parity(GetParam().folder));
  const PartTensors before = original.load(GetParam().part);
  const Copy copy(before);
  const TempDirectory folder;
  write_model_folder(folder / "a/b", copy.model);

  const ModelFolder written = ModelFolder::open(folder / "a/b");
  EXPECT_TRUE(written.has(GetParam().part));
  const PartTensors after = written.load(GetParam().part);
  after.require_complete();
  EXPECT_EQ(after.fingerprint(), before.fingerprint());
  EXPECT_TRUE(after.accounting.unexpected.empty());
  EXPECT_TRUE(after.accounting.unused.empty());
  EXPECT_EQ(after.config.architectures, std::vector<std::string>{GetParam().architecture});

  // The same keys as Hugging Face's config, but for the name of the class and keys of its own.
  auto config = read_json(folder / "a/b/config.json");
  auto expected = read_json(require_parity(std::string(GetParam().folder) + "/config.json"));
  for (auto* const json : {&config, &expected}) {
    json->erase("architectures");
    json->erase("torch_dtype");
  }
  EXPECT_EQ(config, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Parity, WrittenPart,
    ::testing::Values(PartCase{"cfg_b/embedder", ModelPart::kEmbedder, "RealmEmbedder"},
                      PartCase{"cfg_b/encoder", ModelPart::kEncoder, "RealmKnowledgeAugEncoder"},
                      PartCase{"cfg_b/reader", ModelPart::kReader, "RealmReader"},
                      PartCase{"formats/bert_legacy", ModelPart::kBert, "BertForMaskedLM"}),
    [](const auto& test) { return std::string(test.param.architecture); });

TEST(ModelWriter, WritesTheEncodersTensorsUnderHuggingFacesNames) {
  // The reference wrote this very encoder, with its aliases dropped, into cfg_a.
  REALM_PARITY_OR_SKIP(path, "cfg_a/encoder");
  const TempDirectory folder;
  const Copy copy(ModelFolder::open(path).load(ModelPart::kEncoder));
  write_model_folder(folder / "encoder", copy.model);
  const auto reference = TensorFile::open(path / "model.safetensors");
  const auto written = TensorFile::open(folder / "encoder/model.safetensors");
  EXPECT_EQ(written->metadata().at("format"), "pt");
  for (const std::string& name : reference->names()) {
    if (name == "realm.embeddings.position_ids") continue;
    EXPECT_EQ(to_float32(written->at(name)), to_float32(reference->at(name))) << name;
  }
  EXPECT_EQ(written->names().size(), reference->names().size() - 1);
}

TEST(ModelWriter, WritesBertUnderBertsNames) {
  const TempDirectory folder;
  const Copy copy(ModelFolder::open(require_parity("formats/bert_legacy")).load(ModelPart::kBert));
  write_model_folder(folder / "bert", copy.model);
  const auto file = TensorFile::open(folder / "bert/model.safetensors");
  EXPECT_NE(file->find("bert.embeddings.LayerNorm.weight"), nullptr);
  EXPECT_NE(file->find("cls.predictions.bias"), nullptr);
  EXPECT_EQ(file->find("cls.predictions.decoder.weight"), nullptr);
  EXPECT_EQ(read_json(folder / "bert/config.json")["model_type"], "bert");
  EXPECT_FALSE(read_json(folder / "bert/config.json").contains("retriever_proj_size"));
}

TEST(ModelWriter, WritesTheTokenizerFiles) {
  const std::vector<std::string> pieces = {"[PAD]",  "[UNK]",       "[CLS]", "[SEP]",
                                           "[MASK]", "caf\xc3\xa9", "##s"};
  Copy copy(ModelFolder::open(require_parity("cfg_b/encoder")).load(ModelPart::kEncoder));
  copy.model.vocabulary = pieces;
  copy.model.lower_case = false;
  const TempDirectory folder;
  write_model_folder(folder / "encoder", copy.model);
  EXPECT_EQ(read_file(folder / "encoder/vocab.txt"),
            "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ncaf\xc3\xa9\n##s\n");
  const ModelFolder written = ModelFolder::open(folder / "encoder");
  EXPECT_FALSE(written.lower_case());
  EXPECT_EQ(written.vocabulary_file(), folder / "encoder/vocab.txt");
}

TEST(ModelWriter, RefusesAVocabularyThatDoesNotFit) {
  Copy copy(ModelFolder::open(require_parity("cfg_b/encoder")).load(ModelPart::kEncoder));
  const TempDirectory folder;
  const std::vector<std::string> many(361, "x");
  copy.model.vocabulary = many;
  expect_error(ErrorCode::kInvalidArgument, "has 361 pieces",
               [&] { write_model_folder(folder / "x", copy.model); });
  const std::vector<std::string> broken = {"a\nb"};
  expect_error(ErrorCode::kInvalidArgument, "\"a\\nb\"",
               [&] { write_tokenizer_files(folder.path(), broken, true); });
  EXPECT_FALSE(std::filesystem::exists(folder / "x"));
}

TEST(ModelWriter, WritesHalfPrecision) {
  const PartTensors before =
      ModelFolder::open(require_parity("cfg_b/embedder")).load(ModelPart::kEmbedder);
  const Copy copy(before, ScalarType::kF16);
  const TempDirectory folder;
  write_model_folder(folder / "half", copy.model);
  EXPECT_EQ(read_json(folder / "half/config.json")["torch_dtype"], "float16");
  const PartTensors after = ModelFolder::open(folder / "half").load(ModelPart::kEmbedder);
  after.require_complete();
  for (const PartTensors::Named& entry : before.tensors) {
    EXPECT_EQ(after.at(entry.name).type, ScalarType::kF16);
    const std::vector<float> whole = to_float32(entry.tensor);
    const std::vector<float> half = to_float32(after.at(entry.name));
    for (size_t i = 0; i < whole.size(); ++i) {
      EXPECT_NEAR(half[i], whole[i], std::abs(whole[i]) * 0x1.0p-11F + 0x1.0p-25F) << entry.name;
    }
  }
}

TEST(ModelWriter, LeavesNothingBehindWhenATensorIsWrong) {
  const PartTensors from =
      ModelFolder::open(require_parity("cfg_b/embedder")).load(ModelPart::kEmbedder);
  const TempDirectory folder;
  Copy missing(from);
  missing.tensors.pop_back();
  missing.model.tensors = missing.tensors;
  expect_error(ErrorCode::kMismatch, "missing cls.LayerNorm.bias",
               [&] { write_model_folder(folder / "x", missing.model); });

  Copy bent(from);
  bent.tensors[0].shape = {24, 360};
  expect_error(ErrorCode::kMismatch,
               "realm.embeddings.word_embeddings.weight (expected [360, 24], found [24, 360])",
               [&] { write_model_folder(folder / "x", bent.model); });

  Copy unknown(from);
  unknown.tensors[0].name = "mystery";
  expect_error(ErrorCode::kMismatch, "unknown mystery",
               [&] { write_model_folder(folder / "x", unknown.model); });

  Copy twice(from);
  twice.tensors[1] = twice.tensors[0];
  expect_error(ErrorCode::kMismatch, "Two tensors named",
               [&] { write_model_folder(folder / "x", twice.model); });

  Copy broken(from);
  broken.model.config.heads = 5;
  expect_error(ErrorCode::kCorruptData, "num_attention_heads",
               [&] { write_model_folder(folder / "x", broken.model); });
  EXPECT_FALSE(std::filesystem::exists(folder / "x"));
}

TEST(ModelWriter, WritesTheBundlesInfo) {
  const TempDirectory folder;
  const Copy encoder(ModelFolder::open(require_parity("cfg_b/encoder")).load(ModelPart::kEncoder),
                     ScalarType::kF32, false);
  write_model_folder(folder / "encoder", encoder.model);
  BundleInfo info;
  info.name = "caf\xc3\xa9";
  info.step = 12;
  info.score_scale = 0.5;
  write_bundle_info(folder.path(), info);
  const BundleInfo read = ModelFolder::open(folder.path()).info();
  EXPECT_EQ(read.name, info.name);
  EXPECT_EQ(read.step, 12);
  EXPECT_EQ(read.score_scale, 0.5);
  EXPECT_FALSE(read.query_length.has_value());
}

TEST(ModelWriter, SaysWhenAFolderCannotBeMade) {
  const TempDirectory folder;
  folder.write("file", "x");
  const Copy copy(ModelFolder::open(require_parity("cfg_b/encoder")).load(ModelPart::kEncoder));
  expect_error(ErrorCode::kIo, "cannot be made",
               [&] { write_model_folder(folder / "file/encoder", copy.model); });
}

}  // namespace
}  // namespace realm

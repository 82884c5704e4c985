#include "engine/checkpoint/model_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "engine/checkpoint/safetensors_writer.h"
#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::expect_names;
using testing::require_parity;
using testing::TempDirectory;

// Every tensor of the file must be in the accounting, each once.
void expect_all_accounted(const PartTensors& tensors) {
  const TensorAccounting& accounting = tensors.accounting;
  EXPECT_EQ(accounting.loaded.size() + accounting.misshapen.size() + accounting.unexpected.size() +
                accounting.unused.size(),
            tensors.file->names().size());
}

// A copy of a fixture that a test may change.
void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    if (entry.is_regular_file())
      std::filesystem::copy_file(entry.path(), to / entry.path().filename());
  }
}

struct FolderCase {
  const char* folder;
  const char* kind;
  std::vector<ModelPart> parts;
};

class FixtureFolder : public ::testing::TestWithParam<FolderCase> {};

TEST_P(FixtureFolder, GivesItsPartsWholeAndAccountsForEveryTensor) {
  REALM_PARITY_OR_SKIP(path, GetParam().folder);
  const ModelFolder folder = ModelFolder::open(path);
  EXPECT_FALSE(folder.is_bundle());
  EXPECT_EQ(folder.describe(), GetParam().kind);
  EXPECT_EQ(folder.parts(), GetParam().parts);
  for (const ModelPart part : GetParam().parts) {
    SCOPED_TRACE(part_name(part));
    const PartTensors tensors = folder.load(part);
    EXPECT_NO_THROW(tensors.require_complete());
    EXPECT_TRUE(tensors.accounting.unexpected.empty());
    EXPECT_TRUE(tensors.accounting.notes.empty());
    expect_all_accounted(tensors);
    EXPECT_EQ(tensors.tensors.size(), expected_tensors(part, folder.config(part)).size());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Parity, FixtureFolder,
    ::testing::Values(
        FolderCase{"cfg_a/encoder", "encoder", {ModelPart::kEncoder}},
        FolderCase{"cfg_a/openqa", "open-QA model", {ModelPart::kEmbedder, ModelPart::kReader}},
        FolderCase{"cfg_b/embedder", "embedder", {ModelPart::kEmbedder}},
        FolderCase{"cfg_b/scorer", "scorer", {ModelPart::kEmbedder}},
        FolderCase{"cfg_b/encoder", "encoder", {ModelPart::kEncoder}},
        FolderCase{"cfg_b/reader", "reader", {ModelPart::kReader}},
        FolderCase{"cfg_b/openqa", "open-QA model", {ModelPart::kEmbedder, ModelPart::kReader}},
        FolderCase{"formats/bert_legacy", "BERT", {ModelPart::kEncoder, ModelPart::kBert}}),
    [](const auto& test) {
      std::string name = test.param.folder;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return c == '/' || c == '_'; }, 'X');
      return name;
    });

TEST(ModelFolder, GivesTheSamePartFromEveryFolderAndFormatThatHoldsIt) {
  // By the fixtures' README all of these are one embedder and one reader.
  const std::string embedder =
      ModelFolder::open(require_parity("cfg_b/embedder")).load(ModelPart::kEmbedder).fingerprint();
  EXPECT_EQ(embedder.size(), 64U);
  for (const char* const name : {"cfg_b/scorer", "cfg_b/openqa"}) {
    EXPECT_EQ(ModelFolder::open(require_parity(name)).load(ModelPart::kEmbedder).fingerprint(),
              embedder)
        << name;
  }
  EXPECT_EQ(
      ModelFolder::open(require_parity("cfg_b/reader")).load(ModelPart::kReader).fingerprint(),
      ModelFolder::open(require_parity("cfg_b/openqa")).load(ModelPart::kReader).fingerprint());
  for (const std::string part : {"embedder", "scorer", "encoder", "openqa"}) {
    const TempDirectory copy;
    copy_folder(require_parity("cfg_b/" + part), copy / "bin");
    std::filesystem::remove(copy / "bin/model.safetensors");
    const ModelFolder safe = ModelFolder::open(require_parity("cfg_b/" + part));
    const ModelFolder bin = ModelFolder::open(copy / "bin");
    const PartTensors from_bin = bin.load(bin.parts().front());
    EXPECT_EQ(from_bin.path.filename(), "pytorch_model.bin");
    EXPECT_EQ(from_bin.fingerprint(), safe.load(safe.parts().front()).fingerprint()) << part;
    expect_all_accounted(from_bin);
  }
}

TEST(ModelFolder, HasADifferentFingerprintForOtherWeights) {
  const ModelFolder folder = ModelFolder::open(require_parity("cfg_b/openqa"));
  EXPECT_NE(folder.load(ModelPart::kEmbedder).fingerprint(),
            folder.load(ModelPart::kReader).fingerprint());
}

TEST(ModelFolder, RestoresTheTiedDecoderOfAnEncoder) {
  const TempDirectory copy;
  copy_folder(require_parity("cfg_b/encoder"), copy / "encoder");
  std::filesystem::remove(copy / "encoder/pytorch_model.bin");
  // The fixture's file is full; take the aliases out, as Hugging Face's own writer does.
  const auto full = TensorFile::open(copy / "encoder/model.safetensors");
  std::vector<std::vector<float>> values;
  std::vector<TensorToWrite> kept;
  values.reserve(full->names().size());
  for (const std::string& name : full->names()) {
    if (name.find("decoder") != std::string::npos || name.find("position_ids") != std::string::npos)
      continue;
    values.push_back(to_float32(full->at(name)));
    kept.push_back({name, full->at(name).shape, ScalarType::kF32, values.back()});
  }
  write_safetensors(copy / "encoder/model.safetensors", kept);

  const PartTensors tensors = ModelFolder::open(copy / "encoder").load(ModelPart::kEncoder);
  tensors.require_complete();
  expect_names(tensors.accounting.restored,
               {"cls.predictions.decoder.weight", "cls.predictions.decoder.bias"});
  EXPECT_TRUE(tensors.at("cls.predictions.decoder.weight")
                  .is_alias_of(tensors.at("realm.embeddings.word_embeddings.weight")));
  EXPECT_TRUE(
      tensors.at("cls.predictions.decoder.bias").is_alias_of(tensors.at("cls.predictions.bias")));
  EXPECT_TRUE(tensors.has_masked_language_head);
}

TEST(ModelFolder, NeverUsesTheUntiedDecoderOfAnEmbedder) {
  const PartTensors tensors =
      ModelFolder::open(require_parity("cfg_b/embedder")).load(ModelPart::kEmbedder);
  EXPECT_EQ(tensors.find("cls.predictions.decoder.weight"), nullptr);
  EXPECT_FALSE(tensors.has_masked_language_head);
  const auto& unused = tensors.accounting.unused;
  EXPECT_EQ(std::count(unused.begin(), unused.end(), "cls.predictions.decoder.weight"), 1);
  EXPECT_EQ(std::count(unused.begin(), unused.end(), "realm.embeddings.position_ids"), 1);
}

TEST(ModelFolder, ReadsOldBertNamesAsTheEncodersNames) {
  const ModelFolder folder = ModelFolder::open(require_parity("formats/bert_legacy"));
  const PartTensors encoder = folder.load(ModelPart::kEncoder);
  const auto file = TensorFile::open(require_parity("formats/bert_legacy/pytorch_model.bin"));
  EXPECT_EQ(to_float32(encoder.at("realm.embeddings.LayerNorm.weight")),
            to_float32(file->at("bert.embeddings.LayerNorm.gamma")));
  EXPECT_EQ(to_float32(encoder.at("cls.predictions.transform.LayerNorm.bias")),
            to_float32(file->at("cls.predictions.transform.LayerNorm.beta")));
  expect_names(encoder.accounting.unused,
               {"cls.seq_relationship.weight", "cls.seq_relationship.bias"});
  EXPECT_EQ(encoder.fingerprint(), folder.load(ModelPart::kBert).fingerprint());
  EXPECT_TRUE(encoder.has_masked_language_head);
}

TEST(ModelFolder, StartsAnEmbedderFromBertAndNamesWhatIsMissing) {
  const PartTensors tensors =
      ModelFolder::open(require_parity("formats/bert_legacy")).load(ModelPart::kEmbedder);
  expect_names(tensors.accounting.missing, {"cls.dense.weight", "cls.dense.bias",
                                            "cls.LayerNorm.weight", "cls.LayerNorm.bias"});
  EXPECT_NE(tensors.find("realm.pooler.dense.weight"), nullptr);
  expect_error(ErrorCode::kMismatch, "missing: cls.dense.weight, cls.dense.bias",
               [&] { tensors.require_complete(); });
}

TEST(ModelFolder, SaysWhichPartAFolderDoesNotHave) {
  const ModelFolder folder = ModelFolder::open(require_parity("cfg_b/embedder"));
  EXPECT_FALSE(folder.has(ModelPart::kEncoder));
  expect_error(ErrorCode::kNotFound, "There is no encoder in",
               [&] { folder.load(ModelPart::kEncoder); });
  expect_error(ErrorCode::kNotFound, "There is no BERT in",
               [&] { folder.config(ModelPart::kBert); });
}

TEST(ModelFolder, GivesTheBlockEmbeddingsOfAnOpenQaModel) {
  const ModelFolder folder = ModelFolder::open(require_parity("cfg_b/openqa"));
  const auto blocks = folder.block_embeddings();
  ASSERT_TRUE(blocks.has_value());
  EXPECT_EQ(blocks->tensor.shape, (std::vector<int64_t>{43, 16}));
  EXPECT_FALSE(ModelFolder::open(require_parity("cfg_b/reader")).block_embeddings().has_value());
}

TEST(ModelFolder, ReadsABundle) {
  const ModelFolder bundle = ModelFolder::open(require_parity("cfg_b"));
  EXPECT_TRUE(bundle.is_bundle());
  EXPECT_EQ(bundle.describe(), "bundle (embedder, scorer, encoder, reader, openqa)");
  EXPECT_EQ(bundle.parts(),
            (std::vector{ModelPart::kEmbedder, ModelPart::kEncoder, ModelPart::kReader}));
  EXPECT_EQ(bundle.load(ModelPart::kEmbedder).path,
            require_parity("cfg_b/embedder/model.safetensors"));
  EXPECT_EQ(bundle.vocabulary_file(), require_parity("cfg_b/vocab.txt"));
  EXPECT_TRUE(bundle.lower_case());
  for (const ModelPart part : bundle.parts()) EXPECT_NO_THROW(bundle.load(part).require_complete());
}

TEST(ModelFolder, TakesABundlesEmbedderFromItsOpenQaModelWhereThereIsNoOther) {
  REALM_PARITY_OR_SKIP(path, "cfg_a");
  const ModelFolder bundle = ModelFolder::open(path);
  EXPECT_EQ(bundle.describe(), "bundle (encoder, openqa)");
  const PartTensors embedder = bundle.load(ModelPart::kEmbedder);
  embedder.require_complete();
  EXPECT_EQ(embedder.at("cls.dense.weight").shape, (std::vector<int64_t>{32, 64}));
}

class BundleOnDisk : public ::testing::Test {
 protected:
  BundleOnDisk() {
    copy_folder(require_parity("cfg_b/embedder"), folder_ / "embedder");
    copy_folder(require_parity("cfg_b/encoder"), folder_ / "encoder");
  }
  TempDirectory folder_;
};

TEST_F(BundleOnDisk, TakesTheVocabularyOfAPart) {
  expect_error(ErrorCode::kNotFound, "vocab.txt",
               [&] { ModelFolder::open(folder_.path()).vocabulary_file(); });
  folder_.write("encoder/vocab.txt", "[PAD]\n");
  EXPECT_EQ(ModelFolder::open(folder_.path()).vocabulary_file(), folder_ / "encoder/vocab.txt");
  folder_.write("embedder/vocab.txt", "[UNK]\n");
  expect_error(ErrorCode::kMismatch, "differ", [&] { ModelFolder::open(folder_.path()); });
}

TEST_F(BundleOnDisk, FindsTheVocabularyAboveAPartThatIsOpenedAlone) {
  folder_.write("vocab.txt", "[PAD]\n");
  EXPECT_EQ(ModelFolder::open(folder_ / "encoder").vocabulary_file(), folder_ / "vocab.txt");
  EXPECT_EQ(ModelFolder::open(folder_ / "encoder/").vocabulary_file(), folder_ / "vocab.txt");
}

TEST_F(BundleOnDisk, HonoursDoLowerCase) {
  folder_.write("embedder/tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_FALSE(ModelFolder::open(folder_.path()).lower_case());
  EXPECT_FALSE(ModelFolder::open(folder_ / "embedder").lower_case());
  EXPECT_TRUE(ModelFolder::open(folder_ / "encoder").lower_case());
  folder_.write("tokenizer_config.json", R"({"do_lower_case": true})");
  EXPECT_TRUE(ModelFolder::open(folder_.path()).lower_case());
  folder_.write("tokenizer_config.json", R"({"do_lower_case": "yes"})");
  expect_error(ErrorCode::kCorruptData, "do_lower_case",
               [&] { ModelFolder::open(folder_.path()); });
}

TEST_F(BundleOnDisk, ReadsModelJson) {
  EXPECT_FALSE(ModelFolder::open(folder_.path()).info().step.has_value());
  folder_.write(
      "model.json",
      R"({"name": "starter", "step": 900, "query_length": 64, "document_length": 96, "score_scale": 0.25})");
  const BundleInfo info = ModelFolder::open(folder_.path()).info();
  EXPECT_EQ(info.name, "starter");
  EXPECT_EQ(info.step, 900);
  EXPECT_EQ(info.query_length, 64);
  EXPECT_EQ(info.document_length, 96);
  EXPECT_EQ(info.score_scale, 0.25);
  folder_.write("model.json", R"({"score_scale": 0})");
  expect_error(ErrorCode::kCorruptData, "\"score_scale\" should be a number above 0",
               [&] { ModelFolder::open(folder_.path()); });
  folder_.write("model.json", R"({"step": -1})");
  expect_error(ErrorCode::kCorruptData, "\"step\"", [&] { ModelFolder::open(folder_.path()); });
}

TEST_F(BundleOnDisk, RefusesASubfolderThatHoldsAnotherPart) {
  std::filesystem::rename(folder_ / "encoder", folder_ / "reader");
  expect_error(ErrorCode::kMismatch, "(encoder)", [&] { ModelFolder::open(folder_.path()); });
}

TEST_F(BundleOnDisk, TakesBertAsEncoderAndAsBaseline) {
  std::filesystem::remove_all(folder_ / "encoder");
  copy_folder(require_parity("formats/bert_legacy"), folder_ / "encoder");
  copy_folder(require_parity("formats/bert_legacy"), folder_ / "bert");
  const ModelFolder bundle = ModelFolder::open(folder_.path());
  EXPECT_EQ(bundle.parts(),
            (std::vector{ModelPart::kEmbedder, ModelPart::kEncoder, ModelPart::kBert}));
  EXPECT_NO_THROW(bundle.load(ModelPart::kEncoder).require_complete());
  EXPECT_NO_THROW(bundle.load(ModelPart::kBert).require_complete());
}

TEST_F(BundleOnDisk, SaysWhatIsNotThere) {
  expect_error(ErrorCode::kNotFound, "There is no folder",
               [&] { ModelFolder::open(folder_ / "none"); });
  std::filesystem::remove(folder_ / "encoder/config.json");
  expect_error(ErrorCode::kNotFound, "no config.json", [&] { ModelFolder::open(folder_.path()); });
  std::filesystem::remove(folder_ / "embedder/model.safetensors");
  std::filesystem::remove(folder_ / "embedder/pytorch_model.bin");
  expect_error(ErrorCode::kNotFound, "has a config.json but no weights",
               [&] { ModelFolder::open(folder_ / "embedder"); });
  const TempDirectory empty;
  expect_error(ErrorCode::kNotFound, "There is no model in",
               [&] { ModelFolder::open(empty.path()); });
}

TEST_F(BundleOnDisk, RefusesTensorsThatAreNoModelOfOurs) {
  folder_.write("x/config.json", "{}");
  folder_.write(
      "x/model.safetensors",
      testing::safetensors(R"({"a.b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "x"));
  expect_error(ErrorCode::kUnsupported, "the first is \"a.b\"",
               [&] { ModelFolder::open(folder_ / "x"); });
}

}  // namespace
}  // namespace realm

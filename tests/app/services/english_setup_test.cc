// The English workspace made of miniature packages and a model of a few numbers, by the code that
// makes the real one.
#include "app/services/english_setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <nlohmann/json.hpp>

#include "app/services/workspace_session.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/checkpoint/model_difference.h"
#include "engine/checkpoint/model_writer.h"
#include "storage/workspace.h"
#include "tests/storage/packages/package_samples.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::FakeFetcher;
using ::testing::HasSubstr;
using testing::TempDirectory;
using testing::write_samples;

const std::vector<std::string> kPieces = {"[PAD]", "[UNK]",  "[CLS]", "[SEP]", "[MASK]",  "a",
                                          "prime", "number", "of",    "the",   "austria", "."};

ModelConfig tiny_config(bool is_embedder) {
  ModelConfig config = ModelConfig::bert();
  config.vocabulary = static_cast<int64_t>(kPieces.size());
  config.hidden = 8;
  config.layers = 1;
  config.heads = 2;
  config.intermediate = 12;
  config.positions = 400;
  config.projection = 8;
  if (is_embedder) {
    config.pooling = RetrieverPooling::kMean;
    config.projection_kind = RetrieverProjection::kNone;
    config.normalize = true;
  }
  return config;
}

// A part whose values depend on their place, the tensor's name and `seed`.
void write_part(const fs::path& folder, ModelPart part, bool has_head, int seed) {
  const ModelConfig config = tiny_config(part == ModelPart::kEmbedder);
  std::deque<std::vector<float>> kept;
  std::vector<TensorToWrite> tensors;
  for (const ExpectedTensor& entry : expected_tensors(part, config)) {
    if (!entry.alias_of.empty() || !entry.required) continue;
    if (!has_head && entry.name.starts_with("cls.predictions.")) continue;
    int64_t count = 1;
    for (const int64_t size : entry.shape) count *= size;
    const bool is_gain = entry.name.ends_with("LayerNorm.weight");
    kept.emplace_back();
    for (int64_t i = 0; i < count; ++i) {
      const auto at = static_cast<float>(i + static_cast<int64_t>(entry.name.size()));
      kept.back().push_back(
          is_gain ? 1.0F : 0.1F * std::sin(at * (1.0F + 0.1F * static_cast<float>(seed))));
    }
    tensors.push_back({entry.name, entry.shape, ScalarType::kF16, kept.back()});
  }
  write_model_folder(folder, {part, config, tensors, kPieces, true});
}

class EnglishSetup : public ::testing::Test {
 protected:
  EnglishSetup() : fetcher_(write_samples(folder_ / "packages")) {
    const fs::path package = folder_ / "packages/tiny-encoder";
    write_part(folder_ / "base", ModelPart::kBert, /*has_head=*/false, 0);
    fs::create_directories(package);
    fs::copy_file(folder_ / "base/model.safetensors", package / "weights.safetensors");
    nlohmann::json vocabulary = nlohmann::json::object();
    for (size_t i = 0; i < kPieces.size(); ++i) vocabulary[kPieces[i]] = i;
    folder_.write("packages/tiny-encoder/tokenizer.json",
                  nlohmann::json{{"model", {{"type", "WordPiece"}, {"vocab", vocabulary}}}}.dump());
    fetcher_.contents["tiny-encoder"] = package;
    folder_.write("assets/models/base.json",
                  nlohmann::json{{"package", "tiny-encoder"},
                                 {"version", "1"},
                                 {"weights", "weights.safetensors"},
                                 {"weights_sha256", sha256_of_file(base_weights())},
                                 {"tokenizer", "tokenizer.json"},
                                 {"tokenizer_sha256", ""}}
                      .dump());
    add_difference(ModelPart::kEmbedder, "english/embedder", 1);
    add_difference(ModelPart::kEncoder, "english/encoder", 2);
    add_difference(ModelPart::kBert, "english-bert/bert", 3);
    folder_.write("assets/models/english/model.json",
                  R"({"query_length": 20, "document_length": 60})");
    folder_.write("assets/examples.json", "[]");
    options_.folder = folder_ / "workspace";
    options_.assets = folder_ / "assets";
    options_.starter_vocabulary = folder_ / "base/vocab.txt";
  }

  fs::path base_weights() const { return folder_ / "base/model.safetensors"; }
  void add_difference(ModelPart part, const std::string& name, int seed) const {
    const fs::path trained = folder_ / ("trained-" + std::to_string(seed));
    write_part(trained, part, true, seed);
    write_difference(base_weights(), ModelFolder::open(trained), part,
                     folder_ / "assets/models" / name);
  }
  EnglishSetupReport set_up(std::stop_token stop = {}, const ProgressCallback& progress = {}) {
    return set_up_english(options_, fetcher_, std::move(stop), progress);
  }

  TempDirectory folder_;
  FakeFetcher fetcher_;
  EnglishSetupOptions options_;
};

TEST_F(EnglishSetup, MakesModelsCorpusAndIndexThatAnswer) {
  const EnglishSetupReport report = set_up();
  EXPECT_TRUE(report.complete()) << report.models_failure;
  EXPECT_THAT(report.models, ElementsAre("english", "english-bert"));
  EXPECT_EQ(report.documents, 4);
  EXPECT_EQ(report.index.vectors, 4);
  SessionOptions options;
  options.workspace = options_.folder;
  WorkspaceSession session(options);
  AskQuery query;
  query.text = "A [[prime]] number.";
  const AskResult answer = session.ask(query, {});
  EXPECT_EQ(answer.documents.size(), 5U);  // with the null document
  EXPECT_EQ(answer.model_name, "english");
  ASSERT_TRUE(answer.baseline.has_value());
  // f(x,z) is a cosine times 20, which no training has changed here.
  for (const AskedDocument& document : answer.documents)
    EXPECT_LE(std::abs(document.score), 20.001);
  EXPECT_TRUE(fs::exists(options_.folder / "examples.json"));
  EXPECT_FALSE(fs::exists(options_.folder / "cache/models"));
}

TEST_F(EnglishSetup, TellsWhatAFolderIsWithoutChangingIt) {
  EXPECT_FALSE(look_at_english_folder(options_.folder).is_begun);
  EXPECT_EQ(look_at_english_folder(options_.folder).problem, "");
  EXPECT_EQ(look_at_english_folder(folder_ / "not/there/yet").problem, "");
  EXPECT_FALSE(fs::exists(options_.folder));
  set_up();
  EXPECT_TRUE(look_at_english_folder(options_.folder).is_begun);
  EXPECT_EQ(look_at_english_folder(options_.folder).problem, "");
  EXPECT_THAT(look_at_english_folder(folder_ / "packages").problem, HasSubstr("something else"));
  EXPECT_THAT(look_at_english_folder(base_weights()).problem, HasSubstr("something else"));
  EXPECT_NE(look_at_english_folder(base_weights() / "below").problem, "");
  Workspace::create(folder_ / "mine", "mine");
  EXPECT_THAT(look_at_english_folder(folder_ / "mine").problem, HasSubstr("another folder"));
}

TEST_F(EnglishSetup, DoesNothingWhereAllIsThere) {
  const EnglishSetupReport first = set_up();
  const EnglishSetupReport again = set_up();
  EXPECT_TRUE(again.complete());
  EXPECT_EQ(again.index.generation, first.index.generation);
  for (const EnglishSourceReport& source : again.corpora.sources) EXPECT_TRUE(source.already_there);
}

TEST_F(EnglishSetup, WithoutTheEncoderHasThePassagesAndGoesOnLater) {
  fetcher_.contents.erase("tiny-encoder");
  const EnglishSetupReport report = set_up();
  EXPECT_FALSE(report.complete());
  EXPECT_THAT(report.models_failure, HasSubstr("tiny-encoder"));
  EXPECT_EQ(report.documents, 4);
  EXPECT_EQ(report.index.type, "");
  fetcher_.contents["tiny-encoder"] = folder_ / "packages/tiny-encoder";
  EXPECT_EQ(set_up().index.vectors, 4);
}

TEST_F(EnglishSetup, SaysThatTheEncoderIsAnotherOne) {
  write_part(folder_ / "other", ModelPart::kBert, false, 9);
  fs::copy_file(folder_ / "other/model.safetensors",
                folder_ / "packages/tiny-encoder/weights.safetensors",
                fs::copy_options::overwrite_existing);
  const EnglishSetupReport report = set_up();
  EXPECT_THAT(report.models_failure, HasSubstr("SHA-256"));
  EXPECT_TRUE(report.models.empty());
}

TEST_F(EnglishSetup, TakesTheEncoderFromAFolderOfTheUsers) {
  fetcher_.contents.erase("tiny-encoder");
  options_.base = folder_ / "base";  // the same weights
  const EnglishSetupReport report = set_up();
  EXPECT_TRUE(report.complete()) << report.models_failure;
  EXPECT_EQ(report.base_archive, (folder_ / "base").string());
}

TEST_F(EnglishSetup, TakesAnyBertWithAHeadAsItIs) {
  write_part(folder_ / "mine", ModelPart::kBert, true, 7);
  options_.base = folder_ / "mine";
  const EnglishSetupReport report = set_up();
  EXPECT_TRUE(report.complete()) << report.models_failure;
  const ModelFolder model = ModelFolder::open(options_.folder / "models/english");
  EXPECT_EQ(model.config(ModelPart::kEmbedder).pooling, RetrieverPooling::kMean);
  EXPECT_EQ(report.index.vectors, 4);

  options_.folder = folder_ / "second";
  write_part(folder_ / "headless", ModelPart::kBert, false, 8);
  options_.base = folder_ / "headless";
  EXPECT_THAT(set_up().models_failure, HasSubstr("no masked language model head"));
}

TEST_F(EnglishSetup, StopsWhenAskedAndGoesOn) {
  std::stop_source source;
  const auto stop_at_corpora = [&](const Progress& progress) {
    if (progress.stage.starts_with("adding")) source.request_stop();
  };
  try {
    set_up(source.get_token(), stop_at_corpora);
    FAIL() << "it was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_TRUE(fs::exists(options_.folder / "models/english"));
  const EnglishSetupReport report = set_up();
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.index.vectors, 4);
}

}  // namespace
}  // namespace realm

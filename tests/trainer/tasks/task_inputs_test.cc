#include "trainer/tasks/task_inputs.h"

#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "engine/model/model_io.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/tasks/task_world.h"

namespace realm {
namespace {

using testing::small_embedder;
using testing::small_encoder;
using testing::task_inputs;
using testing::TempDirectory;

class InitialModels : public ::testing::Test {
 protected:
  InitialModels() : inputs_(task_inputs()) {
    inputs_.models_folder = folder_.path();
    inputs_.options.initial_model = "one";
    save_embedder(folder_.path() / "one" / "embedder", small_embedder(inputs_, 1),
                  *inputs_.tokenizer);
    save_embedder(folder_.path() / "two" / "embedder", small_embedder(inputs_, 2),
                  *inputs_.tokenizer);
  }

  const TempDirectory folder_;
  TaskInputs inputs_;
};

TEST_F(InitialModels, AreAveragedWeightByWeight) {
  inputs_.options.average_model = "two";
  const NamedParameters mean = load_or_make_embedder(inputs_)->named();
  const NamedParameters one = small_embedder(inputs_, 1)->named();
  const NamedParameters two = small_embedder(inputs_, 2)->named();
  ASSERT_EQ(mean.size(), one.size());
  for (size_t i = 0; i < mean.size(); ++i) {
    EXPECT_TRUE(torch::allclose(mean[i].value(), (one[i].value() + two[i].value()) / 2))
        << mean[i].name;
  }
}

TEST_F(InitialModels, HaveTheirEncodersAveragedByThemselves) {
  for (const int seed : {1, 2}) {
    save_encoder(folder_.path() / (seed == 1 ? "one" : "two") / "encoder",
                 small_encoder(inputs_, seed), *inputs_.tokenizer);
  }
  inputs_.options.average_encoder = "two";
  const NamedParameters mean = load_or_make_encoder(inputs_)->named();
  const NamedParameters one = small_encoder(inputs_, 1)->named();
  const NamedParameters two = small_encoder(inputs_, 2)->named();
  ASSERT_EQ(mean.size(), one.size());
  for (size_t i = 0; i < mean.size(); ++i) {
    EXPECT_TRUE(torch::allclose(mean[i].value(), (one[i].value() + two[i].value()) / 2))
        << mean[i].name;
  }
}

TEST_F(InitialModels, AreNamedWhenTheyAreNotThere) {
  inputs_.options.average_model = "three";
  try {
    load_or_make_embedder(inputs_);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("average_model"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("three"), std::string::npos);
  }
}

// A run without passages leaves a plain BERT; the next one goes on from it, deeper if asked.
TEST_F(InitialModels, MayBeAPlainBert) {
  inputs_.options.initial_model = "plain";
  const KnowledgeAugmentedEncoder saved = small_encoder(inputs_, 3);
  save_bert(folder_.path() / "plain" / "bert", saved, *inputs_.tokenizer);
  const KnowledgeAugmentedEncoder same = load_or_make_encoder(inputs_);
  inputs_.options.grow_to_layers = 3;
  const KnowledgeAugmentedEncoder deeper = load_or_make_encoder(inputs_);
  EXPECT_EQ(same->config().layers, 1);
  EXPECT_EQ(deeper->config().layers, 3);
  const auto word = [](const KnowledgeAugmentedEncoder& encoder) {
    return encoder->named().front().value();
  };
  EXPECT_TRUE(torch::equal(word(same), word(saved)));
  EXPECT_TRUE(torch::equal(word(deeper), word(saved)));
}

TEST_F(InitialModels, MayBeABodyWithoutAHead) {
  inputs_.options.initial_model = "body";
  ModelConfig config = small_encoder(inputs_, 4)->config();
  config.model_type = "bert";
  config.pooling = RetrieverPooling::kMean;
  config.projection_kind = RetrieverProjection::kNone;
  config.projection = config.hidden;
  const Embedder body(config);
  save_embedder(folder_.path() / "body", body, *inputs_.tokenizer);
  const KnowledgeAugmentedEncoder encoder = load_or_make_encoder(inputs_);
  EXPECT_TRUE(torch::equal(encoder->named().front().value(), body->named().front().value()));
  // The same folder gives the retriever, pooled as it says.
  EXPECT_EQ(load_or_make_embedder(inputs_)->config().pooling, RetrieverPooling::kMean);
}

// options.dropout takes the place of what their config says.
TEST_F(InitialModels, TrainWithTheDropoutOfTheOptions) {
  save_encoder(folder_.path() / "one" / "encoder", small_encoder(inputs_, 1), *inputs_.tokenizer);
  inputs_.options.dropout = 0.25;
  Embedder embedder = load_or_make_embedder(inputs_);
  const KnowledgeAugmentedEncoder encoder = load_or_make_encoder(inputs_);
  for (const ModelConfig& config : {embedder->config(), encoder->config()}) {
    EXPECT_EQ(config.hidden_dropout, 0.25);
    EXPECT_EQ(config.attention_dropout, 0.25);
  }
  const auto expect_same = [](const NamedParameters& a, const NamedParameters& b) {
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i)
      EXPECT_TRUE(torch::equal(a[i].value(), b[i].value())) << a[i].name;
  };
  expect_same(embedder->named(), small_embedder(inputs_, 1)->named());
  expect_same(encoder->named(), small_encoder(inputs_, 1)->named());
  // It is there while training alone.
  const BertInput input = pack_document(inputs_.passages.at(0).title, inputs_.passages.at(0).body(),
                                        inputs_.lengths(), inputs_.vocabulary().special());
  const BertBatch batch =
      make_batch(std::span(&input, 1), inputs_.vocabulary().special(), inputs_.device);
  const auto embed = [&](bool training, int seed) {
    torch::manual_seed(static_cast<uint64_t>(seed));
    embedder->train(training);
    return embedder(batch);
  };
  EXPECT_FALSE(torch::equal(embed(true, 1), embed(true, 2)));
  EXPECT_TRUE(torch::equal(embed(false, 1), embed(false, 2)));
}

// The small models have 32 positions: 12 + 20 fit, 12 + 21 do not.
TEST_F(InitialModels, AreNotGivenInputsThatTheyCannotTake) {
  save_encoder(folder_.path() / "one" / "encoder", small_encoder(inputs_, 1), *inputs_.tokenizer);
  inputs_.options.task = TrainTask::kPretrain;
  inputs_.options.document_length = 20;
  EXPECT_NO_THROW(load_or_make_encoder(inputs_));
  inputs_.options.document_length = 21;
  EXPECT_NO_THROW(load_or_make_embedder(inputs_)) << "which has each by itself";
  EXPECT_THROW(load_or_make_encoder(inputs_), Error);
  inputs_.options.document_length = 33;
  EXPECT_THROW(load_or_make_embedder(inputs_), Error);
}

TEST_F(InitialModels, KeepTheirEmbeddingsWhenTheseAreFrozen) {
  const KnowledgeAugmentedEncoder encoder = small_encoder(inputs_, 5);
  const size_t all = trained_parameters(encoder->named(), inputs_.options).size();
  EXPECT_EQ(all, encoder->named().size());
  inputs_.options.freeze_embeddings = true;
  const NamedParameters trained = trained_parameters(encoder->named(), inputs_.options);
  EXPECT_EQ(trained.size(), all - 2);
  for (const NamedParameter& named : trained) {
    EXPECT_EQ(named.name.find("word_embeddings"), std::string::npos);
    EXPECT_EQ(named.name.find("position_embeddings"), std::string::npos);
    EXPECT_TRUE(named.parameter.requires_grad());
  }
  EXPECT_FALSE(encoder->named().front().parameter.requires_grad());
}

}  // namespace
}  // namespace realm

// What the embedder computes when the config asks for another pooling or projection than REALM's;
// its own form is in parity_test.cc.
#include "engine/model/embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/error.h"
#include "engine/model/model_io.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using ::testing::HasSubstr;
using testing::TempDirectory;
using torch::Tensor;

const SpecialIds kSpecial{0, 1, 2, 3, 4};

ModelConfig sentence_config(RetrieverPooling pooling) {
  ModelConfig config = ModelConfig::bert();
  config.vocabulary = 12;
  config.hidden = 8;
  config.layers = 2;
  config.heads = 2;
  config.intermediate = 12;
  config.positions = 10;
  config.projection = 8;
  config.hidden_dropout = config.attention_dropout = 0.0;
  config.pooling = pooling;
  config.projection_kind = RetrieverProjection::kNone;
  config.normalize = true;
  return config;
}

BertBatch two_rows() {
  const std::vector<BertInput> inputs = {{{2, 7, 3}, {0, 0, 0}},
                                         {{2, 8, 9, 10, 3}, {0, 0, 0, 0, 0}}};
  return make_batch(inputs, kSpecial, torch::kCPU);
}

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(Embedder, WithMeanPoolingIsTheMeanOverThePiecesAndNotOverThePadding) {
  torch::manual_seed(1);
  ModelConfig config = sentence_config(RetrieverPooling::kMean);
  config.normalize = false;
  Embedder embedder(config);
  embedder->eval();
  const torch::NoGradGuard no_grad;
  const BertBatch batch = two_rows();
  const Tensor hidden = embedder->body()->forward(batch);  // [2, 5, 8]
  const Tensor embedding = embedder->forward(batch);
  EXPECT_LT(difference(embedding[0], (hidden[0][0] + hidden[0][1] + hidden[0][2]) / 3), 1e-6);
  EXPECT_LT(difference(embedding[1], hidden[1].sum(0) / 5), 1e-6);
  // Without padding there is no mask.
  const std::vector<BertInput> one = {{{2, 7, 3}, {0, 0, 0}}};
  EXPECT_LT(difference(embedder->forward(make_batch(one, kSpecial, torch::kCPU))[0], embedding[0]),
            1e-5);
}

TEST(Embedder, WithFirstPiecePoolingIsTheFirstPiece) {
  torch::manual_seed(2);
  ModelConfig config = sentence_config(RetrieverPooling::kCls);
  config.normalize = false;
  Embedder embedder(config);
  const torch::NoGradGuard no_grad;
  const BertBatch batch = two_rows();
  EXPECT_LT(difference(embedder->forward(batch), embedder->body()->forward(batch).select(1, 0)),
            1e-5);
}

TEST(Embedder, NormalisedGivesTheCosineTimesTheScale) {
  torch::manual_seed(3);
  Embedder embedder(sentence_config(RetrieverPooling::kMean));
  const BertBatch batch = two_rows();
  const Tensor hidden = embedder->body()->forward(batch).detach();
  const Tensor a = hidden[0].slice(0, 0, 3).mean(0);
  const Tensor b = hidden[1].mean(0);
  const double cosine = (a.dot(b) / (a.norm() * b.norm())).item<double>();
  const Tensor embedding = embedder->forward(batch);
  const Tensor score = embedding[0].dot(embedding[1]);
  EXPECT_NEAR(score.item<double>(), 20.0 * cosine, 1e-4);
  EXPECT_NEAR(embedding[0].norm().item<double>(), std::sqrt(20.0), 1e-5);
  // d f / d log s = f.
  score.backward();
  for (const NamedParameter& named : embedder->named()) {
    if (named.name == "cls.log_score_scale") {
      EXPECT_NEAR(named.gradient().item<double>(), score.item<double>(), 1e-4);
    }
  }
}

TEST(Embedder, WithATanhProjectionIsItsTanh) {
  torch::manual_seed(4);
  ModelConfig config = sentence_config(RetrieverPooling::kMean);
  config.normalize = false;
  config.projection_kind = RetrieverProjection::kDenseTanh;
  config.projection = 3;
  Embedder embedder(config);
  const torch::NoGradGuard no_grad;
  const BertBatch batch = two_rows();
  Tensor weight, bias;
  for (const NamedParameter& named : embedder->named()) {
    if (named.name == "cls.dense.weight") weight = named.value();
    if (named.name == "cls.dense.bias") bias = named.value().fill_(0.25);
  }
  const Tensor mean = embedder->body()->forward(batch)[1].mean(0);
  EXPECT_LT(difference(embedder->forward(batch)[1], torch::tanh(torch::mv(weight, mean) + bias)),
            1e-6);
}

TEST(Embedder, ProjectsAMeanBeforeItsLengthIsMadeOne) {
  torch::manual_seed(7);
  ModelConfig config = sentence_config(RetrieverPooling::kMean);
  config.projection_kind = RetrieverProjection::kDense;
  Embedder embedder(config);
  const torch::NoGradGuard no_grad;
  const BertBatch batch = two_rows();
  Tensor weight, bias;
  for (const NamedParameter& named : embedder->named()) {
    if (named.name == "cls.dense.weight") weight = named.value().normal_();
    if (named.name == "cls.dense.bias") bias = named.value().fill_(0.25);
  }
  const Tensor mean = embedder->body()->forward(batch)[1].mean(0);
  const Tensor projected = torch::mv(weight, mean) + bias;
  const Tensor expected = std::sqrt(20.0) * projected / projected.norm();
  EXPECT_LT(difference(embedder->forward(batch)[1], expected), 1e-5);

  embedder->to(torch::kBFloat16);
  const Tensor half = embedder->forward(batch)[1].to(torch::kFloat32);
  EXPECT_LT(difference(half, expected), 0.1);
  EXPECT_NEAR(half.norm().item<double>(), std::sqrt(20.0), 0.03);
}

std::shared_ptr<const WordPieceTokenizer> small_tokenizer() {
  std::vector<std::string> pieces = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  for (const char* piece : {"a", "b", "c", "d", "e", "f", "g"}) pieces.emplace_back(piece);
  return std::make_shared<const WordPieceTokenizer>(std::make_shared<const Vocabulary>(pieces));
}

TEST(Embedder, OfASentenceEncoderIsSavedAndLoadedWithItsScale) {
  torch::manual_seed(5);
  Embedder embedder(sentence_config(RetrieverPooling::kMean));
  const torch::NoGradGuard no_grad;
  for (const NamedParameter& named : embedder->named()) {
    if (named.name == "cls.log_score_scale") named.value().fill_(std::log(7.0));
  }
  const TempDirectory folder;
  save_embedder(folder / "embedder", embedder, *small_tokenizer());
  const Embedder again = load_embedder(ModelFolder::open(folder / "embedder"), torch::kCPU);
  Embedder loaded = again;
  const BertBatch batch = two_rows();
  EXPECT_LT(difference(embedder->forward(batch), loaded->forward(batch)), 1e-6);
  EXPECT_NEAR(loaded->forward(batch)[0].norm().item<double>(), std::sqrt(7.0), 1e-5);
}

TEST(Encoder, OfABodyWithoutAHeadStartsWithTheIdentityAsItsTransform) {
  torch::manual_seed(6);
  ModelConfig config = sentence_config(RetrieverPooling::kMean);
  Embedder embedder(config);
  const torch::NoGradGuard no_grad;
  const TempDirectory folder;
  save_embedder(folder / "body", embedder, *small_tokenizer());
  const ModelFolder model = ModelFolder::open(folder / "body");
  EXPECT_FALSE(model.has(ModelPart::kEncoder));
  KnowledgeAugmentedEncoder encoder = make_encoder_of_body(model, torch::kCPU);
  encoder->eval();
  const BertBatch batch = two_rows();
  const Tensor hidden = embedder->body()->forward(batch);
  EXPECT_LT(difference(encoder->body()->forward(batch), hidden), 1e-6);
  // logits = LayerNorm(gelu(h)) E^T: the norm's gain is 1, all biases are 0.
  const Tensor activated = activate(hidden, HiddenActivation::kGeluErf);
  const Tensor normed = torch::layer_norm(activated, {8}, {}, {}, 1e-12);
  const Tensor expected = torch::matmul(normed, encoder->body()->word_embeddings().t());
  EXPECT_LT(difference(encoder->logits(hidden), expected), 1e-5);
}

}  // namespace
}  // namespace realm

// What the networks promise beyond the reference's values: rows, padding, lengths, initialisation,
// saving and loading.
#include "engine/model/bert_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/error.h"
#include "engine/model/model_io.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::golden;
using ::testing::HasSubstr;
using testing::TempDirectory;
using torch::Tensor;

ModelConfig small_config() {
  ModelConfig config;
  config.vocabulary = 40;
  config.hidden = 16;
  config.layers = 2;
  config.heads = 4;
  config.intermediate = 24;
  config.positions = 12;
  config.projection = 8;
  config.hidden_dropout = 0.0;
  config.attention_dropout = 0.0;
  return config;
}

const SpecialIds kSpecial{0, 1, 2, 3, 4};

BertInput sequence(std::vector<int32_t> ids) {
  BertInput input;
  input.segments.assign(ids.size(), 0);
  if (ids.size() > 3) input.segments.back() = 1;
  input.ids = std::move(ids);
  return input;
}

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(BertBatch, PadsToTheLongestAndSaysWhatIsPadding) {
  const std::vector<BertInput> inputs = {sequence({2, 7, 3}), sequence({2, 8, 9, 9, 3})};
  const BertBatch batch = make_batch(inputs, kSpecial, torch::kCPU);
  EXPECT_TRUE(torch::equal(
      batch.ids, torch::tensor(std::vector<int64_t>{2, 7, 3, 0, 0, 2, 8, 9, 9, 3}).view({2, 5})));
  EXPECT_TRUE(
      torch::equal(batch.segments,
                   torch::tensor(std::vector<int64_t>{0, 0, 0, 0, 0, 0, 0, 0, 0, 1}).view({2, 5})));
  EXPECT_TRUE(
      torch::equal(batch.attention,
                   torch::tensor(std::vector<float>{1, 1, 1, 0, 0, 1, 1, 1, 1, 1}).view({2, 5})));
}

TEST(BertBatch, NeedsNoAttentionMaskWhereNothingIsPadded) {
  const std::vector<BertInput> inputs = {sequence({2, 7, 3}), sequence({2, 8, 3})};
  EXPECT_FALSE(make_batch(inputs, kSpecial, torch::kCPU).attention.defined());
}

TEST(BertBody, GivesARowTheSameWhateverItIsPaddedBeside) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  BertBody body(small_config());
  body->eval();
  const std::vector<BertInput> inputs = {sequence({2, 7, 3}),
                                         sequence({2, 8, 9, 10, 11, 12, 13, 3})};
  const Tensor together = body->forward(make_batch(inputs, kSpecial, torch::kCPU));
  for (int64_t row = 0; row < 2; ++row) {
    const Tensor alone =
        body->forward(make_batch({&inputs[static_cast<size_t>(row)], 1}, kSpecial, torch::kCPU))[0];
    EXPECT_LT(difference(together[row].slice(0, 0, alone.size(0)), alone), 1e-5);
  }
}

TEST(BertBody, ComputesOnlyTheRowsAskedForAndTheSame) {
  torch::manual_seed(2);
  for (const int64_t layers : {0, 1, 2}) {
    ModelConfig config = small_config();
    config.layers = layers;
    BertBody body(config);
    const std::vector<BertInput> inputs = {sequence({2, 7, 3}), sequence({2, 8, 9, 10, 3})};
    const BertBatch batch = make_batch(inputs, kSpecial, torch::kCPU);
    const Tensor rows = torch::tensor(std::vector<int64_t>{7, 1, 1, 9}, torch::kInt64);
    const auto gradients = [&](const Tensor& out) {
      body->zero_grad();
      (out * torch::arange(16)).sum().backward();
      return body->word_embeddings().grad().clone();
    };
    const Tensor whole = body->forward(batch).view({-1, 16}).index_select(0, rows);
    const Tensor some = body->forward_rows(batch, rows);
    EXPECT_LT(difference(whole, some), 1e-5) << layers << " layers";
    EXPECT_LT(difference(gradients(whole), gradients(some)), 1e-4) << layers << " layers";
  }
}

TEST(BertBody, RefusesAnInputLongerThanItsPositions) {
  BertBody body(small_config());
  const BertInput input = sequence(std::vector<int32_t>(13, 5));
  try {
    body->forward(make_batch({&input, 1}, kSpecial, torch::kCPU));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("up to 12 pieces, but the input has 13"));
  }
}

TEST(BertBody, DropsOutInTrainingOnly) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(3);
  ModelConfig config = small_config();
  config.hidden_dropout = 0.5;
  config.attention_dropout = 0.5;
  BertBody body(config);
  const BertInput input = sequence({2, 8, 9, 3});
  const BertBatch batch = make_batch({&input, 1}, kSpecial, torch::kCPU);
  body->train();
  EXPECT_GT(difference(body->forward(batch), body->forward(batch)), 1e-3);
  body->eval();
  EXPECT_EQ(difference(body->forward(batch), body->forward(batch)), 0.0);
}

TEST(BertBody, StartsFromBertsInitialisation) {
  torch::manual_seed(4);
  ModelConfig config = small_config();
  config.vocabulary = 2000;
  config.initializer_range = 0.05;
  Embedder embedder(config);
  for (const NamedParameter& named : embedder->named()) {
    const Tensor value = named.value();
    const bool is_norm = named.name.find("LayerNorm") != std::string::npos;
    if (named.name.ends_with("bias")) {
      EXPECT_EQ(value.abs().max().item<double>(), 0.0) << named.name;
    } else if (is_norm) {
      EXPECT_EQ(difference(value, torch::ones_like(value)), 0.0) << named.name;
    } else if (value.numel() > 10000) {
      EXPECT_NEAR(value.std().item<double>(), 0.05, 0.001) << named.name;
      EXPECT_NEAR(value.mean().item<double>(), 0.0, 0.001) << named.name;
    }
  }
}

TEST(Activations, AreThoseOfTheirFormulas) {
  const Tensor x = torch::linspace(-4, 4, 33, torch::kFloat64);
  const Tensor erf = activate(x, HiddenActivation::kGeluErf);
  const Tensor tanh = activate(x, HiddenActivation::kGeluTanh);
  const Tensor relu = activate(x, HiddenActivation::kRelu);
  for (int64_t i = 0; i < x.size(0); ++i) {
    const auto v = x[i].item<double>();
    EXPECT_NEAR(erf[i].item<double>(), 0.5 * v * (1 + std::erf(v / std::sqrt(2.0))), 1e-12);
    EXPECT_NEAR(tanh[i].item<double>(),
                0.5 * v * (1 + std::tanh(std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v))), 1e-12);
    EXPECT_EQ(relu[i].item<double>(), std::max(v, 0.0));
  }
}

// The names that a checkpoint has are windows onto the parameters: together they cover each of them
// once.
template <typename Network>
void expect_named_cover(const Network& network) {
  std::map<const void*, int64_t> covered;
  for (const NamedParameter& named : network->named()) {
    EXPECT_EQ(named.value().size(0), named.row_end - named.row_begin);
    covered[named.parameter.unsafeGetTensorImpl()] += named.row_end - named.row_begin;
  }
  EXPECT_EQ(covered.size(), network->parameters().size());
  for (const Tensor& parameter : network->parameters()) {
    EXPECT_EQ(covered[parameter.unsafeGetTensorImpl()], parameter.size(0));
  }
}

TEST(NamedParameters, CoverEveryParameterOnce) {
  expect_named_cover(Embedder(small_config()));
  expect_named_cover(KnowledgeAugmentedEncoder(small_config()));
}

template <typename Network>
void expect_equal_parameters(const Network& a, const Network& b) {
  const NamedParameters left = a->named();
  const NamedParameters right = b->named();
  ASSERT_EQ(left.size(), right.size());
  for (size_t i = 0; i < left.size(); ++i) {
    EXPECT_EQ(left[i].name, right[i].name);
    EXPECT_TRUE(torch::equal(left[i].value(), right[i].value())) << left[i].name;
  }
}

TEST(ModelIo, GivesBackWhatItSaved) {
  const TempDirectory folder;
  const ModelFolder embedder_folder = ModelFolder::open(golden("cfg_b/embedder"));
  const ModelFolder encoder_folder = ModelFolder::open(golden("cfg_b/encoder"));
  const auto tokenizer = load_tokenizer(embedder_folder);
  const Embedder embedder = load_embedder(embedder_folder, torch::kCPU);
  const KnowledgeAugmentedEncoder encoder = load_encoder(encoder_folder, torch::kCPU);
  save_embedder(folder / "embedder", embedder, *tokenizer);
  save_encoder(folder / "encoder", encoder, *tokenizer);
  save_bert(folder / "bert", encoder, *tokenizer);
  expect_equal_parameters(embedder,
                          load_embedder(ModelFolder::open(folder / "embedder"), torch::kCPU));
  expect_equal_parameters(encoder,
                          load_encoder(ModelFolder::open(folder / "encoder"), torch::kCPU));
  expect_equal_parameters(encoder, load_encoder(ModelFolder::open(folder / "bert"), torch::kCPU));
  const ModelFolder saved = ModelFolder::open(folder / "embedder");
  EXPECT_EQ(saved.config(ModelPart::kEmbedder).layer_norm_eps, embedder->config().layer_norm_eps);
  EXPECT_EQ(load_tokenizer(saved)->vocabulary().fingerprint(),
            tokenizer->vocabulary().fingerprint());
  EXPECT_EQ(saved.load(ModelPart::kEmbedder).fingerprint(),
            embedder_folder.load(ModelPart::kEmbedder).fingerprint());
}

TEST(ModelIo, CutsTheLengthsToTheModelsPositions) {
  const TempDirectory folder;
  for (const char* part : {"embedder", "encoder"}) {
    std::filesystem::copy(golden("cfg_b") / part, folder / part,
                          std::filesystem::copy_options::recursive);
  }
  std::filesystem::copy_file(golden("cfg_b/vocab.txt"), folder / "vocab.txt");
  // REALM's 96, 288 and 384 in a model of 96 positions.
  SequenceLengths lengths = sequence_lengths(ModelFolder::open(folder.path()));
  EXPECT_EQ(lengths.query, 96);
  EXPECT_EQ(lengths.document, 96);
  EXPECT_EQ(lengths.joint, 96);
  folder.write("model.json", R"({"query_length": 20, "document_length": 44})");
  lengths = sequence_lengths(ModelFolder::open(folder.path()));
  EXPECT_EQ(lengths.query, 20);
  EXPECT_EQ(lengths.document, 44);
  EXPECT_EQ(lengths.joint, 64);
}

}  // namespace
}  // namespace realm

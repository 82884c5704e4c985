#include "engine/checkpoint/model_config.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::read_json;
using testing::require_parity;

void expect_refused(std::string_view json, ErrorCode code, std::string_view part_of_sentence) {
  expect_error(code, part_of_sentence, [&] { ModelConfig::parse(json, "config.json"); });
}

TEST(ModelConfig, HasTheHubsDefaultsWhereNothingIsSaid) {
  const ModelConfig config = ModelConfig::parse("{}", "config.json");
  EXPECT_EQ(config.model_type, "realm");
  EXPECT_EQ(config.vocabulary, 30522);
  EXPECT_EQ(config.hidden, 768);
  EXPECT_EQ(config.layers, 12);
  EXPECT_EQ(config.heads, 12);
  EXPECT_EQ(config.intermediate, 3072);
  EXPECT_EQ(config.positions, 512);
  EXPECT_EQ(config.types, 2);
  EXPECT_EQ(config.activation, HiddenActivation::kGeluTanh);
  EXPECT_EQ(config.layer_norm_eps, 1e-12);
  EXPECT_EQ(config.hidden_dropout, 0.1);
  EXPECT_EQ(config.attention_dropout, 0.1);
  EXPECT_EQ(config.pad_token_id, 1);
  EXPECT_EQ(config.projection, 128);
  EXPECT_EQ(config.num_candidates, 8);
  EXPECT_EQ(config.span_hidden, 256);
  EXPECT_EQ(config.max_span_width, 10);
  EXPECT_EQ(config.reader_layer_norm_eps, 1e-3);
  EXPECT_EQ(config.reader_beam, 5);
  EXPECT_EQ(config.reader_length, 320);
  EXPECT_EQ(config.searcher_beam, 5000);
  EXPECT_EQ(config.block_records, 13353718);
}

TEST(ModelConfig, HasBertsActivationAndPaddingInABertConfig) {
  const ModelConfig config = ModelConfig::parse(R"({"model_type": "bert"})", "config.json");
  EXPECT_EQ(config.activation, HiddenActivation::kGeluErf);
  EXPECT_EQ(config.pad_token_id, 0);
}

TEST(ModelConfig, ReadsTheFixtures) {
  const ModelConfig config = ModelConfig::load(require_parity("cfg_b/reader/config.json"));
  EXPECT_EQ(config.architectures, std::vector<std::string>{"RealmReader"});
  EXPECT_EQ(config.vocabulary, 360);
  EXPECT_EQ(config.hidden, 24);
  EXPECT_EQ(config.layers, 3);
  EXPECT_EQ(config.heads, 3);
  EXPECT_EQ(config.intermediate, 56);
  EXPECT_EQ(config.positions, 96);
  EXPECT_EQ(config.activation, HiddenActivation::kGeluErf);
  EXPECT_EQ(config.layer_norm_eps, 1e-5);
  EXPECT_EQ(config.projection, 16);
  EXPECT_EQ(config.num_candidates, 5);
  EXPECT_EQ(config.span_hidden, 10);
  EXPECT_EQ(config.max_span_width, 4);
  EXPECT_EQ(config.reader_beam, 2);
  EXPECT_EQ(config.searcher_beam, 5);
  EXPECT_EQ(config.other.at("bos_token_id"), "0");
}

TEST(ModelConfig, WritesBackEveryKeyAndValueThatItRead) {
  for (const char* const name : {"cfg_b/embedder/config.json", "cfg_b/openqa/config.json",
                                 "formats/bert_legacy/config.json"}) {
    const auto path = require_parity(name);
    const auto written = nlohmann::json::parse(ModelConfig::load(path).to_json());
    EXPECT_EQ(written, read_json(path)) << name;
  }
}

TEST(ModelConfig, KnowsTheOtherNamesOfTheActivations) {
  EXPECT_EQ(ModelConfig::parse(R"({"hidden_act": "gelu_pytorch_tanh"})", "c").activation,
            HiddenActivation::kGeluTanh);
  EXPECT_EQ(ModelConfig::parse(R"({"hidden_act": "relu"})", "c").activation,
            HiddenActivation::kRelu);
  expect_refused(R"({"hidden_act": "swish"})", ErrorCode::kUnsupported, "\"swish\"");
}

TEST(ModelConfig, NamesTheKeyThatIsWrong) {
  expect_refused("", ErrorCode::kCorruptData, "JSON object");
  expect_refused("[1]", ErrorCode::kCorruptData, "JSON object");
  expect_refused(R"({"hidden_size": )", ErrorCode::kCorruptData, "JSON object");
  expect_refused(R"({"hidden_size": "24"})", ErrorCode::kCorruptData,
                 "\"hidden_size\" should be a whole number");
  expect_refused(R"({"hidden_size": 24.5})", ErrorCode::kCorruptData, "and is 24.5");
  expect_refused(R"({"num_hidden_layers": 0})", ErrorCode::kCorruptData, "\"num_hidden_layers\"");
  expect_refused(R"({"vocab_size": -3})", ErrorCode::kCorruptData, "and is -3");
  expect_refused(R"({"vocab_size": 18446744073709551615})", ErrorCode::kCorruptData,
                 "\"vocab_size\"");
  expect_refused(R"({"layer_norm_eps": "small"})", ErrorCode::kCorruptData,
                 "\"layer_norm_eps\" should be a number");
  expect_refused(R"({"hidden_dropout_prob": 1.0})", ErrorCode::kCorruptData,
                 "\"hidden_dropout_prob\"");
  expect_refused(R"({"architectures": "BertModel"})", ErrorCode::kCorruptData, "\"architectures\"");
  expect_refused(R"({"hidden_size": 24, "num_attention_heads": 5})", ErrorCode::kCorruptData,
                 "multiple of \"num_attention_heads\" (5)");
}

TEST(ModelConfig, RefusesNetworksThatItDoesNotDescribe) {
  expect_refused(R"({"position_embedding_type": "relative_key"})", ErrorCode::kUnsupported,
                 "relative_key");
  expect_refused(R"({"is_decoder": true})", ErrorCode::kUnsupported, "is_decoder");
}

TEST(ModelConfig, SurvivesHostileNesting) {
  expect_refused(std::string(100000, '['), ErrorCode::kCorruptData, "JSON object");
  std::string deep = R"({"x": )" + std::string(50000, '[') + std::string(50000, ']') + "}";
  EXPECT_EQ(ModelConfig::parse(deep, "c").hidden, 768);
}

}  // namespace
}  // namespace realm

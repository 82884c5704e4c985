#include "trainer/run_estimate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace realm {
namespace {

using ::testing::HasSubstr;

ModelConfig tiny() {
  ModelConfig config;
  config.vocabulary = 10;
  config.hidden = 4;
  config.layers = 2;
  config.heads = 2;
  config.intermediate = 6;
  config.positions = 8;
  config.types = 2;
  config.projection = 3;
  config.hidden_dropout = 0;
  config.attention_dropout = 0;
  return config;
}

// By hand. Embeddings 10*4 + 8*4 + 2*4 = 80, their norm 8. A layer: query, key, value and output
// 4*(16+4) = 80, intermediate 6*4+6 = 30, output 4*6+4 = 28, two norms 16: 154. Pooler 20.
TEST(RunEstimate, CountsParameters) {
  const int64_t body = 80 + 8 + 2 * 154 + 20;
  EXPECT_EQ(parameter_count(ModelPart::kEmbedder, tiny()), body + (3 * 4 + 3) + 6);
  // Head: transform 20, norm 8, bias 10; the decoder is the word embeddings.
  EXPECT_EQ(parameter_count(ModelPart::kEncoder, tiny()), body + 20 + 8 + 10);
}

// 2 sequences of 5 pieces: 10 tokens, 2 heads * 5 = 10 attention weights a token.
TEST(RunEstimate, CountsWhatAPassKeeps) {
  const PassShape pass{2, 5, 3, 1};
  TrainOptions options;
  const int64_t attention = 4 * (4 * 4 + 10);
  const int64_t rest = 4 * (4 * 4 + 2 * 6);
  const int64_t passing = 4 * (3 * 10 + 4 * 6);
  const int64_t embeddings = 4 * 2 * 4;
  const int64_t head = 1 * 10 * 4 * 4;
  EXPECT_EQ(activation_bytes(tiny(), pass, options),
            10 * (embeddings + (attention + rest) + attention + passing) + 3 * rest + head);
  options.activation_checkpointing = true;
  EXPECT_EQ(activation_bytes(tiny(), pass, options),
            10 * (embeddings + 4 * 4 + attention + passing + attention + rest) + 3 * rest + head);
}

// A layer's attention a token: 2*4*12 for query, key, value, 2*2*5*4 for two products over 5
// pieces; the rest: 2*16 and two times 2*24.
TEST(RunEstimate, CountsOperations) {
  const double attention = 96 + 80;
  const double rest = 32 + 96;
  EXPECT_DOUBLE_EQ(forward_flops(tiny(), {2, 5, 3, 1}),
                   10 * 2 * attention + (10 + 3) * rest + 2 * 4 * (4 + 10));
}

TEST(RunEstimate, TakesLessMemoryWhereAskedTo) {
  ModelConfig config;  // BERT base
  const PassShape pass{64, 384, 64, 640};
  TrainOptions options;
  const int64_t plain = activation_bytes(config, pass, options);
  options.precision = TrainPrecision::kBf16;
  EXPECT_LT(activation_bytes(config, pass, options), plain);
  options.activation_checkpointing = true;
  EXPECT_LT(activation_bytes(config, pass, options), plain / 3);
  config.hidden_dropout = config.attention_dropout = 0;
  options = TrainOptions();
  EXPECT_LT(activation_bytes(config, pass, options), plain);
}

RunEstimate example() {
  RunEstimate e;
  e.parameters = 1'500'000;
  e.program = 200'000'000;
  e.memory = {{"program", 200'000'000}, {"weights", 6'000'000'000}, {"index", 0}};
  e.disk = {{"checkpoints", 72'000'000}};
  e.free_memory = 7'000'000'000;
  e.free_disk = 100'000'000;
  e.steps = 100;
  e.step_flops = 2e9;
  e.refreshes = 3;
  e.refresh_flops = 1e10;
  e.gemm_rate = 1e9;
  return e;
}

TEST(RunEstimate, TellsNumbersToPeopleAndPrograms) {
  const RunEstimate e = example();
  EXPECT_DOUBLE_EQ(e.seconds().value(), 230.0);
  const std::string text = describe(e);
  EXPECT_THAT(text, HasSubstr("1.50 million"));
  EXPECT_THAT(text, HasSubstr("at most 6.2 GB, 7.0 GB free: program 200 MB, weights 6.0 GB\n"));
  EXPECT_THAT(text, HasSubstr("72 MB, 100 MB free"));
  EXPECT_THAT(text, HasSubstr("at least 4 min"));
  const auto json = nlohmann::json::parse(to_json(e));
  EXPECT_EQ(json.at("memory_bytes").at("total"), 6'200'000'000);
  EXPECT_EQ(json.at("disk_bytes").at("checkpoints"), 72'000'000);
  EXPECT_EQ(json.at("seconds_at_least"), 230.0);
  RunEstimate unknown = e;
  unknown.gemm_rate.reset();
  unknown.free_memory.reset();
  EXPECT_THAT(describe(unknown), HasSubstr("not known"));
  EXPECT_TRUE(nlohmann::json::parse(to_json(unknown)).at("seconds_at_least").is_null());
}

TEST(RunEstimate, RefusesWhatCannotFitWithTheNumbers) {
  const TrainOptions options;
  RunEstimate e = example();
  EXPECT_NO_THROW(require_room(options, e, RunStart::kBegins));
  const auto expect_refused = [&](RunStart start, const std::string& needed,
                                  const std::string& free) {
    try {
      require_room(options, e, start);
      FAIL() << "not refused: " << needed;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kResourceExhausted);
      EXPECT_THAT(error.what(), HasSubstr(needed));
      EXPECT_THAT(error.what(), HasSubstr(free));
    }
  };
  e.free_memory = 5'000'000'000;
  expect_refused(RunStart::kResumes, "needs up to 6.0 GB of memory", "5.0 GB are free");
  TrainOptions on_card;
  on_card.device = "cuda";  // the card's memory is not the machine's
  EXPECT_NO_THROW(require_room(on_card, e, RunStart::kBegins));
  e = example();
  e.free_disk = 70'000'000;
  expect_refused(RunStart::kBegins, "72 MB of disk", "70 MB are free");
  EXPECT_NO_THROW(require_room(options, e, RunStart::kResumes));  // its checkpoints are there
  e.free_disk.reset();
  e.free_memory.reset();
  EXPECT_NO_THROW(require_room(options, e, RunStart::kBegins));
}

}  // namespace
}  // namespace realm

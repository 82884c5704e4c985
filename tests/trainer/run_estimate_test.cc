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
  EXPECT_THAT(text, HasSubstr("about 4 min: 100 steps of 2e+09 operations, 3 refreshes of 1e+10, "
                              "the matrix products alone with every sequence at its longest, at 1 "
                              "GFLOP/s of one product measured now in fp32"));
  const auto json = nlohmann::json::parse(to_json(e));
  EXPECT_EQ(json.at("memory_bytes").at("total"), 6'200'000'000);
  EXPECT_EQ(json.at("disk_bytes").at("checkpoints"), 72'000'000);
  EXPECT_EQ(json.at("seconds_about"), 230.0);
  RunEstimate unknown = e;
  unknown.gemm_rate.reset();
  unknown.free_memory.reset();
  EXPECT_THAT(describe(unknown), HasSubstr("not known"));
  RunEstimate in_bf16 = e;
  in_bf16.precision = TrainPrecision::kBf16;
  EXPECT_THAT(describe(in_bf16),
              HasSubstr("measured now in fp32, as bf16 cannot be measured here"));
  in_bf16.gemm_precision = TrainPrecision::kBf16;
  EXPECT_THAT(describe(in_bf16), ::testing::EndsWith("measured now in bf16"));
  EXPECT_TRUE(nlohmann::json::parse(to_json(unknown)).at("seconds_about").is_null());
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
  e.memory[1].on_cards = true;  // what a card holds is not the machine's
  EXPECT_NO_THROW(require_room(options, e, RunStart::kBegins));
  e = example();
  e.free_disk = 70'000'000;
  expect_refused(RunStart::kBegins, "72 MB of disk", "70 MB are free");
  EXPECT_NO_THROW(require_room(options, e, RunStart::kResumes));  // its checkpoints are there
  e.free_disk.reset();
  e.free_memory.reset();
  EXPECT_NO_THROW(require_room(options, e, RunStart::kBegins));
}

// Two cards, of which the second has 5 GB left.
RunEstimate on_cards(const std::string& device, int ranks) {
  RunEstimate e = example();
  e.place = {device,
             "",
             ranks,
             1,
             4,
             std::vector<CudaCard>{{"A", 80'000'000'000, 70'000'000'000},
                                   {"B", 80'000'000'000, 5'000'000'000}}};
  e.memory[1].on_cards = true;
  e.card_memory = 6'000'000'000;
  return e;
}

TEST(RunEstimate, RefusesDevicesThatThereAreNot) {
  const auto refusal = [](const RunEstimate& e) -> std::string {
    try {
      require_room(TrainOptions(), e, RunStart::kResumes);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_EQ(refusal(on_cards("cuda", 1)), "");
  EXPECT_EQ(refusal(on_cards("cuda:0", 2)), "") << "12 GB of 70";
  EXPECT_THAT(refusal(on_cards("cuda:2", 1)),
              HasSubstr("device asks for cuda:2, but this machine has 2 CUDA devices"));
  EXPECT_THAT(refusal(on_cards("cuda", 3)), HasSubstr("cuda in 3 processes"));
  EXPECT_THAT(refusal(on_cards("cuda:1", 1)),
              HasSubstr("6.0 GB of the memory of cuda:1, a B, of which 5.0 GB are free"));
  EXPECT_THAT(refusal(on_cards("cuda", 2)), HasSubstr("cuda:1")) << "the second process's";
  RunEstimate e = on_cards("cuda:7", 1);
  e.place.cards->clear();
  EXPECT_THAT(refusal(e), HasSubstr("cuda:7, but this machine has no CUDA device"));
  e.place.cards.reset();  // trained elsewhere
  EXPECT_EQ(refusal(e), "");
  e = on_cards("cpu", 1);
  e.card_memory = 0;
  e.place.refresh_device = "cuda:2";
  EXPECT_THAT(refusal(e), HasSubstr("refresh_device asks for cuda:2"));
}

TEST(RunEstimate, NamesTheDeviceAndWhatStandsOnIt) {
  RunEstimate e = on_cards("cuda:1", 1);
  e.networks.push_back({ModelPart::kEncoder, "m", tiny(), 2});
  EXPECT_THAT(describe(e), HasSubstr("device      cuda:1: 1 thread on 4 cores, cuda:1 B with at "
                                     "most 6.0 GB, 5.0 GB free; a card holds weights 6.0 GB\n"));
  EXPECT_THAT(describe(e), HasSubstr("memory      at most 200 MB, 7.0 GB free: program 200 MB\n"));
  const auto json = nlohmann::json::parse(to_json(e)).at("device");
  EXPECT_EQ(json.at("cards").at(0).at("free"), 5'000'000'000);
  EXPECT_TRUE(json.at("warning").is_null());
}

// 3 threads of 4 cores leave one, 4 do not; one core is all that there is.
TEST(RunEstimate, WarnsWhereNoCoreIsLeftToTheWindow) {
  RunEstimate e = example();
  e.networks.push_back({ModelPart::kEncoder, "", tiny(), 2});
  const auto warns = [&](int ranks, int threads, std::optional<int> cores) {
    e.place = {"cpu", "", ranks, threads, cores, {}};
    const bool told = !nlohmann::json::parse(to_json(e)).at("device").at("warning").is_null();
    EXPECT_EQ(describe(e).find("careful") != std::string::npos, told);
    return told;
  };
  EXPECT_FALSE(warns(1, 3, 4));
  EXPECT_TRUE(warns(1, 4, 4));
  EXPECT_TRUE(warns(2, 2, 4));
  EXPECT_TRUE(warns(1, 2, 2));
  EXPECT_FALSE(warns(1, 1, 2));
  EXPECT_FALSE(warns(1, 1, 1));
  EXPECT_FALSE(warns(1, 64, std::nullopt)) << "another machine's";
}

TEST(RunEstimate, StaysANumberWhateverIsAskedFor) {
  ModelConfig config;
  EXPECT_GT(activation_bytes(config, {2'000'000'000'000, 65'536, 0, 0}, TrainOptions()), 0);
}

}  // namespace
}  // namespace realm

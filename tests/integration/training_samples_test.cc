// What a pre-training run keeps of the examples that went through it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/text/masked_text.h"
#include "storage/workspace.h"
#include "tests/integration/training_world.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

using testing::TrainingWorld;
using Json = nlohmann::json;

TEST(TrainingSamples, TellWhatWasHiddenAndRetrieved) {
  const TrainingWorld world;
  TrainOptions options = world.options(TrainTask::kPretrain);
  options.steps = 6;
  options.log_every_steps = 2;
  options.evaluate_every_steps = 100;
  const auto run = create_run(options);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  const auto reader = RunReader::open(world.workspace() / "runs" / "runs.sqlite");
  std::vector<RunEvent> samples;
  for (const RunEvent& event : reader->read_since({.run = run.filename().string()}).events) {
    if (event.kind == "sample") samples.push_back(event);
  }
  ASSERT_EQ(samples.size(), 3U * 4U);
  EXPECT_EQ(samples.front().step, 2);
  EXPECT_EQ(samples.back().step, 6);
  double log_p = 0;
  for (const RunEvent& sample : samples) {
    EXPECT_NE(sample.message.find("[["), std::string::npos) << sample.message;
    const Json json = Json::parse(sample.data_json);
    const Json& documents = json.at("documents");
    EXPECT_EQ(json.at("index").at("generation"), sample.step < 6 ? 0 : 1)
        << "refreshed at step 3, adopted two steps later";
    ASSERT_EQ(documents.size(), static_cast<size_t>(options.candidates));
    double p_z = 0, p_y = 0, posterior = 0, credit = 0;
    int nulls = 0;
    std::set<int64_t> ids;
    double before = 1;
    for (const Json& document : documents) {
      const double prior = document.at("p_z_given_x").get<double>();
      EXPECT_LE(prior, before) << "best first";
      before = prior;
      p_z += prior;
      p_y += prior * document.at("p_y_given_zx").get<double>();
      posterior += document.at("posterior").get<double>();
      credit += document.at("credit").get<double>();
      ids.insert(document.at("id").get<int64_t>());
      if (!document.at("is_null").get<bool>()) continue;
      ++nulls;
      EXPECT_EQ(document.at("retrieval_utility"), 0);
      EXPECT_NEAR(document.at("p_y_given_zx").get<double>(), json.at("p_y_null").get<double>(),
                  1e-12);
    }
    EXPECT_EQ(nulls, 1);
    EXPECT_EQ(ids.size(), documents.size());
    EXPECT_NEAR(p_z, 1, 1e-6);
    EXPECT_NEAR(p_y, json.at("p_y_given_x").get<double>(), 1e-9 + 1e-6 * p_y);
    EXPECT_NEAR(posterior, 1, 1e-6);
    EXPECT_NEAR(credit, 0, 1e-6);
    if (sample.step == 6) log_p += std::log(json.at("p_y_given_x").get<double>());
  }
  // A batch is four examples: together they are the step's mean.
  const std::vector<Scalar> curve = reader->scalars(run.filename().string(), "log_p_y");
  EXPECT_NEAR(log_p / 4, curve.back().value, 1e-4);
}

}  // namespace
}  // namespace realm

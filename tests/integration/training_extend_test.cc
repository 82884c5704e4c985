// A run that was made longer goes on from its end, as a run of that many steps would have gone on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/run_upkeep.h"
#include "tests/integration/training_world.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

using testing::newest_stored;
using testing::TrainingWorld;

TEST(ExtendedRuns, GoOnAsTheLongerRunFromTheirCheckpoint) {
  const TrainingWorld world;
  const std::filesystem::path database = world.workspace() / "runs" / "runs.sqlite";
  TrainOptions options = world.options(TrainTask::kIct);
  options.steps = 6;
  options.log_every_steps = 1;
  options.output_model = "made";
  options.decay_to = 0;
  const std::filesystem::path run = create_run(options);
  const RunId id = run.filename().string();
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished) << "there is nothing more to do";
  EXPECT_EQ(extend_run(database, id, 4), 10);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_EQ(newest_stored(run).step, 10);
  const auto reader = RunReader::open(database);
  EXPECT_EQ(reader->run(id)->total_steps, 10);
  // Done once each; the first six with the rates of a run of six, the others with those of ten.
  const std::vector<Scalar> rates = reader->scalars(id, "learning_rate");
  ASSERT_EQ(rates.size(), 10U);
  const auto fallen = [&](size_t step, double of) {
    return options.learning_rate * (1 - static_cast<double>(step) / (of + 1));
  };
  EXPECT_DOUBLE_EQ(rates[5].value, fallen(6, 6));
  for (size_t step = 7; step <= 10; ++step) {
    EXPECT_EQ(rates[step - 1].step, static_cast<int64_t>(step));
    EXPECT_DOUBLE_EQ(rates[step - 1].value, fallen(step, 10));
  }
}

}  // namespace
}  // namespace realm

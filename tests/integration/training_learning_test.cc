// Does it learn to retrieve? A reader that can read is given a retriever that knows nothing; only
// the marginal likelihood tells the retriever which passages help (REALM sections 3.3 and 3.4).
// Half a minute of one core.
#include <gtest/gtest.h>

#include <cmath>

#include "storage/run_database.h"
#include "tests/integration/training_world.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using testing::TrainingWorld;

class Learning : public ::testing::Test {
 protected:
  double first(const fs::path& run, const std::string& name) const {
    return curve(run, name).front().value;
  }
  double last(const fs::path& run, const std::string& name) const {
    return curve(run, name).back().value;
  }
  std::vector<Scalar> curve(const fs::path& run, const std::string& name) const {
    std::vector<Scalar> out = RunReader::open(world_.workspace() / "runs" / "runs.sqlite")
                                  ->scalars(run.filename().string(), name);
    EXPECT_FALSE(out.empty()) << name;
    if (out.empty()) out.push_back({0, name, std::nan(""), 0});
    return out;
  }
  TrainOptions options(TrainTask task) const {
    TrainOptions o = world_.options(task);
    o.hidden = 64;
    o.heads = 4;
    o.intermediate = 128;
    o.projection = 32;
    o.batch_size = 16;
    o.log_every_steps = 50;
    o.evaluate_every_steps = 1'000'000;
    o.checkpoint_every_steps = 1'000'000;
    o.evaluate_examples = 60;
    o.held_out_text = o.training_text;
    return o;
  }
  TrainingWorld world_;
};

TEST_F(Learning, RaisesTheRetrievalUtilityOfThePlantedPassages) {
  TrainOptions reader = options(TrainTask::kMlm);
  reader.steps = 600;
  reader.learning_rate = 2e-3;
  reader.copying_start = true;
  reader.swap_probability = 1.0;  // nothing can be known by heart
  const fs::path read = create_run(reader);
  ASSERT_EQ(run_training(read, {}), RunState::kFinished);
  // It reads: with the named passage the answer is far more probable than without.
  EXPECT_GT(last(read, "held_out/log_p_y"), last(read, "held_out/null_log_p_y") + 1.0);

  // The inverse cloze task breaks the ice, as in the paper: a retriever that finds nothing teaches
  // itself to find nothing.
  TrainOptions start = options(TrainTask::kIct);
  start.steps = 60;
  start.learning_rate = 1e-3;
  start.remove_probability = 0.5;
  const fs::path started = create_run(start);
  ASSERT_EQ(run_training(started, {}), RunState::kFinished);

  TrainOptions joint = options(TrainTask::kPretrain);
  joint.initial_model = "ict";
  joint.initial_encoder = "mlm";
  joint.steps = 200;
  joint.candidates = 9;
  joint.learning_rate = 5e-4;
  joint.encoder_learning_rate = 1e-9;  // the reader stays, so that what changes is retrieval
  joint.refresh_every_steps = 10;
  joint.refresh_lag_steps = 2;
  const fs::path learned = create_run(joint);
  ASSERT_EQ(run_training(learned, {}), RunState::kFinished);
  EXPECT_GT(last(learned, "held_out/retrieval_utility"),
            first(learned, "held_out/retrieval_utility") + 0.5);
  EXPECT_GT(last(learned, "held_out/recall_at_k"), 0.95);
  EXPECT_GT(last(learned, "held_out/log_p_y"), first(learned, "held_out/log_p_y") + 1.0);
}

}  // namespace
}  // namespace realm

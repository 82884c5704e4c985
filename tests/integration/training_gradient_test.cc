// The gradient of one training step, as the options about memory and precision leave it.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/model/compute_mode.h"
#include "storage/workspace.h"
#include "tests/integration/training_world.h"
#include "trainer/tasks/task_inputs.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

using testing::TrainingWorld;

struct Step {
  Metrics metrics;
  std::vector<std::pair<std::string, torch::Tensor>> gradients;
};

class TrainingGradients : public ::testing::Test {
 protected:
  Step first_step(const TrainOptions& options, ComputeMode mode = {}) const {
    const auto folder = create_run(options);
    const auto run = RunWriter::open_run(Workspace::open(options.workspace).run_database(),
                                         folder.filename().string());
    auto inputs = load_task_inputs(options);
    const auto task = options.task == TrainTask::kMlm ? make_mlm_task(std::move(inputs))
                                                      : make_pretrain_task(std::move(inputs));
    task->begin();
    torch::manual_seed(11);
    const ComputeModeGuard guard(mode);
    Step out{task->step(0, *run), {}};
    for (const AdamWeightDecay::Group& group : task->parameter_groups()) {
      for (const NamedParameter& named : group.parameters) {
        if (named.gradient().defined())
          out.gradients.emplace_back(named.name, named.gradient().clone());
      }
    }
    return out;
  }
  static void expect_same(const Step& a, const Step& b, double tolerance) {
    ASSERT_EQ(a.gradients.size(), b.gradients.size());
    ASSERT_GT(a.gradients.size(), 20U);
    double largest = 0;
    for (size_t i = 0; i < a.gradients.size(); ++i) {
      EXPECT_EQ(a.gradients[i].first, b.gradients[i].first);
      const double difference =
          (a.gradients[i].second - b.gradients[i].second).abs().max().item<double>();
      EXPECT_LE(difference, tolerance) << a.gradients[i].first;
      largest = std::max(largest, a.gradients[i].second.abs().max().item<double>());
    }
    EXPECT_GT(largest, 1e-3) << "the gradients are all but nothing";
    for (size_t i = 0; i < a.metrics.size(); ++i) {
      EXPECT_EQ(a.metrics[i].first, b.metrics[i].first);
      if (a.metrics[i].first == "index/age_seconds") continue;  // of the clock
      if (a.metrics[i].first == "tokens") continue;  // a passage is embedded once in every part
      EXPECT_NEAR(a.metrics[i].second, b.metrics[i].second, 1e-5) << a.metrics[i].first;
    }
  }
  TrainingWorld world_;
};

TEST_F(TrainingGradients, OfTwoHalvesAreTheWholeBatchs) {
  for (const TrainTask task : {TrainTask::kMlm, TrainTask::kPretrain}) {
    TrainOptions options = world_.options(task);
    options.batch_size = 6;
    options.unmasked_targets = 2;
    options.warm_pair_fraction = 0.5;
    const Step whole = first_step(options);
    for (const int parts : {2, 4, 6}) {
      options.accumulate_steps = parts;
      expect_same(first_step(options), whole, 1e-6);
    }
  }
}

TEST_F(TrainingGradients, AreTheSameToTheBitWithCheckpointedLayers) {
  for (const TrainTask task : {TrainTask::kMlm, TrainTask::kPretrain}) {
    TrainOptions options = world_.options(task);
    options.layers = 3;
    options.dropout = 0.2;
    expect_same(first_step(options, {false, true}), first_step(options), 0.0);
  }
}

}  // namespace
}  // namespace realm

#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "engine/model/model_io.h"
#include "storage/run_database.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/tasks/task_world.h"

namespace realm {
namespace {

// Before the first step the corpus is embedded to measure recall, which a stop need not wait for.
TEST(IctTask, HeedsAStopWhileItMeasures) {
  const testing::TempDirectory folder;
  const auto inputs = std::make_shared<TaskInputs>(testing::task_inputs());
  inputs->models_folder = folder.path();
  inputs->options.task = TrainTask::kIct;
  inputs->options.initial_model = "one";
  inputs->options.batch_size = 2;
  inputs->options.remove_probability = 0;
  save_embedder(folder / "one" / "embedder", testing::small_embedder(*inputs, 1),
                *inputs->tokenizer);
  int looks = 0;
  bool stops = true;
  inputs->looks.within_part = [&](const char*) {
    ++looks;
    if (stops) throw Error(ErrorCode::kCancelled, "Stopped.");
  };
  const auto task = make_ict_task(inputs);
  EXPECT_THROW(task->evaluate(), Error);
  EXPECT_EQ(looks, 1);
  task->step(0, *RunWriter::silent("r"));
  EXPECT_THROW(task->evaluate(), Error);
  stops = false;
  EXPECT_FALSE(task->evaluate().empty());
  EXPECT_GE(looks, 3);
}

}  // namespace
}  // namespace realm

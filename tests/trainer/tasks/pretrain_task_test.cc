#include <gtest/gtest.h>

#include "engine/model/model_io.h"
#include "storage/run_database.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/tasks/task_world.h"

namespace realm {
namespace {

// Embedding a corpus of millions takes hours: a run that goes on must not do it for an index that
// it then throws away.
TEST(PretrainTask, EmbedsTheCorpusOnceWhetherItBeginsOrGoesOn) {
  const testing::TempDirectory folder;
  const auto inputs = std::make_shared<TaskInputs>(testing::task_inputs());
  inputs->models_folder = folder.path();
  inputs->options.task = TrainTask::kPretrain;
  inputs->options.initial_model = "one";
  inputs->options.candidates = 2;
  inputs->options.batch_size = 2;
  inputs->text = inputs->held_out;
  save_embedder(folder / "one" / "embedder", testing::small_embedder(*inputs, 1),
                *inputs->tokenizer);
  save_encoder(folder / "one" / "encoder", testing::small_encoder(*inputs, 1), *inputs->tokenizer);
  int looks = 0;
  inputs->looks.between_parts = [&](const char*) { ++looks; };
  constexpr int kOfOneIndex = 2;  // before and after it

  const auto task = make_pretrain_task(inputs);
  EXPECT_EQ(looks, 0) << "whether it begins is not known yet";
  task->begin();
  EXPECT_EQ(looks, kOfOneIndex);
  const auto run = RunWriter::silent("r");
  const double loss = task->step(0, *run).front().second;

  const auto begun = make_pretrain_task(inputs);
  begun->begin();
  const TaskState state = begun->state();
  looks = 0;
  const auto resumed = make_pretrain_task(inputs);
  resumed->restore(state.json, state.tensors);
  EXPECT_EQ(looks, kOfOneIndex);
  EXPECT_EQ(resumed->step(0, *run).front().second, loss);
}

}  // namespace
}  // namespace realm

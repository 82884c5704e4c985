#include <gtest/gtest.h>

#include "engine/model/model_io.h"
#include "storage/run_database.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/tasks/task_world.h"
#include "trainer/tasks/warm_pairs.h"
#include "trainer/throughput.h"

namespace realm {
namespace {

// Two examples a step from the two held-out sentences, one passage beside the null document. The
// networks lie in `folder`.
std::shared_ptr<TaskInputs> pretrain_inputs(const testing::TempDirectory& folder) {
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
  return inputs;
}

double tokens_of_a_step(const std::shared_ptr<const TaskInputs>& inputs) {
  const auto task = make_pretrain_task(inputs);
  task->begin();
  for (const auto& [name, value] : task->step(0, *RunWriter::silent("r"))) {
    if (name == kTokens) return value;
  }
  return 0;
}

// Both sentences have four pieces, every passage a title of one and a body of five. With [CLS] and
// [SEP]: two queries of 6; the null document's 3 and four passages of 9; and each query joined with
// four bodies, 12 each, and with none, 7.
TEST(PretrainTask, CountsEveryPieceThatGoesThroughANetwork) {
  const testing::TempDirectory folder;
  const auto inputs = pretrain_inputs(folder);
  inputs->options.candidates = 5;
  inputs->options.drop_trivial_candidate = false;
  constexpr double kOwn = 2 * 6 + 3 + 4 * 9 + 2 * (4 * 12 + 7);
  EXPECT_EQ(tokens_of_a_step(inputs), kOwn);

  inputs->options.warm_pair_fraction = 0.5;
  const std::vector<ReadingExample> warm = WarmPairs(*inputs).draw(0);
  ASSERT_EQ(warm.size(), 1U);
  EXPECT_EQ(tokens_of_a_step(inputs), kOwn + static_cast<double>(warm[0].input.ids.size()));
}

// Embedding a corpus of millions takes hours: a run that goes on must not do it for an index that
// it then throws away.
TEST(PretrainTask, EmbedsTheCorpusOnceWhetherItBeginsOrGoesOn) {
  const testing::TempDirectory folder;
  const auto inputs = pretrain_inputs(folder);
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

// What every task starts from: the workspace's corpus and the texts as pieces, and the models to go
// on from.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "engine/model/embedder.h"
#include "engine/model/knowledge_augmented_encoder.h"
#include "engine/text/wordpiece_tokenizer.h"
#include "trainer/data/passage_table.h"
#include "trainer/data/training_text.h"
#include "trainer/options.h"
#include "trainer/parallel/rank_group.h"
#include "trainer/tasks/probe_queries.h"
#include "trainer/training_task.h"

namespace realm {

// How a run heeds what is asked of it before its first step: either throws Error{kCancelled} where
// the run is to stop. They are given the stage that is told meanwhile.
struct StartLooks {
  using Look = std::function<void(const char* stage)>;
  // Collective; all ranks stop or none.
  Look between_parts = [](const char*) {};
  // As often as one likes, on the thread that starts the run; once steps are made, the loop's
  // (TrainingLoop::look). Before the first step nothing where ranks train together.
  Look within_part = [](const char*) {};
};

struct TaskInputs {
  TrainOptions options;
  std::filesystem::path models_folder;  // of the workspace
  std::shared_ptr<const WordPieceTokenizer> tokenizer;
  PassageTable passages;
  std::optional<TrainingText> text;      // X
  std::optional<TrainingText> held_out;  // for measurements
  std::vector<ProbeQuery> probes;
  std::shared_ptr<RankGroup> ranks = RankGroup::alone();  // that train together
  torch::Device device = torch::kCPU;
  torch::Device refresh_device = torch::kCPU;
  StartLooks looks;  // after the first step within_part alone

  SequenceLengths lengths() const {
    return {options.query_length, options.document_length, options.positions};
  }
  const Vocabulary& vocabulary() const { return tokenizer->vocabulary(); }
};

// Reads what options.task needs. Blocks. Errors name the file or option at fault. With several
// ranks and the device "cuda", each takes the card of its number on its machine.
std::shared_ptr<const TaskInputs> load_task_inputs(
    const TrainOptions& options, std::shared_ptr<RankGroup> ranks = RankGroup::alone(),
    StartLooks looks = {});

inline constexpr const char* kLoadStage = "load";

// The named model's part, or a new one of the options' size where the folder has only a vocabulary.
// Seeds LibTorch's generator with options.seed first, so that new weights repeat.
Embedder load_or_make_embedder(const TaskInputs& inputs);
KnowledgeAugmentedEncoder load_or_make_encoder(const TaskInputs& inputs);

// Those of a network's parameters that are trained. With options.freeze_embeddings the word and
// position embeddings are not among them, and no gradient is computed for them any more.
NamedParameters trained_parameters(const NamedParameters& all, const TrainOptions& options);

std::unique_ptr<TrainingTask> make_mlm_task(std::shared_ptr<const TaskInputs> inputs);
std::unique_ptr<TrainingTask> make_ict_task(std::shared_ptr<const TaskInputs> inputs);
std::unique_ptr<TrainingTask> make_pretrain_task(std::shared_ptr<const TaskInputs> inputs);

}  // namespace realm

#include "trainer/training_run.h"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "engine/base/error.h"
#include "storage/workspace.h"
#include "trainer/checkpoint.h"
#include "trainer/publish_model.h"
#include "trainer/repeat_refreshes.h"
#include "trainer/run_estimate.h"
#include "trainer/tasks/task_inputs.h"
#include "trainer/tasks/vocabulary_task.h"
#include "trainer/training_loop.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream)
    throw Error(ErrorCode::kNotFound, fmt::format("The run folder has no {}.", file.string()));
  std::ostringstream out;
  out << stream.rdbuf();
  return out.str();
}

std::unique_ptr<TrainingTask> make_task(const TrainOptions& options) {
  auto inputs = load_task_inputs(options);
  switch (options.task) {
    case TrainTask::kMlm:
      return make_mlm_task(std::move(inputs));
    case TrainTask::kIct:
      return make_ict_task(std::move(inputs));
    case TrainTask::kPretrain:
      return make_pretrain_task(std::move(inputs));
    case TrainTask::kVocabulary:
      break;
  }
  throw Error(ErrorCode::kInvalidArgument, "The vocabulary task has no steps.");
}

RunState train(const TrainOptions& options, const fs::path& folder, RunWriter& run,
               const TrainingReport& report) {
  if (options.task == TrainTask::kVocabulary) {
    train_vocabulary(options);
    return RunState::kFinished;
  }
  const auto newest = newest_checkpoint(folder);
  require_room(options, estimate_run(options, {.calibration_seconds = 0}),
               newest ? RunStart::kResumes : RunStart::kBegins);
  torch::set_num_threads(options.threads);
  // TF32 for the fp32 products of a CUDA device; means nothing on the CPU.
  at::globalContext().setAllowTF32CuBLAS(true);
  const StopSignals signals;
  run.heartbeat(0, "load");
  const auto task = make_task(options);
  TrainingLoop loop({options, folder, run, *task, report, signals});
  int64_t first = 0;
  if (newest) {
    first = load_checkpoint(*newest, *task, loop.optimizer());
    run.append_event({"resume", first, fmt::format("Resumed at step {}.", first), "", 0});
  }
  repeat_refreshes(folder, first, *task);
  const RunState state = loop.go(first);
  if (state == RunState::kFinished && !options.output_model.empty()) publish_model(options, folder);
  return state;
}

}  // namespace

RunState run_training(const fs::path& run_folder, const TrainingReport& report) {
  const TrainOptions options = train_options_from_json(read_text(run_folder / "config.json"));
  validate(options);
  const Workspace workspace = Workspace::open(options.workspace);
  std::optional<int64_t> resume_step;
  if (const auto checkpoint = newest_checkpoint(run_folder)) {
    resume_step = std::stoll(checkpoint->filename().string().substr(5));
  }
  const auto run =
      RunWriter::open_run(workspace.run_database(), run_folder.filename().string(), resume_step);
  try {
    const RunState state = train(options, run_folder, *run, report);
    run->finish(state,
                state == RunState::kFinished ? "All steps are done." : "Stopped on request.");
    return state;
  } catch (const std::exception& error) {
    try {
      run->finish(RunState::kFailed, error.what());
    } catch (const Error&) {
      // A full disk takes no exit record either: what ended the run is what there is to say.
    }
    throw;
  }
}

}  // namespace realm

#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "storage/workspace.h"
#include "trainer/initial_model.h"
#include "trainer/run_inputs.h"
#include "trainer/training_run.h"

namespace realm {

void require_new_vocabulary(const TrainOptions& options) {
  require_no_weights(options, Workspace::open(options.workspace, true).models_folder());
}

std::filesystem::path create_run(const TrainOptions& given) {
  validate(given);
  namespace fs = std::filesystem;
  const Workspace workspace = Workspace::open(given.workspace);
  require_new_vocabulary(given);
  require_output_name(given, workspace);
  // What is kept says what is trained: the sizes of the networks that the run starts from.
  const TrainOptions options = with_initial_sizes(with_vocabulary(given, workspace.models_folder()),
                                                  workspace.models_folder());
  if (workspace.read_only()) {
    throw Error(ErrorCode::kIo,
                fmt::format("The workspace {} cannot be written, so no run can be kept in it.",
                            options.workspace));
  }
  fs::create_directories(workspace.runs_folder());
  const std::string config = to_json(options);
  const RunId id = RunWriter::create_run(
      workspace.run_database(), {"", to_string(options.task), config,
                                 options.task == TrainTask::kVocabulary ? 0 : options.steps});
  const fs::path folder = workspace.run_folder(id);
  fs::create_directories(folder);
  write_file_atomically(folder / "config.json", config);
  return folder;
}

}  // namespace realm

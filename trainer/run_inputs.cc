#include "trainer/run_inputs.h"

#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "trainer/initial_model.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

// It may be a pipe, which must not be opened.
void require_file(const std::string& file, const char* option) {
  if (file.empty()) return;
  std::error_code ignored;
  const fs::file_status status = fs::status(file, ignored);
  if (fs::exists(status) && !fs::is_directory(status) && access(file.c_str(), R_OK) == 0) return;
  throw Error(ErrorCode::kNotFound,
              fmt::format("The training option {} names {}, which is no file that can be read.",
                          option, file));
}

}  // namespace

void require_inputs(const TrainOptions& o, const Workspace& workspace) {
  const fs::path models = workspace.models_folder();
  if (o.task == TrainTask::kVocabulary || counts_vocabulary(o, models))
    require_file(o.vocabulary_text, "vocabulary_text");
  if (o.task == TrainTask::kVocabulary) return;
  require_file(o.training_text, "training_text");
  require_file(o.held_out_text, "held_out_text");
  require_file(o.probes, "probes");
  if (o.task != TrainTask::kMlm && !o.average_model.empty())
    initial_folder(models, o.average_model, "average_model");
  if (o.task == TrainTask::kPretrain && !o.average_encoder.empty())
    initial_folder(models, o.average_encoder, "average_encoder");
}

void require_documents(const TrainOptions& o, int64_t documents) {
  if (o.task == TrainTask::kVocabulary) return;
  if (documents == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The corpus of the workspace {} is empty: training needs at least one "
                            "document.",
                            o.workspace));
  }
  if (o.task == TrainTask::kPretrain && o.candidates - 1 > documents) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The training option candidates asks for {} candidates beside the null "
                            "document, but the corpus has {} documents; set at most {}.",
                            o.candidates - 1, documents, documents + 1));
  }
}

void require_output_name(const TrainOptions& options, const Workspace& workspace) {
  if (options.output_model.empty()) return;
  try {
    static_cast<void>(workspace.model_folder(options.output_model));
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("The training option output_model: {}", error.what()));
  }
}

}  // namespace realm

#include "trainer/publish_model.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "storage/workspace.h"
#include "trainer/checkpoint.h"

namespace realm {

void publish_model(const TrainOptions& options, const std::filesystem::path& run_folder) {
  namespace fs = std::filesystem;
  const auto checkpoint = newest_checkpoint(run_folder);
  if (!checkpoint) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The run {} has no checkpoint to publish.", run_folder.string()));
  }
  const Workspace workspace = Workspace::open(options.workspace);
  const fs::path target = workspace.model_folder(options.output_model);
  const fs::path temporary = target.string() + ".tmp";
  const fs::path old = target.string() + ".old";
  try {
    fs::create_directories(workspace.models_folder());
    fs::remove_all(temporary);
    fs::copy(*checkpoint / "models", temporary, fs::copy_options::recursive);
    for (const auto& part : fs::directory_iterator(temporary)) {
      if (fs::exists(part.path() / "vocab.txt"))
        fs::copy_file(part.path() / "vocab.txt", temporary / "vocab.txt",
                      fs::copy_options::skip_existing);
    }
    const nlohmann::ordered_json json = {{"name", options.output_model},
                                         {"step", options.steps},
                                         {"query_length", options.query_length},
                                         {"document_length", options.document_length}};
    write_file_atomically(temporary / "model.json", json.dump(2) + "\n");
    fs::remove_all(old);
    if (fs::exists(target)) fs::rename(target, old);
    fs::rename(temporary, target);
    fs::remove_all(old);
    sync_folder(workspace.models_folder());
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::kIo, fmt::format("The model {} could not be published: {}.",
                                            options.output_model, error.code().message()));
  }
}

}  // namespace realm

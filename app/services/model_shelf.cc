#include "app/services/model_shelf.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/base/error.h"
#include "engine/checkpoint/model_folder.h"
#include "storage/run_database.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

int64_t bytes_in(const fs::path& folder) {
  int64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unknown;
    const auto size = entry->is_regular_file(unknown) ? entry->file_size(unknown) : 0;
    if (!unknown) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

// A trainer reads its initial models when it begins, and again when it goes on.
bool starts_from(const RunSummary& run, const std::string& name) {
  const auto config = nlohmann::json::parse(run.config_json, nullptr, false);
  if (!config.is_object()) return false;
  for (const char* key :
       {"initial_model", "initial_encoder", "average_model", "average_encoder", "span_tagger"}) {
    const auto found = config.find(key);
    if (found != config.end() && *found == name) return true;
  }
  return false;
}

bool can_be_resumed(const RunSummary& run) {
  return run.checkpoint && !is_going_on(run.state) && run.state != RunState::kFinished;
}

std::vector<RunSummary> runs_of(const Workspace& workspace) {
  if (!fs::exists(workspace.run_database())) return {};
  return RunReader::open(workspace.run_database())->runs();
}

void require_no_reader(const Workspace& workspace, const std::string& name) {
  for (const RunSummary& run : runs_of(workspace)) {
    if (!is_going_on(run.state) || !starts_from(run, name)) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("Model '{}' is what run {} starts from, which is {}; it can be removed "
                            "once that has ended.",
                            name, run.id, run_state_name(run.state)));
  }
}

std::vector<std::string> those_that_need(const std::vector<RunSummary>& runs,
                                         const std::string& name) {
  std::vector<std::string> out;
  for (const RunSummary& run : runs) {
    if (can_be_resumed(run) && starts_from(run, name)) out.push_back(run.id);
  }
  return out;
}

// Models are listed whatever is the matter with the run database, which the list of runs tells.
std::vector<RunSummary> readable_runs_of(const Workspace& workspace) {
  try {
    return runs_of(workspace);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::vector<std::string> runs_that_need(const Workspace& workspace, const std::string& name) {
  return those_that_need(runs_of(workspace), name);
}

std::string loss_of(const std::vector<std::string>& runs) {
  if (runs.empty()) return "";
  if (runs.size() == 1) return fmt::format("Run {} needs it to be resumed.", runs.front());
  return fmt::format("{} runs need it to be resumed.", runs.size());
}

std::vector<view::StoredModel> stored_models(const Workspace& workspace) {
  const std::vector<RunSummary> runs = readable_runs_of(workspace);
  std::vector<view::StoredModel> out;
  for (const std::string& name : workspace.models()) {
    view::StoredModel model{.name = name, .loss = loss_of(those_that_need(runs, name))};
    try {
      const fs::path folder = workspace.model_folder(name);
      model.bytes = bytes_in(folder);
      const ModelFolder opened = ModelFolder::open(folder);
      model.kind = opened.describe();
      model.can_be_asked = opened.has(ModelPart::kEmbedder) && opened.has(ModelPart::kEncoder);
      model.can_be_baseline =
          opened.has(ModelPart::kBert) && opened.load(ModelPart::kBert).has_masked_language_head;
    } catch (const Error& error) {
      model.problem = error.what();
    }
    out.push_back(std::move(model));
  }
  return out;
}

void remove_stored_model(Workspace& workspace, const std::string& name) {
  require_no_reader(workspace, name);
  workspace.remove_model(name);
}

}  // namespace realm

// The rules of what is brought into the workbench from a path that a popup asks for: another
// workspace, passages, a model.
#include <fmt/format.h>

#include <algorithm>

#include "app/view/reducers.h"
#include "app/view/utf8.h"
#include "app/view/workbench.h"

namespace realm::view {
namespace {

// Of a larger file the popup tells by its beginning: a second or two of splitting.
constexpr int64_t kMostPreviewed = 16 << 20;

std::filesystem::path full_path(const WorkbenchState& state, std::string_view typed) {
  return path_of(typed, state.folders.home);
}

// One spelling for one place: the list of workspaces opened before goes by it.
std::filesystem::path folder_path(const WorkbenchState& state, std::string_view typed) {
  const std::filesystem::path folder = full_path(state, typed).lexically_normal();
  return folder.has_filename() || !folder.has_relative_path() ? folder : folder.parent_path();
}

// As the workspace takes names (storage/workspace.h): visible, without blanks.
std::string as_model_name(std::string_view text) {
  constexpr size_t kLongest = 128;  // bytes
  std::string name;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_good = byte > 0x20 && byte != 0x7F;
    if (is_good || (!name.empty() && name.back() != '_')) name += is_good ? c : '_';
  }
  name.erase(0, std::min(name.find_first_not_of(".-_"), name.size()));
  if (name.size() > kLongest) name.resize(previous_stop(name, kLongest + 1));
  return name;
}

}  // namespace

std::filesystem::path popup_path(const WorkbenchState& state) {
  return full_path(state, state.popup_text);
}

std::string model_name(const WorkbenchState& state) {
  if (!state.popup_name.empty()) return state.popup_name;
  return as_model_name(folder_path(state, state.popup_text).filename().string());
}

const ForecastReply* forecast_on_screen(const WorkbenchState& state) {
  const auto& forecast = state.corpus.forecast;
  return forecast && forecast->file == popup_path(state) ? forecast.get() : nullptr;
}

void look_at_typed_folder(WorkbenchState& state, Effects& effects) {
  const std::filesystem::path wanted =
      path_wish(state) == PathWish::kNone ? std::filesystem::path() : typed_path(state).folder;
  if (wanted == state.folder_looked_at) return;
  state.folder_looked_at = wanted;
  if (!wanted.empty()) effects.emplace_back(LookAtFolder{wanted});
}

void open_folder(WorkbenchState& state, Effects& effects, const std::string& folder) {
  const std::filesystem::path wanted = folder_path(state, folder);
  if (wanted.empty()) return;
  const RequestId id =
      send(state, effects, OpenWorkspace{.folder = wanted, .read_only = state.read_only});
  // Its popup stays until the workspace is there.
  if (state.popup == Popup::kOpenWorkspace) return begin_saving(state, id);
  state.popup = Popup::kNone;
}

void reduce(WorkbenchState& state, Effects& effects, const PreviewImport& action) {
  if (action.file.empty()) return;
  state.corpus.forecast.reset();
  state.corpus.pending_forecast =
      send(state, effects,
           ForecastImport{.file = full_path(state, action.file), .most_bytes = kMostPreviewed});
}

void end_preview(WorkbenchState& state, Effects& effects) {
  if (state.corpus.pending_forecast != 0)
    effects.emplace_back(CancelRequest{state.corpus.pending_forecast});
  state.corpus.pending_forecast = 0;
  state.corpus.forecast.reset();
}

void reduce(WorkbenchState& state, Effects& effects, const SuggestImport& action) {
  if (!command_state(state, "corpus.import").enabled) return;
  state.popup = Popup::kImport;
  state.popup_text = action.file;
  reduce(state, effects, PreviewImport{action.file});
}

void reduce(WorkbenchState& state, Effects& effects, const ImportFrom& action) {
  state.popup = Popup::kNone;
  end_preview(state, effects);
  if (!action.file.empty()) send(state, effects, ImportFile{.file = full_path(state, action.file)});
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const SuggestModel& action) {
  if (!command_state(state, "model.import").enabled) return;
  forget_saving(state);
  state.popup = Popup::kImportModel;
  state.popup_text = action.folder;
  state.popup_name.clear();
  state.popup_selected = 0;
}

void reduce(WorkbenchState& state, Effects& effects, const ImportModelFrom& action) {
  if (action.folder.empty() || action.name.empty() || state.popup_saving != 0) return;
  begin_saving(state,
               send(state, effects, ImportModel{full_path(state, action.folder), action.name}));
}

void reduce(WorkbenchState& state, Effects& effects, const MakeWorkspaceIn& action) {
  if (folder_path(state, action.folder).empty() || state.popup_saving != 0) return;
  begin_saving(state, send(state, effects, MakeWorkspace{folder_path(state, action.folder)}));
}

void take_imported_model(WorkbenchState& state, Effects& effects, const Outcome& outcome) {
  if (outcome.failure) return;
  send_train(state, effects, ListModels{});
  show_toast(state, ToastKind::kDone, outcome.text);
  const auto& status = engine_of(state).status;
  const bool reads_now = outcome.is_in_use && status && status->active_model == outcome.title;
  if (!reads_now) return;
  state.ask.failure.reset();
  state.ask.pieces_text.clear();
  // The passages that waited for a model.
  if (status->corpus_documents > 0 && status->index.type.empty())
    send(state, effects, BuildIndex{});
}

void take_made_workspace(WorkbenchState& state, Effects& effects, const Outcome& outcome) {
  if (!outcome.failure) open_folder(state, effects, outcome.file.string());
}

}  // namespace realm::view

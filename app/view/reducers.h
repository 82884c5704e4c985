// The parts of Workbench's rules, one file a workspace. Private to app/view.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "app/view/workbench.h"

namespace realm::view {

RequestId send(WorkbenchState& state, Effects& effects, EngineCommandBody body);
void show_toast(WorkbenchState& state, ToastKind kind, std::string text);
void focus_on(WorkbenchState& state, Focus focus);

// Ask
void run_ask(WorkbenchState& state, Effects& effects);
void repeat_ask(WorkbenchState& state,
                Effects& effects);  // the question on screen once more, after an edit
void reduce(WorkbenchState& state, Effects& effects, const SetSentence& action);
void reduce(WorkbenchState& state, Effects& effects, const UseSentence& action);
void reduce(WorkbenchState& state, Effects& effects, const SetCandidates& action);
void reduce(WorkbenchState& state, Effects& effects, const AddWatch& action);
void reduce(WorkbenchState& state, Effects& effects, const RemoveWatch& action);
void reduce(WorkbenchState& state, Effects& effects, const SelectWord& action);
void reduce(WorkbenchState& state, Effects& effects, const SelectPassage& action);
void reduce(WorkbenchState& state, Effects& effects, const SetPinned& action);
void reduce(WorkbenchState& state, Effects& effects, const SetExcluded& action);
void reduce(WorkbenchState& state, Effects& effects, const ClearReference& action);
void take_ask(WorkbenchState& state, Effects& effects, const EngineSnapshot& snapshot);

// Has the sentence read in pieces when it has changed and there is a model.
void read_sentence(WorkbenchState& state, Effects& effects);
void reduce(WorkbenchState& state, Effects& effects, const SetWords& action);

// Corpus
inline constexpr double kCompareAfter = 0.5;  // seconds without typing
bool wants_comparison(const PassageForm& form);
void look_for_duplicate(WorkbenchState& state, Effects& effects);
Draft draft_of(const WorkbenchState& state);
// Opens the edit that the last window did not keep, where it belongs to this workspace.
void take_up_draft(WorkbenchState& state, Effects& effects);
void open_draft(WorkbenchState& state, Draft draft, const Document* document);
void load_page(WorkbenchState& state, Effects& effects);
void load_detail(WorkbenchState& state, Effects& effects);
void start_edit(WorkbenchState& state, Effects& effects, DocumentId id);
void start_add(WorkbenchState& state);
void keep_edit(WorkbenchState& state, Effects& effects);
void step_hit(WorkbenchState& state, Effects& effects, int by);
// True: an edit with changes is open; the user is asked first and `then` runs after.
bool held_by_unsaved_edit(WorkbenchState& state, std::string_view then);
void reduce(WorkbenchState& state, Effects& effects, const OpenInCorpus& action);
void reduce(WorkbenchState& state, Effects& effects, const SetSearch& action);
void reduce(WorkbenchState& state, Effects& effects, const SetFilters& action);
void reduce(WorkbenchState& state, Effects& effects, const ShowEverything& action);
void reduce(WorkbenchState& state, Effects& effects, const SetOrder& action);
void reduce(WorkbenchState& state, Effects& effects, const GoToOffset& action);
void reduce(WorkbenchState& state, Effects& effects, const SelectRow& action);
void reduce(WorkbenchState& state, Effects& effects, const StartEdit& action);
void reduce(WorkbenchState& state, Effects& effects, const ChangeForm& action);
void take_corpus(WorkbenchState& state, Effects& effects, const EngineSnapshot& snapshot,
                 const EngineSnapshot* before);
void take_outcomes(WorkbenchState& state, Effects& effects, const EngineSnapshot& snapshot);

// Train
void watch_runs(WorkbenchState& state, Effects& effects);  // of the workspace that is open now
void take_runs(WorkbenchState& state, Effects& effects, const TrainSnapshot& now);
void reduce(WorkbenchState& state, Effects& effects, const SelectRun& action);
void reduce(WorkbenchState& state, Effects& effects, const SetTrainLook& action);
void reduce(WorkbenchState& state, Effects& effects, const ChangeRunForm& action);
void reduce(WorkbenchState& state, Effects& effects, const ChangeRunNotes& action);
void reduce(WorkbenchState& state, Effects& effects, const ExtendRunBy& action);
void reduce(WorkbenchState& state, Effects& effects, const EraseRun& action);
RequestId send_train(WorkbenchState& state, Effects& effects, TrainCommandBody body);
// Sends notes that were changed and are not kept yet: a second after the last change, or at once.
void keep_notes(WorkbenchState& state, Effects& effects);
void keep_notes_when_due(WorkbenchState& state, Effects& effects);
// The commands that change the list of runs, and when they can be run.
bool run_upkeep_command(WorkbenchState& state, Effects& effects, std::string_view id);
std::optional<CommandState> upkeep_command_state(const WorkbenchState& state, std::string_view id);
// The window is to be closed: at once, or after a question where runs go on.
void want_quit(WorkbenchState& state);
void reduce(WorkbenchState& state, Effects& effects, const ResolveLivingRuns& action);
bool run_train_command(WorkbenchState& state, Effects& effects, std::string_view id);
CommandState train_command_state(const WorkbenchState& state, std::string_view id);

// A checkpoint of a run as the model of Ask, and the way back
void reduce(WorkbenchState& state, Effects& effects, const AskCheckpoint& action);
void take_published(WorkbenchState& state, Effects& effects, const TrainOutcome& outcome);
void take_used_model(WorkbenchState& state, Effects& effects, const Outcome& outcome);
bool run_model_command(WorkbenchState& state, Effects& effects, std::string_view id);
std::optional<CommandState> model_command_state(const WorkbenchState& state, std::string_view id);

// Plots, results and passages as files
void reduce(WorkbenchState& state, Effects& effects, const SaveCurves& action);
void reduce(WorkbenchState& state, Effects& effects, const SaveCurvesTo& action);
void reduce(WorkbenchState& state, Effects& effects, const ExportTo& action);
void reduce(WorkbenchState& state, Effects& effects, const ExportCorpusTo& action);
// The popup has gone or another one has come: what is being written is told of elsewhere.
void forget_saving(WorkbenchState& state);
// The popup waits for a command.
void begin_saving(WorkbenchState& state, RequestId id);
// Of the write that the popup waits for: closes it, or leaves it there with the reason. True: the
// popup tells of the failure, nobody else need.
bool take_saved(WorkbenchState& state, const Outcome& outcome);

// What is brought in, and the popups that ask where it is
void open_folder(WorkbenchState& state, Effects& effects, const std::string& folder);
// The popup of an import has gone, or the file has been chosen.
void end_preview(WorkbenchState& state, Effects& effects);
// What the folder of the path holds that is typed into the popup is read once, and anew in the next
// popup.
void look_at_typed_folder(WorkbenchState& state, Effects& effects);
void reduce(WorkbenchState& state, Effects& effects, const PreviewImport& action);
void reduce(WorkbenchState& state, Effects& effects, const SuggestImport& action);
void reduce(WorkbenchState& state, Effects& effects, const ImportFrom& action);
void reduce(WorkbenchState& state, Effects& effects, const SuggestModel& action);
void reduce(WorkbenchState& state, Effects& effects, const ImportModelFrom& action);
void reduce(WorkbenchState& state, Effects& effects, const MakeWorkspaceIn& action);
// Of a model that came in, and of a workspace that was made.
void take_imported_model(WorkbenchState& state, Effects& effects, const Outcome& outcome);
void take_made_workspace(WorkbenchState& state, Effects& effects, const Outcome& outcome);

// The workspace's models
void reduce(WorkbenchState& state, Effects& effects, const UseStoredModel& action);
void reduce(WorkbenchState& state, Effects& effects, const RemoveStoredModel& action);

// The English workspace
void open_setup(WorkbenchState& state, Effects& effects);  // its popup; again: closes it
void look_at_setup_folder(WorkbenchState& state, Effects& effects);
void reduce(WorkbenchState& state, Effects& effects, const GetEnglish& action);
void reduce(WorkbenchState& state, Effects& effects, const StopGettingEnglish& action);
void take_setup(WorkbenchState& state, std::shared_ptr<const SetupSnapshot> snapshot);
CommandState setup_command_state(const WorkbenchState& state);

// Commands
void run_command(WorkbenchState& state, Effects& effects, std::string_view id);

}  // namespace realm::view

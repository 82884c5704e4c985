// Everything that the window shows, as one value, and the words for changing it. Panels draw a
// const WorkbenchState and say what the user did as Actions; app/view/workbench.h turns those into
// the next state and into Effects.
//
// Values; thread-compatible (the GUI thread owns the one instance).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/view/ask_state.h"
#include "app/view/corpus_state.h"
#include "app/view/engine_messages.h"
#include "app/view/machine_state.h"
#include "app/view/path_completion.h"
#include "app/view/settings.h"
#include "app/view/setup_state.h"
#include "app/view/train_state.h"

namespace realm::view {

enum class Popup {
  kNone,
  kPalette,
  kShortcuts,
  kAbout,
  kOpenWorkspace,
  kExport,
  kExamples,
  kUnsavedEdit,
  kLivingRuns,
  kExtendRun,
  kImport,
  kExportCorpus,
  kEnglish,
  kSaveCurves,
  kModels,
  kNewWorkspace,
  kImportModel
};

// Who gets the keyboard among what is drawn by our own widgets; Dear ImGui's own fields come before
// it while active.
enum class Focus {
  kNone,
  kSentence,
  kWords,
  kPassages,
  kCorpusTable,
  kPassageTitle,
  kPassageText,
  kSearch,
  kWatch,
  kRunNote
};

// A pane that fills its workspace for a while.
enum class Pane { kNone, kWords, kPassages, kReading, kTable, kPassage };

enum class ToastKind { kDone, kError };
struct Toast {
  uint64_t id = 0;
  ToastKind kind = ToastKind::kDone;
  std::string text{};
  double shown_at = 0;  // seconds; plain successes go by themselves, errors stay until dismissed
};

struct WorkbenchState {
  Tab tab = Tab::kAsk;
  AskState ask{};
  CorpusState corpus{};
  TrainState train{};
  SetupState setup{};
  std::shared_ptr<const MachineSnapshot> machine{};  // nullptr: nobody has looked yet
  WatchMachine watched{};                            // what was asked for last
  Preferences preferences{};
  Memory memory{};
  UserFolders folders{};
  bool read_only = false;

  std::shared_ptr<const EngineSnapshot> engine{};  // never nullptr once the window runs
  uint64_t last_outcome = 0;                       // outcomes up to here have been seen

  Popup popup = Popup::kNone;
  std::string popup_text{};  // what is typed into the open popup
  std::string popup_name{};  // of what is brought in, where it is not the folder's; empty: it is
  std::shared_ptr<const FolderListing> folder{};  // read last; nullptr: none was yet
  std::filesystem::path folder_looked_at{};       // of the path that is typed; empty: none
  int popup_selected = 0;
  Focus focus = Focus::kSentence;
  uint64_t focus_serial = 1;      // grows when a field should take the keyboard anew
  std::string model_to_remove{};  // in the popup of models; to be confirmed. Empty: none
  std::shared_ptr<const CurvePicture> curves_to_save{};  // while its popup is open
  RequestId popup_saving = 0;   // the command that writes the popup's file; 0: none was sent,
  std::string popup_failure{};  // and why the last one could not
  std::vector<Toast> toasts{};
  bool wants_quit = false;
  bool fullscreen = false;
  std::optional<std::string>
      unsaved_next{};        // the command to run once an unsaved edit is kept or discarded
  double now = 0;            // seconds of the window's clock
  int64_t unix_seconds = 0;  // the time of day; 0: not known
  Pane zoomed = Pane::kNone;
  std::optional<Draft> draft_to_open{};  // its passage is being loaded
  RequestId next_request = 1;
};

const EngineSnapshot& engine_of(const WorkbenchState& state);
bool has_workspace(const WorkbenchState& state);
bool is_read_only(const WorkbenchState& state);  // the workspace that is open
bool is_editing(const WorkbenchState& state);
// The index was made by another model than the one in use, so nothing can be asked.
bool has_foreign_index(const WorkbenchState& state);
// Why the sentence in the field cannot be asked, as a hint; empty: it can.
std::string why_not_asked(const WorkbenchState& state);

// ---- Actions: what the user did
// --------------------------------------------------------------------------------------

struct RunCommand {  // of app/commands/command_table.h
  std::string id{};
};
struct SetSentence {
  TextEditor sentence{};
  bool hid_word = false;  // a click hid a word: may predict at once
};
struct UseSentence {  // an example, a history entry
  std::string text{};
  bool run = true;
};
struct SetCandidates {
  int count = 8;
};
struct SetWords {
  int count = 10;
};
struct ZoomPane {  // again: back to all panes
  Pane pane = Pane::kNone;
};
struct PreviewImport {
  std::string file{};
};
struct ImportFrom {
  std::string file{};
};
struct SuggestImport {  // a file was dropped: it is named in the import's popup
  std::string file{};
};
struct ExportCorpusTo {
  std::string file{};
};
struct AddWatch {
  std::string word{};
};
struct RemoveWatch {
  std::string word{};
};
struct SelectWord {  // again: deselects
  std::string word{};
};
struct SelectPassage {  // reads it, and sorts the words by it; again: stops sorting
  DocumentId id = 0;
  bool is_null = false;
};
struct SetPinned {
  NamedDocument document{};
  bool on = true;
};
struct SetExcluded {
  NamedDocument document{};
  bool on = true;
};
struct ClearReference {};
struct OpenInCorpus {
  DocumentId id = 0;
  bool edit = false;
};

struct SetSearch {
  std::string text{};
};
struct SetFilters {
  CorpusFilters filters{};
};
struct ShowEverything {};  // neither search nor filters
struct SetOrder {
  TableOrder order{};
};
struct GoToOffset {
  int64_t offset = 0;
};
struct SelectRow {
  DocumentId id = 0;
};
struct StartEdit {
  DocumentId id = 0;
};
struct ChangeForm {
  std::string title{};
  TextEditor text{};
};

// ---- of the Train workspace
struct SelectRun {
  RunId run{};
  bool compares = false;  // beside the chosen one; again: no more
};
struct SetTrainLook {
  TrainLook look{};
};
struct ChangeRunForm {
  RunForm form{};
};

struct ChangeRunNotes {
  std::string tags{};
  TextEditor note{};
  bool took_focus = false;  // the note was clicked
};
struct ExtendRunBy {
  int64_t steps = 0;
};
struct EraseRun {  // to the trash
  RunId run{};
};

// Asks the newest checkpoint of the run at or before a step, in the Ask workspace.
struct AskCheckpoint {
  RunId run{};
  std::optional<int64_t> step{};  // none: the newest of all
  std::string text{};             // hides its answer as [[...]]; empty: what stands in Ask
};
// Asks for a file to save a plot in, then saves it: as PNG or SVG what is shown, as CSV every
// number.
struct SaveCurves {
  CurvePicture picture{};
  std::string file{};  // the name that is proposed; its end says what is written
};
struct SaveCurvesTo {
  std::string file{};
};

// Makes it the one that is asked, or the one beside it.
struct UseStoredModel {
  std::string name{};
  bool as_baseline = false;
};
// Asks whether it shall be removed; with `is_sure` it is.
struct RemoveStoredModel {
  std::string name{};  // empty: none, after all
  bool is_sure = false;
};

// Copies a model folder into the workspace.
struct ImportModelFrom {
  std::string folder{};
  std::string name{};
};
struct SuggestModel {  // a model's folder was dropped: it is named in the import's popup
  std::string folder{};
};
// Makes an empty workspace and opens it.
struct MakeWorkspaceIn {
  std::string folder{};
};

struct SetTab {
  Tab tab = Tab::kAsk;
};
struct SetFocus {
  Focus focus = Focus::kNone;
};
struct SetPanes {
  PaneLayout panes{};
};
struct SetPopup {
  Popup popup = Popup::kNone;
};
struct ChangePopup {  // what is typed and chosen in the open popup
  std::string text{};
  int selected = 0;
};
struct NamePopup {  // what is brought in
  std::string name{};
};
struct OpenFolder {
  std::string folder{};
};
struct ExportTo {
  std::string file{};
};
// ---- of the English workspace
struct GetEnglish {};  // in the folder that is typed into its popup
struct StopGettingEnglish {};
struct OpenEnglish {};  // what is in that folder

struct ResolveLivingRuns {  // the window is to be closed while runs go on
  enum class Choice { kLeave, kStop, kCancel } choice = Choice::kCancel;
};
struct ResolveUnsaved {
  enum class Choice { kKeep, kDiscard, kCancel } choice = Choice::kCancel;
};
struct DismissToast {
  uint64_t id = 0;
};
struct CancelWork {};  // what the engine thread is doing now
struct CopyText {
  std::string text{}, what{};
};
struct SetWindowPlace {
  WindowPlace place{};
};
struct CloseWindow {};  // the window's own close button

using Action =
    std::variant<RunCommand, SetSentence, UseSentence, SetCandidates, AddWatch, RemoveWatch,
                 SelectWord, SelectPassage, SetPinned, SetExcluded, ClearReference, OpenInCorpus,
                 SetSearch, SetFilters, ShowEverything, SetOrder, GoToOffset, SelectRow, StartEdit,
                 ChangeForm, SetWords, ZoomPane, PreviewImport, ImportFrom, SuggestImport,
                 ExportCorpusTo, SelectRun, SetTrainLook, ChangeRunForm, ChangeRunNotes,
                 ExtendRunBy, EraseRun, SetTab, SetFocus, SetPanes, SetPopup, ChangePopup,
                 OpenFolder, ExportTo, ResolveUnsaved, ResolveLivingRuns, DismissToast, CancelWork,
                 CopyText, SetWindowPlace, CloseWindow, GetEnglish, StopGettingEnglish, OpenEnglish,
                 AskCheckpoint, SaveCurves, SaveCurvesTo, UseStoredModel, RemoveStoredModel,
                 NamePopup, ImportModelFrom, SuggestModel, MakeWorkspaceIn>;

using Actions = std::vector<Action>;  // what panels fill while drawing

// ---- Effects: what the window must do for it
// -------------------------------------------------------------------------

struct SendCommand {
  EngineCommand command{};
};
struct CancelRequest {
  RequestId id = 0;
};
struct SetClipboard {
  std::string text{};
};

// The picture is drawn as PNG, and that is written.
struct DrawCurves {
  RequestId id = 0;  // of the command that writes it
  std::filesystem::path file{};
  std::shared_ptr<const CurvePicture> picture{};
};

struct SendTrainCommand {
  TrainCommand command{};
};

struct SendSetupCommand {
  SetupCommand command{};
};

using Effect = std::variant<SendCommand, SendTrainCommand, SendSetupCommand, WatchMachine,
                            LookAtFolder, CancelRequest, SetClipboard, DrawCurves>;
using Effects = std::vector<Effect>;

}  // namespace realm::view

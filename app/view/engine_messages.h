// What the window and the engine thread say to each other: commands as values with a request id,
// and immutable snapshots of everything that the window shows of the engine.
//
// Plain values without Dear ImGui, LibTorch or threads. A snapshot's parts are shared_ptr<const T>:
// they never change once published, so the window draws from them without a lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/services/session.h"
#include "app/view/curve_export.h"
#include "app/view/examples.h"
#include "engine/base/error.h"

namespace realm::view {

using RequestId = uint64_t;  // given by the window, ascending; 0: none

struct OpenWorkspace {
  std::filesystem::path folder{};
  bool read_only = false;
};
struct Ask {
  AskQuery query{};
};
struct LoadPage {
  DocumentQuery query{};
};
struct LoadDocument {
  DocumentId id = 0;
  int revisions = 50;
};
// The word pieces of the sentence being written, and what in it is worth hiding.
struct ReadSentence {
  std::string text{};
};
// Whether another passage has the text of the one being edited.
struct FindDuplicate {
  DocumentId id = 0;
  std::string text{};
};
struct ImportFile {
  std::filesystem::path file{};
};
// What an import of a file would do.
struct ForecastImport {
  std::filesystem::path file{};
  int64_t most_bytes = 0;  // of the file to go through; 0: all of it
};
struct ExportCorpus {
  std::filesystem::path file{};
};
struct AddDocument {
  std::string title{}, text{}, source{};
};
struct EditDocument {
  DocumentId id = 0;
  DocumentChange change{};
};
struct DeleteDocument {
  DocumentId id = 0;
};
struct UndoChange {};
struct RedoChange {};
struct BuildIndex {
  std::string type = "exact";
  bool rebuild = false;
};
// Makes a model of the workspace the one that questions go to.
struct UseModel {
  std::string name{};
  bool as_baseline = false;  // the one that stands beside it
};
// Looks a model folder through and copies it into the workspace as `name`; it becomes the model or
// the baseline where there is none yet.
struct ImportModel {
  std::filesystem::path folder{};
  std::string name{};
};
// Makes an empty workspace; the one that is open stays so.
struct MakeWorkspace {
  std::filesystem::path folder{};
};
// Writes curves to a file: what is shown as PNG, whose bytes come with the command, or as SVG, or
// every number as CSV.
struct WriteCurves {
  std::filesystem::path file{};
  std::shared_ptr<const CurvePicture> picture{};
  std::string png{};  // empty: the file's name says which of the others
};
// Writes a result to `file`, or gives its JSON text back where `file` is empty.
struct ExportResult {
  std::shared_ptr<const AskResult> result{};
  std::filesystem::path file{};
};
// Small files of the window itself (settings, state), so that drawing never waits for a disk.
struct WriteTextFile {
  std::filesystem::path file{};
  std::string text{};
};

using EngineCommandBody =
    std::variant<OpenWorkspace, Ask, LoadPage, LoadDocument, AddDocument, EditDocument,
                 DeleteDocument, UndoChange, RedoChange, BuildIndex, ExportResult, WriteTextFile,
                 ReadSentence, FindDuplicate, ImportFile, ForecastImport, ExportCorpus, UseModel,
                 ImportModel, MakeWorkspace, WriteCurves>;

struct EngineCommand {
  RequestId id = 0;
  EngineCommandBody body{};
};

struct Failure {
  ErrorCode code = ErrorCode::kIo;
  std::string sentence{};
};

struct AskReply {
  RequestId id = 0;
  AskQuery query{};
  std::shared_ptr<const AskResult> result{};  // nullptr: see failure
  std::optional<Failure> failure{};
};

struct PageReply {
  RequestId id = 0;
  DocumentPage page{};
  std::optional<Failure> failure{};
};

struct DocumentReply {
  RequestId id = 0;
  DocumentId document_id = 0;
  std::optional<Document> document{};  // nullopt: there is no such document (any more)
  std::vector<RevisionEntry> revisions{};
  std::optional<Failure> failure{};
};

struct SentenceReply {
  RequestId id = 0;
  std::string text{};
  SentenceReading reading{};  // empty without a model
};

struct DuplicateReply {
  RequestId id = 0;
  std::optional<DocumentId> found{};
};

struct ForecastReply {
  RequestId id = 0;
  std::filesystem::path file{};
  ImportForecast forecast{};
  std::optional<Failure> failure{};
};

enum class OutcomeKind {
  kAdd,
  kEdit,
  kDelete,
  kUndo,
  kRedo,
  kBuildIndex,
  kExport,
  kWriteFile,
  kImport,
  kExportCorpus,
  kUseModel,
  kImportModel,
  kMakeWorkspace,
  kOpenWorkspace,
  kWriteCurves
};

// The end of a command that changes or writes something.
struct Outcome {
  RequestId id = 0;
  OutcomeKind kind = OutcomeKind::kEdit;
  std::vector<DocumentId> touched{};
  std::string title{};  // what was changed, as the user knows it: a document's title, what undo
                        // took back, or a model's name
  std::string text{};   // kExport without a file: the JSON; kImport: what was skipped and why
  int64_t documents = 0, passages = 0;  // kImport, kExportCorpus: how many came in or went out;
                                        // kUndo, kRedo: passages that the step touched
  bool as_baseline = false;             // kUseModel: beside the model
  std::string left_out{};     // kUseModel: the baseline that has other words than the model
  bool is_in_use = false;     // kImportModel: it is the model or the baseline now
  bool already_done = false;  // kImport: the file is in the corpus already
  std::filesystem::path file{};
  double milliseconds = 0;
  std::optional<Failure> failure{};
};

enum class EnginePhase {
  kNoWorkspace,
  kOpening,       // the folder, its database and index
  kLoadingModel,  // the corpus can be read already
  kReady,
  kFailed,  // the workspace could not be opened: see failure
};

// What the engine thread is doing right now.
struct Activity {
  RequestId id = 0;             // 0: idle, or opening
  std::string stage{};          // "Reading 8 passages"; empty: idle
  int64_t done = 0, total = 0;  // total 0: not known
  bool can_cancel = false;
  std::chrono::steady_clock::time_point since{};
};

struct EngineSnapshot {
  uint64_t version = 0;
  EnginePhase phase = EnginePhase::kNoWorkspace;
  std::filesystem::path folder{};
  std::optional<Failure> failure{};        // why the workspace could not be opened
  std::optional<Failure> model_failure{};  // why there is no model to ask, in an open workspace
  std::shared_ptr<const SessionStatus> status{};
  std::shared_ptr<const std::vector<std::string>> sources{};
  std::shared_ptr<const std::vector<Example>> examples{};
  std::shared_ptr<const AskReply> ask{};
  std::shared_ptr<const PageReply> page{};
  std::shared_ptr<const DocumentReply> document{};
  std::shared_ptr<const SentenceReply> sentence{};
  std::shared_ptr<const DuplicateReply> duplicate{};
  std::shared_ptr<const ForecastReply> forecast{};
  std::shared_ptr<const std::vector<Outcome>>
      outcomes{};  // the last ones, ids ascending; never nullptr once published
  Activity activity{};
  int waiting = 0;  // commands that wait their turn
};

}  // namespace realm::view

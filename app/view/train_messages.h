// What the window and the thread that looks after training runs say to each other: commands as
// values with a request id, and immutable snapshots of the runs of the open workspace.
//
// Plain values without Dear ImGui, LibTorch or threads; a snapshot's parts never change once
// published.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/services/launch/launch_options.h"
#include "app/view/engine_messages.h"
#include "app/view/train_film.h"
#include "storage/run_values.h"

namespace realm::view {

// The workspace whose runs are looked at; empty: none.
struct WatchRuns {
  std::filesystem::path folder{};
  bool read_only = false;  // nothing in it is changed, not even its trash
};
// Whose numbers, events and probes the window wants, one or several to compare.
struct FollowRuns {
  std::vector<RunId> runs{};
};
// A run as it would begin: a task's preset with settings "key=value" over it, and where.
struct RunPlan {
  std::string task{}, preset{};
  std::vector<std::string> settings{};
  LaunchOptions launch{};
  friend bool operator==(const RunPlan&, const RunPlan&) = default;
};
// Every option of the plan with its value, what is wrong with it, and what the run would need.
struct CheckPlan {
  RunPlan plan{};
};
struct StartRun {
  RunPlan plan{};
};
struct SteerRun {
  RunId run{};
  ControlCommand command = ControlCommand::kStopAndSave;
};
// Goes on from the newest checkpoint.
struct ResumeRun {
  RunId run{};
};

// Gives it more steps, and goes on.
struct ExtendRun {
  RunId run{};
  int64_t more = 0;
};
struct NoteRun {
  RunId run{};
  std::string tags{}, note{};  // tags with commas between them
};
// To the trash, where it lies until the window closes.
struct DeleteRun {
  RunId run{};
};
struct UndeleteRun {
  RunId run{};
};

// Makes a checkpoint of the run a model of the workspace, to be asked.
struct PublishCheckpoint {
  RunId run{};
  int64_t step = 0;  // the newest that is at or before it
};

// Keeps a query for the runs that are begun from now on.
struct WatchQuery {
  std::string text{};  // hides its answer as [[...]]
  std::string answer{};
  std::string title{};  // of the passage whose rank is followed; empty: none
};

// Looks which models the workspace has.
struct ListModels {};
// For good. One that is in use stays.
struct RemoveModel {
  std::string name{};
};

using TrainCommandBody = std::variant<WatchRuns, FollowRuns, CheckPlan, StartRun, SteerRun,
                                      ResumeRun, ExtendRun, NoteRun, DeleteRun, UndeleteRun,
                                      WatchQuery, PublishCheckpoint, ListModels, RemoveModel>;

struct TrainCommand {
  RequestId id = 0;
  TrainCommandBody body{};
};

// One curve, whole. All three of one length, in order of step.
struct Curve {
  std::string name{};
  std::vector<double> steps{}, values{};
  std::vector<double> seconds{};              // since the run's first number
  std::optional<double> lowest{}, highest{};  // of the finite values; none: there are none
};
// Puts a number behind the others.
void append(Curve& curve, double step, double value, double seconds);

struct RunDetail {
  RunId run{};
  int attempt = 0;
  std::vector<std::shared_ptr<const Curve>> curves{};  // by name
  std::shared_ptr<const std::vector<RunEvent>>
      events{};  // the newest but for samples; never nullptr
  std::vector<std::shared_ptr<const ProbeFilm>> films{};         // of the probe queries
  std::shared_ptr<const std::vector<TrainingSample>> samples{};  // newest last; never nullptr
};
// nullptr: the run has no curve of that name.
std::shared_ptr<const Curve> find_curve(const RunDetail& detail, std::string_view name);

// A model of the workspace.
struct StoredModel {
  std::string name{}, kind{};
  std::string problem{};  // why it cannot be read; empty: it can
  std::string loss{};     // one sentence: what could not be done without it; empty: nothing
  int64_t bytes = 0;
  bool can_be_asked = false;     // it has an embedder and an encoder
  bool can_be_baseline = false;  // it is a BERT with a masked language model head
  friend bool operator==(const StoredModel&, const StoredModel&) = default;
};

// An option as a form shows it; values are texts as --set takes them.
struct FormField {
  std::string key{}, group{}, unit{}, kind{}, meaning{};
  std::string cost{};                // what more of it takes, "memory and time"; empty: little
  std::vector<std::string> names{};  // the values that it can have; empty: any of its kind
  std::string value{};               // of the plan
  std::string usual{};               // of the preset alone
};
struct PlanReply {
  RequestId id = 0;
  RunPlan plan{};
  std::vector<FormField> fields{};  // of the preset alone where the settings cannot be read
  std::string problem{};            // one sentence; empty: it can start
  std::string needs{};              // memory, disk and time, a line each; empty where not known
  std::string script{};             // that Slurm is sent; empty: it runs on this machine
};

enum class TrainOutcomeKind {
  kStart,
  kSteer,
  kResume,
  kExtend,
  kNote,
  kDelete,
  kUndelete,
  kWatch,
  kPublish,
  kRemoveModel
};
// The end of a command that does something.
struct TrainOutcome {
  RequestId id = 0;
  TrainOutcomeKind kind = TrainOutcomeKind::kStart;
  RunId run{};
  ControlCommand command = ControlCommand::kStopAndSave;  // kSteer
  std::string name{};      // kWatch: the query's; kPublish, kRemoveModel: the model's
  int64_t step = 0;        // kPublish: of the checkpoint
  std::string borrowed{};  // kPublish: what is another model's, "the encoder of starter"
  std::optional<Failure> failure{};
};

// The one number by which runs of a kind are told apart.
struct RunHeadline {
  std::string name{}, label{};  // "held_out/p_y", "p(y|x)"
  double last = 0;
  std::optional<double> best{};  // none: it never was a number
};

struct TrainSnapshot {
  uint64_t version = 0;
  std::filesystem::path folder{};  // of the workspace
  bool is_known = false;           // the workspace's runs were looked for; else `runs` says nothing
  std::shared_ptr<const std::vector<RunSummary>> runs{};     // newest first; never nullptr
  std::shared_ptr<const std::vector<RunSummary>> deleted{};  // in the trash; never nullptr
  std::map<RunId, RunHeadline> headlines{};                  // of runs that have numbers
  // What is wrong with a run's folder, in a sentence; the run's numbers are there all the same.
  std::map<RunId, std::string> troubles{};
  // Steps of the checkpoints on disk, ascending; of runs that have some.
  std::map<RunId, std::vector<int64_t>> checkpoints{};
  std::vector<std::shared_ptr<const RunDetail>> followed{};
  std::filesystem::path probes_file{};  // of watched queries; empty: there is none yet
  std::string slurm_missing{};          // why no job can be sent from here; empty: one can
  std::shared_ptr<const std::vector<StoredModel>> models{};  // by name; nullptr: nobody has asked
  std::shared_ptr<const PlanReply> plan{};
  std::shared_ptr<const std::vector<TrainOutcome>> outcomes{};  // the last ones, ids ascending
  std::optional<Failure> failure{};                             // the run database cannot be read
};

}  // namespace realm::view

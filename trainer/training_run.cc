#include "trainer/training_run.h"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/model/torch_error.h"
#include "storage/workspace.h"
#include "trainer/checkpoint.h"
#include "trainer/initial_model.h"
#include "trainer/parallel/rank_group.h"
#include "trainer/publish_model.h"
#include "trainer/repeat_refreshes.h"
#include "trainer/run_estimate.h"
#include "trainer/saved_checkpoints.h"
#include "trainer/stage_watch.h"
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

// What became of a text, for the log: a run that leaves most of it out must say so.
void tell_text(const char* name, const std::optional<TrainingText>& text, RunWriter& run) {
  if (!text) return;
  std::string line = fmt::format("{}: {} sentences", name, text->sentences.size());
  if (text->was_tagged) line += ", their salient spans found by the tagger";
  const auto left_out = [&](int64_t count, const char* why) {
    if (count > 0) line += fmt::format("; {} left out {}", count, why);
  };
  left_out(text->skipped_without_span, "without a salient span");
  left_out(text->skipped_too_long, "as too long");
  if (text->unknown_titles > 0)
    line += fmt::format("; {} name a passage that is not in the corpus", text->unknown_titles);
  const bool most = text->skipped_without_span + text->skipped_too_long >
                    static_cast<int64_t>(text->sentences.size());
  run.append_event({most ? "warning" : "log", 0, line + ".", "", 0});
}

std::unique_ptr<TrainingTask> make_task(const TrainOptions& options,
                                        const std::shared_ptr<RankGroup>& ranks,
                                        const StartLooks& looks, RunWriter& run) {
  auto inputs = load_task_inputs(options, ranks, looks);
  run.append_event({"log", 0, fmt::format("Z: {} passages.", inputs->passages.size()), "", 0});
  tell_text("X", inputs->text, run);
  tell_text("Held-out text", inputs->held_out, run);
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

std::string sentence_of(const std::exception& error) {
  const bool is_torch = dynamic_cast<const c10::Error*>(&error) != nullptr;
  return is_torch ? fmt::format("LibTorch: {}", first_line_of(error)) : error.what();
}

// All ranks must begin alike: the same checkpoint, and the same weights in it.
void require_same_start(RankGroup& ranks, int64_t first, TrainingTask& task) {
  if (ranks.size() == 1) return;
  Sha256 digest;
  digest.update(std::to_string(first));
  for (const AdamWeightDecay::Group& group : task.parameter_groups()) {
    for (const NamedParameter& named : group.parameters) {
      const torch::Tensor flat =
          named.value().detach().to(torch::kCPU, torch::kFloat32).contiguous();
      digest.update(named.name)
          .update(
              std::as_bytes(std::span(flat.data_ptr<float>(), static_cast<size_t>(flat.numel()))));
    }
  }
  const std::string own = digest.hex();
  if (!ranks.all(ranks.from_first(own) == own)) {
    throw Error(ErrorCode::kMismatch,
                "The processes of this run start from different weights; they must see the same "
                "workspace.");
  }
}

// Counts words where the run is told so, and heeds what is asked of it meanwhile; false: it is to
// stop.
bool count_words(const TrainOptions& options, RunWriter& run, const StopSignals& signals) {
  StageWatch watch(run, signals);
  return train_vocabulary(options, [&](const Progress& stage) { return watch.goes_on(stage); });
}

// The first stage of a run in a workspace without a vocabulary; false: the run is to stop.
bool count_vocabulary(const TrainOptions& options, RankGroup& ranks, RunWriter& run,
                      const StopSignals& signals) {
  bool goes_on = true;
  if (ranks.is_first() &&
      counts_vocabulary(options, Workspace::open(options.workspace, true).models_folder())) {
    TrainOptions words = options;
    words.task = TrainTask::kVocabulary;
    words.output_model = kFirstVocabulary;
    goes_on = count_words(words, run, signals);
    if (goes_on) {
      run.append_event({"log", 0,
                        fmt::format("Counted a vocabulary into the model {}, as the workspace had "
                                    "none.",
                                    kFirstVocabulary),
                        "", 0});
    }
  }
  // It is there when the others read it.
  return ranks.from_first(goes_on ? "goes on" : "stops") == "goes on";
}

struct Start {
  const TrainOptions& options;
  fs::path folder;                     // of the run
  std::optional<fs::path> checkpoint;  // to go on from
  std::shared_ptr<RankGroup> ranks;
};

// Of the checkpoint that it goes on from; nullopt: it begins.
std::optional<int64_t> resume_step(const Start& start) {
  if (!start.checkpoint) return std::nullopt;
  return std::stoll(start.checkpoint->filename().string().substr(5));
}

// What is asked of a run before its first step ends it at once, wherever it is then; from there on
// the loop heeds it.
class StartWatch {
 public:
  StartWatch(const Start& start, RunWriter& run, const StopSignals& signals)
      : ranks_(*start.ranks), stage_(run, signals, resume_step(start).value_or(0)) {}

  // They use the watch.
  StartLooks looks() {
    StartLooks out;
    out.between_parts = [this](const char* stage) {
      heed(ranks_.all(stage_.goes_on_now({.stage = stage})));
    };
    out.within_part = [this](const char* stage) {
      if (loop_ != nullptr) {
        loop_->look(stage);
      } else if (ranks_.size() == 1) {
        heed(stage_.goes_on({.stage = stage}));
      }
    };
    return out;
  }
  void hand_over(TrainingLoop& loop) { loop_ = &loop; }  // it must live as long as the looks
  bool stops() const { return stops_; }                  // a look ended the run

 private:
  void heed(bool goes_on) {
    stops_ = !goes_on;
    if (stops_) throw Error(ErrorCode::kCancelled, "The run was stopped before its first step.");
  }

  RankGroup& ranks_;
  StageWatch stage_;
  TrainingLoop* loop_ = nullptr;
  bool stops_ = false;
};

// What a run's steps are told to and heed.
struct Surroundings {
  RunWriter& run;
  const TrainingReport& report;
  const StopSignals& signals;
  int64_t& reached;
};

// From the loading of texts and models to the last step.
RunState train_steps(const Start& start, const Surroundings& around, StartWatch& watch) {
  const TrainOptions& options = start.options;
  RankGroup& ranks = *start.ranks;
  RunWriter& run = around.run;
  const StartLooks looks = watch.looks();
  run.heartbeat(around.reached, kLoadStage);
  const auto task = make_task(options, start.ranks, looks, run);
  looks.between_parts(kLoadStage);
  TrainingLoop loop(
      {options, start.folder, run, *task, around.report, around.signals, ranks, around.reached});
  int64_t first = 0;
  if (start.checkpoint) {
    first = load_checkpoint(*start.checkpoint, *task, loop.optimizer());
  } else {
    task->begin();
  }
  require_same_start(ranks, first, *task);
  repeat_refreshes(start.folder, first, *task, ranks);
  watch.hand_over(loop);
  const RunState state = loop.go(first);
  if (state == RunState::kFinished && !options.output_model.empty() && ranks.is_first())
    publish_model(options, start.folder);
  return state;
}

// `reached` keeps the steps that are done.
RunState train(const Start& start, RunWriter& run, const TrainingReport& report, int64_t& reached) {
  const TrainOptions& options = start.options;
  RankGroup& ranks = *start.ranks;
  const StopSignals signals;
  if (options.task == TrainTask::kVocabulary) {
    return !ranks.is_first() || count_words(options, run, signals) ? RunState::kFinished
                                                                   : RunState::kStopped;
  }
  if (options.batch_size < ranks.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("A batch of {} examples cannot be shared by {} processes.",
                            options.batch_size, ranks.size()));
  }
  if (ranks.is_first()) {
    require_room(options, estimate_run(options, {.calibration_seconds = 0}),
                 start.checkpoint ? RunStart::kResumes : RunStart::kBegins);
  }
  if (!count_vocabulary(options, ranks, run, signals)) return RunState::kStopped;
  torch::set_num_threads(options.threads);
  // TF32 for the fp32 products of a CUDA device; means nothing on the CPU.
  at::globalContext().setAllowTF32CuBLAS(true);
  StartWatch watch(start, run, signals);
  try {
    return train_steps(start, {run, report, signals, reached}, watch);
  } catch (const Error&) {
    if (!watch.stops()) throw;
    return RunState::kStopped;
  }
}

// A full disk takes no record: what ended the run is then what there is to say.
template <typename Write>
void write_if_there_is_room(const Write& write) {
  try {
    write();
  } catch (const Error&) {
    return;
  }
}

// The first rank is the run's trainer to everybody else.
std::unique_ptr<RunWriter> open_writer(const Start& start, const Workspace& workspace) {
  const RunId id = start.folder.filename().string();
  if (!start.ranks->is_first()) return RunWriter::silent(id);
  return RunWriter::open_run(workspace.run_database(), id, resume_step(start));
}

}  // namespace

RunState run_training(const fs::path& run_folder, const TrainingReport& report) {
  const fs::path config = run_folder / "config.json";
  TrainOptions options = train_options_from_json(read_text(config), {}, config);
  // Where the run lies now, which is elsewhere than it began once its workspace was moved or
  // copied.
  options.workspace =
      fs::absolute(run_folder).lexically_normal().parent_path().parent_path().string();
  validate(options);
  const Workspace workspace = Workspace::open(options.workspace);
  Start start{options, run_folder, {}, RankGroup::from_environment()};
  const auto newest = checkpoint_to_resume(run_folder);
  const std::string chosen = start.ranks->from_first(newest ? newest->filename().string() : "");
  if (!chosen.empty()) start.checkpoint = run_folder / "checkpoints" / chosen;
  const auto run = open_writer(start, workspace);
  int64_t reached = resume_step(start).value_or(0);
  try {
    const RunState state = train(start, *run, report, reached);
    run->finish(state,
                state == RunState::kFinished ? "All steps are done." : "Stopped on request.");
    return state;
  } catch (const std::exception& error) {
    const std::string sentence = sentence_of(error);
    write_if_there_is_room([&] { run->append_event({"error", reached, sentence, "", 0}); });
    write_if_there_is_room([&] { run->finish(RunState::kFailed, sentence); });
    if (dynamic_cast<const Error*>(&error) != nullptr) throw;
    throw std::runtime_error(sentence);
  }
}

}  // namespace realm

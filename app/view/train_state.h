// What the Train workspace shows: the runs of the workspace, the chosen one's curves, numbers and
// log, and the form for a new run; and the plain functions that panels read it with.
//
// Values; thread-compatible.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/view/curve_axis.h"
#include "app/view/text_editor.h"
#include "app/view/train_messages.h"

namespace realm::view {

enum class TrainBottom { kLog, kProbes, kSamples, kSettings, kNotes, kMachine };

// How the chosen run is looked at.
struct TrainLook {
  double smoothing = 0.6;  // weight of what came before, in [0, 1)
  bool log_scale = false;
  CurveXKind axis = CurveXKind::kSteps;
  TrainBottom bottom = TrainBottom::kLog;
  std::string log_filter{};
  std::string log_mark{};              // view::key_of the error that is looked at; empty: none
  std::string run_filter{};            // words that a run's name, task, state, model or tags have
  std::string sample{};                // view::key_of; empty, or one that is gone: the newest
  std::string film{};                  // name of a probe; the same: the first
  std::optional<int64_t> film_step{};  // none: the newest measurement
  FilmCharts film_charts{};
  std::optional<float> bottom_share{};  // of the height below the head; none: as the part needs
  bool follow = false;                  // the right edge stays at the newest number
  // Of a chart's vertical axis, by its title; a chart that is not here shows all.
  std::map<std::string, std::pair<double, double>> heights{};
  std::set<RunId> hidden{};             // runs that are compared and not drawn
  std::optional<double> low{}, high{};  // of the horizontal axis; none: all of it
  friend bool operator==(const TrainLook&, const TrainLook&) = default;
};

// The form for a new run.
struct RunForm {
  RunPlan plan{};
  bool shows_all = false;  // every option, not only those that one changes most
  std::string filter{};    // of the options shown
  RequestId pending = 0;   // the plan is being checked
  RequestId starting = 0;  // it is being started
};

// What is being written about a run; kept a second after the last change.
struct RunNotesForm {
  RunId run{};
  std::string tags{};
  TextEditor note{};
  double changed_at = -1;  // seconds of the window's clock; negative: all of it is kept
};
inline constexpr double kKeepNotesAfter = 1;

// A checkpoint on its way into Ask: copied into the workspace, loaded, asked.
struct CheckpointOnItsWay {
  RequestId copying = 0, loading = 0;  // one of them
  std::string text{};                  // to ask; empty: what stands in Ask
  std::string said{};                  // what the user is told once it answers
};

struct TrainState {
  std::shared_ptr<const TrainSnapshot> snapshot{};  // nullptr: nothing is known yet
  RunId selected{};
  std::vector<RunId> compared{};  // beside the chosen one
  TrainLook look{};
  std::optional<RunForm> form{};
  std::optional<RunNotesForm> notes{};
  std::optional<CheckpointOnItsWay> checkpoint{};
  uint64_t last_outcome = 0;
};

const RunSummary* find_run(const TrainState& train, std::string_view id);
const RunSummary* selected_run(const TrainState& train);  // nullptr: none
// The details of the chosen run, then of those it is compared with, as far as they are known.
std::vector<const RunDetail*> shown_details(const TrainState& train);
// What stands about the chosen run in the window: what is being written, or what is kept.
RunNotesForm notes_of(const TrainState& train);
// One sentence; nullptr: nothing is wrong with the run's folder.
const std::string* trouble_of(const TrainState& train, const RunId& run);
bool is_alive(const RunSummary& run);  // a process trains it, or is about to

// Whether everything that was asked for is known: the runs, the chosen one's numbers, the plan.
bool is_settled(const TrainState& train);
// "pretrain \u2192 mine": the task, and the name under which its model is put into the workspace;
// and that name alone, or the run's own where it has none.
std::string title_of(const RunSummary& run);
std::string label_of(const RunSummary& run);
bool has_living_run(const TrainState& train);
// Indices of the runs that have all words of look.run_filter, newest first.
std::vector<size_t> listed_runs(const TrainState& train);

// "p(y|x) 0.412, best 0.45 \u00B7 12 min": the run's headline and how long it was trained.
std::string result_of(const TrainState& train, const RunSummary& run);
// "running", "waits", "stopped", ...
std::string_view state_word(RunState state);
// One sentence about a run for its head: what it does, or why it ended; "no progress for 40 s in
// evaluate" once it stalls. `unix_seconds` 0: the time is not known.
std::string state_sentence(const RunSummary& run, int64_t unix_seconds);
inline constexpr int64_t kStallSeconds = 30;
// Seconds without a heartbeat of a run that is alive; 0 where that is usual or not known.
int64_t stalled_seconds(const RunSummary& run, int64_t unix_seconds);
// Until that is to be looked at again: when it would stall, or a second after it did; nullopt: it
// cannot.
std::optional<int64_t> seconds_to_stall(const RunSummary& run, int64_t unix_seconds);

// How far it has come, in [0, 1]: of the stage that it is in where that has an end of its own, else
// of its steps; nullopt: not known.
std::optional<double> share_done(const RunSummary& run);
// Whether its step is worth telling: it has steps, and is not in a stage before the first.
bool counts_steps(const RunSummary& run);

// Seconds until the end at the pace of the last numbers since the run last stood still; nullopt:
// not known.
std::optional<double> seconds_left(const RunSummary& run, const RunDetail& detail);

// Charts of the numbers that a run records, in the order in which they are read; each with at least
// one name that one of the details has.
struct ChartSpec {
  std::string title{}, meaning{};
  std::vector<std::string> names{};
};
std::vector<ChartSpec> charts_of(const std::vector<const RunDetail*>& details);

// The numbers of the run in large: the last value of each and the best.
struct Gauge {
  std::string name{}, label{}, meaning{};
  double last = 0;
  std::optional<double> best{};  // none: there is no better or worse
  bool is_count = false;         // a whole number
  std::string unit{};            // empty: its label says it
};
std::vector<Gauge> gauges_of(const RunDetail& detail);

// What one step of a run is worth on an axis of examples: its batch size; 1 where that is not
// known.
double examples_a_step(const RunSummary& run);

// What the three parts of a run do now (UI.md I): who draws and masks examples, who trains, who
// embeds the corpus anew.
enum class LightState { kOff, kWorks, kWaits };
struct TrainLight {
  std::string name{}, text{};
  LightState state = LightState::kOff;
  std::optional<double> done{};  // share of the corpus that a refresh has embedded
};
std::vector<TrainLight> lights_of(const RunSummary& run, const RunDetail& detail);

// The part of the height below the head that the tabs take.
float bottom_share(const TrainLook& look);

// The film and the sample that are looked at; nullptr: there is none.
const ProbeFilm* shown_film(const RunDetail& detail, const TrainLook& look);
const TrainingSample* shown_sample(const RunDetail& detail, const TrainLook& look);

// Settings of the chosen run and of those that it is compared with; `differs` where they are not
// all the same. Keys in the order of the first run's.
struct SettingRow {
  std::string key{};
  std::vector<std::string> values{};  // a run each; empty: it has no such key
  bool differs = false;
};
std::vector<SettingRow> settings_of(const std::vector<const RunSummary*>& runs);

// Options that the form shows before "all options": those that one changes most, in order.
bool is_main_option(std::string_view key, std::string_view task);
// The value of a key in the plan's settings; nullptr: not set.
const std::string* setting_of(const RunPlan& plan, std::string_view key);
void change_setting(RunPlan& plan, std::string_view key, const std::string* value);

}  // namespace realm::view

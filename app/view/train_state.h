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

#include "app/view/text_editor.h"
#include "app/view/train_messages.h"

namespace realm::view {

enum class TrainBottom { kLog, kProbes, kSettings, kNotes, kMachine };

// How the chosen run is looked at.
struct TrainLook {
  double smoothing = 0.6;  // weight of what came before, in [0, 1)
  bool log_scale = false;
  bool over_time = false;  // else over steps
  TrainBottom bottom = TrainBottom::kLog;
  std::string log_filter{};
  bool follow = false;  // the right edge stays at the newest number
  // Of a chart's vertical axis, by its title; a chart that is not here shows all.
  std::map<std::string, std::pair<double, double>> heights{};
  std::set<RunId> hidden{};             // runs that are compared and not drawn
  std::optional<double> low{}, high{};  // of the horizontal axis; none: all of it
  friend bool operator==(const TrainLook&, const TrainLook&) = default;
};

// The form for a new run.
struct RunForm {
  RunPlan plan{};
  int ranks = 1;
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

struct TrainState {
  std::shared_ptr<const TrainSnapshot> snapshot{};  // nullptr: nothing is known yet
  RunId selected{};
  std::vector<RunId> compared{};  // beside the chosen one
  TrainLook look{};
  std::optional<RunForm> form{};
  std::optional<RunNotesForm> notes{};
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

// Seconds until the end at the pace of the last numbers; nullopt: not known.
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
};
std::vector<Gauge> gauges_of(const RunDetail& detail);

// The lines of the log that hold every word of the filter (ASCII case ignored), and of them the
// first that is an error.
std::vector<const RunEvent*> shown_events(const RunDetail& detail, std::string_view filter);

// Settings of the chosen run and of those that it is compared with; `differs` where they are not
// all the same. Keys in the order of the first run's.
struct SettingRow {
  std::string key{};
  std::vector<std::string> values{};  // a run each; empty: it has no such key
  bool differs = false;
};
std::vector<SettingRow> settings_of(const std::vector<const RunSummary*>& runs);

// The probe queries of a run, a row each, at the measurement nearest below `step` (negative: the
// last): null where a number was not measured.
struct ProbeRow {
  std::string name{};
  int64_t step = 0;
  std::optional<double> p{}, p_null{}, p_bert{};
  std::optional<int64_t> rank{};      // of the named passage
  std::vector<std::string> titles{};  // retrieved, best first
};
std::vector<ProbeRow> probe_rows(const RunDetail& detail, int64_t step);

// Options that the form shows before "all options": those that one changes most, in order.
bool is_main_option(std::string_view key, std::string_view task);
// The value of a key in the plan's settings; nullptr: not set.
const std::string* setting_of(const RunPlan& plan, std::string_view key);
void change_setting(RunPlan& plan, std::string_view key, const std::string* value);

}  // namespace realm::view

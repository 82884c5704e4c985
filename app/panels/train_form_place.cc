// Where a new run is trained: on this machine or as a job of Slurm's, with the job's options.
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "app/panels/train_parts.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr const char* kPlaceHint =
    "Slurm sends the run to a machine of the cluster, once one is free; it must see this workspace "
    "under the same path";

struct JobField {
  const char *name, *label, *example;
  std::string* value;
  float width;  // design pixels; 0: what is left
};

void draw_job_fields(Ui& ui, const view::Box& box, const view::RunForm& form) {
  view::RunForm next = form;
  SlurmOptions& job = next.plan.launch.slurm;
  std::string lines = job.lines.empty() ? "" : job.lines.front();
  const JobField fields[] = {{"train.partition", "partition", "the usual", &job.partition, 110},
                             {"train.time", "time limit", "2:30:00", &job.time_limit, 90},
                             {"train.gpus", "GPUs a node", "none", &job.gpus, 90},
                             {"train.sbatch", "more sbatch options", "--account=me", &lines, 0}};
  bool changed = false;
  float x = box.x;
  for (const JobField& field : fields) {
    const float left_over = std::max(ui.px(60), box.right() - x);
    const float width = field.width > 0 ? std::min(ui.px(field.width), left_over) : left_over;
    widgets::draw_text_within(ui.fonts.small_text, x, box.y, width, ui.theme->secondary(),
                              field.label);
    const view::Box value{x, box.y + ui.px(18), width, widgets::control_height(ui)};
    changed =
        widgets::input_field(ui, field.name, value, *field.value, {.placeholder = field.example}) ||
        changed;
    x += width + ui.px(8);
  }
  if (!changed) return;
  job.lines.clear();
  if (!lines.empty()) job.lines.push_back(lines);
  ui.act(view::ChangeRunForm{std::move(next)});
}

void draw_ranks(Ui& ui, const view::Box& box, const view::RunForm& form) {
  static const std::vector<std::string> kRanks = {"1 process", "2 processes", "4 processes",
                                                  "8 processes"};
  constexpr int kCounts[] = {1, 2, 4, 8};
  const auto* const at = std::find(std::begin(kCounts), std::end(kCounts), form.plan.launch.ranks);
  const int chosen = at == std::end(kCounts) ? 0 : static_cast<int>(at - std::begin(kCounts));
  if (box.width < ui.px(60)) return;
  if (const auto index = widgets::drop_down(
          ui, "train.ranks", box, kRanks[static_cast<size_t>(chosen)], kRanks, chosen,
          "Processes that train it together, sharing each batch; with cards, one a card")) {
    view::RunForm next = form;
    next.plan.launch.ranks = kCounts[*index];
    ui.act(view::ChangeRunForm{std::move(next)});
  }
}

}  // namespace

float draw_train_place(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                       float field) {
  const view::RunForm& form = *state.train.form;
  const float line = ui.px(38);
  const bool is_slurm = form.plan.launch.place == LaunchPlace::kSlurm;
  // Above the column of values; what shows all options stands on the left.
  const view::Box choice{box.right() - field, box.y, field, widgets::control_height(ui)};
  if (form.plan.task != "vocabulary") {
    const float width = std::min(ui.px(132), choice.x - ui.px(8) - box.x);
    draw_ranks(ui, {choice.x - ui.px(8) - width, box.y, width, choice.height}, form);
  }
  const std::string& missing = state.train.snapshot ? state.train.snapshot->slurm_missing : "";
  if (!missing.empty() && !is_slurm) {
    widgets::button(ui, "train.place", choice.x, choice.y, "On this machine",
                    {.enabled = false, .hint = missing});
    return line;
  }
  static const std::vector<std::string> kPlaces = {"On this machine", "Through Slurm"};
  const int chosen = is_slurm ? 1 : 0;
  if (const auto index =
          widgets::drop_down(ui, "train.place", choice, kPlaces[static_cast<size_t>(chosen)],
                             kPlaces, chosen, kPlaceHint)) {
    view::RunForm next = form;
    next.plan.launch.place = *index == 1 ? LaunchPlace::kSlurm : LaunchPlace::kThisMachine;
    ui.act(view::ChangeRunForm{std::move(next)});
  }
  if (!is_slurm) return line;
  const float fields = ui.px(18) + widgets::control_height(ui);
  draw_job_fields(ui, {box.x, box.y + line, box.width, fields}, form);
  return line + fields + ui.px(10);
}

}  // namespace realm::panels

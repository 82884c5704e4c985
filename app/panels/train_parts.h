// The parts of the Train workspace, one file each. Private to app/panels.
#pragma once

#include <string>
#include <vector>

#include "app/panels/train_film.h"
#include "app/view/workbench.h"
#include "app/widgets/ui.h"

namespace realm::panels {

// The runs of the workspace and the button for a new one.
void draw_train_runs(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// The chosen run: what it does, what can be asked of it, its numbers in large; gives its height.
float draw_train_head(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// Tags and a note on the chosen run.
void draw_train_notes(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// Processor, memory, disk and cards.
void draw_train_machine(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// Examples of its recent steps with what was retrieved for them.
void draw_train_samples(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                        const view::RunDetail& detail);
// Candidates of one sentence, a line each, in the current window; `gold` is the title of the
// passage that it names, empty for none. The box is as high as they need.
void draw_retrieved(widgets::Ui& ui, const view::Box& box,
                    const std::vector<view::RetrievedRow>& rows, const std::string& gold);
// Asks a sentence, its hidden words in [[ ]], in the Ask workspace.
void open_in_ask(widgets::Ui& ui, const std::string& text);
// Log, probe queries, samples, settings or notes of the chosen run, or the machine.
void draw_train_bottom(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                       TrainFilm& film);
// The form for a new run.
void draw_train_form(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
// Its start, what the run would need, and the script that Slurm is sent.
void draw_train_form_side(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box);
float train_form_side_width(const view::WorkbenchState& state, const widgets::Ui& ui, float width);
// Its choices of where the run is trained and by how many processes, `field` wide in the box's
// first line; for Slurm the job's options below it. Gives its height.
float draw_train_place(const view::WorkbenchState& state, widgets::Ui& ui, const view::Box& box,
                       float field);

// A dot that also tells by its shape: full while it goes on, a ring when it has ended, a square
// where something is wrong.
void draw_state_dot(widgets::Ui& ui, float x, float y, RunState run, bool is_stalled);
view::Color state_color(const view::Theme& theme, RunState state, bool is_stalled);

}  // namespace realm::panels

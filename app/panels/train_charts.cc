#include "app/panels/train_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "app/view/curve_export.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/curve_plot.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 18, kTools = 42, kChart = 208, kWide = 430, kGap = 14;

struct SmoothingChoice {
  const char* text;
  double weight;
};
constexpr SmoothingChoice kSmoothing[] = {
    {"as it is", 0}, {"a little", 0.6}, {"more", 0.9}, {"most", 0.98}};

int smoothing_index(double weight) {
  int best = 0;
  for (int i = 0; i < 4; ++i) {
    if (std::abs(kSmoothing[i].weight - weight) < std::abs(kSmoothing[best].weight - weight))
      best = i;
  }
  return best;
}

std::vector<double> axis_values(const view::Curve& curve, view::CurveXKind axis, double examples) {
  if (axis == view::CurveXKind::kSeconds) return curve.seconds;
  std::vector<double> out = curve.steps;
  if (axis == view::CurveXKind::kExamples) {
    for (double& x : out) x *= examples;
  }
  return out;
}

}  // namespace

std::shared_ptr<const view::PreparedCurve> TrainCharts::prepare(const Wish& wish) {
  return view::prepare_curve(
      std::make_shared<const view::CurveSeries>(view::CurveSeries{
          wish.name, axis_values(*wish.curve, wish.axis, wish.examples), wish.curve->values}),
      wish.smoothing);
}

// nullptr while a long curve is made ready for the first time.
std::shared_ptr<const view::PreparedCurve> TrainCharts::prepared(Ui& ui, const RunId& run,
                                                                 Wish wish) {
  constexpr size_t kAtOnce = 20'000;  // numbers: a third of a millisecond
  Kept& kept = kept_[{run, wish.curve->name}];
  if (kept.job && kept.job->is_done) {
    kept.prepared = std::move(kept.job->prepared);
    kept.wish = std::move(kept.wish_of_job);
    kept.job.reset();
  }
  if (kept.prepared && kept.wish == wish) return kept.prepared;
  if (!ui.in_background || wish.curve->values.size() <= kAtOnce) {
    kept.job.reset();
    kept.prepared = prepare(wish);
    kept.wish = std::move(wish);
  } else if (!kept.job) {
    kept.job = std::make_shared<Job>();
    kept.wish_of_job = wish;
    ui.in_background([job = kept.job, wish = std::move(wish)] {
      job->prepared = prepare(wish);
      job->is_done = true;
    });
  }
  return kept.prepared;
}

float TrainCharts::draw_tools(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const view::TrainLook& look = state.train.look;
  const float y = box.y + ui.px(8);
  float x = box.x + ui.px(kPad);
  const view::Box line{x, y, box.width, widgets::control_height(ui)};
  const auto change = [&](auto&& edit) {
    view::TrainLook next = look;
    edit(next);
    ui.act(view::SetTrainLook{std::move(next)});
  };
  const auto label = [&](std::string_view text) {
    widgets::draw_text(ui.fonts.small_text, x, widgets::centered_y(line, ui.fonts.small_text),
                       ui.theme->secondary(), text);
    x += widgets::text_width(ui.fonts.small_text, text) + ui.px(8);
  };
  label("smoothed");
  std::vector<std::string> choices;
  for (const SmoothingChoice& choice : kSmoothing) choices.emplace_back(choice.text);
  const int chosen = smoothing_index(look.smoothing);
  const view::Box field{x, y, ui.px(104), widgets::control_height(ui)};
  if (const auto index = widgets::drop_down(
          ui, "train.smoothing", field, choices[static_cast<size_t>(chosen)], choices, chosen,
          "A moving average; what was recorded stays visible, faint"))
    change([&](view::TrainLook& next) { next.smoothing = kSmoothing[*index].weight; });
  x = field.right() + ui.px(16);
  const auto toggle = [&](const char* name, std::string_view text, bool on, std::string_view hint,
                          auto&& edit) {
    const widgets::ButtonOptions options{.is_on = on, .hint = hint};
    if (widgets::button(ui, name, x, y, text, options)) change(edit);
    x += widgets::button_width(ui, text, options) + ui.px(8);
  };
  toggle("train.log", "Logarithmic", look.log_scale, "Values on a logarithmic axis",
         [](view::TrainLook& next) {
           next.log_scale = !next.log_scale;
           next.heights.clear();
         });
  static const std::vector<std::string> kAxes = {"over steps", "over examples", "over time"};
  const auto axis = static_cast<int>(look.axis);
  const view::Box axes{x, y, ui.px(132), widgets::control_height(ui)};
  if (const auto index = widgets::drop_down(
          ui, "train.axis", axes, kAxes[static_cast<size_t>(axis)], kAxes, axis,
          "What the curves are drawn over; runs of unlike batches are compared over examples")) {
    change([&](view::TrainLook& next) {
      next.axis = static_cast<view::CurveXKind>(*index);
      next.low.reset();
      next.high.reset();
    });
  }
  x = axes.right() + ui.px(8);
  if (look.low || look.high || !look.heights.empty()) {
    toggle("train.fit", "All of it", false, "Shows the curves from their beginning to their end",
           [](view::TrainLook& next) {
             next.low.reset();
             next.high.reset();
             next.heights.clear();
           });
  }
  return ui.px(kTools);
}

void TrainCharts::draw_chart(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                             const view::ChartSpec& chart, size_t index) {
  const view::TrainLook& look = state.train.look;
  const std::vector<const view::RunDetail*> details = view::shown_details(state.train);
  const auto label = [&](const RunId& id) {
    const RunSummary* const run = view::find_run(state.train, id);
    return run == nullptr ? id : view::label_of(*run);
  };
  std::vector<view::ShownCurve> curves;
  std::vector<RunId> owners;
  for (size_t run = 0; run < details.size(); ++run) {
    const RunSummary* const summary = view::find_run(state.train, details[run]->run);
    const bool over_examples = look.axis == view::CurveXKind::kExamples && summary != nullptr;
    const double examples = over_examples ? view::examples_a_step(*summary) : 1;
    for (size_t i = 0; i < chart.names.size(); ++i) {
      const auto curve = view::find_curve(*details[run], chart.names[i]);
      if (!curve) continue;
      const std::string name =
          details.size() == 1 ? curve->name
                              : fmt::format("{} \u00B7 {}", curve->name, label(details[run]->run));
      // Measurements are few and means already; only what each step gives is smoothed.
      const double smoothing = curve->name.find('/') == std::string::npos ? look.smoothing : 0.0;
      curves.push_back({prepared(ui, details[run]->run,
                                 {.curve = curve,
                                  .name = name,
                                  .axis = look.axis,
                                  .smoothing = smoothing,
                                  .examples = examples}),
                        view::series_color(ui.theme->kind, run * chart.names.size() + i),
                        look.hidden.contains(details[run]->run + "/" + curve->name)});
      owners.push_back(details[run]->run + "/" + curve->name);
    }
  }
  const std::string name = fmt::format("train.chart.{}", index);
  view::PlotView plot{.log_y = look.log_scale, .follow = look.follow};
  plot.x_low = look.low;
  plot.x_high = look.high;
  if (const auto height = look.heights.find(chart.title); height != look.heights.end())
    std::tie(plot.y_low, plot.y_high) = height->second;
  const widgets::CurvePlotResult result = widgets::curve_plot(ui, name.c_str(), box,
                                                              {.title = chart.title,
                                                               .curves = curves,
                                                               .view = plot,
                                                               .x_kind = look.axis,
                                                               .linked_x = pointed_x_,
                                                               .lines = &lines_});
  if (result.pointed_x) pointing_x_ = result.pointed_x;
  view::TrainLook next = look;
  if (result.view) {
    next.low = result.view->x_low;
    next.high = result.view->x_high;
    next.follow = result.view->follow;
    if (next.log_scale != result.view->log_y) next.heights.clear();
    next.log_scale = result.view->log_y;
    if (result.view->y_low && result.view->y_high) {
      next.heights[chart.title] = {*result.view->y_low, *result.view->y_high};
    } else {
      next.heights.erase(chart.title);
    }
  }
  if (result.toggled) {
    const RunId& owner = owners[*result.toggled];
    if (!next.hidden.erase(owner)) next.hidden.insert(owner);
  }
  if (next != look) ui.act(view::SetTrainLook{std::move(next)});
  if (result.wants_copy)
    ui.act(view::CopyText{view::curves_csv(view::series_of(curves)), "every number as CSV"});
  if (!result.wants_svg && !result.saves_as) return;
  std::string subject = state.train.selected;
  for (const RunId& id : state.train.compared) subject += ", " + id;
  const view::CurvePicture picture{.title = chart.title,
                                   .subject = std::move(subject),
                                   .curves = curves,
                                   .view = plot,
                                   .x_kind = look.axis,
                                   .theme = ui.theme->kind};
  if (result.wants_svg) ui.act(view::CopyText{view::curves_svg(picture), "the chart as SVG"});
  if (result.saves_as) {
    const std::string& run = state.train.selected;
    ui.act(
        view::SaveCurves{picture, view::file_name_of(run + " " + chart.title, *result.saves_as)});
  }
}

void TrainCharts::draw(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  lines_.begin_frame();
  pointed_x_ = std::exchange(pointing_x_, std::nullopt);
  const float tools = draw_tools(state, ui, box);
  const view::Box below{box.x, box.y + tools, box.width, std::max(1.0F, box.height - tools)};
  widgets::PaneScope pane("train.charts", below, ui.theme->pane());
  const std::vector<const view::RunDetail*> details = view::shown_details(state.train);
  const std::vector<view::ChartSpec> charts = view::charts_of(details);
  if (charts.empty()) {
    widgets::draw_text(ui.fonts.body, box.x + ui.px(kPad), below.y + ui.px(12),
                       ui.theme->secondary(), "No numbers yet.");
    ui.note("train.no_numbers", below);
  }
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float width = box.width - 2 * ui.px(kPad);
  const int columns = std::max(1, static_cast<int>(width / ui.px(kWide)));
  const float column =
      (width - static_cast<float>(columns - 1) * ui.px(kGap)) / static_cast<float>(columns);
  // Each run beside the chosen one takes a line of the legends.
  const float height = ui.px(kChart + 20 * static_cast<float>(state.train.compared.size()));
  const float row = height + ui.px(kGap);
  for (size_t i = 0; i < charts.size(); ++i) {
    const view::Box place{
        box.x + ui.px(kPad) +
            static_cast<float>(i % static_cast<size_t>(columns)) * (column + ui.px(kGap)),
        start.y + static_cast<float>(i / static_cast<size_t>(columns)) * row, column, height};
    // Only what is in sight costs something.
    if (place.bottom() >= below.y && place.y <= below.bottom())
      draw_chart(state, ui, place, charts[i], i);
  }
  const size_t rows =
      (charts.size() + static_cast<size_t>(columns) - 1) / static_cast<size_t>(columns);
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, static_cast<float>(rows) * row});
  std::erase_if(kept_, [&](const auto& item) {
    return std::none_of(details.begin(), details.end(), [&](const view::RunDetail* detail) {
      return detail->run == item.first.first && view::find_curve(*detail, item.first.second);
    });
  });
}

}  // namespace realm::panels

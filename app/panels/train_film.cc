#include "app/panels/train_film.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "app/panels/train_parts.h"
#include "app/view/curve_export.h"
#include "app/view/highlight.h"
#include "app/view/number_format.h"
#include "app/widgets/controls.h"
#include "app/widgets/curve_plot.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using view::ProbeFilm;
using view::ProbeFrame;
using widgets::Ui;

constexpr float kPad = 18, kRow = 44;

std::string or_dash(const std::optional<double>& value) {
  return value ? view::format_number(*value) : "\u2013";
}

template <typename Change>
void change_look(const view::WorkbenchState& state, Ui& ui, const Change& change) {
  view::TrainLook next = state.train.look;
  change(next);
  if (next != state.train.look) ui.act(view::SetTrainLook{std::move(next)});
}

void draw_list(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
               const view::RunDetail& detail, const ProbeFilm* shown) {
  widgets::PaneScope pane("train.film_list", box, ui.theme->pane());
  const ImVec2 start = ImGui::GetCursorScreenPos();
  for (size_t i = 0; i < detail.films.size(); ++i) {
    const ProbeFilm& film = *detail.films[i];
    const view::Box row{box.x, start.y + static_cast<float>(i) * ui.px(kRow), box.width,
                        ui.px(kRow)};
    if (row.bottom() < box.y || row.y > box.bottom()) continue;
    const widgets::HitResult hit = widgets::hit(ui, fmt::format("train.film.{}", i).c_str(), row);
    if (&film == shown || hit.hovered) {
      ImGui::GetWindowDrawList()->AddRectFilled(
          {row.x, row.y}, {row.right(), row.bottom()},
          widgets::u32(&film == shown ? ui.theme->selection : ui.theme->hover()));
    }
    const ProbeFrame& frame = film.frames[view::frame_at(film, state.train.look.film_step)];
    const float left = row.x + ui.px(kPad), right = row.right() - ui.px(12);
    const std::string p = or_dash(frame.p ? frame.p : frame.p_bert);
    const float p_width = widgets::text_width(ui.fonts.small_text, p);
    widgets::draw_text(ui.fonts.small_text, right - p_width, row.y + ui.px(5), ui.theme->text(), p);
    widgets::draw_text_within(ui.fonts.small_strong, left, row.y + ui.px(5),
                              right - p_width - ui.px(10) - left, ui.theme->text(), film.name);
    widgets::draw_marked_line(ui, ui.fonts.small_text,
                              {left, row.y + ui.px(22), right - left, ui.px(19)},
                              ui.theme->secondary(), view::mark_hidden(film.text));
    if (hit.hovered) widgets::tooltip(ui, view::plain_text(film.text), "A double click asks it.");
    if (hit.clicked) change_look(state, ui, [&](view::TrainLook& next) { next.film = film.name; });
    if (hit.double_clicked && !film.text.empty()) open_in_ask(ui, film.text);
  }
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, static_cast<float>(detail.films.size()) * ui.px(kRow)});
}

// One tick a measurement, at its step; a click or a drag goes to the nearest.
void draw_slider(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                 const ProbeFilm& film, size_t at) {
  const auto go = [&](size_t frame) {
    change_look(state, ui, [&](view::TrainLook& next) {
      const bool newest = frame + 1 == film.frames.size();
      next.film_step = newest ? std::nullopt : std::optional(film.frames[frame].step);
    });
  };
  const float side = ui.px(34);
  if (widgets::button(ui, "train.film.before", box.x, box.y, "<",
                      {.enabled = at > 0, .hint = "The measurement before"}))
    go(at - 1);
  if (widgets::button(ui, "train.film.after", box.right() - side + ui.px(6), box.y, ">",
                      {.enabled = at + 1 < film.frames.size(), .hint = "The next measurement"}))
    go(at + 1);
  const view::Box track{box.x + side + ui.px(10), box.y, box.width - 2 * side - ui.px(20),
                        widgets::control_height(ui)};
  const auto first = static_cast<double>(film.frames.front().step);
  const double span = static_cast<double>(film.frames.back().step) - first;
  const auto x_of = [&](size_t frame) {
    const double part =
        span > 0 ? (static_cast<double>(film.frames[frame].step) - first) / span : 1.0;
    return track.x + track.width * static_cast<float>(part);
  };
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float y = track.y + track.height / 2;
  list->AddRectFilled({track.x, y - ui.px(1)}, {track.right(), y + ui.px(1)},
                      widgets::u32(ui.theme->control()));
  float last = -1e9F;
  for (size_t i = 0; i < film.frames.size(); ++i) {
    const float x = x_of(i);
    if (x - last < 3) continue;  // a thousand measurements are a line, not a wall
    list->AddLine({x, y - ui.px(4)}, {x, y + ui.px(4)}, widgets::u32(ui.theme->faint()));
    last = x;
  }
  const widgets::HitResult hit =
      widgets::hit(ui, "train.film.slider",
                   {track.x - ui.px(8), track.y, track.width + 2 * ui.px(8), track.height});
  list->AddCircleFilled({x_of(at), y}, ui.px(hit.hovered || hit.held ? 8.0F : 7.0F),
                        widgets::u32(ui.theme->accent), 24);
  if (!hit.held && !hit.clicked) return;
  size_t nearest = 0;
  for (size_t i = 1; i < film.frames.size(); ++i) {
    const float mouse = ImGui::GetIO().MousePos.x;
    if (std::abs(x_of(i) - mouse) < std::abs(x_of(nearest) - mouse)) nearest = i;
  }
  if (nearest != at) go(nearest);
}

// Asks the query with the weights of then, as far as they are on disk. Gives where it begins at its
// widest, so that the slider stays as it is while it is dragged.
float draw_ask(const view::WorkbenchState& state, Ui& ui, float right, float y,
               const view::RunDetail& detail, const ProbeFilm& film, size_t at) {
  const bool is_newest = at + 1 == film.frames.size();
  const std::optional<int64_t> step =
      is_newest ? std::nullopt : std::optional(film.frames[at].step);
  const view::CheckpointOffer offer = view::offer_checkpoint(state, detail.run, step);
  const std::string text =
      offer.step ? fmt::format("Ask step {}", view::format_count(*offer.step)) : "Ask it";
  const widgets::ButtonOptions options{
      .enabled = offer.step.has_value(),
      .hint = offer.step ? "Asks the query in Ask with the checkpoint on disk that is nearest, at "
                           "this measurement or before"
                         : std::string_view(offer.reason)};
  const float x = right - widgets::button_width(ui, text, options);
  if (widgets::button(ui, "train.film.ask", x, y, text, options))
    ui.act(view::AskCheckpoint{detail.run, step, film.text});
  const std::string longest =
      fmt::format("Ask step {}", view::format_count(film.frames.back().step));
  return std::min(x, right - widgets::button_width(ui, longest, options));
}

void draw_frame(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                const view::RunDetail& detail, const ProbeFilm& film) {
  widgets::PaneScope pane("train.film_frame", box, ui.theme->pane());
  const size_t at = view::frame_at(film, state.train.look.film_step);
  const ProbeFrame& frame = film.frames[at];
  const float x = box.x + ui.px(kPad), width = box.width - 2 * ui.px(kPad);
  float y = ImGui::GetCursorScreenPos().y + ui.px(2);
  const float ask = draw_ask(state, ui, x + width, y, detail, film, at);
  draw_slider(state, ui, {x, y, ask - ui.px(18) - x, widgets::control_height(ui)}, film, at);
  y += ui.px(36);
  std::string line =
      fmt::format("step {}    p(y|x) {}    p(y|\u2205,x) {}", view::format_count(frame.step),
                  or_dash(frame.p), or_dash(frame.p_null));
  if (frame.p_bert) line += fmt::format("    BERT {}", view::format_number(*frame.p_bert));
  if (frame.rank)
    line += fmt::format("    {} has rank {}", film.gold, view::format_count(*frame.rank));
  if (frame.index_age)
    line += fmt::format("    index {} old", view::format_counted(*frame.index_age, "step"));
  const float text =
      widgets::draw_wrapped(ui.fonts.small_text, x, y, width, ui.theme->body(), line);
  ui.note("train.film.line", {x, y, width, text});
  y += text + ui.px(4);
  draw_retrieved(ui, {x, y, width, 0}, frame.documents, film.gold);
}

}  // namespace

void TrainFilm::prepare(std::shared_ptr<const ProbeFilm> film, view::ThemeKind theme) {
  if (film_ == film && theme_ == theme) return;
  film_ = std::move(film);
  theme_ = theme;
  chances_.clear();
  ranks_.clear();
  const view::Theme& colors = view::theme_of(theme);
  const auto add = [&](std::vector<view::ShownCurve>& to, const char* name, view::Color color,
                       const auto& value_of) {
    view::CurveSeries series{.name = name};
    for (const ProbeFrame& frame : film_->frames) {
      const std::optional<double> value = value_of(frame);
      if (!value) continue;
      series.x.push_back(static_cast<double>(frame.step));
      series.y.push_back(*value);
    }
    if (series.x.empty()) return;
    to.push_back(
        {view::prepare_curve(std::make_shared<const view::CurveSeries>(std::move(series)), 0),
         color, false});
  };
  add(chances_, "p(y|x)", colors.realm, [](const ProbeFrame& frame) { return frame.p; });
  add(chances_, "p(y|\u2205,x)", colors.null_document,
      [](const ProbeFrame& frame) { return frame.p_null; });
  add(chances_, "BERT", colors.bert, [](const ProbeFrame& frame) { return frame.p_bert; });
  add(ranks_, "rank of the named passage", colors.gold, [](const ProbeFrame& frame) {
    return frame.rank ? std::optional(static_cast<double>(*frame.rank)) : std::nullopt;
  });
}

void TrainFilm::draw_curves(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("train.film_curves", box, ui.theme->pane());
  const RunId& run = state.train.selected;
  const double at =
      static_cast<double>(film_->frames[view::frame_at(*film_, state.train.look.film_step)].step);
  const view::FilmCharts charts = view::charts_for(state.train.look.film_charts, run, film_->name);
  const auto plot = [&](view::FilmChart chart, const char* name, std::string_view title,
                        const view::Box& place) {
    const bool is_chances = chart == view::FilmChart::kChances;
    const view::PlotView& part = is_chances ? charts.chances : charts.ranks;
    std::vector<view::ShownCurve> curves = is_chances ? chances_ : ranks_;
    for (view::ShownCurve& curve : curves)
      curve.hidden = charts.hidden.contains(std::string(view::name_of(curve)));
    const widgets::CurvePlotResult result = widgets::curve_plot(
        ui, name, place, {.title = title, .curves = curves, .view = part, .linked_x = at});
    if (result.view || result.toggled) {
      change_look(state, ui, [&](view::TrainLook& next) {
        next.film_charts = charts;
        if (result.view) view::show_part(next.film_charts, chart, *result.view);
        if (!result.toggled) return;
        const std::string curve(view::name_of(curves[*result.toggled]));
        if (next.film_charts.hidden.erase(curve) == 0) next.film_charts.hidden.insert(curve);
      });
    }
    if (result.wants_copy)
      ui.act(view::CopyText{view::curves_csv(view::series_of(curves)), "every number as CSV"});
    const view::CurvePicture picture{.title = std::string(title),
                                     .subject = run + ", " + film_->name,
                                     .curves = curves,
                                     .view = part,
                                     .theme = ui.theme->kind};
    if (result.wants_svg) ui.act(view::CopyText{view::curves_svg(picture), "the chart as SVG"});
    if (result.saves_as)
      ui.act(view::SaveCurves{picture, view::file_name_of(film_->name, *result.saves_as)});
  };
  const view::Box inner = widgets::inset(box, ui.px(12), ui.px(4));
  const bool both = !ranks_.empty() && inner.height > ui.px(220);
  const float first = both ? std::floor(inner.height * 0.55F) : inner.height;
  plot(view::FilmChart::kChances, "train.film.chances", "Probability of the hidden words",
       {inner.x, inner.y, inner.width, first});
  if (!both) return;
  plot(view::FilmChart::kRanks, "train.film.ranks", "Rank among all passages",
       {inner.x, inner.y + first, inner.width, inner.height - first});
}

void TrainFilm::draw(const view::WorkbenchState& state, Ui& ui, const view::Box& box,
                     const view::RunDetail& detail) {
  const ProbeFilm* shown = view::shown_film(detail, state.train.look);
  if (shown == nullptr) {
    widgets::PaneScope pane("train.no_film", box, ui.theme->pane());
    widgets::draw_wrapped(ui.fonts.body, box.x + ui.px(kPad), box.y + ui.px(6),
                          box.width - 2 * ui.px(kPad), ui.theme->secondary(),
                          "This run watches no query. In Ask, \u201CWatch this query in "
                          "training\u201D keeps a sentence with its answer for the runs that are "
                          "begun from then on; they are asked at every measurement.");
    return;
  }
  for (const auto& film : detail.films) {
    if (film.get() == shown) prepare(film, ui.theme->kind);
  }
  const float list = std::round(std::min(ui.px(240), box.width * 0.26F));
  const float curves = box.width > ui.px(820) ? std::round(box.width * 0.32F) : 0;
  draw_list(state, ui, {box.x, box.y, list, box.height}, detail, shown);
  widgets::hairline(ui, box.x + list, box.y, box.height, /*vertical=*/true);
  const view::Box middle{box.x + list + 1, box.y, box.width - list - 1 - curves, box.height};
  draw_frame(state, ui, middle, detail, *shown);
  if (curves > 0) draw_curves(state, ui, {middle.right(), box.y, curves, box.height});
}

}  // namespace realm::panels

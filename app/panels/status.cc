#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "app/panels/frame_parts.h"
#include "app/view/machine_state.h"
#include "app/view/number_format.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::StyleScope;
using widgets::Ui;

struct Badge {
  const char* name = "";
  std::string text{}, detail{};
  bool warns = false;
  std::string action{};  // the command that a click runs
};

std::string short_hash(const std::string& fingerprint) {
  return fingerprint.substr(0, std::min<size_t>(12, fingerprint.size()));
}

Badge model_badge(const view::EngineSnapshot& engine, const SessionStatus& status) {
  Badge badge{.name = "badge.model"};
  if (!status.model) {
    const bool loading =
        engine.phase == view::EnginePhase::kLoadingModel && !status.active_model.empty();
    badge.text = loading ? fmt::format("{} is loading", status.active_model) : "no model";
    badge.warns = !loading;
    badge.detail = engine.model_failure ? engine.model_failure->sentence
                                        : "No model is active in this workspace.";
    return badge;
  }
  const ModelCard& model = *status.model;
  // The name of a run's checkpoint ends in its step.
  const bool shows_step = model.step > 0 && !model.name.ends_with(fmt::format("@{}", model.step));
  badge.text = shows_step
                   ? fmt::format("{} \u00B7 step {}", model.name, view::format_count(model.step))
                   : model.name;
  badge.detail = fmt::format("Model {}, {} parameters, {} layers of {}, on {}\nfingerprint {}",
                             model.name, view::format_count(model.parameters), model.layers,
                             model.hidden, model.device, short_hash(model.fingerprint));
  badge.detail += model.baseline_name.empty()
                      ? "\nno BERT beside it"
                      : fmt::format("\nBERT beside it: {}", model.baseline_name);
  if (!status.model_before.empty() && !status.read_only) {
    badge.action = "model.use_before";
    badge.detail = fmt::format("A click goes back to {}.\n{}", status.model_before, badge.detail);
  }
  return badge;
}

Badge corpus_badge(const SessionStatus& status) {
  Badge badge{.name = "badge.corpus"};
  badge.text = fmt::format("{} r{}", status.corpus_name.empty() ? "corpus" : status.corpus_name,
                           status.corpus_revision);
  badge.detail = fmt::format(
      "{}, revision {}\nfingerprint {}", view::format_counted(status.corpus_documents, "passage"),
      view::format_count(status.corpus_revision), short_hash(status.corpus_fingerprint));
  if (status.read_only) {
    badge.text += " (read only)";
    badge.detail += "\nopen for reading only";
  }
  return badge;
}

Badge index_badge(const SessionStatus& status, int64_t unix_seconds) {
  const IndexStatus& index = status.index;
  Badge badge{.name = "badge.index"};
  if (index.type.empty()) {
    badge.text = "no index";
    badge.warns = true;
    badge.action = "index.build";
    badge.detail =
        "Nothing can be retrieved before the passages are embedded. A click builds the index.";
    return badge;
  }
  badge.detail = fmt::format("{} index, generation {}, {}", index.type, index.generation,
                             view::format_counted(index.vectors, "vector"));
  if (!index.built_at.empty())
    badge.detail += fmt::format("\nbuilt {} UTC in {}", view::short_time(index.built_at),
                                view::format_milliseconds(index.build_seconds * 1000));
  if (!index.problem.empty() || !index.matches_model) {
    badge.text =
        status.model && !index.matches_model ? "index of another model" : "index cannot be used";
    badge.warns = true;
    badge.action = "index.build";
    badge.detail = (index.problem.empty() ? "It was made by another model." : index.problem) +
                   " A click builds it anew.\n" + badge.detail;
  } else if (index.stale_documents > 0) {
    badge.text = fmt::format("index {} behind", view::format_count(index.stale_documents));
    badge.warns = true;
    badge.action = "index.build";
    badge.detail = fmt::format(
        "{} not embedded as they now stand. A click updates the index.\n{}",
        view::format_counted(index.stale_documents, "passage is", "passages are"), badge.detail);
  } else {
    badge.text = "index fresh";
    const std::optional<int64_t> built = view::unix_time(index.built_at);
    if (built && unix_seconds > 0)
      badge.text += " \u00B7 " + view::age_text(std::max<int64_t>(0, unix_seconds - *built));
  }
  return badge;
}

std::string activity_text(const view::EngineSnapshot& engine) {
  const view::Activity& activity = engine.activity;
  std::string text = activity.stage;
  if (activity.total > 0) {
    const bool are_bytes = activity.stage == "copying";  // Workspace::import_model
    const auto amount = [&](int64_t of) {
      return are_bytes ? view::format_bytes(of) : view::format_count(of);
    };
    text += fmt::format(", {} of {}", amount(activity.done), amount(activity.total));
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - activity.since).count();
    if (activity.done > 0 && seconds > 2) {
      const double left = seconds * static_cast<double>(activity.total - activity.done) /
                          static_cast<double>(activity.done);
      text += ", " + view::format_milliseconds(left * 1000) + " left";
    }
  }
  return text;
}

std::string timing_text(const AskTimings& timings) {
  return fmt::format(
      "{} (pieces {}, embed {}, search {}, read {})", view::format_milliseconds(timings.total),
      view::format_milliseconds(timings.tokenize), view::format_milliseconds(timings.embed),
      view::format_milliseconds(timings.search), view::format_milliseconds(timings.read));
}

std::string ready_text(const view::EngineSnapshot& engine) {
  switch (engine.phase) {
    case view::EnginePhase::kNoWorkspace:
      return "no workspace";
    case view::EnginePhase::kOpening:
      return "opening";
    case view::EnginePhase::kLoadingModel:
      return "loading the model";
    case view::EnginePhase::kFailed:
      return "not open";
    case view::EnginePhase::kReady:
      break;
  }
  return engine.model_failure ? "ready, without a model" : "ready";
}

}  // namespace

void draw_badges(const view::WorkbenchState& state, Ui& ui, const view::Box& menu) {
  const view::EngineSnapshot& engine = view::engine_of(state);
  if (!engine.status) return;
  const std::vector<Badge> badges = {model_badge(engine, *engine.status),
                                     corpus_badge(*engine.status),
                                     index_badge(*engine.status, state.unix_seconds)};
  ImFont* font = ui.fonts.small_text;
  float right = menu.right() - ui.px(16);
  for (auto badge = badges.rbegin(); badge != badges.rend(); ++badge) {
    const float width = widgets::text_width(font, badge->text) + (badge->warns ? ui.px(16) : 0);
    const view::Box box{right - width, menu.y, width, menu.height};
    const widgets::HitResult hit = widgets::hit(
        ui, badge->name,
        widgets::inset({box.x - ui.px(8), box.y, box.width + ui.px(16), box.height}, 0, ui.px(3)));
    float x = box.x;
    if (badge->warns) {
      ImGui::GetWindowDrawList()->AddCircleFilled({x + ui.px(4), box.y + box.height / 2}, ui.px(4),
                                                  widgets::u32(ui.theme->bert), 16);
      x += ui.px(16);
    }
    widgets::draw_text(font, x, widgets::centered_y(box, font),
                       badge->warns ? ui.theme->text() : ui.theme->secondary(), badge->text);
    if (hit.hovered) widgets::tooltip(ui, badge->text, badge->detail);
    if (hit.clicked && !badge->action.empty()) ui.act(view::RunCommand{badge->action});
    right = box.x - ui.px(26);
    if (badge + 1 != badges.rend())
      widgets::hairline(ui, right + ui.px(13), menu.y + ui.px(10), menu.height - ui.px(20), true);
  }
}

void draw_status_bar(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const view::EngineSnapshot& engine = view::engine_of(state);
  ImFont* font = ui.fonts.small_text;
  const float y = widgets::centered_y(box, font);
  const float left = box.x + ui.px(16), right = box.right() - ui.px(16);
  ui.note("status", box);
  const auto running_for =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - engine.activity.since)
          .count();
  const bool works = !engine.activity.stage.empty();
  const bool shows_work = works && running_for > 0.3;
  if (works && !shows_work) ui.needs_another_frame = true;
  if (shows_work) {
    const double fraction =
        engine.activity.total > 0
            ? static_cast<double>(engine.activity.done) / static_cast<double>(engine.activity.total)
            : -1;
    widgets::progress_line(ui, left, box.y + box.height / 2 - ui.px(1), ui.px(120), fraction);
    float x = left + ui.px(132);
    x += widgets::draw_text_within(font, x, y, box.width * 0.5F, ui.theme->body(),
                                   activity_text(engine));
    if (engine.activity.can_cancel) {
      const float by = box.y + (box.height - widgets::control_height(ui)) / 2;
      if (widgets::button(ui, "status.cancel", x + ui.px(8), by, "Cancel",
                          {.kind = widgets::ButtonKind::kQuiet}))
        ui.act(view::CancelWork{});
    }
  } else if (view::is_setting_up(state.setup)) {
    draw_setup_work(state, ui, box);
  } else if (state.tab == view::Tab::kAsk && state.ask.result) {
    const std::string text = timing_text(state.ask.result->timings_ms);
    widgets::draw_text_within(font, left, y, box.width * 0.7F, ui.theme->secondary(), text);
  }
  std::string ready = ready_text(engine);
  if (engine.waiting > 0) ready += fmt::format(", {} waiting", engine.waiting);
  widgets::draw_text_right(font, right, y, ui.theme->secondary(), ready);
  if (shows_work || !view::is_setting_up(state.setup))
    draw_setup_news(state, ui, box, right - widgets::text_width(font, ready) - ui.px(24));
}

void draw_toasts(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  float bottom = box.bottom() - ui.px(14);
  const float width = std::min(ui.px(420), box.width - ui.px(28));
  for (auto toast = state.toasts.rbegin(); toast != state.toasts.rend(); ++toast) {
    const bool is_error = toast->kind == view::ToastKind::kError;
    const float text_width = width - ui.px(14 + 16 + 30);
    const view::TextLayout layout = view::layout_text(
        toast->text, widgets::advance_of(ui.fonts.body),
        {.width = text_width, .line_height = std::round(ui.fonts.body->FontSize * 1.4F)});
    const float height = layout.height() + ui.px(22);
    const view::Box place{box.right() - width - ui.px(14), bottom - height, width, height};
    StyleScope style;
    style.var(ImGuiStyleVar_WindowPadding, ImVec2(0, 0))
        .var(ImGuiStyleVar_WindowRounding, ui.px(8))
        .var(ImGuiStyleVar_WindowBorderSize, 1.0F);
    style.color(ImGuiCol_WindowBg,
                widgets::u32(ui.theme->kind == view::ThemeKind::kDark ? ui.theme->hover()
                                                                      : ui.theme->pane()));
    ImGui::SetNextWindowPos({place.x, place.y});
    ImGui::SetNextWindowSize({place.width, place.height});
    const std::string id = fmt::format("##toast{}", toast->id);
    ImGui::Begin(id.c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoFocusOnAppearing |
                     ImGuiWindowFlags_NoNav);
    ImGui::GetWindowDrawList()->AddCircleFilled(
        {place.x + ui.px(16), place.y + ui.px(20)}, ui.px(4),
        widgets::u32(is_error ? ui.theme->warning : ui.theme->gold), 16);
    widgets::draw_wrapped(ui.fonts.body, place.x + ui.px(30), place.y + ui.px(10), text_width,
                          ui.theme->text(), toast->text);
    if (widgets::close_button(ui, fmt::format("toast.{}", toast->id).c_str(),
                              place.right() - ui.px(16), place.y + ui.px(20), "")) {
      ui.act(view::DismissToast{toast->id});
    }
    if (is_error) {
      const view::Box text{place.x + ui.px(30), place.y, text_width, place.height};
      const widgets::HitResult hit =
          widgets::hit(ui, fmt::format("toast.copy.{}", toast->id).c_str(), text);
      if (hit.hovered) widgets::tooltip(ui, "A click copies the message.");
      if (hit.clicked) ui.act(view::CopyText{toast->text, ""});
    }
    ImGui::End();
    bottom = place.y - ui.px(8);
  }
}

}  // namespace realm::panels

// What the machine does: processor, memory, disk, and the cards that there are.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/train_parts.h"
#include "app/view/machine_state.h"
#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "app/widgets/controls.h"
#include "app/widgets/plots.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 18, kMeter = 24, kBlock = 124, kLeast = 330, kGap = 28;

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.0f} %", *share * 100) : "\u2013";
}

std::string used_of(const std::optional<int64_t>& part, const std::optional<int64_t>& total) {
  if (!part || !total) return "\u2013";
  return fmt::format("{} of {}", view::format_bytes(*part), view::format_bytes(*total));
}

std::optional<double> share_of(const std::optional<int64_t>& part,
                               const std::optional<int64_t>& total) {
  if (!part || !total || *total <= 0) return std::nullopt;
  return static_cast<double>(*part) / static_cast<double>(*total);
}

// A name, a bar and a value. What can be full, and nearly is, has another colour.
float draw_meter(Ui& ui, const view::Box& block, float y, std::string_view label,
                 const std::optional<double>& share, std::string_view value,
                 bool can_be_full = true) {
  constexpr double kNearlyFull = 0.95;
  const view::Box line{block.x, y, block.width, ui.px(kMeter)};
  const float text_y = widgets::centered_y(line, ui.fonts.small_text);
  widgets::draw_text(ui.fonts.small_text, line.x, text_y, ui.theme->secondary(), label);
  const float value_width = ui.px(132), left = line.x + ui.px(76);
  const view::Box slot{left, line.y + (line.height - ui.px(8)) / 2,
                       line.right() - value_width - ui.px(10) - left, ui.px(8)};
  if (slot.width > ui.px(20) && share) {
    ImGui::GetWindowDrawList()->AddRectFilled({slot.x, slot.y}, {slot.right(), slot.bottom()},
                                              widgets::u32(ui.theme->control()), ui.px(2));
    widgets::draw_bar(ui, slot, std::clamp(*share, 0.0, 1.0),
                      can_be_full && *share > kNearlyFull ? ui.theme->warning : ui.theme->realm);
  }
  widgets::draw_text_within(ui.fonts.small_text, line.right() - value_width, text_y, value_width,
                            ui.theme->text(), value);
  return line.bottom();
}

// A bar a core, as high as it is busy.
void draw_cores(Ui& ui, const view::Box& box, const std::vector<double>& cores) {
  if (cores.empty()) return;
  const float each = std::min(ui.px(10), box.width / static_cast<float>(cores.size()));
  const float gap = each >= 4 ? std::max(1.0F, ui.px(1)) : 0;
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (size_t i = 0; i < cores.size(); ++i) {
    const float x = box.x + static_cast<float>(i) * each;
    list->AddRectFilled({x, box.y}, {x + each - gap, box.bottom()},
                        widgets::u32(ui.theme->control()));
    const float height = box.height * static_cast<float>(std::clamp(cores[i], 0.0, 1.0));
    list->AddRectFilled({x, box.bottom() - height}, {x + each - gap, box.bottom()},
                        widgets::u32(ui.theme->realm));
  }
}

void draw_host(Ui& ui, const view::Box& block, const view::MachineSample& now) {
  ui.note("train.machine.host", block);
  float y = block.y;
  y = draw_meter(ui, block, y, "processor", now.cpu, percent(now.cpu), false);
  y = draw_meter(ui, block, y, "memory", share_of(now.memory_used, now.memory_total),
                 used_of(now.memory_used, now.memory_total));
  const std::optional<double> free = share_of(now.disk_free, now.disk_total);
  y = draw_meter(ui, block, y, "disk", free ? std::optional(1 - *free) : std::nullopt,
                 now.disk_free ? view::format_bytes(*now.disk_free) + " free" : "\u2013");
  const view::Box line{block.x, y, block.width, ui.px(kMeter)};
  widgets::draw_text(ui.fonts.small_text, line.x, widgets::centered_y(line, ui.fonts.small_text),
                     ui.theme->secondary(),
                     now.cores.size() == 1 ? "1 core" : fmt::format("{} cores", now.cores.size()));
  draw_cores(ui, {line.x + ui.px(76), line.y + ui.px(3), line.width - ui.px(76), ui.px(18)},
             now.cores);
}

// How busy the processor, and where there is one the first card, was in the last minutes.
void draw_history(Ui& ui, const view::Box& block, const view::MachineSnapshot& machine) {
  const auto& samples = machine.samples;
  const double span = static_cast<double>(samples.back()->unix_ms - samples.front()->unix_ms) / 1e3;
  const bool has_card = !samples.back()->gpus.empty();
  const view::Box title{block.x, block.y, block.width, ui.px(kMeter)};
  const float y = widgets::centered_y(title, ui.fonts.small_text);
  float x = title.x;
  const auto name = [&](view::Color color, const char* text) {
    ImGui::GetWindowDrawList()->AddRectFilled({x, y + ui.px(6)}, {x + ui.px(10), y + ui.px(9)},
                                              widgets::u32(color));
    x += ui.px(15);
    widgets::draw_text(ui.fonts.small_text, x, y, ui.theme->secondary(), text);
    x += widgets::text_width(ui.fonts.small_text, text) + ui.px(14);
  };
  name(ui.theme->realm, "processor");
  if (has_card) name(ui.theme->bert, "card 0");
  widgets::draw_text_right(ui.fonts.small_text, title.right(), y, ui.theme->secondary(),
                           fmt::format("last {:.0f} s", span));
  const view::Box plot{block.x, title.bottom(), block.width,
                       block.bottom() - title.bottom() - ui.px(16)};
  widgets::hairline(ui, plot.x, plot.bottom(), plot.width);
  widgets::hairline(ui, plot.x, plot.y, plot.width);
  if (samples.size() < 2 || span <= 0) return;
  const auto draw = [&](view::Color color, const auto& value_of) {
    std::vector<ImVec2> points;
    for (const auto& sample : samples) {
      const std::optional<double> value = value_of(*sample);
      if (!value) continue;
      const double at = static_cast<double>(sample->unix_ms - samples.front()->unix_ms) / 1e3;
      points.push_back({plot.x + plot.width * static_cast<float>(at / span),
                        plot.bottom() - plot.height * static_cast<float>(*value)});
    }
    if (points.size() > 1) {
      ImGui::GetWindowDrawList()->AddPolyline(points.data(), static_cast<int>(points.size()),
                                              widgets::u32(color), 0, ui.px(1.5F));
    }
  };
  draw(ui.theme->realm, [](const view::MachineSample& sample) { return sample.cpu; });
  if (has_card) {
    draw(ui.theme->bert, [](const view::MachineSample& sample) {
      return sample.gpus.empty() ? std::nullopt : sample.gpus[0].utilisation;
    });
  }
}

// A run by what its trainer is called in the list; else the program's name.
std::string process_text(const view::WorkbenchState& state, const view::GpuProcess& process) {
  std::string name = process.name.empty() ? fmt::format("process {}", process.pid) : process.name;
  for (const RunSummary& run : *state.train.snapshot->runs) {
    if (view::is_alive(run) && run.pid == process.pid) name = view::label_of(run);
  }
  return process.bytes ? fmt::format("{} {}", name, view::format_bytes(*process.bytes)) : name;
}

void draw_card(const view::WorkbenchState& state, Ui& ui, const view::Box& block,
               const view::GpuSample& card) {
  ui.note(fmt::format("train.machine.card.{}", card.index), block);
  const view::Box head{block.x, block.y, block.width, ui.px(kMeter)};
  std::string about = card.celsius ? fmt::format("{:.0f} \u00B0C", *card.celsius) : "";
  if (card.watts) {
    about += fmt::format("{}{:.0f}", about.empty() ? "" : "   ", *card.watts);
    about += card.most_watts ? fmt::format(" of {:.0f} W", *card.most_watts) : " W";
  }
  const float width = widgets::text_width(ui.fonts.small_text, about);
  const float y = widgets::centered_y(head, ui.fonts.small_text);
  widgets::draw_text(ui.fonts.small_text, head.right() - width, y, ui.theme->secondary(), about);
  widgets::draw_text_within(ui.fonts.small_strong, head.x, y, head.width - width - ui.px(12),
                            ui.theme->text(), fmt::format("{}: {}", card.index, card.name));
  float next = head.bottom();
  next = draw_meter(ui, block, next, "busy", card.utilisation, percent(card.utilisation), false);
  next = draw_meter(ui, block, next, "memory", share_of(card.memory_used, card.memory_total),
                    used_of(card.memory_used, card.memory_total));
  std::string processes;
  for (const view::GpuProcess& process : card.processes)
    processes += (processes.empty() ? "" : ", ") + process_text(state, process);
  const view::Box line{block.x, next, block.width, ui.px(kMeter)};
  widgets::draw_text_within(
      ui.fonts.small_text, line.x, widgets::centered_y(line, ui.fonts.small_text), line.width,
      ui.theme->body(), processes.empty() ? "no process computes on it" : processes);
  const std::string name = fmt::format("train.machine.processes.{}", card.index);
  if (!processes.empty() && widgets::hit(ui, name.c_str(), line).hovered)
    widgets::tooltip(ui, processes);
}

}  // namespace

void draw_train_machine(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  widgets::PaneScope pane("train.machine", box, ui.theme->pane());
  const view::MachineSample* now = view::newest_sample(state.machine.get());
  if (now == nullptr) {
    widgets::progress_line(ui, box.x + ui.px(kPad), box.y + ui.px(12), ui.px(240), -1);
    return;
  }
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float width = box.width - 2 * ui.px(kPad);
  const auto columns =
      static_cast<size_t>(std::max(1.0F, (width + ui.px(kGap)) / ui.px(kLeast + kGap)));
  const size_t blocks = 2 + now->gpus.size();
  const size_t used = std::min(columns, blocks);
  const float each = std::min(
      ui.px(560), (width - ui.px(kGap) * static_cast<float>(used - 1)) / static_cast<float>(used));
  const auto place = [&](size_t i) {
    return view::Box{box.x + ui.px(kPad) + static_cast<float>(i % used) * (each + ui.px(kGap)),
                     start.y + ui.px(4) + static_cast<float>(i / used) * ui.px(kBlock), each,
                     ui.px(kBlock) - ui.px(14)};
  };
  draw_host(ui, place(0), *now);
  for (size_t i = 0; i < now->gpus.size(); ++i) draw_card(state, ui, place(1 + i), now->gpus[i]);
  draw_history(ui, place(1 + now->gpus.size()), *state.machine);
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, static_cast<float>((blocks + used - 1) / used) * ui.px(kBlock)});
}

}  // namespace realm::panels

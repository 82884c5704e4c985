// What stands over the corpus table: the search, how much it found, and the filters.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "app/panels/corpus_parts.h"
#include "app/view/number_format.h"
#include "app/widgets/controls.h"
#include "app/widgets/text.h"

namespace realm::panels {
namespace {

using widgets::Ui;

constexpr float kPad = 14;
constexpr float kGap = 8;
constexpr float kCaption = 18;
constexpr float kWide = 860;  // from here on all filters stand side by side

std::string count_text(const view::CorpusState& corpus, const SessionStatus& status) {
  if (!corpus.page) return "counting\u2026";
  const std::string all = view::format_counted(status.corpus_documents, "passage");
  if (!view::is_narrowed(corpus) || corpus.page->failure) return all;
  return fmt::format("{} of {}", view::format_count(corpus.page->page.total), all);
}

// A source, or all but it, or what has none.
void draw_source(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const view::CorpusFilters& filters = state.corpus.filters;
  std::vector<std::string> choices = {"all"};
  std::vector<view::CorpusFilters> results(1, filters);
  results[0].source.clear();
  results[0].except_source = false;
  int chosen = 0;
  if (const auto& sources = view::engine_of(state).sources) {
    for (const std::string& source : *sources) {
      if (source.empty()) continue;  // what has none is one of the choices beside this
      if (source == filters.source && !filters.except_source)
        chosen = static_cast<int>(choices.size());
      choices.push_back(source);
      results.push_back(filters);
      results.back().source = source;
      results.back().except_source = false;
    }
  }
  if (!filters.source.empty()) {
    if (filters.except_source) chosen = static_cast<int>(choices.size());
    choices.push_back("all but " + filters.source);
    results.push_back(filters);
    results.back().except_source = true;
  }
  const std::optional<int> choice =
      widgets::drop_down(ui, "corpus.source", box, choices[static_cast<size_t>(chosen)], choices,
                         chosen, "Show the passages of one source, or of all but one");
  if (choice) ui.act(view::SetFilters{results[static_cast<size_t>(*choice)]});
}

void draw_gap(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const std::array<std::string, 3> choices = {"any", "no title", "no source"};
  view::CorpusFilters filters = state.corpus.filters;
  const auto chosen = static_cast<int>(filters.gap);
  const std::optional<int> choice =
      widgets::drop_down(ui, "corpus.gap", box, choices[static_cast<size_t>(chosen)], choices,
                         chosen, "Show the passages that have no title or no source");
  if (!choice) return;
  filters.gap = static_cast<DocumentGap>(*choice);
  ui.act(view::SetFilters{filters});
}

void draw_field(const view::WorkbenchState& state, Ui& ui, const view::Box& box, const char* name,
                std::string view::CorpusFilters::*what, const char* placeholder) {
  view::CorpusFilters filters = state.corpus.filters;
  bool submitted = false;
  if (widgets::input_field(ui, name, box, filters.*what,
                           {.placeholder = placeholder, .submitted = &submitted}))
    ui.act(view::SetFilters{filters});
  if (submitted) ui.act(view::SetFocus{view::Focus::kCorpusTable});
}

// From the y given on; gives its height.
float draw_filters(const view::WorkbenchState& state, Ui& ui, const view::Box& box, float y) {
  const view::CorpusState& corpus = state.corpus;
  const bool wide = box.width >= ui.px(kWide);
  const float gap = ui.px(kGap), left = box.x + ui.px(kPad);
  const float width = box.width - 2 * ui.px(kPad), height = widgets::control_height(ui);
  const int in_line = wide ? 6 : 3;
  const float column =
      (width - static_cast<float>(in_line - 1) * gap) / static_cast<float>(in_line);
  const float line = ui.px(kCaption) + height + gap;
  const auto place = [&](int index, std::string_view caption) {
    const float x = left + static_cast<float>(index % in_line) * (column + gap);
    const float top = y + static_cast<float>(index / in_line) * line;
    widgets::draw_text_within(ui.fonts.small_text, x, top, column, ui.theme->secondary(), caption);
    return view::Box{x, top + ui.px(kCaption), column, height};
  };
  draw_field(state, ui, place(0, "text contains"), "corpus.contains",
             &view::CorpusFilters::contains, "");
  draw_field(state, ui, place(1, "text does not contain"), "corpus.lacks",
             &view::CorpusFilters::lacks, "");
  draw_field(state, ui, place(2, "title or text matches"), "corpus.expression",
             &view::CorpusFilters::expression, "regular expression");
  draw_source(state, ui, place(3, "source"));
  draw_gap(state, ui, place(4, "what is empty"));
  const widgets::ButtonOptions clear{.kind = widgets::ButtonKind::kQuiet,
                                     .enabled = corpus.filters.count() > 0,
                                     .hint = "Takes all filters away; the search stays"};
  const view::Box last = place(5, "");
  if (widgets::button(ui, "corpus.clear_filters", last.x, last.y, "Clear filters", clear))
    ui.act(view::SetFilters{});
  float bottom = y + (wide ? 1.0F : 2.0F) * line;
  if (!corpus.expression_problem.empty()) {
    ImGui::GetWindowDrawList()->AddCircleFilled({left + ui.px(4), bottom + ui.px(8)}, ui.px(4),
                                                widgets::u32(ui.theme->warning));
    const float text = widgets::draw_wrapped(
        ui.fonts.small_text, left + ui.px(16), bottom, width - ui.px(16), ui.theme->text(),
        corpus.expression_problem + " The table stays as it was.");
    ui.note("corpus.expression_problem", {left, bottom, width, text});
    bottom += text + gap;
  }
  return bottom - y;
}

}  // namespace

float draw_corpus_tools(const view::WorkbenchState& state, Ui& ui, const view::Box& box) {
  const view::CorpusState& corpus = state.corpus;
  const view::EngineSnapshot& engine = view::engine_of(state);
  const float y = box.y + ui.px(12), right = box.right() - ui.px(kPad);

  const view::CommandState can_add = view::command_state(state, "corpus.add");
  const widgets::ButtonOptions add{
      .enabled = can_add.enabled,
      .hint = can_add.enabled ? "Ctrl+N" : std::string_view(can_add.reason)};
  float x = right - widgets::button_width(ui, "Add passage", add);
  if (widgets::button(ui, "corpus.add", x, y, "Add passage", add))
    ui.act(view::RunCommand{"corpus.add"});

  const int filters = corpus.filters.count();
  const std::string text = filters == 0 ? "Filters" : fmt::format("Filters: {}", filters);
  const widgets::ButtonOptions toggle{.is_on = corpus.shows_filters, .hint = "Ctrl+Shift+R"};
  x -= widgets::button_width(ui, text, toggle) + ui.px(kGap);
  if (widgets::button(ui, "corpus.filters", x, y, text, toggle))
    ui.act(view::RunCommand{"corpus.filters"});

  const std::string count = count_text(corpus, *engine.status);
  const float count_width = widgets::text_width(ui.fonts.small_text, count);
  const view::Box field{
      box.x + ui.px(kPad), y,
      std::clamp(x - count_width - ui.px(24) - box.x - ui.px(kPad), ui.px(120), ui.px(360)),
      widgets::control_height(ui)};
  std::string search = corpus.search;
  bool submitted = false;
  const bool focus = state.focus == view::Focus::kSearch && ui.seen_focus != state.focus_serial;
  if (widgets::input_field(
          ui, "corpus.search", field, search,
          {.placeholder = "Search titles and texts", .focus = focus, .submitted = &submitted})) {
    ui.act(view::SetSearch{search});
  }
  if (submitted) ui.act(view::SetFocus{view::Focus::kCorpusTable});
  if (field.right() + ui.px(12) + count_width <= x) {
    widgets::draw_text(ui.fonts.small_text, field.right() + ui.px(12),
                       widgets::centered_y(field, ui.fonts.small_text), ui.theme->secondary(),
                       count);
    ui.note("corpus.count", {field.right() + ui.px(12), field.y, count_width, field.height});
  }
  const float height = ui.px(54);
  if (!corpus.shows_filters) return height;
  return height + draw_filters(state, ui, box, box.y + height) + ui.px(4);
}

}  // namespace realm::panels

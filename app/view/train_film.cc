#include "app/view/train_film.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace realm::view {
namespace {

using nlohmann::json;

std::optional<double> number_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? std::optional(found->get<double>())
                                                     : std::nullopt;
}

std::optional<int64_t> whole_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? std::optional(found->get<int64_t>())
                                                             : std::nullopt;
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// An empty object where the key holds none.
const json& object_at(const json& object, const char* key) {
  static const json kNone = json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kNone;
}

// An object whatever the text is.
json parsed(const std::string& text) {
  json data = json::parse(text, nullptr, false);
  return data.is_object() ? data : json::object();
}

std::vector<RetrievedRow> rows_of(const json& data) {
  std::vector<RetrievedRow> out;
  const auto found = data.find("documents");
  if (found == data.end() || !found->is_array()) return out;
  for (const json& document : *found) {
    if (!document.is_object()) continue;
    const auto is_null = document.find("is_null");
    out.push_back({whole_at(document, "id").value_or(0), text_at(document, "title"),
                   is_null != document.end() && is_null->is_boolean() && is_null->get<bool>(),
                   number_at(document, "p_z_given_x"), number_at(document, "p_y_given_zx"),
                   number_at(document, "retrieval_utility"), number_at(document, "credit")});
  }
  return out;
}

ProbeFrame frame_of(int64_t step, const json& data) {
  ProbeFrame frame{
      .step = step, .p = number_at(data, "p_y_given_x"), .p_null = number_at(data, "p_y_null")};
  frame.p_bert = number_at(object_at(data, "baseline"), "p_y_given_x");
  frame.rank = whole_at(object_at(data, "gold"), "rank");
  frame.index_age = whole_at(object_at(data, "index"), "age_steps");
  frame.documents = rows_of(data);
  return frame;
}

}  // namespace

TrainingSample sample_of(const RunEvent& event) {
  const json data = parsed(event.data_json);
  return {event.step,
          event.message,
          number_at(data, "p_y_given_x"),
          number_at(data, "p_y_null"),
          text_at(data, "gold"),
          rows_of(data)};
}

std::string key_of(const TrainingSample& sample) {
  return fmt::format("{}: {}", sample.step, sample.text);
}

std::vector<std::shared_ptr<const ProbeFilm>> films_of(const std::vector<RunProbe>& probes) {
  std::vector<std::shared_ptr<ProbeFilm>> films;
  for (const RunProbe& probe : probes) {
    auto film = std::find_if(films.begin(), films.end(),
                             [&](const auto& known) { return known->name == probe.name; });
    if (film == films.end()) {
      films.push_back(std::make_shared<ProbeFilm>());
      film = films.end() - 1;
      (*film)->name = probe.name;
    }
    const json data = parsed(probe.data_json);
    if (std::string text = text_at(object_at(data, "query"), "text"); !text.empty())
      (*film)->text = std::move(text);
    if (std::string gold = text_at(object_at(data, "gold"), "title"); !gold.empty())
      (*film)->gold = std::move(gold);
    // Measured with and without passages at one step: one frame.
    if (!(*film)->frames.empty() && (*film)->frames.back().step == probe.step &&
        data.contains("baseline")) {
      (*film)->frames.back().p_bert = number_at(object_at(data, "baseline"), "p_y_given_x");
      continue;
    }
    (*film)->frames.push_back(frame_of(probe.step, data));
  }
  return {films.begin(), films.end()};
}

size_t frame_at(const ProbeFilm& film, std::optional<int64_t> step) {
  if (!step) return film.frames.size() - 1;
  const auto later = std::find_if(film.frames.begin(), film.frames.end(),
                                  [&](const ProbeFrame& frame) { return frame.step > *step; });
  return later == film.frames.begin() ? 0 : static_cast<size_t>(later - film.frames.begin()) - 1;
}

FilmCharts charts_for(FilmCharts charts, const RunId& run, std::string_view film) {
  for (PlotView* view : {&charts.chances, &charts.ranks}) {
    if (charts.run != run) {
      view->x_low.reset();
      view->x_high.reset();
    }
    if (charts.run != run || charts.film != film) {
      view->y_low.reset();
      view->y_high.reset();
    }
  }
  charts.run = run;
  charts.film = film;
  return charts;
}

void show_part(FilmCharts& charts, FilmChart chart, const PlotView& view) {
  const bool is_chances = chart == FilmChart::kChances;
  (is_chances ? charts.chances : charts.ranks) = view;
  PlotView& other = is_chances ? charts.ranks : charts.chances;
  other.x_low = view.x_low;
  other.x_high = view.x_high;
  other.follow = view.follow;
}

}  // namespace realm::view

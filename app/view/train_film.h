// What a run retrieved, as the window shows it: for examples of recent steps (samples), and for the
// user's own queries at every measurement (films). Read from the JSON that the trainer records,
// once, when it comes.
//
// Plain values and pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/view/curve_view.h"
#include "storage/run_values.h"

namespace realm::view {

// One candidate. nullopt: the run cannot give it.
struct RetrievedRow {
  int64_t id = 0;
  std::string title{};
  bool is_null = false;
  std::optional<double> p_z{};      // p(z|x)
  std::optional<double> p_y{};      // p(y|z,x)
  std::optional<double> utility{};  // RU(z|x), nats
  std::optional<double> credit{};   // r(z)
};

// An example of a training step.
struct TrainingSample {
  int64_t step = 0;
  std::string text{};                     // x with [[ ]] around what was hidden
  std::optional<double> p{}, p_null{};    // p(y|x), p(y|∅,x)
  std::string gold{};                     // title of the named passage; empty: none is named
  std::vector<RetrievedRow> documents{};  // best first
};
TrainingSample sample_of(const RunEvent& event);
// "1,200: The [[Rhine]] ...": tells one sample from another.
std::string key_of(const TrainingSample& sample);

// A probe query at one measurement.
struct ProbeFrame {
  int64_t step = 0;
  std::optional<double> p{}, p_null{};  // p(y|x), p(y|∅,x)
  std::optional<double> p_bert{};       // of a run that trains plain BERT
  std::optional<int64_t> rank{};        // of the named passage among all, 1 is best
  std::optional<int64_t> index_age{};   // steps
  std::vector<RetrievedRow> documents{};
};
struct ProbeFilm {
  std::string name{};
  std::string text{};                // x with [[ ]]; empty: not known
  std::string gold{};                // title of the named passage; empty: none is named
  std::vector<ProbeFrame> frames{};  // at least one, in order of step
};
// In order of the first measurement of each. What cannot be read is a frame without numbers.
std::vector<std::shared_ptr<const ProbeFilm>> films_of(const std::vector<RunProbe>& probes);

// The last frame at or before `step`, the first where all are later; nullopt: the newest.
size_t frame_at(const ProbeFilm& film, std::optional<int64_t> step);

// How the two charts beside a film are looked at. Both have one horizontal axis.
enum class FilmChart { kChances, kRanks };
struct FilmCharts {
  PlotView chances{.log_y = true}, ranks{.log_y = true};
  RunId run{};                     // whose steps the bounds of x are,
  std::string film{};              // and of which query's values those of y
  std::set<std::string> hidden{};  // names of curves
  friend bool operator==(const FilmCharts&, const FilmCharts&) = default;
};
// For the query of that name: without the bounds that were chosen for another run or query.
FilmCharts charts_for(FilmCharts charts, const RunId& run, std::string_view film);
// One of them shows `view` from now on, and the other the same part of x.
void show_part(FilmCharts& charts, FilmChart chart, const PlotView& view);

}  // namespace realm::view

// What a long curve costs the window: the line drawn of a million points.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "app/view/curve_geometry.h"
#include "tests/benchmarks/laps.h"

namespace realm::benchmarks {
namespace {

std::shared_ptr<const view::CurveSeries> noisy_loss(size_t points) {
  auto series = std::make_shared<view::CurveSeries>();
  series->name = "loss";
  std::mt19937_64 random(1);
  std::normal_distribution<double> noise(0, 0.2);
  for (size_t i = 0; i < points; ++i) {
    const auto step = static_cast<double>(i);
    series->x.push_back(step);
    series->y.push_back(2 + 5 * std::exp(-step / 2e5) + noise(random));
  }
  return series;
}

// Raw and smoothed line at 1200 pixels, from all of the points to a few hundred of them and back,
// and along.
void curve_plot(benchmark::State& state) {
  guarded(state, [&] {
    state.SetLabel("goal: under 1 ms a line");
    const auto series = noisy_loss(static_cast<size_t>(state.range(0)));
    Laps prepare;
    view::ShownCurve shown;
    for (int i = 0; i < 5; ++i)
      prepare.time([&] { shown.curve = view::prepare_curve(series, 0.9); });
    const std::vector<view::ShownCurve> curves = {shown};
    const view::Box area{60, 30, 1200, 400};

    // Of one line: half of a frame with two.
    Laps all, cpu, of_all, cpu_of_all, cpu_of_all_log;
    const auto half_cpu_since = [](double began) { return (process_cpu_seconds() - began) / 2; };
    const auto frame = [&](const view::PlotView& view) {
      const view::PlotRange range = view::shown_range(view, curves);
      const view::PlotScales scales = view::scales_of(range, area);
      benchmark::DoNotOptimize(view::curve_line(series->x, shown.curve->raw, scales).points.data());
      benchmark::DoNotOptimize(
          view::curve_line(series->x, *shown.curve->smoothed, scales).points.data());
      return range;
    };
    for (auto _ : state) {
      view::PlotView view;
      double seconds = 0;
      for (int i = 0; i < 80; ++i) {
        view::PlotRange range;
        Laps lap;
        const double began = process_cpu_seconds();
        seconds += lap.time([&] { range = frame(view); });
        const double used = cpu.add(half_cpu_since(began));
        all.add(lap.best() / 2);
        if (i == 0) {
          of_all.add(lap.best() / 2);
          cpu_of_all.add(used);
        }
        if (i % 4 == 3) {
          view = view::pan_view(view, range, 0.03, 0);
        } else {
          view = view::zoom_view(view, range, {.x = 0.4, .y = 0.5, .steps = i < 40 ? 1.0 : -1.0});
        }
      }
      const double began = process_cpu_seconds();
      frame(view::with_log({}, true));
      cpu_of_all_log.add(half_cpu_since(began));
      state.SetIterationTime(seconds / 160);
    }
    state.counters["line_p50_us"] = all.median() * 1e6;
    state.counters["line_p95_us"] = all.percentile(0.95) * 1e6;
    state.counters["line_of_all_median_us"] = of_all.median() * 1e6;
    state.counters["cpu_line_p95_us"] = cpu.percentile(0.95) * 1e6;
    state.counters["cpu_line_of_all_median_us"] = cpu_of_all.median() * 1e6;
    state.counters["cpu_line_of_all_log_median_us"] = cpu_of_all_log.median() * 1e6;
    state.counters["prepare_median_ms"] = prepare.median() * 1e3;
  });
}
BENCHMARK(curve_plot)
    ->ArgName("points")
    ->Arg(1000000)
    ->Iterations(20)
    ->Unit(benchmark::kMicrosecond)
    ->UseManualTime();

}  // namespace
}  // namespace realm::benchmarks

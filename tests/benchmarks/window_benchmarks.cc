// realm-workbench with the starter workspace and a question on screen, as a process of its own.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <stdexcept>
#include <thread>

#include "app/workbench/frame_report.h"
#include "storage/run_database.h"
#include "tests/benchmarks/benchmark_world.h"
#include "tests/benchmarks/display.h"
#include "tests/benchmarks/laps.h"
#include "tests/support/child_process.h"

namespace realm::benchmarks {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, as in the frame report

struct Frame {                                           // app/workbench/frame_report.h
  double shown = 0, thread_cpu = 0, ui = 0, ui_cpu = 0;  // seconds
  bool settled = false;
};

class RunningWindow {
 public:
  RunningWindow()
      : RunningWindow({starter_workspace().string(), "--ask", starter_questions(1).front()}) {}
  explicit RunningWindow(std::vector<std::string> arguments)
      : started_(std::chrono::duration<double>(Clock::now().time_since_epoch()).count()),
        process_({.program = program("realm-workbench"),
                  .arguments = with_report(std::move(arguments)),
                  .environment = {{"DISPLAY", display().name}}}) {}

  const testing::ChildProcess& process() const { return process_; }
  double started() const { return started_; }

  std::vector<Frame> frames() const {
    std::vector<Frame> out;
    std::ifstream stream(report_);
    for (std::string line; std::getline(stream, line) && !stream.eof();) {
      const auto row = nlohmann::json::parse(line);
      const auto seconds = [&](const char* name) { return row.at(name).get<double>() / 1e6; };
      out.push_back({seconds("shown_us"), seconds("thread_cpu_us"), seconds("ui_us"),
                     seconds("ui_cpu_us"), row.at("settled").get<bool>()});
    }
    return out;
  }

  // Until the answer is on screen and so many frames more were drawn.
  std::vector<Frame> wait_for_settled(int count) {
    const auto deadline = Clock::now() + 120s;
    while (Clock::now() < deadline) {
      if (process_.has_ended()) throw std::runtime_error("realm-workbench ended");
      const std::vector<Frame> seen = frames();
      const auto settled =
          std::count_if(seen.begin(), seen.end(), [](const Frame& frame) { return frame.settled; });
      if (settled >= count) return seen;
      std::this_thread::sleep_for(50ms);
    }
    throw std::runtime_error("realm-workbench did not come to rest within two minutes");
  }

 private:
  std::vector<std::string> with_report(std::vector<std::string> arguments) const {
    for (const char* more : {"--fresh", "--read-only", "--frame-report"})
      arguments.emplace_back(more);
    arguments.push_back(report_.string());
    return arguments;
  }

  std::filesystem::path report_ = fresh_report();
  double started_;
  testing::ChildProcess process_;

  static std::filesystem::path fresh_report() {
    std::filesystem::path file = scratch_folder() / "frames.jsonl";
    std::filesystem::remove(file);
    return file;
  }
};

// From the start of the process to its first frame on screen, and to the answer.
void window_start(benchmark::State& state) {
  guarded(state, [&] {
    starter_workspace();
    state.SetLabel("goal: first frame under 1000 ms; " + display().description);
    Laps first, cpu, answered;
    for (auto _ : state) {
      RunningWindow window;
      const std::vector<Frame> frames = window.wait_for_settled(1);
      const auto settled = std::find_if(frames.begin(), frames.end(),
                                        [](const Frame& frame) { return frame.settled; });
      state.SetIterationTime(first.add(frames.front().shown - window.started()));
      cpu.add(frames.front().thread_cpu);
      answered.add(settled->shown - window.started());
    }
    state.counters["first_frame_median_ms"] = first.median() * 1e3;
    state.counters["first_frame_longest_ms"] = first.percentile(1) * 1e3;
    state.counters["first_frame_cpu_median_ms"] = cpu.median() * 1e3;
    state.counters["answer_median_ms"] = answered.median() * 1e3;
  });
}
BENCHMARK(window_start)->Iterations(5)->Unit(benchmark::kMillisecond)->UseManualTime();

// What a frame costs the GUI thread, the swap of the buffers left out, once the answer is on
// screen.
void window_frame(benchmark::State& state) {
  guarded(state, [&] {
    starter_workspace();
    state.SetLabel("goal: p95 under 4 ms; " + display().description);
    Laps all, cpu;
    for (auto _ : state) {
      RunningWindow window;
      for (const Frame& frame : window.wait_for_settled(workbench::FrameReport::kSettledFrames)) {
        if (!frame.settled) continue;
        all.add(frame.ui);
        cpu.add(frame.ui_cpu);
      }
      state.SetIterationTime(all.median());
    }
    state.counters["ui_p50_ms"] = all.median() * 1e3;
    state.counters["ui_p95_ms"] = all.percentile(0.95) * 1e3;
    state.counters["ui_cpu_p50_ms"] = cpu.median() * 1e3;
    state.counters["ui_cpu_p95_ms"] = cpu.percentile(0.95) * 1e3;
  });
}
BENCHMARK(window_frame)->Iterations(3)->Unit(benchmark::kMillisecond)->UseManualTime();

// A run of this process with a million numbers, to which ten a second are added.
class LongRun {
 public:
  LongRun() {
    std::filesystem::copy(starter_workspace(), folder, std::filesystem::copy_options::recursive);
    const std::filesystem::path runs = folder / "runs";
    std::filesystem::create_directories(runs / "long");
    RunWriter::create_run(runs / "runs.sqlite", {"long", "pretrain", "{}", 2 * kSteps});
    run_ = RunWriter::open_run(runs / "runs.sqlite", "long");
    run_->heartbeat(0, "train");
    for (step_ = 1; step_ <= kSteps; ++step_) append();
    run_->flush();
    std::ofstream(runs / "long" / "config.json") << "{}";
    trainer_ = std::jthread([this](const std::stop_token& stop) {
      for (; !stop.stop_requested(); ++step_) {
        append();
        std::this_thread::sleep_for(100ms);
      }
    });
  }
  const std::filesystem::path folder = scratch_folder() / "long";

 private:
  static constexpr int64_t kSteps = 1'000'000;
  void append() {
    const double loss = 2 + 5 * std::exp(-static_cast<double>(step_) / 2e5) + noise_(random_);
    const Scalar number{step_, "loss", loss, 0};
    run_->append(std::span(&number, 1));
    run_->heartbeat(step_, "train");
  }
  std::unique_ptr<RunWriter> run_;
  std::mt19937_64 random_{1};
  std::normal_distribution<double> noise_{0, 0.2};
  int64_t step_ = 0;
  std::jthread trainer_;  // last: it uses all of the above
};

// What a frame costs the GUI thread while such a run is watched.
void window_long_run(benchmark::State& state) {
  guarded(state, [&] {
    const LongRun run;
    state.SetLabel("goal: p95 under 4 ms; " + display().description);
    Laps cpu;
    for (auto _ : state) {
      RunningWindow window({run.folder.string(), "--workspace-tab", "train"});
      window.wait_for_settled(1);
      std::this_thread::sleep_for(15s);  // the curves are made ready, and numbers come
      for (const Frame& frame : window.frames()) {
        if (frame.settled) cpu.add(frame.ui_cpu);
      }
      state.SetIterationTime(cpu.median());
    }
    state.counters["ui_cpu_p50_ms"] = cpu.median() * 1e3;
    state.counters["ui_cpu_p95_ms"] = cpu.percentile(0.95) * 1e3;
    state.counters["ui_cpu_longest_ms"] = cpu.percentile(1) * 1e3;
    state.counters["frames"] = static_cast<double>(cpu.count());
  });
}
BENCHMARK(window_long_run)->Iterations(1)->Unit(benchmark::kMillisecond)->UseManualTime();

// The window at rest: nobody touches it for ten seconds.
void window_idle(benchmark::State& state) {
  guarded(state, [&] {
    starter_workspace();
    state.SetLabel("goal: under 1 % of a core; " + display().description);
    double percent = 0, frames_per_s = 0;
    for (auto _ : state) {
      RunningWindow window;
      window.wait_for_settled(workbench::FrameReport::kSettledFrames);
      std::this_thread::sleep_for(3s);  // the settings are written by then
      const size_t frames = window.frames().size();
      const double cpu = window.process().cpu_seconds();
      Laps laps;
      const double seconds = laps.time([] { std::this_thread::sleep_for(10s); });
      state.SetIterationTime(seconds);
      percent = 100 * (window.process().cpu_seconds() - cpu) / seconds;
      frames_per_s = static_cast<double>(window.frames().size() - frames) / seconds;
      state.counters["resident_MiB"] = window.process().memory_mib("VmRSS");
      state.counters["own_resident_MiB"] = window.process().memory_mib("RssAnon");
    }
    state.counters["cpu_percent_of_a_core"] = percent;
    state.counters["frames_per_s"] = frames_per_s;
  });
}
BENCHMARK(window_idle)->Iterations(1)->Unit(benchmark::kMillisecond)->UseManualTime();

}  // namespace
}  // namespace realm::benchmarks

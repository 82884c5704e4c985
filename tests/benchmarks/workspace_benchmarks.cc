// Questions and edits on the starter workspace, through the window's own engine thread: commands go
// in as the window sends them, and the clock stops when the snapshot with the answer is there.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "app/services/ask_json.h"
#include "app/services/engine_service.h"
#include "tests/benchmarks/benchmark_world.h"
#include "tests/benchmarks/laps.h"
#include "tests/support/child_process.h"

namespace realm::benchmarks {
namespace {

// What the window is to the engine's thread.
class Client {
 public:
  explicit Client(const std::filesystem::path& workspace)
      : service_({.open_session = &Session::open,
                  .result_to_json = [](const AskResult& result) { return to_json(result); },
                  .wake =
                      [this] {
                        wakes_.fetch_add(1);
                        wakes_.notify_one();
                      }}) {
    send(view::OpenWorkspace{.folder = workspace});
    wait([](const view::EngineSnapshot& now) {
      return now.phase == view::EnginePhase::kReady || now.phase == view::EnginePhase::kFailed;
    });
    const auto now = service_.snapshot();
    check(now->failure);
    check(now->model_failure);
  }

  std::shared_ptr<const AskResult> ask(const std::string& text) {
    AskQuery query;
    query.text = text;
    const view::RequestId id = send(view::Ask{query});
    wait([&](const view::EngineSnapshot& now) { return now.ask && now.ask->id == id; });
    const auto reply = service_.snapshot()->ask;
    check(reply->failure);
    return reply->result;
  }

  // As the window does: once the edit is kept, the page and the passage are read again, then the
  // question is repeated.
  std::shared_ptr<const AskResult> edit_and_ask(DocumentId document, const std::string& text,
                                                const std::string& question, Laps& kept) {
    kept.time([&] {
      const view::RequestId id = send(view::EditDocument{document, {.title = {}, .text = text}});
      wait([&](const view::EngineSnapshot& now) {
        return now.outcomes && !now.outcomes->empty() && now.outcomes->back().id == id;
      });
      check(service_.snapshot()->outcomes->back().failure);
    });
    send(view::LoadPage{});
    send(view::LoadDocument{.id = document});
    return ask(question);
  }

 private:
  view::RequestId send(view::EngineCommandBody body) {
    service_.submit({next_, std::move(body)});
    return next_++;
  }

  template <typename Condition>
  void wait(const Condition& condition) {
    while (true) {
      const uint64_t seen = wakes_.load();
      if (condition(*service_.snapshot())) return;
      wakes_.wait(seen);
    }
  }

  static void check(const std::optional<view::Failure>& failure) {
    if (failure) throw std::runtime_error(failure->sentence);
  }

  std::atomic<uint64_t> wakes_{0};
  view::RequestId next_ = 1;
  EngineService service_;  // last: its thread calls wake
};

void report(benchmark::State& state, const Laps& laps) {
  state.counters["p50_ms"] = laps.median() * 1e3;
  state.counters["p95_ms"] = laps.percentile(0.95) * 1e3;
  state.counters["longest_ms"] = laps.percentile(1) * 1e3;
}

// One question after another, each another one, k = 8; the first is not counted.
void ask(benchmark::State& state) {
  guarded(state, [&] {
    state.SetLabel("goal: p95 under 50 ms");
    Client client(starter_workspace());
    const std::vector<std::string> questions =
        starter_questions(static_cast<size_t>(state.max_iterations));
    client.ask(questions.back());
    Laps laps, cpu;
    size_t next = 0;
    for (auto _ : state) {
      const double before = process_cpu_seconds();
      state.SetIterationTime(laps.time(
          [&] { benchmark::DoNotOptimize(client.ask(questions[next++ % questions.size()])); }));
      cpu.add(process_cpu_seconds() - before);
    }
    state.counters["cpu_p50_ms"] = cpu.median() * 1e3;
    state.counters["cpu_p95_ms"] = cpu.percentile(0.95) * 1e3;
    report(state, laps);
  });
}
BENCHMARK(ask)->Iterations(300)->Unit(benchmark::kMillisecond)->UseManualTime();

// A passage that the question retrieved gets another text: it is committed, embedded again and the
// question answered anew.
void edit_to_answer(benchmark::State& state) {
  guarded(state, [&] {
    state.SetLabel("goal: p95 under 100 ms");
    Client client(starter_workspace());
    const std::vector<std::string> questions =
        starter_questions(static_cast<size_t>(state.max_iterations));
    Laps laps, kept, cpu;
    size_t next = 0;
    for (auto _ : state) {
      const std::string& question = questions[next++ % questions.size()];
      Document passage;
      for (const AskedDocument& asked : client.ask(question)->documents) {
        if (passage.id == kNullDocumentId) passage = asked.document;
      }
      const std::string text = fmt::format("{} This was added {} edits ago.", passage.text, next);
      std::shared_ptr<const AskResult> answer;
      const double before = process_cpu_seconds();
      state.SetIterationTime(
          laps.time([&] { answer = client.edit_and_ask(passage.id, text, question, kept); }));
      cpu.add(process_cpu_seconds() - before);
      for (const AskedDocument& asked : answer->documents) {
        if (asked.document.id == passage.id && asked.document.text != text)
          throw std::runtime_error("the answer was made with the old text");
      }
      if (answer->stale_documents != 0)
        throw std::runtime_error("the answer was made with an old vector");
    }
    report(state, laps);
    state.counters["cpu_p50_ms"] = cpu.median() * 1e3;
    state.counters["kept_p50_ms"] = kept.median() * 1e3;
  });
}
BENCHMARK(edit_to_answer)->Iterations(60)->Unit(benchmark::kMillisecond)->UseManualTime();

// `realm ask` from its start to its end, and the memory that it had at most. The kernel's own peak
// of an ended child counts what its parent had when it was started, so the peak is looked at while
// it runs.
void ask_command(benchmark::State& state) {
  guarded(state, [&] {
    const std::filesystem::path realm = program("realm");
    const std::string workspace = starter_workspace().string();
    const std::string question = starter_questions(1).front();
    Laps laps;
    double peak_mib = 0;
    for (auto _ : state) {
      state.SetIterationTime(laps.time([&] {
        testing::ChildProcess command(
            {.program = realm, .arguments = {"--workspace", workspace, "ask", question, "--json"}});
        while (!command.has_ended()) {
          peak_mib = std::max(peak_mib, command.memory_mib("VmHWM"));
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        if (command.wait() != 0) throw std::runtime_error("realm ask failed");
      }));
    }
    state.counters["median_ms"] = laps.median() * 1e3;
    state.counters["peak_resident_MiB"] = peak_mib;
  });
}
BENCHMARK(ask_command)->Iterations(7)->Unit(benchmark::kMillisecond)->UseManualTime();

}  // namespace
}  // namespace realm::benchmarks

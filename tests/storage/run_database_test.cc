#include "storage/run_database.h"

#include <fmt/format.h>

#include <sys/wait.h>

#include <cmath>
#include <limits>
#include <thread>

#include "tests/storage/corpus_fixture.h"
#include "tests/storage/run_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;

class RunDatabase : public testing::RunFixture {};

TEST_F(RunDatabase, MakesAnIdFromTheTimeAndTheTask) {
  EXPECT_EQ(create(""), "20231114-221320-pretrain");
  EXPECT_EQ(create(""), "20231114-221320-pretrain-2");
  EXPECT_EQ(error_code_of([&] { create("20231114-221320-pretrain"); }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] { create("../up"); }), ErrorCode::kInvalidArgument);
}

TEST_F(RunDatabase, IsCreatedBeforeATrainerStarts) {
  create();
  const RunSummary run = reader()->run("run-1").value();
  EXPECT_EQ(run.state, RunState::kCreated);
  EXPECT_EQ(run.task, "pretrain");
  EXPECT_EQ(run.config_json, "{\"steps\": 10}");
  EXPECT_EQ(run.total_steps, 10);
  EXPECT_EQ(run.pid, 0);
  EXPECT_EQ(run.created, time);
  EXPECT_EQ(run.checkpoint, std::nullopt);
}

TEST_F(RunDatabase, TellsTheModelThatARunMakes) {
  const auto model_of = [&](const RunId& id, const std::string& config) {
    RunWriter::create_run(file, {id, "pretrain", config, 10});
    return reader()->run(id).value().output_model;
  };
  EXPECT_EQ(model_of("a", R"({"x": "output_model", "output_model": "my \"Best\" one"})"),
            "my \"Best\" one");
  EXPECT_EQ(model_of("b", R"({"steps": 10})"), "");
  EXPECT_EQ(model_of("c", R"({"output_model": "cut)"), "");
}

TEST_F(RunDatabase, ReaderNamesWhatIsMissing) {
  EXPECT_EQ(error_code_of([&] { reader(); }), ErrorCode::kNotFound);
  create();
  EXPECT_EQ(reader()->run("none"), std::nullopt);
  EXPECT_EQ(error_code_of([&] { reader()->read_since({.run = "none"}); }), ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of([&] { RunWriter::open_run(file, "none"); }), ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of([&] { request_control(file, "none", ControlCommand::kPause); }),
            ErrorCode::kNotFound);
}

TEST_F(RunDatabase, RefusesANewerFormat) {
  create();
  Database(file, run_database_options(Database::Mode::kReadWrite)).exec("PRAGMA user_version = 3");
  EXPECT_EQ(error_code_of([&] { reader(); }), ErrorCode::kUnsupported);
  EXPECT_EQ(error_code_of([&] { writer(); }), ErrorCode::kUnsupported);
}

TEST_F(RunDatabase, RunsWhileItsProcessLives) {
  create();
  const auto run = writer();
  const RunSummary summary = reader()->run("run-1").value();
  EXPECT_EQ(summary.state, RunState::kRunning);
  EXPECT_EQ(summary.pid, getpid());
  EXPECT_EQ(summary.attempt, 1);
  EXPECT_EQ(summary.started, time);
  EXPECT_FALSE(summary.host.empty());
}

TEST_F(RunDatabase, CommitsAtMostOnceASecond) {
  create();
  const auto run = writer();
  const auto see = reader();
  run->append(loss({0}));
  EXPECT_EQ(see->read_since({.run = "run-1"}).scalars.size(),
            1U);  // a second has passed since there was a commit
  time += 400;
  run->append(loss({1}));
  time += 400;
  run->append(loss({2}));
  EXPECT_EQ(see->read_since({.run = "run-1"}).scalars.size(), 1U);
  time += 200;
  run->heartbeat(3, "train");
  EXPECT_EQ(see->read_since({.run = "run-1"}).scalars.size(), 3U);
  EXPECT_EQ(see->run("run-1")->step, 3);
  EXPECT_EQ(see->run("run-1")->stage, "train");
  EXPECT_EQ(see->run("run-1")->heartbeat, time);
}

TEST_F(RunDatabase, ReaderGoesOnFromItsCursor) {
  create();
  const auto run = writer();
  const auto see = reader();
  run->append(loss({0, 1, 2}));
  run->append_event({"log", 1, "hello", "{\"a\": 1}", 0});
  run->record_probe({2, "fermat", "{\"p\": 0.5}", 0});
  run->flush();
  RunDelta delta = see->read_since({.run = "run-1"}, 2);
  EXPECT_TRUE(delta.more);
  ASSERT_EQ(delta.scalars.size(), 2U);
  EXPECT_EQ(delta.scalars[1].step, 1);
  EXPECT_EQ(delta.scalars[1].name, "loss");
  EXPECT_EQ(delta.scalars[1].value, 0.5);
  EXPECT_EQ(delta.scalars[1].time, time);
  ASSERT_EQ(delta.events.size(), 1U);
  EXPECT_EQ(delta.events[0].kind, "log");
  EXPECT_EQ(delta.events[0].message, "hello");
  EXPECT_EQ(delta.events[0].data_json, "{\"a\": 1}");
  ASSERT_EQ(delta.probes.size(), 1U);
  EXPECT_EQ(delta.probes[0].name, "fermat");
  delta = see->read_since(delta.next);
  EXPECT_FALSE(delta.more);
  EXPECT_EQ(delta.scalars.size(), 1U);
  EXPECT_TRUE(delta.events.empty());
  delta = see->read_since(delta.next);
  EXPECT_TRUE(delta.scalars.empty());
}

TEST_F(RunDatabase, KeepsNotANumberAndInfinity) {
  create();
  const auto run = writer();
  const double infinity = std::numeric_limits<double>::infinity();
  const Scalar scalars[] = {{0, "a", std::nan(""), 0},
                            {1, "a", infinity, 0},
                            {2, "a", -infinity, 0},
                            {3, "a", 1e-300, 0}};
  run->append(scalars);
  run->flush();
  const std::vector<Scalar> curve = reader()->scalars("run-1", "a");
  ASSERT_EQ(curve.size(), 4U);
  EXPECT_TRUE(std::isnan(curve[0].value));
  EXPECT_EQ(curve[1].value, infinity);
  EXPECT_EQ(curve[2].value, -infinity);
  EXPECT_EQ(curve[3].value, 1e-300);
  EXPECT_EQ(reader()->scalar_names("run-1"), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(reader()->scalars("run-1", "none").empty());
}

TEST_F(RunDatabase, GivesProbesByName) {
  create();
  create("run-2");
  const auto run = writer();
  run->record_probe({4, "river", "{\"p\": 0.1}", 0});
  run->record_probe({4, "fermat", "{\"p\": 0.2}", 0});
  run->record_probe({8, "river", "{\"p\": 0.3}", 0});
  run->flush();
  const std::vector<RunProbe> river = reader()->probes("run-1", "river");
  ASSERT_EQ(river.size(), 2U);
  EXPECT_EQ(river[0].step, 4);
  EXPECT_EQ(river[1].step, 8);
  EXPECT_EQ(river[1].name, "river");
  EXPECT_EQ(river[1].data_json, "{\"p\": 0.3}");
  EXPECT_EQ(river[1].time, time);
  EXPECT_EQ(reader()->probes("run-1", "").size(), 3U);
  EXPECT_TRUE(reader()->probes("run-1", "none").empty());
  EXPECT_TRUE(reader()->probes("run-2", "").empty());
  EXPECT_EQ(error_code_of([&] { reader()->probes("none", ""); }), ErrorCode::kNotFound);
}

TEST_F(RunDatabase, KeepsRunsApart) {
  create();
  create("run-2");
  const auto first = writer();
  const auto second = RunWriter::open_run(file, "run-2", std::nullopt, options);
  first->append(loss({0, 1}));
  second->append(loss({5}));
  first->flush();
  second->flush();
  EXPECT_EQ(reader()->scalars("run-1", "loss").size(), 2U);
  EXPECT_EQ(reader()->scalars("run-2", "loss").size(), 1U);
  const std::vector<RunSummary> runs = reader()->runs();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].id, "run-2");
}

TEST_F(RunDatabase, RecordsCheckpointsAtOnce) {
  create();
  const auto run = writer();
  run->append(loss({0}));
  run->append(loss({1}));  // still collected
  run->record_checkpoint({5, "checkpoints/5", "abc", 0});
  run->record_checkpoint({7, "checkpoints/7", "def", 0});
  EXPECT_EQ(reader()->scalars("run-1", "loss").size(), 2U);
  ASSERT_EQ(reader()->checkpoints("run-1").size(), 2U);
  const RunCheckpoint newest = reader()->run("run-1")->checkpoint.value();
  EXPECT_EQ(newest.step, 7);
  EXPECT_EQ(newest.path, "checkpoints/7");
  EXPECT_EQ(newest.fingerprint, "def");
  EXPECT_EQ(newest.time, time);
}

TEST_F(RunDatabase, HandsOverControlsOnceAndInOrder) {
  create();
  const auto run = writer();
  EXPECT_TRUE(run->take_controls().empty());
  request_control(file, "run-1", ControlCommand::kPause);
  request_control(file, "run-1", ControlCommand::kStopAndSave);
  const std::vector<Control> controls = run->take_controls();
  ASSERT_EQ(controls.size(), 2U);
  EXPECT_EQ(controls[0].command, ControlCommand::kPause);
  EXPECT_EQ(controls[1].command, ControlCommand::kStopAndSave);
  EXPECT_TRUE(run->take_controls().empty());
}

TEST_F(RunDatabase, KeepsTheNewestSamplesAlone) {
  create();
  const auto samples = [&] {
    std::vector<int64_t> steps;
    for (const RunEvent& event : reader()->read_since({.run = "run-1"}).events) {
      if (event.kind == "sample") steps.push_back(event.step);
    }
    return steps;
  };
  const auto most = static_cast<int64_t>(kMostSamples);
  {
    const auto run = writer();
    for (int64_t step = 0; step < most + 5; ++step) {
      run->append_event({"sample", step, "x", "", 0});
      run->append_event({"log", step, "kept", "", 0});
      if (step % 3 == 0) time += 1000;
    }
  }
  std::vector<int64_t> kept = samples();
  ASSERT_EQ(kept.size(), kMostSamples);
  EXPECT_EQ(kept.front(), 5);
  EXPECT_EQ(kept.back(), most + 4);
  {
    const auto run = writer(most);  // what a checkpoint does not know goes with the curves
    EXPECT_EQ(samples().back(), most);
    for (int64_t step = most + 1; step < 3 * most; ++step)  // more than are kept, in one commit
      run->append_event({"sample", step, "x", "", 0});
  }
  kept = samples();
  ASSERT_EQ(kept.size(), kMostSamples);
  EXPECT_EQ(kept.front(), 2 * most);
  EXPECT_EQ(kept.back(), 3 * most - 1);
}

TEST_F(RunDatabase, ABusyDatabaseDelaysACommit) {
  create();
  RunWriterOptions every = options;
  every.commit_interval_ms = 0;
  every.busy_timeout_ms = 0;
  const auto run = RunWriter::open_run(file, "run-1", std::nullopt, every);
  Database other(file, run_database_options(Database::Mode::kReadWrite));
  {
    Transaction holding(other, Transaction::Kind::kWrite);
    EXPECT_NO_THROW(run->append(loss({0})));
  }
  run->append(loss({1}));
  EXPECT_EQ(reader()->scalars("run-1", "loss").size(), 2U);
}

TEST_F(RunDatabase, TakesNumbersFromSeveralThreadsWhileBeingRead) {
  create();
  options.commit_interval_ms = 0;
  const auto run = writer();
  constexpr int kThreads = 3;
  constexpr int kEach = 100;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&run, t] {
      for (int i = 0; i < kEach; ++i) {
        const Scalar scalar{i, fmt::format("thread{}", t), 1, 1};
        run->append({&scalar, 1});
        run->heartbeat(i, "train");
      }
    });
  }
  const auto see = reader();
  RunCursor cursor{.run = "run-1"};
  size_t seen = 0;
  while (seen < kThreads * kEach) {
    const RunDelta delta = see->read_since(cursor, 50);
    seen += delta.scalars.size();
    cursor = delta.next;
  }
  threads.clear();
  EXPECT_EQ(seen, kThreads * kEach);
  EXPECT_EQ(see->scalars("run-1", "thread2").size(), kEach);
}

TEST_F(RunDatabase, TwoProcessesMayMakeItAtOnce) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int status = 1;
      try {
        create(fmt::format("run-{}", i));
        status = 0;
      } catch (...) {
      }
      _exit(status);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(reader()->runs().size(), 4U);
}

}  // namespace
}  // namespace realm

// Runs and their numbers as the Train workspace is tested with.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "app/view/train_messages.h"

namespace realm::testing {

// Of pre-training, at step 40 of 100.
inline RunSummary sample_run(const RunId& id, RunState state) {
  RunSummary run;
  run.id = id;
  run.task = "pretrain";
  run.config_json = R"({"steps": 100, "batch_size": 8, "output_model": "mine %s"})";
  run.output_model = "mine %s";
  run.state = state;
  run.step = 40;
  run.total_steps = 100;
  run.stage = "train";
  if (state == RunState::kFailed) run.exit_message = "Step 3: the loss is not a number %d.";
  return run;
}

// Numbers, one of them none; a line in the log; a probe query and an example.
inline std::shared_ptr<view::RunDetail> sample_detail(const RunId& id) {
  auto detail = std::make_shared<view::RunDetail>();
  detail->run = id;
  detail->attempt = 1;
  for (const char* name : {"gradient_norm", "held_out/p_y", "index/age_steps", "loss"}) {
    view::Curve curve{.name = name};
    for (int i = 0; i < 20; ++i) {
      view::append(curve, i, i == 7 ? std::numeric_limits<double>::quiet_NaN() : 1.0 / (i + 1),
                   i * 0.5);
    }
    detail->curves.push_back(std::make_shared<const view::Curve>(std::move(curve)));
  }
  detail->events = std::make_shared<const std::vector<RunEvent>>(
      std::vector<RunEvent>{{"log", 1, "Saved %s.", "", 1000}});
  detail->films = view::films_of({{4, "river %n", R"({"p_y_given_x": 0.25})", 0}});
  detail->samples =
      std::make_shared<const std::vector<view::TrainingSample>>(std::vector<view::TrainingSample>{
          view::sample_of({"sample", 10, "The [[Rhine]] %s.", R"({"documents": []})", 0})});
  return detail;
}

}  // namespace realm::testing

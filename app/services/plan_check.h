// A plan for a run as the window's form has it: what it means as options, what is wrong with it,
// what the run would need. Used by TrainService alone. Any thread; blocks on disk, and for a tenth
// of a second where it measures how fast the machine is.
#pragma once

#include <filesystem>

#include "app/services/launch/trainer_launcher.h"
#include "app/view/train_messages.h"
#include "trainer/options.h"

namespace realm {

// Where runs are made and what trains them; `trainer` may be empty.
struct PlanSurroundings {
  std::filesystem::path workspace, trainer;
};

// Everything but the request's id. What is wrong is in the reply.
view::PlanReply check_plan(const view::RunPlan& plan, const PlanSurroundings& around);
// Throws Error{kInvalidArgument} naming a setting that cannot be read.
TrainOptions options_of(const view::RunPlan& plan, const std::filesystem::path& workspace);
// Without the run's folder, which is not there yet.
LaunchRequest request_of(const view::RunPlan& plan, const TrainOptions& options,
                         const std::filesystem::path& trainer);

}  // namespace realm

#include "app/services/plan_check.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/services/launch/run_launches.h"
#include "app/services/launch/slurm_script.h"
#include "engine/base/error.h"
#include "trainer/initial_model.h"
#include "trainer/run_estimate.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using view::FormField;
using view::PlanReply;
using view::RunPlan;

// A value as --set takes it.
std::string plain_value(const std::string& value_json) {
  const auto value = nlohmann::json::parse(value_json, nullptr, false);
  return value.is_string() ? value.get<std::string>() : value_json;
}

TrainOptions read_options(const RunPlan& plan, const fs::path& workspace, bool with_settings) {
  const TrainTask task = parse_task(plan.task);
  TrainOptions options;
  options.task = task;
  if (!plan.preset.empty()) options = preset(plan.preset, task);
  if (with_settings) {
    for (const std::string& setting : plan.settings) set_option(options, setting);
  }
  options.task = task;
  options.workspace = workspace.string();
  return options;
}

// The workspace's models, and none.
std::vector<std::string> models_of(const fs::path& workspace) {
  std::vector<std::string> names = {""};
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(workspace / "models", ignored)) {
    if (entry.is_directory(ignored)) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<FormField> fields_of(const TrainOptions& options, const TrainOptions& usual,
                                 const fs::path& workspace) {
  const std::vector<OptionDescription> values = describe_options(options);
  const std::vector<OptionDescription> before = describe_options(usual);
  const std::vector<std::string> models = models_of(workspace);
  std::vector<FormField> out;
  for (size_t i = 0; i < values.size(); ++i) {
    const OptionDescription& o = values[i];
    const bool names_model = o.key.starts_with("initial_") || o.key.starts_with("average_");
    out.push_back({.key = o.key,
                   .group = o.group,
                   .unit = o.unit,
                   .kind = o.kind,
                   .meaning = o.meaning,
                   .cost = o.cost,
                   .names = names_model ? models : o.names,
                   .value = plain_value(o.value_json),
                   .usual = plain_value(before[i].value_json)});
  }
  return out;
}

}  // namespace

TrainOptions options_of(const RunPlan& plan, const fs::path& workspace) {
  return read_options(plan, workspace, /*with_settings=*/true);
}

LaunchRequest request_of(const RunPlan& plan, const TrainOptions& options,
                         const fs::path& trainer) {
  return {.program = trainer,
          .run_folder = {},
          .options = plan.launch,
          .task = plan.task,
          .cpus_per_rank = cpus_per_rank(options)};
}

PlanReply check_plan(const RunPlan& plan, const PlanSurroundings& around) {
  PlanReply reply{.plan = plan};
  try {
    const TrainOptions usual = read_options(plan, around.workspace, /*with_settings=*/false);
    reply.fields = fields_of(usual, usual, around.workspace);
    const TrainOptions options = options_of(plan, around.workspace);
    reply.fields = fields_of(options, usual, around.workspace);
    if (plan.launch.place == LaunchPlace::kSlurm)
      reply.script = slurm_script(request_of(plan, options, around.trainer));
    validate(options);
    require_new_vocabulary(options);
    const bool is_here = plan.launch.place == LaunchPlace::kThisMachine;
    const RunEstimate estimate =
        estimate_run(options, {.ranks = plan.launch.ranks, .is_here = is_here});
    reply.needs = describe(estimate);
    // Whether a cluster's machine has room, the trainer says there.
    if (is_here) {
      require_room(options, estimate, RunStart::kBegins);
    } else {
      require_chosen_size(options, estimate.networks);
    }
  } catch (const Error& error) {
    reply.problem = error.what();
  }
  return reply;
}

}  // namespace realm

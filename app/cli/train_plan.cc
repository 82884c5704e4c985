#include "app/cli/train_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "app/cli/json.h"
#include "app/cli/text_table.h"
#include "engine/base/error.h"
#include "storage/workspace.h"
#include "trainer/initial_model.h"

namespace realm::cli {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw Error(ErrorCode::kNotFound,
                fmt::format("The file {} is not there or cannot be read.", file.string()));
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TrainOptions make_options(const CliContext& context, const TrainArguments& arguments,
                          const fs::path& workspace) {
  try {
    const TrainTask task = parse_task(arguments.task);
    TrainOptions options;
    options.task = task;
    if (!arguments.preset.empty()) options = preset(arguments.preset, task);
    if (!arguments.config.empty())
      options = train_options_from_json(read_text(arguments.config), options, arguments.config);
    if (context.device != "cpu") options.device = context.device;
    if (context.precision == "bf16") options.precision = TrainPrecision::kBf16;
    if (context.threads > 0) options.threads = context.threads;
    for (const std::string& setting : arguments.settings) set_option(options, setting);
    options.task = task;
    options.workspace = fs::absolute(workspace).lexically_normal().string();
    for (std::string* path : {&options.training_text, &options.held_out_text, &options.probes,
                              &options.vocabulary_text}) {
      if (!path->empty()) *path = fs::absolute(*path).lexically_normal().string();
    }
    return options;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kInvalidArgument) throw UsageError(error.what());
    throw;
  }
}

void require_valid(const TrainOptions& options) {
  try {
    validate(options);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kInvalidArgument) throw UsageError(error.what());
    throw;
  }
}

bool names_initial_model(const TrainArguments& arguments) {
  return std::any_of(
      arguments.settings.begin(), arguments.settings.end(),
      [](const std::string& setting) { return setting.starts_with("initial_model="); });
}

void show_options(const CliContext& context, const TrainArguments& arguments) {
  const std::vector<OptionDescription> all =
      describe_options(make_options(context, arguments, "."));
  if (context.console.json) {
    Json rows = Json::array();
    for (const OptionDescription& option : all) {
      Json row = {{"key", option.key},         {"group", option.group},
                  {"kind", option.kind},       {"unit", text_or_null(option.unit)},
                  {"names", option.names},     {"value", Json::parse(option.value_json)},
                  {"meaning", option.meaning}, {"cost", text_or_null(option.cost)}};
      if (option.names.empty()) row.erase("names");
      rows.push_back(std::move(row));
    }
    context.console.document(dump({{"options", rows}}));
    return;
  }
  TextTable table({{"group"}, {"key"}, {"value"}, {"unit"}, {"meaning"}, {"costs"}});
  for (const OptionDescription& option : all) {
    const std::string names =
        option.names.empty() ? "" : fmt::format(" ({})", fmt::join(option.names, ", "));
    table.add({option.group, option.key, option.value_json, option.unit, option.meaning + names,
               option.cost});
  }
  context.console.text(table.str());
}

void require_fit(const TrainArguments& arguments, const TrainOptions& options,
                 const RunEstimate& estimate) {
  if (arguments.slurm) {
    require_chosen_size(options, estimate.networks);
  } else {
    require_room(options, estimate, RunStart::kBegins);
  }
}

void show_estimate(const CliContext& context, const TrainArguments& arguments,
                   const TrainOptions& options) {
  const RunEstimate estimate =
      estimate_run(options, {.ranks = arguments.launch.ranks, .is_here = !arguments.slurm});
  const fs::path models = Workspace::open(context.workspace_folder()).models_folder();
  const TrainOptions resolved = with_initial_sizes(with_vocabulary(options, models), models);
  if (context.console.json) {
    Json document = Json::parse(to_json(resolved));
    document["estimate"] = Json::parse(to_json(estimate));
    context.console.document(dump(document));
  } else {
    context.console.text(describe(estimate));
    context.console.text(to_json(resolved));
  }
  require_fit(arguments, options, estimate);
}

}  // namespace realm::cli

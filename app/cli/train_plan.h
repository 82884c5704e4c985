// What `realm train` was asked for: its options as they come together from preset, file and words,
// and what is shown of them before anything is trained.
//
// Main thread only; reads the disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/context.h"
#include "app/services/launch/launch_options.h"
#include "trainer/options.h"
#include "trainer/run_estimate.h"

namespace realm::cli {

struct TrainArguments {
  std::string task, preset, config, resume;
  std::vector<std::string> settings;
  LaunchOptions launch;
  bool slurm = false, show_script = false;
  bool detach = false, dry_run = false, help_options = false;
};

// Throws Error{kNotFound}.
std::string read_text(const std::filesystem::path& file);

// Defaults, then the preset, then the file, then --device, --precision and --threads, then --set,
// each over the one before. Throws UsageError for what is wrong in them.
TrainOptions make_options(const CliContext& context, const TrainArguments& arguments,
                          const std::filesystem::path& workspace);
// Throws UsageError.
void require_valid(const TrainOptions& options);
bool names_initial_model(const TrainArguments& arguments);

// The options with the values of the preset, or their defaults.
void show_options(const CliContext& context, const TrainArguments& arguments);

// Throws where the run cannot fit. Whether a cluster's machine has room, the trainer says there.
void require_fit(const TrainArguments& arguments, const TrainOptions& options,
                 const RunEstimate& estimate);
// What the run would need, with its options; throws where it cannot fit.
void show_estimate(const CliContext& context, const TrainArguments& arguments,
                   const TrainOptions& options);

}  // namespace realm::cli

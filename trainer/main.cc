// realm-train: trains one run from its folder. Started by `realm train`, by the window, or by
// torchrun, mpirun and srun.
#include <csignal>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "engine/base/blas_environment.h"
#include "trainer/parallel/rank_environment.h"
#include "trainer/training_run.h"

int main(int argc, char** argv) {
  realm::choose_blas_kernels();
  // A file beyond the size that is allowed is an error of that write, which ends in a sentence, not
  // the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  CLI::App app(
      "Trains one run of a REALM workspace: resumes it from its newest checkpoint, or begins it.");
  std::string run;
  bool quiet = false;
  app.add_option("--run", run, "The run's folder, runs/<id>, with its config.json")->required();
  app.add_flag("--quiet", quiet, "No lines on standard error");
  app.set_version_flag("--version", REALM_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {
    return app.exit(request);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return 2;
  }
  try {
    // The first of several processes tells for all.
    if (const auto place = realm::rank_environment(); place && place->rank > 0) quiet = true;
    const realm::RunState state =
        realm::run_training(run, [&](const realm::TrainingProgress& progress) {
          if (!quiet) fmt::print(stderr, "{}\n", progress.line);
        });
    return state == realm::RunState::kFailed ? 1 : 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "realm-train: {}\n", error.what());
    return 1;
  }
}

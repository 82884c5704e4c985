// Application: the window's loop. It joins the parts that know nothing of each other: the state and
// its rules (app/view), the drawing (app/panels), the display (app/platform) and the engine thread
// (app/services).
//
// The main thread only. The window is there before anything is loaded; it waits for events and
// draws only when something changed.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/services/background_worker.h"
#include "app/services/engine_service.h"
#include "app/services/folder_service.h"
#include "app/services/machine_service.h"
#include "app/services/setup_service.h"
#include "app/services/train_service.h"
#include "app/workbench/options.h"

namespace realm::workbench {

struct Surroundings {
  std::function<std::unique_ptr<Session>(const SessionOptions&)> open_session;
  std::function<void(const std::filesystem::path&)> make_workspace{};
  std::function<std::string(const AskResult&)> result_to_json;
  std::function<const char*(const char*)> environment;
  std::string about;                // versions, one a line
  std::filesystem::path trainer{};  // the program realm-train; empty: it is not there
  SetupFunctions setup{};           // how the English workspace is made; empty: it cannot be
};

// Runs until the user quits. Gives the exit code: 0; 1 when there is no display or OpenGL (one
// sentence on standard error), or when the picture that was asked for could not be made or shows a
// failure.
int run_application(const Options& options, const Surroundings& surroundings);

}  // namespace realm::workbench

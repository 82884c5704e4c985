// The words of the run database, and the one table that the app writes.
#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "storage/run_database.h"
#include "storage/run_schema.h"

namespace realm {

const char* control_name(ControlCommand command) {
  switch (command) {
    case ControlCommand::kStopAndSave:
      return "stop-and-save";
    case ControlCommand::kStopNow:
      return "stop-now";
    case ControlCommand::kPause:
      return "pause";
    case ControlCommand::kResume:
      return "resume";
    case ControlCommand::kCheckpointNow:
      return "checkpoint-now";
    case ControlCommand::kRefreshNow:
      return "refresh-now";
  }
  REALM_CHECK(false);
}

std::optional<ControlCommand> find_control(std::string_view name) {
  for (const ControlCommand command :
       {ControlCommand::kStopAndSave, ControlCommand::kStopNow, ControlCommand::kPause,
        ControlCommand::kResume, ControlCommand::kCheckpointNow, ControlCommand::kRefreshNow}) {
    if (name == control_name(command)) return command;
  }
  return std::nullopt;
}

void request_control(const std::filesystem::path& file, const RunId& run, ControlCommand command) {
  Database database(file, run_database_options(Database::Mode::kReadWrite));
  Transaction transaction(database, Transaction::Kind::kWrite);
  const std::optional<int64_t> number = find_run_number(database, run);
  if (!number) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no run '{}' in '{}'.", run, file.string()));
  }
  database.query("INSERT INTO controls(run, command, time) VALUES (?, ?, ?)")
      .bind(*number, control_name(command), now_ms())
      .run();
  transaction.commit();
}

}  // namespace realm

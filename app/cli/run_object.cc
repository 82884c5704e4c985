#include "app/cli/run_object.h"

#include <fmt/format.h>

#include <ctime>
#include <utility>

#include "app/services/launch/launch_record.h"

namespace realm::cli {

std::string iso_time(UnixMillis time) {
  if (time == 0) return "";
  const std::time_t seconds = time / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

Json run_object(const std::filesystem::path& database, const RunSummary& run) {
  Json checkpoint = nullptr;
  if (run.checkpoint) {
    checkpoint = {{"step", run.checkpoint->step},
                  {"path", run.checkpoint->path},
                  {"fingerprint", run.checkpoint->fingerprint}};
  }
  const auto launch = read_job(database.parent_path() / run.id);
  return {{"id", run.id},
          {"task", run.task},
          {"state", run_state_name(run.state)},
          {"pid", run.pid == 0 ? Json(nullptr) : Json(run.pid)},
          {"step", run.step},
          {"total_steps", run.total_steps},
          {"checkpoint", std::move(checkpoint)},
          {"stage", run.stage},
          {"host", run.host},
          {"job", text_or_null(launch ? launch->job : "")},
          {"launch", text_or_null(run.launch)},
          {"attempt", run.attempt},
          {"trained_seconds", static_cast<double>(run.trained_ms) / 1000},
          {"tags", run.tags},
          {"note", run.note},
          {"exit_message", text_or_null(run.exit_message)},
          {"created", text_or_null(iso_time(run.created))},
          {"started", text_or_null(iso_time(run.started))},
          {"heartbeat", text_or_null(iso_time(run.heartbeat))},
          {"ended", text_or_null(iso_time(run.ended))}};
}

}  // namespace realm::cli

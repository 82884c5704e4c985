#include "app/services/launch/launch_record.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path file_of(const fs::path& run_folder) { return run_folder / "launch.json"; }

}  // namespace

void write_launch(const fs::path& run_folder, const Launch& launch) {
  json object = {{"attempt", launch.attempt}, {"cancelled", launch.cancelled}};
  if (launch.place == LaunchPlace::kThisMachine) {
    object["launcher"] = "local";
    object["pid"] = launch.process.pid;
    object["start_ticks"] = launch.process.start_ticks;
    object["host"] = launch.process.host;
    object["boot_id"] = launch.process.boot_id;
    object["log_bytes"] = launch.log_bytes;
  } else {
    object["launcher"] = "slurm";
    object["job"] = launch.job;
    object["cluster"] = launch.cluster;
  }
  write_file_atomically(file_of(run_folder), object.dump(2) + "\n");
}

std::optional<Launch> read_launch(const fs::path& run_folder) {
  std::ifstream stream(file_of(run_folder));
  if (!stream) return std::nullopt;
  const json object = json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  try {
    Launch launch;
    launch.attempt = object.value("attempt", 0);
    launch.cancelled = object.value("cancelled", UnixMillis{0});
    const std::string launcher = object.value("launcher", "");
    if (launcher == "local") {
      launch.process.pid = object.at("pid").get<int64_t>();
      launch.process.start_ticks = object.at("start_ticks").get<int64_t>();
      launch.process.host = object.at("host").get<std::string>();
      launch.process.boot_id = object.at("boot_id").get<std::string>();
      launch.log_bytes = object.value("log_bytes", int64_t{0});
      return launch;
    }
    launch.place = LaunchPlace::kSlurm;
    launch.job = object.at("job").get<std::string>();
    launch.cluster = object.value("cluster", std::string());
    // It becomes an argument of a program.
    const bool is_number =
        !launch.job.empty() && launch.job.find_first_not_of("0123456789") == std::string::npos;
    if (launcher != "slurm" || !is_number) return std::nullopt;
    return launch;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::optional<Launch> read_job(const fs::path& run_folder) {
  std::optional<Launch> launch = read_launch(run_folder);
  if (launch && launch->place == LaunchPlace::kThisMachine) launch.reset();
  return launch;
}

}  // namespace realm

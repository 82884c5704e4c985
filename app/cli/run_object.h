// A training run as the JSON object that the commands of runs print. Functions of the disk.
#pragma once

#include <filesystem>
#include <string>

#include "app/cli/json.h"
#include "storage/run_values.h"

namespace realm::cli {

std::string iso_time(UnixMillis time);  // 2026-11-22T06:51:00Z; empty for 0

// With the job that its folder, beside the database, names.
Json run_object(const std::filesystem::path& database, const RunSummary& run);

}  // namespace realm::cli

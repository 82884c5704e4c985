// The tables of runs.sqlite, and how a trainer's process is told from another. Private to storage.
//
// runs         one row a run: manifest, whose process trains it, where it is, its exit record;
// since
//              format 2 also what earlier trainers spent, a person's tags and note, the trash
// names        of scalars
// scalars, events, probes, checkpoints   by run and a number that counts up in the run: what a
// reader's cursor holds controls     written by the app, taken by the trainer
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "storage/database.h"
#include "storage/process_identity.h"
#include "storage/run_database.h"

namespace realm {

inline constexpr int32_t kRunApplicationId = 0x5245414e;  // "REAN"
inline constexpr int kRunFormatVersion = 2;

Database::Options run_database_options(Database::Mode mode, int busy_timeout_ms = 5000);
// Makes the database where there is none; two processes may try at once.
void ensure_run_database(const std::filesystem::path& file);

std::optional<int64_t> find_run_number(Database& database, std::string_view id);
std::optional<ControlCommand> find_control(std::string_view name);

}  // namespace realm

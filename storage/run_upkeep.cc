#include "storage/run_upkeep.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "storage/paths.h"
#include "storage/run_database.h"
#include "storage/run_schema.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostSteps = 1'000'000'000'000;

Database open_for_writing(const fs::path& file) {
  return Database(file, run_database_options(Database::Mode::kReadWrite));
}

int64_t require_number(Database& database, const RunId& run) {
  const std::optional<int64_t> number = find_run_number(database, run);
  if (!number) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no run '{}' in '{}'.", run, database.file().string()));
  }
  return *number;
}

// `what`: "deleted", for the sentence.
int64_t require_idle(Database& database, const RunId& run, const char* what) {
  const int64_t number = require_number(database, run);
  Query row = database.query(
      "SELECT pid, pid_start, host, boot_id, exit_state, heartbeat FROM runs WHERE number = ?");
  row.bind(number);
  row.step();
  const ProcessIdentity process{row.int64(0), row.int64(1), row.text(2), row.text(3)};
  if (process.pid == 0 || !row.text(4).empty()) return number;
  const Liveness life = liveness(process);
  const bool silent = now_ms() - row.int64(5) > RunReaderOptions().lost_after_ms;
  if (life == Liveness::kAlive || (life == Liveness::kElsewhere && !silent)) {
    throw Error(ErrorCode::kBusy,
                fmt::format("Run {} is being trained by process {} on {}; it can be {} once it "
                            "has stopped.",
                            run, process.pid, process.host, what));
  }
  return number;
}

bool is_deleted(Database& database, int64_t number) {
  Query row = database.query("SELECT deleted FROM runs WHERE number = ?");
  row.bind(number);
  return row.step() && row.int64(0) != 0;
}

void mark_deleted(Database& database, int64_t number, UnixMillis time) {
  database.query("UPDATE runs SET deleted = ? WHERE number = ?").bind(time, number).run();
}

fs::path folder_of(const fs::path& database, const RunId& run) {
  return database.parent_path() / run;
}
fs::path trash_of(const fs::path& database) { return database.parent_path() / ".trash"; }

// Nothing to do where there is no such folder.
void move_folder(const fs::path& from, const fs::path& to) {
  if (!path_exists(from)) return;
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (!error) fs::rename(from, to, error);
  if (error) {
    throw Error(ErrorCode::kIo, fmt::format("The folder '{}' cannot be moved to '{}': {}.",
                                            from.string(), to.string(), error.message()));
  }
}

void remove_folder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) {
    throw Error(ErrorCode::kIo, fmt::format("The folder '{}' cannot be removed: {}.",
                                            folder.string(), error.message()));
  }
}

nlohmann::ordered_json read_config(const fs::path& file, const RunId& run) {
  std::ifstream stream(file);
  if (!stream) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("The folder of run {} has no config.json, so it cannot go on.", run));
  }
  auto config = nlohmann::ordered_json::parse(stream, nullptr, false);
  if (!config.is_object() || !config.contains("steps") || !config["steps"].is_number_integer()) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("'{}' names no number of steps.", file.string()));
  }
  return config;
}

}  // namespace

std::vector<std::string> tags_of(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string> tags;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    std::string_view tag = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const size_t first = tag.find_first_not_of(kBlank);
    if (first == std::string_view::npos) continue;
    tag = tag.substr(first, tag.find_last_not_of(kBlank) + 1 - first);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.emplace_back(tag);
  }
  return tags;
}

std::string tags_text(const std::vector<std::string>& tags) {
  return fmt::format("{}", fmt::join(tags, ", "));
}

void set_run_notes(const fs::path& file, const RunId& run, const RunNotes& notes) {
  Database database = open_for_writing(file);
  Transaction transaction(database, Transaction::Kind::kWrite);
  database.query("UPDATE runs SET tags = ?, note = ? WHERE number = ?")
      .bind(tags_text(tags_of(tags_text(notes.tags))), notes.note, require_number(database, run))
      .run();
  transaction.commit();
}

int64_t extend_run(const fs::path& file, const RunId& run, int64_t more) {
  Database database = open_for_writing(file);
  Transaction transaction(database, Transaction::Kind::kWrite);
  const int64_t number = require_idle(database, run, "extended");
  const fs::path config_file = folder_of(file, run) / "config.json";
  nlohmann::ordered_json config = read_config(config_file, run);
  if (config.value("task", "") == "vocabulary") {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("Run {} makes a vocabulary, which has no steps.", run));
  }
  const auto before = config["steps"].get<int64_t>();
  if (more < 1 || before > kMostSteps - more) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("Run {} can be extended by at least 1 step, not by {}.", run, more));
  }
  const int64_t steps = before + more;
  config["steps"] = steps;
  const std::string text = config.dump(2);
  database.query("UPDATE runs SET config = ?, total_steps = ? WHERE number = ?")
      .bind(text, steps, number)
      .run();
  database
      .query(
          "INSERT INTO events SELECT ?, coalesce(max(id), 0) + 1, (SELECT step FROM runs WHERE "
          "number = ?), ?, 'log', ?, '' FROM events WHERE run = ?")
      .bind(number, number, now_ms(), fmt::format("Extended from {} to {} steps.", before, steps),
            number)
      .run();
  // A kill between the two leaves a longer run whose row still names the old number; its trainer
  // sets that right.
  write_file_atomically(config_file, text);
  transaction.commit();
  return steps;
}

void delete_run(const fs::path& file, const RunId& run) {
  Database database = open_for_writing(file);
  Transaction transaction(database, Transaction::Kind::kWrite);
  const int64_t number = require_idle(database, run, "deleted");
  mark_deleted(database, number, now_ms());
  // Within the transaction: where the folder cannot be moved, the row is as it was.
  move_folder(folder_of(file, run), trash_of(file) / run);
  transaction.commit();
}

void undelete_run(const fs::path& file, const RunId& run) {
  Database database = open_for_writing(file);
  Transaction transaction(database, Transaction::Kind::kWrite);
  const int64_t number = require_number(database, run);
  if (!path_exists(folder_of(file, run))) {
    move_folder(trash_of(file) / run, folder_of(file, run));
  }
  mark_deleted(database, number, 0);
  transaction.commit();
}

void purge_run(const fs::path& file, const RunId& run) {
  Database database = open_for_writing(file);
  const std::optional<int64_t> number = find_run_number(database, run);
  if (!number || !is_deleted(database, *number)) return;
  remove_folder(trash_of(file) / run);
  remove_folder(folder_of(file, run));
  Transaction transaction(database, Transaction::Kind::kWrite);
  for (const char* table : {"scalars", "events", "probes", "checkpoints", "controls"})
    database.query(fmt::format("DELETE FROM {} WHERE run = ?", table)).bind(*number).run();
  database.query("DELETE FROM runs WHERE number = ?").bind(*number).run();
  transaction.commit();
  std::error_code ignored;
  fs::remove(trash_of(file), ignored);  // where it is empty
}

}  // namespace realm

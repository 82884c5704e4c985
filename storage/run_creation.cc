// A new row of the run database.
#include <fmt/format.h>

#include "engine/base/error.h"
#include "storage/run_database.h"
#include "storage/run_schema.h"

namespace realm {
namespace {

RunId fresh_id(Database& database, const std::string& task, UnixMillis time) {
  const std::string stem = fmt::format("{}-{}", compact_utc(time), task);
  RunId id = stem;
  for (int i = 2; find_run_number(database, id); ++i) id = fmt::format("{}-{}", stem, i);
  return id;
}

}  // namespace

RunId RunWriter::create_run(const std::filesystem::path& file, const RunManifest& manifest,
                            const RunWriterOptions& options) {
  ensure_run_database(file);
  Database database(file, run_database_options(Database::Mode::kReadWrite));
  Transaction transaction(database, Transaction::Kind::kWrite);
  const UnixMillis time = options.clock();
  const RunId id = manifest.id.empty() ? fresh_id(database, manifest.task, time) : manifest.id;
  if (id.find('/') != RunId::npos || id.starts_with('.')) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' cannot name a run: it would not be a folder's name.", id));
  }
  if (find_run_number(database, id)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("There is a run '{}' already in '{}'.", id, file.string()));
  }
  database.query("INSERT INTO runs(id, task, config, total_steps, created) VALUES (?, ?, ?, ?, ?)")
      .bind(id, manifest.task, manifest.config_json, manifest.total_steps, time)
      .run();
  transaction.commit();
  return id;
}

}  // namespace realm

#include "storage/index_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/base/error.h"
#include "storage/clock.h"
#include "storage/corpus_store.h"
#include "storage/database.h"
#include "storage/folder_copy.h"
#include "storage/paths.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kColumns =
    "SELECT generation, type, model_fingerprint, corpus_fingerprint, corpus_revision, path, "
    "vectors, dimension, "
    "build_seconds, built_at FROM indexes ";

IndexRecord read_record(const Query& row) {
  IndexRecord record;
  record.generation = row.int64(0);
  record.type = row.text(1);
  record.model_fingerprint = row.text(2);
  record.corpus_fingerprint = row.text(3);
  record.corpus_revision = row.int64(4);
  record.path = row.text(5);
  record.vectors = row.int64(6);
  record.dimension = static_cast<int>(row.int64(7));
  record.build_seconds = row.real(8);
  record.built_at = iso8601_utc(row.int64(9));
  return record;
}

void require_writable(const Database& database) {
  if (database.read_only()) {
    throw Error(ErrorCode::kIo, fmt::format("'{}' is open for reading only; nothing was changed.",
                                            database.file().string()));
  }
}

}  // namespace

IndexCatalog::IndexCatalog(CorpusStore& corpus, fs::path workspace_folder)
    : corpus_(&corpus), folder_(std::move(workspace_folder)) {}

int64_t IndexCatalog::next_generation() const {
  // The sequence remembers rows that were removed; folders may come from a build that was killed
  // before its row.
  int64_t last = corpus_->database().get_int64(
      "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'indexes'), 0)");
  std::error_code error;
  for (fs::directory_iterator entry(folder_ / "indexes", error), end; entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    int64_t generation = 0;
    const auto [stop, failure] =
        std::from_chars(name.data(), name.data() + name.size(), generation);
    if (failure == std::errc() && stop == name.data() + name.size())
      last = std::max(last, generation);
  }
  return last + 1;
}

void IndexCatalog::publish(const IndexRecord& record) {
  Database& database = corpus_->database();
  require_writable(database);
  if (!is_folder(folder_ / record.path)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("Index {} cannot be published: there is no folder '{}'.",
                            record.generation, (folder_ / record.path).string()));
  }
  Transaction transaction(database, Transaction::Kind::kWrite);
  if (record.generation < 1 || find(record.generation)) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("An index cannot be published as generation {}: expected a new number above 0.",
                    record.generation));
  }
  database.query("INSERT INTO indexes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(record.generation, record.type, record.model_fingerprint, record.corpus_fingerprint,
            record.corpus_revision, record.path, record.vectors, record.dimension,
            record.build_seconds, now_ms())
      .run();
  transaction.commit();
}

std::optional<IndexRecord> IndexCatalog::find(int64_t generation) const {
  Query query = corpus_->database().query(std::string(kColumns) + "WHERE generation = ?");
  query.bind(generation);
  if (!query.step()) return std::nullopt;
  return read_record(query);
}

std::optional<IndexRecord> IndexCatalog::newest() const {
  Query query =
      corpus_->database().query(std::string(kColumns) + "ORDER BY generation DESC LIMIT 1");
  if (!query.step()) return std::nullopt;
  return read_record(query);
}

std::vector<IndexRecord> IndexCatalog::list() const {
  Query query = corpus_->database().query(std::string(kColumns) + "ORDER BY generation DESC");
  std::vector<IndexRecord> records;
  while (query.step()) records.push_back(read_record(query));
  return records;
}

void IndexCatalog::remove(int64_t generation) {
  Database& database = corpus_->database();
  require_writable(database);
  const std::optional<IndexRecord> record = find(generation);
  if (!record)
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no index {} in '{}'.", generation, folder_.string()));
  Transaction transaction(database, Transaction::Kind::kWrite);
  database.query("DELETE FROM indexes WHERE generation = ?").bind(generation).run();
  transaction.commit();
  if (path_exists(folder_ / record->path)) remove_folder_atomically(folder_ / record->path);
}

void IndexCatalog::add_artifact(const ArtifactRecord& record) {
  Database& database = corpus_->database();
  require_writable(database);
  if (!path_exists(folder_ / record.path)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no file '{}' to record.", (folder_ / record.path).string()));
  }
  Transaction transaction(database, Transaction::Kind::kWrite);
  database.query("INSERT OR REPLACE INTO artifacts VALUES (?, ?, ?, ?, ?, ?)")
      .bind(record.path, record.kind, record.sha256, record.bytes, record.data_json, now_ms())
      .run();
  transaction.commit();
}

std::vector<ArtifactRecord> IndexCatalog::artifacts(std::string_view kind) const {
  Query query = corpus_->database().query(
      "SELECT kind, path, sha256, bytes, data, made_at FROM artifacts WHERE kind = ? ORDER BY "
      "made_at, path");
  query.bind(kind);
  std::vector<ArtifactRecord> records;
  while (query.step()) {
    records.push_back({query.text(0), query.text(1), query.text(2), query.int64(3), query.text(4),
                       iso8601_utc(query.int64(5))});
  }
  return records;
}

}  // namespace realm

// RowIntake: what becomes of a row of an import file: the passages that it gives, or why it gives
// none, counted. The same for an import and for its preview. Private to storage; one owner.
#pragma once

#include <string>
#include <vector>

#include "storage/corpus_store.h"
#include "storage/import_rows.h"
#include "storage/importers.h"

namespace realm {

class RowIntake {
 public:
  // All three must outlive it. `file_name`: the source of rows that name none.
  RowIntake(std::string file_name, const ImportOptions& options, ImportReport& report)
      : file_name_(std::move(file_name)), options_(options), report_(report) {}

  // The passages of a row, fit for the corpus, with source and licence; none: it is skipped.
  std::vector<Document> take(ImportRow row);

 private:
  std::string file_name_;
  const ImportOptions& options_;
  ImportReport& report_;
};

// Where an import begins: at a new record's beginning, or where an earlier import of the file with
// the same options stands (then the report has its counts).
struct ImportPlan {
  ImportRecord record;
  ImportReport report;
};
// Reads the file once, for its hash. Throws what import_file throws.
ImportPlan plan_import(const CorpusStore& corpus, const std::filesystem::path& file,
                       const ImportOptions& options, const std::stop_token& stop,
                       const ProgressCallback& progress);

[[noreturn]] void throw_import_cancelled(const std::filesystem::path& file);

}  // namespace realm

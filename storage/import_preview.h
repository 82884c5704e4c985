// What an import would do, without doing it: the same rows are read, cleaned, split and counted,
// and nothing is written.
//
// Thread rule: runs on the caller's thread with its CorpusStore; blocks, about as long as reading
// and splitting the file take (nothing is embedded or indexed). The stop token is looked at between
// rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "storage/corpus_values.h"
#include "storage/importers.h"

namespace realm {

struct PreviewOptions {
  int64_t most_bytes = 0;  // of the file to go through; 0: all of it
  size_t samples = 20;     // documents to show
};

struct ImportPreview {
  // As import_file would report it. `resumed`: an earlier import of the file stopped half-way, and
  // the counts are of the rest. `already_imported`: nothing would be added, and the counts are
  // those of then.
  ImportReport report;
  std::vector<ImportSample> samples;  // of the first documents that would be taken
  int64_t bytes = 0, bytes_read = 0;  // of what would be imported
  bool is_complete() const { return bytes_read >= bytes; }
  // A count of the part that was read, carried on to the whole in proportion to the bytes.
  int64_t estimate(int64_t count) const;
};

// Throws what import_file throws, but for a corpus that is open for reading only. Progress is in
// bytes, stages "reading" (the hash, which tells whether the file was imported before) and
// "previewing".
ImportPreview preview_import(const CorpusStore& corpus, const std::filesystem::path& file,
                             const ImportOptions& options, const PreviewOptions& preview = {},
                             std::stop_token stop = {}, const ProgressCallback& progress = {});

}  // namespace realm

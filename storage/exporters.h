// Exporters: a corpus as a file that the importers (and other programs) read. Written beside,
// synced and renamed: the file is there whole or not at all.
//
//   JSONL  {"id", "title", "text", "source", "licence"} a line, UTF-8 as it is
//   TSV    header id, title, text, source, licence; fields that hold a tab, a line end or a leading
//   quote are quoted
//
// Thread rule: the caller's thread and corpus; blocks; documents in order of id.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>

#include "engine/base/progress.h"
#include "engine/text/corpus.h"

namespace realm {

enum class ExportFormat { kJsonl, kTsv };

// Returns how many documents were written. Throws Error{kIo}, Error{kCancelled}.
int64_t export_corpus(const Corpus& corpus, const std::filesystem::path& file, ExportFormat format,
                      std::stop_token stop = {}, const ProgressCallback& progress = {});

}  // namespace realm

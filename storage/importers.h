// Importers: files of documents into a corpus, streamed, a few thousand rows a transaction,
// resumable after a kill.
//
//   JSONL  one object a line: "text", and where given "title", "source", "licence". Other keys are
//   ignored and counted. TSV    text | title text | id title text; a header line (names id, title,
//   text, source, licence in any order, as DPR's
//          "id text title") is honoured. Fields in double quotes may hold tabs, line ends and
//          doubled quotes. Ids in the file are ignored: a document's id is given by the corpus.
//   text   paragraphs between blank lines, each a document; the title is the file's name without
//   its extension.
//   wikiextractor  articles between lines <doc id= url= title=> and </doc>, as WikiExtractor writes
//   them; each is a document with its paragraphs a line, without the title that stands above them.
//
// Texts are trimmed, CRLF becomes LF, other control characters become spaces. What cannot be taken
// is skipped, counted and named with its line: invalid UTF-8, no text, malformed rows, rows over 16
// MiB.
//
// Resuming: the file's SHA-256 and the byte offset of the next row are recorded in the transaction
// of each batch. The same file with the same options goes on where it stood; one that is finished
// adds nothing, unless `again`.
//
// Thread rule: runs on the caller's thread with its CorpusStore; blocks. The stop token is looked
// at between rows: Error{kCancelled}, with everything committed so far kept. Other processes may
// edit the corpus between two batches.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/progress.h"
#include "engine/text/corpus.h"
#include "storage/corpus_values.h"

namespace realm {

class CorpusStore;

enum class ImportFormat { kAuto, kJsonl, kTsv, kText, kWikiExtractor };
const char* import_format_name(ImportFormat format);  // "auto", "jsonl", ..., "wikiextractor"
// Throws Error{kInvalidArgument} that lists the known names.
ImportFormat parse_import_format(std::string_view name);
// Told from the extension, else from the first bytes. Throws Error{kNotFound, kUnsupported}.
ImportFormat detect_import_format(const std::filesystem::path& file);

// Cuts a long document into passages; gives back at least one. The caller's chunker knows the
// tokenizer, storage does not.
using DocumentSplitter = std::function<std::vector<Document>(Document)>;

struct ImportOptions {
  ImportFormat format = ImportFormat::kAuto;
  std::string source;         // of rows that name none; empty: the file's name
  std::string licence;        // of rows that name none
  DocumentSplitter splitter;  // none: every row is one document
  std::string splitter_name;  // identifies it (for example "wordpieces-288"): part of what must be
                              // equal to resume
  // The word pieces of a passage as the model reads it, for previews; none: nobody counts them.
  std::function<int64_t(const Document&)> count_pieces;
  int batch_documents = 4096;  // rows a transaction
  bool again = false;          // import a finished file once more
};

// Counts are of the whole file, those before a resume counted in.
struct ImportReport {
  ImportFormat format = ImportFormat::kAuto;
  int64_t rows = 0;       // rows read: lines, records or paragraphs that are not blank
  int64_t documents = 0;  // rows taken
  int64_t passages = 0;   // documents added to the corpus, after splitting
  int64_t skipped_invalid_utf8 = 0, skipped_empty = 0, skipped_malformed = 0, skipped_too_long = 0;
  int64_t cleaned_rows = 0;  // rows in which control characters were replaced
  std::map<std::string, int64_t>
      ignored_keys;  // JSONL keys (at most 64 names) and TSV columns that were not used
  std::vector<ImportProblem> problems;  // the first hundred
  bool resumed = false, already_imported = false;
  double seconds = 0;  // of this call
  int64_t skipped() const {
    return skipped_invalid_utf8 + skipped_empty + skipped_malformed + skipped_too_long;
  }
};

// Throws Error{kNotFound} for a missing file, Error{kUnsupported} for a format that cannot be told,
// Error{kCancelled}, Error{kBusy, kIo}. Progress is in bytes of the file; stages "reading" (the
// hash) and "importing".
ImportReport import_file(CorpusStore& corpus, const std::filesystem::path& file,
                         const ImportOptions& options, std::stop_token stop = {},
                         const ProgressCallback& progress = {});

}  // namespace realm

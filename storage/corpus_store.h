// CorpusStore: the knowledge corpus Z (REALM section 3.1) in SQLite, with full-text search, an
// undoable history and exact counts. Implements Corpus (engine/text/corpus.h).
//
// Every change is one transaction that keeps the row, the full-text index, the counters, the
// fingerprint and the list of dirty documents in step (triggers do it, so undo and redo pass the
// same way), and raises the revision by one.
//
// Thread rule: one connection a thread: an instance belongs to one thread; open another for
// another. Calls block on disk. Any number of processes may read while one writes. All calls throw
// Error{kBusy} for a database that another program holds for longer than five seconds,
// Error{kCorruptData} for a damaged one, Error{kIo} for a full disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/progress.h"
#include "engine/text/corpus.h"
#include "storage/corpus_values.h"

namespace realm {

class Database;

enum class OpenMode { kReadOnly, kReadWrite };

// One change of an edit. `id` 0 adds; else `removed` deletes, or title and text replace what is
// there.
struct DocumentEdit {
  DocumentId id = 0;
  bool removed = false;
  DocumentChange change{};
  std::string source{}, licence{};  // of an added document
};

struct UndoState {
  bool can_undo = false, can_redo = false;
  std::string undo_title,
      redo_title;  // what the step would undo or redo, for example: edit of "Rhine"
};

struct SourceCount {
  std::string source, licence;
  int64_t documents = 0;
};

// A document whose vector does not follow its text: embed it again, or drop its vector when it is
// gone.
struct DirtyDocument {
  DocumentId id = 0;
  bool deleted = false;
};

// The state of one import of one file; importers write it in the transaction of each batch
// (storage/importers.h).
struct ImportRecord {
  int64_t id = 0;         // 0: not recorded yet
  std::string file_hash;  // SHA-256 of the whole file
  std::string file_name;
  std::string options;      // what else must be equal to go on with it
  int64_t byte_offset = 0;  // everything before is done
  int64_t line = 0;         // lines done
  bool finished = false;
  std::string report_json;  // counts so far
  int64_t first_revision = 0, last_revision = 0;
};

class CorpusStore final : public Corpus {
 public:
  static constexpr int kFormatVersion = 2;  // 1: imports could not be undone
  // How far the rows of a page may be from the beginning of what a search found, and from the
  // nearer end of all documents in an order that must be walked.
  static constexpr int64_t kMaxOffset = 2'000'000;
  // A larger corpus gets an index when it is first sorted by words.
  static constexpr int64_t kMaxSortedByReading = 20'000;

  // Makes an empty corpus. Throws Error{kInvalidArgument} when the file exists.
  static void create(const std::filesystem::path& file, const std::string& name);
  // Throws Error{kNotFound}, Error{kUnsupported} for a newer format (with both versions),
  // Error{kCorruptData} for a file of another kind, Error{kIo} for kReadWrite on what cannot be
  // written. `author`: who the revisions are by; empty: the user.
  static std::unique_ptr<CorpusStore> open(const std::filesystem::path& file, OpenMode mode,
                                           const std::string& author = {});
  ~CorpusStore() override;

  std::string name() const override;
  int64_t size() const override;  // kept, not counted: microseconds
  int64_t revision() const override;
  // Hex of the sum modulo 2^256 of SHA-256(document) over all documents, each with its id, title,
  // text, source and licence. Equal content has an equal fingerprint, whatever the order of the
  // edits that made it.
  std::string fingerprint() const override;
  std::optional<Document> find(DocumentId id) const override;
  std::vector<Document> read_after(DocumentId after, int count) const override;
  bool read_only() const;

  // One page of the table. Error{kInvalidArgument} for a limit outside 1..2000, an offset that is
  // too far (kMaxOffset) and a wrong regular expression. Error{kCancelled} within 100 ms of a
  // request to stop.
  //
  // What a page of all documents costs, with 13 million of them:
  //   id       any page: one walk over 13 thousand block counts
  //   title    a walk along its index, up to kMaxOffset entries from the nearer end
  //   source   the same within a source, whose place the kept counts give
  //   words    the same, along an index that the first page in this order makes: one reading of all
  //            texts (measured with 200,000 passages: 4.4 s) and an entry for every later change of
  //            a text; it is no part of the format, so older programs keep it too. A corpus that
  //            cannot be written is read whole for each page.
  // A search by words takes as long as its hits; sorting them by anything but id or relevance reads
  // them. `contains`, `lacks` and an expression read every document that the other conditions
  // leave (measured on a busy machine: 160 MB/s and 70 MB/s), once for the page and once for the
  // count, which is kept for the pages that follow.
  DocumentPage documents(const DocumentQuery& query, std::stop_token stop = {}) const;
  // The documents that hold any of the words of a text (which has no operators here), best BM25
  // first, with the score; higher is better.
  std::vector<std::pair<DocumentId, double>> search_bm25(std::string_view text, int count,
                                                         std::stop_token stop = {}) const;
  std::vector<DocumentId> find_title(
      std::string_view title) const;         // exact up to ASCII case, in order of id
  std::vector<SourceCount> sources() const;  // in order of name

  // Each is one revision and one undoable step, on disk when the call returns. Texts are trimmed,
  // line ends become LF, other control characters become spaces. Throws Error{kInvalidArgument} for
  // an empty text or invalid UTF-8, Error{kNotFound} for an unknown id (nothing is changed then),
  // Error{kIo} when opened for reading only.
  DocumentId add(std::string_view title, std::string_view text, std::string_view source,
                 std::string_view licence = {});
  void edit(DocumentId id, const DocumentChange& change);
  void remove(DocumentId id);
  // Several changes as one step. Returns the ids touched, in order.
  std::vector<DocumentId> apply(std::span<const DocumentEdit> edits);

  UndoState undo_state() const;
  // Takes back the newest step, or does the oldest one that was taken back again; a new edit or
  // import clears what can be redone. Returns the ids touched, of an import the first thousand.
  // Throws Error{kNotFound} when there is nothing to undo or redo, Error{kCancelled} with
  // everything as it was.
  //
  // An import is a step (since format 2; those that an older program made are none). Its documents
  // are moved to a shelf in the file and back, so a text is never there twice, and what the history
  // keeps of an import is ranges of ids. Each way is one transaction that takes about as long as
  // the import took to write them, as the full-text index has to follow; until it ends, the log
  // beside the file grows by about the size of the documents. Memory: that of SQLite's cache. The
  // shelf is emptied, and its room used again, when the import can no longer be redone. Progress is
  // told of imports only, in documents.
  std::vector<DocumentId> undo(std::stop_token stop = {}, const ProgressCallback& progress = {});
  std::vector<DocumentId> redo(std::stop_token stop = {}, const ProgressCallback& progress = {});
  // Newest first; of one document when an id is given.
  std::vector<RevisionEntry> revisions(std::optional<DocumentId> id, int limit) const;

  int64_t dirty_count() const;
  // Up to `limit` dirty documents with id > after, in order of id.
  std::vector<DirtyDocument> dirty_documents(DocumentId after = 0, int limit = 10'000) const;
  // How many of the dirty documents exist and so are to be embedded, counted up to `most`.
  int64_t dirty_to_embed(int most) const;
  // Which of these are dirty now.
  std::vector<DocumentId> dirty_among(std::span<const DocumentId> ids) const;
  // Their vectors follow the texts as they were at corpus revision `revision`, to be asked for
  // before the texts are read: a document that changed later stays dirty.
  void mark_clean(std::span<const DocumentId> ids, int64_t revision);
  void mark_all_clean(int64_t revision);
  void mark_all_dirty();  // another embedder, or no index

  // For importers: adds documents (their ids are ignored; texts are taken as they are, and must be
  // valid) and records how far the import is, in one transaction. Sets the record's id and
  // revisions. All batches of a record are one step of the undo history, in the place of the first.
  // Throws Error{kCancelled} when the earlier ones were undone meanwhile.
  void add_batch(std::span<const Document> documents, ImportRecord& record);
  // The newest that is in the corpus: not one that was undone.
  std::optional<ImportRecord> find_import(std::string_view file_hash,
                                          std::string_view options) const;

  const std::filesystem::path& file() const;
  Database& database() const;  // for the other classes of storage

 private:
  explicit CorpusStore(std::unique_ptr<Database> database, std::string author);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace realm

// The reading of the corpus table in pages, and its full-text search.
#include <fmt/format.h>

#include <optional>

#include "engine/base/error.h"
#include "engine/base/regular_expression.h"
#include "storage/corpus_schema.h"
#include "storage/corpus_selection.h"
#include "storage/corpus_store.h"
#include "storage/corpus_store_impl.h"
#include "storage/search_query.h"
#include "storage/text_cleaning.h"

namespace realm {
namespace {

constexpr int kMaxLimit = 2000;
constexpr size_t kSnippetBytes = 160;
constexpr int kSnippetTokens = 24;

std::vector<DocumentId> ids_of(Query& query) {
  std::vector<DocumentId> ids;
  while (query.step()) ids.push_back(query.int64(0));
  return ids;
}

// What to show of a text that was found by something else than words. Also finds out whether the
// expression is one.
std::optional<RegularExpression> hit_expression(const DocumentQuery& query) {
  if (!query.expression.empty()) return RegularExpression(query.expression);
  if (!query.contains.empty()) return RegularExpression(RegularExpression::of_text(query.contains));
  return std::nullopt;
}

// So that the next page in this order is a walk along an index. Where the file cannot be written
// now, every page is sorted anew.
void make_words_index(Database& database) {
  if (database.read_only()) return;
  if (database.get_int64("SELECT count(*) FROM sqlite_schema WHERE name = 'documents_by_words'") >
      0)
    return;
  // Millions of numbers are sorted on disk, not in memory.
  database.exec("PRAGMA temp_store = FILE");
  try {
    database.exec(words_index_sql().c_str());
  } catch (const Error& error) {
    database.exec("PRAGMA temp_store = MEMORY");
    if (error.code() != ErrorCode::kBusy) throw;
    return;
  }
  database.exec("PRAGMA temp_store = MEMORY");
}

}  // namespace

int64_t CorpusStore::Impl::count(const DocumentQuery& query, const Selection& selection,
                                 int64_t revision) const {
  DocumentQuery key = query;
  key.order = DocumentOrder::kById;
  key.descending = false;
  key.offset = 0;
  key.limit = 0;
  if (counted.revision == revision && counted.query == key) return counted.total;
  Query count =
      database->query(fmt::format("SELECT count(*) FROM {}{}", selection.from, selection.where));
  for (const std::string& value : selection.values) count.bind(value);
  count.step();
  counted = {std::move(key), revision, count.int64(0)};
  return counted.total;
}

DocumentPage CorpusStore::documents(const DocumentQuery& query, std::stop_token stop) const {
  if (query.limit < 1 || query.limit > kMaxLimit) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("A page of {} documents was asked for; expected 1 to {}.", query.limit,
                            kMaxLimit));
  }
  if (query.offset < 0) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("A page at offset {} was asked for; expected 0 or more.", query.offset));
  }
  const SearchExpression search = parse_search(query.search);
  const bool everything = search.empty() && !query.filters();
  if (!everything && query.offset > kMaxOffset) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("A page at offset {} of a search was asked for; expected at most {}: "
                            "narrow the search.",
                            query.offset, kMaxOffset));
  }
  std::optional<RegularExpression> hit = hit_expression(query);

  Database& database = *impl_->database;
  const StopGuard guard(database, stop);
  if (everything && query.order == DocumentOrder::kByWords && size() > kMaxSortedByReading)
    make_words_index(database);
  Transaction snapshot(database, Transaction::Kind::kRead);
  DocumentPage page;
  page.query = query;
  std::vector<DocumentId> ids;
  if (everything) {
    page.total = size();
    ids = page_of_everything(database, query, page.total);
  } else {
    const Selection selection = select_documents(query, search);
    Query rows = database.query(fmt::format("SELECT {} FROM {}{}{} LIMIT ? OFFSET ?", selection.id,
                                            selection.from, selection.where, selection.order));
    for (const std::string& value : selection.values) rows.bind(value);
    rows.bind(query.limit, query.offset);
    ids = ids_of(rows);
    page.total = impl_->count(query, selection, revision());
  }

  Query row = database.query(
      "SELECT d.title, d.text, s.name, d.revision <> d.created_revision, "
      "EXISTS(SELECT 1 FROM dirty WHERE document = d.id) "
      "FROM documents d CROSS JOIN sources s ON s.id = d.source WHERE d.id = ?");
  Query snippet = database.query(
      "SELECT snippet(documents_fts, 1, char(2), char(3), '…', ?) FROM documents_fts "
      "WHERE documents_fts MATCH ? AND rowid = ?");
  const std::string match = search.match.empty() ? std::string() : search.fts();
  for (const DocumentId id : ids) {
    row.bind(id);
    if (!row.step()) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("The full-text index of '{}' names document {}, which is not there; "
                              "run realm check --repair.",
                              database.file().string(), id));
    }
    DocumentRow& out = page.rows.emplace_back();
    out.id = id;
    out.title = row.text(0);
    const std::string text = row.text(1);
    out.words = count_words(text);
    out.source = row.text(2);
    out.edited = row.int64(3) != 0;
    out.dirty = row.int64(4) != 0;
    row.reset();
    if (match.empty()) {
      const auto found = hit ? hit->find(text, 1) : decltype(hit->find(text, 1)){};
      out.snippet = found.empty()
                        ? first_words(text, kSnippetBytes)
                        : words_around(text, found[0].first, found[0].second, kSnippetBytes);
    } else {
      snippet.bind(kSnippetTokens, match, id);
      if (snippet.step()) out.snippet = snippet.text(0);
      snippet.reset();
    }
  }
  return page;
}

std::vector<std::pair<DocumentId, double>> CorpusStore::search_bm25(std::string_view text,
                                                                    int count,
                                                                    std::stop_token stop) const {
  std::vector<std::pair<DocumentId, double>> hits;
  const std::string expression = any_word_expression(text);
  if (expression.empty()) return hits;
  const StopGuard guard(*impl_->database, stop);
  Query query = impl_->database->query(
      "SELECT rowid, -rank FROM documents_fts WHERE documents_fts MATCH ? ORDER BY rank LIMIT ?");
  query.bind(expression, count);
  while (query.step()) hits.emplace_back(query.int64(0), query.real(1));
  return hits;
}

std::vector<DocumentId> CorpusStore::find_title(std::string_view title) const {
  Query query =
      impl_->database->query("SELECT id FROM documents WHERE title = ? COLLATE NOCASE ORDER BY id");
  query.bind(title);
  return ids_of(query);
}

}  // namespace realm

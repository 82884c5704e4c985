// The reading of the corpus table in pages, and its full-text search.
#include <fmt/format.h>

#include "engine/base/error.h"
#include "storage/corpus_schema.h"
#include "storage/corpus_store.h"
#include "storage/corpus_store_impl.h"
#include "storage/search_query.h"
#include "storage/text_cleaning.h"

namespace realm {
namespace {

constexpr int kMaxLimit = 2000;
constexpr size_t kSnippetBytes = 160;
constexpr int kSnippetTokens = 24;

// The rows that a query selects, as the FROM and WHERE of one statement, and the values for its
// parameters in order.
struct Selection {
  std::string from, where, order;
  std::vector<std::string> values;
};

Selection select_rows(const DocumentQuery& query, const SearchExpression& search) {
  Selection selection;
  std::vector<std::string> conditions;
  const bool by_source = !query.source.empty();
  if (!search.match.empty()) {
    // The full-text table comes first: it gives its rows in order of rank or of id by itself.
    selection.from = by_source || query.order == DocumentOrder::kByTitle
                         ? "documents_fts f CROSS JOIN documents d ON d.id = f.rowid"
                         : "documents_fts f";
    conditions.emplace_back("f.documents_fts MATCH ?");
    selection.values.push_back(search.fts());
  } else {
    selection.from = "documents d";
    if (!search.exclude.empty()) {
      conditions.emplace_back(
          "d.id NOT IN (SELECT rowid FROM documents_fts WHERE documents_fts MATCH ?)");
      selection.values.push_back(search.exclude);
    }
  }
  if (by_source) {
    conditions.emplace_back("d.source IN (SELECT id FROM sources WHERE name = ?)");
    selection.values.push_back(query.source);
  }
  for (size_t i = 0; i < conditions.size(); ++i) {
    selection.where.append(i == 0 ? " WHERE " : " AND ").append(conditions[i]);
  }
  const char* id = search.match.empty() ? "d.id" : "f.rowid";
  if (query.order == DocumentOrder::kByTitle) {
    selection.order = fmt::format(" ORDER BY d.title COLLATE NOCASE, {}", id);
  } else if (query.order == DocumentOrder::kByRelevance && !search.match.empty()) {
    selection.order = " ORDER BY f.rank";
  } else {
    selection.order = fmt::format(" ORDER BY {}", id);
  }
  return selection;
}

// The id at which a page begins in order of id, and how many rows after it are still to be passed
// over. The counts a block make the way short: 13 million documents have 13 thousand blocks.
std::pair<DocumentId, int64_t> locate(Database& database, int64_t offset) {
  Query blocks = database.query("SELECT block, documents FROM document_blocks ORDER BY block");
  while (blocks.step()) {
    const int64_t documents = blocks.int64(1);
    if (offset < documents) return {blocks.int64(0) << kDocumentBlockBits, offset};
    offset -= documents;
  }
  return {INT64_MAX, 0};
}

std::vector<DocumentId> ids_of(Query& query) {
  std::vector<DocumentId> ids;
  while (query.step()) ids.push_back(query.int64(0));
  return ids;
}

}  // namespace

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
  const bool everything_by_id =
      search.empty() && query.source.empty() && query.order != DocumentOrder::kByTitle;
  if (!everything_by_id && query.offset > kMaxOffset) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("A page at offset {} of a search was asked for; expected at most {}: "
                            "narrow the search.",
                            query.offset, kMaxOffset));
  }

  Database& database = *impl_->database;
  const StopGuard guard(database, stop);
  Transaction snapshot(database, Transaction::Kind::kRead);
  DocumentPage page;
  page.query = query;
  std::vector<DocumentId> ids;
  if (everything_by_id) {
    page.total = size();
    const auto [first, rest] = locate(database, query.offset);
    Query rows =
        database.query("SELECT id FROM documents WHERE id >= ? ORDER BY id LIMIT ? OFFSET ?");
    rows.bind(first, query.limit, rest);
    ids = ids_of(rows);
  } else {
    const Selection selection = select_rows(query, search);
    Query rows = database.query(fmt::format("SELECT {} FROM {}{}{} LIMIT ? OFFSET ?",
                                            search.match.empty() ? "d.id" : "f.rowid",
                                            selection.from, selection.where, selection.order));
    for (const std::string& value : selection.values) rows.bind(value);
    rows.bind(query.limit, query.offset);
    ids = ids_of(rows);
    Impl::Counted& counted = impl_->counted;
    const int64_t now = revision();
    if (counted.revision != now || counted.search != query.search ||
        counted.source != query.source) {
      Query count =
          database.query(fmt::format("SELECT count(*) FROM {}{}", selection.from, selection.where));
      for (const std::string& value : selection.values) count.bind(value);
      count.step();
      counted = {query.search, query.source, now, count.int64(0)};
    }
    page.total = counted.total;
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
      out.snippet = first_words(text, kSnippetBytes);
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

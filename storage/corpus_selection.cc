#include "storage/corpus_selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/error.h"
#include "engine/base/regular_expression.h"
#include "storage/corpus_schema.h"
#include "storage/corpus_store.h"
#include "storage/database.h"

namespace realm {
namespace {

std::string ordered(const DocumentQuery& query, const std::string& id, bool has_match) {
  const char* way = query.descending ? "DESC" : "ASC";
  switch (query.order) {
    case DocumentOrder::kByTitle:
      return fmt::format("d.title COLLATE NOCASE {0}, {1} {0}", way, id);
    case DocumentOrder::kByWords:
      return fmt::format("{2} {0}, {1} {0}", way, id, words_sql("d.text"));
    case DocumentOrder::kBySource:
      return fmt::format(
          "(SELECT name FROM sources WHERE id = d.source) COLLATE NOCASE {0}, d.source {0}, {1} "
          "{0}",
          way, id);
    case DocumentOrder::kByRelevance:
      if (has_match) return "f.rank";
      break;
    case DocumentOrder::kById:
      break;
  }
  return fmt::format("{} {}", id, way);
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

void append_ids(Query& query, std::vector<DocumentId>& ids) {
  while (query.step()) ids.push_back(query.int64(0));
}

// A part of an order, read from its nearer end.
struct Stretch {
  int64_t skipped = 0, taken = 0;
  bool backwards = false;
};
Stretch nearer_end(int64_t offset, int64_t taken, int64_t total) {
  const int64_t behind = total - offset - taken;
  return behind < offset ? Stretch{behind, taken, true} : Stretch{offset, taken, false};
}

void require_near(const DocumentQuery& query, int64_t skipped, const char* order) {
  if (skipped <= CorpusStore::kMaxOffset) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("A page at offset {} of all documents in order of {} was asked for; "
                          "expected at most {} from either end: narrow the search, or sort by id.",
                          query.offset, order, CorpusStore::kMaxOffset));
}

// Of a statement with one %WAY% for each direction.
std::string directed(std::string sql, bool backwards) {
  constexpr std::string_view kWay = "%WAY%";
  for (size_t at = sql.find(kWay); at != std::string::npos; at = sql.find(kWay))
    sql.replace(at, kWay.size(), backwards ? "DESC" : "ASC");
  return sql;
}

// In ascending order, the `count` ids from `offset` on.
std::vector<DocumentId> ids_by_source(Database& database, const DocumentQuery& query,
                                      int64_t offset, int64_t count) {
  std::vector<std::pair<int64_t, int64_t>> sources;  // id, documents
  Query list = database.query(
      "SELECT id, documents FROM sources WHERE documents > 0 ORDER BY name COLLATE NOCASE, id");
  while (list.step()) sources.emplace_back(list.int64(0), list.int64(1));
  std::vector<DocumentId> ids;
  for (const auto& [source, documents] : sources) {
    if (count == 0) break;
    if (offset >= documents) {
      offset -= documents;
      continue;
    }
    const Stretch stretch = nearer_end(offset, std::min(count, documents - offset), documents);
    require_near(query, stretch.skipped, "source");
    Query rows = database.query(
        directed("SELECT id FROM documents WHERE source = ? ORDER BY id %WAY% LIMIT ? OFFSET ?",
                 stretch.backwards));
    rows.bind(source, stretch.taken, stretch.skipped);
    std::vector<DocumentId> part;
    append_ids(rows, part);
    if (stretch.backwards) std::reverse(part.begin(), part.end());
    ids.insert(ids.end(), part.begin(), part.end());
    count -= stretch.taken;
    offset = 0;
  }
  return ids;
}

std::vector<DocumentId> ids_by_index(Database& database, const DocumentQuery& query,
                                     const Stretch& stretch) {
  const bool by_title = query.order == DocumentOrder::kByTitle;
  require_near(query, stretch.skipped, by_title ? "title" : "number of words");
  Query rows = database.query(
      directed(fmt::format("SELECT id FROM documents ORDER BY {} %WAY%, id %WAY% LIMIT ? OFFSET ?",
                           by_title ? "title COLLATE NOCASE" : words_sql("text")),
               stretch.backwards));
  rows.bind(stretch.taken, stretch.skipped);
  std::vector<DocumentId> ids;
  append_ids(rows, ids);
  if (stretch.backwards) std::reverse(ids.begin(), ids.end());
  return ids;
}

}  // namespace

Selection select_documents(const DocumentQuery& query, const SearchExpression& search) {
  Selection selection;
  std::vector<std::string> conditions;
  const auto require = [&](std::string condition, std::string value) {
    conditions.push_back(std::move(condition));
    selection.values.push_back(std::move(value));
  };
  const bool has_match = !search.match.empty();
  selection.id = has_match ? "f.rowid" : "d.id";
  if (has_match) {
    // The full-text table comes first: it gives its rows in order of rank or of id by itself.
    const bool by_itself =
        query.order == DocumentOrder::kById || query.order == DocumentOrder::kByRelevance;
    selection.from = by_itself && !query.filters()
                         ? "documents_fts f"
                         : "documents_fts f CROSS JOIN documents d ON d.id = f.rowid";
    require("f.documents_fts MATCH ?", search.fts());
  } else {
    selection.from = "documents d";
    if (!search.exclude.empty()) {
      require("d.id NOT IN (SELECT rowid FROM documents_fts WHERE documents_fts MATCH ?)",
              search.exclude);
    }
  }
  if (!query.source.empty()) {
    require(fmt::format("d.source {}IN (SELECT id FROM sources WHERE name = ?)",
                        query.except_source ? "NOT " : ""),
            query.source);
  }
  if (query.gap == DocumentGap::kTitle) conditions.emplace_back("d.title COLLATE NOCASE = ''");
  if (query.gap == DocumentGap::kSource)
    conditions.emplace_back("d.source IN (SELECT id FROM sources WHERE name = '')");
  if (!query.contains.empty())
    require("realm_found(?, d.text)", RegularExpression::of_text(query.contains));
  if (!query.lacks.empty())
    require("NOT realm_found(?, d.text)", RegularExpression::of_text(query.lacks));
  if (!query.expression.empty()) {
    require("(realm_found(?, d.title) OR realm_found(?, d.text))", query.expression);
    selection.values.push_back(query.expression);
  }
  for (size_t i = 0; i < conditions.size(); ++i) {
    selection.where.append(i == 0 ? " WHERE " : " AND ").append(conditions[i]);
  }
  selection.order = " ORDER BY " + ordered(query, selection.id, has_match);
  return selection;
}

std::vector<DocumentId> page_of_everything(Database& database, const DocumentQuery& query,
                                           int64_t total) {
  if (query.offset >= total) return {};
  const int64_t count = std::min<int64_t>(query.limit, total - query.offset);
  // Where the page begins in the ascending order; a descending page is then turned round.
  const int64_t begin = query.descending ? total - query.offset - count : query.offset;
  std::vector<DocumentId> ids;
  switch (query.order) {
    case DocumentOrder::kById:
    case DocumentOrder::kByRelevance: {
      const auto [first, rest] = locate(database, begin);
      Query rows =
          database.query("SELECT id FROM documents WHERE id >= ? ORDER BY id LIMIT ? OFFSET ?");
      rows.bind(first, count, rest);
      append_ids(rows, ids);
      break;
    }
    case DocumentOrder::kBySource:
      ids = ids_by_source(database, query, begin, count);
      break;
    case DocumentOrder::kByTitle:
    case DocumentOrder::kByWords:
      ids = ids_by_index(database, query, nearer_end(begin, count, total));
      break;
  }
  if (query.descending) std::reverse(ids.begin(), ids.end());
  return ids;
}

}  // namespace realm

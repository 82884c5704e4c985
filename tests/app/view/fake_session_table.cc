// The corpus table of FakeSession: its orders and filters.
#include <algorithm>
#include <map>
#include <utility>

#include "app/view/highlight.h"
#include "engine/base/error.h"
#include "engine/base/regular_expression.h"
#include "tests/app/view/fake_session.h"

namespace realm::testing {
namespace {

int64_t word_count(const std::string& text) {
  return 1 + std::count(text.begin(), text.end(), ' ');
}

bool passes(const Document& document, const DocumentQuery& query) {
  const auto found = [](const std::string& expression, const std::string& text) {
    return RegularExpression(expression).found_in(text);
  };
  if (!query.source.empty() && (document.source == query.source) == query.except_source)
    return false;
  if (query.gap == DocumentGap::kTitle && !document.title.empty()) return false;
  if (query.gap == DocumentGap::kSource && !document.source.empty()) return false;
  if (!query.contains.empty() && !found(RegularExpression::of_text(query.contains), document.text))
    return false;
  if (!query.lacks.empty() && found(RegularExpression::of_text(query.lacks), document.text))
    return false;
  return query.expression.empty() || found(query.expression, document.title) ||
         found(query.expression, document.text);
}

// In the order of a table: of ids, or of what the order compares and then of ids.
std::vector<Document> sorted(const std::map<DocumentId, Document>& documents,
                             const DocumentQuery& query) {
  std::vector<Document> rows;
  for (const auto& [id, document] : documents) rows.push_back(document);
  const auto by = [&](const auto& key) {
    std::stable_sort(rows.begin(), rows.end(),
                     [&](const Document& a, const Document& b) { return key(a) < key(b); });
  };
  if (query.order == DocumentOrder::kByTitle) by([](const Document& d) { return d.title; });
  if (query.order == DocumentOrder::kBySource) by([](const Document& d) { return d.source; });
  if (query.order == DocumentOrder::kByWords)
    by([](const Document& d) { return word_count(d.text); });
  if (query.descending) std::reverse(rows.begin(), rows.end());
  return rows;
}

}  // namespace

DocumentPage FakeSession::documents(const DocumentQuery& query, std::stop_token) {
  DocumentPage page;
  page.query = query;
  for (const Document& document : sorted(documents_, query)) {
    const DocumentId id = document.id;
    if (!passes(document, query)) continue;
    std::string snippet = document.text;
    if (!query.search.empty()) {
      const std::vector<view::Mark> marks = view::mark_hits(document.text, query.search);
      if (marks.empty() && view::mark_hits(document.title, query.search).empty()) continue;
      for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
        snippet.insert(mark->range.end, "\x03");
        snippet.insert(mark->range.begin, "\x02");
      }
    }
    ++page.total;
    if (page.total <= query.offset || static_cast<int>(page.rows.size()) >= query.limit) continue;
    DocumentRow row{
        .id = id, .title = document.title, .snippet = snippet, .source = document.source};
    row.words = word_count(document.text);
    row.edited = std::any_of(log_.begin(), log_.end(),
                             [&](const RevisionEntry& entry) { return entry.document == id; });
    page.rows.push_back(row);
  }
  return page;
}

void FakeSession::use_baseline(const std::string& name) {
  if (name == "broken") throw Error(ErrorCode::kMismatch, "broken has other words.");
}

std::string FakeSession::use_model(const std::string& name) {
  if (name == "broken")
    throw Error(ErrorCode::kMismatch, "broken cannot be the model: it has no encoder.");
  model_before_ = std::exchange(model_, name);
  return name == "foreign" ? "bert" : "";
}

ImportedModel FakeSession::import_model(const std::filesystem::path& folder,
                                        const std::string& name, std::stop_token stop,
                                        const ProgressCallback& progress) {
  if (folder.filename() == "broken")
    throw Error(ErrorCode::kMismatch, "encoder: 2 tensors are missing.");
  progress({.done = 1, .total = 2, .stage = "copying"});
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The import was cancelled.");
  const bool is_bert = folder.filename() == "bert";
  const bool is_first = !is_bert && model_.empty();
  if (is_first) model_ = name;
  return {.can_be_asked = !is_bert, .can_be_baseline = is_bert, .is_in_use = is_first};
}

}  // namespace realm::testing

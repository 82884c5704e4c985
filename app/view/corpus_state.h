// The state of the Corpus workspace: which page of which search is on screen, the passage being
// read, the form being filled.
//
// Values and pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/view/engine_messages.h"
#include "app/view/highlight.h"
#include "app/view/pagination.h"
#include "app/view/text_editor.h"

namespace realm::view {

struct PassageForm {
  DocumentId id = 0;  // 0: a new passage
  std::string title{};
  TextEditor text{TextFieldKind::kPlain};
  std::string title_before{}, text_before{};
  RequestId saving = 0;  // the request that keeps it; 0: none
  std::optional<Failure> failure{};
  double changed_at = 0;  // seconds of the window's clock
  // Another passage with this text, and the search for one.
  std::optional<DocumentId> duplicate{};
  RequestId pending_duplicate = 0;
  std::string compared{};  // the text last looked for

  bool is_changed() const { return title != title_before || text.text() != text_before; }
};

// What the table shows beside the search, as it was set; as in DocumentQuery.
struct CorpusFilters {
  std::string source{};
  bool except_source = false;
  std::string contains{}, lacks{}, expression{};
  DocumentGap gap = DocumentGap::kNone;

  bool operator==(const CorpusFilters&) const = default;
  int count() const {  // how many are set
    return !source.empty() + !contains.empty() + !lacks.empty() + !expression.empty() +
           (gap != DocumentGap::kNone);
  }
};

struct CorpusState {
  std::string search{};  // as typed
  CorpusFilters filters{};
  bool shows_filters = false;
  // While an expression is being typed that is none: what is wrong with it, and the last one that
  // was one, which the table still obeys.
  std::string expression_problem{}, expression_in_use{};
  DocumentOrder order = DocumentOrder::kById;
  bool descending = false;
  int64_t offset = 0;
  std::shared_ptr<const PageReply> page{};  // the last that came; stays while a newer one is made
  RequestId pending_page = 0;

  DocumentId selected = 0;  // 0: none
  std::shared_ptr<const DocumentReply> detail{};
  RequestId pending_detail = 0;
  bool edit_when_loaded = false;  // the form opens as soon as the passage is here
  uint64_t scroll_serial = 0;     // grows when the selected row should be scrolled into sight

  std::optional<PassageForm> form{};
  bool shows_revisions = true;

  // What an import of a file would do, as the import's popup shows it before it begins.
  std::shared_ptr<const ForecastReply> forecast{};
  RequestId pending_forecast = 0;
};

DocumentQuery page_query(const CorpusState& state);
Pagination pagination_of(const CorpusState& state);

// Whether anything narrows the table.
bool is_narrowed(const CorpusState& state);

// The order after a click on a column's head: ascending, then descending, then as it was without
// (best hits first while there is a search, else by id).
struct TableOrder {
  DocumentOrder order = DocumentOrder::kById;
  bool descending = false;
  friend bool operator==(const TableOrder&, const TableOrder&) = default;
};
TableOrder next_order(const CorpusState& state, DocumentOrder column);

// What the search and the filters have found in a title or a text.
std::vector<Mark> mark_corpus_hits(const CorpusState& state, std::string_view text, bool is_title);

// The row of the selected passage on the page; -1: it is not on it.
int selected_row(const CorpusState& state);

// An ISO 8601 time in a few characters: "22 Nov 2026, 06:51". Anything else comes back as it is.
std::string short_time(const std::string& iso8601);

// Seconds of 1970 of such a time; nullopt: it is none.
std::optional<int64_t> unix_time(const std::string& iso8601);
// How long ago: "just built", "5 min old", "3 h old", "2 days old".
std::string age_text(int64_t seconds);

}  // namespace realm::view

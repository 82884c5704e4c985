// The state of the Corpus workspace: which page of which search is on screen, the passage being
// read, the form being filled.
//
// Values and pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/view/engine_messages.h"
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

struct CorpusState {
  std::string search{};  // as typed
  std::string source{};  // empty: all
  DocumentOrder order = DocumentOrder::kById;
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
};

DocumentQuery page_query(const CorpusState& state);
Pagination pagination_of(const CorpusState& state);

// The row of the selected passage on the page; -1: it is not on it.
int selected_row(const CorpusState& state);

// An ISO 8601 time in a few characters: "22 Nov 2026, 06:51". Anything else comes back as it is.
std::string short_time(const std::string& iso8601);

// Seconds of 1970 of such a time; nullopt: it is none.
std::optional<int64_t> unix_time(const std::string& iso8601);
// How long ago: "just built", "5 min old", "3 h old", "2 days old".
std::string age_text(int64_t seconds);

}  // namespace realm::view

// Edits of FakeSession's corpus, their undo and their revisions.
#include "engine/base/error.h"
#include "tests/app/view/fake_session.h"

namespace realm::testing {
namespace {

std::string in_quotes(const std::string& title) { return "\u201C" + title + "\u201D"; }

}  // namespace

void FakeSession::check_writable() const {
  if (options_.read_only)
    throw Error(ErrorCode::kIo, "The workspace starter is open for reading only.");
  const std::lock_guard lock(control_->mutex_);
  if (control_->failure_) throw Error(ErrorCode::kIo, *control_->failure_);
}

void FakeSession::apply(const Step& step, bool forward, const std::string& what) {
  const std::optional<Document>& target = forward ? step.after : step.before;
  const std::optional<Document>& origin = forward ? step.before : step.after;
  if (target) {
    documents_[step.id] = *target;
  } else {
    documents_.erase(step.id);
  }
  RevisionEntry entry;
  entry.revision = ++revision_;
  entry.at = "2026-11-22T06:51:00Z";
  entry.who = "ada";
  entry.what = what;
  entry.document = step.id;
  if (origin) entry.title_before = origin->title, entry.text_before = origin->text;
  if (target) entry.title_after = target->title, entry.text_after = target->text;
  log_.push_back(entry);
}

void FakeSession::record(Step step, const std::string& what) {
  apply(step, true, what);
  undo_.push_back(std::move(step));
  redo_.clear();
}

DocumentId FakeSession::add_document(const std::string& title, const std::string& text,
                                     const std::string& source) {
  check_writable();
  Document document;
  document.id = next_id_++;
  document.title = title;
  document.text = text;
  document.source = source;
  record({.id = document.id,
          .before = {},
          .after = document,
          .title = "addition of " + in_quotes(title)},
         "add");
  return document.id;
}

void FakeSession::edit_document(DocumentId id, const DocumentChange& change) {
  check_writable();
  if (documents_.count(id) == 0)
    throw Error(ErrorCode::kNotFound, "There is no document " + std::to_string(id) + ".");
  Document after = documents_[id];
  if (change.title) after.title = *change.title;
  if (change.text) after.text = *change.text;
  record({.id = id,
          .before = documents_[id],
          .after = after,
          .title = "edit of " + in_quotes(documents_[id].title)},
         "edit");
}

void FakeSession::delete_document(DocumentId id) {
  check_writable();
  if (documents_.count(id) == 0)
    throw Error(ErrorCode::kNotFound, "There is no document " + std::to_string(id) + ".");
  record({.id = id,
          .before = documents_[id],
          .after = {},
          .title = "deletion of " + in_quotes(documents_[id].title)},
         "delete");
}

std::vector<DocumentId> FakeSession::undo(std::stop_token, const ProgressCallback&) {
  check_writable();
  if (undo_.empty()) throw Error(ErrorCode::kNotFound, "There is nothing to undo.");
  const Step step = undo_.back();
  undo_.pop_back();
  apply(step, false, "undo");
  redo_.push_back(step);
  return {step.id};
}

std::vector<DocumentId> FakeSession::redo(std::stop_token, const ProgressCallback&) {
  check_writable();
  if (redo_.empty()) throw Error(ErrorCode::kNotFound, "There is nothing to redo.");
  const Step step = redo_.back();
  redo_.pop_back();
  apply(step, true, "redo");
  undo_.push_back(step);
  return {step.id};
}

}  // namespace realm::testing

#include "storage/changeset.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

// Without these, sqlite3.h hides the session extension (which the packaged library has).
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#include "engine/base/error.h"
#include "storage/database.h"

namespace realm {
namespace {

// Columns of documents, in the order of the schema.
constexpr int kIdColumn = 0;
constexpr int kTitleColumn = 1;
constexpr int kTextColumn = 2;

struct SqliteFree {
  void operator()(void* memory) const noexcept { sqlite3_free(memory); }
};
using SqliteBytes = std::unique_ptr<void, SqliteFree>;

// Any conflict ends the application: undo runs backwards over its own changes, so a row that
// differs means that the file was changed by something else.
int on_conflict(void* conflicts, int, sqlite3_changeset_iter*) noexcept {
  ++*static_cast<int*>(conflicts);
  return SQLITE_CHANGESET_ABORT;
}

[[noreturn]] void fail_changeset(const Database& database, int code) {
  if ((code & 0xff) == SQLITE_CORRUPT) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("A revision recorded in '{}' is damaged.", database.file().string()));
  }
  database.fail(code, sqlite3_errstr(code));
}

std::optional<std::string> text_value(sqlite3_value* value) {
  if (value == nullptr) return std::nullopt;
  const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
  return data == nullptr ? std::string()
                         : std::string(data, static_cast<size_t>(sqlite3_value_bytes(value)));
}

struct IteratorEnd {
  void operator()(sqlite3_changeset_iter* iterator) const noexcept {
    sqlite3changeset_finalize(iterator);
  }
};

// The old or new value of a column, null where the changeset has none.
using ValueOf = int (*)(sqlite3_changeset_iter*, int, sqlite3_value**);

ChangedDocument::Side read_side(sqlite3_changeset_iter* iterator, ValueOf value_of) {
  sqlite3_value* title = nullptr;
  sqlite3_value* text = nullptr;
  value_of(iterator, kTitleColumn, &title);
  value_of(iterator, kTextColumn, &text);
  return {text_value(title), text_value(text)};
}

}  // namespace

ChangesetRecorder::ChangesetRecorder(Database& database) : database_(&database) {
  if (sqlite3session_create(database.handle(), "main", &session_) != SQLITE_OK) database.fail();
  if (sqlite3session_attach(session_, "documents") != SQLITE_OK) {
    sqlite3session_delete(session_);
    database.fail();
  }
}

ChangesetRecorder::~ChangesetRecorder() { sqlite3session_delete(session_); }

std::string ChangesetRecorder::changeset() {
  int size = 0;
  void* data = nullptr;
  const int code = sqlite3session_changeset(session_, &size, &data);
  const SqliteBytes owner(data);
  if (code != SQLITE_OK) fail_changeset(*database_, code);
  return data == nullptr ? std::string()
                         : std::string(static_cast<const char*>(data), static_cast<size_t>(size));
}

std::string invert_changeset(const Database& database, std::string_view changeset) {
  int size = 0;
  void* data = nullptr;
  const int code =
      sqlite3changeset_invert(static_cast<int>(changeset.size()), changeset.data(), &size, &data);
  const SqliteBytes owner(data);
  if (code != SQLITE_OK) fail_changeset(database, code);
  return data == nullptr ? std::string()
                         : std::string(static_cast<const char*>(data), static_cast<size_t>(size));
}

void apply_changeset(Database& database, std::string_view changeset) {
  std::string bytes(changeset);  // the C interface takes them as not const
  int conflicts = 0;
  const int code = sqlite3changeset_apply(database.handle(), static_cast<int>(bytes.size()),
                                          bytes.data(), nullptr, on_conflict, &conflicts);
  if (conflicts > 0) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format(
            "The step cannot be taken: a document in '{}' is not as the recorded revision left it.",
            database.file().string()));
  }
  if (code != SQLITE_OK) fail_changeset(database, code);
}

std::vector<ChangedDocument> read_changeset(const Database& database, std::string_view changeset) {
  std::string bytes(changeset);
  sqlite3_changeset_iter* raw = nullptr;
  int code = sqlite3changeset_start(&raw, static_cast<int>(bytes.size()), bytes.data());
  if (code != SQLITE_OK) fail_changeset(database, code);
  const std::unique_ptr<sqlite3_changeset_iter, IteratorEnd> iterator(raw);
  std::vector<ChangedDocument> changed;
  while ((code = sqlite3changeset_next(raw)) == SQLITE_ROW) {
    const char* table = nullptr;
    int columns = 0;
    int operation = 0;
    int indirect = 0;
    sqlite3changeset_op(raw, &table, &columns, &operation, &indirect);
    ChangedDocument document;
    sqlite3_value* id = nullptr;
    const ValueOf id_of =
        operation == SQLITE_INSERT ? &sqlite3changeset_new : &sqlite3changeset_old;
    id_of(raw, kIdColumn, &id);
    if (id == nullptr) fail_changeset(database, SQLITE_CORRUPT);
    document.id = sqlite3_value_int64(id);
    if (operation != SQLITE_INSERT) document.before = read_side(raw, &sqlite3changeset_old);
    if (operation != SQLITE_DELETE) document.after = read_side(raw, &sqlite3changeset_new);
    changed.push_back(std::move(document));
  }
  if (code != SQLITE_DONE) fail_changeset(database, code);
  std::sort(changed.begin(), changed.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  return changed;
}

}  // namespace realm

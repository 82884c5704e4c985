#include "storage/corpus_store.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "storage/clock.h"
#include "storage/corpus_fingerprint.h"
#include "storage/corpus_schema.h"
#include "storage/corpus_store_impl.h"

namespace realm {
namespace {

constexpr const char* kWhat = "Corpus database";

// CROSS JOIN keeps SQLite from walking the sources first: order of id comes free then.
constexpr std::string_view kDocumentColumns =
    "SELECT d.id, d.title, d.text, s.name, s.licence, d.revision "
    "FROM documents d CROSS JOIN sources s ON s.id = d.source ";

Document read_document(const Query& row) {
  Document document;
  document.id = row.int64(0);
  document.title = row.text(1);
  document.text = row.text(2);
  document.source = row.text(3);
  document.licence = row.text(4);
  document.revision = row.int64(5);
  return document;
}

std::string user_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::string buffer(4096, '\0');
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("user {}", geteuid());
}

Database::Options database_options(Database::Mode mode) {
  Database::Options options;
  options.mode = mode;
  options.what = kWhat;
  options.application_id = kCorpusApplicationId;
  options.format_version = CorpusStore::kFormatVersion;
  options.upgrades = corpus_upgrades();
  return options;
}

}  // namespace

void CorpusStore::create(const std::filesystem::path& file, const std::string& name) {
  Database::Options options = database_options(Database::Mode::kCreate);
  options.create_sql = corpus_schema_sql();
  Database database(file, std::move(options));
  database.query("UPDATE state SET name = ?, created = ?").bind(name, now_ms()).run();
}

std::unique_ptr<CorpusStore> CorpusStore::open(const std::filesystem::path& file, OpenMode mode,
                                               const std::string& author) {
  auto database = std::make_unique<Database>(
      file, database_options(mode == OpenMode::kReadOnly ? Database::Mode::kReadOnly
                                                         : Database::Mode::kReadWrite));
  register_corpus_functions(*database);
  return std::unique_ptr<CorpusStore>(
      new CorpusStore(std::move(database), author.empty() ? user_name() : author));
}

CorpusStore::CorpusStore(std::unique_ptr<Database> database, std::string author)
    : impl_(std::make_unique<Impl>(std::move(database), std::move(author))) {}

CorpusStore::~CorpusStore() = default;

std::string CorpusStore::name() const {
  Query state = impl_->database->query("SELECT name FROM state");
  REALM_CHECK(state.step());
  return state.text(0);
}

int64_t CorpusStore::size() const {
  return impl_->database->get_int64("SELECT documents FROM state");
}

int64_t CorpusStore::revision() const {
  return impl_->database->get_int64("SELECT revision FROM state");
}

std::string CorpusStore::fingerprint() const {
  Query state = impl_->database->query("SELECT fingerprint FROM state");
  REALM_CHECK(state.step());
  return MultisetHash::from_bytes(state.text(0)).hex();
}

std::optional<Document> CorpusStore::find(DocumentId id) const {
  Query query = impl_->database->query(std::string(kDocumentColumns) + "WHERE d.id = ?");
  query.bind(id);
  if (!query.step()) return std::nullopt;
  return read_document(query);
}

std::vector<Document> CorpusStore::read_after(DocumentId after, int count) const {
  std::vector<Document> documents;
  if (count <= 0) return documents;
  Query query = impl_->database->query(std::string(kDocumentColumns) +
                                       "WHERE d.id > ? ORDER BY d.id LIMIT ?");
  query.bind(after, count);
  while (query.step()) documents.push_back(read_document(query));
  return documents;
}

bool CorpusStore::read_only() const { return impl_->database->read_only(); }

const std::filesystem::path& CorpusStore::file() const { return impl_->database->file(); }

Database& CorpusStore::database() const { return *impl_->database; }

std::vector<SourceCount> CorpusStore::sources() const {
  Query query = impl_->database->query(
      "SELECT name, licence, documents FROM sources WHERE documents > 0 ORDER BY name, licence");
  std::vector<SourceCount> sources;
  while (query.step()) sources.push_back({query.text(0), query.text(1), query.int64(2)});
  return sources;
}

// ---- Dirty documents

int64_t CorpusStore::dirty_count() const {
  return impl_->database->get_int64("SELECT count(*) FROM dirty");
}

std::vector<DirtyDocument> CorpusStore::dirty_documents(DocumentId after, int limit) const {
  Query query = impl_->database->query(
      "SELECT document, deleted FROM dirty WHERE document > ? ORDER BY document LIMIT ?");
  query.bind(after, limit);
  std::vector<DirtyDocument> dirty;
  while (query.step()) dirty.push_back({query.int64(0), query.int64(1) != 0});
  return dirty;
}

int64_t CorpusStore::dirty_to_embed(int most) const {
  Query query = impl_->database->query(
      "SELECT count(*) FROM (SELECT 1 FROM dirty WHERE deleted = 0 LIMIT ?)");
  query.bind(most);
  REALM_CHECK(query.step());
  return query.int64(0);
}

std::vector<DocumentId> CorpusStore::dirty_among(std::span<const DocumentId> ids) const {
  Query query = impl_->database->query("SELECT 1 FROM dirty WHERE document = ?");
  std::vector<DocumentId> dirty;
  for (const DocumentId id : ids) {
    query.bind(id);
    if (query.step()) dirty.push_back(id);
    query.reset();
  }
  return dirty;
}

void CorpusStore::mark_clean(std::span<const DocumentId> ids, int64_t revision) {
  impl_->require_writable();
  Transaction transaction(*impl_->database, Transaction::Kind::kWrite);
  Query query = impl_->database->query("DELETE FROM dirty WHERE document = ? AND revision <= ?");
  for (const DocumentId id : ids) query.bind(id, revision).run();
  transaction.commit();
}

void CorpusStore::mark_all_clean(int64_t revision) {
  impl_->require_writable();
  Transaction transaction(*impl_->database, Transaction::Kind::kWrite);
  impl_->database->query("DELETE FROM dirty WHERE revision <= ?").bind(revision).run();
  transaction.commit();
}

void CorpusStore::mark_all_dirty() {
  impl_->require_writable();
  Transaction transaction(*impl_->database, Transaction::Kind::kWrite);
  impl_->database
      ->query(
          "INSERT INTO dirty SELECT id, (SELECT revision FROM state), 0 FROM documents WHERE true "
          "ON CONFLICT(document) DO NOTHING")
      .run();
  transaction.commit();
}

// ---- Shared by the parts

void CorpusStore::Impl::require_writable() const {
  if (database->read_only()) {
    throw Error(ErrorCode::kIo,
                fmt::format("{} '{}' is open for reading only; nothing was changed.", kWhat,
                            database->file().string()));
  }
}

int64_t CorpusStore::Impl::source_id(std::string_view name, std::string_view licence) {
  Query find = database->query("SELECT id FROM sources WHERE name = ? AND licence = ?");
  find.bind(name, licence);
  if (find.step()) return find.int64(0);
  database->query("INSERT INTO sources(name, licence) VALUES (?, ?)").bind(name, licence).run();
  return sqlite3_last_insert_rowid(database->handle());
}

int64_t CorpusStore::Impl::next_revision() {
  database->query("UPDATE state SET revision = revision + 1").run();
  return database->get_int64("SELECT revision FROM state");
}

}  // namespace realm

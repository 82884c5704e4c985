// Imports as steps of the undo history, and files that an older program wrote.
#include <fmt/format.h>

#include "storage/corpus_schema.h"
#include "storage/corpus_store.h"
#include "storage/database.h"
#include "storage/importers.h"
#include "storage/workspace.h"
#include "storage/workspace_check.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;
using testing::error_of;

class CorpusImports : public testing::CorpusFixture {
 protected:
  std::filesystem::path rows(int count, const std::string& name = "rows.jsonl") const {
    std::string content;
    for (int i = 0; i < count; ++i)
      content += fmt::format("{{\"title\": \"T{0}\", \"text\": \"{1} row {0}\"}}\n", i, name);
    return folder.write(name, content);
  }
  int64_t number(const char* sql) const { return corpus->database().get_int64(sql); }
  int64_t shelved() const { return number("SELECT count(*) FROM shelved_documents"); }
  int64_t hits(const std::string& search) const {
    return corpus->documents({.search = search}).total;
  }
  void expect_full_text_agrees() const {
    EXPECT_NO_THROW(corpus->database().exec(
        "INSERT INTO documents_fts(documents_fts, rank) VALUES ('integrity-check', 1)"));
  }
  // Ends an import after some batches, as Ctrl+C does.
  void import_some(const std::filesystem::path& path, int batches, const ImportOptions& options) {
    std::stop_source stop;
    EXPECT_EQ(error_code_of([&] {
                import_file(*corpus, path, options, stop.get_token(), [&](const Progress& state) {
                  if (state.stage == "importing" && --batches == 0) stop.request_stop();
                });
              }),
              ErrorCode::kCancelled);
  }
};

TEST_F(CorpusImports, AnImportIsUndoneAndDoneAgainToTheSameFingerprints) {
  corpus->add("Rhine", "a river", "own");
  const std::string before = corpus->fingerprint();
  ImportOptions options;
  options.batch_documents = 30;
  import_file(*corpus, rows(100), options);
  const std::string after = corpus->fingerprint();
  const Document tenth = *corpus->find(11);
  EXPECT_EQ(corpus->undo_state().undo_title, "import of rows.jsonl (100 passages)");
  EXPECT_EQ(number("SELECT count(*) FROM import_ranges"), 1);  // four batches, one range

  const std::vector<DocumentId> touched = corpus->undo();
  EXPECT_EQ(touched.size(), 100U);
  EXPECT_EQ(touched.front(), 2);
  EXPECT_EQ(corpus->size(), 1);
  EXPECT_EQ(corpus->fingerprint(), before);
  EXPECT_EQ(hits("row"), 0);
  EXPECT_EQ(shelved(), 100);
  EXPECT_EQ(corpus->undo_state().redo_title, "import of rows.jsonl (100 passages)");
  EXPECT_EQ(corpus->undo_state().undo_title, "addition of \"Rhine\"");
  expect_full_text_agrees();

  corpus = open();  // over restarts
  corpus->redo();
  EXPECT_EQ(corpus->size(), 101);
  EXPECT_EQ(corpus->fingerprint(), after);
  EXPECT_EQ(corpus->find(11)->text, tenth.text);
  EXPECT_EQ(corpus->find(11)->revision, tenth.revision);
  EXPECT_EQ(hits("row"), 100);
  EXPECT_EQ(shelved(), 0);
  EXPECT_EQ(corpus->documents({.source = "rows.jsonl"}).total, 100);
  expect_full_text_agrees();
  EXPECT_FALSE(corpus->undo_state().can_redo);
}

TEST_F(CorpusImports, TheLogSaysSo) {
  import_file(*corpus, rows(5), {});
  corpus->undo();
  const std::vector<RevisionEntry> log = corpus->revisions(std::nullopt, 10);
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].what, "undo");
  EXPECT_EQ(log[0].documents, 5);
  EXPECT_EQ(log[0].title_after, "rows.jsonl");
  EXPECT_EQ(log[1].what, "import");
}

TEST_F(CorpusImports, EditsOfImportedDocumentsAreUndoneFirst) {
  import_file(*corpus, rows(3), {});
  const std::string imported = corpus->fingerprint();
  corpus->edit(2, {std::nullopt, "changed"});
  corpus->remove(3);
  const std::string edited = corpus->fingerprint();
  for (int i = 0; i < 3; ++i) corpus->undo();
  EXPECT_EQ(corpus->size(), 0);
  corpus->redo();
  EXPECT_EQ(corpus->fingerprint(), imported);
  corpus->redo();
  corpus->redo();
  EXPECT_EQ(corpus->fingerprint(), edited);
}

TEST_F(CorpusImports, TheDocumentsAreMarkedForTheIndex) {
  import_file(*corpus, rows(3), {});
  corpus->mark_all_clean(corpus->revision());
  corpus->undo();
  EXPECT_EQ(corpus->dirty_count(), 3);
  EXPECT_EQ(corpus->dirty_to_embed(10), 0);
  EXPECT_TRUE(corpus->dirty_documents()[0].deleted);
  corpus->redo();
  EXPECT_EQ(corpus->dirty_count(), 3);
  EXPECT_EQ(corpus->dirty_to_embed(10), 3);
  EXPECT_EQ(corpus->dirty_to_embed(2), 2);
}

TEST_F(CorpusImports, ANewEditOrImportEmptiesTheShelf) {
  import_file(*corpus, rows(10), {});
  corpus->undo();
  corpus->add("Rhine", "a river", "own");
  EXPECT_EQ(shelved(), 0);
  EXPECT_FALSE(corpus->undo_state().can_redo);
  import_file(*corpus, rows(10, "b.jsonl"), {});
  corpus->undo();
  EXPECT_EQ(shelved(), 10);
  import_file(*corpus, rows(10, "c.jsonl"), {});
  EXPECT_EQ(shelved(), 0);
  EXPECT_EQ(corpus->size(), 11);
}

TEST_F(CorpusImports, AFileWhoseImportWasUndoneCanBeImportedAnew) {
  const auto path = rows(10);
  import_file(*corpus, path, {});
  corpus->undo();
  const ImportReport report = import_file(*corpus, path, {});
  EXPECT_FALSE(report.already_imported);
  EXPECT_FALSE(report.resumed);
  EXPECT_EQ(corpus->size(), 10);
  corpus->undo();
  corpus->redo();
  EXPECT_TRUE(import_file(*corpus, path, {}).already_imported);
}

TEST_F(CorpusImports, AnImportThatWentOnLaterIsOneStep) {
  const auto path = rows(100);
  ImportOptions options;
  options.batch_documents = 10;
  import_some(path, 3, options);
  const int64_t in = corpus->size();
  corpus->add("Rhine", "a river", "own");
  import_file(*corpus, path, options);
  EXPECT_EQ(corpus->size(), 101);
  EXPECT_EQ(number("SELECT count(*) FROM import_ranges"), 2);
  const std::string all = corpus->fingerprint();
  corpus->undo();  // the addition, which came after the import had begun
  EXPECT_EQ(corpus->undo_state().undo_title, "import of rows.jsonl (100 passages)");
  EXPECT_EQ(corpus->undo().size(), 100U);
  EXPECT_EQ(corpus->size(), 0);
  corpus->redo();
  corpus->redo();
  EXPECT_EQ(corpus->fingerprint(), all);
  EXPECT_GT(in, 0);
}

TEST_F(CorpusImports, AnImportThatIsUndoneWhileItGoesOnEnds) {
  const auto path = rows(100);
  ImportOptions options;
  options.batch_documents = 10;
  const auto other = open();
  bool undone = false;
  EXPECT_EQ(error_code_of([&] {
              import_file(*corpus, path, options, {}, [&](const Progress& state) {
                if (state.stage == "importing" && !undone) {
                  other->undo();
                  undone = true;
                }
              });
            }),
            ErrorCode::kCancelled);
  EXPECT_EQ(corpus->size(), 0);
}

TEST_F(CorpusImports, CancellingLeavesEverythingAsItWas) {
  import_file(*corpus, rows(9000), {});
  const std::string imported = corpus->fingerprint();
  const int64_t revision = corpus->revision();
  std::stop_source stop;
  int64_t told = 0;
  EXPECT_EQ(error_code_of([&] {
              corpus->undo(stop.get_token(), [&](const Progress& progress) {
                EXPECT_EQ(progress.total, 9000);
                told = progress.done;
                stop.request_stop();
              });
            }),
            ErrorCode::kCancelled);
  EXPECT_EQ(told, 4096);
  EXPECT_EQ(corpus->fingerprint(), imported);
  EXPECT_EQ(corpus->revision(), revision);
  EXPECT_EQ(shelved(), 0);
  EXPECT_EQ(corpus->undo().size(), 1000U);  // the first ids of many
  EXPECT_EQ(corpus->size(), 0);
}

TEST_F(CorpusImports, RefusesToUndoWhatIsNotWholeAnyMore) {
  import_file(*corpus, rows(5), {});
  corpus->database().exec("DELETE FROM documents WHERE id = 3");  // in no revision
  EXPECT_EQ(error_code_of([&] { corpus->undo(); }), ErrorCode::kCorruptData);
  EXPECT_EQ(corpus->size(), 4);
  EXPECT_TRUE(corpus->undo_state().can_undo);
}

TEST(CorpusImportsCheck, FindsAndMendsAShelfThatIsNotWhole) {
  const testing::TempDirectory folder;
  Workspace workspace = Workspace::create(folder / "work");
  auto corpus = CorpusStore::open(workspace.corpus_database(), OpenMode::kReadWrite);
  import_file(*corpus, folder.write("a.txt", "one\n\ntwo\n\nthree\n"), {});
  EXPECT_TRUE(check_workspace(workspace, false).ok());
  corpus->undo();
  EXPECT_TRUE(check_workspace(workspace, false).ok());
  corpus->database().exec("DELETE FROM shelved_documents WHERE id = 2");
  const CheckReport broken = check_workspace(workspace, false);
  EXPECT_FALSE(broken.ok());
  EXPECT_TRUE(check_workspace(workspace, true).ok());
  EXPECT_FALSE(corpus->undo_state().can_redo);
}

// A corpus as the program wrote it before imports could be undone.
class CorpusFormat1 : public ::testing::Test {
 protected:
  CorpusFormat1() : file_(folder_ / "corpus.sqlite") {
    CorpusStore::create(file_, "old");
    Database::Options options;
    options.application_id = kCorpusApplicationId;
    options.format_version = CorpusStore::kFormatVersion;
    Database database(file_, options);
    database.exec("DROP TABLE import_ranges; DROP TABLE shelved_documents");
    register_corpus_functions(database);
    database.exec(
        "UPDATE state SET revision = 1;"
        "INSERT INTO sources(name, licence) VALUES ('book', '');"
        "INSERT INTO documents VALUES (1, 'Rhine', 'a river', 1, 1, 1);"
        "INSERT INTO revisions VALUES (1, 1, 0, 'ada', 'import', 0, 1, 'old.jsonl', NULL, NULL);"
        "INSERT INTO imports VALUES (1, 'hash', 'options', 'old.jsonl', 10, 1, 0, '{}', 1, 1, 0);"
        "PRAGMA user_version = 1");
  }
  int64_t version() const {
    Database::Options options;
    options.mode = Database::Mode::kReadOnly;
    options.application_id = kCorpusApplicationId;
    options.format_version = CorpusStore::kFormatVersion;
    return Database(file_, options).get_int64("PRAGMA user_version");
  }
  testing::TempDirectory folder_;
  std::filesystem::path file_;
};

TEST_F(CorpusFormat1, IsReadAsItIs) {
  const auto reader = CorpusStore::open(file_, OpenMode::kReadOnly);
  EXPECT_EQ(reader->find(1)->title, "Rhine");
  EXPECT_FALSE(reader->undo_state().can_undo);
  EXPECT_EQ(reader->documents({.order = DocumentOrder::kByWords}).total, 1);
  EXPECT_TRUE(reader->find_import("hash", "options"));
  EXPECT_EQ(version(), 1);
}

TEST_F(CorpusFormat1, IsBroughtUpToDateWhenItIsOpenedForWriting) {
  auto corpus = CorpusStore::open(file_, OpenMode::kReadWrite);
  EXPECT_EQ(version(), 2);
  EXPECT_FALSE(corpus->undo_state().can_undo);  // nobody noted what that import brought
  // It goes on, and still is no step, as part of it could not be undone.
  ImportRecord record = *corpus->find_import("hash", "options");
  const Document second{0, "Danube", "another river", "book", "", 0};
  corpus->add_batch({&second, 1}, record);
  EXPECT_FALSE(corpus->undo_state().can_undo);
  // A new one is.
  ImportRecord fresh;
  fresh.file_name = "new.jsonl";
  corpus->add_batch({&second, 1}, fresh);
  EXPECT_EQ(corpus->undo_state().undo_title, "import of new.jsonl (1 passage)");
  corpus->undo();
  EXPECT_EQ(corpus->size(), 2);
  corpus.reset();
  EXPECT_NO_THROW(CorpusStore::open(file_, OpenMode::kReadWrite));
}

TEST_F(CorpusFormat1, AnOlderProgramRefusesWhatWasBroughtUpToDate) {
  CorpusStore::open(file_, OpenMode::kReadWrite);
  Database::Options older;
  older.what = "Corpus database";
  older.application_id = kCorpusApplicationId;
  older.format_version = 1;
  EXPECT_EQ(error_code_of([&] { Database(file_, older); }), ErrorCode::kUnsupported);
  EXPECT_NE(error_of([&] {
              Database(file_, older);
            }).find("has format 2, and this program reads formats up to 1"),
            std::string::npos);
}

}  // namespace
}  // namespace realm

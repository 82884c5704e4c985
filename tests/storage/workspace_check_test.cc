#include "storage/workspace_check.h"

#include "storage/database.h"
#include "storage/importers.h"
#include "storage/index_catalog.h"
#include "storage/run_database.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using testing::error_code_of;

class WorkspaceCheck : public ::testing::Test {
 protected:
  WorkspaceCheck() : workspace(Workspace::create(folder / "work")) {
    corpus = CorpusStore::open(workspace.corpus_database(), OpenMode::kReadWrite);
    corpus->add("Rhine", "a river", "atlas");
    corpus->add("Everest", "a mountain", "atlas");
    corpus->edit(1, {std::nullopt, "a long river"});
    corpus->mark_all_clean(corpus->revision());
  }
  // Damage that the triggers would prevent.
  void damage(const char* sql) { corpus->database().exec(sql); }
  CheckReport check(bool repair = false) { return check_workspace(workspace, repair); }
  static std::vector<std::string> names(const CheckReport& report) {
    std::vector<std::string> found;
    for (const CheckFinding& finding : report.findings) found.push_back(finding.what);
    return found;
  }
  // Found, repaired, and gone.
  void expect_mended(const std::string& what) {
    const CheckReport before = check();
    EXPECT_FALSE(before.ok());
    EXPECT_EQ(names(before), (std::vector<std::string>{what}));
    EXPECT_TRUE(before.findings[0].repairable);
    EXPECT_FALSE(before.findings[0].repaired);
    const CheckReport mended = check(true);
    EXPECT_TRUE(mended.ok());
    EXPECT_TRUE(mended.findings[0].repaired);
    EXPECT_TRUE(check().findings.empty()) << check().findings[0].sentence;
  }
  using Names = std::vector<std::string>;

  testing::TempDirectory folder;
  Workspace workspace;
  std::unique_ptr<CorpusStore> corpus;
};

TEST_F(WorkspaceCheck, FindsNothingInAWholeWorkspace) {
  const CheckReport report = check();
  EXPECT_TRUE(report.ok());
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.documents, 2);
  EXPECT_EQ(report.revision, 3);
  EXPECT_EQ(report.undo_steps, 3);
  EXPECT_EQ(report.fingerprint, corpus->fingerprint());
}

TEST_F(WorkspaceCheck, MendsCounts) {
  damage(
      "UPDATE state SET documents = 5; UPDATE document_blocks SET documents = 1; UPDATE sources "
      "SET documents = 9");
  expect_mended("count");
  EXPECT_EQ(corpus->size(), 2);
  EXPECT_EQ(corpus->sources()[0].documents, 2);
  EXPECT_EQ(corpus->documents({}).rows.size(), 2U);
}

TEST_F(WorkspaceCheck, MendsTheFingerprint) {
  const std::string right = corpus->fingerprint();
  damage("UPDATE state SET fingerprint = zeroblob(32)");
  expect_mended("fingerprint");
  EXPECT_EQ(corpus->fingerprint(), right);
}

TEST_F(WorkspaceCheck, MendsTheFullTextIndex) {
  damage("INSERT INTO documents_fts(documents_fts) VALUES ('delete-all')");
  EXPECT_EQ(corpus->documents({.search = "river"}).total, 0);
  expect_mended("full-text");
  // A search text that was not counted before.
  EXPECT_EQ(corpus->documents({.search = "long river"}).total, 1);
}

TEST_F(WorkspaceCheck, MendsWhatAForeignEditLeftBehind) {
  // An edit past the triggers: neither the fingerprint nor the full-text index knows of it.
  damage("DROP TRIGGER document_edited; UPDATE documents SET text = 'a glacier' WHERE id = 2");
  EXPECT_EQ(names(check()), (Names{"fingerprint", "full-text"}));
  EXPECT_TRUE(check(true).ok());
  EXPECT_TRUE(check().findings.empty());
  EXPECT_EQ(corpus->documents({.search = "glacier"}).total, 1);
  EXPECT_EQ(corpus->documents({.search = "mountain"}).total, 0);
}

TEST_F(WorkspaceCheck, MendsDirtyMarks) {
  damage("INSERT INTO dirty VALUES (1, 1, 1), (77, 1, 0)");
  const CheckReport mended = check(true);
  EXPECT_TRUE(mended.ok());
  EXPECT_EQ(names(mended), (Names{"dirty", "dirty"}));
  const std::vector<DirtyDocument> dirty = corpus->dirty_documents();
  ASSERT_EQ(dirty.size(), 2U);
  EXPECT_FALSE(dirty[0].deleted);
  EXPECT_TRUE(dirty[1].deleted);
}

TEST_F(WorkspaceCheck, CountsDirtyDocumentsAsNoProblem) {
  corpus->edit(1, {std::nullopt, "a stream"});
  const CheckReport report = check();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.dirty_documents, 1);
  EXPECT_EQ(names(report), (Names{"dirty"}));
}

TEST_F(WorkspaceCheck, ForgetsADamagedHistory) {
  damage("UPDATE revisions SET changeset = x'00ff13' WHERE revision = 2");
  expect_mended("undo");
  EXPECT_FALSE(corpus->undo_state().can_undo);
  EXPECT_EQ(corpus->size(), 2);
}

TEST_F(WorkspaceCheck, NamesDocumentsWithoutASource) {
  damage(
      "PRAGMA foreign_keys = OFF; DROP TRIGGER document_edited; UPDATE documents SET source = 9 "
      "WHERE id = 1");
  const CheckReport report = check(true);
  EXPECT_FALSE(report.ok());
  const Names found = names(report);
  EXPECT_NE(std::find(found.begin(), found.end(), "source"), found.end());
}

TEST_F(WorkspaceCheck, MendsIndexesWithoutFilesAndFilesWithoutIndexes) {
  IndexCatalog catalog(*corpus, workspace.folder());
  fs::create_directories(workspace.index_folder(1));
  catalog.publish({.generation = 1,
                   .type = "exact",
                   .model_fingerprint = "m",
                   .corpus_fingerprint = "other",
                   .corpus_revision = 1,
                   .path = "indexes/1",
                   .vectors = 2,
                   .dimension = 4,
                   .build_seconds = 0,
                   .built_at = ""});
  workspace.set_active_index(1);
  EXPECT_TRUE(check().findings.empty());
  fs::remove_all(workspace.index_folder(1));
  expect_mended("index");
  EXPECT_EQ(workspace.active().index_generation, 0);

  fs::create_directories(workspace.index_folder(8));
  expect_mended("orphan-folder");
  EXPECT_FALSE(fs::exists(workspace.index_folder(8)));
}

TEST_F(WorkspaceCheck, NamesAnIndexThatIsShort) {
  IndexCatalog catalog(*corpus, workspace.folder());
  fs::create_directories(workspace.index_folder(1));
  catalog.publish({.generation = 1,
                   .type = "exact",
                   .model_fingerprint = "m",
                   .corpus_fingerprint = corpus->fingerprint(),
                   .corpus_revision = 3,
                   .path = "indexes/1",
                   .vectors = 1,
                   .dimension = 4,
                   .build_seconds = 0,
                   .built_at = ""});
  const CheckReport report = check();
  EXPECT_EQ(names(report), (Names{"index"}));
  EXPECT_FALSE(report.ok());
  EXPECT_NE(report.findings[0].sentence.find("1 vectors for 2 documents"), std::string::npos);
}

TEST_F(WorkspaceCheck, NamesAModelThatIsGone) {
  folder.write("m/config.json", "{}");
  workspace.import_model(folder / "m", "tiny");
  workspace.set_active_model("tiny");
  EXPECT_TRUE(check().ok());
  fs::remove_all(workspace.model_folder("tiny"));
  EXPECT_EQ(names(check()), (Names{"model"}));
  EXPECT_FALSE(check(true).ok());
}

TEST_F(WorkspaceCheck, SweepsUpAfterAKilledCopy) {
  fs::create_directories(workspace.models_folder() / ".incoming-tiny-123");
  expect_mended("orphan-folder");
}

TEST_F(WorkspaceCheck, MentionsAnImportThatStopped) {
  ImportRecord record;
  record.file_hash = "h";
  record.file_name = "a.jsonl";
  record.byte_offset = 77;
  corpus->add_batch({}, record);
  const CheckReport report = check();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(names(report), (Names{"import"}));
}

TEST_F(WorkspaceCheck, ReportsADamagedDatabase) {
  for (int i = 0; i < 60; ++i) corpus->add("T", std::string(3000, 'a'), "s");
  corpus.reset();
  const fs::path file = workspace.corpus_database();
  fs::resize_file(file, fs::file_size(file) / 2);
  const CheckReport report = check();
  EXPECT_FALSE(report.ok());
  EXPECT_EQ(report.findings[0].what, "database");
  folder.write("work/corpus.sqlite", "not a database at all, however long it may be");
  EXPECT_EQ(names(check()), (Names{"database"}));
}

TEST_F(WorkspaceCheck, ChecksWhatItCanWithoutWriting) {
  corpus.reset();
  Workspace reader = Workspace::open(workspace.folder(), true);
  const CheckReport report = check_workspace(reader, false);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.documents, 2);
  EXPECT_EQ(names(report), (Names{"full-text"}));
  EXPECT_EQ(error_code_of([&] { check_workspace(reader, true); }), ErrorCode::kIo);
}

TEST_F(WorkspaceCheck, EndsWhenItIsToldTo) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_code_of([&] { check_workspace(workspace, false, stop.get_token()); }),
            ErrorCode::kCancelled);
}

}  // namespace
}  // namespace realm

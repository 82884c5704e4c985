#include "storage/corpus_store.h"

#include "storage/corpus_fingerprint.h"
#include "storage/database.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::CorpusFixture;
using testing::error_code_of;
using testing::error_of;

using CorpusStoreTest = CorpusFixture;

TEST_F(CorpusStoreTest, IsEmptyWhenCreated) {
  EXPECT_EQ(corpus->name(), "test");
  EXPECT_EQ(corpus->size(), 0);
  EXPECT_EQ(corpus->revision(), 0);
  EXPECT_EQ(corpus->fingerprint(), std::string(64, '0'));
  EXPECT_EQ(corpus->find(1), std::nullopt);
  EXPECT_TRUE(corpus->read_after(0, 10).empty());
}

TEST_F(CorpusStoreTest, GivesBackWhatWasAdded) {
  const DocumentId id = corpus->add("Rhine", "A river in Europe.", "atlas", "CC0");
  const std::optional<Document> document = corpus->find(id);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->id, id);
  EXPECT_EQ(document->title, "Rhine");
  EXPECT_EQ(document->text, "A river in Europe.");
  EXPECT_EQ(document->source, "atlas");
  EXPECT_EQ(document->licence, "CC0");
  EXPECT_EQ(document->revision, 1);
  EXPECT_EQ(corpus->size(), 1);
}

TEST_F(CorpusStoreTest, FingerprintIsTheSumOverTheDocuments) {
  import({{"A", "first"}, { "B", "second" }});
  corpus->edit(2, {"C", std::nullopt});
  MultisetHash sum = hash_document(1, "A", "first", "book", "CC0");
  sum += hash_document(2, "C", "second", "book", "CC0");
  EXPECT_EQ(corpus->fingerprint(), sum.hex());
}

TEST_F(CorpusStoreTest, ReadsAfterAnIdInOrder) {
  import({{"A", "a"}, {"B", "b"}, {"C", "c"}, { "D", "d" }});
  corpus->remove(2);
  const std::vector<Document> documents = corpus->read_after(1, 2);
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[0].title, "C");
  EXPECT_EQ(documents[1].title, "D");
  EXPECT_TRUE(corpus->read_after(4, 2).empty());
}

TEST_F(CorpusStoreTest, NeverGivesAnIdTwice) {
  const DocumentId first = corpus->add("A", "a", "s");
  corpus->remove(first);
  EXPECT_GT(corpus->add("B", "b", "s"), first);
  EXPECT_EQ(corpus->find(first), std::nullopt);
}

TEST_F(CorpusStoreTest, CountsDocumentsOfEachSource) {
  import({{"A", "a"}, { "B", "b" }}, "wiki");
  import({{ "C", "c" }}, "atlas");
  corpus->remove(1);
  const std::vector<SourceCount> sources = corpus->sources();
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0].source, "atlas");
  EXPECT_EQ(sources[0].documents, 1);
  EXPECT_EQ(sources[1].source, "wiki");
  EXPECT_EQ(sources[1].licence, "CC0");
  EXPECT_EQ(sources[1].documents, 1);
}

TEST_F(CorpusStoreTest, MarksWhatChangedDirtyUntilItIsEmbedded) {
  import({{"A", "a"}, { "B", "b" }});
  EXPECT_EQ(corpus->dirty_count(), 2);
  corpus->mark_all_clean(corpus->revision());
  EXPECT_EQ(corpus->dirty_count(), 0);

  corpus->edit(2, {std::nullopt, "changed"});
  corpus->remove(1);
  const std::vector<DirtyDocument> dirty = corpus->dirty_documents();
  ASSERT_EQ(dirty.size(), 2U);
  EXPECT_EQ(dirty[0].id, 1);
  EXPECT_TRUE(dirty[0].deleted);
  EXPECT_EQ(dirty[1].id, 2);
  EXPECT_FALSE(dirty[1].deleted);
  const DocumentId both[] = {1, 2, 3};
  EXPECT_EQ(corpus->dirty_among(both), (std::vector<DocumentId>{1, 2}));
}

TEST_F(CorpusStoreTest, LeavesDirtyWhatChangedAfterItWasRead) {
  import({{"A", "a"}, { "B", "b" }});
  const int64_t read_at = corpus->revision();
  corpus->edit(1, {std::nullopt, "changed meanwhile"});
  const DocumentId both[] = {1, 2};
  corpus->mark_clean(both, read_at);
  EXPECT_EQ(corpus->dirty_among(both), (std::vector<DocumentId>{1}));
  corpus->mark_clean(both, corpus->revision());
  EXPECT_EQ(corpus->dirty_count(), 0);
}

TEST_F(CorpusStoreTest, MarksAllDirtyForAnotherEmbedder) {
  import({{"A", "a"}, { "B", "b" }});
  corpus->mark_all_clean(corpus->revision());
  corpus->mark_all_dirty();
  EXPECT_EQ(corpus->dirty_count(), 2);
}

TEST_F(CorpusStoreTest, RefusesToCreateOverAFile) {
  EXPECT_EQ(error_code_of([&] { CorpusStore::create(file, "x"); }), ErrorCode::kInvalidArgument);
}

TEST_F(CorpusStoreTest, NamesAMissingFile) {
  EXPECT_EQ(error_code_of([&] { CorpusStore::open(folder / "none.sqlite", OpenMode::kReadOnly); }),
            ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder / "none.sqlite"));
}

TEST_F(CorpusStoreTest, RefusesANewerFormatWithBothVersions) {
  corpus->database().exec("PRAGMA user_version = 7");
  corpus.reset();
  EXPECT_EQ(error_code_of([&] { open(); }), ErrorCode::kUnsupported);
  const std::string sentence = error_of([&] { open(); });
  EXPECT_NE(sentence.find("format 7"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("up to 2"), std::string::npos) << sentence;
}

TEST_F(CorpusStoreTest, RefusesFilesOfAnotherKind) {
  const auto text = folder.write("text.sqlite", std::string(4096, 'x'));
  EXPECT_EQ(error_code_of([&] { CorpusStore::open(text, OpenMode::kReadWrite); }),
            ErrorCode::kCorruptData);
  const auto empty = folder.write("empty.sqlite", "");
  EXPECT_EQ(error_code_of([&] { CorpusStore::open(empty, OpenMode::kReadOnly); }),
            ErrorCode::kCorruptData);
}

TEST_F(CorpusStoreTest, ReportsATruncatedFile) {
  for (int i = 0; i < 50; ++i) import({{ "T", std::string(3000, 'a') }});
  corpus.reset();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  const auto code = error_code_of([&] {
    const auto damaged = open();
    DocumentId last = 0;
    for (auto page = damaged->read_after(0, 10); !page.empty();
         page = damaged->read_after(last, 10))
      last = page.back().id;
  });
  EXPECT_EQ(code, ErrorCode::kCorruptData);
}

TEST_F(CorpusStoreTest, ReadsButDoesNotWriteWhenOpenedForReading) {
  import({{ "A", "a" }});
  const auto reader = open(OpenMode::kReadOnly);
  EXPECT_EQ(reader->size(), 1);
  EXPECT_EQ(error_code_of([&] { reader->add("B", "b", "s"); }), ErrorCode::kIo);
  EXPECT_EQ(error_code_of([&] { reader->undo(); }), ErrorCode::kIo);
  EXPECT_EQ(error_code_of([&] { reader->mark_all_dirty(); }), ErrorCode::kIo);
  EXPECT_EQ(reader->size(), 1);
}

TEST_F(CorpusStoreTest, OpensForReadingInAFolderThatCannotBeWritten) {
  import({{ "Rhine", "a river" }});
  corpus.reset();
  const testing::ReadOnlyFolder locked(folder.path());
  const testing::Unprivileged user;
  const auto reader = open(OpenMode::kReadOnly);
  EXPECT_EQ(reader->size(), 1);
  EXPECT_EQ(reader->documents({.search = "river"}).total, 1);
  EXPECT_EQ(error_code_of([&] { open(OpenMode::kReadWrite); }), ErrorCode::kIo);
}

TEST_F(CorpusStoreTest, SaysThatAnotherProgramHoldsIt) {
  const auto other = open();
  Transaction holding(other->database(), Transaction::Kind::kWrite);
  // Five seconds are for people; a test need not wait.
  sqlite3_busy_timeout(corpus->database().handle(), 0);
  EXPECT_EQ(error_code_of([&] { corpus->add("A", "a", "s"); }), ErrorCode::kBusy);
  EXPECT_EQ(corpus->size(), 0);
}

TEST_F(CorpusStoreTest, AnUnknownWriterCannotLeaveTheFingerprintBehind) {
  // The triggers need a function that only this program has: another program's edit fails instead
  // of going unseen.
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &raw), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(raw,
                         "INSERT INTO sources(name, licence) VALUES ('s', ''); "
                         "INSERT INTO documents(title, text, source, created_revision, revision) "
                         "VALUES ('', 'x', 1, 1, 1)",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(raw);
  EXPECT_EQ(corpus->size(), 0);
}

}  // namespace
}  // namespace realm

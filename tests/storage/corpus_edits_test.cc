#include <fmt/format.h>

#include "engine/base/rng.h"
#include "storage/corpus_store.h"
#include "storage/database.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;

class CorpusEdits : public testing::CorpusFixture {
 protected:
  CorpusEdits() {
    import({{"Rhine", "a river"}, {"Everest", "a mountain"}, { "Fermat", "a mathematician" }});
  }

  int64_t hits(const std::string& search) const {
    return corpus->documents({.search = search}).total;
  }
  // Fails the test when the full-text index is not what the documents say.
  void expect_full_text_agrees() const {
    EXPECT_NO_THROW(corpus->database().exec(
        "INSERT INTO documents_fts(documents_fts, rank) VALUES ('integrity-check', 1)"));
  }
};

TEST_F(CorpusEdits, AnEditIsOneRevision) {
  const int64_t before = corpus->revision();
  corpus->edit(1, {"Rhein", "a long river"});
  EXPECT_EQ(corpus->revision(), before + 1);
  EXPECT_EQ(corpus->find(1)->title, "Rhein");
  EXPECT_EQ(corpus->find(1)->text, "a long river");
  EXPECT_EQ(corpus->find(1)->revision, before + 1);
}

TEST_F(CorpusEdits, LeavesWhatIsNotGivenAsItIs) {
  corpus->edit(1, {"Rhein", std::nullopt});
  EXPECT_EQ(corpus->find(1)->text, "a river");
}

TEST_F(CorpusEdits, AnEditThatChangesNothingIsNoRevision) {
  const int64_t before = corpus->revision();
  corpus->mark_all_clean(before);
  corpus->edit(1, {"Rhine", " a river "});
  EXPECT_EQ(corpus->revision(), before);
  EXPECT_EQ(corpus->dirty_count(), 0);
  EXPECT_EQ(corpus->undo_state().undo_title, "import of file (3 passages)");
}

TEST_F(CorpusEdits, RefusesWhatCannotBeADocument) {
  const std::string fingerprint = corpus->fingerprint();
  EXPECT_EQ(error_code_of([&] { corpus->add("T", " \n ", "s"); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] { corpus->add("T", "bad \xff", "s"); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] { corpus->add("bad \xff", "text", "s"); }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] {
              corpus->edit(1, {std::nullopt, ""});
            }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] { corpus->edit(99, {"T", "text"}); }), ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of([&] { corpus->remove(99); }), ErrorCode::kNotFound);
  EXPECT_EQ(corpus->fingerprint(), fingerprint);
  EXPECT_EQ(corpus->revision(), 1);
}

TEST_F(CorpusEdits, ABatchIsAllOrNothing) {
  const std::string fingerprint = corpus->fingerprint();
  const DocumentEdit edits[] = {{.id = 1, .removed = true}, {.id = 99, .removed = true}};
  EXPECT_EQ(error_code_of([&] { corpus->apply(edits); }), ErrorCode::kNotFound);
  EXPECT_EQ(corpus->fingerprint(), fingerprint);
  EXPECT_TRUE(corpus->find(1));
  expect_full_text_agrees();
}

TEST_F(CorpusEdits, UndoAndRedoOfAnEdit) {
  const std::string before = corpus->fingerprint();
  corpus->edit(1, {std::nullopt, "a stream"});
  const std::string after = corpus->fingerprint();

  EXPECT_EQ(corpus->undo(), (std::vector<DocumentId>{1}));
  EXPECT_EQ(corpus->find(1)->text, "a river");
  EXPECT_EQ(corpus->fingerprint(), before);
  EXPECT_EQ(hits("stream"), 0);
  EXPECT_EQ(hits("river"), 1);

  EXPECT_EQ(corpus->redo(), (std::vector<DocumentId>{1}));
  EXPECT_EQ(corpus->find(1)->text, "a stream");
  EXPECT_EQ(corpus->fingerprint(), after);
  EXPECT_EQ(hits("stream"), 1);
  EXPECT_EQ(hits("river"), 0);
  expect_full_text_agrees();
}

TEST_F(CorpusEdits, UndoAndRedoOfAnAddition) {
  const DocumentId id = corpus->add("Danube", "another river", "s");
  corpus->undo();
  EXPECT_EQ(corpus->find(id), std::nullopt);
  EXPECT_EQ(corpus->size(), 3);
  EXPECT_EQ(hits("another"), 0);
  corpus->redo();
  EXPECT_EQ(corpus->find(id)->title, "Danube");
  EXPECT_EQ(corpus->size(), 4);
  EXPECT_EQ(hits("another"), 1);
  expect_full_text_agrees();
}

TEST_F(CorpusEdits, UndoAndRedoOfADeletion) {
  corpus->remove(2);
  EXPECT_EQ(hits("mountain"), 0);
  corpus->undo();
  EXPECT_EQ(corpus->find(2)->text, "a mountain");
  EXPECT_EQ(corpus->find(2)->source, "book");
  EXPECT_EQ(hits("mountain"), 1);
  corpus->redo();
  EXPECT_EQ(corpus->find(2), std::nullopt);
  EXPECT_EQ(corpus->size(), 2);
  expect_full_text_agrees();
}

TEST_F(CorpusEdits, UndoWorksThoughTheVectorFollowedMeanwhile) {
  corpus->edit(1, {std::nullopt, "a stream"});
  corpus->mark_all_clean(corpus->revision());
  corpus->undo();
  EXPECT_EQ(corpus->dirty_documents().size(), 1U);
  EXPECT_EQ(corpus->dirty_documents()[0].id, 1);
}

TEST_F(CorpusEdits, SeveralChangesAreOneStep) {
  const std::string before = corpus->fingerprint();
  const DocumentEdit edits[] = {{.id = 1, .change = {"Rhein", std::nullopt}},
                                {.id = 2, .removed = true},
                                {.change = {"Danube", "another river"}, .source = "s"}};
  EXPECT_EQ(corpus->apply(edits), (std::vector<DocumentId>{1, 2, 4}));
  EXPECT_EQ(corpus->undo_state().undo_title, "edit of 3 documents");
  EXPECT_EQ(corpus->undo(), (std::vector<DocumentId>{1, 2, 4}));
  EXPECT_EQ(corpus->fingerprint(), before);
}

TEST_F(CorpusEdits, ANewEditClearsWhatCanBeRedone) {
  corpus->edit(1, {std::nullopt, "one"});
  corpus->undo();
  EXPECT_TRUE(corpus->undo_state().can_redo);
  corpus->edit(2, {std::nullopt, "two"});
  EXPECT_FALSE(corpus->undo_state().can_redo);
  EXPECT_EQ(error_code_of([&] { corpus->redo(); }), ErrorCode::kNotFound);
  EXPECT_EQ(corpus->find(1)->text, "a river");
}

TEST_F(CorpusEdits, AnImportBetweenIsAStepOfItsOwn) {
  corpus->edit(1, {std::nullopt, "one"});
  import({{ "New", "imported" }});
  corpus->undo();
  EXPECT_EQ(corpus->find(1)->text, "one");
  EXPECT_FALSE(corpus->find(4));
  corpus->undo();
  EXPECT_EQ(corpus->find(1)->text, "a river");
  corpus->undo();
  EXPECT_EQ(corpus->size(), 0);
  EXPECT_EQ(error_code_of([&] { corpus->undo(); }), ErrorCode::kNotFound);
}

TEST_F(CorpusEdits, HistorySurvivesReopening) {
  const std::string before = corpus->fingerprint();
  corpus->edit(1, {std::nullopt, "one"});
  corpus->edit(1, {std::nullopt, "two"});
  corpus->undo();
  corpus = open();
  EXPECT_EQ(corpus->undo_state().undo_title, "edit of \"Rhine\"");
  EXPECT_EQ(corpus->undo_state().redo_title, "edit of \"Rhine\"");
  corpus->redo();
  EXPECT_EQ(corpus->find(1)->text, "two");
  corpus = open();
  corpus->undo();
  corpus = open();
  corpus->undo();
  EXPECT_EQ(corpus->fingerprint(), before);
}

TEST_F(CorpusEdits, NamesTheStep) {
  corpus->add("Danube", "another river", "s");
  EXPECT_EQ(corpus->undo_state().undo_title, "addition of \"Danube\"");
  corpus->remove(1);
  EXPECT_EQ(corpus->undo_state().undo_title, "deletion of \"Rhine\"");
  corpus->add("", "nameless", "s");
  EXPECT_EQ(corpus->undo_state().undo_title, "addition of document 5");
}

TEST_F(CorpusEdits, LogsWhoDidWhat) {
  corpus->edit(1, {std::nullopt, "a stream"});
  corpus->edit(1, {"Rhein", std::nullopt});
  corpus->remove(2);
  corpus->undo();
  const std::vector<RevisionEntry> log = corpus->revisions(std::nullopt, 10);
  ASSERT_EQ(log.size(), 5U);
  EXPECT_EQ(log[0].what, "undo");
  EXPECT_EQ(log[0].document, 2);
  EXPECT_EQ(log[0].title_before, "");
  EXPECT_EQ(log[0].title_after, "Everest");
  EXPECT_EQ(log[0].text_after, "a mountain");
  EXPECT_EQ(log[1].what, "delete");
  EXPECT_EQ(log[1].text_before, "a mountain");
  EXPECT_EQ(log[1].text_after, "");
  EXPECT_EQ(log[2].what, "edit");
  EXPECT_EQ(log[2].title_before, "Rhine");
  EXPECT_EQ(log[2].title_after, "Rhein");
  EXPECT_EQ(log[2].text_before, "");
  EXPECT_EQ(log[3].text_before, "a river");
  EXPECT_EQ(log[3].text_after, "a stream");
  EXPECT_EQ(log[3].title_after, "Rhine");
  EXPECT_EQ(log[3].who, "tester");
  EXPECT_EQ(log[3].revision, 2);
  EXPECT_EQ(log[3].at.size(), 20U);
  EXPECT_EQ(log[4].what, "import");
  EXPECT_EQ(log[4].document, 0);
  EXPECT_EQ(log[4].documents, 3);

  const std::vector<RevisionEntry> of_one = corpus->revisions(1, 10);
  ASSERT_EQ(of_one.size(), 2U);
  EXPECT_EQ(of_one[0].title_after, "Rhein");
  EXPECT_EQ(corpus->revisions(std::nullopt, 2).size(), 2U);
  EXPECT_TRUE(corpus->revisions(77, 10).empty());
}

TEST_F(CorpusEdits, RefusesToUndoOverAForeignChange) {
  corpus->edit(1, {std::nullopt, "one"});
  // As another version of the program might do it: a change that is in no revision.
  corpus->database().exec("UPDATE documents SET text = 'foreign' WHERE id = 1");
  const std::string fingerprint = corpus->fingerprint();
  EXPECT_EQ(error_code_of([&] { corpus->undo(); }), ErrorCode::kCorruptData);
  EXPECT_EQ(corpus->fingerprint(), fingerprint);
  EXPECT_EQ(corpus->find(1)->text, "foreign");
  EXPECT_TRUE(corpus->undo_state().can_undo);
}

TEST_F(CorpusEdits, AHundredRandomEditsAreUndoneAndRedoneToTheSameFingerprints) {
  Rng rng(2020);
  std::vector<std::string> fingerprints{corpus->fingerprint()};
  const auto any_document = [&] {
    const std::vector<Document> all = corpus->read_after(0, 1000);
    return all[rng.below(all.size())].id;
  };
  while (fingerprints.size() <= 100) {
    const std::string text = fmt::format("text {}", rng.next());
    switch (corpus->size() < 2 ? 0 : rng.below(4)) {
      case 0:
        corpus->add(fmt::format("title {}", rng.below(9)), text,
                    fmt::format("source {}", rng.below(3)));
        break;
      case 1:
        corpus->edit(any_document(), {std::nullopt, text});
        break;
      case 2:
        corpus->edit(any_document(), {fmt::format("title {}", rng.next()), std::nullopt});
        break;
      default:
        corpus->remove(any_document());
        break;
    }
    fingerprints.push_back(corpus->fingerprint());
  }
  for (size_t i = 100; i > 0; --i) {
    ASSERT_EQ(corpus->fingerprint(), fingerprints[i]);
    corpus->undo();
  }
  EXPECT_EQ(corpus->fingerprint(), fingerprints[0]);
  EXPECT_EQ(corpus->size(), 3);
  EXPECT_EQ(corpus->undo_state().undo_title, "import of file (3 passages)");
  expect_full_text_agrees();
  for (size_t i = 1; i <= 100; ++i) {
    corpus->redo();
    ASSERT_EQ(corpus->fingerprint(), fingerprints[i]);
  }
  EXPECT_FALSE(corpus->undo_state().can_redo);
  EXPECT_EQ(corpus->size(), static_cast<int64_t>(corpus->read_after(0, 1000).size()));
  expect_full_text_agrees();
}

}  // namespace
}  // namespace realm

#include "app/services/live_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/base/error.h"
#include "tests/engine/evaluation/fake_engine.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using testing::fake_vector;
using testing::FakeEngine;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A workspace with three documents and a process's view of it.
class LiveIndexTest : public ::testing::Test {
 protected:
  struct Process {
    explicit Process(const std::filesystem::path& folder, bool read_only = false)
        : workspace(Workspace::open(folder, read_only)),
          corpus(CorpusStore::open(workspace.corpus_database(),
                                   read_only ? OpenMode::kReadOnly : OpenMode::kReadWrite)),
          live(workspace, *corpus) {
      live.refresh();
    }
    Workspace workspace;
    std::unique_ptr<CorpusStore> corpus;
    LiveIndex live;
  };

  LiveIndexTest() : folder_(temp_ / "workspace") {
    Workspace::create(folder_);
    Process process(folder_);
    for (const char* text : {"ppp green", "qqq blue", "r red"})
      process.corpus->add("title", text, "source");
  }

  void build(Process& process, const std::string& type = "", bool rebuild = false) {
    process.live.build(type, rebuild, engine_, {}, {});
  }

  // The id of the document that a question of one letter finds first; 0: there is none.
  static DocumentId first_hit(const Process& process, const std::string& letter) {
    const auto hits = process.live.index()->search(fake_vector(letter), 1).at(0);
    return hits.empty() ? 0 : hits.front().id;
  }

  testing::TempDirectory temp_;
  std::filesystem::path folder_;
  FakeEngine engine_;
};

TEST_F(LiveIndexTest, IsNotThereBeforeItIsBuilt) {
  Process process(folder_);
  EXPECT_FALSE(process.live.exists());
  EXPECT_EQ(process.live.problem(), "");
}

TEST_F(LiveIndexTest, BuildsPublishesAndMarksClean) {
  Process process(folder_);
  build(process);
  EXPECT_EQ(engine_.embedded, 3);
  EXPECT_EQ(process.corpus->dirty_count(), 0);
  EXPECT_EQ(process.live.record().generation, 1);
  EXPECT_EQ(process.live.record().type, "exact");
  EXPECT_EQ(process.live.record().vectors, 3);
  EXPECT_EQ(process.live.record().corpus_fingerprint, process.corpus->fingerprint());
  EXPECT_EQ(first_hit(process, "q"), 2);
}

TEST_F(LiveIndexTest, DoesNothingWhereNothingChanged) {
  Process process(folder_);
  build(process);
  build(process);
  EXPECT_EQ(engine_.embedded, 3);
  EXPECT_EQ(process.live.record().generation, 1);
}

TEST_F(LiveIndexTest, FollowsAnEditByEmbeddingThatDocumentAlone) {
  Process process(folder_);
  build(process);
  process.corpus->edit(3, {.title = std::nullopt, .text = "ssss pink"});
  process.live.follow(engine_, {});
  EXPECT_EQ(engine_.embedded, 4);
  EXPECT_EQ(process.corpus->dirty_count(), 0);
  EXPECT_EQ(process.live.record().generation, 1);
  EXPECT_EQ(first_hit(process, "s"), 3);
}

TEST_F(LiveIndexTest, FollowsAnAdditionAndADeletion) {
  Process process(folder_);
  build(process);
  const DocumentId added = process.corpus->add("new", "ssss pink", "source");
  process.corpus->remove(2);
  process.live.follow(engine_, {});
  EXPECT_EQ(first_hit(process, "s"), added);
  EXPECT_FALSE(process.live.index()->contains(2));
  EXPECT_EQ(process.live.index()->size(), 3);
}

TEST_F(LiveIndexTest, FollowsAnUndoneDeletion) {
  Process process(folder_);
  build(process);
  process.corpus->remove(2);
  process.live.follow(engine_, {});
  process.corpus->undo();
  process.live.follow(engine_, {});
  EXPECT_EQ(first_hit(process, "q"), 2);
  EXPECT_EQ(process.live.index()->size(), 3);
}

TEST_F(LiveIndexTest, FollowsAnUndoneImportWithoutEmbeddingAnything) {
  Process process(folder_);
  std::vector<Document> many(LiveIndex::kMaxFollowed + 50,
                             {0, "title", "ssss pink", "file", "", 0});
  ImportRecord record;
  process.corpus->add_batch(many, record);
  process.live.follow(engine_, {});  // there is no index yet
  build(process);
  const auto embedded = engine_.embedded;
  EXPECT_EQ(process.live.index()->size(), 3 + static_cast<int64_t>(many.size()));
  process.corpus->undo();
  process.live.follow(engine_, {});
  EXPECT_EQ(process.live.index()->size(), 3);
  EXPECT_EQ(process.corpus->dirty_count(), 0);
  EXPECT_EQ(engine_.embedded, embedded);
  // Those that come back are too many to embed by the way.
  process.corpus->redo();
  process.live.follow(engine_, {});
  EXPECT_EQ(process.corpus->dirty_count(), static_cast<int64_t>(many.size()));
  build(process);
  EXPECT_EQ(process.live.index()->size(), 3 + static_cast<int64_t>(many.size()));
}

TEST_F(LiveIndexTest, LeavesMoreDeletionsThanItCanHideToABuild) {
  Process process(folder_);
  std::vector<Document> many(LiveIndex::kMaxHidden + LiveIndex::kMaxFollowed + 1,
                             {0, "title", "ssss pink", "file", "", 0});
  ImportRecord record;
  process.corpus->add_batch(many, record);
  build(process);
  const auto embedded = engine_.embedded;
  process.corpus->undo();
  process.live.follow(engine_, {});
  EXPECT_EQ(process.corpus->dirty_count(), static_cast<int64_t>(many.size()));
  build(process);
  EXPECT_EQ(process.live.index()->size(), 3);
  EXPECT_EQ(engine_.embedded, embedded);
  EXPECT_EQ(process.corpus->dirty_count(), 0);
}

TEST_F(LiveIndexTest, KeepsWhatItFollowedForTheNextProcess) {
  {
    Process process(folder_);
    build(process);
    process.corpus->edit(3, {.title = std::nullopt, .text = "ssss pink"});
    process.corpus->remove(2);
    process.live.follow(engine_, {});
  }
  Process next(folder_);
  EXPECT_EQ(first_hit(next, "s"), 3);
  EXPECT_FALSE(next.live.index()->contains(2));
  next.live.follow(engine_, {});
  EXPECT_EQ(engine_.embedded, 4) << "nothing is dirty, so nothing is embedded again";
}

TEST_F(LiveIndexTest, SeesWhatAnotherProcessFollowedAndPublished) {
  Process ours(folder_), theirs(folder_);
  build(theirs);
  ours.live.refresh();
  ASSERT_TRUE(ours.live.exists());

  theirs.corpus->edit(3, {.title = std::nullopt, .text = "ssss pink"});
  theirs.live.follow(engine_, {});
  ours.live.refresh();
  EXPECT_EQ(first_hit(ours, "s"), 3);

  build(theirs);
  ours.live.refresh();
  EXPECT_EQ(ours.live.record().generation, 2);
  EXPECT_EQ(first_hit(ours, "s"), 3);
}

TEST_F(LiveIndexTest, LeavesADocumentDirtyThatChangedWhileItWasEmbedded) {
  Process process(folder_);
  build(process);
  process.corpus->edit(3, {.title = std::nullopt, .text = "s pink"});
  // Another process edits it again after its text was read and before its vector is written down.
  class EditingEngine final : public RealmEngine {
   public:
    EditingEngine(FakeEngine& engine, const std::filesystem::path& folder)
        : engine_(engine), folder_(folder) {}
    const ModelCard& card() const override { return engine_.card(); }
    const WordPieceTokenizer& tokenizer() const override { return engine_.tokenizer(); }
    std::vector<float> embed_documents(std::span<const Document> documents, std::stop_token stop,
                                       const ProgressCallback& progress) override {
      std::vector<float> rows = engine_.embed_documents(documents, stop, progress);
      Process(folder_).corpus->edit(3, {.title = std::nullopt, .text = "rrrr red"});
      return rows;
    }
    std::vector<RetrievedDocument> retrieve(const AskQuery& query, const Knowledge& knowledge,
                                            std::stop_token stop) override {
      return engine_.retrieve(query, knowledge, stop);
    }
    AskResult ask(const AskQuery& query, const Knowledge& knowledge,
                  std::stop_token stop) override {
      return engine_.ask(query, knowledge, stop);
    }

   private:
    FakeEngine& engine_;
    std::filesystem::path folder_;
  };
  EditingEngine editing(engine_, folder_);
  process.live.follow(editing, {});
  EXPECT_EQ(process.corpus->dirty_count(), 1);
  process.live.follow(engine_, {});
  EXPECT_EQ(process.corpus->dirty_count(), 0);
  EXPECT_EQ(first_hit(process, "r"), 3);
}

TEST_F(LiveIndexTest, EmbedsOnlyWhatIsMissingWhenItIsBuiltAgain) {
  Process process(folder_);
  build(process);
  process.corpus->add("new", "ssss pink", "source");
  process.corpus->remove(1);
  build(process);
  EXPECT_EQ(engine_.embedded, 4);
  EXPECT_EQ(process.live.record().generation, 2);
  EXPECT_EQ(process.live.record().vectors, 3);
  EXPECT_EQ(first_hit(process, "s"), 4);
  EXPECT_FALSE(std::filesystem::exists(process.workspace.index_folder(1)))
      << "the old generation is removed";
}

TEST_F(LiveIndexTest, EmbedsEverythingForAnotherModelOrWhenAskedTo) {
  Process process(folder_);
  build(process);
  build(process, "", /*rebuild=*/true);
  EXPECT_EQ(engine_.embedded, 6);
  FakeEngine other("other");
  process.live.build("", false, other, {}, {});
  EXPECT_EQ(other.embedded, 3);
  EXPECT_EQ(process.live.record().model_fingerprint, "other");
}

TEST_F(LiveIndexTest, DoesNotMixVectorsOfTwoModels) {
  Process process(folder_);
  build(process);
  process.corpus->edit(3, {.title = std::nullopt, .text = "ssss pink"});
  FakeEngine other("other");
  process.live.follow(other, {});
  EXPECT_EQ(other.embedded, 0);
  EXPECT_EQ(process.corpus->dirty_count(), 1);
}

TEST_F(LiveIndexTest, BuildsAFaissTypeAndLoadsItAgain) {
  Process process(folder_);
  build(process, "Flat");
  EXPECT_EQ(process.live.record().type, "Flat");
  Process next(folder_);
  EXPECT_EQ(next.live.record().type, "Flat");
  EXPECT_EQ(first_hit(next, "q"), 2);
  EXPECT_EQ(next.live.index()->search(fake_vector("q"), 1).at(0).at(0).score, 3);
}

TEST_F(LiveIndexTest, KeepsTheVectorsWhereFaissRefusesTheType) {
  Process process(folder_);
  try {
    build(process, "Nonsense99");
    FAIL() << "the type must be refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("Nonsense99"));
  }
  EXPECT_EQ(process.live.record().type, "exact");
  EXPECT_EQ(process.corpus->dirty_count(), 0);
}

TEST_F(LiveIndexTest, LeavesNothingBehindWhenItIsStopped) {
  Process process(folder_);
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(process.live.build("", false, engine_, source.get_token(), {}), Error);
  EXPECT_FALSE(process.live.exists());
  EXPECT_EQ(process.corpus->dirty_count(), 3);
  EXPECT_TRUE(!std::filesystem::exists(process.workspace.index_folder(1)));
}

TEST_F(LiveIndexTest, NamesAnIndexWhoseFileIsGoneOrCut) {
  {
    Process process(folder_);
    build(process);
  }
  const std::filesystem::path file = folder_ / "indexes/1/embeddings.bin";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 20);
  EXPECT_THAT(Process(folder_).live.problem(), HasSubstr("embeddings.bin"));
  std::filesystem::remove(file);
  Process process(folder_);
  EXPECT_FALSE(process.live.exists());
  EXPECT_THAT(process.live.problem(), HasSubstr("embeddings.bin"));
  build(process);
  EXPECT_TRUE(process.live.exists());
  EXPECT_EQ(process.live.problem(), "");
}

TEST_F(LiveIndexTest, NamesAnOverlayThatIsNotOne) {
  {
    Process process(folder_);
    build(process);
  }
  std::ofstream(folder_ / "indexes/1/overlay.json") << "{]";
  Process process(folder_);
  EXPECT_FALSE(process.live.exists());
  EXPECT_THAT(process.live.problem(), HasSubstr("overlay.json"));
}

TEST_F(LiveIndexTest, FollowsInMemoryOnAReadOnlyWorkspace) {
  {
    Process process(folder_);
    build(process);
    process.corpus->edit(3, {.title = std::nullopt, .text = "ssss pink"});
  }
  Process reader(folder_, /*read_only=*/true);
  reader.live.follow(engine_, {});
  EXPECT_EQ(first_hit(reader, "s"), 3);
  EXPECT_EQ(reader.corpus->dirty_count(), 1);
  reader.live.follow(engine_, {});
  EXPECT_EQ(engine_.embedded, 4) << "what is laid over in memory is not embedded again";
}

TEST_F(LiveIndexTest, LeavesALargeImportToBeBuilt) {
  Process process(folder_);
  build(process);
  std::vector<DocumentEdit> edits(LiveIndex::kMaxFollowed + 1);
  for (DocumentEdit& edit : edits) edit.change.text = "ssss pink";
  process.corpus->apply(edits);
  process.live.follow(engine_, {});
  EXPECT_EQ(engine_.embedded, 3);
  EXPECT_EQ(process.corpus->dirty_count(), LiveIndex::kMaxFollowed + 1);
}

}  // namespace
}  // namespace realm

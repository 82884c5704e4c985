// Indexes of two models of one workspace: the one that was left comes back with its model.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "app/services/live_index.h"
#include "tests/engine/evaluation/fake_engine.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::FakeEngine;

class TwoModels : public ::testing::Test {
 protected:
  TwoModels()
      : workspace_(Workspace::create(temp_ / "w")),
        corpus_(CorpusStore::open(workspace_.corpus_database(), OpenMode::kReadWrite)),
        live_(workspace_, *corpus_) {
    for (const char* text : {"ppp green", "qqq blue", "r red"})
      corpus_->add("title", text, "source");
    build(first_);
  }
  void build(FakeEngine& engine) { live_.build("", /*rebuild=*/false, engine, {}, {}); }
  bool come_back_to(const FakeEngine& engine) {
    return live_.come_back_to(engine.card().embedder_fingerprint);
  }
  bool is_of(const FakeEngine& engine) const {
    return live_.record().model_fingerprint == engine.card().embedder_fingerprint;
  }

  testing::TempDirectory temp_;
  Workspace workspace_;
  std::unique_ptr<CorpusStore> corpus_;
  LiveIndex live_;
  FakeEngine first_{"first"}, second_{"second"};
};

TEST_F(TwoModels, ComeBackWithoutEmbeddingAnything) {
  build(second_);
  EXPECT_TRUE(is_of(second_));
  EXPECT_TRUE(come_back_to(first_));
  EXPECT_TRUE(is_of(first_));
  EXPECT_EQ(first_.embedded, 3);
  EXPECT_EQ(live_.index()->size(), 3);
  EXPECT_TRUE(come_back_to(second_));
  EXPECT_EQ(second_.embedded, 3);
}

TEST_F(TwoModels, StayWhereTheyAreWithoutAnIndexToComeBackTo) {
  EXPECT_FALSE(come_back_to(second_));
  EXPECT_TRUE(is_of(first_));
  EXPECT_FALSE(come_back_to(first_)) << "it is there already";
}

TEST_F(TwoModels, DoNotComeBackToACorpusThatHasChanged) {
  build(second_);
  corpus_->edit(3, {.title = std::nullopt, .text = "ssss pink"});
  live_.follow(second_, {});
  EXPECT_FALSE(come_back_to(first_));
  EXPECT_TRUE(is_of(second_));
  corpus_->undo();
  EXPECT_TRUE(come_back_to(first_)) << "it is as it was";
  EXPECT_EQ(corpus_->dirty_count(), 0);
}

// The edit is in the first index by its overlay, which is kept with it.
TEST_F(TwoModels, KeepWhatWasEditedBefore) {
  corpus_->edit(3, {.title = std::nullopt, .text = "ssss pink"});
  live_.follow(first_, {});
  build(second_);
  ASSERT_TRUE(come_back_to(first_));
  EXPECT_EQ(live_.index()->search(testing::fake_vector("s"), 1).at(0).at(0).id, 3);
}

TEST_F(TwoModels, DoNotComeBackToAnIndexThatWasBehindWhenItWasLeft) {
  corpus_->edit(3, {.title = std::nullopt, .text = "ssss pink"});
  build(second_);
  EXPECT_FALSE(come_back_to(first_));
  corpus_->undo();
  EXPECT_FALSE(come_back_to(first_));
}

TEST_F(TwoModels, AreKeptForTwoModelsBesideTheOneInUse) {
  FakeEngine third("third"), fourth("fourth");
  build(second_);
  build(third);
  EXPECT_TRUE(std::filesystem::exists(workspace_.index_folder(1)));
  build(fourth);
  EXPECT_FALSE(std::filesystem::exists(workspace_.index_folder(1)));
  EXPECT_FALSE(come_back_to(first_));
  EXPECT_TRUE(come_back_to(second_));
}

TEST_F(TwoModels, ReplaceTheirOwnOldIndexes) {
  live_.build("", /*rebuild=*/true, first_, {}, {});
  EXPECT_FALSE(std::filesystem::exists(workspace_.index_folder(1)));
}

}  // namespace
}  // namespace realm

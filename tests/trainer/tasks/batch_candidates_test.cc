#include "trainer/tasks/batch_candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/index/faiss_index.h"
#include "tests/trainer/tasks/task_world.h"

namespace realm {
namespace {

using ::testing::ElementsAre;

// The rows 0 to 3 are documents 11 to 14, found best first by a query (1): 13, 12, 11, 14.
class BatchCandidatesOfFour : public ::testing::Test {
 protected:
  BatchCandidatesOfFour() {
    sentence_.text = "who is near";  // stands in no passage
    sentence_.passage = 3;
  }
  BatchCandidates choose(int k) {
    inputs_.options.candidates = k;
    const std::vector<const TrainingSentence*> sentences = {&sentence_};
    return choose_batch_candidates(inputs_, *index_, torch::ones({1, 1}), sentences);
  }
  TaskInputs inputs_ = testing::task_inputs();
  const std::shared_ptr<const MipsIndex> index_ =
      make_index(kExactIndexType, VectorTable::from_memory({11, 12, 13, 14}, {2, 3, 4, 1}, 1), 6);
  TrainingSentence sentence_;
};

TEST_F(BatchCandidatesOfFour, AreTheTopOfTheIndexWithItsGeneration) {
  const BatchCandidates chosen = choose(3);
  EXPECT_THAT(chosen.rows, ElementsAre(ElementsAre(2, 1)));
  EXPECT_EQ(chosen.dropped_trivial, 0);
  EXPECT_EQ(chosen.generation, 6);
  // The named passage is the last hit, though no candidate.
  EXPECT_THAT(chosen.gold_rank, ElementsAre(4));
}

TEST_F(BatchCandidatesOfFour, LeaveOutThePassageThatHoldsTheSentence) {
  sentence_.text = "c is near d";
  sentence_.passage = 2;
  const BatchCandidates chosen = choose(3);
  EXPECT_THAT(chosen.rows, ElementsAre(ElementsAre(1, 0)));
  EXPECT_EQ(chosen.dropped_trivial, 1);
  EXPECT_THAT(chosen.gold_rank, ElementsAre(1));
  inputs_.options.drop_trivial_candidate = false;
  EXPECT_THAT(choose(3).rows, ElementsAre(ElementsAre(2, 1)));
}

TEST_F(BatchCandidatesOfFour, AreMarkedWhereTheIndexHoldsFewer) {
  EXPECT_THAT(choose(6).rows, ElementsAre(ElementsAre(2, 1, 0, 3, -1)));
}

TEST_F(BatchCandidatesOfFour, AreNoneBesideTheNullDocumentAlone) {
  sentence_.text = "c is near d";
  const BatchCandidates chosen = choose(1);
  EXPECT_THAT(chosen.rows, ElementsAre(ElementsAre()));
  EXPECT_EQ(chosen.dropped_trivial, 0);
}

TEST_F(BatchCandidatesOfFour, HaveNoGoldRankWithoutANamedPassage) {
  sentence_.passage = -1;
  EXPECT_THAT(choose(3).gold_rank, ElementsAre(0));
}

}  // namespace
}  // namespace realm

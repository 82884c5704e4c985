#include "trainer/tasks/index_change.h"

#include <gtest/gtest.h>

#include "engine/index/faiss_index.h"

namespace realm {
namespace {

std::vector<Hit> hits(const std::vector<DocumentId>& ids) {
  std::vector<Hit> out;
  for (const DocumentId id : ids) out.push_back({id, 0});
  return out;
}

// cos((1,0),(0,1)) = 0; (1,2) and (2,4) point the same way: 1; (3,4)(4,3) = 24 / (5 5) = 0.96;
// (1,0) and (-2,0): -1. Their mean is 0.96 / 4.
TEST(MeanCosine, IsTheMeanOfTheRows) {
  const std::vector<float> a = {1, 0, 1, 2, 3, 4, 1, 0};
  const std::vector<float> b = {0, 1, 2, 4, 4, 3, -2, 0};
  EXPECT_NEAR(mean_cosine(a, b, 2).value(), 0.24, 1e-15);
  EXPECT_NEAR(mean_cosine(a, a, 2).value(), 1.0, 1e-15);
}

TEST(MeanCosine, CountsARowOfZerosAsZero) {
  const std::vector<float> a = {1, 0, 0, 0};
  EXPECT_EQ(mean_cosine(a, a, 2), 0.5);
}

TEST(MeanCosine, OfNothingIsNothing) { EXPECT_EQ(mean_cosine({}, {}, 2), std::nullopt); }

// {1,2,3} holds 3 and 1 of the fresh {3,4,1}: 2/3. {7,8} holds none of {9,10}. A query for which
// fresh retrieval finds nothing does not count. (2/3 + 0) / 2.
TEST(MeanOverlap, IsTheShareOfTheFreshHitsThatAreFoundToo) {
  const std::vector<std::vector<Hit>> stale = {hits({1, 2, 3}), hits({5}), hits({7, 8})};
  const std::vector<std::vector<Hit>> fresh = {hits({3, 4, 1}), hits({}), hits({9, 10})};
  EXPECT_NEAR(mean_overlap(stale, fresh).value(), 1.0 / 3, 1e-15);
  EXPECT_EQ(mean_overlap(fresh, fresh), 1.0);
}

TEST(MeanOverlap, OfNothingIsNothing) {
  EXPECT_EQ(mean_overlap({}, {}), std::nullopt);
  const std::vector<std::vector<Hit>> none = {hits({})};
  EXPECT_EQ(mean_overlap(none, none), std::nullopt);
}

// Document 1 turns from (1,0) to (0,2); 2 = (0,1) and 3 = (-1,0) stay.
class IndexChangeOfThree : public ::testing::Test {
 protected:
  static std::shared_ptr<const MipsIndex> index(std::vector<float> rows) {
    return make_index(kExactIndexType, VectorTable::from_memory({1, 2, 3}, std::move(rows), 2), 0);
  }
  const std::vector<DocumentId> ids_ = {1, 2, 3};
  const std::shared_ptr<const MipsIndex> stale_ = index({1, 0, 0, 1, -1, 0});
  const std::shared_ptr<const MipsIndex> fresh_ = index({0, 2, 0, 1, -1, 0});
  // (0.2, 1) found 2 with 1 before 1 with 0.2, and now 1 with 2; (-1, 0.1) finds 3 in both.
  const std::vector<float> queries_ = {0.2F, 1, -1, 0.1F};
};

TEST_F(IndexChangeOfThree, SaysHowFarDocumentsWentAndWhatQueriesLost) {
  const IndexChange change = index_change(*stale_, *fresh_, {ids_, queries_, 1});
  EXPECT_EQ(change.documents, 3);
  EXPECT_EQ(change.queries, 2);
  EXPECT_EQ(change.k, 1);
  EXPECT_NEAR(change.drift_cosine.value(), 2.0 / 3, 1e-7);  // (0 + 1 + 1) / 3
  EXPECT_EQ(change.overlap_at_k, 0.5);                      // (0 + 1) / 2
  // Of two hits, {2, 1} and {1, 2} are the same; {3, 2} and {3, 1} share one: (1 + 0.5) / 2.
  EXPECT_EQ(index_change(*stale_, *fresh_, {ids_, queries_, 2}).overlap_at_k, 0.75);
}

TEST_F(IndexChangeOfThree, LeavesOutWhatCannotBeMeasured) {
  EXPECT_EQ(index_change(*stale_, *fresh_, {ids_, {}, 1}).overlap_at_k, std::nullopt);
  EXPECT_EQ(index_change(*stale_, *fresh_, {ids_, queries_, 0}).overlap_at_k, std::nullopt);
  EXPECT_EQ(index_change(*stale_, *fresh_, {{}, queries_, 1}).drift_cosine, std::nullopt);
  const std::vector<DocumentId> unknown = {3, 99};
  EXPECT_EQ(index_change(*stale_, *fresh_, {unknown, queries_, 1}).documents, 1);
}

TEST(SpreadIds, AreAtEvenDistances) {
  const std::vector<DocumentId> ids = {1, 2, 3, 5, 8, 13};
  EXPECT_EQ(spread_ids(ids, 3), (std::vector<DocumentId>{1, 3, 8}));
  EXPECT_EQ(spread_ids(ids, 9), ids);
  EXPECT_TRUE(spread_ids(ids, 0).empty());
  EXPECT_TRUE(spread_ids({}, 4).empty());
}

}  // namespace
}  // namespace realm

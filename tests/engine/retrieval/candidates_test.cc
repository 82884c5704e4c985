#include "engine/retrieval/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "engine/base/error.h"
#include "engine/index/faiss_index.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Ten documents 1..10 of two dimensions; document i has the score i for the query (1, 0).
std::shared_ptr<const MipsIndex> ladder() {
  std::vector<DocumentId> ids;
  std::vector<float> rows;
  for (int i = 1; i <= 10; ++i) {
    ids.push_back(i);
    rows.push_back(static_cast<float>(i));
    rows.push_back(0.5F);
  }
  return make_index(kExactIndexType, VectorTable::from_memory(ids, rows, 2), 1);
}

const std::vector<float> kQuery = {1.0F, 0.0F};

std::vector<DocumentId> choose(const CandidateOptions& options) {
  return choose_candidates(*ladder(), kQuery, options);
}

TEST(ChooseCandidates, TakesTheTopOfTheIndexAndLeavesRoomForTheNullDocument) {
  EXPECT_THAT(choose({.count = 4, .pinned = {}, .excluded = {}}), ElementsAre(10, 9, 8));
}

TEST(ChooseCandidates, OfOneIsTheNullDocumentAlone) {
  EXPECT_THAT(choose({.count = 1, .pinned = {}, .excluded = {}}), IsEmpty());
}

TEST(ChooseCandidates, GivesTheWholeIndexWhereKIsLarger) {
  EXPECT_THAT(choose({.count = 1000, .pinned = {}, .excluded = {}}),
              ElementsAre(10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
  EXPECT_EQ(choose({.count = std::numeric_limits<int>::max(), .pinned = {}, .excluded = {}}).size(),
            10U);
}

TEST(ChooseCandidates, OfAnEmptyIndexAreNone) {
  const auto empty = make_index(kExactIndexType, VectorTable::from_memory({}, {}, 2), 1);
  EXPECT_THAT(choose_candidates(*empty, kQuery, {.count = 8, .pinned = {}, .excluded = {}}),
              IsEmpty());
}

TEST(ChooseCandidates, LetsAPinnedDocumentTakeTheLowestPlace) {
  EXPECT_THAT(choose({.count = 4, .pinned = {2}, .excluded = {}}), ElementsAre(10, 9, 2));
}

TEST(ChooseCandidates, PutsAPinnedDocumentThatIsAHitWhereItBelongs) {
  EXPECT_THAT(choose({.count = 4, .pinned = {8}, .excluded = {}}), ElementsAre(10, 9, 8));
  EXPECT_THAT(choose({.count = 4, .pinned = {8, 1}, .excluded = {}}), ElementsAre(10, 8, 1));
}

TEST(ChooseCandidates, KeepsEveryPinnedDocumentWhereMoreArePinnedThanFit) {
  EXPECT_THAT(choose({.count = 2, .pinned = {1, 3, 5}, .excluded = {}}), ElementsAre(1, 3, 5));
  EXPECT_THAT(choose({.count = 1, .pinned = {4}, .excluded = {}}), ElementsAre(4));
}

TEST(ChooseCandidates, CountsADocumentThatIsPinnedTwiceOnce) {
  EXPECT_THAT(choose({.count = 4, .pinned = {2, 2}, .excluded = {}}), ElementsAre(10, 9, 2));
}

TEST(ChooseCandidates, LeavesExcludedDocumentsOutAndFillsTheirPlaces) {
  EXPECT_THAT(choose({.count = 4, .pinned = {}, .excluded = {10, 8}}), ElementsAre(9, 7, 6));
  EXPECT_THAT(choose({.count = 4, .pinned = {}, .excluded = {10, 10, 77}}), ElementsAre(9, 8, 7));
}

TEST(ChooseCandidates, TakesAnIdThatIsPinnedAndExcludedAsExcluded) {
  EXPECT_THAT(choose({.count = 4, .pinned = {10}, .excluded = {10}}), ElementsAre(9, 8, 7));
}

TEST(ChooseCandidates, CanExcludeEveryDocument) {
  EXPECT_THAT(choose({.count = 4, .pinned = {}, .excluded = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}),
              IsEmpty());
}

TEST(ChooseCandidates, NamesAPinnedDocumentThatTheIndexDoesNotHold) {
  try {
    choose({.count = 4, .pinned = {42}, .excluded = {}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("42"));
  }
}

TEST(ChooseCandidates, RefusesFewerThanOneCandidate) {
  for (const int count : {0, -3}) {
    try {
      choose({.count = count, .pinned = {}, .excluded = {}});
      FAIL() << "no error for " << count;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    }
  }
}

TEST(ChooseCandidates, RefusesAQueryOfAnotherDimension) {
  const std::vector<float> wrong = {1.0F, 0.0F, 0.0F};
  try {
    choose_candidates(*ladder(), wrong, {.count = 4, .pinned = {}, .excluded = {}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kMismatch);
  }
}

TEST(InnerProducts, AreSummedInDoublePrecision) {
  // In float32 the ones are lost beside 1e8; in double precision they are not.
  const std::vector<float> query = {1.0F, 1.0F, 1.0F};
  const std::vector<float> vectors = {1e8F, 1.0F, -1e8F, 0.0F, 0.0F, 2.0F};
  EXPECT_THAT(inner_products(query, vectors), ElementsAre(1.0, 2.0));
  EXPECT_THAT(inner_products(query, {}), IsEmpty());
}

}  // namespace
}  // namespace realm

#include "engine/retrieval/overlay_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/rng.h"
#include "engine/index/faiss_index.h"

namespace realm {
namespace {

constexpr int kDimension = 4;
using Row = std::vector<float>;

// Small whole numbers: every inner product is exact in float32, so that results can be compared bit
// for bit, and many tie.
Row random_row(Rng& rng) {
  Row row;
  for (int d = 0; d < kDimension; ++d) row.push_back(static_cast<float>(rng.below(7)) - 3.0F);
  return row;
}

std::shared_ptr<const MipsIndex> index_over(const std::map<DocumentId, Row>& rows) {
  std::vector<DocumentId> ids;
  std::vector<float> values;
  for (const auto& [id, row] : rows) {
    ids.push_back(id);
    values.insert(values.end(), row.begin(), row.end());
  }
  return make_index(kExactIndexType, VectorTable::from_memory(ids, values, kDimension), 3);
}

std::vector<std::pair<DocumentId, float>> pairs(const std::vector<Hit>& hits) {
  std::vector<std::pair<DocumentId, float>> out;
  for (const Hit& hit : hits) out.emplace_back(hit.id, hit.score);
  return out;
}

TEST(OverlayIndex, EqualsARebuiltIndexAfterRandomEdits) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    Rng rng(seed);
    std::map<DocumentId, Row> rows;
    for (DocumentId id = 1; id <= 60; ++id) rows[id] = random_row(rng);
    OverlayIndex overlay(index_over(rows));
    for (int edit = 0; edit < 60; ++edit) {
      const auto id = static_cast<DocumentId>(1 + rng.below(80));  // ids above 60 are new
      if (rng.chance(0.3)) {
        overlay.erase(id);
        rows.erase(id);
      } else {
        const Row row = random_row(rng);
        overlay.put(id, row);
        rows[id] = row;
      }
      if (edit % 12 != 11) continue;
      const auto rebuilt = index_over(rows);
      ASSERT_EQ(overlay.size(), rebuilt->size());
      std::vector<float> queries = random_row(rng);
      const Row second = random_row(rng);
      queries.insert(queries.end(), second.begin(), second.end());
      for (const int k : {1, 7, 1000}) {
        const auto found = overlay.search(queries, k);
        const auto expected = rebuilt->search(queries, k);
        ASSERT_EQ(found.size(), 2U);
        for (size_t b = 0; b < 2; ++b) {
          EXPECT_EQ(pairs(found[b]), pairs(expected[b]))
              << "seed " << seed << " edit " << edit << " k " << k;
        }
      }
      for (DocumentId any = 1; any <= 80; ++any) {
        ASSERT_EQ(overlay.contains(any), rebuilt->contains(any)) << any;
        if (rebuilt->contains(any)) {
          EXPECT_EQ(overlay.vectors({&any, 1}), rows[any]);
        }
      }
    }
  }
}

TEST(OverlayIndex, GivesADeletedDocumentBackWhenItIsPutAgain) {
  OverlayIndex overlay(index_over({{1, {1, 0, 0, 0}}, {2, {2, 0, 0, 0}}}));
  overlay.erase(2);
  EXPECT_FALSE(overlay.contains(2));
  EXPECT_EQ(overlay.size(), 1);
  overlay.put(2, Row{5, 0, 0, 0});
  EXPECT_TRUE(overlay.contains(2));
  EXPECT_EQ(overlay.size(), 2);
  EXPECT_EQ(pairs(overlay.search(Row{1, 0, 0, 0}, 1).front()),
            (std::vector<std::pair<DocumentId, float>>{{2, 5.0F}}));
}

TEST(OverlayIndex, LiesOverAnEmptyIndexToo) {
  OverlayIndex overlay(index_over({}));
  EXPECT_TRUE(overlay.search(Row{1, 1, 1, 1}, 8).front().empty());
  overlay.put(9, Row{1, 2, 3, 4});
  EXPECT_EQ(overlay.size(), 1);
  EXPECT_EQ(pairs(overlay.search(Row{1, 1, 1, 1}, 8).front()),
            (std::vector<std::pair<DocumentId, float>>{{9, 10.0F}}));
  overlay.erase(9);
  EXPECT_EQ(overlay.size(), 0);
  EXPECT_TRUE(overlay.search(Row{1, 1, 1, 1}, 8).front().empty());
}

TEST(OverlayIndex, HasNoEffectOnAnUnknownIdThatIsErased) {
  OverlayIndex overlay(index_over({{1, {1, 0, 0, 0}}}));
  overlay.erase(5);
  EXPECT_EQ(overlay.size(), 1);
  EXPECT_EQ(overlay.overlaid(), 0);
}

TEST(OverlayIndex, FindsNothingForNoneAskedFor) {
  OverlayIndex overlay(index_over({{1, {1, 0, 0, 0}}}));
  overlay.put(2, Row{2, 0, 0, 0});
  EXPECT_TRUE(overlay.search(Row{1, 0, 0, 0}, 0).front().empty());
}

TEST(OverlayIndex, RefusesAVectorOfAnotherDimension) {
  OverlayIndex overlay(index_over({{1, {1, 0, 0, 0}}}));
  try {
    overlay.put(1, Row{1, 2});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kMismatch);
  }
  EXPECT_EQ(overlay.overlaid(), 0);
}

TEST(OverlayIndex, NamesADocumentThatItDoesNotHold) {
  OverlayIndex overlay(index_over({{1, {1, 0, 0, 0}}}));
  overlay.erase(1);
  const DocumentId id = 1;
  try {
    overlay.vectors({&id, 1});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("document 1"));
  }
}

TEST(OverlayIndex, SpeaksOfItsBase) {
  const OverlayIndex overlay(index_over({{1, {1, 0, 0, 0}}}));
  EXPECT_EQ(overlay.type(), kExactIndexType);
  EXPECT_EQ(overlay.dimension(), kDimension);
  EXPECT_EQ(overlay.generation(), 3);
}

}  // namespace
}  // namespace realm

// The search on a training device finds what FAISS's exact search finds. The device here is the
// CPU; the code is the same on a card.
#include "engine/retrieval/device_index.h"

#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "engine/base/rng.h"
#include "engine/index/faiss_index.h"

namespace realm {
namespace {

// Ids 10, 20, ...; few different values, so that there are many ties.
VectorTable table(int64_t count, int width, Rng& rng) {
  std::vector<DocumentId> ids;
  std::vector<float> rows;
  for (int64_t i = 0; i < count; ++i) {
    ids.push_back(10 * (i + 1));
    for (int d = 0; d < width; ++d) rows.push_back(static_cast<float>(rng.below(3)) - 1.0F);
  }
  return VectorTable::from_memory(std::move(ids), std::move(rows), width);
}

void expect_same(const std::vector<std::vector<Hit>>& a, const std::vector<std::vector<Hit>>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t q = 0; q < a.size(); ++q) {
    ASSERT_EQ(a[q].size(), b[q].size()) << "query " << q;
    for (size_t i = 0; i < a[q].size(); ++i) {
      EXPECT_EQ(a[q][i].id, b[q][i].id) << "query " << q << ", hit " << i;
      EXPECT_EQ(a[q][i].score, b[q][i].score);  // small whole numbers: exact in any order
    }
  }
}

TEST(DeviceIndex, FindsWhatTheExactSearchFindsAmongTies) {
  Rng rng(7);
  const VectorTable vectors = table(300, 4, rng);
  const auto device = make_device_index(vectors, 3, torch::kCPU);
  const auto exact = make_index(kExactIndexType, vectors, 3);
  ASSERT_NE(device, nullptr);
  EXPECT_EQ(device->type(), "device");
  EXPECT_EQ(device->generation(), 3);
  EXPECT_EQ(device->size(), 300);
  std::vector<float> queries;
  for (int i = 0; i < 600 * 4; ++i) queries.push_back(static_cast<float>(rng.below(5)) - 2.0F);
  for (const int k : {0, 1, 5, 299, 300, 301}) {
    SCOPED_TRACE(k);
    expect_same(device->search(queries, k), exact->search(queries, k));
  }
}

TEST(DeviceIndex, GivesItsVectorsBack) {
  Rng rng(8);
  const VectorTable vectors = table(5, 3, rng);
  const auto index = make_device_index(vectors, 0, torch::kCPU);
  EXPECT_TRUE(index->contains(50));
  EXPECT_FALSE(index->contains(55));
  const std::vector<DocumentId> ids = {50, 10};
  const std::vector<float> rows = index->vectors(ids);
  ASSERT_EQ(rows.size(), 6U);
  for (size_t d = 0; d < 3; ++d) {
    EXPECT_EQ(rows[d], vectors.row(4)[d]);
    EXPECT_EQ(rows[3 + d], vectors.row(0)[d]);
  }
  const std::vector<DocumentId> absent = {55};
  EXPECT_THROW(index->vectors(absent), Error);
}

TEST(DeviceIndex, RefusesQueriesOfAnotherWidth) {
  Rng rng(9);
  const auto index = make_device_index(table(4, 3, rng), 0, torch::kCPU);
  const std::vector<float> query = {1, 2};
  EXPECT_THROW(index->search(query, 1), Error);
}

}  // namespace
}  // namespace realm

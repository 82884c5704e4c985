#include "engine/index/faiss_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/rng.h"
#include "engine/index/embedding_file.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using ::testing::HasSubstr;
using testing::read_file;
using testing::TempDirectory;

// Close to a normal deviate: the sum of twelve uniform ones.
float normal(Rng& rng) {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += rng.uniform();
  return static_cast<float>(sum);
}

// `count` rows around `centres` random centres, as embeddings of a corpus with topics are; ids 1,
// 3, 5, ...
VectorTable topics(int count, int dimension, int centres, uint64_t seed) {
  Rng rng(seed);
  std::vector<float> middle;
  for (int i = 0; i < centres * dimension; ++i) middle.push_back(normal(rng));
  std::vector<DocumentId> ids;
  std::vector<float> rows;
  for (int i = 0; i < count; ++i) {
    ids.push_back(1 + 2 * i);
    const auto centre = static_cast<int>(rng.below(static_cast<uint64_t>(centres)));
    for (int d = 0; d < dimension; ++d) {
      rows.push_back(middle[static_cast<size_t>(centre * dimension + d)] + 0.4F * normal(rng));
    }
  }
  return VectorTable::from_memory(std::move(ids), std::move(rows), dimension);
}

// Straight from the definition, in double precision.
std::vector<Hit> brute_force(const VectorTable& table, std::span<const float> query, size_t k) {
  std::vector<Hit> hits;
  for (int64_t i = 0; i < table.size(); ++i) {
    double score = 0;
    for (size_t d = 0; d < query.size(); ++d)
      score += static_cast<double>(query[d]) * static_cast<double>(table.row(i)[d]);
    hits.push_back({table.ids()[static_cast<size_t>(i)], static_cast<float>(score)});
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.score > b.score; });
  hits.resize(std::min(k, hits.size()));
  return hits;
}

double recall(const MipsIndex& index, const MipsIndex& exact, std::span<const float> queries,
              int k) {
  const auto found = index.search(queries, k);
  const auto expected = exact.search(queries, k);
  double right = 0;
  double all = 0;
  for (size_t b = 0; b < found.size(); ++b) {
    EXPECT_EQ(found[b].size(), expected[b].size());
    for (const Hit& hit : expected[b]) {
      all += 1;
      right += std::any_of(found[b].begin(), found[b].end(),
                           [&](const Hit& other) { return other.id == hit.id; })
                   ? 1
                   : 0;
    }
  }
  return right / all;
}

// One query of the batch takes FAISS's way for single vectors, 40 its way over a matrix product.
TEST(ExactIndex, EqualsBruteForce) {
  const VectorTable table = topics(500, 24, 10, 3);
  const auto index = make_index(kExactIndexType, table, 1);
  const VectorTable queries = topics(40, 24, 10, 4);
  for (const int count : {1, 40}) {
    const auto results = index->search(queries.rows().first(static_cast<size_t>(count) * 24), 8);
    ASSERT_EQ(results.size(), static_cast<size_t>(count));
    for (int64_t b = 0; b < count; ++b) {
      const std::vector<Hit> expected = brute_force(table, queries.row(b), 8);
      const std::vector<Hit>& found = results[static_cast<size_t>(b)];
      ASSERT_EQ(found.size(), 8U);
      for (size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(found[i].id, expected[i].id) << "query " << b << " place " << i;
        EXPECT_NEAR(found[i].score, expected[i].score, 1e-4);
      }
    }
  }
}

TEST(ExactIndex, BreaksTiesByTheSmallerId) {
  // Thirty rows of three kinds; whole numbers, so that equal rows have equal scores on every way.
  std::vector<DocumentId> ids;
  std::vector<float> rows;
  for (int i = 0; i < 30; ++i) {
    ids.push_back(100 - i);
    rows.push_back(static_cast<float>(i % 3));
  }
  const VectorTable table = VectorTable::from_memory(ids, rows, 1);
  const auto index = make_index(kExactIndexType, table, 1);
  for (const size_t count : {size_t{1}, size_t{25}}) {
    const std::vector<float> queries(count, 1.0F);
    for (const int k : {1, 3, 9, 10, 11, 15, 30}) {
      const std::vector<Hit> expected =
          brute_force(table, std::vector<float>{1.0F}, static_cast<size_t>(k));
      for (const std::vector<Hit>& found : index->search(queries, k)) {
        ASSERT_EQ(found.size(), static_cast<size_t>(k));
        for (size_t i = 0; i < found.size(); ++i)
          EXPECT_EQ(found[i].id, expected[i].id) << "k " << k << " place " << i;
      }
    }
  }
}

TEST(ExactIndex, GivesFewerWhereItHoldsFewer) {
  const auto index = make_index(kExactIndexType, topics(5, 3, 2, 1), 1);
  const std::vector<float> query = {1, 0, 0};
  EXPECT_EQ(index->search(query, 100).front().size(), 5U);
  EXPECT_TRUE(index->search(query, 0).front().empty());
  EXPECT_TRUE(index->search(query, -5).front().empty());
  EXPECT_TRUE(make_index(kExactIndexType, VectorTable::from_memory({}, {}, 3), 1)
                  ->search(query, 4)
                  .front()
                  .empty());
}

TEST(ExactIndex, RefusesQueriesOfAnotherDimension) {
  const auto index = make_index(kExactIndexType, topics(5, 3, 2, 1), 1);
  for (const size_t values : {size_t{0}, size_t{2}, size_t{4}}) {
    try {
      index->search(std::vector<float>(values, 1.0F), 2);
      FAIL() << "no error for " << values << " values";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kMismatch);
      EXPECT_THAT(error.what(), HasSubstr("dimension 3"));
    }
  }
}

TEST(ExactIndex, GivesTheStoredVectorsInTheOrderAsked) {
  const VectorTable table = VectorTable::from_memory({4, 8}, {1, 2, 3, 4}, 2);
  const auto index = make_index(kExactIndexType, table, 7);
  const std::vector<DocumentId> ids = {8, 4, 8};
  EXPECT_THAT(index->vectors(ids), ::testing::ElementsAre(3, 4, 1, 2, 3, 4));
  EXPECT_TRUE(index->contains(4));
  EXPECT_FALSE(index->contains(5));
  EXPECT_EQ(index->generation(), 7);
  const std::vector<DocumentId> absent = {4, 5};
  try {
    index->vectors(absent);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), HasSubstr("document 5"));
  }
}

TEST(ExactIndex, MayBeSearchedByThreadsAtOnce) {
  const auto index = make_index(kExactIndexType, topics(300, 16, 5, 2), 1);
  const VectorTable queries = topics(20, 16, 5, 9);
  const auto expected = index->search(queries.rows(), 6);
  std::vector<std::vector<std::vector<Hit>>> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&] { result = index->search(queries.rows(), 6); });
    }
  }
  for (const auto& result : results) {
    ASSERT_EQ(result.size(), expected.size());
    for (size_t b = 0; b < result.size(); ++b) {
      for (size_t i = 0; i < 6; ++i) EXPECT_EQ(result[b][i].id, expected[b][i].id);
    }
  }
}

struct FactoryCase {
  const char* type;
  double least_recall;  // at 8
};

class FactoryIndexes : public ::testing::TestWithParam<FactoryCase> {};

TEST_P(FactoryIndexes, FindWhatTheExactIndexFinds) {
  const VectorTable table = topics(3000, 16, 40, 5);
  const VectorTable queries = topics(100, 16, 40, 5);
  const auto exact = make_index(kExactIndexType, table, 1);
  const auto index = make_index(GetParam().type, table, 4);
  EXPECT_EQ(index->type(), GetParam().type);
  EXPECT_EQ(index->generation(), 4);
  EXPECT_EQ(index->size(), 3000);
  EXPECT_GE(recall(*index, *exact, queries.rows(), 8), GetParam().least_recall);
}

INSTANTIATE_TEST_SUITE_P(Types, FactoryIndexes,
                         ::testing::Values(FactoryCase{"Flat", 1.0},
                                           FactoryCase{"IVF32,Flat", 0.95},
                                           FactoryCase{"HNSW16", 0.95},
                                           FactoryCase{"PCA12,IVF32,Flat", 0.6}),
                         [](const auto& tested) {
                           std::string name = tested.param.type;
                           std::replace(name.begin(), name.end(), ',', '_');
                           return name;
                         });

TEST(FactoryIndex, GivesKHitsEvenWhereItsListsHoldFewer) {
  // 100 rows in 50 lists: the few lists looked into hold about 16 rows, but 60 are asked for.
  const VectorTable table = topics(100, 8, 50, 6);
  const auto index = make_index("IVF50,Flat", table, 1);
  const auto exact = make_index(kExactIndexType, table, 1);
  const auto found = index->search(table.row(0), 60).front();
  const auto expected = exact->search(table.row(0), 60).front();
  ASSERT_EQ(found.size(), 60U);
  for (size_t i = 0; i < 60; ++i) EXPECT_EQ(found[i].id, expected[i].id);
}

TEST(FactoryIndex, GivesTheStoredVectorsUncompressed) {
  const VectorTable table = topics(400, 16, 8, 7);
  const auto index = make_index("IVF8,SQ8", table, 1);
  const DocumentId id = table.ids()[17];
  const std::vector<float> vector = index->vectors({&id, 1});
  EXPECT_TRUE(std::equal(vector.begin(), vector.end(), table.row(17).begin()));
}

TEST(FactoryIndex, NamesAFactoryStringThatFaissDoesNotAccept) {
  for (const char* type : {"Nonsense", "", "IVF0,Flat", "PQ7"}) {  // 16 is no multiple of 7
    try {
      make_index(type, topics(50, 16, 2, 1), 1);
      FAIL() << "no error for \"" << type << "\"";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_THAT(error.what(), HasSubstr("\"" + std::string(type) + "\""));
    }
  }
}

TEST(FactoryIndex, NamesACorpusThatIsTooSmallToTrainOn) {
  EXPECT_THROW(make_index("IVF64,Flat", topics(10, 8, 2, 1), 1), Error);
  EXPECT_THROW(make_index("IVF4,Flat", VectorTable::from_memory({}, {}, 8), 1), Error);
}

// Saved and loaded again, with its embeddings mapped from their file.
TEST(FaissIndexFile, FindsTheSameAfterItWasSavedAndLoaded) {
  for (const char* type : {"IVF16,Flat", "HNSW16"}) {
    const TempDirectory folder;
    const VectorTable table = topics(800, 16, 12, 8);
    const auto index = make_index(type, table, 3);
    write_embedding_file(folder / "embeddings", table);
    save_faiss_index(*index, folder / "index");
    const auto loaded = load_faiss_index(type, read_embedding_file(folder / "embeddings", true), 3,
                                         folder / "index");
    EXPECT_EQ(loaded->type(), type);
    const auto expected = index->search(table.rows().first(16 * 30), 8);
    const auto found = loaded->search(table.rows().first(16 * 30), 8);
    for (size_t b = 0; b < expected.size(); ++b) {
      ASSERT_EQ(found[b].size(), expected[b].size());
      for (size_t i = 0; i < found[b].size(); ++i)
        EXPECT_EQ(found[b][i].id, expected[b][i].id) << type;
    }
  }
}

class FaissIndexFileOnDisk : public ::testing::Test {
 protected:
  FaissIndexFileOnDisk() {
    save_faiss_index(*make_index("IVF4,Flat", table_, 1), folder_ / "index");
    whole_ = read_file(folder_ / "index");
  }
  void expect_error(const std::string& content, ErrorCode code, const std::string& named) {
    const auto file = folder_.write("changed", content);
    try {
      load_faiss_index("IVF4,Flat", table_, 1, file);
      FAIL() << "no error: " << named;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_THAT(error.what(), HasSubstr(named));
    }
  }
  VectorTable table_ = topics(100, 4, 4, 2);
  TempDirectory folder_;
  std::string whole_;
};

TEST_F(FaissIndexFileOnDisk, RefusesTruncations) {
  for (const size_t size :
       {size_t{0}, size_t{10}, size_t{79}, whole_.size() / 2, whole_.size() - 1}) {
    expect_error(whole_.substr(0, size), ErrorCode::kCorruptData,
                 size < 80 ? "too short" : "checksum");
  }
}

TEST_F(FaissIndexFileOnDisk, RefusesChangedBytes) {
  for (size_t at = 12; at < whole_.size(); at += 97) {
    std::string bad = whole_;
    bad[at] = static_cast<char>(bad[at] ^ 0x40);
    expect_error(bad, ErrorCode::kCorruptData, "checksum");
  }
}

TEST_F(FaissIndexFileOnDisk, RefusesAnotherKindAndANewerVersion) {
  std::string bad = whole_;
  bad.replace(0, 8, "REALMEMB");
  expect_error(bad, ErrorCode::kCorruptData, "REALMIDX");
  bad = whole_;
  bad[8] = 2;
  expect_error(bad, ErrorCode::kUnsupported, "format version 2");
}

TEST_F(FaissIndexFileOnDisk, NamesAFileThatIsNotThere) {
  try {
    load_faiss_index("IVF4,Flat", table_, 1, folder_ / "nothing");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  }
}

TEST_F(FaissIndexFileOnDisk, RefusesEmbeddingsThatItWasNotBuiltFrom) {
  for (const VectorTable& other : {topics(101, 4, 4, 2), topics(100, 5, 4, 2)}) {
    try {
      load_faiss_index("IVF4,Flat", other, 1, folder_ / "index");
      FAIL() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kMismatch);
      EXPECT_THAT(error.what(), HasSubstr("100 vectors of dimension 4"));
    }
  }
}

}  // namespace
}  // namespace realm

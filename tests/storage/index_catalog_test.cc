#include "storage/index_catalog.h"

#include <fmt/format.h>

#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;

class IndexCatalogTest : public testing::CorpusFixture {
 protected:
  IndexRecord make_index(int64_t generation) {
    const std::string path = fmt::format("indexes/{}", generation);
    std::filesystem::create_directories(folder / path);
    const IndexRecord record{.generation = generation,
                             .type = "exact",
                             .model_fingerprint = "m",
                             .corpus_fingerprint = "c",
                             .corpus_revision = 3,
                             .path = path,
                             .vectors = 12,
                             .dimension = 128,
                             .build_seconds = 1.5,
                             .built_at = ""};
    return record;
  }
  IndexCatalog catalog{*corpus, folder.path()};
};

TEST_F(IndexCatalogTest, IsEmptyAtFirst) {
  EXPECT_EQ(catalog.newest(), std::nullopt);
  EXPECT_EQ(catalog.next_generation(), 1);
}

TEST_F(IndexCatalogTest, GivesBackWhatWasPublished) {
  catalog.publish(make_index(1));
  catalog.publish(make_index(2));
  const std::optional<IndexRecord> record = catalog.newest();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->generation, 2);
  EXPECT_EQ(record->type, "exact");
  EXPECT_EQ(record->model_fingerprint, "m");
  EXPECT_EQ(record->corpus_fingerprint, "c");
  EXPECT_EQ(record->corpus_revision, 3);
  EXPECT_EQ(record->path, "indexes/2");
  EXPECT_EQ(record->vectors, 12);
  EXPECT_EQ(record->dimension, 128);
  EXPECT_EQ(record->build_seconds, 1.5);
  EXPECT_EQ(record->built_at.size(), 20U);
  EXPECT_EQ(catalog.list().size(), 2U);
}

TEST_F(IndexCatalogTest, RefusesARowWithoutItsFiles) {
  IndexRecord record = make_index(1);
  record.path = "indexes/9";
  EXPECT_EQ(error_code_of([&] { catalog.publish(record); }), ErrorCode::kNotFound);
  EXPECT_EQ(catalog.newest(), std::nullopt);
}

TEST_F(IndexCatalogTest, RefusesAGenerationTwice) {
  catalog.publish(make_index(1));
  EXPECT_EQ(error_code_of([&] { catalog.publish(make_index(1)); }), ErrorCode::kInvalidArgument);
}

TEST_F(IndexCatalogTest, NeverUsesAGenerationAgain) {
  catalog.publish(make_index(1));
  catalog.publish(make_index(2));
  catalog.remove(2);
  EXPECT_FALSE(std::filesystem::exists(folder / "indexes/2"));
  EXPECT_EQ(catalog.next_generation(), 3);
  std::filesystem::create_directories(folder / "indexes/7");  // a build that was killed
  EXPECT_EQ(catalog.next_generation(), 8);
}

TEST_F(IndexCatalogTest, KeepsArtifacts) {
  folder.write("card.json", "{}");
  ArtifactRecord record;
  record.kind = "card";
  record.path = "card.json";
  record.bytes = 2;
  catalog.add_artifact(record);
  record.bytes = 3;
  catalog.add_artifact(record);
  ASSERT_EQ(catalog.artifacts("card").size(), 1U);
  EXPECT_EQ(catalog.artifacts("card")[0].bytes, 3);
  EXPECT_TRUE(catalog.artifacts("other").empty());
  record.path = "none.json";
  EXPECT_EQ(error_code_of([&] { catalog.add_artifact(record); }), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace realm

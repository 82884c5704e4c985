#include "engine/index/embedding_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using testing::read_file;
using testing::TempDirectory;

VectorTable three_rows() {
  return VectorTable::from_memory({2, 3, 9}, {1.5F, -2.0F, 0.0F, 4.0F, 1e-30F, 3e30F}, 2);
}

// The bytes of a file as the header describes it, made without the code under test.
std::string file_of(const std::string& magic, uint32_t version, uint32_t dimension, uint64_t count,
                    const std::vector<int64_t>& ids, const std::vector<float>& rows) {
  std::string bytes(64, '\0');
  bytes.replace(0, 8, magic);
  std::memcpy(bytes.data() + 8, &version, 4);
  std::memcpy(bytes.data() + 12, &dimension, 4);
  std::memcpy(bytes.data() + 16, &count, 8);
  bytes.append(reinterpret_cast<const char*>(ids.data()), ids.size() * 8);
  bytes.append(reinterpret_cast<const char*>(rows.data()), rows.size() * 4);
  return bytes + sha256_hex(bytes);
}

void expect_error(const std::filesystem::path& file, ErrorCode code, const std::string& named,
                  bool verify = true) {
  try {
    read_embedding_file(file, verify);
    FAIL() << "no error for " << file;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(named));
    EXPECT_THAT(error.what(), HasSubstr(file.filename().string()));
  }
}

TEST(EmbeddingFile, GivesBackWhatWasWritten) {
  const TempDirectory folder;
  const VectorTable written = three_rows();
  write_embedding_file(folder / "embeddings", written);
  for (const bool verify : {false, true}) {
    const VectorTable read = read_embedding_file(folder / "embeddings", verify);
    EXPECT_EQ(read.dimension(), 2);
    EXPECT_THAT(read.ids(), ElementsAre(2, 3, 9));
    EXPECT_THAT(read.rows(), ElementsAreArray(written.rows().begin(), written.rows().end()));
  }
}

TEST(EmbeddingFile, HasTheBytesThatItsHeaderDescribes) {
  const TempDirectory folder;
  write_embedding_file(folder / "embeddings",
                       VectorTable::from_memory({2, 3}, {1, 2, 3, 4, 5, 6}, 3));
  EXPECT_EQ(read_file(folder / "embeddings"),
            file_of("REALMEMB", 1, 3, 2, {2, 3}, {1, 2, 3, 4, 5, 6}));
}

TEST(EmbeddingFile, MayHoldNoVectors) {
  const TempDirectory folder;
  write_embedding_file(folder / "embeddings", VectorTable::from_memory({}, {}, 5));
  const VectorTable read = read_embedding_file(folder / "embeddings", true);
  EXPECT_EQ(read.size(), 0);
  EXPECT_EQ(read.dimension(), 5);
}

TEST(EmbeddingFile, StaysReadableWhenItIsReplacedOrRemoved) {
  const TempDirectory folder;
  write_embedding_file(folder / "embeddings", three_rows());
  const VectorTable read = read_embedding_file(folder / "embeddings", true);
  write_embedding_file(folder / "embeddings", VectorTable::from_memory({1}, {9, 9}, 2));
  EXPECT_THAT(read.ids(), ElementsAre(2, 3, 9));
  std::filesystem::remove(folder / "embeddings");
  EXPECT_EQ(read.row(0)[0], 1.5F);
}

TEST(EmbeddingFile, NamesAFileThatIsNotThere) {
  const TempDirectory folder;
  expect_error(folder / "nothing", ErrorCode::kNotFound, "cannot be opened");
}

TEST(EmbeddingFile, RefusesAFolder) {
  const TempDirectory folder;
  std::filesystem::create_directory(folder / "embeddings");
  expect_error(folder / "embeddings", ErrorCode::kCorruptData, "cannot be mapped");
}

TEST(EmbeddingFile, RefusesEveryTruncation) {
  const TempDirectory folder;
  const std::string whole = file_of("REALMEMB", 1, 3, 2, {2, 3}, {1, 2, 3, 4, 5, 6});
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto file = folder.write("cut", whole.substr(0, size));
    try {
      read_embedding_file(file, true);
      FAIL() << "no error for a file of " << size << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorruptData) << size;
    }
  }
}

TEST(EmbeddingFile, RefusesAFlippedBitInAnyByte) {
  const TempDirectory folder;
  const std::string whole = file_of("REALMEMB", 1, 3, 2, {2, 3}, {1, 2, 3, 4, 5, 6});
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bad = whole;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    const auto file = folder.write("flipped", bad);
    EXPECT_THROW(read_embedding_file(file, true), Error) << "byte " << at;
  }
}

TEST(EmbeddingFile, RefusesAnotherKindOfFile) {
  const TempDirectory folder;
  expect_error(folder.write("other", file_of("REALMIDX", 1, 1, 1, {1}, {1})),
               ErrorCode::kCorruptData, "REALMEMB");
  expect_error(folder.write("text", std::string(4096, 'x')), ErrorCode::kCorruptData, "REALMEMB");
}

TEST(EmbeddingFile, RefusesANewerVersionAndNamesBoth) {
  const TempDirectory folder;
  const auto file = folder.write("newer", file_of("REALMEMB", 2, 1, 1, {1}, {1}));
  expect_error(file, ErrorCode::kUnsupported, "format version 2, but this program reads up to 1");
  expect_error(folder.write("zero", file_of("REALMEMB", 0, 1, 1, {1}, {1})),
               ErrorCode::kCorruptData, "version 0");
}

// Sizes of a header that lies, each with the right checksum.
TEST(EmbeddingFile, RefusesSizesThatDoNotFitTheFile) {
  const TempDirectory folder;
  const auto with = [&](uint32_t dimension, uint64_t count) {
    return folder.write("sizes", file_of("REALMEMB", 1, dimension, count, {1}, {1, 2}));
  };
  expect_error(with(2, 2), ErrorCode::kCorruptData, "2 vectors of dimension 2");
  expect_error(with(1, 1), ErrorCode::kCorruptData, "1 vectors of dimension 1");
  expect_error(with(0, 1), ErrorCode::kCorruptData, "dimension 0");
  expect_error(with(2, 0), ErrorCode::kCorruptData, "0 vectors");
  expect_error(with(2, UINT64_MAX), ErrorCode::kCorruptData, "18446744073709551615 vectors");
  // Products that would overflow to the file's size.
  expect_error(with(2, uint64_t{1} << 60), ErrorCode::kCorruptData, "vectors of dimension 2");
  expect_error(folder.write("wide", file_of("REALMEMB", 1, UINT32_MAX, 0, {}, {})),
               ErrorCode::kCorruptData, "4294967295");
}

TEST(EmbeddingFile, RefusesIdsThatDoNotAscend) {
  const TempDirectory folder;
  expect_error(folder.write("same", file_of("REALMEMB", 1, 1, 2, {5, 5}, {1, 2})),
               ErrorCode::kCorruptData, "5 follows 5");
  expect_error(folder.write("falling", file_of("REALMEMB", 1, 1, 2, {6, 5}, {1, 2})),
               ErrorCode::kCorruptData, "5 follows 6");
  expect_error(folder.write("null", file_of("REALMEMB", 1, 1, 2, {0, 5}, {1, 2})),
               ErrorCode::kCorruptData, "positive");
}

TEST(EmbeddingFile, IsCheckedAgainstItsChecksumOnlyWhereAsked) {
  const TempDirectory folder;
  std::string bytes = file_of("REALMEMB", 1, 1, 1, {1}, {1});
  bytes.back() = bytes.back() == '0' ? '1' : '0';
  const auto file = folder.write("embeddings", bytes);
  EXPECT_EQ(read_embedding_file(file, false).size(), 1);
  expect_error(file, ErrorCode::kCorruptData, "checksum");
}

TEST(EmbeddingFile, LeavesTheOldFileWhenItCannotBeWritten) {
  const TempDirectory folder;
  try {
    write_embedding_file(folder / "no such folder" / "embeddings", three_rows());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no such folder"));
  }
}

}  // namespace
}  // namespace realm

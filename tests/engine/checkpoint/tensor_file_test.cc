#include "engine/checkpoint/tensor_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::read_json;
using testing::require_parity;
using testing::TempDirectory;

void expect_values(const TensorView& tensor, const nlohmann::json& expected,
                   const std::string& name) {
  SCOPED_TRACE(name);
  EXPECT_EQ(tensor.shape, expected["shape"].get<std::vector<int64_t>>());
  const std::vector<float> values = to_float32(tensor);
  ASSERT_EQ(values.size(), expected["values"].size());
  for (size_t i = 0; i < values.size(); ++i) {
    const nlohmann::json& entry = expected["values"][i];
    const double value = entry.is_boolean() ? (entry.get<bool>() ? 1.0 : 0.0) : entry.get<double>();
    // The fixture has nine digits; integers beyond 2^24 are rounded by the way to float32.
    EXPECT_NEAR(values[i], value, 1e-7 * (1.0 + std::abs(value))) << "element " << i;
  }
}

class DtypesFile : public ::testing::TestWithParam<std::pair<const char*, TensorFormat>> {};

TEST_P(DtypesFile, HasEveryTensorWithItsTypeShapeAndValues) {
  const auto file = TensorFile::open(require_parity(GetParam().first));
  EXPECT_EQ(file->format(), GetParam().second);
  const nlohmann::json expected = read_json(require_parity("formats/dtypes.json"));
  EXPECT_EQ(file->names().size(), expected.size());
  for (const auto& [name, tensor] : expected.items()) {
    const TensorView* const found = file->find(name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_EQ(scalar_name(found->type), tensor["dtype"].get<std::string>()) << name;
    expect_values(*found, tensor, name);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, DtypesFile,
    ::testing::Values(std::pair("formats/dtypes.safetensors", TensorFormat::kSafetensors),
                      std::pair("formats/dtypes.zip.bin", TensorFormat::kTorchZip),
                      std::pair("formats/dtypes.legacy.bin", TensorFormat::kTorchLegacy)));

TEST(TensorFile, TellsAliasesOfOneStorage) {
  for (const char* const name : {"formats/dtypes.zip.bin", "formats/dtypes.legacy.bin"}) {
    const auto file = TensorFile::open(require_parity(name));
    EXPECT_TRUE(file->at("f32").is_alias_of(file->at("alias_of_f32"))) << name;
    EXPECT_FALSE(file->at("f32").is_alias_of(file->at("parameter"))) << name;
    // Two windows onto one storage are no aliases of each other, though they share it.
    EXPECT_EQ(file->at("transposed").storage, file->at("view_offset").storage) << name;
    EXPECT_FALSE(file->at("transposed").is_alias_of(file->at("view_offset"))) << name;
  }
}

TEST(TensorFile, FindsTheStateDictInsideATrainingCheckpoint) {
  const auto file = TensorFile::open(require_parity("formats/nested.zip.bin"));
  const nlohmann::json expected = read_json(require_parity("formats/dtypes.json"));
  EXPECT_EQ(file->names(), (std::vector<std::string>{"f32", "f64", "f16"}));
  for (const std::string& name : file->names()) expect_values(file->at(name), expected[name], name);
  EXPECT_EQ(file->metadata().at("epoch"), "3");
  EXPECT_EQ(file->metadata().at("note"), "nested");
}

TEST(TensorFile, ReadsTheSameTensorsFromBothFormatsOfAModel) {
  for (const std::string part : {"embedder", "scorer", "encoder", "reader", "openqa"}) {
    const auto zip = TensorFile::open(require_parity("cfg_b/" + part + "/pytorch_model.bin"));
    const auto safe = TensorFile::open(require_parity("cfg_b/" + part + "/model.safetensors"));
    EXPECT_LE(safe->names().size(), zip->names().size());
    for (const std::string& name : safe->names()) {
      EXPECT_EQ(to_float32(safe->at(name)), to_float32(zip->at(name))) << part << " " << name;
    }
  }
}

TEST(TensorFile, NamesTheTensorThatIsNotThere) {
  const auto file = TensorFile::open(require_parity("formats/dtypes.safetensors"));
  EXPECT_EQ(file->find("absent"), nullptr);
  expect_error(ErrorCode::kMismatch, "\"absent\"", [&] { file->at("absent"); });
}

TEST(TensorFile, SaysWhenThereIsNoSuchFile) {
  const TempDirectory folder;
  expect_error(ErrorCode::kNotFound, "none.bin", [&] { TensorFile::open(folder / "none.bin"); });
  expect_error(ErrorCode::kIo, "not a regular file", [&] { TensorFile::open(folder.path()); });
}

TEST(TensorFile, SaysWhatAFileIsThatIsNoCheckpoint) {
  const TempDirectory folder;
  expect_error(ErrorCode::kCorruptData, "is empty",
               [&] { TensorFile::open(folder.write("a.bin", "")); });
  expect_error(ErrorCode::kCorruptData, "not a checkpoint",
               [&] { TensorFile::open(folder.write("b.bin", "hello, world")); });
  expect_error(ErrorCode::kCorruptData, "git lfs pull", [&] {
    TensorFile::open(
        folder.write("c.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"));
  });
  expect_error(ErrorCode::kUnsupported, "HDF5",
               [&] { TensorFile::open(folder.write("d.h5", "\x89HDF\r\n\x1a\n.....")); });
}

class Shards : public ::testing::Test {
 protected:
  void write_shards() {
    folder_.write("s1.safetensors",
                  testing::safetensors(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})",
                                       "\x01\x02"));
    folder_.write(
        "s2.safetensors",
        testing::safetensors(R"({"b":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}})", "\xff"));
  }
  std::filesystem::path write_index(const std::string& map) {
    return folder_.write("model.safetensors.index.json",
                         R"({"metadata": {"total_size": 3}, "weight_map": )" + map + "}");
  }
  TempDirectory folder_;
};

TEST_F(Shards, AreReadAsOneFile) {
  write_shards();
  const auto file =
      TensorFile::open(write_index(R"({"a": "s1.safetensors", "b": "s2.safetensors"})"));
  EXPECT_EQ(file->format(), TensorFormat::kSharded);
  EXPECT_EQ(to_float32(file->at("a")), (std::vector<float>{1, 2}));
  EXPECT_EQ(to_float32(file->at("b")), std::vector<float>{-1});
  EXPECT_EQ(file->metadata().at("total_size"), "3");
}

TEST_F(Shards, NameTheMissingShardAndTheMissingTensor) {
  write_shards();
  expect_error(ErrorCode::kNotFound, "s3.safetensors",
               [&] { TensorFile::open(write_index(R"({"a": "s3.safetensors"})")); });
  expect_error(ErrorCode::kCorruptData, "\"c\"",
               [&] { TensorFile::open(write_index(R"({"c": "s1.safetensors"})")); });
}

TEST_F(Shards, MustHoldATensorInTheFileThatTheIndexNames) {
  write_shards();
  expect_error(ErrorCode::kCorruptData, "\"b\"", [&] {
    TensorFile::open(write_index(R"({"a": "s2.safetensors", "b": "s1.safetensors"})"));
  });
}

TEST_F(Shards, AreNotLookedForOutsideTheFolder) {
  expect_error(ErrorCode::kCorruptData, "not a file name",
               [&] { TensorFile::open(write_index(R"({"a": "../s1.safetensors"})")); });
  expect_error(ErrorCode::kCorruptData, "not a file name",
               [&] { TensorFile::open(write_index(R"({"a": 3})")); });
}

TEST_F(Shards, NeedAnIndexWithAWeightMap) {
  expect_error(ErrorCode::kCorruptData, "weight_map",
               [&] { TensorFile::open(folder_.write("x.json", R"({"metadata": {}})")); });
  expect_error(ErrorCode::kCorruptData, "weight_map",
               [&] { TensorFile::open(folder_.write("y.json", std::string(100000, '{'))); });
}

}  // namespace
}  // namespace realm

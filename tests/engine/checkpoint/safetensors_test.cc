#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/checkpoint/safetensors_writer.h"
#include "engine/checkpoint/tensor_file.h"
#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::little_endian;
using testing::read_file;
using testing::safetensors;
using testing::TempDirectory;

class SafetensorsReader : public ::testing::Test {
 protected:
  void expect_corrupt(const std::string& content, std::string_view part_of_sentence) {
    const auto path = folder_.write("bad.safetensors", content);
    expect_error(ErrorCode::kCorruptData, part_of_sentence, [&] { TensorFile::open(path); });
    expect_error(ErrorCode::kCorruptData, path.string(), [&] { TensorFile::open(path); });
  }
  // A header with one F32 tensor "t" of shape [2] and these offsets.
  static std::string one(const std::string& offsets, const std::string& shape = "[2]",
                         const std::string& type = "F32") {
    return R"({"t":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets +
           "}}";
  }
  TempDirectory folder_;
};

TEST_F(SafetensorsReader, ReadsMetadataAndAPaddedHeader) {
  const auto file = TensorFile::open(folder_.write(
      "a",
      safetensors(
          R"({"__metadata__":{"format":"pt"},"t":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}   )",
          "\x07")));
  EXPECT_EQ(file->metadata().at("format"), "pt");
  EXPECT_EQ(to_float32(file->at("t")), std::vector<float>{7});
}

TEST_F(SafetensorsReader, RefusesAHeaderThatTheFileCannotHold) {
  expect_corrupt(little_endian<uint64_t>(uint64_t{1} << 60) + "{}",
                 "its header is 1152921504606846976 bytes long");
  expect_corrupt(little_endian<uint64_t>(uint64_t{1} << 26) + "{}",
                 "is cut short: its header should be 67108864");
  expect_corrupt(little_endian<uint64_t>(UINT64_MAX) + "{}", "bytes long");
}

TEST_F(SafetensorsReader, RefusesWhatIsNoHeader) {
  expect_corrupt(safetensors(R"({"t":)", ""), "not valid JSON");
  expect_corrupt(safetensors(R"({"t":1})", ""),
                 "tensor \"t\" lacks one of dtype, shape and data_offsets");
  expect_corrupt(safetensors(R"({"t":{"dtype":"F32","shape":[2]}})", ""), "lacks one of");
  expect_corrupt(safetensors(R"({"__metadata__":{"a":1}})", ""), "\"a\" is not a string");
  expect_corrupt(safetensors(R"({"__metadata__":3})", ""), "not an object");
  expect_corrupt(safetensors("{\"t\xff\":1}", ""), "not valid JSON");
  expect_corrupt(safetensors("{" + std::string(5000, '{'), ""), "not valid JSON");
  expect_corrupt(safetensors(R"({"t":)" + std::string(5000, '['), ""), "nested too deeply");
}

TEST_F(SafetensorsReader, RefusesANameThatStandsTwice) {
  const std::string entry = R"("t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  expect_corrupt(safetensors("{" + entry + "," + entry + "}", "x"), "names \"t\" twice");
}

TEST_F(SafetensorsReader, RefusesSizesThatContradictEachOther) {
  const std::string data(8, 'x');
  expect_corrupt(safetensors(one("[0,8]", "[3]"), data),
                 "has shape [3] and type F32, which do not fill its 8 bytes");
  expect_corrupt(safetensors(one("[0,8]", "[4611686018427387904,4]"), data), "do not fill");
  expect_corrupt(safetensors(one("[0,8]", "[9223372036854775807,2]"), data), "do not fill");
  expect_corrupt(safetensors(one("[0,8]", "[-2]"), data), "not a whole number of 0 or more");
  expect_corrupt(safetensors(one("[0,8]", "[2.0]"), data), "not a whole number of 0 or more");
  expect_corrupt(safetensors(one("[0,8]", "[1e400]"), data), "not valid JSON");
  expect_corrupt(safetensors(one("[0,8]", "2"), data), "bad shape");
  expect_corrupt(safetensors(one("[0]"), data), "not a pair");
}

TEST_F(SafetensorsReader, RefusesOffsetsBeyondTheData) {
  expect_corrupt(safetensors(one("[0,8]"), "xxxxxxx"),
                 "tensor \"t\" claims bytes 0 to 8 of the data, of which there are 7");
  expect_corrupt(safetensors(one("[8,0]"), std::string(8, 'x')), "claims bytes 8 to 0");
  expect_corrupt(safetensors(one("[0,18446744073709551615]"), "x"), "not a whole number");
  expect_corrupt(safetensors(one("[9223372036854775800,9223372036854775807]"), "x"),
                 "claims bytes");
}

TEST_F(SafetensorsReader, RefusesOverlapsGapsAndRests) {
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + first +
           R"(},"b":{"dtype":"U8","shape":[2],"data_offsets":)" + second + "}}";
  };
  expect_corrupt(safetensors(two("[0,2]", "[1,3]"), "xyz"), "tensor \"b\" overlaps");
  expect_corrupt(safetensors(two("[0,2]", "[0,2]"), "xy"), "overlaps");
  expect_corrupt(safetensors(two("[0,2]", "[3,5]"), "xyzuv"), "tensor \"b\" begins 1 bytes after");
  expect_corrupt(safetensors(two("[0,2]", "[2,4]"), "xyzuv"), "1 bytes after its last tensor");
  EXPECT_NO_THROW(
      TensorFile::open(folder_.write("good", safetensors(two("[2,4]", "[0,2]"), "xyzu"))));
}

TEST_F(SafetensorsReader, NamesAnElementTypeThatItDoesNotKnow) {
  expect_error(ErrorCode::kUnsupported, "\"F8_E4M3\"", [&] {
    TensorFile::open(folder_.write("f8", safetensors(one("[0,2]", "[2]", "F8_E4M3"), "xy")));
  });
}

TEST(SafetensorsWriter, WritesWhatTheReaderReads) {
  const TempDirectory folder;
  const std::vector<float> a = {1.5F, -2.25F, 1e-30F, 3e38F};
  const std::vector<float> b = {0.5F, 65504.0F};
  const std::vector<float> scalar = {42.0F};
  const std::vector<TensorToWrite> tensors = {{"b", {2}, ScalarType::kF16, b},
                                              {"z.\xc3\xa9", {2, 2}, ScalarType::kF32, a},
                                              {"empty", {0, 3}, ScalarType::kF32, {}},
                                              {"scalar", {}, ScalarType::kF32, scalar}};
  write_safetensors(folder / "x", tensors);
  const auto file = TensorFile::open(folder / "x");
  EXPECT_EQ(to_float32(file->at("z.\xc3\xa9")), a);
  EXPECT_EQ(file->at("z.\xc3\xa9").shape, (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(to_float32(file->at("b")), b);
  EXPECT_EQ(file->at("b").type, ScalarType::kF16);
  EXPECT_EQ(to_float32(file->at("scalar")), scalar);
  EXPECT_EQ(file->at("empty").shape, (std::vector<int64_t>{0, 3}));
  EXPECT_EQ(file->metadata(), (std::map<std::string, std::string>{{"format", "pt"}}));
}

TEST(SafetensorsWriter, WritesTheLayoutOfTheFormat) {
  const TempDirectory folder;
  const std::vector<float> one = {1.0F};
  const std::vector<TensorToWrite> tensors = {{"a", {1}, ScalarType::kF16, one},
                                              {"b", {1}, ScalarType::kF32, one}};
  write_safetensors(folder / "x", tensors);
  // Wider elements first; the data begin at a multiple of eight; 1.0 is 3f800000, as half 3c00.
  std::string header =
      R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F16","shape":[1],"data_offsets":[4,6]}})";
  while (header.size() % 8 != 0) header += ' ';
  EXPECT_EQ(read_file(folder / "x"),
            little_endian<uint64_t>(header.size()) + header + std::string("\0\0\x80\x3f\0\x3c", 6));
}

TEST(SafetensorsWriter, GivesTheSameBytesInWhateverOrderTheTensorsCome) {
  const TempDirectory folder;
  const std::vector<float> a = {1, 2};
  const std::vector<float> b = {3};
  const std::vector<TensorToWrite> forward = {{"a", {2}, ScalarType::kF32, a},
                                              {"b", {1}, ScalarType::kF32, b}};
  const std::vector<TensorToWrite> backward = {forward[1], forward[0]};
  write_safetensors(folder / "x", forward);
  write_safetensors(folder / "y", backward);
  EXPECT_EQ(read_file(folder / "x"), read_file(folder / "y"));
}

TEST(SafetensorsWriter, NamesTheTensorThatItCannotWriteAndLeavesTheOldFile) {
  const TempDirectory folder;
  const auto path = folder.write("x", "old");
  const std::vector<float> two = {1, 2};
  const std::vector<float> large = {65520.0F};
  const std::vector<float> infinite = {std::numeric_limits<float>::infinity(), std::nanf("")};
  const auto write = [&](const std::vector<TensorToWrite>& tensors) {
    write_safetensors(path, tensors);
  };
  expect_error(ErrorCode::kInvalidArgument, "\"t\" cannot be written: its shape [3]", [&] {
    write({{"t", {3}, ScalarType::kF32, two}});
  });
  expect_error(ErrorCode::kInvalidArgument, "not I64", [&] {
    write({{"t", {2}, ScalarType::kI64, two}});
  });
  expect_error(ErrorCode::kInvalidArgument, "two of this name", [&] {
    write({{"t", {2}, ScalarType::kF32, two}, {"t", {2}, ScalarType::kF32, two}});
  });
  expect_error(ErrorCode::kInvalidArgument, "beyond the range of F16", [&] {
    write({{"t", {1}, ScalarType::kF16, large}});
  });
  expect_error(ErrorCode::kInvalidArgument, "something else", [&] {
    write({{"__metadata__", {2}, ScalarType::kF32, two}});
  });
  expect_error(ErrorCode::kInvalidArgument, "not valid UTF-8", [&] {
    write({{"\xff", {2}, ScalarType::kF32, two}});
  });
  EXPECT_EQ(read_file(path), "old");
  EXPECT_NO_THROW(write({{"t", {2}, ScalarType::kF16, infinite}}));
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path()))
    ++files;
  EXPECT_EQ(files, 1U);
}

TEST(SafetensorsWriter, SaysWhenTheFileCannotBeWritten) {
  const TempDirectory folder;
  expect_error(ErrorCode::kNotFound, "none", [&] { write_safetensors(folder / "none/x", {}); });
}

}  // namespace
}  // namespace realm

// Damaged files: whatever a byte says, opening a file and reading its tensors ends in values or in
// a realm::Error.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/base/rng.h"
#include "engine/checkpoint/model_folder.h"
#include "engine/checkpoint/tensor_file.h"
#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::read_file;
using testing::require_parity;
using testing::TempDirectory;

// True when the file opened. Reads every tensor of it; any exception but realm::Error fails the
// test.
bool survives(const std::filesystem::path& path) {
  try {
    const auto file = TensorFile::open(path);
    for (const std::string& name : file->names()) to_float32(file->at(name));
    return true;
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
    return false;
  }
}

class DamagedFile : public ::testing::TestWithParam<const char*> {
 protected:
  DamagedFile() : good_(read_file(require_parity(GetParam()))) {}
  std::string good_;
  TempDirectory folder_;
};

TEST_P(DamagedFile, IsRefusedWhenCutAtAnySixteenth) {
  for (size_t part = 0; part < 16; ++part) {
    EXPECT_FALSE(survives(folder_.write("cut", good_.substr(0, good_.size() * part / 16))))
        << part << "/16";
  }
  EXPECT_FALSE(survives(folder_.write("cut", good_.substr(0, good_.size() - 1))));
}

TEST_P(DamagedFile, NeverCrashesWhenAByteIsFlipped) {
  // Every byte of the head, where the structure is, and some of the rest. One file is changed in
  // place, which is faster.
  constexpr size_t kHead = 1700;
  const auto path = folder_.write("flipped", good_);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const auto put = [&](size_t at, char byte) {
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte).flush();
  };
  for (size_t i = 0; i < good_.size(); i += i < kHead ? 1 : 1 + good_.size() / 300) {
    put(i, static_cast<char>(good_[i] ^ (i % 3 == 0 ? 0xFF : i % 3 == 1 ? 0x80 : 0x01)));
    survives(path);
    put(i, good_[i]);
  }
  EXPECT_TRUE(survives(path));
}

TEST_P(DamagedFile, NeverCrashesOnScatteredGarbage) {
  Rng rng(7);
  for (int round = 0; round < 100; ++round) {
    std::string bad = good_;
    for (int i = 0; i < 8; ++i) bad[rng.below(bad.size())] = static_cast<char>(rng.below(256));
    survives(folder_.write("garbage", bad));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, DamagedFile,
                         ::testing::Values("formats/dtypes.safetensors", "formats/dtypes.zip.bin",
                                           "formats/dtypes.legacy.bin", "formats/nested.zip.bin",
                                           "formats/bert_legacy/pytorch_model.bin"),
                         [](const auto& test) {
                           std::string name = test.param;
                           for (char& c : name) {
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           }
                           return name;
                         });

TEST(HostileFile, NeverCrashesOnRandomBytes) {
  const TempDirectory folder;
  Rng rng(11);
  const std::string starts[] = {"",
                                "PK\x03\x04",
                                "\x80\x02",
                                "\x80\x04",
                                std::string("\x10\0\0\0\0\0\0\0{", 9),
                                "{\"weight_map\":"};
  for (int round = 0; round < 400; ++round) {
    std::string bytes = starts[rng.below(std::size(starts))];
    const uint64_t size = rng.below(200);
    for (uint64_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(rng.below(256)));
    EXPECT_FALSE(survives(folder.write("random", bytes)));
  }
}

TEST(HostileFile, AFolderWithACutCheckpointNamesTheFile) {
  const TempDirectory folder;
  const std::string good = read_file(require_parity("cfg_b/encoder/model.safetensors"));
  folder.write("config.json", read_file(require_parity("cfg_b/encoder/config.json")));
  const auto path = folder.write("model.safetensors", good.substr(0, good.size() / 2));
  testing::expect_error(ErrorCode::kCorruptData, path.string(),
                        [&] { ModelFolder::open(folder.path()); });
}

}  // namespace
}  // namespace realm

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/checkpoint/tensor_file.h"
#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::little_endian;
using testing::TempDirectory;
using testing::zip_of;

// --- pickles by hand, protocol 2 ---
// Some begin with std::string(...): at -O3, g++ 12 takes "x" + a temporary for an overlapping copy.

const std::string kProto = "\x80\x02";
std::string text(const std::string& value) {
  return std::string("X") + little_endian<uint32_t>(static_cast<uint32_t>(value.size())) + value;
}
std::string integer(int64_t value) { return std::string("\x8a\x08") + little_endian(value); }
std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
std::string tuple(const std::string& items) { return "(" + items + "t"; }
std::string storage(const std::string& key, int64_t count,
                    const std::string& type = "FloatStorage") {
  return tuple(text("storage") + global("torch", type) + text(key) + text("cpu") + integer(count)) +
         "Q";
}
std::string tensor(const std::string& a_storage, int64_t offset, const std::string& sizes,
                   const std::string& strides) {
  return global("torch._utils", "_rebuild_tensor_v2") +
         tuple(a_storage + integer(offset) + tuple(sizes) + tuple(strides) + "\x89" +
               global("collections", "OrderedDict") + ")R") +
         "R";
}
std::string vector_of(const std::string& key, int64_t count) {
  return tensor(storage(key, count), 0, integer(count), integer(1));
}
std::string dict(const std::string& items) { return "}(" + items + "u"; }
std::string floats(std::initializer_list<float> values) {
  std::string bytes;
  for (const float value : values) bytes += little_endian(value);
  return bytes;
}

class TorchReader : public ::testing::Test {
 protected:
  std::unique_ptr<TensorFile> open_zip(const std::string& pickle,
                                       std::map<std::string, std::string> entries = {}) {
    entries["archive/data.pkl"] = kProto + pickle + ".";
    return TensorFile::open(folder_.write("x.bin", zip_of(entries)));
  }
  void expect_refused(const std::string& pickle, ErrorCode code,
                      std::string_view part_of_sentence) {
    expect_error(code, part_of_sentence, [&] {
      open_zip(pickle, {{"archive/data/0", floats({1, 2})}});
    });
  }
  TempDirectory folder_;
};

TEST_F(TorchReader, ReadsATensorInPlace) {
  const auto file =
      open_zip(dict(text("w") + vector_of("0", 2)), {{"archive/data/0", floats({1, 2})}});
  EXPECT_EQ(to_float32(file->at("w")), (std::vector<float>{1, 2}));
}

TEST_F(TorchReader, AcceptsAnyRootName) {
  const auto path = folder_.write(
      "y.bin", zip_of({{"my model/data.pkl", kProto + dict(text("w") + vector_of("k", 1)) + "."},
                       {"my model/data/k", floats({5})},
                       {"my model/byteorder", "little"}}));
  EXPECT_EQ(to_float32(TensorFile::open(path)->at("w")), std::vector<float>{5});
}

TEST_F(TorchReader, RunsNothingAndNamesTheGlobalThatAPickleAsksFor) {
  const std::filesystem::path mark = folder_ / "ran";
  const std::string command = "touch " + mark.string();
  const std::string call = global("os", "system") + tuple(text(command)) + "R";
  constexpr std::string_view kSentence = "asks for os.system, which is not allowed";
  expect_refused(call, ErrorCode::kUnsupported, kSentence);
  expect_refused(dict(text("w") + call), ErrorCode::kUnsupported, kSentence);
  expect_refused(global("builtins", "eval") + tuple(text("1")) + "R", ErrorCode::kUnsupported,
                 "asks for builtins.eval");
  expect_refused(global("torch", "load") + tuple(text("1")) + "R", ErrorCode::kUnsupported,
                 "asks for torch.load");
  // By the other opcodes that can name a global.
  expect_refused(text("posix") + text("system") + "\x93" + tuple(text(command)) + "R",
                 ErrorCode::kUnsupported, "asks for posix.system");
  expect_refused("(" + text(command) + "ios\nsystem\n", ErrorCode::kUnsupported, kSentence);
  // As bare pickles, also of protocol 0, and as legacy files.
  const std::string bare_pickles[] = {kProto + call + ".", "cos\nsystem\n(S'" + command + "'\ntR.",
                                      "(cos\nsystem\nS'x'\no.",
                                      kProto + "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19." +
                                          kProto + "M\xe9\x03." + kProto + call + "."};
  for (const std::string& bare : bare_pickles) {
    const auto path = folder_.write("bare.bin", bare);
    expect_error(ErrorCode::kUnsupported, kSentence, [&] { TensorFile::open(path); });
  }
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST_F(TorchReader, PutsNoControlCharactersOfANameIntoItsMessage) {
  expect_refused(global("os\x1b[31m", "system\xff"), ErrorCode::kUnsupported,
                 "os\\u001b[31m.system");
}

TEST_F(TorchReader, RefusesOpcodesThatMakeObjects) {
  expect_refused(global("collections", "OrderedDict") + ")\x81", ErrorCode::kUnsupported,
                 "pickle opcode 0x81");
  expect_refused("\x82\x01", ErrorCode::kUnsupported, "pickle opcode 0x82");
  expect_refused("Pid\n", ErrorCode::kUnsupported, "pickle opcode 0x50");
  expect_refused(storage("0", 2) + "}b", ErrorCode::kUnsupported, "sets the state");
  expect_refused(dict("") + ")R", ErrorCode::kUnsupported, "calls an object");
  expect_refused(global("torch", "FloatStorage") + ")R", ErrorCode::kUnsupported,
                 "calls a storage type");
}

TEST_F(TorchReader, IgnoresTheMetadataOfAStateDict) {
  const std::string state = dict(text("_metadata") + global("collections", "OrderedDict") + ")R");
  const auto file = open_zip(global("collections", "OrderedDict") + ")R(" + text("w") +
                                 vector_of("0", 2) + "u" + state + "b",
                             {{"archive/data/0", floats({1, 2})}});
  EXPECT_EQ(file->names(), std::vector<std::string>{"w"});
}

TEST_F(TorchReader, FlattensNestedDictsAndKeepsTheLastOfTwoEqualKeys) {
  const std::string inner = dict(text("b") + vector_of("0", 1) + text("b") + vector_of("1", 1));
  const auto file =
      open_zip(dict(text("model") + dict(text("a") + inner + text("w") + vector_of("0", 1)) +
                    text("loss") + std::string("G\x3f\xe0\0\0\0\0\0\0", 9) + text("lr") + "N"),
               {{"archive/data/0", floats({1})}, {"archive/data/1", floats({2})}});
  EXPECT_EQ(file->names(), (std::vector<std::string>{"a.b", "w"}));
  EXPECT_EQ(to_float32(file->at("a.b")), std::vector<float>{2});
}

TEST_F(TorchReader, ReadsAnOrderedDictOfPairs) {
  const std::string pair = "](" + text("w") + vector_of("0", 2) + "e";
  const auto file = open_zip(global("collections", "OrderedDict") + tuple("](" + pair + "e") + "R",
                             {{"archive/data/0", floats({1, 2})}});
  EXPECT_EQ(file->names(), std::vector<std::string>{"w"});
}

TEST_F(TorchReader, SaysWhenThereAreNoTensors) {
  expect_refused(integer(3), ErrorCode::kCorruptData, "holds no dict of tensors");
  expect_refused(vector_of("0", 2), ErrorCode::kCorruptData, "one nameless tensor");
  expect_refused(dict(text("epoch") + integer(3)), ErrorCode::kCorruptData, "no tensors in it");
  EXPECT_TRUE(open_zip("}")->names().empty());
}

TEST_F(TorchReader, NamesTheTensorThatReachesBeyondItsStorage) {
  const auto bad = [](const std::string& a_tensor) { return dict(text("w") + a_tensor); };
  constexpr auto kCorrupt = ErrorCode::kCorruptData;
  expect_refused(bad(tensor(storage("0", 2), 0, integer(3), integer(1))), kCorrupt,
                 "tensor \"w\" reaches beyond its storage of 2");
  expect_refused(bad(tensor(storage("0", 2), 1, integer(2), integer(1))), kCorrupt,
                 "reaches beyond");
  expect_refused(bad(tensor(storage("0", 2), 3, integer(0), integer(1))), kCorrupt,
                 "reaches beyond");
  expect_refused(bad(tensor(storage("0", 2), 0, integer(2), integer(INT64_MAX))), kCorrupt,
                 "reaches beyond");
  expect_refused(bad(tensor(storage("0", 2), INT64_MAX, integer(2), integer(INT64_MAX))), kCorrupt,
                 "reaches beyond");
  expect_refused(bad(tensor(storage("0", 2), -1, integer(2), integer(1))), kCorrupt,
                 "unexpected arguments");
  expect_refused(bad(tensor(storage("0", 2), 0, integer(-2), integer(1))), kCorrupt,
                 "not a whole number of 0 or more");
  expect_refused(bad(tensor(storage("0", 2), 0, integer(2), integer(-1))), kCorrupt,
                 "not a whole number of 0 or more");
  expect_refused(bad(tensor(storage("0", 2), 0, integer(2), integer(1) + integer(1))), kCorrupt,
                 "unexpected arguments");
  expect_refused(bad(tensor(storage("0", 3), 0, integer(2), integer(1))), kCorrupt,
                 "needs a storage of 3 elements, of which the file holds 2");
  expect_refused(bad(tensor(storage("0", INT64_MAX), 0, integer(2), integer(1))), kCorrupt,
                 "of which the file holds 2");
  expect_refused(bad(tensor(storage("1", 2), 0, integer(2), integer(1))), kCorrupt,
                 "no entry \"archive/data/1\"");
}

TEST_F(TorchReader, RefusesAnExpansionThatWouldFillTheMemory) {
  const std::string huge = integer(int64_t{1} << 40);
  expect_refused(dict(text("w") + tensor(storage("0", 2), 0, huge, integer(0))),
                 ErrorCode::kCorruptData, "far larger than its storage");
  expect_refused(dict(text("w") + tensor(storage("0", 2), 0, huge + huge, integer(0) + integer(0))),
                 ErrorCode::kCorruptData, "far larger");
}

TEST_F(TorchReader, RefusesPicklesThatTakeFromNothing) {
  for (const char* const pickle :
       {"", "t", "u", "a", "R", "Q", "b", "h\x05", "q\x01", "\x85", "}s", "](", "e", "\x93"}) {
    SCOPED_TRACE(pickle);
    expect_refused(pickle, ErrorCode::kCorruptData, "damaged pickle");
  }
  expect_refused("}(Nu", ErrorCode::kCorruptData, "without a value");
  expect_refused(
      "X\xff\xff\xff\xff"
      "abc",
      ErrorCode::kCorruptData, "cut short");
  expect_refused("\x8d\xff\xff\xff\xff\xff\xff\xff\xff", ErrorCode::kCorruptData, "cut short");
  expect_refused("\x8b\xff\xff\xff\xff", ErrorCode::kCorruptData, "negative length");
  expect_refused("cos", ErrorCode::kCorruptData, "a name has no end");
}

TEST_F(TorchReader, SurvivesDepthCyclesAndSharing) {
  // Tuples nested a million deep, and a dict that holds itself under "model" and elsewhere.
  expect_refused(")" + std::string(1'000'000, '\x85'), ErrorCode::kCorruptData,
                 "no dict of tensors");
  expect_refused("}q\x01(" + text("model") + "h\x01" + text("b") + "h\x01u",
                 ErrorCode::kCorruptData, "no tensors in it");
  const auto file = open_zip("}q\x01(" + text("w") + vector_of("0", 2) + text("self") + "h\x01u",
                             {{"archive/data/0", floats({1, 2})}});
  EXPECT_EQ(file->names(), std::vector<std::string>{"w"});
  // Forty dicts, each holding the one before twice: 2^40 ways through them.
  std::string chain = dict(text("w") + vector_of("0", 2)) + "q\x01";
  for (int i = 1; i <= 40; ++i) {
    const std::string get = std::string("h") + static_cast<char>(i);
    chain += "}(" + text("a") + get + text("b") + get + "uq" + static_cast<char>(i + 1);
  }
  const std::string root = dict(text("x") + vector_of("0", 2) + text("deep") + "h\x29");
  const auto shared = open_zip(tuple(chain) + "q\x7f" + root, {{"archive/data/0", floats({1, 2})}});
  EXPECT_LE(shared->names().size(), 2U);
}

TEST_F(TorchReader, RefusesAnotherByteOrderAndTorchScript) {
  const std::string pickle = kProto + dict(text("w") + vector_of("0", 1)) + ".";
  expect_error(ErrorCode::kUnsupported, "big-endian", [&] {
    TensorFile::open(folder_.write(
        "b.bin",
        zip_of({{"a/data.pkl", pickle}, {"a/data/0", floats({1})}, {"a/byteorder", "big"}})));
  });
  expect_error(ErrorCode::kCorruptData, "it has no data.pkl", [&] {
    TensorFile::open(folder_.write("c.bin", zip_of({{"a/x", "y"}})));
  });
}

class ZipDamage : public TorchReader {
 protected:
  ZipDamage() {
    good_ = zip_of({{"a/data.pkl", kProto + dict(text("w") + vector_of("0", 2)) + "."},
                    {"a/data/0", floats({1, 2})}});
  }
  // The archive with the bytes at `offset` replaced.
  void expect_corrupt(size_t offset, const std::string& bytes, std::string_view part_of_sentence) {
    std::string bad = good_;
    bad.replace(offset, bytes.size(), bytes);
    const auto path = folder_.write("z.bin", bad);
    expect_error(ErrorCode::kCorruptData, part_of_sentence, [&] { TensorFile::open(path); });
  }
  std::string good_;
};

TEST_F(ZipDamage, IsNamed) {
  const size_t end = good_.size() - 22;
  const size_t directory = good_.find("PK\x01\x02");
  expect_corrupt(end + 16, little_endian<uint32_t>(0xFFFFFF00U),
                 "the directory should be at bytes 4294967040");
  expect_corrupt(end + 12, little_endian<uint32_t>(0x7FFFFFFFU), "the directory should be at");
  expect_corrupt(end + 10, little_endian<uint16_t>(9), "its directory ends after 2 of 9 entries");
  expect_corrupt(end, "XX", "no end-of-directory record");
  expect_corrupt(directory + 42, little_endian<uint32_t>(0x70000000U),
                 "the header of an entry should be at bytes 1879048192");
  expect_corrupt(directory + 42, little_endian<uint32_t>(3), "there is no entry header where");
  expect_corrupt(directory + 20, little_endian<uint32_t>(1), "two different sizes");
  expect_corrupt(directory + 20,
                 little_endian<uint32_t>(0x7FFFFFFFU) + little_endian<uint32_t>(0x7FFFFFFFU),
                 "an entry should be at");
  expect_corrupt(directory + 28, little_endian<uint16_t>(0xFFFF), "its directory is cut short");
}

TEST_F(ZipDamage, CompressedEntriesAreRefused) {
  std::string deflated = good_;
  deflated.replace(good_.find("PK\x01\x02") + 10, 2, little_endian<uint16_t>(8));
  const auto path = folder_.write("d.bin", deflated);
  expect_error(ErrorCode::kUnsupported, "is compressed or encrypted",
               [&] { TensorFile::open(path); });
}

TEST_F(TorchReader, OpensAFileOfSevenGigabytesWithoutReadingIt) {
  // block_emb of the released open-QA models, [13353718, 128], as a hole in a sparse zip64 file.
  constexpr int64_t kRows = 13'353'718;
  constexpr int64_t kColumns = 128;
  constexpr uint64_t kBytes = uint64_t{kRows} * kColumns * 4;
  const std::string pickle = kProto +
                             dict(text("block_emb") + tensor(storage("0", kRows * kColumns), 0,
                                                             integer(kRows) + integer(kColumns),
                                                             integer(kColumns) + integer(1))) +
                             ".";
  const auto local = [](const std::string& name, uint64_t size) {
    return "PK\x03\x04" + little_endian<uint16_t>(45) + std::string(12, '\0') +
           little_endian(static_cast<uint32_t>(std::min<uint64_t>(size, UINT32_MAX))) +
           little_endian(static_cast<uint32_t>(std::min<uint64_t>(size, UINT32_MAX))) +
           little_endian(static_cast<uint16_t>(name.size())) + little_endian<uint16_t>(0) + name;
  };
  const auto listed = [](const std::string& name, uint64_t size, uint64_t offset) {
    const std::string extra = little_endian<uint16_t>(1) + little_endian<uint16_t>(24) +
                              little_endian(size) + little_endian(size) + little_endian(offset);
    return "PK\x01\x02" + std::string(16, '\0') + std::string(8, '\xff') +
           little_endian(static_cast<uint16_t>(name.size())) +
           little_endian(static_cast<uint16_t>(extra.size())) + std::string(10, '\0') +
           std::string(4, '\xff') + name + extra;
  };
  const std::string first = local("m/data/0", kBytes);
  const std::string second = local("m/data.pkl", pickle.size()) + pickle;
  const uint64_t second_offset = first.size() + kBytes;
  const std::string directory =
      listed("m/data/0", kBytes, 0) + listed("m/data.pkl", pickle.size(), second_offset);
  const uint64_t directory_offset = second_offset + second.size();
  const std::string end64 = "PK\x06\x06" + little_endian<uint64_t>(44) + std::string(12, '\0') +
                            little_endian<uint64_t>(2) + little_endian<uint64_t>(2) +
                            little_endian<uint64_t>(directory.size()) +
                            little_endian(directory_offset);
  const std::string locator = "PK\x06\x07" + std::string(4, '\0') +
                              little_endian<uint64_t>(directory_offset + directory.size()) +
                              little_endian<uint32_t>(1);
  const std::string end =
      "PK\x05\x06" + std::string(4, '\0') + std::string(12, '\xff') + std::string(2, '\0');

  const auto path = folder_.write("big.bin", first);
  if (::truncate(path.c_str(), static_cast<off_t>(second_offset)) != 0)
    GTEST_SKIP() << "no room for a sparse file here";
  {
    std::fstream out(path, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(second_offset - 4));
    out << floats({0.25F}) << second << directory << end64 << locator << end;
    ASSERT_TRUE(out.good());
  }
  const auto file = TensorFile::open(path);
  const TensorView& rows = file->at("block_emb");
  EXPECT_EQ(rows.shape, (std::vector<int64_t>{kRows, kColumns}));
  TensorView last = rows;
  last.shape = {1};
  last.strides = {1};
  last.data += (kRows * kColumns - 1) * 4;
  EXPECT_EQ(to_float32(last), std::vector<float>{0.25F});
}

}  // namespace
}  // namespace realm

#include "engine/text/vocabulary.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

constexpr char kSmall[] = "[PAD]\na\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n##b\n";

// The sentence of the Error that `make` throws, after its code; empty when it throws none.
template <typename Make>
std::string error_of(ErrorCode code, Make make) {
  try {
    make();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return {};
}

TEST(Vocabulary, NumbersPiecesByLineFromZero) {
  const testing::TempDirectory folder;
  const Vocabulary vocabulary = Vocabulary::load(folder.write("vocab.txt", kSmall));
  EXPECT_EQ(vocabulary.size(), 7);
  EXPECT_EQ(vocabulary.find("a"), 1);
  EXPECT_EQ(vocabulary.find("##b"), 6);
  EXPECT_EQ(vocabulary.find("b"), std::nullopt);
  EXPECT_EQ(vocabulary.piece(6), "##b");
}

TEST(Vocabulary, ReadsTheSpecialIdsFromTheFile) {
  const Vocabulary vocabulary = Vocabulary::load(testing::require_parity("tokenizer/vocab.txt"));
  EXPECT_EQ(vocabulary.size(), 2000);
  EXPECT_EQ(vocabulary.special().pad, 0);
  EXPECT_EQ(vocabulary.special().unknown, 6);
  EXPECT_EQ(vocabulary.special().cls, 7);
  EXPECT_EQ(vocabulary.special().sep, 8);
  EXPECT_EQ(vocabulary.special().mask, 9);
  EXPECT_TRUE(vocabulary.is_special(9));
  EXPECT_FALSE(vocabulary.is_special(1));
  EXPECT_FALSE(vocabulary.is_special(-1));
}

TEST(Vocabulary, ReadsWindowsLineEndsAndALastLineWithoutOne) {
  const testing::TempDirectory folder;
  const Vocabulary vocabulary = Vocabulary::load(
      folder.write("vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n[MASK]\r\nword"));
  EXPECT_EQ(vocabulary.find("[MASK]"), 4);
  EXPECT_EQ(vocabulary.find("word"), 5);
}

TEST(Vocabulary, ARepeatedPieceKeepsItsLastId) {
  const Vocabulary vocabulary({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "a"});
  EXPECT_EQ(vocabulary.find("a"), 7);
  EXPECT_EQ(vocabulary.piece(5), "a");
}

TEST(Vocabulary, NamesTheSpecialPieceThatIsMissing) {
  const std::string sentence = error_of(ErrorCode::kCorruptData, [] {
    Vocabulary({"[PAD]", "[UNK]", "[CLS]", "[SEP]"});
  });
  EXPECT_NE(sentence.find("[MASK]"), std::string::npos) << sentence;
}

TEST(Vocabulary, NamesTheLineThatIsEmpty) {
  const testing::TempDirectory folder;
  const auto file = folder.write("vocab.txt", "[PAD]\n[UNK]\n\n[CLS]\n");
  const std::string sentence = error_of(ErrorCode::kCorruptData, [&] { Vocabulary::load(file); });
  EXPECT_NE(sentence.find("Line 3"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find(file.string()), std::string::npos) << sentence;
}

TEST(Vocabulary, NamesTheLineThatIsNotUtf8) {
  const testing::TempDirectory folder;
  const auto file = folder.write("vocab.txt", "[PAD]\n\xff\n");
  const std::string sentence = error_of(ErrorCode::kCorruptData, [&] { Vocabulary::load(file); });
  EXPECT_NE(sentence.find("Line 2"), std::string::npos) << sentence;
}

TEST(Vocabulary, NamesAFileThatIsNotThere) {
  const testing::TempDirectory folder;
  const std::string sentence =
      error_of(ErrorCode::kNotFound, [&] { Vocabulary::load(folder / "vocab.txt"); });
  EXPECT_NE(sentence.find("vocab.txt"), std::string::npos) << sentence;
}

TEST(Vocabulary, ItsFingerprintIsTheDigestOfItsLines) {
  const testing::TempDirectory folder;
  const Vocabulary vocabulary = Vocabulary::load(folder.write("vocab.txt", kSmall));
  EXPECT_EQ(vocabulary.fingerprint(), sha256_hex(kSmall));
}

}  // namespace
}  // namespace realm

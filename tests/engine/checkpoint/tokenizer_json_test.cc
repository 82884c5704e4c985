#include "engine/checkpoint/tokenizer_json.h"

#include <gtest/gtest.h>

#include "tests/engine/checkpoint/checkpoint_test_support.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::expect_error;
using testing::TempDirectory;

TEST(TokenizerJson, GivesThePiecesInTheOrderOfTheirIds) {
  const TempDirectory folder;
  const auto file = folder.write("tokenizer.json", R"({"normalizer": {"lowercase": false},
    "model": {"type": "WordPiece", "continuing_subword_prefix": "##",
              "vocab": {"b": 2, "[PAD]": 0, "##\u00e9": 1}}})");
  const TokenizerJson tokenizer = read_tokenizer_json(file);
  EXPECT_EQ(tokenizer.pieces, (std::vector<std::string>{"[PAD]", "##é", "b"}));
  EXPECT_FALSE(tokenizer.lower_case);
}

TEST(TokenizerJson, OfAnotherModelOrWithGapsIsRefused) {
  const TempDirectory folder;
  const auto refuse = [&](const char* text, ErrorCode code, const char* part) {
    const auto file = folder.write("tokenizer.json", text);
    expect_error(code, part, [&] { read_tokenizer_json(file); });
  };
  refuse(R"({"model": {"type": "BPE", "vocab": {"a": 0}}})", ErrorCode::kUnsupported, "BPE");
  refuse(R"({"model": {"vocab": {"a": 0, "b": 2}}})", ErrorCode::kCorruptData, "\"b\"");
  refuse(R"({"model": {"vocab": {"a": 0, "b": 0}}})", ErrorCode::kCorruptData, "each once");
  refuse(R"({"model": {"vocab": {"a": -1}}})", ErrorCode::kCorruptData, "-1");
  refuse(R"({"model": 3})", ErrorCode::kCorruptData, "vocab");
  refuse("[", ErrorCode::kCorruptData, "JSON");
}

}  // namespace
}  // namespace realm

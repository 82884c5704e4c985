#include "engine/checkpoint/token_classifier_tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"
#include "tests/support/token_classifier_folder.h"

namespace realm {
namespace {

using ::testing::HasSubstr;
using testing::TempDirectory;
using testing::TokenClassifierFolder;
using Place = TokenLabel::Place;

TokenClassifierTensors load(const TempDirectory& temp, const TokenClassifierFolder& content) {
  testing::write_token_classifier(temp / "tagger", content);
  return load_token_classifier_tensors(ModelFolder::open(temp / "tagger"));
}

void expect_error(const TokenClassifierFolder& content, ErrorCode code, const std::string& named) {
  const TempDirectory temp;
  try {
    load(temp, content);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(named));
  }
}

TEST(TokenLabel, IsReadFromBothIobSchemes) {
  EXPECT_EQ(parse_token_label("O"), TokenLabel{});
  EXPECT_EQ(parse_token_label("B-PER"), (TokenLabel{Place::kBegin, "PER"}));
  EXPECT_EQ(parse_token_label("I-MISC"), (TokenLabel{Place::kInside, "MISC"}));
  for (const char* const name : {"", "PER", "B-", "S-PER", "E-LOC", "LABEL_0", "B_PER"})
    EXPECT_EQ(parse_token_label(name), std::nullopt) << name;
}

TEST(TokenClassifierTensors, AccountForEveryTensor) {
  const TempDirectory temp;
  const TokenClassifierTensors classifier = load(temp, {.pieces = {{"ann", 1}}});
  ASSERT_EQ(classifier.labels.size(), 5U);
  EXPECT_EQ(classifier.labels[3], (TokenLabel{Place::kBegin, "LOC"}));
  const PartTensors& tensors = classifier.tensors;
  EXPECT_EQ(tensors.at("classifier.weight").shape, (std::vector<int64_t>{5, 8}));
  EXPECT_EQ(tensors.at("classifier.bias").shape, (std::vector<int64_t>{5}));
  // 3 embeddings and their norm, 16 of the layer, 2 of the classifier: all that the file has.
  EXPECT_EQ(tensors.accounting.loaded.size(), 23U);
  EXPECT_EQ(tensors.file->names().size(), 23U);
  EXPECT_TRUE(tensors.accounting.unexpected.empty());
  EXPECT_TRUE(tensors.accounting.missing.empty());
  EXPECT_TRUE(tensors.accounting.misshapen.empty());
}

TEST(TokenClassifierTensors, NameWhatIsMissingOrMisshapen) {
  expect_error({.left_out = "classifier.bias"}, ErrorCode::kMismatch, "classifier.bias");
  expect_error({.left_out = "bert.embeddings.LayerNorm.weight"}, ErrorCode::kMismatch,
               "embeddings.LayerNorm.weight");
  expect_error({.classifier_rows = 4}, ErrorCode::kMismatch, "classifier.weight");
}

TEST(TokenClassifierTensors, NeedLabelsOfAnIobScheme) {
  expect_error({.id2label = R"({"0": "LABEL_0", "1": "LABEL_1"})"}, ErrorCode::kUnsupported,
               "LABEL_0");
  expect_error({.id2label = R"({"0": "O", "2": "B-PER"})"}, ErrorCode::kCorruptData, "id2label");
  expect_error({.id2label = R"({"0": "O", "1": 3})"}, ErrorCode::kCorruptData, "id2label");
  expect_error({.id2label = R"(["O"])"}, ErrorCode::kCorruptData, "id2label");
  expect_error({.id2label = "{}"}, ErrorCode::kCorruptData, "empty");
}

}  // namespace
}  // namespace realm

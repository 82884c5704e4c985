#include "engine/tagging/bert_span_tagger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"
#include "tests/support/token_classifier_folder.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TempDirectory;
using testing::TokenClassifierFolder;

constexpr int kOutside = 0, kBeginPerson = 1, kInsidePerson = 2, kBeginPlace = 3, kInsidePlace = 4;

std::vector<std::string> spans(const SalientSpanTagger& tagger, std::string_view text) {
  std::vector<std::string> found;
  for (const SalientSpan& span : tagger.tag(text))
    found.emplace_back(text.substr(span.bytes.begin, span.bytes.size()));
  return found;
}

class BertSpanTaggers : public ::testing::Test {
 protected:
  // "ann" begins a person and "lee" goes on with one; "bero" is be ##ro, of which the second piece
  // would be a place.
  static TokenClassifierFolder content() {
    return {.pieces = {{"ann", kBeginPerson},
                       {"lee", kInsidePerson},
                       {"paris", kBeginPlace},
                       {"city", kInsidePlace},
                       {"be", kBeginPerson},
                       {"##ro", kBeginPlace},
                       {"saw", kOutside},
                       {"in", kOutside},
                       {".", kOutside}}};
  }
  std::unique_ptr<BertSpanTagger> open(const TokenClassifierFolder& content,
                                       int batch_size = 16) const {
    testing::write_token_classifier(temp_ / "tagger", content);
    return BertSpanTagger::open(temp_ / "tagger", {.batch_size = batch_size, .threads = 1});
  }
  TempDirectory temp_;
};

TEST_F(BertSpanTaggers, FindWhatTheLabelsSay) {
  const auto tagger = open(content());
  const std::string text = "Ann Lee saw Paris City in Paris.";
  EXPECT_THAT(spans(*tagger, text), ElementsAre("Ann Lee", "Paris City", "Paris"));
  EXPECT_EQ(tagger->tag(text).front(), (SalientSpan{{0, 7}, SalientSpanKind::kName}));
  EXPECT_THAT(spans(*tagger, "Saw in."), IsEmpty());
  EXPECT_THAT(spans(*tagger, ""), IsEmpty());
}

TEST_F(BertSpanTaggers, AWordHasTheLabelOfItsFirstPiece) {
  EXPECT_THAT(spans(*open(content()), "In Bero Lee saw."), ElementsAre("Bero Lee"));
}

TEST_F(BertSpanTaggers, ASpanDoesNotReachIntoTheNextSentence) {
  EXPECT_THAT(spans(*open(content()), "In ann. Lee saw."), ElementsAre("ann", "Lee"));
}

TEST_F(BertSpanTaggers, ACasedModelTellsCapitalsApart) {
  TokenClassifierFolder cased = content();
  cased.lower_case = false;
  cased.pieces.emplace_back("Paris", kOutside);
  EXPECT_THAT(spans(*open(cased), "saw paris in Paris."), ElementsAre("paris"));
}

// 12 positions leave windows of 10 pieces. "ann" stands in every place of a sentence of 35 words.
TEST_F(BertSpanTaggers, ReadLongSentencesInWindows) {
  const auto tagger = open(content());
  for (int place = 0; place < 34; ++place) {
    std::string text;
    for (int word = 0; word < 35; ++word) {
      text += word == place ? "ann " : word == place + 1 ? "lee " : "saw ";
    }
    EXPECT_THAT(spans(*tagger, text), ElementsAre("ann lee")) << place;
  }
}

TEST_F(BertSpanTaggers, BatchesChangeNothing) {
  const std::vector<std::string_view> texts = {
      "Ann saw Paris City in Bero. Lee in Paris.", "", "Saw.",
      "saw saw saw saw saw saw saw saw saw saw ann lee saw saw saw.", "Paris"};
  const auto tagger = open(content(), 3);
  const auto together = tagger->tag_all(texts);
  ASSERT_EQ(together.size(), texts.size());
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(together[i], tagger->tag(texts[i])) << i;
  EXPECT_EQ(open(content(), 1)->tag_all(texts), together);
}

TEST_F(BertSpanTaggers, TheFingerprintFollowsWhatTheSpansDependOn) {
  const std::string first = open(content())->fingerprint();
  EXPECT_EQ(open(content())->fingerprint(), first);
  TokenClassifierFolder other = content();
  other.pieces[0].second = kBeginPlace;
  EXPECT_NE(open(other)->fingerprint(), first);
  other = content();
  other.labels[1] = "B-ORG";
  EXPECT_NE(open(other)->fingerprint(), first);
  other = content();
  other.lower_case = false;
  EXPECT_NE(open(other)->fingerprint(), first);
}

TEST_F(BertSpanTaggers, RefuseADeviceThatIsNone) {
  testing::write_token_classifier(temp_ / "tagger", content());
  try {
    BertSpanTagger::open(temp_ / "tagger", {.device = "abacus"});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  }
}

TEST(KindOfType, TellsDatesAndNumbersFromNames) {
  EXPECT_EQ(kind_of_type("PER"), SalientSpanKind::kName);
  EXPECT_EQ(kind_of_type("DATE"), SalientSpanKind::kDate);
  EXPECT_EQ(kind_of_type("MONEY"), SalientSpanKind::kNumber);
}

}  // namespace
}  // namespace realm

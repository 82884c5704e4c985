#include "trainer/data/training_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/data/small_world.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::letters_and;
using testing::MemoryCorpus;
using testing::TempDirectory;
using testing::text_of;

class TrainingTexts : public ::testing::Test {
 protected:
  TrainingText load(const std::string& content, int query_length = 20) const {
    return TrainingText::load(folder_.write("x.jsonl", content), *tokenizer_, passages_,
                              {.query_length = query_length});
  }
  void expect_error(const std::string& content, ErrorCode code, const std::string& named) const {
    try {
      load(content);
      FAIL() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_THAT(error.what(), HasSubstr(named));
    }
  }
  std::string text(const Pieces& pieces) const { return text_of(*tokenizer_, pieces); }

  TempDirectory folder_;
  std::shared_ptr<const WordPieceTokenizer> tokenizer_ =
      letters_and({"the", "town", "is", "old", "arda"});
  PassageTable passages_ =
      PassageTable::load(MemoryCorpus({{3, "Old", "The town.", "s", "", 1},
                                       {7, "Arda", "Arda is old. The town is Arda.", "s", "", 1}}),
                         *tokenizer_);
};

TEST_F(TrainingTexts, FindTheMarkedPiecesAndTheNamedPassage) {
  const TrainingText text = load(
      R"({"text": "The town [[Arda]] is [[old]].", "title": "Arda", "names": ["Arda", "the town"]})"
      "\n\n");
  ASSERT_EQ(text.sentences.size(), 1U);
  const TrainingSentence& sentence = text.sentences.front();
  EXPECT_EQ(this->text(sentence.pieces), "the town arda is old .");
  ASSERT_EQ(sentence.spans.size(), 2U);
  EXPECT_EQ(sentence.spans[0].begin, 2);
  EXPECT_EQ(sentence.spans[0].end, 3);
  EXPECT_EQ(sentence.spans[1].begin, 4);
  EXPECT_EQ(sentence.spans[1].end, 5);
  EXPECT_EQ(sentence.text, "The town Arda is old.");
  EXPECT_EQ(passages_.at(sentence.passage).id, 7);
  ASSERT_EQ(sentence.names.size(), 2U);
  EXPECT_EQ(this->text(sentence.names[0]), "the town");  // longest first
  EXPECT_EQ(this->text(sentence.names[1]), "arda");
}

TEST_F(TrainingTexts, CountWhatTheyLeaveOut) {
  const TrainingText text = load(R"({"text": "The town is old."}
{"text": "The [[town]] is old.", "title": "Nowhere"}
{"text": "The [[town]] is old the town is old the town is old the town is old the town is old."}
)");
  EXPECT_EQ(text.sentences.size(), 1U);
  EXPECT_EQ(text.sentences.front().passage, -1);
  EXPECT_EQ(text.skipped_without_span, 1);
  EXPECT_EQ(text.skipped_too_long, 1);
  EXPECT_EQ(text.unknown_titles, 1);
}

TEST_F(TrainingTexts, TakeASentenceThatFillsTheQueryExactly) {
  const std::string line = R"({"text": "The [[town]] is old."})";  // five pieces
  EXPECT_EQ(load(line, 7).sentences.size(), 1U);
  EXPECT_THROW(load(line, 6), Error);
}

TEST_F(TrainingTexts, MarkOnlyPiecesThatLieWhollyInsideTheSpan) {
  // "bero" is b ##e ##r ##o; the span holds "er".
  const TrainingText text = load(R"({"text": "b[[er]]o is old."})");
  ASSERT_EQ(text.sentences.front().spans.size(), 1U);
  EXPECT_EQ(text.sentences.front().spans.front().begin, 1);
  EXPECT_EQ(text.sentences.front().spans.front().end, 3);
}

TEST_F(TrainingTexts, NameTheLineThatIsWrong) {
  const std::string good = R"({"text": "The [[town]]."})"
                           "\n";
  expect_error(good + "not json\n", ErrorCode::kCorruptData, "Line 2 ");
  expect_error(good + good + "[1]\n", ErrorCode::kCorruptData, "Line 3 ");
  expect_error(good + R"({"title": "Arda"})", ErrorCode::kCorruptData, "Line 2 ");
  expect_error(good + R"({"text": 5})", ErrorCode::kCorruptData, "Line 2 ");
  expect_error(good + "{\"text\": \"The \xe9 is [[old]].\"}", ErrorCode::kCorruptData,
               "is not UTF-8");
  expect_error(good + R"({"text": "The [[town."})", ErrorCode::kInvalidArgument, "Line 2 ");
}

TEST_F(TrainingTexts, NameAFileThatIsNotThereOrOfNoUse) {
  try {
    TrainingText::load(folder_ / "nothing.jsonl", *tokenizer_, passages_, {.query_length = 20});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), HasSubstr("nothing.jsonl"));
  }
  expect_error("", ErrorCode::kInvalidArgument, "no sentence with a salient span");
}

class LastWordTagger final : public SalientSpanTagger {
 public:
  std::vector<SalientSpan> tag(std::string_view text) const override {
    const size_t space = text.rfind(' ');
    if (space == std::string_view::npos) return {};
    return {{{space + 1, text.size()}, SalientSpanKind::kName}};
  }
};

TEST_F(TrainingTexts, AStopIsHeededWhileTheyAreTagged) {
  constexpr int kSentences = 1000;
  std::string content;
  for (int i = 0; i < kSentences; ++i)
    content += R"({"text": "The town is old"})"
               "\n";
  int tagged = 0;
  class Counting final : public SalientSpanTagger {
   public:
    explicit Counting(int& count) : count_(&count) {}
    std::vector<SalientSpan> tag(std::string_view text) const override {
      ++*count_;
      return LastWordTagger().tag(text);
    }

   private:
    int* count_;
  };
  TrainingTextRules rules{.query_length = 20};
  rules.make_tagger = [&] { return std::make_unique<Counting>(tagged); };
  rules.goes_on = [&] {
    if (tagged > kSentences / 4) throw Error(ErrorCode::kCancelled, "enough");
  };
  EXPECT_THROW(TrainingText::load(folder_.write("x.jsonl", content), *tokenizer_, passages_, rules),
               Error);
  EXPECT_LT(tagged, kSentences) << "not once all are tagged";
  rules.goes_on = {};
  EXPECT_EQ(TrainingText::load(folder_ / "x.jsonl", *tokenizer_, passages_, rules).sentences.size(),
            static_cast<size_t>(kSentences));
}

TEST_F(TrainingTexts, WithoutAnyMarkAreTagged) {
  TrainingTextRules rules{.query_length = 20};
  int made = 0;
  rules.make_tagger = [&] {
    ++made;
    return std::make_unique<LastWordTagger>();
  };
  const auto load_with = [&](const std::string& content) {
    return TrainingText::load(folder_.write("x.jsonl", content), *tokenizer_, passages_, rules);
  };
  const TrainingText tagged = load_with(R"({"text": "The town is old"}
{"text": "Old"}
)");
  EXPECT_TRUE(tagged.was_tagged);
  ASSERT_EQ(tagged.sentences.size(), 1U);
  EXPECT_EQ(tagged.skipped_without_span, 1);
  ASSERT_EQ(tagged.sentences[0].spans.size(), 1U);
  EXPECT_EQ(tagged.sentences[0].spans[0].begin, 3);
  EXPECT_EQ(made, 1);

  // One mark is enough for the text to be taken as it is.
  const TrainingText marked = load_with(R"({"text": "The town is old"}
{"text": "The [[town]] is old"}
)");
  EXPECT_FALSE(marked.was_tagged);
  ASSERT_EQ(marked.sentences.size(), 1U);
  EXPECT_EQ(marked.sentences[0].spans[0].begin, 1);
  EXPECT_EQ(marked.skipped_without_span, 1);
  EXPECT_EQ(made, 1);
}

TEST_F(TrainingTexts, ForRandomMasksNeedNoSpans) {
  const TrainingTextRules rules{.query_length = 20, .needs_spans = false, .make_tagger = {}};
  const TrainingText text =
      TrainingText::load(folder_.write("x.jsonl", R"({"text": "The town is old"}
{"text": ""}
)"),
                         *tokenizer_, passages_, rules);
  ASSERT_EQ(text.sentences.size(), 1U);
  EXPECT_TRUE(text.sentences[0].spans.empty());
  EXPECT_EQ(text.sentences[0].pieces.size(), 4U);
}

TEST_F(TrainingTexts, HaveThePassagesSentenceBySentence) {
  ASSERT_EQ(passages_.size(), 2);
  EXPECT_EQ(passages_.row_of(7), 1);
  EXPECT_EQ(passages_.row_of(4), -1);
  EXPECT_EQ(passages_.row_of_title("Old"), 0);
  const Passage& passage = passages_.at(1);
  ASSERT_EQ(passage.sentences.size(), 2U);
  EXPECT_EQ(text(passage.sentences[0]), "arda is old .");
  EXPECT_EQ(text(passage.body()), "arda is old . the town is arda .");
  EXPECT_EQ(passage.plain_text, "Arda is old. The town is Arda.");
}

TEST_F(TrainingTexts, NeedACorpusWithDocuments) {
  try {
    PassageTable::load(MemoryCorpus({}), *tokenizer_);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("empty"));
  }
}

TEST_F(TrainingTexts, AreTheCorpusItselfWhereThereIsNoFile) {
  const auto sentences = [&](bool names_passages) {
    return TrainingText::of_passages(*tokenizer_, passages_,
                                     {.query_length = 20, .needs_spans = false}, names_passages)
        .sentences;
  };
  const std::vector<TrainingSentence> plain = sentences(false);
  ASSERT_EQ(plain.size(), 3U);
  EXPECT_EQ(plain[0].text, "The town.");
  EXPECT_EQ(plain[1].text, "Arda is old.");
  EXPECT_EQ(plain[2].text, "The town is Arda.");
  EXPECT_EQ(plain[2].passage, -1);
  const std::vector<TrainingSentence> named = sentences(true);
  EXPECT_EQ(named[0].passage, 0);
  EXPECT_EQ(named[2].passage, 1);
}

// Stray brackets, as of wiki markup, must not turn the rest of a file away.
TEST_F(TrainingTexts, AreTaggedWhereFewLinesHaveMarks) {
  const auto tagged = [&](const std::string& content) {
    return TrainingText::load(
        folder_.write("x.jsonl", content), *tokenizer_, passages_,
        {.query_length = 20, .make_tagger = [] { return std::make_unique<RuleTagger>(); }});
  };
  const std::string plain = "{\"text\": \"The town is Arda.\"}\n";
  const std::string marked = "{\"text\": \"The [[town]] is old.\"}\n";
  const TrainingText few = tagged(plain + plain + marked);
  EXPECT_TRUE(few.was_tagged);
  ASSERT_EQ(few.sentences.size(), 3U);
  EXPECT_EQ(few.sentences[2].spans.size(), 1U) << "its own mark is kept";
  EXPECT_EQ(few.sentences[2].spans[0].begin, 1);
  const TrainingText half = tagged(plain + marked);
  EXPECT_FALSE(half.was_tagged);
  EXPECT_EQ(half.sentences.size(), 1U);
  EXPECT_EQ(half.skipped_without_span, 1);
}

}  // namespace
}  // namespace realm

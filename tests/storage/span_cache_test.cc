#include "storage/span_cache.h"

#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/storage/corpus_fixture.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::error_code_of;
using testing::TempDirectory;
using Kind = SalientSpanKind;

// Finds the first half of each text, and counts what it was asked.
class CountingTagger final : public SalientSpanTagger {
 public:
  std::vector<SalientSpan> tag(std::string_view text) const override {
    ++asked;
    if (text.size() < 2) return {};
    return {{{0, text.size() / 2}, Kind::kDate}, {{text.size() / 2, text.size()}, Kind::kNumber}};
  }
  mutable int asked = 0;
};

class SpanCaches : public ::testing::Test {
 protected:
  CachedSpanTagger cached(const std::string& fingerprint = "m") const {
    return {tagger_, fingerprint, file_};
  }
  TempDirectory temp_;
  std::filesystem::path file_ = CachedSpanTagger::file_in(temp_.path());
  std::shared_ptr<CountingTagger> tagger_ = std::make_shared<CountingTagger>();
};

TEST_F(SpanCaches, AskTheTaggerOnceForEachText) {
  const std::vector<std::string_view> texts = {"four", "", "sixsix", "four"};
  const auto found = cached().tag_all(texts);
  EXPECT_EQ(found[0], (std::vector<SalientSpan>{{{0, 2}, Kind::kDate}, {{2, 4}, Kind::kNumber}}));
  EXPECT_TRUE(found[1].empty());
  const int asked = tagger_->asked;
  EXPECT_LE(asked, 4);
  // Another object, as another process would have, and one text that is new.
  EXPECT_EQ(cached().tag_all(texts), found);
  EXPECT_EQ(cached().tag("four"), found[0]);
  EXPECT_EQ(tagger_->asked, asked);
  cached().tag("five5");
  EXPECT_EQ(tagger_->asked, asked + 1);
}

TEST_F(SpanCaches, KeepModelsApart) {
  cached("m").tag("four");
  cached("n").tag("four");
  EXPECT_EQ(tagger_->asked, 2);
  cached("m").tag("four");
  EXPECT_EQ(tagger_->asked, 2);
}

TEST_F(SpanCaches, ReadAgainWhatARowDoesNotHoldRightly) {
  const auto found = cached().tag("four");
  for (const char* const row :
       {"0 9 name\n", "2 2 name\n", "0 2 place\n", "0\n", "3 4 name\n0 1 name\n"}) {
    {
      Database::Options options;
      options.what = "Span cache";
      options.application_id = 0x52535043;
      Database database(file_, options);
      database.query("UPDATE spans SET spans = ?").bind(row).run();
    }
    const int asked = tagger_->asked;
    EXPECT_EQ(cached().tag("four"), found) << row;
    EXPECT_EQ(tagger_->asked, asked + 1) << row;
  }
}

TEST_F(SpanCaches, DoWithoutAFileWhereNoneCanBe) {
  const CachedSpanTagger tagger(tagger_, "m", temp_ / "nowhere/spans.sqlite");
  EXPECT_EQ(tagger.tag("four").size(), 2U);
  EXPECT_EQ(tagger.tag("four").size(), 2U);
  EXPECT_EQ(tagger_->asked, 2);
}

TEST_F(SpanCaches, RefuseAFileOfAnotherKind) {
  temp_.write("spans.sqlite", std::string(2000, 'x'));
  EXPECT_EQ(error_code_of([&] { cached().tag("four"); }), ErrorCode::kCorruptData);
}

}  // namespace
}  // namespace realm

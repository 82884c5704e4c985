#include "app/view/ask_state.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "app/view/number_format.h"
#include "tests/app/view/fake_session.h"

namespace realm::view {
namespace {

double read_back(std::string shown) {
  if (const size_t minus = shown.find("\u2212"); minus != std::string::npos)
    shown.replace(minus, 3, 1, '-');
  return std::stod(shown);
}

TEST(PassageTable, ShowsWeightsAsTheReadingPaneDoes) {
  AskResult result = testing::fermat_result();
  ASSERT_GE(result.documents.size(), 3U);
  for (AskedDocument& document : result.documents) document.p_z_given_x = 0;
  const double weights[] = {0.64051, 0.1548, 0.20469};
  for (size_t i = 0; i < 3; ++i) result.documents[i].p_z_given_x = weights[i];
  const auto rows = make_passage_table(result, std::nullopt, nullptr).rows;
  for (size_t i = 0; i < 3; ++i)
    EXPECT_EQ(rows[i].shown_p, shown_weight(result, result.documents[i]));
  EXPECT_EQ(rows[0].shown_p, "0.640") << "rounded for itself 0.641, and the sum 1.001";
}

TEST(WordTable, ListsTopWordsThenOther) {
  const AskResult result = testing::fermat_result();
  const WordTable table = make_word_table(result, std::nullopt, nullptr);
  ASSERT_EQ(table.rows.size(), result.top.size() + 1);
  EXPECT_EQ(table.rows.front().word, "fermat");
  EXPECT_TRUE(table.rows.front().is_answer);
  EXPECT_EQ(table.rows.front().shown_baseline, "1.6e\u221217");
  EXPECT_EQ(table.rows.front().shown_null, "1.0e\u221210");
  EXPECT_EQ(table.rows.back().kind, WordRowKind::kOther);
  EXPECT_TRUE(table.has_baseline);
}

TEST(WordTable, ShowsNumbersThatAddUpToOne) {
  const WordTable table = make_word_table(testing::fermat_result(), std::nullopt, nullptr);
  double sum = 0;
  for (const WordRow& row : table.rows) sum += read_back(row.shown_p);
  EXPECT_NEAR(sum, 1, 0.0006);
}

TEST(WordTable, ShowsTheAnswerAsTheStripDoes) {
  AskResult result = testing::fermat_result();
  const std::string& word = result.top.front().word;
  for (int i = 0; i < 40; ++i) {  // whatever the others are
    const double p = 0.5 + 0.0101 * i;
    result.top.front().p = result.p_y_given_x = p;
    result.log_p_y_given_x = std::log(p);
    for (size_t k = 1; k < result.top.size(); ++k)
      result.top[k].p = (1 - p) * (0.3 + 0.001 * i) / static_cast<double>(k + 1);
    double left = 1;
    for (const PredictedWord& top : result.top) left -= top.p;
    result.top_other = left;
    const WordTable table = make_word_table(result, std::nullopt, nullptr);
    ASSERT_EQ(table.rows.front().word, word);
    EXPECT_EQ(table.rows.front().shown_p, format_from_log(result.log_p_y_given_x));
  }
}

TEST(WordTable, PutsTheAnswerLastWhenItIsNotAmongTheTopWords) {
  AskResult result = testing::fermat_result();
  result.top.erase(result.top.begin());
  const WordTable table = make_word_table(result, std::nullopt, nullptr);
  EXPECT_EQ(table.rows.back().kind, WordRowKind::kAnswer);
  EXPECT_EQ(table.rows.back().word, "fermat");
  EXPECT_DOUBLE_EQ(table.rows.back().p, result.p_y_given_x);
}

TEST(WordTable, KnowsTheAnswerHoweverItIsWritten) {
  AskResult result = testing::fermat_result();
  result.answer = "Fermat";
  const WordTable table = make_word_table(result, std::nullopt, &result);
  EXPECT_TRUE(table.rows.front().is_answer);
  EXPECT_EQ(table.rows.size(), result.top.size() + 1);
}

TEST(WordTable, SortsByWhatOnePassageAdds) {
  const AskResult result = testing::fermat_result();
  const DocumentId mersenne = 5;
  const WordTable table = make_word_table(result, mersenne, nullptr);
  EXPECT_EQ(table.rows.front().word, "mersenne");
  EXPECT_GT(table.rows.front().from_document, table.rows[1].from_document);
  EXPECT_EQ(table.rows.back().kind, WordRowKind::kOther);
}

TEST(WordTable, SaysWhyAWatchedWordHasNoNumber) {
  const WordTable table = make_word_table(testing::fermat_result(), std::nullopt, nullptr);
  ASSERT_EQ(table.watched.size(), 2U);
  EXPECT_EQ(table.watched[0].rank, 1);
  EXPECT_TRUE(table.watched[0].note.empty());
  EXPECT_FALSE(table.watched[1].note.empty());
  EXPECT_TRUE(table.watched[1].shown_p.empty());
}

TEST(PassageTable, SharesOfTheAnswerAreThePosteriors) {
  const AskResult result = testing::fermat_result();
  const PassageTable table = make_passage_table(result, std::nullopt, nullptr);
  ASSERT_EQ(table.rows.size(), result.documents.size());
  EXPECT_EQ(table.share_of, "fermat");
  EXPECT_NEAR(std::accumulate(table.shares.begin(), table.shares.end(), 0.0), 1, 1e-12);
  for (size_t i = 0; i < table.rows.size(); ++i)
    EXPECT_DOUBLE_EQ(table.shares[i], result.documents[i].posterior);
}

TEST(PassageTable, SharesFollowTheSelectedWord) {
  const AskResult result = testing::fermat_result();
  const PassageTable table = make_passage_table(result, "mersenne", nullptr);
  EXPECT_EQ(table.share_of, "mersenne");
  EXPECT_NEAR(std::accumulate(table.shares.begin(), table.shares.end(), 0.0), 1, 1e-12);
  EXPECT_NE(table.shares[0], result.documents[0].posterior);
}

TEST(PassageTable, NamesTheNullDocument) {
  const PassageTable table = make_passage_table(testing::fermat_result(), std::nullopt, nullptr);
  const auto null = std::find_if(table.rows.begin(), table.rows.end(),
                                 [](const PassageRow& row) { return row.is_null; });
  ASSERT_NE(null, table.rows.end());
  EXPECT_EQ(null->rank, "\u2205");
  EXPECT_EQ(null->title, "no passage");
}

TEST(PassageTable, TellsWhatMovedSinceTheReference) {
  const AskResult result = testing::fermat_result();
  AskResult before = result;
  before.documents.erase(before.documents.begin());
  before.documents[0].p_z_given_x = 0.9;
  const PassageTable table = make_passage_table(result, std::nullopt, &before);
  EXPECT_TRUE(table.rows[0].is_new);
  EXPECT_DOUBLE_EQ(table.rows[1].was.value(), 0.9);
}

TEST(Strip, IsThePapersTableThree) {
  const AskResult result = testing::fermat_result();
  const std::vector<StripPoint> points = make_strip(result, nullptr);
  ASSERT_EQ(points.size(), 4U);
  EXPECT_EQ(points[0].source, StripSource::kBert);
  EXPECT_NEAR(points[0].log10_p, std::log10(1.6e-17), 1e-9);
  EXPECT_EQ(points[1].value, "1.0e\u221210");
  EXPECT_EQ(points[2].source, StripSource::kMarginal);
  EXPECT_EQ(points[3].name, "with 257 (number) alone");
  EXPECT_EQ(points[3].value, "0.891");
}

TEST(Strip, LeavesOutWhatDoesNotExist) {
  AskResult result = testing::fermat_result();
  result.baseline.reset();
  std::erase_if(result.documents, [](const AskedDocument& document) { return !document.is_null; });
  EXPECT_EQ(make_strip(result, nullptr).size(), 2U);
  EXPECT_TRUE(make_strip(AskResult{}, nullptr).empty());
}

TEST(Strip, ShowsWhereTheMarginalWas) {
  const AskResult result = testing::fermat_result();
  AskResult before = result;
  before.log_p_y_given_x = std::log(1e-3);
  const std::vector<StripPoint> points = make_strip(result, &before);
  ASSERT_TRUE(points[2].was_log10);
  EXPECT_NEAR(*points[2].was_log10, -3, 1e-12);
  before.answer = "other";
  EXPECT_FALSE(make_strip(result, &before)[2].was_log10);
}

TEST(Copying, GivesOneLineARowWithoutStrayTabs) {
  AskResult result = testing::fermat_result();
  result.documents[0].document.title = "a\tb\nc";
  const std::string tsv = passages_as_tsv(result);
  EXPECT_EQ(static_cast<size_t>(std::count(tsv.begin(), tsv.end(), '\n')),
            result.documents.size() + 1);
  EXPECT_NE(tsv.find("a b c"), std::string::npos);
  EXPECT_EQ(words_as_tsv(result).substr(0, 4), "word");
}

TEST(EmptyResult, MakesEmptyTables) {
  const AskResult nothing;
  EXPECT_TRUE(make_word_table(nothing, std::nullopt, nullptr).rows.empty());
  EXPECT_TRUE(make_passage_table(nothing, "word", nullptr).rows.empty());
}

}  // namespace
}  // namespace realm::view

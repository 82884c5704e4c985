// The filters of the corpus table beside its search.
#include <fmt/format.h>

#include "storage/corpus_store.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;
using testing::error_of;

class CorpusFilter : public testing::CorpusFixture {
 protected:
  CorpusFilter() {
    import({{"Rhine", "The Rhine is a river that flows through Cologne."},
            {"Danube", "The Danube flows through Vienna and Budapest."},
            { "",
              "Nobody gave this passage a title in 1998." }},
           "atlas");
    import({{ "Fermat prime", "257 is a Fermat prime." }}, "maths");
    import({{ "Zürich", "ZÜRICH lies on the river Limmat." }}, "");
  }
  using Ids = std::vector<DocumentId>;
  // The ids that are found, which must be as many as are counted.
  Ids ids(const DocumentQuery& query) const {
    Ids found;
    const DocumentPage page = corpus->documents(query);
    for (const DocumentRow& row : page.rows) found.push_back(row.id);
    EXPECT_EQ(page.total, static_cast<int64_t>(found.size()));
    return found;
  }
};

TEST_F(CorpusFilter, BySourceOrAllBut) {
  EXPECT_EQ(ids({.source = "atlas"}), (Ids{1, 2, 3}));
  EXPECT_EQ(ids({.source = "atlas", .except_source = true}), (Ids{4, 5}));
  EXPECT_EQ(ids({.source = "nowhere", .except_source = true}), (Ids{1, 2, 3, 4, 5}));
}

TEST_F(CorpusFilter, ByWhatTheTextContains) {
  EXPECT_EQ(ids({.contains = "flow"}), (Ids{1, 2}));  // inside of a word
  EXPECT_EQ(ids({.contains = "THROUGH C"}), (Ids{1}));
  EXPECT_EQ(ids({.contains = "zürich"}), (Ids{5}));
  EXPECT_EQ(ids({.contains = "."}), (Ids{1, 2, 3, 4, 5}));  // no expression
  EXPECT_EQ(ids({.contains = ".*"}), (Ids{}));
  EXPECT_EQ(ids({.contains = "Danube flows"}), (Ids{2}));
}

TEST_F(CorpusFilter, ByWhatTheTextLacks) {
  EXPECT_EQ(ids({.lacks = "the"}), (Ids{3, 4}));
  EXPECT_EQ(ids({.contains = "flows", .lacks = "Vienna"}), (Ids{1}));
}

TEST_F(CorpusFilter, ByARegularExpressionOverTitleAndText) {
  EXPECT_EQ(ids({.expression = "\\b\\d{3}\\b"}), (Ids{4}));
  EXPECT_EQ(ids({.expression = "^Rhine$"}), (Ids{1}));  // the title by itself
  EXPECT_EQ(ids({.expression = "^The (Rhine|Danube)"}), (Ids{1, 2}));
  EXPECT_EQ(ids({.expression = "(?i)züRICH"}), (Ids{5}));
  EXPECT_EQ(ids({.expression = "^$"}), (Ids{3}));
}

TEST_F(CorpusFilter, ByWhatIsMissing) {
  EXPECT_EQ(ids({.gap = DocumentGap::kTitle}), (Ids{3}));
  EXPECT_EQ(ids({.gap = DocumentGap::kSource}), (Ids{5}));
}

TEST_F(CorpusFilter, AllConditionsHoldTogetherInEveryOrder) {
  for (const DocumentOrder order :
       {DocumentOrder::kById, DocumentOrder::kByTitle, DocumentOrder::kByWords,
        DocumentOrder::kBySource, DocumentOrder::kByRelevance}) {
    const DocumentQuery query{.search = "flows -budapest",
                              .source = "maths",
                              .order = order,
                              .except_source = true,
                              .contains = "river",
                              .lacks = "lake",
                              .expression = "[Cc]ologne"};
    EXPECT_EQ(ids(query), (Ids{1})) << static_cast<int>(order);
  }
}

TEST_F(CorpusFilter, ShowsWhereItWasFound) {
  const std::string words = "some words before it and then some more of them, ";
  import({{ "Long", words + words + words + words + "the needle, " + words + words }});
  const auto snippet = [&](const DocumentQuery& query) {
    return corpus->documents(query).rows.at(0).snippet;
  };
  for (const DocumentQuery& query :
       {DocumentQuery{.contains = "NEEDLE"}, DocumentQuery{.expression = "ne+dle"}}) {
    EXPECT_NE(snippet(query).find("the \x02needle\x03, some words"), std::string::npos)
        << snippet(query);
    EXPECT_TRUE(snippet(query).starts_with("…"));
    EXPECT_LT(snippet(query).size(), 200U);
  }
  EXPECT_EQ(snippet({.expression = "^Rhine"}).find('\x02'), std::string::npos);  // in the title
  EXPECT_EQ(snippet({.contains = "257"}),
            "\x02"
            "257\x03 is a Fermat prime.");
}

TEST_F(CorpusFilter, CountsAgainForOtherFilters) {
  EXPECT_EQ(corpus->documents({.limit = 1, .contains = "flows"}).total, 2);
  EXPECT_EQ(corpus->documents({.limit = 1, .lacks = "flows"}).total, 3);
  EXPECT_EQ(corpus->documents({.limit = 1, .expression = "flows"}).total, 2);
  EXPECT_EQ(corpus->documents({.offset = 1, .limit = 1, .contains = "flows"}).total, 2);
  corpus->remove(1);
  EXPECT_EQ(corpus->documents({.limit = 1, .contains = "flows"}).total, 1);
}

TEST_F(CorpusFilter, SaysWhatIsWrongWithAnExpression) {
  const auto search = [&] { corpus->documents({.expression = "Rhine("}); };
  EXPECT_EQ(error_code_of(search), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_of(search), "The regular expression is not valid: missing ): Rhine(.");
  EXPECT_EQ(error_code_of([&] {
              corpus->documents({.offset = CorpusStore::kMaxOffset + 1, .contains = "x"});
            }),
            ErrorCode::kInvalidArgument);
}

TEST_F(CorpusFilter, EndsWhenItIsToldTo) {
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 20'000; ++i) many.emplace_back("T", fmt::format("common words {}", i));
  import(many);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(
      error_code_of([&] { corpus->documents({.expression = "no such thing"}, stop.get_token()); }),
      ErrorCode::kCancelled);
  EXPECT_EQ(ids({.expression = "words 19999$"}), (Ids{20'005}));
}

}  // namespace
}  // namespace realm

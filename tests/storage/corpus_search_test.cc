#include <fmt/format.h>

#include "engine/base/rng.h"
#include "storage/corpus_store.h"
#include "storage/database.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;

class CorpusSearch : public testing::CorpusFixture {
 protected:
  CorpusSearch() {
    import({{"Rhine", "The Rhine is a river that flows through Cologne."},
            {"Danube", "The Danube is a river that flows through Vienna and Budapest."},
            {"Everest", "Mount Everest is the highest mountain."},
            { "Zürich",
              "Zürich lies on a lake and on the river Limmat." }},
           "atlas");
    import({{ "Fermat prime", "257 is a Fermat prime." }}, "maths");
  }
  std::vector<DocumentId> ids(const DocumentQuery& query) const {
    std::vector<DocumentId> found;
    for (const DocumentRow& row : corpus->documents(query).rows) found.push_back(row.id);
    return found;
  }
  using Ids = std::vector<DocumentId>;
};

TEST_F(CorpusSearch, FindsDocumentsThatHoldAllWords) {
  EXPECT_EQ(ids({.search = "river flows"}), (Ids{1, 2}));
  EXPECT_EQ(ids({.search = "RIVER vienna"}), (Ids{2}));
  EXPECT_EQ(ids({.search = "river prime"}), (Ids{}));
}

TEST_F(CorpusSearch, LooksIntoTitlesToo) { EXPECT_EQ(ids({.search = "Everest"}), (Ids{3})); }

TEST_F(CorpusSearch, FoldsCaseAndAccents) { EXPECT_EQ(ids({.search = "ZURICH"}), (Ids{4})); }

TEST_F(CorpusSearch, FindsPhrasesAsTheyStand) {
  EXPECT_EQ(ids({.search = "\"flows through Cologne\""}), (Ids{1}));
  EXPECT_EQ(ids({.search = "\"through flows\""}), (Ids{}));
}

TEST_F(CorpusSearch, LeavesOutWhatIsExcluded) {
  EXPECT_EQ(ids({.search = "river -vienna"}), (Ids{1, 4}));
  EXPECT_EQ(ids({.search = "river -\"the Rhine\" -limmat"}), (Ids{2}));
  const DocumentPage rest = corpus->documents({.search = "-river"});
  EXPECT_EQ(rest.total, 2);
  EXPECT_EQ(ids({.search = "-river"}), (Ids{3, 5}));
}

TEST_F(CorpusSearch, MarksHitsInTheSnippet) {
  const DocumentPage page = corpus->documents({.search = "cologne"});
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].snippet,
            "The Rhine is a river that flows through \x02"
            "Cologne\x03.");
  EXPECT_EQ(page.rows[0].title, "Rhine");
  EXPECT_EQ(page.rows[0].words, 9);
  EXPECT_EQ(page.rows[0].source, "atlas");
}

TEST_F(CorpusSearch, ShowsTheFirstWordsWithoutASearch) {
  EXPECT_EQ(corpus->documents({}).rows[4].snippet, "257 is a Fermat prime.");
}

TEST_F(CorpusSearch, CountsAllHitsWhateverThePage) {
  const DocumentPage page = corpus->documents({.search = "river", .offset = 1, .limit = 1});
  EXPECT_EQ(page.total, 3);
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].id, 2);
  EXPECT_EQ(corpus->documents({.search = "river", .offset = 9}).total, 3);
}

TEST_F(CorpusSearch, CountsAgainAfterAnEdit) {
  EXPECT_EQ(corpus->documents({.search = "river"}).total, 3);
  corpus->remove(1);
  EXPECT_EQ(corpus->documents({.search = "river"}).total, 2);
}

TEST_F(CorpusSearch, OrdersByTitleOrRelevance) {
  EXPECT_EQ(ids({.order = DocumentOrder::kByTitle}), (Ids{2, 3, 5, 1, 4}));
  EXPECT_EQ(ids({.search = "river", .order = DocumentOrder::kByTitle}), (Ids{2, 1, 4}));
  // One document is about nothing else.
  corpus->add("River", "River, river, river.", "atlas");
  EXPECT_EQ(ids({.search = "river", .order = DocumentOrder::kByRelevance}).front(), 6);
  EXPECT_EQ(ids({.order = DocumentOrder::kByRelevance}), (Ids{1, 2, 3, 4, 5, 6}));
}

TEST_F(CorpusSearch, FiltersBySource) {
  EXPECT_EQ(ids({.source = "maths"}), (Ids{5}));
  EXPECT_EQ(ids({.search = "is", .source = "atlas"}), (Ids{1, 2, 3}));
  EXPECT_EQ(corpus->documents({.source = "atlas"}).total, 4);
  EXPECT_EQ(corpus->documents({.source = "nowhere"}).total, 0);
}

TEST_F(CorpusSearch, NeverTakesWhatIsTypedAsSyntax) {
  const std::string hostile[] = {"\"",
                                 "\"\"",
                                 "\"\"\"",
                                 "*",
                                 "AND",
                                 "OR",
                                 "NOT",
                                 "NEAR",
                                 "NEAR(river lake, 2)",
                                 "river AND",
                                 "river OR lake",
                                 "title:",
                                 "title : river",
                                 "^river",
                                 "river*",
                                 "(",
                                 ")",
                                 "((river",
                                 "{title text}: x",
                                 "-",
                                 "--",
                                 "-\"",
                                 "- river",
                                 "'; DROP TABLE "
                                 "documents; --",
                                 "%",
                                 "?1",
                                 ":x",
                                 "@x",
                                 "$x",
                                 "\\",
                                 "río😀",
                                 "😀",
                                 "-😀",
                                 "\"😀\"",
                                 "\xff\xfe",
                                 "\xc3",
                                 "\u200b",
                                 "ﬁ",
                                 std::string("a\0b", 3),
                                 std::string(100'000, 'x'),
                                 std::string(5000, '"')};
  for (const std::string& search : hostile) {
    for (const DocumentOrder order :
         {DocumentOrder::kById, DocumentOrder::kByTitle, DocumentOrder::kByRelevance}) {
      EXPECT_NO_THROW(corpus->documents({.search = search, .order = order})) << search;
    }
    EXPECT_NO_THROW(corpus->search_bm25(search, 5)) << search;
  }
  EXPECT_EQ(corpus->size(), 5);
  // A word beside something without letters is still looked for.
  EXPECT_EQ(ids({.search = "* river 😀 flows"}), (Ids{1, 2}));
  EXPECT_EQ(ids({.search = "😀"}), (Ids{}));
  // Operators are words like others.
  EXPECT_EQ(ids({.search = "Vienna AND Budapest"}), (Ids{2}));
  EXPECT_EQ(ids({.search = "Cologne OR Vienna"}), (Ids{}));
}

TEST_F(CorpusSearch, TakesThousandsOfWords) {
  std::string many;
  for (int i = 0; i < 5000; ++i) many += fmt::format("word{} ", i);
  EXPECT_EQ(corpus->documents({.search = many}).total, 0);
  const auto hits = corpus->search_bm25(many + "Limmat", 3);
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].first, 4);
}

TEST_F(CorpusSearch, SurvivesRandomBytes) {
  Rng rng(7);
  const std::string alphabet = "\"*-()^:{}+ ,.aANDORTriver\xc3\xa4\xff\x01";
  for (int i = 0; i < 500; ++i) {
    std::string search;
    for (uint64_t n = rng.below(20); n > 0; --n) search += alphabet[rng.below(alphabet.size())];
    EXPECT_NO_THROW(corpus->documents({.search = search})) << search;
  }
}

TEST_F(CorpusSearch, RanksAnyWordByBm25) {
  const auto hits = corpus->search_bm25("Which river flows through Vienna?", 2);
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].first, 2);
  EXPECT_GT(hits[0].second, hits[1].second);
  EXPECT_GT(hits[1].second, 0);
}

TEST_F(CorpusSearch, FindsTitles) {
  EXPECT_EQ(corpus->find_title("fermat PRIME"), (Ids{5}));
  EXPECT_EQ(corpus->find_title("Fermat"), (Ids{}));
}

TEST_F(CorpusSearch, RefusesPagesThatCannotBe) {
  EXPECT_EQ(error_code_of([&] { corpus->documents({.limit = 0}); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] { corpus->documents({.limit = 2001}); }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] { corpus->documents({.offset = -1}); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] {
              corpus->documents({.search = "river", .offset = CorpusStore::kMaxOffset + 1});
            }),
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(corpus->documents({.offset = INT64_MAX / 2}).rows.empty());
}

TEST_F(CorpusSearch, EndsWhenItIsToldTo) {
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 3000; ++i) many.emplace_back("T", fmt::format("common words {}", i));
  import(many);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_code_of([&] {
              corpus->documents({.search = "common", .order = DocumentOrder::kByRelevance},
                                stop.get_token());
            }),
            ErrorCode::kCancelled);
  EXPECT_EQ(corpus->documents({.search = "common"}).total, 3000);
}

TEST_F(CorpusSearch, WalksAllPagesOfACorpusWithGaps) {
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 5000; ++i)
    many.emplace_back(fmt::format("T{}", i), fmt::format("text {}", i));
  import(many);
  // A whole block of ids, and single ones.
  std::vector<DocumentEdit> removals;
  for (DocumentId id = 1020; id <= 2060; ++id) removals.push_back({.id = id, .removed = true});
  for (DocumentId id = 3000; id <= 5005; id += 7) removals.push_back({.id = id, .removed = true});
  corpus->apply(removals);

  Ids expected;
  for (const Document& document : corpus->read_after(0, 10'000)) expected.push_back(document.id);
  ASSERT_EQ(static_cast<int64_t>(expected.size()), corpus->size());
  Ids walked;
  for (int64_t offset = 0;; offset += 333) {
    const DocumentPage page = corpus->documents({.offset = offset, .limit = 333});
    EXPECT_EQ(page.total, corpus->size());
    if (page.rows.empty()) break;
    for (const DocumentRow& row : page.rows) walked.push_back(row.id);
  }
  EXPECT_EQ(walked, expected);
}

TEST_F(CorpusSearch, SaysWhichRowsAreDirtyAndEdited) {
  corpus->mark_all_clean(corpus->revision());
  corpus->edit(2, {std::nullopt, "Another text."});
  const std::vector<DocumentRow> rows = corpus->documents({}).rows;
  EXPECT_FALSE(rows[0].dirty);
  EXPECT_FALSE(rows[0].edited);
  EXPECT_TRUE(rows[1].dirty);
  EXPECT_TRUE(rows[1].edited);
  corpus->undo();
  EXPECT_TRUE(corpus->documents({}).rows[1].dirty);
  EXPECT_FALSE(corpus->documents({}).rows[1].edited);
}

}  // namespace
}  // namespace realm

// The orders of the corpus table.
#include <fmt/format.h>

#include <algorithm>

#include "storage/corpus_schema.h"
#include "storage/corpus_store.h"
#include "storage/database.h"
#include "storage/text_cleaning.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;

class CorpusOrder : public testing::CorpusFixture {
 protected:
  using Ids = std::vector<DocumentId>;
  Ids ids(const DocumentQuery& query) const {
    Ids found;
    for (const DocumentRow& row : corpus->documents(query).rows) found.push_back(row.id);
    return found;
  }
  void import_five() {
    import({{"Rhine", "one two three"}, {"danube", "one"}, { "Everest", "one two" }}, "rivers");
    import({{ "Danube", "one two" }}, "Atlas");
    import({{ "", "one two three four" }}, "");
  }
  // Many documents with some titles, numbers of words and sources in common.
  void import_many(int count) {
    for (int source = 0; source < 3; ++source) {
      std::vector<std::pair<std::string, std::string>> rows;
      for (int i = 0; i < count / 3; ++i) {
        std::string text = "w";
        for (int w = 0; w < (i * 7 + source) % 11; ++w) text += " w";
        rows.emplace_back(fmt::format("T{}", (i * 31 + source) % 97), text);
      }
      import(rows, fmt::format("source {}", 2 - source));
    }
  }
};

constexpr DocumentOrder kOrders[] = {DocumentOrder::kById, DocumentOrder::kByTitle,
                                     DocumentOrder::kByWords, DocumentOrder::kBySource};

TEST_F(CorpusOrder, SortsByEachColumn) {
  import_five();
  EXPECT_EQ(ids({.order = DocumentOrder::kById}), (Ids{1, 2, 3, 4, 5}));
  EXPECT_EQ(ids({.order = DocumentOrder::kByTitle}), (Ids{5, 2, 4, 3, 1}));
  EXPECT_EQ(ids({.order = DocumentOrder::kByWords}), (Ids{2, 3, 4, 1, 5}));
  EXPECT_EQ(ids({.order = DocumentOrder::kBySource}), (Ids{5, 4, 1, 2, 3}));
}

TEST_F(CorpusOrder, DescendingIsTheSameTurnedRound) {
  import_five();
  for (const DocumentOrder order : kOrders) {
    for (const char* search : {"", "one"}) {
      Ids upwards = ids({.search = search, .order = order});
      std::reverse(upwards.begin(), upwards.end());
      EXPECT_EQ(ids({.search = search, .order = order, .descending = true}), upwards)
          << static_cast<int>(order) << " " << search;
    }
  }
}

TEST_F(CorpusOrder, SortsHitsToo) {
  import_five();
  EXPECT_EQ(ids({.search = "two", .order = DocumentOrder::kByTitle}), (Ids{5, 4, 3, 1}));
  EXPECT_EQ(ids({.search = "two", .order = DocumentOrder::kByWords}), (Ids{3, 4, 1, 5}));
  EXPECT_EQ(ids({.search = "two", .order = DocumentOrder::kBySource}), (Ids{5, 4, 1, 3}));
  EXPECT_EQ(ids({.search = "-four", .order = DocumentOrder::kByWords}), (Ids{2, 3, 4, 1}));
  EXPECT_EQ(ids({.source = "rivers", .order = DocumentOrder::kByTitle}), (Ids{2, 3, 1}));
}

TEST_F(CorpusOrder, PagesOfEveryOrderJoinToTheWholeTable) {
  import_many(600);
  corpus->remove(17);
  corpus->remove(300);
  for (const DocumentOrder order : kOrders) {
    for (const bool descending : {false, true}) {
      const Ids whole = ids({.order = order, .limit = 2000, .descending = descending});
      ASSERT_EQ(whole.size(), 598U);
      Ids walked;
      for (int64_t offset = 0; offset < 598; offset += 47) {
        const DocumentPage page = corpus->documents(
            {.order = order, .offset = offset, .limit = 47, .descending = descending});
        EXPECT_EQ(page.total, 598);
        for (const DocumentRow& row : page.rows) walked.push_back(row.id);
      }
      EXPECT_EQ(walked, whole) << static_cast<int>(order) << descending;
      EXPECT_TRUE(ids({.order = order, .offset = 598, .descending = descending}).empty());
    }
  }
}

TEST_F(CorpusOrder, TheTablesWordsAreThoseOfTheOrder) {
  import_many(300);
  int64_t last = 0;
  for (const DocumentRow& row :
       corpus->documents({.order = DocumentOrder::kByWords, .limit = 2000}).rows) {
    EXPECT_GE(row.words, last);
    last = row.words;
  }
  EXPECT_EQ(last, 11);
}

TEST_F(CorpusOrder, SqlCountsWordsAsTheTableDoes) {
  const std::string texts[] = {"a",
                               "a b",
                               "a  b",
                               "a \n b\tc",
                               "\tä\n\n ö ",
                               "€ € €",
                               "one,two three\r\nfour",
                               std::string(500, 'x') + "   y"};
  Query query = corpus->database().query("SELECT " + words_sql("?1"));
  for (std::string text : texts) {
    clean_text(text);
    query.bind(text);
    ASSERT_TRUE(query.step());
    EXPECT_EQ(query.int64(0), count_words(text)) << text;
    query.reset();
  }
}

TEST_F(CorpusOrder, ALargeCorpusGetsAnIndexOfWordsThatFollowsEdits) {
  const auto indexes = [&] {
    return corpus->database().get_int64(
        "SELECT count(*) FROM sqlite_schema WHERE name = 'documents_by_words'");
  };
  import_many(600);
  ids({.order = DocumentOrder::kByWords});
  EXPECT_EQ(indexes(), 0);  // small ones do without
  import_many(CorpusStore::kMaxSortedByReading);
  const DocumentQuery query{.order = DocumentOrder::kByWords, .limit = 3, .descending = true};
  {
    // What cannot be written is sorted all the same.
    const auto reader = open(OpenMode::kReadOnly);
    EXPECT_EQ(reader->documents(query).rows[0].words, 11);
  }
  EXPECT_EQ(indexes(), 0);
  const Ids longest = ids(query);
  EXPECT_EQ(indexes(), 1);
  EXPECT_EQ(corpus->documents(query).rows[0].words, 11);

  corpus->edit(longest[2],
               {std::nullopt, "one two three four five six seven eight nine ten 11 12"});
  EXPECT_EQ(ids(query), (Ids{longest[2], longest[0], longest[1]}));
  corpus->undo();
  EXPECT_EQ(ids(query), longest);
  Query plan = corpus->database().query("EXPLAIN QUERY PLAN SELECT id FROM documents ORDER BY " +
                                        words_sql("text") + " DESC, id DESC");
  ASSERT_TRUE(plan.step());
  EXPECT_NE(plan.text(3).find("documents_by_words"), std::string::npos) << plan.text(3);
}

TEST_F(CorpusOrder, ProgramsWithoutOurFunctionsCanWriteToAFileWithTheIndex) {
  import_five();
  corpus->database().exec(words_index_sql().c_str());
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
  EXPECT_EQ(
      sqlite3_exec(
          other,
          "DROP TRIGGER document_edited; UPDATE documents SET text = 'a b c d e' WHERE id = 2",
          nullptr, nullptr, nullptr),
      SQLITE_OK)
      << sqlite3_errmsg(other);
  sqlite3_close(other);
  EXPECT_EQ(ids({.order = DocumentOrder::kByWords}), (Ids{3, 4, 1, 5, 2}));
}

TEST_F(CorpusOrder, MakingTheIndexCanBeCancelled) {
  import_many(CorpusStore::kMaxSortedByReading + 3000);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_code_of(
                [&] { corpus->documents({.order = DocumentOrder::kByWords}, stop.get_token()); }),
            ErrorCode::kCancelled);
  EXPECT_EQ(corpus->documents({.order = DocumentOrder::kByWords, .limit = 1}).rows[0].words, 1);
}

}  // namespace
}  // namespace realm

#include "storage/importers.h"

#include <fmt/format.h>

#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;
using testing::error_of;

class Importers : public testing::CorpusFixture {
 protected:
  ImportReport import_text(const std::string& name, const std::string& content,
                           const ImportOptions& options = {}) {
    return import_file(*corpus, folder.write(name, content), options);
  }
  std::vector<Document> all() const { return corpus->read_after(0, 100'000); }
};

TEST_F(Importers, ReadsJsonLines) {
  const ImportReport report = import_text(
      "a.jsonl", R"({"title": "Rhine", "text": "A river.", "source": "atlas", "licence": "CC0"})"
                 "\n"
                 R"({"text": "No title \u00e4\n."})"
                 "\n");
  EXPECT_EQ(report.format, ImportFormat::kJsonl);
  EXPECT_EQ(report.rows, 2);
  EXPECT_EQ(report.documents, 2);
  EXPECT_EQ(report.skipped(), 0);
  const std::vector<Document> documents = all();
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[0].title, "Rhine");
  EXPECT_EQ(documents[0].text, "A river.");
  EXPECT_EQ(documents[0].source, "atlas");
  EXPECT_EQ(documents[0].licence, "CC0");
  EXPECT_EQ(documents[1].title, "");
  EXPECT_EQ(documents[1].text, "No title ä\n.");
  EXPECT_EQ(documents[1].source, "a.jsonl");
  EXPECT_EQ(corpus->revision(), 1);
}

TEST_F(Importers, GivesTheNamedSourceAndLicenceToRowsWithout) {
  ImportOptions options;
  options.source = "my book";
  options.licence = "mine";
  import_text("a.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\", \"source\": \"other\"}",
              options);
  EXPECT_EQ(all()[0].source, "my book");
  EXPECT_EQ(all()[0].licence, "mine");
  EXPECT_EQ(all()[1].source, "other");
}

TEST_F(Importers, SkipsAndNamesWhatItCannotTake) {
  const ImportReport report = import_text("a.jsonl",
                                          "{\"text\": \"good\"}\n"
                                          "\n"
                                          "{\"text\": \"bad \xff\xfe\"}\n"
                                          "{\"text\": \"  \"}\n"
                                          "{\"title\": \"only\"}\n"
                                          "[1, 2]\n"
                                          "{\"text\": 7}\n"
                                          "{\"text\": \"cut\n"
                                          "{\"text\": \"\\ud800\"}\n"
                                          "{\"text\": \"good too\"}");
  EXPECT_EQ(report.rows, 9);
  EXPECT_EQ(report.documents, 2);
  EXPECT_EQ(report.skipped_invalid_utf8, 1);
  EXPECT_EQ(report.skipped_empty, 1);
  EXPECT_EQ(report.skipped_malformed, 5);
  ASSERT_EQ(report.problems.size(), 7U);
  EXPECT_EQ(report.problems[0].line, 3);
  EXPECT_EQ(report.problems[0].reason, "invalid UTF-8 at byte 15 of the line");
  EXPECT_EQ(report.problems[1].line, 4);
  EXPECT_EQ(report.problems[1].reason, "no text");
  EXPECT_EQ(report.problems[2].reason, "no \"text\"");
  EXPECT_EQ(report.problems[3].reason, "array where an object was expected");
  EXPECT_EQ(report.problems[4].reason, "\"text\" is a number, expected a string");
  EXPECT_EQ(report.problems[5].reason, "not valid JSON");
  EXPECT_EQ(report.problems[6].line, 9);
  EXPECT_EQ(corpus->size(), 2);
}

TEST_F(Importers, CountsKeysThatItIgnores) {
  const ImportReport report = import_text(
      "a.jsonl",
      "{\"text\": \"one\", \"url\": 1}\n{\"text\": \"two\", \"url\": 2, \"id\": \"x\"}\n");
  EXPECT_EQ(report.ignored_keys, (std::map<std::string, int64_t>{{"id", 1}, {"url", 2}}));
}

TEST_F(Importers, ReplacesControlCharacters) {
  const ImportReport report =
      import_text("a.jsonl", "{\"text\": \"a\\u0000b\\u0002c\"}\n{\"text\": \"plain\"}\n");
  EXPECT_EQ(report.cleaned_rows, 1);
  EXPECT_EQ(all()[0].text, "a b c");
}

TEST_F(Importers, PassesOverAByteOrderMarkAndCarriageReturns) {
  import_text("a.jsonl", "\xEF\xBB\xBF{\"text\": \"one\"}\r\n{\"text\": \"two\"}\r\n");
  ASSERT_EQ(all().size(), 2U);
  EXPECT_EQ(all()[0].text, "one");
}

TEST_F(Importers, CountsALineThatIsTooLong) {
  const ImportReport report = import_text(
      "a.jsonl", "{\"text\": \"" + std::string(17 << 20, 'x') + "\"}\n{\"text\": \"short\"}\n");
  EXPECT_EQ(report.skipped_too_long, 1);
  EXPECT_EQ(report.documents, 1);
}

TEST_F(Importers, ReadsTablesWithoutAHeaderByTheirWidth) {
  import_text("one.tsv", "only text\n");
  import_text("two.tsv", "Rhine\tA river.\n");
  import_text("three.tsv", "17\tDanube\tAnother river.\n");
  const std::vector<Document> documents = all();
  ASSERT_EQ(documents.size(), 3U);
  EXPECT_EQ(documents[0].text, "only text");
  EXPECT_EQ(documents[1].title, "Rhine");
  EXPECT_EQ(documents[1].text, "A river.");
  EXPECT_EQ(documents[2].id, 3);
  EXPECT_EQ(documents[2].title, "Danube");
  EXPECT_EQ(documents[2].text, "Another river.");
}

TEST_F(Importers, HonoursTheHeaderOfDpr) {
  const ImportReport report =
      import_text("psgs.tsv",
                  "id\ttext\ttitle\n"
                  "1\t\"Aaron ( or ; \"\"Aharon\"\") is a prophet\"\tAaron\n"
                  "2\tplain \"quoted\" text\t\"Heroes\" (song)\n");
  EXPECT_EQ(report.documents, 2);
  EXPECT_EQ(all()[0].title, "Aaron");
  EXPECT_EQ(all()[0].text, "Aaron ( or ; \"Aharon\") is a prophet");
  EXPECT_EQ(all()[1].title, "\"Heroes\" (song)");
  EXPECT_EQ(all()[1].text, "plain \"quoted\" text");
}

TEST_F(Importers, ReadsOtherColumnsOfAHeader) {
  const ImportReport report =
      import_text("a.tsv", "Licence\tSource\turl\tText\nCC0\tatlas\thttp://x\tA river.\n");
  ASSERT_EQ(all().size(), 1U);
  EXPECT_EQ(all()[0].licence, "CC0");
  EXPECT_EQ(all()[0].source, "atlas");
  EXPECT_EQ(report.ignored_keys, (std::map<std::string, int64_t>{{"url", 1}}));
}

TEST_F(Importers, ReadsQuotedFieldsOverLineEnds) {
  import_text("a.tsv", "title\ttext\nA\t\"one\n\ntwo\tthree\"\nB\tnext\n");
  ASSERT_EQ(all().size(), 2U);
  EXPECT_EQ(all()[0].text, "one\n\ntwo\tthree");
  EXPECT_EQ(all()[1].title, "B");
}

TEST_F(Importers, AStrayQuoteSwallowsNothing) {
  import_text("a.tsv", "title\ttext\n\"A\tone\n\"B\ttwo\nC\t\"three\nD\tfour\n");
  ASSERT_EQ(all().size(), 4U);
  EXPECT_EQ(all()[0].title, "\"A");
  EXPECT_EQ(all()[1].title, "\"B");
  EXPECT_EQ(all()[2].text, "\"three");
  EXPECT_EQ(all()[3].text, "four");
}

TEST_F(Importers, NamesRowsOfAnotherWidth) {
  const ImportReport report = import_text("a.tsv", "title\ttext\nA\tone\nB\nC\ttwo\tmore\n");
  EXPECT_EQ(report.documents, 1);
  EXPECT_EQ(report.skipped_malformed, 2);
  EXPECT_EQ(report.problems[0].line, 3);
  EXPECT_EQ(report.problems[0].reason, "1 columns, expected 2");
}

TEST_F(Importers, RefusesAWideTableWithoutAHeader) {
  EXPECT_EQ(error_code_of([&] { import_text("a.tsv", "1\t2\t3\t4\n"); }), ErrorCode::kUnsupported);
  EXPECT_EQ(corpus->size(), 0);
}

TEST_F(Importers, ReadsParagraphs) {
  const ImportReport report = import_text(
      "The Rhine.txt", "\n\nFirst line\nsecond line.\n \t\nNext\xff one.\nstill\n\nLast.");
  EXPECT_EQ(report.format, ImportFormat::kText);
  EXPECT_EQ(report.rows, 3);
  EXPECT_EQ(report.skipped_invalid_utf8, 1);
  EXPECT_EQ(report.problems[0].line, 6);
  ASSERT_EQ(all().size(), 2U);
  EXPECT_EQ(all()[0].title, "The Rhine");
  EXPECT_EQ(all()[0].text, "First line second line.");
  EXPECT_EQ(all()[1].text, "Last.");
}

TEST_F(Importers, CutsLongTextsByTheSplitter) {
  ImportOptions options;
  options.splitter_name = "halves";
  options.splitter = [](Document document) {
    Document second = document;
    const size_t half = document.text.size() / 2;
    second.text = document.text.substr(half);
    document.text.resize(half);
    return std::vector<Document>{document, second};
  };
  const ImportReport report = import_text("a.tsv", "T\tabcdef\nU\tghij\n", options);
  EXPECT_EQ(report.documents, 2);
  EXPECT_EQ(report.passages, 4);
  ASSERT_EQ(all().size(), 4U);
  EXPECT_EQ(all()[1].title, "T");
  EXPECT_EQ(all()[1].text, "def");
  EXPECT_EQ(all()[1].source, "a.tsv");
}

TEST_F(Importers, TellsTheFormatFromTheContent) {
  EXPECT_EQ(detect_import_format(folder.write("a", "\n {\"text\": \"x\"}")), ImportFormat::kJsonl);
  EXPECT_EQ(detect_import_format(folder.write("b.dat", "a\tb\n")), ImportFormat::kTsv);
  EXPECT_EQ(detect_import_format(folder.write("c", "words\n\nmore\n")), ImportFormat::kText);
  EXPECT_EQ(detect_import_format(folder.write("D.JSONL", "x")), ImportFormat::kJsonl);
  EXPECT_EQ(error_code_of([&] { detect_import_format(folder.write("e.gz", "\x1f\x8b\x08")); }),
            ErrorCode::kUnsupported);
  EXPECT_EQ(error_code_of([&] { detect_import_format(folder / "none.jsonl"); }),
            ErrorCode::kNotFound);
  EXPECT_EQ(parse_import_format("tsv"), ImportFormat::kTsv);
  EXPECT_EQ(error_code_of([] { parse_import_format("csv"); }), ErrorCode::kInvalidArgument);
}

TEST_F(Importers, TakesAFinishedFileNoSecondTime) {
  const std::string content = "{\"text\": \"one\"}\n{\"text\": \"\"}\n";
  import_text("a.jsonl", content);
  const ImportReport again = import_text("renamed.jsonl", content);
  EXPECT_TRUE(again.already_imported);
  EXPECT_EQ(again.documents, 1);
  EXPECT_EQ(again.skipped_empty, 1);
  EXPECT_EQ(corpus->size(), 1);
  ImportOptions options;
  options.again = true;
  EXPECT_FALSE(import_text("a.jsonl", content, options).already_imported);
  EXPECT_EQ(corpus->size(), 2);
}

TEST_F(Importers, GoesOnWhereItWasStopped) {
  std::string content = "title\ttext\n";
  for (int i = 0; i < 1000; ++i) content += fmt::format("T{0}\t\"text\n{0}\"\nU\t\n", i);
  const auto path = folder.write("a.tsv", content);
  ImportOptions options;
  options.batch_documents = 100;
  std::stop_source stop;
  EXPECT_EQ(error_code_of([&] {
              import_file(*corpus, path, options, stop.get_token(), [&](const Progress& progress) {
                if (progress.stage == "importing" && progress.done > progress.total / 2)
                  stop.request_stop();
              });
            }),
            ErrorCode::kCancelled);
  const int64_t before = corpus->size();
  EXPECT_GT(before, 0);
  EXPECT_LT(before, 1000);
  EXPECT_EQ(before % 100, 0);

  corpus = open();
  const ImportReport report = import_file(*corpus, path, options);
  EXPECT_TRUE(report.resumed);
  EXPECT_EQ(report.rows, 2000);
  EXPECT_EQ(report.documents, 1000);
  EXPECT_EQ(report.skipped_empty, 1000);
  ASSERT_EQ(report.problems.size(), 100U);
  EXPECT_EQ(report.problems[0].line, 4);
  ASSERT_EQ(corpus->size(), 1000);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(corpus->find(i + 1)->title, fmt::format("T{}", i));
    ASSERT_EQ(corpus->find(i + 1)->text, fmt::format("text\n{}", i));
  }
  // Ten batches, one line in the log.
  EXPECT_EQ(corpus->revisions(std::nullopt, 10).size(), 1U);
  EXPECT_EQ(corpus->revisions(std::nullopt, 10)[0].documents, 1000);
}

TEST_F(Importers, RefusesAReadOnlyCorpus) {
  const auto path = folder.write("a.jsonl", "{\"text\": \"one\"}\n");
  const auto reader = open(OpenMode::kReadOnly);
  EXPECT_EQ(error_code_of([&] { import_file(*reader, path, {}); }), ErrorCode::kIo);
}

TEST_F(Importers, NamesAMissingFile) {
  EXPECT_EQ(error_code_of([&] { import_file(*corpus, folder / "none.jsonl", {}); }),
            ErrorCode::kNotFound);
  EXPECT_NE(error_of([&] { import_file(*corpus, folder / "none.jsonl", {}); }).find("none.jsonl"),
            std::string::npos);
}

TEST_F(Importers, AnEmptyFileGivesAnEmptyReport) {
  EXPECT_EQ(import_text("a.jsonl", "").rows, 0);
  EXPECT_EQ(import_text("a.tsv", "\n\n").rows, 0);
  EXPECT_EQ(import_text("a.txt", "\n").rows, 0);
  EXPECT_EQ(corpus->size(), 0);
}

TEST_F(Importers, ReadsArticlesOfWikiExtractor) {
  const ImportReport report = import_text(
      "wiki_00",
      "<doc id=\"12\" url=\"https://en.wikipedia.org/wiki?curid=12\" title=\"Salt &amp; \"P\"\">\n"
      "Salt & \"P\"\n\nIt is &lt;white&gt;.\nAnd salt.\n\nHistory.\n</doc>\n"
      "<doc id=\"13\" url=\"x\" title=\"Empty\">\nEmpty\n\n</doc>\n\n"
      "<doc id=\"14\" url=\"x\" title=\"Beda\">\nA river.\n</doc>\n");
  EXPECT_EQ(report.format, ImportFormat::kWikiExtractor);
  EXPECT_EQ(report.rows, 3);
  EXPECT_EQ(report.documents, 2);
  EXPECT_EQ(report.skipped_empty, 1);
  const std::vector<Document> documents = all();
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[0].title, "Salt & \"P\"");
  EXPECT_EQ(documents[0].text, "It is <white>.\nAnd salt.\nHistory.");
  EXPECT_EQ(documents[1].title, "Beda");
  EXPECT_EQ(documents[1].text, "A river.");
}

TEST_F(Importers, GoesOnBehindABrokenArticle) {
  const ImportReport report = import_text(
      "wiki_01",
      "<doc id=\"1\" title=\"Open\">\nNo end\n"
      "<doc id=\"2\" title=\"Bytes\">\nbad \xff\nmore\n</doc>\nstray\n"
      "<doc id=\"3\" title=\"Good\">\nGood\nIt stands.\n</doc>\n<doc id=\"4\" title=\"Cut\">\nhal");
  EXPECT_EQ(report.documents, 1);
  EXPECT_EQ(report.skipped_invalid_utf8, 1);
  EXPECT_EQ(report.skipped_malformed, 3);
  ASSERT_EQ(report.problems.size(), 4U);
  EXPECT_EQ(report.problems[0].line, 1);
  EXPECT_EQ(report.problems[1].line, 4);
  EXPECT_EQ(report.problems[2].line, 7);
  EXPECT_EQ(report.problems[3].line, 12);
  EXPECT_EQ(all()[0].title, "Good");
  EXPECT_EQ(all()[0].text, "It stands.");
}

// What each cut leaves is committed, so the next call goes on at an article's beginning.
TEST_F(Importers, GoesOnWithArticlesWhereItStood) {
  std::string content;
  for (int i = 0; i < 5; ++i)
    content += fmt::format("<doc id=\"{}\" title=\"T{}\">\nT{}\n\nText {}.\n</doc>\n", i, i, i, i);
  const auto articles = folder.write("wiki_02", content);
  ImportOptions options;
  options.batch_documents = 1;
  std::stop_source stop;
  EXPECT_EQ(error_code_of([&] {
              import_file(*corpus, articles, options, stop.get_token(),
                          [&](const Progress& progress) {
                            if (progress.stage == "importing" && progress.done > 0)
                              stop.request_stop();
                          });
            }),
            ErrorCode::kCancelled);
  const ImportReport report = import_file(*corpus, articles, options);
  EXPECT_TRUE(report.resumed);
  EXPECT_EQ(report.documents, 5);
  ASSERT_EQ(all().size(), 5U);
  EXPECT_EQ(all()[4].text, "Text 4.");
}

}  // namespace
}  // namespace realm

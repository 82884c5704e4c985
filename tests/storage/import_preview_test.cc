#include "storage/import_preview.h"

#include <fmt/format.h>

#include "storage/text_cleaning.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;

// Two words a passage.
std::vector<Document> by_two_words(Document document) {
  std::vector<Document> passages;
  std::string text = document.text;
  while (!text.empty()) {
    size_t end = text.find(' ');
    if (end != std::string::npos) end = text.find(' ', end + 1);
    document.text = text.substr(0, end);
    text.erase(0, end == std::string::npos ? end : end + 1);
    passages.push_back(document);
  }
  return passages;
}

class ImportPreviewTest : public testing::CorpusFixture {
 protected:
  ImportPreviewTest() {
    options_.splitter = by_two_words;
    options_.splitter_name = "two";
    options_.count_pieces = [](const Document& d) { return 10 + count_words(d.text); };
  }
  ImportOptions options_;
};

TEST_F(ImportPreviewTest, SaysWhatAnImportThenDoes) {
  const auto path = folder.write("a.jsonl",
                                 "{\"title\": \" Five \", \"text\": \"a b c d e\"}\n"
                                 "no json\n"
                                 "{\"text\": \" \"}\n"
                                 "{\"title\": \"One\", \"text\": \"a\", \"extra\": 1}\n");
  const ImportPreview preview = preview_import(*corpus, path, options_);
  EXPECT_TRUE(preview.is_complete());
  EXPECT_EQ(corpus->size(), 0);
  EXPECT_EQ(corpus->revision(), 0);
  EXPECT_EQ(preview.report.passages, 4);
  ASSERT_EQ(preview.samples.size(), 2U);
  const ImportSample& five = preview.samples[0];
  EXPECT_EQ(five.title, "Five");
  EXPECT_EQ(five.line, 1);
  EXPECT_EQ(five.passages, 3);
  ASSERT_EQ(five.first.size(), 3U);
  EXPECT_EQ(five.first[1].words, 2);
  EXPECT_EQ(five.first[1].word_pieces, 12);
  EXPECT_EQ(five.first[1].opening, "c d");
  EXPECT_EQ(five.first[2].words, 1);
  EXPECT_EQ(preview.samples[1].line, 4);

  const ImportReport report = import_file(*corpus, path, options_);
  EXPECT_EQ(corpus->size(), 4);
  EXPECT_EQ(report.rows, preview.report.rows);
  EXPECT_EQ(report.documents, preview.report.documents);
  EXPECT_EQ(report.passages, preview.report.passages);
  EXPECT_EQ(report.skipped_malformed, 1);
  EXPECT_EQ(preview.report.skipped_malformed, 1);
  EXPECT_EQ(preview.report.skipped_empty, 1);
  EXPECT_EQ(preview.report.ignored_keys, report.ignored_keys);
  ASSERT_EQ(preview.report.problems.size(), 2U);
  EXPECT_EQ(preview.report.problems[0].line, 2);

  const ImportPreview again = preview_import(*corpus, path, options_);
  EXPECT_TRUE(again.report.already_imported);
  EXPECT_EQ(again.report.passages, 4);
  EXPECT_TRUE(again.samples.empty());
}

TEST_F(ImportPreviewTest, CarriesTheBeginningOfALargeFileOnToAllOfIt) {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += fmt::format("{{\"text\": \"a b c {:04}\"}}\n", i);
  const auto path = folder.write("a.jsonl", content);
  const auto part = static_cast<int64_t>(content.size()) / 10;
  const ImportPreview preview =
      preview_import(*corpus, path, options_, {.most_bytes = part, .samples = 3});
  EXPECT_FALSE(preview.is_complete());
  EXPECT_EQ(preview.samples.size(), 3U);
  EXPECT_EQ(preview.report.documents, 100);  // all rows have one length
  EXPECT_EQ(preview.estimate(preview.report.documents), 1000);
  EXPECT_EQ(preview.estimate(preview.report.passages), 2000);
}

TEST_F(ImportPreviewTest, CountsTheRestOfAnImportThatStopped) {
  std::string content;
  for (int i = 0; i < 100; ++i) content += fmt::format("{{\"text\": \"t{}\"}}\n", i);
  const auto path = folder.write("a.jsonl", content);
  options_.batch_documents = 10;
  std::stop_source stop;
  EXPECT_EQ(error_code_of([&] {
              import_file(*corpus, path, options_, stop.get_token(), [&](const Progress& progress) {
                if (progress.stage == "importing") stop.request_stop();
              });
            }),
            ErrorCode::kCancelled);
  const int64_t in = corpus->size();
  ASSERT_GT(in, 0);
  const ImportPreview preview = preview_import(*corpus, path, options_);
  EXPECT_TRUE(preview.report.resumed);
  EXPECT_EQ(preview.report.passages, 100 - in);
  import_file(*corpus, path, options_);
  EXPECT_EQ(corpus->size(), 100);
}

TEST_F(ImportPreviewTest, ReadsForACorpusThatCannotBeWritten) {
  const auto path = folder.write("a.txt", "one\n\ntwo\n");
  EXPECT_EQ(preview_import(*open(OpenMode::kReadOnly), path, {}).report.passages, 2);
  EXPECT_EQ(error_code_of([&] { preview_import(*corpus, folder / "no.txt", {}); }),
            ErrorCode::kNotFound);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_code_of([&] { preview_import(*corpus, path, {}, {}, stop.get_token()); }),
            ErrorCode::kCancelled);
}

}  // namespace
}  // namespace realm

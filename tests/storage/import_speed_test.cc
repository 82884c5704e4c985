// How fast a large corpus goes in and can be paged; noted in the test's output, not asserted, as
// machines differ.
#include <fmt/format.h>
#include <chrono>
#include <iostream>

#include "engine/base/rng.h"
#include "storage/importers.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

class ImportSpeed : public testing::CorpusFixture {
 protected:
  static double seconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }
};

TEST_F(ImportSpeed, TwoHundredThousandPassages) {
  constexpr int kRows = 200'000;
  constexpr int kWordsARow = 100;
  Rng rng(1);
  std::string content;
  for (int i = 0; i < kRows; ++i) {
    content += fmt::format("{{\"title\": \"Title {}\", \"text\": \"", rng.below(kRows));
    for (int w = 0; w < kWordsARow; ++w) {
      // Few words are common and many are rare, as in a language.
      const double u = rng.uniform();
      content += fmt::format("w{}{}", static_cast<int64_t>(50'000 * u * u * u),
                             w + 1 < kWordsARow ? " " : "\"}\n");
    }
  }
  const auto path = folder.write("rows.jsonl", content);
  const ImportReport report = import_file(*corpus, path, {});
  ASSERT_EQ(report.passages, kRows);
  ASSERT_EQ(corpus->size(), kRows);
  std::cout << "import: " << kRows / report.seconds << " passages/s, "
            << static_cast<double>(content.size()) / 1e6 / report.seconds << " MB/s; corpus.sqlite "
            << static_cast<double>(std::filesystem::file_size(file)) / 1e6 << " MB for "
            << static_cast<double>(content.size()) / 1e6 << " MB of JSON\n";

  auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i)
    corpus->documents({.offset = static_cast<int64_t>(rng.below(kRows)), .limit = 500});
  std::cout << "page of 500 anywhere, by id: " << seconds_since(began) / 20 * 1e3 << " ms\n";
  began = std::chrono::steady_clock::now();
  corpus->documents({.order = DocumentOrder::kByTitle, .offset = kRows / 2, .limit = 500});
  std::cout << "page of 500 in the middle, by title: " << seconds_since(began) * 1e3 << " ms\n";
  const auto timed = [&](const char* what, const DocumentQuery& query) {
    const auto at = std::chrono::steady_clock::now();
    const int64_t total = corpus->documents(query).total;
    std::cout << what << " (" << total << "): " << seconds_since(at) * 1e3 << " ms\n";
  };
  constexpr int64_t kMiddle = kRows / 2;
  timed("the same by words, first time, makes the index",
        {.order = DocumentOrder::kByWords, .offset = kMiddle, .limit = 500});
  timed("the same by words, from then on",
        {.order = DocumentOrder::kByWords, .offset = kMiddle - 500, .limit = 500});
  timed("the same by source",
        {.order = DocumentOrder::kBySource, .offset = kMiddle, .limit = 500, .descending = true});
  timed("text contains, nothing found", {.contains = "no such text"});
  timed("regular expression, few found", {.expression = "\\bw49[0-9]{3} w1 w(2|3)\\b"});
  timed("search by words in order of words",
        {.search = "w0", .order = DocumentOrder::kByWords, .limit = 500});
  began = std::chrono::steady_clock::now();
  const int64_t hits =
      corpus->documents({.search = "w0", .order = DocumentOrder::kByRelevance, .limit = 100}).total;
  std::cout << "search with " << hits << " hits, by relevance: " << seconds_since(began) * 1e3
            << " ms\n";
  began = std::chrono::steady_clock::now();
  corpus->documents(
      {.search = "w49000 w48000", .order = DocumentOrder::kByRelevance, .limit = 100});
  std::cout << "search for two rare words: " << seconds_since(began) * 1e3 << " ms\n";
  began = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) corpus->find(static_cast<DocumentId>(rng.below(kRows)) + 1);
  std::cout << "find: " << seconds_since(began) * 1e3 << " us\n";
  const auto wal = std::filesystem::path(file.string() + "-wal");
  const auto before = std::filesystem::file_size(file);
  began = std::chrono::steady_clock::now();
  corpus->undo({}, [&](const Progress& progress) {
    if (progress.done == progress.total)
      std::cout << "log before the undo is committed: "
                << static_cast<double>(std::filesystem::file_size(wal)) / 1e6 << " MB\n";
  });
  std::cout << "undo of the import: " << kRows / seconds_since(began) << " passages/s\n";
  ASSERT_EQ(corpus->size(), 0);
  began = std::chrono::steady_clock::now();
  corpus->redo();
  std::cout << "redo of the import: " << kRows / seconds_since(began)
            << " passages/s; corpus.sqlite " << static_cast<double>(before) / 1e6 << " MB before, "
            << static_cast<double>(std::filesystem::file_size(file)) / 1e6 << " MB after\n";
  ASSERT_EQ(corpus->size(), kRows);
  began = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) corpus->edit(i + 1, {std::nullopt, fmt::format("edited {}", i)});
  std::cout << "edit, on disk: " << seconds_since(began) / 100 * 1e3 << " ms\n";
}

}  // namespace
}  // namespace realm

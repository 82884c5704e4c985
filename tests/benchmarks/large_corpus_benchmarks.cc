// A corpus of 200,000 passages of 100 words, few of which are common and many rare, as in a
// language: how fast it goes in, and what paging, searching and editing it cost.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "engine/base/rng.h"
#include "storage/corpus_store.h"
#include "storage/importers.h"
#include "tests/benchmarks/laps.h"
#include "tests/support/temp_directory.h"

namespace realm::benchmarks {
namespace {

constexpr int kPassages = 200'000;
constexpr int kWordsAPassage = 100;

void write_passages(const std::filesystem::path& path) {
  Rng rng(1);
  std::ofstream out(path);
  for (int i = 0; i < kPassages; ++i) {
    out << fmt::format("{{\"title\": \"Title {}\", \"text\": \"", rng.below(kPassages));
    for (int w = 0; w < kWordsAPassage; ++w) {
      const double u = rng.uniform();
      out << fmt::format("w{}{}", static_cast<int64_t>(50'000 * u * u * u),
                         w + 1 < kWordsAPassage ? " " : "\"}\n");
    }
  }
}

struct LargeCorpus {
  LargeCorpus() {
    write_passages(passages);
    CorpusStore::create(file, "benchmark");
    corpus = CorpusStore::open(file, OpenMode::kReadWrite, "benchmark");
    import_seconds = import_file(*corpus, passages, {}).seconds;
    if (corpus->size() != kPassages) throw std::runtime_error("not every passage was imported");
  }
  testing::TempDirectory folder;
  std::filesystem::path passages = folder / "passages.jsonl";
  std::filesystem::path file = folder / "corpus.sqlite";
  std::unique_ptr<CorpusStore> corpus;
  double import_seconds = 0;
};

LargeCorpus& large_corpus() {
  static LargeCorpus corpus;
  return corpus;
}

double megabytes(const std::filesystem::path& file) {
  return static_cast<double>(std::filesystem::file_size(file)) / 1e6;
}

void corpus_import(benchmark::State& state) {
  guarded(state, [&] {
    for (auto _ : state) state.SetIterationTime(large_corpus().import_seconds);
    const LargeCorpus& large = large_corpus();
    state.counters["passages_per_s"] = kPassages / large.import_seconds;
    state.counters["json_MB_per_s"] = megabytes(large.passages) / large.import_seconds;
    state.counters["json_MB"] = megabytes(large.passages);
    state.counters["corpus_MB"] = megabytes(large.file);
  });
}
BENCHMARK(corpus_import)->Iterations(1)->Unit(benchmark::kSecond)->UseManualTime();

// What is asked of the corpus; each is asked once before the clock runs, as orders are made then.
void corpus_query(benchmark::State& state, const DocumentQuery& query) {
  guarded(state, [&] {
    CorpusStore& corpus = *large_corpus().corpus;
    const int64_t found = corpus.documents(query).total;
    Laps laps;
    for (auto _ : state) laps.time([&] { benchmark::DoNotOptimize(corpus.documents(query)); });
    state.counters["found"] = static_cast<double>(found);
    state.counters["p50_ms"] = laps.median() * 1e3;
    state.counters["longest_ms"] = laps.percentile(1) * 1e3;
  });
}
constexpr int64_t kMiddle = kPassages / 2;
#define REALM_CORPUS_QUERY(name, ...)                               \
  BENCHMARK_CAPTURE(corpus_query, name, DocumentQuery{__VA_ARGS__}) \
      ->Iterations(5)                                               \
      ->Unit(benchmark::kMillisecond)
REALM_CORPUS_QUERY(page_by_id, .offset = kMiddle, .limit = 500);
REALM_CORPUS_QUERY(page_by_title, .order = DocumentOrder::kByTitle, .offset = kMiddle,
                   .limit = 500);
REALM_CORPUS_QUERY(page_by_words, .order = DocumentOrder::kByWords, .offset = kMiddle,
                   .limit = 500);
REALM_CORPUS_QUERY(page_by_source, .order = DocumentOrder::kBySource, .offset = kMiddle,
                   .limit = 500, .descending = true);
REALM_CORPUS_QUERY(text_not_found, .contains = "no such text");
REALM_CORPUS_QUERY(expression, .expression = "\\bw49[0-9]{3} w1 w(2|3)\\b");
REALM_CORPUS_QUERY(common_word_by_words, .search = "w0", .order = DocumentOrder::kByWords,
                   .limit = 500);
REALM_CORPUS_QUERY(common_word_by_relevance, .search = "w0", .order = DocumentOrder::kByRelevance,
                   .limit = 100);
REALM_CORPUS_QUERY(two_rare_words, .search = "w49000 w48000", .order = DocumentOrder::kByRelevance,
                   .limit = 100);
#undef REALM_CORPUS_QUERY

void corpus_find(benchmark::State& state) {
  guarded(state, [&] {
    CorpusStore& corpus = *large_corpus().corpus;
    Rng rng(2);
    for (auto _ : state) {
      benchmark::DoNotOptimize(corpus.find(static_cast<DocumentId>(rng.below(kPassages)) + 1));
    }
  });
}
BENCHMARK(corpus_find)->Unit(benchmark::kMicrosecond);

// A passage gets another text; it is on the disk when the clock stops.
void corpus_edit(benchmark::State& state) {
  guarded(state, [&] {
    CorpusStore& corpus = *large_corpus().corpus;
    int edits = 0;
    Laps laps;
    for (auto _ : state) {
      ++edits;
      laps.time([&] { corpus.edit(edits, {std::nullopt, fmt::format("edited {}", edits)}); });
    }
    for (; edits > 0; --edits) corpus.undo();
    state.counters["p50_ms"] = laps.median() * 1e3;
    state.counters["p95_ms"] = laps.percentile(0.95) * 1e3;
  });
}
BENCHMARK(corpus_edit)->Iterations(100)->Unit(benchmark::kMillisecond);

// The whole import is taken back and made again.
void corpus_undo(benchmark::State& state) {
  guarded(state, [&] {
    CorpusStore& corpus = *large_corpus().corpus;
    Laps undo, redo;
    for (auto _ : state) {
      undo.time([&] { corpus.undo(); });
      redo.time([&] { corpus.redo(); });
      if (corpus.size() != kPassages) throw std::runtime_error("the import did not come back");
    }
    state.counters["undo_passages_per_s"] = kPassages / undo.median();
    state.counters["redo_passages_per_s"] = kPassages / redo.median();
  });
}
BENCHMARK(corpus_undo)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace realm::benchmarks

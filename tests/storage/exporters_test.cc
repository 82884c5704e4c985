#include "storage/exporters.h"

#include "storage/importers.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;
using testing::read_file;

class Exporters : public testing::CorpusFixture {
 protected:
  // The corpus that an import of an export gives.
  std::unique_ptr<CorpusStore> round_trip(const std::string& name, ExportFormat format) {
    export_corpus(*corpus, folder / name, format);
    CorpusStore::create(folder / (name + ".sqlite"), "copy");
    auto copy = CorpusStore::open(folder / (name + ".sqlite"), OpenMode::kReadWrite);
    const ImportReport report = import_file(*copy, folder / name, {});
    EXPECT_EQ(report.skipped(), 0);
    return copy;
  }
};

TEST_F(Exporters, WritesOneObjectALine) {
  corpus->add("Zürich \"City\"", "On a\nlake.", "atlas", "CC0");
  EXPECT_EQ(export_corpus(*corpus, folder / "a.jsonl", ExportFormat::kJsonl), 1);
  EXPECT_EQ(read_file(folder / "a.jsonl"),
            "{\"id\":1,\"title\":\"Zürich \\\"City\\\"\",\"text\":\"On "
            "a\\nlake.\",\"source\":\"atlas\",\"licence\":\"CC0\"}\n");
}

TEST_F(Exporters, WritesATableWithAHeader) {
  corpus->add("A", "plain", "s");
  corpus->add("\"B\"", "tab\there", "s");
  EXPECT_EQ(export_corpus(*corpus, folder / "a.tsv", ExportFormat::kTsv), 2);
  EXPECT_EQ(
      read_file(folder / "a.tsv"),
      "id\ttitle\ttext\tsource\tlicence\n1\tA\tplain\ts\t\n2\t\"\"\"B\"\"\"\t\"tab\there\"\ts\t\n");
}

TEST_F(Exporters, BothFormatsComeBackTheSame) {
  corpus->add("\"Heroes\" (song)", "line one\nline \"two\"\n\ttabbed", "atlas", "CC BY-SA 4.0");
  corpus->add("", "\"", "s\"t", "");
  corpus->add("Ω", "emoji 😀 and \\ backslash", "s", "x");
  corpus->add("T", "a\n\"b\"\nc\t\"d", "s", "x");
  EXPECT_EQ(round_trip("a.jsonl", ExportFormat::kJsonl)->fingerprint(), corpus->fingerprint());
  EXPECT_EQ(round_trip("a.tsv", ExportFormat::kTsv)->fingerprint(), corpus->fingerprint());
}

TEST_F(Exporters, LeavesNothingWhenCancelled) {
  corpus->add("A", "text", "s");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_code_of([&] {
              export_corpus(*corpus, folder / "a.jsonl", ExportFormat::kJsonl, stop.get_token());
            }),
            ErrorCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(folder / "a.jsonl"));
}

TEST_F(Exporters, AnEmptyCorpusGivesAnEmptyFile) {
  EXPECT_EQ(export_corpus(*corpus, folder / "a.jsonl", ExportFormat::kJsonl), 0);
  EXPECT_EQ(read_file(folder / "a.jsonl"), "");
}

}  // namespace
}  // namespace realm

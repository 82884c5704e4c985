#include "storage/packages/dictd_file.h"

#include <gmock/gmock.h>

#include "tests/storage/corpus_fixture.h"
#include "tests/storage/packages/package_samples.h"

namespace realm {
namespace {

using testing::error_code_of;
using testing::error_of;
using testing::gzip;
using ::testing::HasSubstr;
using testing::TempDirectory;
using testing::write_dictionary;

std::string error_of_open(const TempDirectory& temp) {
  return error_of([&] { DictdFile::open(temp / "d.index", temp / "d.dict.dz"); });
}

TEST(DictdFile, GivesEveryArticleOnceInTheOrderOfTheText) {
  const TempDirectory temp;
  write_dictionary(temp.path(), "d",
                   {{{"00-database-info"}, "about"},
                    {{"zebra", "striped horse"}, "Zebra\n   An animal.\n"},
                    {{"apple"}, "apple\n   A fruit.\n"}});
  const DictdFile dictionary = DictdFile::open(temp / "d.index", temp / "d.dict.dz");
  ASSERT_EQ(dictionary.size(), 2);
  EXPECT_EQ(dictionary.article(0), "Zebra\n   An animal.\n");
  EXPECT_EQ(dictionary.article(1), "apple\n   A fruit.\n");
}

TEST(DictdFile, ReadsAnUnpackedTextAndItsBase64Numbers) {
  const TempDirectory temp;
  // BA is 1 * 64 + 0, C is 2.
  temp.write("d.dict", std::string(64, '.') + "ab");
  temp.write("d.index", "word\tBA\tC\tWord\n");
  const DictdFile dictionary = DictdFile::open(temp / "d.index", temp / "d.dict");
  ASSERT_EQ(dictionary.size(), 1);
  EXPECT_EQ(dictionary.article(0), "ab");
}

TEST(DictdFile, ReadsWhatIsNoUtf8AsWindows1252) {
  const TempDirectory temp;
  write_dictionary(temp.path(), "d",
                   {{{"a"},
                     "the market\x92s fa\xe7"
                     "ade \x81"},
                    {{"b"}, "na\xc3\xafve"}});
  const DictdFile dictionary = DictdFile::open(temp / "d.index", temp / "d.dict.dz");
  ASSERT_EQ(dictionary.size(), 2);
  EXPECT_EQ(dictionary.article(0), "the market’s façade \uFFFD");
  EXPECT_EQ(dictionary.article(1), "naïve");
}

TEST(DictdFile, NamesFileAndLineOfAMalformedIndex) {
  const TempDirectory temp;
  temp.write("d.dict.dz", gzip("0123456789"));
  temp.write("d.index", "one\tA\tB\ntwo\tA\n");
  EXPECT_EQ(error_of_open(temp), "'" + (temp / "d.index").string() +
                                     "', line 2: expected a word, an offset and a length between "
                                     "tabs.");
  temp.write("d.index", "one\tA!\tB\n");
  EXPECT_THAT(error_of_open(temp), HasSubstr("line 1: 'A!' is no number in dictd's base 64."));
  temp.write("d.index", "one\tA\t\n");
  EXPECT_THAT(error_of_open(temp), HasSubstr("line 1: '' is no number"));
  temp.write("d.index", "one\tA\tAAAAAAAAAAAB\n");  // more than 60 bits
  EXPECT_THAT(error_of_open(temp), HasSubstr("line 1"));
}

TEST(DictdFile, RefusesAnIndexThatPointsOutsideTheText) {
  const TempDirectory temp;
  temp.write("d.dict.dz", gzip("0123456789"));
  temp.write("d.index", "good\tA\tK\n");  // bytes 0 to 10
  EXPECT_EQ(error_of_open(temp), "");
  temp.write("d.index", "good\tA\tK\nbad\tI\tD\n");  // bytes 8 to 11
  EXPECT_THAT(error_of_open(temp), HasSubstr("line 2: points at bytes 8 to 11 of "));
  EXPECT_THAT(error_of_open(temp), HasSubstr("which holds 10."));
  temp.write("d.index", "bad\t//////////\t//////////\n");
  EXPECT_EQ(error_code_of([&] { DictdFile::open(temp / "d.index", temp / "d.dict.dz"); }),
            ErrorCode::kCorruptData);
}

TEST(DictdFile, RefusesATextThatIsCutOffOrNotGzip) {
  const TempDirectory temp;
  temp.write("d.index", "one\tA\tB\n");
  const std::string packed = gzip("some text that is long enough to be cut in the middle");
  temp.write("d.dict.dz", packed.substr(0, packed.size() / 2));
  EXPECT_THAT(error_of_open(temp), HasSubstr("is cut off: its gzip data end after"));
  temp.write("d.dict.dz", "this is no gzip file");
  EXPECT_THAT(error_of_open(temp), HasSubstr("is no sound gzip file"));
  temp.write("d.dict.dz", "");
  EXPECT_THAT(error_of_open(temp), HasSubstr("is cut off"));
}

TEST(DictdFile, NamesAFileThatIsNotThere) {
  const TempDirectory temp;
  temp.write("d.index", "one\tA\tB\n");
  EXPECT_EQ(error_code_of([&] { DictdFile::open(temp / "d.index", temp / "d.dict.dz"); }),
            ErrorCode::kNotFound);
  EXPECT_THAT(error_of_open(temp), HasSubstr("d.dict.dz"));
}

}  // namespace
}  // namespace realm

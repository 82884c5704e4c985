#include "engine/evaluation/cloze_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using ::testing::HasSubstr;

std::string sentence_of(const std::filesystem::path& file, ErrorCode expected) {
  try {
    read_cloze_file(file);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), expected);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(ClozeFile, ReadsEveryField) {
  const testing::TempDirectory folder;
  const auto file = folder.write(
      "rivers.jsonl",
      R"({"text": "The [[Rhine]] rises there.", "title": "Rhine", "set": "real", "old_answer": "Rhone",)"
      R"( "add": [{"title": "A", "text": "One.", "source": "s"}], "edit": {"title": "B", "text": "Two."}})"
      "\n\n"
      R"({"question": "Where does it rise?", "extra": 1})"
      "\n");

  const std::vector<ClozeItem> items = read_cloze_file(file);

  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].line, 1);
  EXPECT_EQ(items[0].text, "The [[Rhine]] rises there.");
  EXPECT_EQ(items[0].title, "Rhine");
  EXPECT_EQ(items[0].set, "real");
  EXPECT_EQ(items[0].old_answer, "Rhone");
  ASSERT_EQ(items[0].add.size(), 1u);
  EXPECT_EQ(items[0].add[0].title, "A");
  EXPECT_EQ(items[0].add[0].text, "One.");
  EXPECT_EQ(items[0].add[0].source, "s");
  ASSERT_TRUE(items[0].edit.has_value());
  EXPECT_EQ(items[0].edit->title, "B");
  EXPECT_EQ(items[0].edit->text, "Two.");
  EXPECT_EQ(items[1].line, 3);
  EXPECT_EQ(items[1].text, "Where does it rise?");
  EXPECT_EQ(items[1].set, "rivers");
  EXPECT_FALSE(items[1].title.has_value());
}

TEST(ClozeFile, StopsAtTheLimit) {
  const testing::TempDirectory folder;
  const auto file = folder.write("a.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\nnot json\n");
  EXPECT_EQ(read_cloze_file(file, 2).size(), 2u);
}

TEST(ClozeFile, TakesSeveralTitlesThatStateTheFact) {
  const testing::TempDirectory folder;
  const auto items = read_cloze_file(folder.write(
      "a.jsonl",
      "{\"text\": \"x\", \"title\": \"257\", \"titles\": [\"257\", \"17\"]}\n{\"text\": \"y\"}\n"));
  EXPECT_TRUE(items[0].is_gold("257"));
  EXPECT_TRUE(items[0].is_gold("17"));
  EXPECT_FALSE(items[0].is_gold("7"));
  EXPECT_FALSE(items[1].is_gold(""));
}

TEST(ClozeFile, NamesTheLineThatIsWrong) {
  const testing::TempDirectory folder;
  EXPECT_THAT(sentence_of(folder.write("a.jsonl", "{\"text\": \"one\"}\nnot json\n"),
                          ErrorCode::kCorruptData),
              HasSubstr("a.jsonl, line 2"));
  EXPECT_THAT(sentence_of(folder.write("b.jsonl", "[1]\n"), ErrorCode::kCorruptData),
              HasSubstr("found array"));
  EXPECT_THAT(sentence_of(folder.write("c.jsonl", "{\"text\": 7}\n"), ErrorCode::kCorruptData),
              HasSubstr("\"text\" must be a text, found number"));
  EXPECT_THAT(sentence_of(folder.write("d.jsonl", "{\"title\": \"x\"}\n"), ErrorCode::kCorruptData),
              HasSubstr("expected a text under \"text\", found none"));
  EXPECT_THAT(
      sentence_of(folder.write("e.jsonl", "{\"text\": \"caf\xE9\"}\n"), ErrorCode::kCorruptData),
      HasSubstr("line 1"));
  EXPECT_THAT(sentence_of(folder.write("f.jsonl", "{\"text\": \"x\", \"add\": [3]}\n"),
                          ErrorCode::kCorruptData),
              HasSubstr("\"add\""));
}

TEST(ClozeFile, NamesAFileThatIsMissingOrEmpty) {
  const testing::TempDirectory folder;
  EXPECT_THAT(sentence_of(folder / "none.jsonl", ErrorCode::kNotFound), HasSubstr("none.jsonl"));
  EXPECT_THAT(sentence_of(folder.write("empty.jsonl", "\n"), ErrorCode::kCorruptData),
              HasSubstr("holds no item"));
  EXPECT_THAT(sentence_of(folder.path(), ErrorCode::kNotFound), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace realm

#include "trainer/tasks/probe_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/data/small_world.h"
#include "tests/trainer/tasks/task_world.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ProbeQueries : public ::testing::Test {
 protected:
  std::vector<ProbeQuery> load(const std::string& content) const {
    return load_probes(folder_.write("probes.jsonl", content), *inputs_.tokenizer, inputs_.passages,
                       inputs_.lengths());
  }
  void expect_refused(const std::string& content, ErrorCode code, const std::string& named) const {
    try {
      load(content);
      FAIL() << "not refused: " << content;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_THAT(error.what(), HasSubstr(named));
    }
  }
  const testing::TempDirectory folder_;
  const TaskInputs inputs_ = testing::task_inputs();
};

TEST_F(ProbeQueries, HideTheirAnswerAndNameTheirPassage) {
  const std::vector<ProbeQuery> probes = load(
      "{\"name\": \"first\", \"text\": \"b is near [[cd]]\", \"title\": \"b\"}\n"
      "\n"
      "{\"name\": \"second\", \"text\": \"[[a]] is near b\"}\n");
  ASSERT_EQ(probes.size(), 2U);
  EXPECT_EQ(probes[0].name, "first");
  EXPECT_EQ(probes[0].text, "b is near [[cd]]");
  EXPECT_EQ(testing::text_of(*inputs_.tokenizer, probes[0].x.ids), "b is near [MASK] [MASK]");
  EXPECT_EQ(testing::text_of(*inputs_.tokenizer, probes[0].x.answer), "c ##d");
  EXPECT_THAT(probes[0].x.masks, ElementsAre(3, 4));
  EXPECT_EQ(probes[0].gold, 1);
  EXPECT_EQ(probes[1].gold, -1);
}

TEST_F(ProbeQueries, SayWhichLineIsWrong) {
  const std::string good = "{\"name\": \"a\", \"text\": \"[[a]] is\"}\n";
  expect_refused(good + "not json\n", ErrorCode::kCorruptData, "Line 2 of");
  expect_refused("{\"text\": \"[[a]] is\"}\n", ErrorCode::kCorruptData, "\"name\"");
  expect_refused("{\"name\": \"a\"}\n", ErrorCode::kCorruptData, "\"text\"");
  expect_refused("{\"name\": \"a\", \"text\": \"nothing\"}\n", ErrorCode::kCorruptData, "hides");
  expect_refused("{\"name\": \"a\", \"text\": \"[MASK] is\"}\n", ErrorCode::kCorruptData, "answer");
  expect_refused("{\"name\": \"a\", \"text\": \"[[a]] is\", \"title\": \"z\"}\n",
                 ErrorCode::kCorruptData, "\"z\"");
  expect_refused("{\"name\": \"a\", \"text\": \"a a a a a a a a a a a a [[b]]\"}\n",
                 ErrorCode::kCorruptData, "takes 10");
  expect_refused(good + good, ErrorCode::kInvalidArgument, "Line 2 of");
}

TEST_F(ProbeQueries, NeedTheirFile) {
  EXPECT_THROW(
      load_probes("/no/such/file.jsonl", *inputs_.tokenizer, inputs_.passages, inputs_.lengths()),
      Error);
}

}  // namespace
}  // namespace realm

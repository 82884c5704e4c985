#include "trainer/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace realm {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

// The keys whose values are names of a list, with one that is not the default.
const std::map<std::string, std::string> kNames = {
    {"task", "ict"},       {"marginal", "per_piece"},
    {"passage", "none"},   {"masking", "random_spans"},
    {"precision", "bf16"}, {"refresh_mode", "free"}};

// "key=value" with another value than the options have.
std::string other_value(const std::string& key, const Json& value) {
  if (kNames.contains(key)) return key + "=" + kNames.at(key);
  if (value.is_string()) return key + "=some text";
  if (value.is_boolean()) return key + "=" + (value.get<bool>() ? "false" : "true");
  if (value.is_number_integer()) return key + "=" + std::to_string(value.get<int64_t>() + 1);
  return key + "=" + std::to_string(value.get<double>() + 0.25);
}

template <typename Call>
void expect_rejected(const Call& call, const std::string& named) {
  try {
    call();
    FAIL() << "not rejected: " << named;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr(named));
  }
}

// Each key by itself: what is set reaches the JSON under that key alone, and comes back from it.
TEST(TrainOptions, KeepEveryKeyThroughJson) {
  const TrainOptions defaults;
  const Json before = Json::parse(to_json(defaults));
  EXPECT_GT(before.size(), 40U);
  for (const auto& [key, value] : before.items()) {
    TrainOptions options;
    set_option(options, other_value(key, value));
    const Json after = Json::parse(to_json(options));
    ASSERT_EQ(after.size(), before.size());
    for (const auto& [name, stored] : after.items()) {
      EXPECT_EQ(stored != before.at(name), name == key) << "set " << key << ", changed " << name;
    }
    EXPECT_EQ(to_json(train_options_from_json(to_json(options))), to_json(options)) << key;
  }
}

TEST(TrainOptions, AreDescribedWithUnitDefaultAndMeaning) {
  const Json defaults = Json::parse(to_json(TrainOptions()));
  const std::vector<OptionDescription> all = describe_options();
  ASSERT_EQ(all.size(), defaults.size());
  for (const OptionDescription& option : all) {
    EXPECT_EQ(Json::parse(option.value_json), defaults.at(option.key)) << option.key;
    EXPECT_GE(option.meaning.size(), 8U) << option.key;
    EXPECT_FALSE(option.group.empty()) << option.key;
    const Json& value = defaults.at(option.key);
    if (option.kind == "number") {
      EXPECT_TRUE(value.is_number_float()) << option.key;
    }
    if (option.kind == "whole number") {
      EXPECT_TRUE(value.is_number_integer()) << option.key;
    }
    if (option.kind == "true or false") {
      EXPECT_TRUE(value.is_boolean()) << option.key;
    }
    EXPECT_EQ(option.kind == "name", kNames.contains(option.key)) << option.key;
    if (option.unit == "share") {
      EXPECT_EQ(option.kind, "number") << option.key;
    }
  }
  const auto find = [](const std::vector<OptionDescription>& in, const std::string& key) {
    for (const OptionDescription& option : in) {
      if (option.key == key) return option;
    }
    return OptionDescription();
  };
  EXPECT_EQ(find(all, "steps").unit, "steps");
  EXPECT_THAT(find(all, "marginal").names, ::testing::ElementsAre("paper", "per_piece"));
  // Of a preset: its values.
  EXPECT_EQ(find(describe_options(preset("paper", TrainTask::kPretrain)), "batch_size").value_json,
            "512");
}

TEST(TrainOptions, KeepTheDefaultOfKeysThatAreMissing) {
  const TrainOptions options = train_options_from_json(R"({"steps": 7})");
  EXPECT_EQ(options.steps, 7);
  EXPECT_EQ(options.batch_size, TrainOptions().batch_size);
  TrainOptions base;
  base.batch_size = 3;
  EXPECT_EQ(train_options_from_json(R"({"steps": 7})", base).batch_size, 3);
}

TEST(TrainOptions, NameAKeyThatThereIsNot) {
  expect_rejected([] { train_options_from_json(R"({"stepz": 7})"); }, "\"stepz\"");
  TrainOptions options;
  expect_rejected([&] { set_option(options, "stepz=7"); }, "\"stepz\"; did you mean steps?");
  expect_rejected([&] { set_option(options, "leraning_rate=7"); }, "did you mean learning_rate?");
  expect_rejected([&] { set_option(options, "colour=7"); }, "\"colour\".");
}

TEST(TrainOptions, NameTheKeyOfAValueOfTheWrongType) {
  for (const char* json : {R"({"steps": "many"})", R"({"steps": 1.5})", R"({"steps": null})",
                           R"({"steps": [1]})", R"({"steps": 1e300})"}) {
    expect_rejected([&] { train_options_from_json(json); }, "steps");
  }
  expect_rejected([] { train_options_from_json(R"({"learning_rate": "fast"})"); }, "learning_rate");
  expect_rejected([] { train_options_from_json(R"({"workspace": 5})"); }, "workspace");
  expect_rejected([] { train_options_from_json(R"({"drop_trivial_candidate": 1})"); },
                  "drop_trivial_candidate");
  expect_rejected([] { train_options_from_json(R"({"batch_size": 3000000000})"); }, "batch_size");
}

TEST(TrainOptions, NameTheValuesThatAKeyCanHave) {
  expect_rejected([] { train_options_from_json(R"({"task": "sleep"})"); },
                  "vocabulary, mlm, ict, pretrain");
  expect_rejected([] { train_options_from_json(R"({"marginal": "sum"})"); }, "paper, per_piece");
  expect_rejected([] { train_options_from_json(R"({"refresh_mode": "fast"})"); },
                  "repeatable, free");
  expect_rejected([] { parse_task("sleep"); }, "sleep");
}

// By place: the parser's own words quote the bytes of the file.
TEST(TrainOptions, SayWhereTheirJsonIsBroken) {
  const auto sentence = [](const std::string& json, const std::string& file) -> std::string {
    try {
      train_options_from_json(json, {}, file);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_EQ(sentence("{\"steps\": 7,\n x}", "my.json"),
            "The training options in my.json are not valid JSON from line 2, column 2 on.");
  EXPECT_EQ(sentence("{\"workspace\": \"a\xff\"}", ""),
            "The training options are not valid JSON from line 1, column 17 on.");
  EXPECT_EQ(sentence("7", "my.json"), "The training options in my.json must be one JSON object.");
  TrainOptions options;
  expect_rejected([&] { set_option(options, "steps=\xff"); }, "steps must be a whole number");
}

TEST(TrainOptions, SayWhatTheyCost) {
  for (const OptionDescription& option : describe_options()) {
    if (option.key == "candidates") {
      EXPECT_EQ(option.cost, "memory and time grow with it");
    }
    if (option.key == "refresh_every_steps") {
      EXPECT_THAT(option.cost, HasSubstr("embeds the whole corpus"));
    }
    if (option.key == "seed") {
      EXPECT_EQ(option.cost, "");
    }
  }
}

TEST(TrainOptions, NeedOneJsonObject) {
  expect_rejected([] { train_options_from_json("{"); }, "not valid JSON");
  expect_rejected([] { train_options_from_json("[1]"); }, "one JSON object");
  expect_rejected([] { train_options_from_json(""); }, "not valid JSON");
}

TEST(TrainOptions, AreSetAsPeopleWriteThem) {
  TrainOptions options;
  set_option(options, "steps=1e5");
  EXPECT_EQ(options.steps, 100000);
  set_option(options, "learning_rate=3e-5");
  EXPECT_DOUBLE_EQ(options.learning_rate, 3e-5);
  set_option(options, "learning_rate=1");
  EXPECT_EQ(options.learning_rate, 1.0);
  set_option(options, "workspace=/a folder/with=signs");
  EXPECT_EQ(options.workspace, "/a folder/with=signs");
  set_option(options, "initial_model=42");
  EXPECT_EQ(options.initial_model, "42");
  set_option(options, "output_model=");
  EXPECT_EQ(options.output_model, "");
  set_option(options, "task=mlm");
  EXPECT_EQ(options.task, TrainTask::kMlm);
  set_option(options, "drop_trivial_candidate=false");
  EXPECT_FALSE(options.drop_trivial_candidate);
}

TEST(TrainOptions, NameAnAssignmentThatIsNone) {
  TrainOptions options;
  for (const char* assignment : {"steps", "=5", ""}) {
    expect_rejected([&] { set_option(options, assignment); }, "key=value");
  }
  expect_rejected([&] { set_option(options, "steps="); }, "steps");
  expect_rejected([&] { set_option(options, "steps=ten"); }, "steps");
}

TEST(TrainOptions, NameTheKeyWhoseValueCannotBe) {
  const std::vector<std::string> impossible = {"steps=0",
                                               "batch_size=0",
                                               "learning_rate=0",
                                               "learning_rate=-1",
                                               "layers=0",
                                               "hidden=130",
                                               "heads=0",
                                               "query_length=3",
                                               "document_length=1",
                                               "positions=10",
                                               "candidates=0",
                                               "refresh_every_steps=0",
                                               "refresh_lag_steps=0",
                                               "refresh_lag_steps=101",
                                               "stale_factor=0",
                                               "refresh_threads=0",
                                               "clip_norm=0",
                                               "threads=0",
                                               "vocabulary_size=10",
                                               "dropout=1.5",
                                               "swap_probability=-0.1",
                                               "null_probability=2",
                                               "warmup_fraction=1.01",
                                               "one_sentence_until=-1",
                                               "checkpoint_every_steps=0",
                                               "keep_every_steps=-500",
                                               "keep_every_steps=750",
                                               "log_every_steps=0",
                                               "evaluate_every_steps=0",
                                               "decay_to=3",
                                               "word_dropout=1.1",
                                               "pair_fraction=7",
                                               "device=tpu",
                                               "device=cuda:",
                                               "device=cuda:x",
                                               "evaluate_examples=0",
                                               "evaluate_examples=-1",
                                               "threads=1025",
                                               "refresh_threads=1025",
                                               "weight_decay=-0.1",
                                               "refresh_device=tpu",
                                               "refresh_device=cuda:1000",
                                               "candidates=2000000000",
                                               "query_length=2000000000",
                                               "document_length=65537",
                                               "intermediate=2000000000",
                                               "projection=65537",
                                               "vocabulary_size=2000000000",
                                               "steps=1000000001",
                                               "refresh_every_steps=1e13",
                                               "accumulate_steps=0",
                                               "accumulate_steps=65"};
  for (const std::string& assignment : impossible) {
    TrainOptions options;
    set_option(options, assignment);
    const std::string key = assignment.substr(0, assignment.find('='));
    // heads and hidden are judged together.
    expect_rejected([&] { validate(options); }, key == "heads" ? "hidden" : key);
  }
  TrainOptions ict;
  ict.task = TrainTask::kIct;
  ict.batch_size = 1;
  expect_rejected([&] { validate(ict); }, "batch_size");
  ict.batch_size = 8;
  ict.accumulate_steps = 2;
  expect_rejected([&] { validate(ict); }, "accumulate_steps");
}

TEST(TrainOptions, AreValidAsTheyComeAndInEveryPreset) {
  for (const TrainTask task :
       {TrainTask::kVocabulary, TrainTask::kMlm, TrainTask::kIct, TrainTask::kPretrain}) {
    TrainOptions options;
    options.task = task;
    // Only the model that a vocabulary goes into is for a person to name.
    const std::string output = task == TrainTask::kVocabulary ? "words" : "";
    options.output_model = output;
    EXPECT_NO_THROW(validate(options)) << to_string(task);
    for (const std::string& name : preset_names()) {
      TrainOptions of_preset = preset(name, task);
      if (of_preset.output_model.empty()) of_preset.output_model = output;
      EXPECT_NO_THROW(validate(of_preset)) << name << " " << to_string(task);
      EXPECT_EQ(of_preset.task, task);
    }
  }
  expect_rejected([] { preset("fast", TrainTask::kMlm); }, "\"fast\"");
}

TEST(TrainOptions, OfTheEnglishPresetsFitTheSentenceModelThatTheyStartFrom) {
  for (const char* name : {"english-cpu", "english-gpu"}) {
    for (const TrainTask task : {TrainTask::kMlm, TrainTask::kIct, TrainTask::kPretrain}) {
      const TrainOptions options = preset(name, task);
      EXPECT_EQ(options.layers, 6);
      EXPECT_EQ(options.hidden, 384);
      EXPECT_EQ(options.heads, 12);
      EXPECT_EQ(options.intermediate, 1536);
      EXPECT_EQ(options.positions, 512);
      EXPECT_EQ(options.vocabulary_size, 30522);
      EXPECT_EQ(options.precision, TrainPrecision::kBf16);
      EXPECT_EQ(options.dropout, 0.0) << "no text is seen often enough";
      // x and z fit into one input.
      EXPECT_LE(options.query_length + options.document_length, options.positions);
    }
  }
  EXPECT_EQ(preset("english-cpu", TrainTask::kMlm).device, "cpu");
  // Of two cores one is left.
  EXPECT_EQ(preset("english-cpu", TrainTask::kMlm).threads, 1);
  EXPECT_EQ(preset("english-gpu", TrainTask::kMlm).device, "cuda");
}

// REALM_SPEC 5.5 and 5.7.
TEST(TrainOptions, OfThePaperAreThePapers) {
  const TrainOptions options = preset("paper", TrainTask::kPretrain);
  EXPECT_EQ(options.steps, 200000);
  EXPECT_EQ(options.batch_size, 512);
  EXPECT_EQ(options.learning_rate, 3e-5);
  EXPECT_EQ(options.candidates, 8);
  EXPECT_EQ(options.refresh_every_steps, 500);
  EXPECT_EQ(options.weight_decay, 0.01);
  EXPECT_EQ(options.dropout, 0.1);
  EXPECT_EQ(options.clip_norm, 1.0);
  EXPECT_EQ(std::llround(options.warmup_fraction * static_cast<double>(options.steps)), 10000);
  EXPECT_EQ(options.query_length, 96);
  EXPECT_EQ(options.document_length, 288);
  EXPECT_EQ(options.projection, 128);
  const TrainOptions ict = preset("paper", TrainTask::kIct);
  EXPECT_EQ(ict.steps, 100000);
  EXPECT_EQ(ict.batch_size, 4096);
  EXPECT_EQ(ict.learning_rate, 1e-4);
  EXPECT_EQ(ict.remove_probability, 0.9);
}

}  // namespace
}  // namespace realm

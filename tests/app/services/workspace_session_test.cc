// A workspace made, and models brought in, as the window does it.
#include "app/services/workspace_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <fstream>

#include "engine/base/error.h"
#include "engine/checkpoint/model_writer.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

class OwnModels : public ::testing::Test {
 protected:
  void SetUp() override {
    Session::create(temp_ / "w");
    session_ = Session::open({.workspace = temp_ / "w", .load_models = false});
  }
  ImportedModel import(const fs::path& folder, const std::string& name) {
    return session_->import_model(folder, name, {}, {});
  }
  const fs::path model_ = testing::golden("cfg_b");
  const testing::TempDirectory temp_;
  std::unique_ptr<Session> session_;
};

TEST_F(OwnModels, TheFirstIsUsedAtOnceAndAnotherOneIsNot) {
  session_->add_document("a title", "a text", "me");
  EXPECT_FALSE(session_->status().model);
  const ImportedModel first = import(model_, "first");
  EXPECT_TRUE(first.can_be_asked);
  EXPECT_TRUE(first.is_in_use);
  EXPECT_EQ(session_->status().active_model, "first");
  ASSERT_TRUE(session_->status().model) << "it is loaded";
  const IndexStatus index = session_->build_index("exact", false, {}, {});
  EXPECT_EQ(index.vectors, 1);
  const ImportedModel second = import(model_, "second");
  EXPECT_TRUE(second.can_be_asked);
  EXPECT_FALSE(second.is_in_use);
  EXPECT_EQ(session_->status().active_model, "first");
}

// A BERT of one layer over a vocabulary that no other model has.
void write_foreign_bert(const fs::path& folder) {
  const std::vector<std::string> pieces = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"};
  ModelConfig config = ModelConfig::bert();
  config.vocabulary = static_cast<int64_t>(pieces.size());
  config.hidden = 8;
  config.layers = 1;
  config.heads = 2;
  config.intermediate = 12;
  config.positions = 64;
  std::deque<std::vector<float>> kept;
  std::vector<TensorToWrite> tensors;
  for (const ExpectedTensor& entry : expected_tensors(ModelPart::kBert, config)) {
    if (!entry.alias_of.empty() || !entry.required) continue;
    int64_t count = 1;
    for (const int64_t size : entry.shape) count *= size;
    kept.emplace_back(static_cast<size_t>(count), 0.1F);
    tensors.push_back({entry.name, entry.shape, ScalarType::kF16, kept.back()});
  }
  write_model_folder(folder, {ModelPart::kBert, config, tensors, pieces, true});
}

TEST_F(OwnModels, ABaselineOfOtherWordsGivesWayToTheModel) {
  write_foreign_bert(temp_ / "foreign");
  EXPECT_TRUE(import(temp_ / "foreign", "foreign").is_in_use) << "there is no model yet";
  EXPECT_EQ(session_->status().active_baseline, "foreign");
  EXPECT_TRUE(import(model_, "other").is_in_use);
  EXPECT_EQ(session_->status().active_baseline, "");
  ASSERT_TRUE(session_->status().model) << "it is loaded";
}

TEST_F(OwnModels, AModelIsUsedWithoutABaselineOfOtherWords) {
  ASSERT_TRUE(import(model_, "first").is_in_use);
  import(model_, "second");
  write_foreign_bert(temp_ / "foreign");
  EXPECT_FALSE(import(temp_ / "foreign", "foreign").is_in_use) << "the model has other words";
  EXPECT_EQ(session_->status().active_baseline, "");
  // As programs before this one left it.
  Workspace::open(temp_ / "w").set_active_baseline("foreign");
  EXPECT_EQ(session_->use_model("second"), "foreign") << "it is left out, by name";
  EXPECT_EQ(session_->status().active_model, "second");
  EXPECT_EQ(session_->status().active_baseline, "");
  EXPECT_EQ(session_->status().model_before, "first");
  EXPECT_EQ(session_->use_model("first"), "");
  EXPECT_THROW(session_->use_baseline("foreign"), Error);
  EXPECT_EQ(session_->status().active_baseline, "") << "nothing is changed";
  EXPECT_THROW(session_->use_model("foreign"), Error) << "it retrieves nothing";
  EXPECT_EQ(session_->status().active_model, "first");
  EXPECT_EQ(session_->status().model_before, "second");
}

TEST_F(OwnModels, PartsSayWhatTheyLack) {
  EXPECT_EQ(import(model_ / "embedder", "e").lacks, "an encoder");
  EXPECT_EQ(import(model_ / "encoder", "r").lacks, "an embedder");
  EXPECT_EQ(import(model_, "whole").lacks, "");
}

TEST_F(OwnModels, OneWithAFaultLeavesNothingBehind) {
  fs::copy(model_, temp_ / "broken", fs::copy_options::recursive);
  for (const auto& file : fs::recursive_directory_iterator(temp_ / "broken")) {
    if (file.path().filename() == "model.safetensors")
      fs::resize_file(file.path(), fs::file_size(file.path()) / 2);
  }
  EXPECT_THROW(import(temp_ / "broken", "broken"), Error);
  EXPECT_EQ(session_->status().active_model, "");
  EXPECT_FALSE(fs::exists(temp_ / "w/models/broken"));
  EXPECT_THROW(import(temp_ / "none", "none"), Error);
  EXPECT_THROW(import(model_, "../away"), Error);
  EXPECT_TRUE(import(model_, "whole").is_in_use);
  EXPECT_THROW(import(model_, "whole"), Error) << "the name is taken";
}

TEST_F(OwnModels, AWorkspaceIsMadeInAnEmptyFolderAlone) {
  EXPECT_THROW(Session::create(temp_ / "w"), Error);
  fs::create_directories(temp_ / "mine");
  std::ofstream(temp_ / "mine/notes.txt") << "keep me";
  EXPECT_THROW(Session::create(temp_ / "mine"), Error);
  EXPECT_TRUE(fs::exists(temp_ / "mine/notes.txt"));
  EXPECT_FALSE(fs::exists(temp_ / "mine/workspace.json"));
}

}  // namespace
}  // namespace realm

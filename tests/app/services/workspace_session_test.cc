// A workspace made, and models brought in, as the window does it.
#include "app/services/workspace_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/base/error.h"
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

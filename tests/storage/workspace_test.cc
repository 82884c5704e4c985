#include "storage/workspace.h"

#include <sys/wait.h>

#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using testing::error_code_of;
using testing::error_of;
using testing::read_file;
using testing::TempDirectory;

class WorkspaceTest : public ::testing::Test {
 protected:
  WorkspaceTest() : place(folder / "work"), workspace(Workspace::create(place, "Rivers")) {}
  void make_model(const std::string& name) {
    folder.write("models/" + name + "/config.json", "{}");
    folder.write("models/" + name + "/encoder/model.safetensors", "weights");
    workspace.import_model(folder / ("models/" + name), name);
  }
  // Entries of a folder, hidden ones too.
  static std::vector<std::string> entries(const fs::path& path) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  TempDirectory folder;
  fs::path place;
  Workspace workspace;
};

TEST_F(WorkspaceTest, HoldsItsPartsWhenCreated) {
  EXPECT_EQ(workspace.name(), "Rivers");
  EXPECT_FALSE(workspace.read_only());
  EXPECT_EQ(workspace.active().model, "");
  EXPECT_EQ(workspace.active().index_generation, 0);
  EXPECT_EQ(entries(place), (std::vector<std::string>{"corpus.sqlite", "indexes", "models", "runs",
                                                      "workspace.json"}));
  EXPECT_EQ(CorpusStore::open(workspace.corpus_database(), OpenMode::kReadOnly)->name(), "Rivers");
  EXPECT_EQ(workspace.index_folder(3), place / "indexes/3");
  EXPECT_EQ(workspace.run_database(), place / "runs/runs.sqlite");
  EXPECT_EQ(entries(folder.path()), (std::vector<std::string>{"work"}));
}

TEST_F(WorkspaceTest, IsNamedAfterItsFolderByDefault) {
  EXPECT_EQ(Workspace::create(folder / "other/").name(), "other");
}

TEST_F(WorkspaceTest, IsNotCreatedOverAnythingElse) {
  EXPECT_EQ(error_code_of([&] { Workspace::create(place); }), ErrorCode::kInvalidArgument);
  folder.write("full/file", "x");
  EXPECT_EQ(error_code_of([&] { Workspace::create(folder / "full"); }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(entries(folder / "full"), (std::vector<std::string>{"file"}));
  fs::create_directory(folder / "empty");
  EXPECT_NO_THROW(Workspace::create(folder / "empty"));
}

TEST_F(WorkspaceTest, NamesAFolderThatIsNone) {
  EXPECT_EQ(error_code_of([&] { Workspace::open(folder.path()); }), ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of([&] { Workspace::open(folder / "nowhere"); }), ErrorCode::kNotFound);
}

TEST_F(WorkspaceTest, RefusesANewerFormatWithBothVersions) {
  folder.write("work/workspace.json", "{\"format\": 9}");
  EXPECT_EQ(error_code_of([&] { Workspace::open(place); }), ErrorCode::kUnsupported);
  const std::string sentence = error_of([&] { Workspace::open(place); });
  EXPECT_NE(sentence.find("format 9"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("up to 1"), std::string::npos) << sentence;
}

TEST_F(WorkspaceTest, NamesWhatIsWrongInADamagedFile) {
  for (const char* content :
       {"", "[]", "{\"format\": \"one\"}", "{}", "{\"format\": 1, \"name\": 5}",
        "{\"format\": 1, \"active\": []}", "{\"format\": 1, \"active\": {\"model\": 3}}"}) {
    folder.write("work/workspace.json", content);
    EXPECT_EQ(error_code_of([&] { Workspace::open(place); }), ErrorCode::kCorruptData) << content;
  }
}

TEST_F(WorkspaceTest, IsFoundFromAFolderInside) {
  fs::create_directories(place / "models/a/b");
  EXPECT_EQ(Workspace::find_above(place / "models/a/b"), place);
  EXPECT_EQ(Workspace::find_above(place), place);
  EXPECT_EQ(Workspace::find_above(folder.path()), std::nullopt);
}

TEST_F(WorkspaceTest, CopiesAModelIn) {
  make_model("tiny");
  EXPECT_EQ(workspace.models(), (std::vector<std::string>{"tiny"}));
  EXPECT_EQ(read_file(workspace.model_folder("tiny") / "encoder/model.safetensors"), "weights");
  EXPECT_EQ(entries(workspace.models_folder()), (std::vector<std::string>{"tiny"}));
}

TEST_F(WorkspaceTest, FollowsLinksOfADownloadCache) {
  folder.write("blobs/abc", "weights");
  fs::create_directories(folder / "snapshot");
  fs::create_symlink("../blobs/abc", folder / "snapshot/model.safetensors");
  workspace.import_model(folder / "snapshot", "linked");
  const fs::path copy = workspace.model_folder("linked") / "model.safetensors";
  EXPECT_FALSE(fs::is_symlink(copy));
  EXPECT_EQ(read_file(copy), "weights");
}

TEST_F(WorkspaceTest, RefusesModelsThatCannotBeCopied) {
  make_model("tiny");
  EXPECT_EQ(error_code_of([&] { workspace.import_model(folder / "models/tiny", "tiny"); }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_code_of([&] { workspace.import_model(folder / "none", "new"); }),
            ErrorCode::kNotFound);
  fs::create_directory(folder / "empty");
  EXPECT_EQ(error_code_of([&] { workspace.import_model(folder / "empty", "new"); }),
            ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of([&] { workspace.import_model(place, "new"); }),
            ErrorCode::kInvalidArgument);
  for (const char* name : {"", ".hidden", "../up", "a/b", "a b", "-x"}) {
    EXPECT_EQ(error_code_of([&] { workspace.import_model(folder / "models/tiny", name); }),
              ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(entries(workspace.models_folder()), (std::vector<std::string>{"tiny"}));
}

TEST_F(WorkspaceTest, LeavesNothingOfACancelledCopy) {
  folder.write("source/model.safetensors", "weights");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(
      error_code_of([&] { workspace.import_model(folder / "source", "new", stop.get_token()); }),
      ErrorCode::kCancelled);
  EXPECT_TRUE(entries(workspace.models_folder()).empty());
}

TEST_F(WorkspaceTest, RemembersWhatIsActive) {
  make_model("tiny");
  make_model("bert");
  fs::create_directories(workspace.index_folder(4));
  workspace.set_active_model("tiny");
  workspace.set_active_baseline("bert");
  workspace.set_active_index(4);
  const Workspace again = Workspace::open(place);
  EXPECT_EQ(again.active().model, "tiny");
  EXPECT_EQ(again.active().baseline, "bert");
  EXPECT_EQ(again.active().index_generation, 4);
  EXPECT_EQ(error_code_of([&] { workspace.set_active_model("none"); }), ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of([&] { workspace.set_active_index(5); }), ErrorCode::kNotFound);
  workspace.set_active_baseline("");
  EXPECT_EQ(Workspace::open(place).active().baseline, "");
}

TEST_F(WorkspaceTest, DoesNotUndoWhatAnotherProcessSet) {
  make_model("tiny");
  make_model("bert");
  Workspace other = Workspace::open(place);
  other.set_active_model("tiny");
  workspace.set_active_baseline("bert");
  EXPECT_EQ(workspace.active().model, "tiny");
}

TEST_F(WorkspaceTest, KeepsWhatItDoesNotKnow) {
  folder.write("work/workspace.json", "{\"format\": 1, \"name\": \"n\", \"notes\": [1, 2]}");
  workspace.rename("new");
  EXPECT_NE(read_file(place / "workspace.json").find("notes"), std::string::npos);
  EXPECT_EQ(Workspace::open(place).name(), "new");
}

TEST_F(WorkspaceTest, RemovesAModelThatIsNotInUse) {
  make_model("tiny");
  workspace.set_active_model("tiny");
  EXPECT_EQ(error_code_of([&] { workspace.remove_model("tiny"); }), ErrorCode::kInvalidArgument);
  workspace.set_active_model("");
  workspace.remove_model("tiny");
  EXPECT_TRUE(entries(workspace.models_folder()).empty());
  EXPECT_EQ(error_code_of([&] { workspace.remove_model("tiny"); }), ErrorCode::kNotFound);
}

TEST_F(WorkspaceTest, OpensForReadingWhereItCannotBeWritten) {
  make_model("tiny");
  const testing::ReadOnlyFolder locked(place);
  const testing::Unprivileged user;
  Workspace reader = Workspace::open(place);
  EXPECT_TRUE(reader.read_only());
  EXPECT_EQ(reader.models().size(), 1U);
  EXPECT_EQ(error_code_of([&] { reader.set_active_model("tiny"); }), ErrorCode::kIo);
  EXPECT_EQ(error_code_of([&] { reader.lock("test"); }), ErrorCode::kIo);
}

TEST_F(WorkspaceTest, ChangesNothingWhenOpenedForReading) {
  Workspace reader = Workspace::open(place, true);
  EXPECT_EQ(error_code_of([&] { reader.rename("x"); }), ErrorCode::kIo);
  EXPECT_EQ(error_code_of([&] { reader.import_model(folder.path(), "x"); }), ErrorCode::kIo);
}

TEST_F(WorkspaceTest, AWriterLockKeepsASecondWriterOut) {
  {
    const WriterLock held = workspace.lock("build the index");
    const std::string sentence = error_of([&] { workspace.lock("import a model"); });
    EXPECT_NE(sentence.find("build the index"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find(std::to_string(getpid())), std::string::npos) << sentence;
  }
  EXPECT_NO_THROW(workspace.lock("import a model"));
}

TEST_F(WorkspaceTest, AWriterLockEndsWithItsProcess) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const WriterLock held = workspace.lock("die");
    [[maybe_unused]] const ssize_t told = write(ready[1], "x", 1);
    pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(error_code_of([&] { workspace.lock("test"); }), ErrorCode::kBusy);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_NO_THROW(workspace.lock("test"));
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace realm

// realm init, check, model ..., index.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/app/cli/realm_program.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::read_file;
using testing::run_realm;
using testing::RunOptions;
using testing::TempDirectory;
using testing::TinyWorkspace;

TEST(CliInit, MakesAWorkspaceWithItsModel) {
  const TempDirectory temp;
  const std::string folder = (temp / "new/one").string();
  const json made =
      run_realm({"init", folder, "--model", TinyWorkspace::model().string(), "--json", "--quiet"})
          .json();
  EXPECT_EQ(made.at("model"), "cfg_b");
  EXPECT_EQ(made.at("documents"), 0);
  EXPECT_TRUE(made.at("baseline").is_null());
  EXPECT_TRUE(fs::exists(temp / "new/one/workspace.json"));
  EXPECT_TRUE(fs::exists(temp / "new/one/models/cfg_b/vocab.txt"));
}

TEST(CliInit, LeavesNothingBehindForAModelWithAFault) {
  const TempDirectory temp;
  fs::copy(TinyWorkspace::model(), temp / "broken", fs::copy_options::recursive);
  for (const char* file :
       {"broken/embedder/model.safetensors", "broken/encoder/model.safetensors"}) {
    fs::resize_file(temp / file, fs::file_size(temp / file) / 2);
  }
  const Outcome outcome =
      run_realm({"init", (temp / "new").string(), "--model", (temp / "broken").string()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("model.safetensors"));
  EXPECT_FALSE(fs::exists(temp / "new"));
}

TEST(CliInit, RefusesAFolderThatIsInUse) {
  const TempDirectory temp;
  temp.write("mine/notes.txt", "keep me");
  const Outcome outcome = run_realm({"init", (temp / "mine").string()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("mine"));
  EXPECT_EQ(read_file(temp / "mine/notes.txt"), "keep me");
}

TEST(CliSetup, MakesTheStarterWorkspaceWhole) {
  const TempDirectory temp;
  const std::string folder = (temp / "starter").string();
  const json made = run_realm({"setup", "starter", folder, "--json", "--quiet"}).json();
  EXPECT_EQ(made.at("workspace"), folder);
  EXPECT_GT(made.at("documents").get<int>(), 2000);
  EXPECT_EQ(made.at("index").at("vectors"), made.at("documents"));
  EXPECT_FALSE(made.at("model").is_null());
  EXPECT_FALSE(made.at("baseline").is_null());

  const std::string question =
      json::parse(read_file(temp / "starter/examples.json")).at(0).at("text");
  const json answer =
      run_realm({"--workspace", folder, "--json", "--quiet", "ask", question}).json();
  EXPECT_EQ(answer.at("index").at("stale_documents"), 0);
  EXPECT_GT(answer.at("p_y_given_x").get<double>(),
            answer.at("baseline").at("p_y_given_x").get<double>());

  const Outcome again = run_realm({"setup", "starter", folder});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("there already"));
}

TEST(CliWorkspace, IsFoundByTheEnvironmentAndFromAFolderInIt) {
  const TinyWorkspace workspace;
  const Outcome named = run_realm(
      {"check", "--quiet"},
      RunOptions{.folder = {}, .environment = {{"REALM_WORKSPACE", workspace.folder().string()}}});
  EXPECT_EQ(named.code, 0) << named.err;
  const Outcome inside = run_realm(
      {"check", "--quiet"}, RunOptions{.folder = workspace.folder() / "models", .environment = {}});
  EXPECT_EQ(inside.code, 0) << inside.err;
}

TEST(CliWorkspace, OfANewerFormatIsNamedWithBothVersions) {
  const TinyWorkspace workspace;
  json settings = json::parse(read_file(workspace.folder() / "workspace.json"));
  settings["format"] = 99;
  std::ofstream(workspace.folder() / "workspace.json") << settings.dump();
  const Outcome outcome = workspace.run({"ask", "a [MASK]"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("99"));
  EXPECT_THAT(outcome.err, HasSubstr("1"));
}

TEST(CliWorkspace, ThatIsReadOnlyIsAskedAndNotChanged) {
  if (geteuid() == 0) GTEST_SKIP() << "permissions do not bind the superuser";
  const TinyWorkspace workspace;
  workspace.json({"index"});
  for (const auto& entry : fs::recursive_directory_iterator(workspace.folder())) {
    fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::remove);
  }
  fs::permissions(workspace.folder(), fs::perms::owner_write, fs::perm_options::remove);
  EXPECT_EQ(workspace.json({"ask", "Vienna is the [[capital]]."}).at("corpus").at("documents"), 12);
  const Outcome edit = workspace.run({"doc", "edit", "1", "--text", "x"});
  EXPECT_EQ(edit.code, 1);
  for (const auto& entry : fs::recursive_directory_iterator(workspace.folder())) {
    fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
  }
  fs::permissions(workspace.folder(), fs::perms::owner_write, fs::perm_options::add);
}

TEST(CliCheck, SaysThatAllIsWell) {
  const TinyWorkspace workspace;
  workspace.json({"index"});
  const json report = workspace.json({"check"});
  EXPECT_TRUE(report.at("ok").get<bool>());
  EXPECT_EQ(report.at("documents"), 12);
  EXPECT_EQ(report.at("dirty_documents"), 0);
  EXPECT_EQ(report.at("indexes"), 1);
  EXPECT_EQ(report.at("models"), 1);
}

TEST(CliCheck, ExitsWithOneWhereFilesOfTheIndexAreGoneAndRepairs) {
  const TinyWorkspace workspace;
  workspace.json({"index"});
  fs::remove_all(workspace.folder() / "indexes/1");
  const Outcome broken = workspace.run({"check", "--json"});
  EXPECT_EQ(broken.code, 1);
  EXPECT_FALSE(broken.json().at("ok").get<bool>());
  workspace.json({"check", "--repair"});
  EXPECT_TRUE(workspace.json({"check"}).at("ok").get<bool>());
  workspace.json({"index", "--rebuild"});
  EXPECT_EQ(workspace.json({"ask", "Vienna is the [[capital]]."}).at("index").at("stale_documents"),
            0);
}

TEST(CliIndex, PublishesGenerationsAndKeepsItsType) {
  const TinyWorkspace workspace;
  const json first = workspace.json({"index"});
  EXPECT_EQ(first.at("type"), "exact");
  EXPECT_EQ(first.at("generation"), 1);
  EXPECT_EQ(first.at("vectors"), 12);
  EXPECT_EQ(first.at("stale_documents"), 0);
  EXPECT_EQ(workspace.json({"index"}).at("generation"), 1) << "nothing changed";
  const json flat = workspace.json({"index", "--type", "Flat"});
  EXPECT_EQ(flat.at("type"), "Flat");
  EXPECT_EQ(workspace.json({"index", "--rebuild"}).at("type"), "Flat");
}

TEST(CliIndex, FindsTheSameInAFaissIndexAsInTheExactOne) {
  const TinyWorkspace workspace;
  workspace.json({"index"});
  const json exact = workspace.json({"retrieve", "Vienna is the [[capital]].", "--k", "6"});
  workspace.json({"index", "--type", "Flat"});
  EXPECT_EQ(workspace.json({"retrieve", "Vienna is the [[capital]].", "--k", "6"}), exact);
}

TEST(CliIndex, RefusesATypeThatFaissDoesNotKnow) {
  const TinyWorkspace workspace;
  const Outcome outcome = workspace.run({"index", "--type", "Nonsense"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("Nonsense"));
}

TEST(CliModel, ListsAndDescribesWhatIsThere) {
  const TinyWorkspace workspace;
  const json models = workspace.json({"model", "list"}).at("models");
  ASSERT_EQ(models.size(), 1u);
  EXPECT_EQ(models.at(0).at("name"), "cfg_b");
  EXPECT_EQ(models.at(0).at("active_as"), "model");

  const json info = workspace.json({"model", "info", "cfg_b"});
  bool has_encoder = false;
  for (const json& part : info.at("parts")) {
    EXPECT_TRUE(part.at("tensors").at("missing").empty());
    EXPECT_EQ(part.at("fingerprint").get<std::string>().size(), 64u);
    if (part.at("part") != "encoder") continue;
    has_encoder = true;
    EXPECT_EQ(part.at("layers"), 3);
    EXPECT_EQ(part.at("hidden"), 24);
    EXPECT_EQ(part.at("vocabulary"), 360);
  }
  EXPECT_TRUE(has_encoder);
}

TEST(CliModel, ExportsWhatImportTakes) {
  const TinyWorkspace workspace;
  const std::string folder = (workspace.temp() / "exported").string();
  workspace.json({"model", "export", "cfg_b", folder});
  EXPECT_TRUE(
      workspace.json({"model", "import", folder, "--as", "copy"}).at("can_be_model").get<bool>());
  const json before = workspace.json({"ask", "Vienna is the [[capital]]."});
  workspace.json({"model", "use", "copy"});
  const json after = workspace.json({"ask", "Vienna is the [[capital]]."});
  EXPECT_NEAR(after.at("p_y_given_x").get<double>() / before.at("p_y_given_x").get<double>(), 1,
              1e-6);
}

TEST(CliModel, RemovesAModelThatIsNotInUseOnceItIsSure) {
  const TinyWorkspace workspace;
  const std::string folder = (workspace.temp() / "exported").string();
  workspace.json({"model", "export", "cfg_b", folder});
  workspace.json({"model", "import", folder, "--as", "copy"});
  const Outcome asked = workspace.run({"model", "remove", "copy"});
  EXPECT_EQ(asked.code, 2) << "nobody is there to answer";
  EXPECT_THAT(asked.err, HasSubstr("--yes"));
  const Outcome used = workspace.run({"model", "remove", "cfg_b", "--yes"});
  EXPECT_EQ(used.code, 1);
  EXPECT_THAT(used.err, HasSubstr("in use"));
  EXPECT_EQ(workspace.run({"model", "remove", "nobody", "--yes"}).code, 1);
  EXPECT_TRUE(fs::exists(workspace.folder() / "models/copy"));
  EXPECT_EQ(workspace.json({"model", "remove", "copy", "--yes"}).at("removed"), "copy");
  EXPECT_FALSE(fs::exists(workspace.folder() / "models/copy"));
  EXPECT_EQ(workspace.json({"model", "list"}).at("models").size(), 1u);
}

TEST(CliModel, NamesAMissingTensorAndCopiesNothing) {
  const TinyWorkspace workspace;
  const fs::path copy = workspace.temp() / "cut";
  fs::copy(TinyWorkspace::model() / "encoder", copy, fs::copy_options::recursive);
  fs::copy(TinyWorkspace::model() / "vocab.txt", copy / "vocab.txt");
  fs::remove(copy / "pytorch_model.bin");
  // The name in the header changes by one letter: the file stays whole, the tensor is not there.
  std::string bytes = read_file(copy / "model.safetensors");
  const std::string name = "realm.encoder.layer.1.attention.self.query.weight";
  bytes.replace(bytes.find(name), name.size(), "realm.encoder.layer.1.attention.self.quexy.weight");
  std::ofstream(copy / "model.safetensors", std::ios::binary) << bytes;

  const Outcome outcome = workspace.run({"model", "import", copy.string(), "--as", "cut"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("layer.1.attention.self.query.weight"));
  EXPECT_FALSE(fs::exists(workspace.folder() / "models/cut"));
}

TEST(CliModel, RefusesAnEncoderAloneAsTheModel) {
  const TinyWorkspace workspace;
  const fs::path copy = workspace.temp() / "encoder";
  fs::copy(TinyWorkspace::model() / "encoder", copy, fs::copy_options::recursive);
  fs::copy(TinyWorkspace::model() / "vocab.txt", copy / "vocab.txt");
  const json imported = workspace.json({"model", "import", copy.string(), "--as", "encoder"});
  EXPECT_FALSE(imported.at("can_be_model").get<bool>());
  const Outcome outcome = workspace.run({"model", "use", "encoder"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("embedder"));
}

TEST(CliModel, RefusesABaselineWithAnotherVocabulary) {
  const TinyWorkspace workspace;
  const std::string bert = testing::golden("formats/bert_legacy").string();
  EXPECT_TRUE(workspace.json({"model", "import", bert, "--as", "bert"}).at("active_as").is_null());
  const Outcome outcome = workspace.run({"model", "use", "bert", "--as", "baseline"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("vocabulary"));
  EXPECT_EQ(workspace.run({"ask", "Vienna is the [[capital]]."}).code, 0) << "nothing was changed";
}

TEST(CliModel, RefusesAFolderThatIsNoModel) {
  const TinyWorkspace workspace;
  const Outcome outcome =
      workspace.run({"model", "import", workspace.temp().path().string(), "--as", "x"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(workspace.temp().path().string()));
}

}  // namespace
}  // namespace realm

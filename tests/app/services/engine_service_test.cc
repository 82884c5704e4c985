#include "app/services/engine_service.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "engine/base/error.h"
#include "tests/app/view/fake_session.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using testing::FakeControl;
using testing::FakeOptions;
using testing::FakeSession;
using view::EnginePhase;
using view::EngineSnapshot;

constexpr const char* kSentence = "3 is a [[Fermat]] prime.";

class EngineServiceTest : public ::testing::Test {
 protected:
  EngineServiceTest() { start({.documents = testing::sample_documents()}); }

  void start(FakeOptions fake) {
    service_.reset();
    service_ = std::make_unique<EngineService>(EngineServiceOptions{
        .open_session = [this, fake](const SessionOptions& options) -> std::unique_ptr<Session> {
          if (options.workspace == "/missing")
            throw Error(ErrorCode::kNotFound, "There is no workspace in /missing.");
          FakeOptions made = fake;
          made.read_only = options.read_only;
          return std::make_unique<FakeSession>(made, control_);
        },
        .make_workspace =
            [](const std::filesystem::path& folder) {
              if (folder == "/full")
                throw Error(ErrorCode::kInvalidArgument, "/full holds something already.");
            },
        .result_to_json =
            [](const AskResult& result) { return "{\"answer\": \"" + result.answer + "\"}"; },
        .wake =
            [this] {
              const std::lock_guard lock(mutex_);
              changed_.notify_all();
            },
        .device = "cpu",
        .threads = 0});
  }

  view::RequestId submit(view::EngineCommandBody body) {
    const view::RequestId id = ++last_id_;
    service_->submit({id, std::move(body)});
    return id;
  }

  template <typename Predicate>
  std::shared_ptr<const EngineSnapshot> wait_until(const Predicate& predicate) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return predicate(*service_->snapshot()); });
    return service_->snapshot();
  }

  std::shared_ptr<const EngineSnapshot> open() {
    submit(view::OpenWorkspace{.folder = "/w"});
    return wait_until([](const EngineSnapshot& s) { return s.phase == EnginePhase::kReady; });
  }

  std::shared_ptr<const EngineSnapshot> wait_for_ask(view::RequestId id) {
    return wait_until([id](const EngineSnapshot& s) { return s.ask && s.ask->id == id; });
  }

  view::Outcome wait_for_outcome(view::RequestId id) {
    const auto snapshot = wait_until([id](const EngineSnapshot& s) {
      return s.outcomes && !s.outcomes->empty() && s.outcomes->back().id >= id;
    });
    for (const view::Outcome& outcome : *snapshot->outcomes) {
      if (outcome.id == id) return outcome;
    }
    return {};
  }

  view::RequestId ask(const std::string& text) {
    AskQuery query;
    query.text = text;
    return submit(view::Ask{query});
  }

  std::shared_ptr<FakeControl> control_ = std::make_shared<FakeControl>();
  std::mutex mutex_;
  std::condition_variable changed_;
  view::RequestId last_id_ = 0;
  std::unique_ptr<EngineService> service_;  // last: its thread uses the others
};

TEST_F(EngineServiceTest, StartsWithoutAWorkspace) {
  const auto snapshot = service_->snapshot();
  ASSERT_NE(snapshot, nullptr);
  EXPECT_EQ(snapshot->phase, EnginePhase::kNoWorkspace);
  EXPECT_EQ(snapshot->status, nullptr);
}

TEST_F(EngineServiceTest, OpensAWorkspaceThenItsModel) {
  const auto snapshot = open();
  ASSERT_NE(snapshot->status, nullptr);
  EXPECT_EQ(snapshot->status->corpus_documents, 10);
  ASSERT_TRUE(snapshot->status->model);
  EXPECT_EQ(snapshot->status->model->step, 411);
  EXPECT_FALSE(snapshot->failure);
  EXPECT_FALSE(snapshot->model_failure);
  EXPECT_FALSE(snapshot->sources->empty());
  EXPECT_TRUE(snapshot->activity.stage.empty());
}

TEST_F(EngineServiceTest, SaysWhyAWorkspaceCannotBeOpened) {
  submit(view::OpenWorkspace{.folder = "/missing"});
  const auto snapshot =
      wait_until([](const EngineSnapshot& s) { return s.phase == EnginePhase::kFailed; });
  ASSERT_TRUE(snapshot->failure);
  EXPECT_EQ(snapshot->failure->code, ErrorCode::kNotFound);
  EXPECT_EQ(snapshot->failure->sentence, "There is no workspace in /missing.");
}

TEST_F(EngineServiceTest, AWorkspaceWithoutAModelCanBeRead) {
  start({.has_model = false, .documents = testing::sample_documents()});
  const auto snapshot = open();
  EXPECT_TRUE(snapshot->model_failure);
  submit(view::LoadPage{});
  const auto page = wait_until([](const EngineSnapshot& s) { return s.page != nullptr; });
  EXPECT_EQ(page->page->page.total, 10);
}

TEST_F(EngineServiceTest, AnswersAQuestion) {
  open();
  const auto snapshot = wait_for_ask(ask(kSentence));
  ASSERT_TRUE(snapshot->ask->result);
  EXPECT_EQ(snapshot->ask->result->answer, "fermat");
  EXPECT_EQ(snapshot->ask->query.text, kSentence);
}

TEST_F(EngineServiceTest, AFailedQuestionIsAValue) {
  open();
  const auto snapshot = wait_for_ask(ask("nothing is hidden"));
  EXPECT_FALSE(snapshot->ask->result);
  ASSERT_TRUE(snapshot->ask->failure);
  EXPECT_EQ(snapshot->ask->failure->code, ErrorCode::kInvalidArgument);
}

TEST_F(EngineServiceTest, ANewerQuestionReplacesTheOneThatRuns) {
  open();
  control_->hold_asks(true);
  const view::RequestId first = ask(kSentence);
  control_->wait_until_asking();
  const view::RequestId second = ask("5 is a [[Fermat]] prime.");
  const view::RequestId third = ask("17 is a [[Fermat]] prime.");
  control_->hold_asks(false);
  const auto snapshot = wait_for_ask(third);
  EXPECT_EQ(snapshot->ask->query.text, "17 is a [[Fermat]] prime.");
  EXPECT_LT(first, second);
}

TEST_F(EngineServiceTest, ACancelledQuestionEndsWithCancelled) {
  open();
  control_->hold_asks(true);
  const view::RequestId id = ask(kSentence);
  control_->wait_until_asking();
  service_->cancel(id);
  const auto snapshot = wait_for_ask(id);
  ASSERT_TRUE(snapshot->ask->failure);
  EXPECT_EQ(snapshot->ask->failure->code, ErrorCode::kCancelled);
}

TEST_F(EngineServiceTest, AQuestionCancelledWhileItWaitsIsAnsweredToo) {
  open();
  control_->hold_asks(true);
  ask(kSentence);
  control_->wait_until_asking();
  submit(view::BuildIndex{});
  const view::RequestId waiting =
      ask("5 is a [[Fermat]] prime.");  // replaces the first, waits behind the build
  service_->cancel(waiting);
  const auto snapshot = wait_for_ask(waiting);
  EXPECT_EQ(snapshot->ask->failure->code, ErrorCode::kCancelled);
}

TEST_F(EngineServiceTest, EditsComeOutAsOutcomesInOrder) {
  open();
  const view::RequestId edit =
      submit(view::EditDocument{.id = 1, .change = {.title = {}, .text = "Changed."}});
  const view::RequestId undo = submit(view::UndoChange{});
  const view::RequestId redo = submit(view::RedoChange{});
  const view::RequestId add =
      submit(view::AddDocument{"Limmat", "The Limmat leaves the lake.", "own"});
  const view::RequestId gone = submit(view::DeleteDocument{2});
  EXPECT_EQ(wait_for_outcome(edit).title, "257 (number)");
  EXPECT_EQ(wait_for_outcome(undo).title, "edit of \u201C257 (number)\u201D");
  EXPECT_EQ(wait_for_outcome(redo).touched, std::vector<DocumentId>{1});
  EXPECT_EQ(wait_for_outcome(add).touched, std::vector<DocumentId>{11});
  EXPECT_EQ(wait_for_outcome(gone).title, "65537 (number)");
  EXPECT_EQ(service_->snapshot()->status->corpus_documents, 10);
  EXPECT_TRUE(service_->snapshot()->status->can_undo);
}

TEST_F(EngineServiceTest, AnEditThatFailsSaysWhy) {
  open();
  const view::Outcome unknown = wait_for_outcome(submit(view::DeleteDocument{99}));
  ASSERT_TRUE(unknown.failure);
  EXPECT_EQ(unknown.failure->code, ErrorCode::kNotFound);
  submit(view::OpenWorkspace{.folder = "/w", .read_only = true});
  const view::Outcome refused = wait_for_outcome(submit(view::DeleteDocument{1}));
  ASSERT_TRUE(refused.failure);
  EXPECT_EQ(refused.failure->code, ErrorCode::kIo);
}

TEST_F(EngineServiceTest, ADocumentComesWithItsRevisions) {
  open();
  submit(view::EditDocument{.id = 3, .change = {.title = "Polygon", .text = {}}});
  const view::RequestId id = submit(view::LoadDocument{.id = 3});
  const auto snapshot =
      wait_until([id](const EngineSnapshot& s) { return s.document && s.document->id == id; });
  ASSERT_TRUE(snapshot->document->document);
  EXPECT_EQ(snapshot->document->document->title, "Polygon");
  ASSERT_EQ(snapshot->document->revisions.size(), 1U);
  EXPECT_EQ(snapshot->document->revisions[0].title_before, "Constructible polygon");
  const view::RequestId missing = submit(view::LoadDocument{.id = 99});
  const auto none = wait_until(
      [missing](const EngineSnapshot& s) { return s.document && s.document->id == missing; });
  EXPECT_FALSE(none->document->document);
  EXPECT_FALSE(none->document->failure);
}

TEST_F(EngineServiceTest, SnapshotsThatAreHeldDoNotChange) {
  open();
  const auto held = wait_for_ask(ask(kSentence));
  const uint64_t version = held->version;
  const double p = held->ask->result->p_y_given_x;
  submit(view::EditDocument{.id = 1, .change = {.title = {}, .text = "Nothing here."}});
  const auto later = wait_for_ask(ask(kSentence));
  EXPECT_EQ(held->version, version);
  EXPECT_EQ(held->ask->result->p_y_given_x, p);
  EXPECT_LT(later->ask->result->p_y_given_x, p);
}

TEST_F(EngineServiceTest, ExportsAResultToAFileOrAsText) {
  open();
  const auto snapshot = wait_for_ask(ask(kSentence));
  const view::Outcome text =
      wait_for_outcome(submit(view::ExportResult{.result = snapshot->ask->result}));
  EXPECT_EQ(text.text, "{\"answer\": \"fermat\"}\n");
  const testing::TempDirectory folder;
  const std::filesystem::path file = folder.path() / "result.json";
  const view::Outcome written =
      wait_for_outcome(submit(view::ExportResult{.result = snapshot->ask->result, .file = file}));
  EXPECT_FALSE(written.failure);
  std::ifstream stream(file);
  const std::string content{std::istreambuf_iterator<char>(stream),
                            std::istreambuf_iterator<char>()};
  EXPECT_EQ(content, text.text);
  EXPECT_TRUE(wait_for_outcome(submit(view::ExportResult{.result = nullptr})).failure);
}

TEST_F(EngineServiceTest, WritesSettingsAndMakesTheirFolder) {
  const testing::TempDirectory folder;
  const std::filesystem::path file = folder.path() / "a" / "b" / "state.json";
  EXPECT_FALSE(wait_for_outcome(submit(view::WriteTextFile{file, "{}"})).failure);
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(EngineServiceTest, CommandsWithoutAWorkspaceFailAsValues) {
  const auto snapshot = wait_for_ask(ask(kSentence));
  EXPECT_EQ(snapshot->ask->failure->code, ErrorCode::kNotFound);
  EXPECT_TRUE(wait_for_outcome(submit(view::UndoChange{})).failure);
}

TEST_F(EngineServiceTest, EndsInTheMiddleOfAQuestion) {
  open();
  control_->hold_asks(true);
  ask(kSentence);
  control_->wait_until_asking();
  service_.reset();  // would hang if the question were not stopped
}

TEST_F(EngineServiceTest, SurvivesManyThreadsAtOnce) {
  open();
  std::vector<std::thread> threads;
  std::atomic<view::RequestId> ids{1000};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        AskQuery query;
        query.text = kSentence;
        const view::RequestId id = ++ids;
        service_->submit({id, view::Ask{query}});
        if (i % 3 == 0) service_->cancel(id);
        EXPECT_NE(service_->snapshot(), nullptr);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const view::RequestId last = ++ids;
  AskQuery query;
  query.text = kSentence;
  service_->submit({last, view::Ask{query}});
  EXPECT_TRUE(wait_for_ask(last)->ask->result);
}

TEST_F(EngineServiceTest, ReadsASentenceInPieces) {
  open();
  const view::RequestId id = submit(view::ReadSentence{"3 is a [[Fermat]] prime."});
  const auto snapshot =
      wait_until([id](const EngineSnapshot& s) { return s.sentence && s.sentence->id == id; });
  ASSERT_EQ(snapshot->sentence->reading.pieces.size(), 5U);
  EXPECT_TRUE(snapshot->sentence->reading.pieces[3].hidden);
}

TEST_F(EngineServiceTest, FindsAnotherPassageWithTheSameText) {
  open();
  const std::string text = testing::sample_documents()[6].text;
  view::RequestId id = submit(view::FindDuplicate{.id = 1, .text = text});
  auto snapshot =
      wait_until([id](const EngineSnapshot& s) { return s.duplicate && s.duplicate->id == id; });
  EXPECT_EQ(snapshot->duplicate->found, 7);
  id = submit(view::FindDuplicate{.id = 7, .text = text});
  snapshot =
      wait_until([id](const EngineSnapshot& s) { return s.duplicate && s.duplicate->id == id; });
  EXPECT_EQ(snapshot->duplicate->found, std::nullopt);
}

TEST_F(EngineServiceTest, ImportsAndExportsFiles) {
  open();
  const testing::TempDirectory folder;
  const view::Outcome missing =
      wait_for_outcome(submit(view::ImportFile{folder / "missing.jsonl"}));
  ASSERT_TRUE(missing.failure);
  EXPECT_EQ(missing.failure->code, ErrorCode::kNotFound);
  std::ofstream(folder / "new.jsonl") << "{}";
  const view::RequestId asked = submit(view::ForecastImport{.file = folder / "new.jsonl"});
  wait_until([&](const EngineSnapshot& snapshot) {
    return snapshot.forecast && snapshot.forecast->id == asked;
  });
  EXPECT_EQ(service_->snapshot()->forecast->forecast.summary.passages, 1);
  EXPECT_EQ(service_->snapshot()->forecast->file, folder / "new.jsonl");
  EXPECT_EQ(service_->snapshot()->status->corpus_documents, 10);
  const view::Outcome imported = wait_for_outcome(submit(view::ImportFile{folder / "new.jsonl"}));
  EXPECT_FALSE(imported.failure);
  EXPECT_EQ(imported.passages, 1);
  EXPECT_EQ(imported.title, "new.jsonl");
  EXPECT_EQ(service_->snapshot()->status->corpus_documents, 11);
  const view::Outcome exported = wait_for_outcome(submit(view::ExportCorpus{folder / "all.jsonl"}));
  EXPECT_EQ(exported.passages, 11);
}

TEST_F(EngineServiceTest, ChangesTheModelOrKeepsTheOneThatWorks) {
  open();
  const view::Outcome other = wait_for_outcome(submit(view::UseModel{"other"}));
  EXPECT_FALSE(other.failure);
  EXPECT_EQ(other.title, "other");
  EXPECT_EQ(service_->snapshot()->status->active_model, "other");
  EXPECT_EQ(service_->snapshot()->status->model_before, "starter");
  EXPECT_FALSE(service_->snapshot()->status->index.matches_model);
  const view::Outcome broken = wait_for_outcome(submit(view::UseModel{"broken"}));
  ASSERT_TRUE(broken.failure);
  EXPECT_EQ(service_->snapshot()->status->active_model, "other");
}

TEST_F(EngineServiceTest, BringsModelsInAndSaysWhatTheyCanBe) {
  open();
  const auto import = [&](const char* folder) {
    return wait_for_outcome(submit(view::ImportModel{folder, "new"}));
  };
  const view::Outcome whole = import("/models/realm");
  EXPECT_FALSE(whole.failure);
  EXPECT_FALSE(whole.is_in_use) << "there is one already";
  EXPECT_EQ(whole.title, "new");
  EXPECT_NE(whole.text.find("Use it"), std::string::npos) << whole.text;
  EXPECT_FALSE(import("/models/bert").failure);
  const view::Outcome broken = import("/models/broken");
  ASSERT_TRUE(broken.failure);
  EXPECT_EQ(broken.failure->sentence, "encoder: 2 tensors are missing.");
  EXPECT_EQ(service_->snapshot()->status->active_model, "starter");
}

TEST_F(EngineServiceTest, KeepsWhatIsOpenWhereAnotherWorkspaceCannotBe) {
  open();
  const view::Outcome missing = wait_for_outcome(submit(view::OpenWorkspace{"/missing"}));
  ASSERT_TRUE(missing.failure);
  EXPECT_EQ(missing.failure->sentence, "There is no workspace in /missing.");
  EXPECT_EQ(service_->snapshot()->phase, EnginePhase::kReady);
  EXPECT_FALSE(service_->snapshot()->failure);
  EXPECT_EQ(service_->snapshot()->status->active_model, "starter");
  EXPECT_FALSE(wait_for_outcome(submit(view::UndoChange{})).failure &&
               service_->snapshot()->status == nullptr);
  EXPECT_FALSE(wait_for_outcome(submit(view::OpenWorkspace{"/other"})).failure);
}

TEST_F(EngineServiceTest, SaysWhichBaselineAModelCannotStandBeside) {
  open();
  const view::Outcome used = wait_for_outcome(submit(view::UseModel{"foreign"}));
  EXPECT_FALSE(used.failure);
  EXPECT_EQ(used.title, "foreign");
  EXPECT_EQ(used.left_out, "bert");
  EXPECT_EQ(wait_for_outcome(submit(view::UseModel{"other"})).left_out, "");
  const view::Outcome baseline = wait_for_outcome(submit(view::UseModel{"bert", true}));
  EXPECT_FALSE(baseline.failure);
  EXPECT_TRUE(baseline.as_baseline);
  EXPECT_EQ(service_->snapshot()->status->active_model, "other");
  EXPECT_TRUE(wait_for_outcome(submit(view::UseModel{"broken", true})).failure);
}

TEST_F(EngineServiceTest, MakesAWorkspaceAndLeavesTheOneThatIsOpen) {
  open();
  EXPECT_FALSE(wait_for_outcome(submit(view::MakeWorkspace{"/new"})).failure);
  const view::Outcome full = wait_for_outcome(submit(view::MakeWorkspace{"/full"}));
  ASSERT_TRUE(full.failure);
  EXPECT_EQ(full.failure->sentence, "/full holds something already.");
  EXPECT_EQ(service_->snapshot()->phase, EnginePhase::kReady);
  EXPECT_EQ(service_->snapshot()->status->active_model, "starter");
}

TEST_F(EngineServiceTest, WritesCurves) {
  open();
  const testing::TempDirectory folder;
  const auto read = [](const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  view::CurveSeries series{.name = "loss", .x = {1}, .y = {0.5}};
  view::CurvePicture picture{
      .title = "Loss",
      .curves = {{.curve = view::prepare_curve(
                      std::make_shared<const view::CurveSeries>(std::move(series)), 0)}}};
  const auto shared = std::make_shared<const view::CurvePicture>(std::move(picture));
  EXPECT_FALSE(wait_for_outcome(submit(view::WriteCurves{folder / "a.csv", shared, ""})).failure);
  EXPECT_EQ(read(folder / "a.csv"), "x,name,value\n1,loss,0.5\n");
  EXPECT_FALSE(
      wait_for_outcome(submit(view::WriteCurves{folder / "a.png", shared, "bytes"})).failure);
  EXPECT_EQ(read(folder / "a.png"), "bytes");
  EXPECT_TRUE(wait_for_outcome(submit(view::WriteCurves{folder / "no/a.svg", shared, ""})).failure);
}

}  // namespace
}  // namespace realm

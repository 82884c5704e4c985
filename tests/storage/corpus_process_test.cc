// The corpus in the hands of several processes and threads, and after a kill.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "engine/base/rng.h"
#include "storage/corpus_fingerprint.h"
#include "storage/database.h"
#include "storage/importers.h"
#include "storage/workspace.h"
#include "storage/workspace_check.h"
#include "tests/storage/corpus_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;

class CorpusProcess : public ::testing::Test {
 protected:
  CorpusProcess() : workspace(Workspace::create(folder / "work")) {}
  std::unique_ptr<CorpusStore> open() const {
    return CorpusStore::open(workspace.corpus_database(), OpenMode::kReadWrite, "tester");
  }

  // Runs `work` in a process that is killed when it has written `messages` bytes of news, and
  // returns what it wrote.
  template <typename Work>
  static std::string run_and_kill(size_t messages, const Work& work) {
    int news[2];
    if (pipe(news) != 0) throw std::runtime_error("pipe failed");
    const pid_t child = fork();
    if (child == 0) {
      close(news[0]);
      try {
        work([&](char c) { return write(news[1], &c, 1) == 1; });
      } catch (...) {
      }
      pause();  // it is to be killed, not to end
      _exit(1);
    }
    close(news[1]);
    std::string heard;
    char c = 0;
    while (heard.size() < messages && read(news[0], &c, 1) == 1) heard += c;
    kill(child, SIGKILL);
    // What it wrote between the last news and its end counts too.
    while (read(news[0], &c, 1) == 1) heard += c;
    close(news[0]);
    waitpid(child, nullptr, 0);
    return heard;
  }

  void expect_whole() {
    const CheckReport report = check_workspace(workspace, false);
    for (const CheckFinding& finding : report.findings) {
      EXPECT_FALSE(finding.is_problem) << finding.sentence;
    }
  }

  testing::TempDirectory folder;
  Workspace workspace;
};

TEST_F(CorpusProcess, AKillInTheMiddleOfEditsLosesNothingThatWasCommitted) {
  for (const size_t messages : {1U, 7U, 40U}) {
    const int64_t before = open()->revision();
    const std::string heard = run_and_kill(messages, [&](const auto& tell) {
      const auto corpus = open();
      for (int i = 0;; ++i) {
        const DocumentId id = corpus->add("title", fmt::format("text {}", i), "s");
        if (!tell('a')) return;
        corpus->edit(id, {std::nullopt, fmt::format("changed {}", i)});
        if (!tell('e')) return;
        if (i % 3 == 0) {
          corpus->undo();
          if (!tell('u')) return;
        }
      }
    });
    ASSERT_GE(heard.size(), messages);
    const auto corpus = open();
    const auto revisions = static_cast<int64_t>(heard.size());
    EXPECT_GE(corpus->revision(), before + revisions);
    EXPECT_LE(corpus->revision(),
              before + revisions + 1);  // one may have been committed and not yet told
    expect_whole();
    if (corpus->undo_state().can_undo) {
      EXPECT_NO_THROW(corpus->undo());
    }
    expect_whole();
  }
}

TEST_F(CorpusProcess, AKilledImportGoesOnWithoutLossOrRepetition) {
  constexpr int kRows = 4000;
  std::string content;
  for (int i = 0; i < kRows; ++i) content += fmt::format("{{\"text\": \"row number {}\"}}\n", i);
  const auto path = folder.write("rows.jsonl", content);
  ImportOptions options;
  options.batch_documents = 100;
  for (const size_t messages : {1U, 3U, 5U}) {
    run_and_kill(messages, [&](const auto& tell) {
      const auto corpus = open();
      import_file(*corpus, path, options, {}, [&](const Progress& progress) {
        if (progress.stage == "importing") tell('b');
      });
    });
    EXPECT_EQ(open()->size() % 100, 0);
    expect_whole();
  }
  const auto corpus = open();
  EXPECT_LT(corpus->size(), kRows);
  const ImportReport report = import_file(*corpus, path, options);
  EXPECT_TRUE(report.resumed);
  EXPECT_EQ(report.rows, kRows);
  EXPECT_EQ(report.documents, kRows);
  ASSERT_EQ(corpus->size(), kRows);
  std::map<std::string, int> texts;
  for (const Document& document : corpus->read_after(0, kRows)) ++texts[document.text];
  EXPECT_EQ(texts.size(), static_cast<size_t>(kRows));
  expect_whole();
}

TEST_F(CorpusProcess, TwoProcessesWriteOneCorpus) {
  constexpr int kEach = 40;
  const auto work = [&](const std::string& source) {
    const auto corpus = open();
    for (int i = 0; i < kEach; ++i) corpus->add("t", fmt::format("{}{}", source, i), source);
  };
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int status = 1;
    try {
      work("child");
      status = 0;
    } catch (...) {
    }
    _exit(status);
  }
  work("parent");
  int status = 1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  const auto corpus = open();
  EXPECT_EQ(corpus->size(), 2 * kEach);
  EXPECT_EQ(corpus->revision(), 2 * kEach);
  ASSERT_EQ(corpus->sources().size(), 2U);
  EXPECT_EQ(corpus->sources()[0].documents, kEach);
  expect_whole();
}

TEST_F(CorpusProcess, AReaderSeesWholeRevisionsWhileAnotherThreadWrites) {
  constexpr int kEdits = 60;
  std::atomic<bool> done = false;
  std::jthread writing([&] {
    const auto corpus = open();
    for (int i = 0; i < kEdits; ++i) {
      const DocumentEdit edits[] = {{.change = {"a", fmt::format("text a{}", i)}, .source = "s"},
                                    {.change = {"b", fmt::format("text b{}", i)}, .source = "s"}};
      corpus->apply(edits);
    }
    done = true;
  });
  const auto corpus = CorpusStore::open(workspace.corpus_database(), OpenMode::kReadOnly);
  int64_t last = 0;
  bool was_done = false;
  while (!was_done) {
    was_done = done;
    Transaction snapshot(corpus->database(), Transaction::Kind::kRead);
    const int64_t size = corpus->size();
    EXPECT_EQ(size % 2, 0);
    EXPECT_GE(size, last);
    MultisetHash sum;
    for (const Document& d : corpus->read_after(0, 1000))
      sum += hash_document(d.id, d.title, d.text, d.source, d.licence);
    EXPECT_EQ(sum.hex(), corpus->fingerprint());
    last = size;
  }
  EXPECT_EQ(last, 2 * kEdits);
}

TEST_F(CorpusProcess, AFullDiskLosesNothingThatWasCommitted) {
  std::string content;
  for (int i = 0; i < 4000; ++i)
    content += fmt::format("{{\"text\": \"{}{}\"}}\n", std::string(500, 'x'), i);
  const auto path = folder.write("rows.jsonl", content);
  ImportOptions options;
  options.batch_documents = 200;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // No file may grow beyond a megabyte: to SQLite the same as a disk without room.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1 << 20, 1 << 20};
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto code = error_code_of([&] { import_file(*open(), path, options); });
    _exit(code == ErrorCode::kIo ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  const auto corpus = open();
  EXPECT_GT(corpus->size(), 0);
  EXPECT_LT(corpus->size(), 4000);
  expect_whole();
  EXPECT_TRUE(import_file(*corpus, path, options).resumed);
  EXPECT_EQ(corpus->size(), 4000);
}

TEST_F(CorpusProcess, ASecondImportWaitsForItsTurn) {
  const auto path = folder.write("rows.jsonl", "{\"text\": \"one\"}\n");
  const WriterLock held(workspace.folder() / ".import.lock", "import documents");
  const auto corpus = open();
  EXPECT_EQ(error_code_of([&] { import_file(*corpus, path, {}); }), ErrorCode::kBusy);
  EXPECT_EQ(corpus->size(), 0);
}

}  // namespace
}  // namespace realm

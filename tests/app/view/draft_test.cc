#include <gtest/gtest.h>

#include "app/view/workbench.h"
#include "tests/app/view/fake_session.h"

namespace realm::view {
namespace {

// Plays the engine for one workspace with one passage.
class DraftTest : public ::testing::Test {
 protected:
  Effects open(Workbench& bench, const Memory& memory) {
    StartOptions options;
    options.workspace = "/w";
    options.memory = memory;
    options.folders.state = "/state";
    bench.start(options);
    EngineSnapshot snapshot;
    snapshot.version = 1;
    snapshot.phase = EnginePhase::kReady;
    snapshot.folder = "/w";
    snapshot.status = std::make_shared<SessionStatus>();
    return bench.take(std::make_shared<EngineSnapshot>(snapshot));
  }
  void load(Workbench& bench, std::optional<Document> document) {
    EngineSnapshot snapshot = engine_of(bench.state());
    ++snapshot.version;
    auto reply = std::make_shared<DocumentReply>();
    reply->id = bench.state().corpus.pending_detail;
    reply->document_id = bench.state().corpus.selected;
    reply->document = std::move(document);
    snapshot.document = reply;
    bench.take(std::make_shared<EngineSnapshot>(snapshot));
  }
  // What the window would find at its next start.
  Memory written(Workbench& bench) {
    std::string text;
    for (const Effect& effect : bench.tick(bench.state().now + 10)) {
      const auto* send = std::get_if<SendCommand>(&effect);
      const auto* write = send ? std::get_if<WriteTextFile>(&send->command.body) : nullptr;
      if (write != nullptr && write->file == "/state/state.json") text = write->text;
    }
    return memory_from_json(text);
  }
  static Document rhine() {
    Document document;
    document.id = 7;
    document.title = "Rhine";
    document.text = "The Rhine flows north.";
    return document;
  }
};

TEST_F(DraftTest, AnEditThatWasNotKeptIsOpenAgainAfterACrash) {
  Workbench first;
  open(first, {});
  first.apply(SelectRow{7});
  load(first, rhine());
  first.apply(StartEdit{7});
  first.apply(ChangeForm{"Rhine", TextEditor(TextFieldKind::kPlain, "The Rhine flows south.")});
  const Memory memory = written(first);
  EXPECT_EQ(memory.draft.id, 7);
  EXPECT_EQ(memory.draft.workspace, "/w");

  Workbench second;
  open(second, memory);
  EXPECT_FALSE(second.state().corpus.form);
  load(second, rhine());
  ASSERT_TRUE(second.state().corpus.form);
  EXPECT_EQ(second.state().corpus.form->id, 7);
  EXPECT_EQ(second.state().corpus.form->text.text(), "The Rhine flows south.");
  EXPECT_TRUE(second.state().corpus.form->is_changed());
  EXPECT_FALSE(second.state().toasts.empty());
}

TEST_F(DraftTest, ADiscardedEditIsForgotten) {
  Workbench bench;
  open(bench, {});
  bench.apply(SelectRow{7});
  load(bench, rhine());
  bench.apply(StartEdit{7});
  bench.apply(ChangeForm{"Rhine", TextEditor(TextFieldKind::kPlain, "No.")});
  EXPECT_EQ(written(bench).draft.text, "No.");
  bench.apply(ResolveUnsaved{ResolveUnsaved::Choice::kDiscard});
  EXPECT_TRUE(written(bench).draft.workspace.empty());
}

TEST_F(DraftTest, IsNotLostWithItsPassage) {
  Memory memory;
  memory.draft = {.workspace = "/w", .id = 7, .title = "Rhine", .text = "South."};
  Workbench bench;
  open(bench, memory);
  load(bench, std::nullopt);  // deleted meanwhile by another program
  ASSERT_TRUE(bench.state().corpus.form);
  EXPECT_EQ(bench.state().corpus.form->id, 0);
  EXPECT_EQ(bench.state().corpus.form->text.text(), "South.");
}

TEST_F(DraftTest, WaitsForItsOwnWorkspace) {
  Memory memory;
  memory.draft = {.workspace = "/other", .id = 7, .title = "Rhine", .text = "South."};
  Workbench bench;
  open(bench, memory);
  load(bench, rhine());
  EXPECT_FALSE(bench.state().corpus.form);
  bench.apply(AddWatch{"x"});
  EXPECT_EQ(written(bench).draft.workspace, "/other");
}

class PiecesTest : public ::testing::Test {
 protected:
  static AskState state(const std::string& text, std::vector<std::pair<size_t, size_t>> salient) {
    AskState ask;
    ask.sentence = TextEditor(TextFieldKind::kSentence, text);
    auto reply = std::make_shared<SentenceReply>();
    reply->text = text;
    reply->reading.limit = 94;
    reply->reading.salient = std::move(salient);
    ask.pieces = reply;
    return ask;
  }
};

TEST_F(PiecesTest, HidesOneSalientSpanAfterTheOther) {
  // Names at [0, 5) and [15, 22) of the plain text.
  const auto first = hide_next_salient(state("Paris lies in France.", {{0, 5}, {14, 20}}));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->text, "[[Paris]] lies in France.");
  const auto second = hide_next_salient(state(first->text, {{2, 7}, {18, 24}}));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->text, "Paris lies in [[France]].");
  const auto third = hide_next_salient(state(second->text, {{0, 5}, {16, 22}}));
  ASSERT_TRUE(third);
  EXPECT_EQ(third->text, "[[Paris]] lies in France.");
}

TEST_F(PiecesTest, PiecesOfAnotherSentenceAreNotUsed) {
  AskState ask = state("Paris.", {{0, 5}});
  ask.sentence = TextEditor(TextFieldKind::kSentence, "Rome.");
  EXPECT_EQ(pieces_of(ask), nullptr);
  EXPECT_FALSE(hide_next_salient(ask));
  EXPECT_FALSE(hide_next_salient(state("[MASK] is in Rome.", {{13, 17}})));
  EXPECT_FALSE(hide_next_salient(state("nothing here", {})));
}

TEST(Ages, AreToldInOneUnit) {
  EXPECT_EQ(unix_time("1970-01-02T00:00:01Z"), 86401);
  EXPECT_EQ(unix_time("yesterday"), std::nullopt);
  EXPECT_EQ(unix_time("2026-13-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(age_text(5), "just built");
  EXPECT_EQ(age_text(65), "1 min old");
  EXPECT_EQ(age_text(3 * 3600 + 59), "3 h old");
  EXPECT_EQ(age_text(49 * 3600), "2 days old");
}

TEST(MakeSum, AddsUpToTheWord) {
  const AskResult result = testing::fermat_result();
  const PassageTable table = make_passage_table(result, std::nullopt, nullptr);
  const std::vector<SumRow> rows = make_sum(result, table);
  ASSERT_EQ(rows.size(), result.documents.size() + 1);
  EXPECT_EQ(rows[0].p_y, "0.891");
  EXPECT_EQ(rows.back().rank, "\u03A3");
  EXPECT_EQ(rows.back().part, "0.820");
  const PassageTable of_regular = make_passage_table(result, "regular", nullptr);
  EXPECT_EQ(make_sum(result, of_regular).back().part, "0.0431");
}

TEST(OutsideSentence, SaysNothingUnlessAsked) {
  AskResult result = testing::fermat_result();
  EXPECT_TRUE(outside_sentence(result).empty());
  result.mass_outside_top_k = 0.02;
  result.exact_p_y_given_x = 0.8;
  EXPECT_EQ(outside_sentence(result),
            "Over all 2,941 passages, 2 % of p(z|x) lies outside these; p(fermat|x) is 0.800.");
}

}  // namespace
}  // namespace realm::view

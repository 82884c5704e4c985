// A Workbench and an engine that the test plays: what a person does goes in, and the commands that
// come of it are looked at.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "app/view/workbench.h"
#include "tests/app/view/fake_session.h"
#include "tests/app/view/sent_commands.h"

namespace realm::view {

inline constexpr std::string_view kSentence = "3 is a [[Fermat]] prime.";

// Plays the engine: builds the next snapshot on the last one.
class FakeEngineThread {
 public:
  EngineSnapshot next() {
    ++last_.version;
    return last_;
  }
  std::shared_ptr<const EngineSnapshot> publish(EngineSnapshot snapshot) {
    last_ = std::move(snapshot);
    return std::make_shared<EngineSnapshot>(last_);
  }
  std::shared_ptr<const EngineSnapshot> ready() {
    EngineSnapshot snapshot = next();
    snapshot.phase = EnginePhase::kReady;
    snapshot.folder = "/w";
    auto status = std::make_shared<SessionStatus>();
    status->can_undo = true;
    status->undo_title = "edit of \u201CRhine\u201D";
    snapshot.status = status;
    return publish(std::move(snapshot));
  }
  std::shared_ptr<const EngineSnapshot> answer(RequestId id, AskResult result) {
    EngineSnapshot snapshot = next();
    auto reply = std::make_shared<AskReply>();
    reply->id = id;
    reply->query = result.query;
    reply->result = std::make_shared<AskResult>(std::move(result));
    snapshot.ask = reply;
    return publish(std::move(snapshot));
  }
  std::shared_ptr<const EngineSnapshot> refuse(RequestId id, ErrorCode code) {
    EngineSnapshot snapshot = next();
    auto reply = std::make_shared<AskReply>();
    reply->id = id;
    reply->failure = Failure{code, "It could not be."};
    snapshot.ask = reply;
    return publish(std::move(snapshot));
  }
  std::shared_ptr<const EngineSnapshot> outcome(Outcome outcome) {
    EngineSnapshot snapshot = next();
    auto outcomes = std::make_shared<std::vector<Outcome>>();
    if (last_.outcomes) *outcomes = *last_.outcomes;
    outcomes->push_back(std::move(outcome));
    snapshot.outcomes = outcomes;
    return publish(std::move(snapshot));
  }

 private:
  EngineSnapshot last_;
};

class WorkbenchTest : public ::testing::Test {
 protected:
  void open(StartOptions options = {}) {
    options.workspace = "/w";
    bench_.start(options);
    bench_.take(engine_.ready());
  }
  AskResult result_for(std::string_view text) {
    AskResult result = testing::fermat_result();
    result.query.text = std::string(text);
    return result;
  }
  RequestId ask(std::string_view text) {
    TextEditor sentence(TextFieldKind::kSentence, text);
    bench_.apply(SetSentence{.sentence = sentence});
    return sent_id<Ask>(bench_.apply(RunCommand{"ask.run"}));
  }
  const AskState& state() const { return bench_.state().ask; }

  Workbench bench_;
  FakeEngineThread engine_;
};

}  // namespace realm::view

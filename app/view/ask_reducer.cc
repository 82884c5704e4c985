#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/view/reducers.h"
#include "app/view/utf8.h"

namespace realm::view {
namespace {

constexpr int kMaxCandidates = 64, kMaxWords = 200;

bool has_word(const AskResult& result, const std::string& word) {
  return std::any_of(result.top.begin(), result.top.end(),
                     [&](const auto& top) { return top.word == word; }) ||
         std::any_of(result.watch.begin(), result.watch.end(), [&](const auto& watched) {
           return watched.word == word && watched.note.empty();
         });
}

// The passage that does most for the answer is the one to read first.
void choose_passage(AskState& ask) {
  const AskResult& result = *ask.result;
  if (ask.has_reading &&
      find_document(result, ask.reading, ask.reading == kNullDocumentId) != nullptr)
    return;
  const AskedDocument* best = nullptr;
  for (const AskedDocument& document : result.documents) {
    const bool better = best == nullptr || (best->is_null && !document.is_null) ||
                        (best->is_null == document.is_null && document.posterior > best->posterior);
    if (better && !(document.is_null && best != nullptr && !best->is_null)) best = &document;
  }
  ask.has_reading = best != nullptr;
  ask.reading = best == nullptr ? kNullDocumentId : best->document.id;
}

void send_ask(WorkbenchState& state, Effects& effects, AskQuery query) {
  state.ask.pending = send(state, effects, Ask{std::move(query)});
  state.ask.pending_since = state.now;
  state.ask.failure.reset();
  state.ask.hint.clear();
}

void set_membership(std::vector<NamedDocument>& list, const NamedDocument& document, bool on) {
  std::erase_if(list, [&](const NamedDocument& other) { return other.id == document.id; });
  if (on) list.push_back(document);
}

void ask_again(WorkbenchState& state, Effects& effects) {
  if (state.ask.result || state.ask.pending != 0) run_ask(state, effects);
}

}  // namespace

std::string why_not_asked(const WorkbenchState& state) {
  const EngineSnapshot& engine = engine_of(state);
  if (engine.phase == EnginePhase::kNoWorkspace || engine.phase == EnginePhase::kFailed)
    return "Open a workspace first: File, Open workspace.";
  // While a model loads, a question waits for it.
  if (engine.phase == EnginePhase::kReady && engine.model_failure)
    return "There is no model to ask: Model, Import a model brings one in.";
  const std::string& text = state.ask.sentence.text();
  if (text.find_first_not_of(' ') == std::string::npos)
    return "Write a sentence, then click the word that should be hidden.";
  if (!hides_something(text)) return "Click the word that should be hidden.";
  return {};
}

void run_ask(WorkbenchState& state, Effects& effects) {
  AskState& ask = state.ask;
  if (std::string why = why_not_asked(state); !why.empty()) {
    ask.hint = std::move(why);
    return;
  }
  ask.history.add(ask.sentence.text());
  ask.change_title.reset();
  send_ask(state, effects, query_of(ask));
}

void repeat_ask(WorkbenchState& state, Effects& effects) {
  if (!state.ask.result) return;
  AskQuery query = state.ask.result->query;
  // What was pinned or left out for the question may have been deleted meanwhile: the lists of now
  // hold.
  query.pinned.clear();
  query.excluded.clear();
  for (const NamedDocument& document : state.ask.pinned) query.pinned.push_back(document.id);
  for (const NamedDocument& document : state.ask.excluded) query.excluded.push_back(document.id);
  send_ask(state, effects, std::move(query));
}

void reduce(WorkbenchState& state, Effects& effects, const SetSentence& action) {
  state.ask.sentence = action.sentence;
  state.ask.hint.clear();
  state.focus = Focus::kSentence;
  if (action.hid_word && state.preferences.predict_on_hide &&
      hides_something(action.sentence.text())) {
    run_ask(state, effects);
  }
}

void reduce(WorkbenchState& state, Effects& effects, const UseSentence& action) {
  state.popup = Popup::kNone;
  state.tab = Tab::kAsk;
  state.ask.sentence.set_text(action.text);
  state.ask.hint.clear();
  focus_on(state, Focus::kSentence);
  if (action.run) run_ask(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const SetCandidates& action) {
  const int count = std::clamp(action.count, 1, kMaxCandidates);
  if (count == state.ask.candidates) return;
  state.ask.candidates = count;
  ask_again(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const SetWords& action) {
  const int count = std::clamp(action.count, 1, kMaxWords);
  if (count == state.ask.words) return;
  state.ask.words = count;
  ask_again(state, effects);
}

void read_sentence(WorkbenchState& state, Effects& effects) {
  AskState& ask = state.ask;
  const EngineSnapshot& engine = engine_of(state);
  if (engine.sentence && engine.sentence->id == ask.pending_pieces && ask.pending_pieces != 0) {
    ask.pieces = engine.sentence;
    ask.pending_pieces = 0;
  }
  if (!engine.status || !engine.status->model) {
    ask.pieces_text.clear();
    return;
  }
  if (ask.sentence.text() == ask.pieces_text) return;
  ask.pieces_text = ask.sentence.text();
  ask.pending_pieces = 0;
  if (!ask.pieces_text.empty())
    ask.pending_pieces = send(state, effects, ReadSentence{ask.pieces_text});
}

void reduce(WorkbenchState& state, Effects& effects, const AddWatch& action) {
  const std::string clean = clean_input(action.word, /*keep_newlines=*/false);
  const size_t begin = clean.find_first_not_of(' ');
  if (begin == std::string::npos) return;
  const std::string word = clean.substr(begin, clean.find_last_not_of(' ') - begin + 1);
  std::vector<std::string>& watch = state.ask.watch;
  if (std::find(watch.begin(), watch.end(), word) != watch.end()) return;
  watch.push_back(word);
  ask_again(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const RemoveWatch& action) {
  if (std::erase(state.ask.watch, action.word) == 0) return;
  if (state.ask.selected_word == action.word) state.ask.selected_word.reset();
  ask_again(state, effects);
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const SelectWord& action) {
  AskState& ask = state.ask;
  state.focus = Focus::kWords;
  if (ask.selected_word == action.word) {
    ask.selected_word.reset();
  } else {
    ask.selected_word = action.word;
  }
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const SelectPassage& action) {
  AskState& ask = state.ask;
  state.focus = Focus::kPassages;
  ask.reading = action.is_null ? kNullDocumentId : action.id;
  ask.has_reading = true;
  if (ask.sorting_document == ask.reading) {
    ask.sorting_document.reset();
  } else {
    ask.sorting_document = ask.reading;
  }
}

void reduce(WorkbenchState& state, Effects& effects, const SetPinned& action) {
  set_membership(state.ask.pinned, action.document, action.on);
  if (action.on) set_membership(state.ask.excluded, action.document, false);
  ask_again(state, effects);
}

void reduce(WorkbenchState& state, Effects& effects, const SetExcluded& action) {
  set_membership(state.ask.excluded, action.document, action.on);
  if (action.on) set_membership(state.ask.pinned, action.document, false);
  ask_again(state, effects);
}

void reduce(WorkbenchState& state, Effects& /*effects*/, const ClearReference& /*action*/) {
  state.ask.reference.reset();
}

void take_ask(WorkbenchState& state, Effects& /*effects*/, const EngineSnapshot& snapshot) {
  AskState& ask = state.ask;
  if (!snapshot.ask || snapshot.ask->id != ask.pending || ask.pending == 0) return;
  ask.pending = 0;
  if (!snapshot.ask->result) {
    ask.failure = snapshot.ask->failure;
    ask.change_title.reset();
    if (ask.failure && ask.failure->code == ErrorCode::kCancelled) {
      ask.failure.reset();
      ask.hint = "Cancelled. Enter asks again.";
    }
    // What another model answered would stand there as if it were this one's.
    if (has_foreign_index(state)) ask.result.reset();
    return;
  }
  const std::shared_ptr<const AskResult> before = std::exchange(ask.result, snapshot.ask->result);
  const bool keeps_pinned = ask.reference && ask.reference->is_pinned;
  if (!keeps_pinned) {
    if (ask.change_title && before && comparable(*before, *ask.result)) {
      ask.reference = Reference{.result = before, .label = "after " + *ask.change_title};
    } else {
      ask.reference.reset();
    }
  }
  ask.change_title.reset();
  choose_passage(ask);
  if (ask.selected_word && !has_word(*ask.result, *ask.selected_word)) ask.selected_word.reset();
  if (ask.sorting_document && find_document(*ask.result, *ask.sorting_document,
                                            *ask.sorting_document == kNullDocumentId) == nullptr) {
    ask.sorting_document.reset();
  }
}

}  // namespace realm::view

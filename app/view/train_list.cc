// Lists of the Train workspace that a person searches: the runs, and the lines of a log.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/view/train_state.h"

namespace realm::view {
namespace {

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::vector<std::string> words_of(std::string_view filter) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : lowered(filter) + " ") {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

bool has_all(std::string_view lowered_text, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return lowered_text.find(word) != std::string_view::npos;
  });
}

}  // namespace

std::string label_of(const RunSummary& run) {
  return run.output_model.empty() ? run.id : run.output_model;
}

std::string title_of(const RunSummary& run) {
  const std::string label = label_of(run);
  return label == run.id ? run.task : fmt::format("{} \u2192 {}", run.task, label);
}

std::vector<size_t> listed_runs(const TrainState& train) {
  std::vector<size_t> out;
  if (!train.snapshot) return out;
  const std::vector<RunSummary>& runs = *train.snapshot->runs;
  const std::vector<std::string> words = words_of(train.look.run_filter);
  for (size_t i = 0; i < runs.size(); ++i) {
    const RunSummary& run = runs[i];
    if (!words.empty()) {
      std::string text = fmt::format("{} {} {} {} {}", run.id, run.task, state_word(run.state),
                                     label_of(run), run.note);
      for (const std::string& tag : run.tags) text += " " + tag;
      if (!has_all(lowered(text), words)) continue;
    }
    out.push_back(i);
  }
  return out;
}

std::vector<const RunEvent*> shown_events(const RunDetail& detail, std::string_view filter) {
  const std::vector<std::string> words = words_of(filter);
  std::vector<const RunEvent*> out;
  for (const RunEvent& event : *detail.events) {
    if (words.empty() || has_all(lowered(event.kind + " " + event.message), words))
      out.push_back(&event);
  }
  return out;
}

}  // namespace realm::view

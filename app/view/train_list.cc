// The list of runs that a person searches.
#include <fmt/format.h>

#include "app/view/train_state.h"
#include "app/view/word_filter.h"

namespace realm::view {

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
  const WordFilter words(train.look.run_filter);
  for (size_t i = 0; i < runs.size(); ++i) {
    const RunSummary& run = runs[i];
    if (!words.is_empty()) {
      std::string text = fmt::format("{} {} {} {} {}", run.id, run.task, state_word(run.state),
                                     label_of(run), run.note);
      for (const std::string& tag : run.tags) text += " " + tag;
      if (!words.finds(text)) continue;
    }
    out.push_back(i);
  }
  return out;
}

}  // namespace realm::view

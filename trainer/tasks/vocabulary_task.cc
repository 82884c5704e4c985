#include "trainer/tasks/vocabulary_task.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "engine/text/vocabulary_trainer.h"
#include "storage/corpus_store.h"
#include "storage/workspace.h"
#include "trainer/initial_model.h"

namespace realm {
namespace {

constexpr const char* kCountStage = "count words";
constexpr const char* kMergeStage = "make word pieces";

// False: it is to stop.
bool count_text(const std::string& file, WordCounter& counter, const VocabularyWatch& goes_on) {
  std::error_code unknown;
  const auto bytes = static_cast<int64_t>(std::filesystem::file_size(file, unknown));
  std::ifstream stream(file);
  if (!stream) {
    throw Error(ErrorCode::kNotFound, fmt::format("The vocabulary text {} cannot be read.", file));
  }
  Progress stage{.total = unknown ? 0 : bytes, .stage = kCountStage};
  for (std::string line; std::getline(stream, line);) {
    counter.add(line);
    stage.done = std::min(stage.done + static_cast<int64_t>(line.size()) + 1, stage.total);
    if (!goes_on(stage)) return false;
  }
  return true;
}

bool count_corpus(const Workspace& workspace, WordCounter& counter,
                  const VocabularyWatch& goes_on) {
  constexpr int kPage = 200;
  const auto corpus = CorpusStore::open(workspace.corpus_database(), OpenMode::kReadOnly);
  Progress stage{.total = corpus->size(), .stage = kCountStage};
  for (DocumentId after = 0;;) {
    if (!goes_on(stage)) return false;
    const auto page = corpus->read_after(after, kPage);
    if (page.empty()) return true;
    for (const Document& document : page) {
      counter.add(document.title);
      counter.add(document.text);
    }
    after = page.back().id;
    stage.done += static_cast<int64_t>(page.size());
  }
}

}  // namespace

bool train_vocabulary(const TrainOptions& options, const VocabularyWatch& goes_on) {
  if (options.output_model.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "The vocabulary task needs the training option output_model.");
  }
  const Workspace workspace = Workspace::open(options.workspace);
  require_no_weights(options, workspace.models_folder());  // it may have got some since
  WordCounter counter;
  const bool counted = options.vocabulary_text.empty()
                           ? count_corpus(workspace, counter, goes_on)
                           : count_text(options.vocabulary_text, counter, goes_on);
  if (!counted) return false;
  VocabularyTrainerOptions trainer;
  trainer.size = options.vocabulary_size;
  trainer.goes_on = [&](int64_t pieces) {
    return goes_on({pieces, options.vocabulary_size, kMergeStage});
  };
  if (!goes_on({0, options.vocabulary_size, kMergeStage})) return false;
  std::string text;
  try {
    for (const std::string& piece : train_vocabulary(counter.counts(), trainer))
      text += piece + "\n";
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled) throw;
    return false;
  }
  const auto folder = workspace.model_folder(options.output_model);
  std::filesystem::create_directories(folder);
  write_file_atomically(folder / "vocab.txt", text);
  return true;
}

}  // namespace realm

#include "trainer/tasks/vocabulary_task.h"

#include <fstream>

#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "engine/text/vocabulary_trainer.h"
#include "storage/corpus_store.h"
#include "storage/workspace.h"

namespace realm {

void train_vocabulary(const TrainOptions& options) {
  if (options.output_model.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "The vocabulary task needs the training option output_model.");
  }
  const Workspace workspace = Workspace::open(options.workspace);
  WordCounter counter;
  if (!options.vocabulary_text.empty()) {
    std::ifstream stream(options.vocabulary_text);
    if (!stream) {
      throw Error(ErrorCode::kNotFound,
                  fmt::format("The vocabulary text {} cannot be read.", options.vocabulary_text));
    }
    for (std::string line; std::getline(stream, line);) counter.add(line);
  } else {
    const auto corpus = CorpusStore::open(workspace.corpus_database(), OpenMode::kReadOnly);
    for (DocumentId after = 0;;) {
      const auto page = corpus->read_after(after, 1000);
      if (page.empty()) break;
      for (const Document& document : page) {
        counter.add(document.title);
        counter.add(document.text);
      }
      after = page.back().id;
    }
  }
  VocabularyTrainerOptions trainer;
  trainer.size = options.vocabulary_size;
  std::string text;
  for (const std::string& piece : train_vocabulary(counter.counts(), trainer)) text += piece + "\n";
  const auto folder = workspace.model_folder(options.output_model);
  std::filesystem::create_directories(folder);
  write_file_atomically(folder / "vocab.txt", text);
}

}  // namespace realm

#include "app/services/workspace_tokenizer.h"

#include "engine/checkpoint/model_folder.h"

namespace realm {

std::shared_ptr<const WordPieceTokenizer> workspace_tokenizer(const Workspace& workspace) {
  if (workspace.active().model.empty()) return nullptr;
  const ModelFolder folder = ModelFolder::open(workspace.model_folder(workspace.active().model));
  return std::make_shared<const WordPieceTokenizer>(
      std::make_shared<const Vocabulary>(Vocabulary::load(folder.vocabulary_file())),
      TokenizerOptions{.lower_case = folder.lower_case()});
}

}  // namespace realm

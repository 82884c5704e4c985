#include "tests/trainer/tasks/task_world.h"

#include "tests/support/temp_directory.h"
#include "tests/trainer/data/small_world.h"

namespace realm::testing {
namespace {

ModelConfig small_config(const TaskInputs& inputs) {
  ModelConfig config;
  config.vocabulary = inputs.vocabulary().size();
  config.layers = 1;
  config.hidden = 8;
  config.heads = 2;
  config.intermediate = 16;
  config.positions = 32;
  config.projection = 4;
  config.hidden_dropout = 0;
  config.attention_dropout = 0;
  config.initializer_range = 0.5;
  return config;
}

template <typename Network>
Network small_network(const TaskInputs& inputs, int64_t seed) {
  torch::manual_seed(static_cast<uint64_t>(seed));
  Network network(small_config(inputs));
  network->eval();
  return network;
}

}  // namespace

TaskInputs task_inputs() {
  TaskInputs inputs;
  inputs.options.query_length = 12;
  inputs.options.document_length = 16;
  inputs.options.positions = 32;
  inputs.options.candidates = 2;
  inputs.tokenizer = letters_and({"is", "near"});
  std::vector<Document> documents;
  const std::vector<std::string> letters = {"a", "b", "c", "d"};
  for (size_t i = 0; i < letters.size(); ++i) {
    Document document;
    document.id = 11 + static_cast<DocumentId>(i);
    document.title = letters[i];
    document.text = letters[i] + " is near " + letters[(i + 1) % letters.size()] + ".";
    documents.push_back(std::move(document));
  }
  inputs.passages = PassageTable::load(MemoryCorpus(std::move(documents)), *inputs.tokenizer);
  const TempDirectory folder;
  inputs.held_out = TrainingText::load(
      folder.write(
          "held_out.jsonl",
          "{\"text\": \"b is near [[c]]\", \"title\": \"b\"}\n{\"text\": \"c is [[near]] d\"}\n"),
      *inputs.tokenizer, inputs.passages, {.query_length = inputs.options.query_length});
  return inputs;
}

Embedder small_embedder(const TaskInputs& inputs, int64_t seed) {
  return small_network<Embedder>(inputs, seed);
}

KnowledgeAugmentedEncoder small_encoder(const TaskInputs& inputs, int64_t seed) {
  return small_network<KnowledgeAugmentedEncoder>(inputs, seed);
}

}  // namespace realm::testing

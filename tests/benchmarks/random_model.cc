// The model of random weights of benchmark_world.h: the one part of it that needs LibTorch.
#include <fmt/format.h>

#include <fstream>

#include "engine/checkpoint/model_folder.h"
#include "engine/model/model_io.h"
#include "tests/benchmarks/benchmark_world.h"

namespace realm::benchmarks {
namespace {

constexpr int kVocabulary = 30522;

WordPieceTokenizer tokenizer_of_size(int size) {
  const auto starter = load_tokenizer(ModelFolder::open(starter_model()));
  std::vector<std::string> pieces;
  for (int32_t id = 0; id < starter->vocabulary().size(); ++id)
    pieces.push_back(starter->vocabulary().piece(id));
  while (static_cast<int>(pieces.size()) < size)
    pieces.push_back(fmt::format("[unused{}]", pieces.size()));
  return WordPieceTokenizer(std::make_shared<const Vocabulary>(std::move(pieces)),
                            starter->options());
}

std::filesystem::path make_random_model() {
  const std::filesystem::path folder = scratch_folder() / "6x384";
  torch::manual_seed(7);
  ModelConfig config;
  config.vocabulary = kVocabulary;
  config.layers = 6;
  config.hidden = 384;
  config.heads = 12;
  config.intermediate = 4 * 384;
  config.positions = 192;
  config.pad_token_id = 0;
  config.hidden_dropout = config.attention_dropout = 0;
  const WordPieceTokenizer tokenizer = tokenizer_of_size(kVocabulary);
  save_embedder(folder / "embedder", Embedder(config), tokenizer);
  save_encoder(folder / "encoder", KnowledgeAugmentedEncoder(config), tokenizer);
  std::filesystem::copy_file(folder / "embedder" / "vocab.txt", folder / "vocab.txt");
  std::ofstream(folder / "model.json") << R"({"query_length": 64, "document_length": 128})";
  return folder;
}

}  // namespace

std::filesystem::path random_model_6x384() {
  static const std::filesystem::path folder = make_random_model();
  return folder;
}

}  // namespace realm::benchmarks

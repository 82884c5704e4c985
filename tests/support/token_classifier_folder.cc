#include "tests/support/token_classifier_folder.h"

#include <deque>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/checkpoint/model_writer.h"

namespace realm::testing {
namespace {

constexpr int64_t kHidden = 8;

class Writer {
 public:
  explicit Writer(const TokenClassifierFolder& content) : content_(content) {}

  void add(std::string name, std::vector<int64_t> shape, float value) {
    int64_t count = 1;
    for (const int64_t axis : shape) count *= axis;
    add(std::move(name), std::move(shape), std::vector<float>(static_cast<size_t>(count), value));
  }
  void add(std::string name, std::vector<int64_t> shape, std::vector<float> values) {
    if (name == content_.left_out) return;
    values_.push_back(std::move(values));
    tensors_.push_back({std::move(name), std::move(shape), ScalarType::kF32, values_.back()});
  }
  void write(const std::filesystem::path& file) const { write_safetensors(file, tensors_); }

 private:
  const TokenClassifierFolder& content_;
  std::deque<std::vector<float>> values_;
  std::vector<TensorToWrite> tensors_;
};

}  // namespace

void write_token_classifier(const std::filesystem::path& folder,
                            const TokenClassifierFolder& content) {
  std::filesystem::create_directories(folder);
  std::vector<std::string> vocabulary = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  std::vector<float> words(vocabulary.size() * kHidden, 0.0F);
  for (size_t i = 0; i < vocabulary.size(); ++i) words[i * kHidden] = 1.0F;  // class 0
  for (const auto& [piece, label] : content.pieces) {
    vocabulary.push_back(piece);
    words.resize(vocabulary.size() * kHidden, 0.0F);
    words[(vocabulary.size() - 1) * kHidden + static_cast<size_t>(label)] = 1.0F;
  }
  ModelConfig config = ModelConfig::bert();
  config.vocabulary = static_cast<int64_t>(vocabulary.size());
  config.hidden = kHidden;
  config.layers = 1;
  config.heads = 2;
  config.intermediate = kHidden;
  config.positions = content.positions;
  config.architectures = {"BertForTokenClassification"};
  nlohmann::json names = nlohmann::json::object();
  for (size_t i = 0; i < content.labels.size(); ++i) names[std::to_string(i)] = content.labels[i];
  config.other["id2label"] = content.id2label.empty() ? names.dump() : content.id2label;

  Writer writer(content);
  for (const ExpectedTensor& tensor : expected_tensors(ModelPart::kBert, config)) {
    if (!tensor.name.starts_with("realm.") || tensor.name.starts_with("realm.pooler.")) continue;
    const std::string name = "bert." + tensor.name.substr(6);
    if (name == "bert.embeddings.word_embeddings.weight") {
      writer.add(name, tensor.shape, words);
    } else {
      writer.add(name, tensor.shape, name.ends_with("LayerNorm.weight") ? 1.0F : 0.0F);
    }
  }
  // Class c reads axis c.
  const auto classes = static_cast<int64_t>(content.labels.size());
  const int64_t rows = content.classifier_rows < 0 ? classes : content.classifier_rows;
  std::vector<float> identity(static_cast<size_t>(rows * kHidden), 0.0F);
  for (int64_t i = 0; i < rows; ++i) identity[static_cast<size_t>(i * kHidden + i)] = 1.0F;
  writer.add("classifier.weight", {rows, kHidden}, identity);
  writer.add("classifier.bias", {classes}, 0.0F);
  writer.write(folder / "model.safetensors");
  std::ofstream(folder / "config.json") << config.to_json();
  write_tokenizer_files(folder, vocabulary, content.lower_case, "BertTokenizer");
}

}  // namespace realm::testing

#include "engine/model/model_io.h"

#include <algorithm>

#include "engine/checkpoint/model_writer.h"

namespace realm {
namespace {

// Copies the tensors into the network's parameters, name by name.
template <typename Network>
void copy_tensors(const PartTensors& tensors, const Network& network) {
  for (const NamedParameter& named : network->named()) {
    const TensorView* view = tensors.find(named.name);
    if (view == nullptr) continue;  // not required (require_complete): the pooler of an encoder
    torch::Tensor value = named.value();
    copy_float32(*view, {value.data_ptr<float>(), static_cast<size_t>(value.numel())});
  }
}

template <typename Network>
Network load_part(const ModelFolder& folder, ModelPart part, torch::Device device) {
  const torch::NoGradGuard no_grad;
  const PartTensors tensors = folder.load(part);
  tensors.require_complete();
  Network network(tensors.config);
  copy_tensors(tensors, network);
  network->to(device);
  return network;
}

template <typename Network>
void save_part(const std::filesystem::path& folder, ModelPart part, const Network& network,
               const WordPieceTokenizer& tokenizer) {
  std::vector<torch::Tensor> kept;
  std::vector<TensorToWrite> tensors;
  for (const NamedParameter& named : network->named()) {
    kept.push_back(named.value().to(torch::kCPU, torch::kFloat32).contiguous());
    tensors.push_back(
        {named.name,
         kept.back().sizes().vec(),
         ScalarType::kF32,
         {kept.back().template data_ptr<float>(), static_cast<size_t>(kept.back().numel())}});
  }
  std::vector<std::string> pieces;
  for (int32_t id = 0; id < tokenizer.vocabulary().size(); ++id)
    pieces.push_back(tokenizer.vocabulary().piece(id));
  write_model_folder(folder,
                     {part, network->config(), tensors, pieces, tokenizer.options().lower_case});
}

}  // namespace

Embedder load_embedder(const ModelFolder& folder, torch::Device device) {
  return load_part<Embedder>(folder, ModelPart::kEmbedder, device);
}

KnowledgeAugmentedEncoder load_encoder(const ModelFolder& folder, torch::Device device) {
  return load_part<KnowledgeAugmentedEncoder>(folder, ModelPart::kEncoder, device);
}

KnowledgeAugmentedEncoder make_encoder_of_body(const ModelFolder& folder, torch::Device device) {
  const torch::NoGradGuard no_grad;
  const PartTensors tensors = folder.load(ModelPart::kBert);
  tensors.require_complete();
  KnowledgeAugmentedEncoder encoder(tensors.config);
  copy_tensors(tensors, encoder);
  for (const NamedParameter& named : encoder->named()) {
    if (named.name == "cls.predictions.transform.dense.weight")
      named.value().copy_(torch::eye(tensors.config.hidden));
  }
  encoder->to(device);
  return encoder;
}

std::shared_ptr<const WordPieceTokenizer> load_tokenizer(const ModelFolder& folder) {
  auto vocabulary = std::make_shared<const Vocabulary>(Vocabulary::load(folder.vocabulary_file()));
  return std::make_shared<const WordPieceTokenizer>(
      std::move(vocabulary),
      TokenizerOptions{folder.lower_case(), SpecialTokenRule::kKeepEverywhere});
}

SequenceLengths sequence_lengths(const ModelFolder& folder) {
  SequenceLengths lengths;
  lengths.query = static_cast<int>(folder.info().query_length.value_or(lengths.query));
  lengths.document = static_cast<int>(folder.info().document_length.value_or(lengths.document));
  if (folder.has(ModelPart::kEmbedder)) {
    const auto positions = static_cast<int>(folder.config(ModelPart::kEmbedder).positions);
    lengths.query = std::min(lengths.query, positions);
    lengths.document = std::min(lengths.document, positions);
  }
  lengths.joint = lengths.query + lengths.document;
  if (folder.has(ModelPart::kEncoder)) {
    lengths.joint =
        std::min(lengths.joint, static_cast<int>(folder.config(ModelPart::kEncoder).positions));
    lengths.query = std::min(lengths.query, lengths.joint);
  }
  return lengths;
}

void save_embedder(const std::filesystem::path& folder, const Embedder& embedder,
                   const WordPieceTokenizer& tokenizer) {
  save_part(folder, ModelPart::kEmbedder, embedder, tokenizer);
}

void save_bert(const std::filesystem::path& folder, const KnowledgeAugmentedEncoder& encoder,
               const WordPieceTokenizer& tokenizer) {
  save_part(folder, ModelPart::kBert, encoder, tokenizer);
}

void save_encoder(const std::filesystem::path& folder, const KnowledgeAugmentedEncoder& encoder,
                  const WordPieceTokenizer& tokenizer) {
  save_part(folder, ModelPart::kEncoder, encoder, tokenizer);
}

}  // namespace realm

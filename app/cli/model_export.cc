#include "app/cli/model_export.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/checkpoint/model_writer.h"
#include "engine/text/vocabulary.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

const char* subfolder_of(ModelPart part) {
  switch (part) {
    case ModelPart::kEmbedder:
      return "embedder";
    case ModelPart::kEncoder:
      return "encoder";
    case ModelPart::kReader:
      return "reader";
    case ModelPart::kBert:
      return "bert";
  }
  return "model";
}

void export_part(const ModelFolder& model, ModelPart part, const fs::path& folder,
                 const std::vector<std::string>& pieces, bool half) {
  const PartTensors tensors = model.load(part);
  tensors.require_complete();
  std::vector<std::vector<float>> values;
  values.reserve(tensors.tensors.size());  // the writer's views into it stay valid
  std::vector<TensorToWrite> to_write;
  for (const PartTensors::Named& named : tensors.tensors) {
    if (named.is_alias) continue;
    values.push_back(to_float32(named.tensor));
    to_write.push_back({named.name, named.tensor.shape, half ? ScalarType::kF16 : ScalarType::kF32,
                        values.back()});
  }
  write_model_folder(folder, {part, tensors.config, to_write, pieces, model.lower_case()});
}

void require_new(const fs::path& target) {
  if (fs::exists(target)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is there already.", target.string()));
  }
}

// The parts to write. A BERT counts as an encoder too; it is written once.
std::vector<ModelPart> written_parts(const ModelFolder& model) {
  std::vector<ModelPart> parts;
  for (const ModelPart part : model.parts()) {
    if (part == ModelPart::kEncoder && model.config(part).model_type == "bert") continue;
    parts.push_back(part);
  }
  return parts;
}

}  // namespace

void export_model(const ModelFolder& model, const fs::path& target, bool half) {
  require_new(target);
  const Vocabulary vocabulary = Vocabulary::load(model.vocabulary_file());
  std::vector<std::string> pieces;
  for (int32_t id = 0; id < vocabulary.size(); ++id) pieces.push_back(vocabulary.piece(id));

  const std::vector<ModelPart> parts = written_parts(model);
  fs::create_directories(target);
  for (const ModelPart part : parts) {
    // The parts of a bundle share the vocabulary above them.
    export_part(model, part, parts.size() == 1 ? target : target / subfolder_of(part),
                parts.size() == 1 ? pieces : std::vector<std::string>{}, half);
  }
  if (parts.size() > 1) write_tokenizer_files(target, pieces, model.lower_case());
  write_bundle_info(target, model.info());
}

std::vector<std::pair<std::string, DifferenceReport>> export_difference(const ModelFolder& model,
                                                                        const fs::path& base,
                                                                        const fs::path& target) {
  require_new(target);
  std::vector<std::pair<std::string, DifferenceReport>> reports;
  for (const ModelPart part : written_parts(model)) {
    const std::string name = subfolder_of(part);
    reports.emplace_back(name, write_difference(base, model, part, target / name));
  }
  write_bundle_info(target, model.info());
  return reports;
}

}  // namespace realm

// Where a run's networks come from: the parts of the models that its options name, or a new network
// of the options' size. The trainer and its estimates both ask here. Free of LibTorch; functions
// without state; they read the disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/checkpoint/model_folder.h"
#include "trainer/options.h"

namespace realm {

// models_folder / name. Throws Error{kNotFound} that names `option` when the workspace has no such
// model.
std::filesystem::path initial_folder(const std::filesystem::path& models_folder,
                                     const std::string& name, const char* option);

// False for a folder that the vocabulary task made: it has a vocab.txt and nothing else, and its
// networks start from scratch.
bool holds_weights(const std::filesystem::path& folder);

// The model of the workspace that a vocabulary goes into which a run counts before it trains.
inline constexpr const char* kFirstVocabulary = "vocabulary";
// The options as a run is made with them: one that names no initial model begins from
// kFirstVocabulary, where that is there or the workspace has no model at all. The vocabulary task
// needs none.
TrainOptions with_vocabulary(TrainOptions options, const std::filesystem::path& models_folder);
// Whether such a run has to count the vocabulary first.
bool counts_vocabulary(const TrainOptions& options, const std::filesystem::path& models_folder);

// The vocabulary task writes the vocab.txt of the model options.output_model. Throws
// Error{kInvalidArgument} where that model has weights, which would be ruined: they belong to the
// vocabulary that they were trained with. Nothing for other tasks.
void require_no_weights(const TrainOptions& options, const std::filesystem::path& models_folder);

// What gives the part: the folder itself, or for the reader its plain BERT, which is the same
// network. nullopt: neither, so the network starts from scratch.
std::optional<ModelFolder> initial_part(const std::filesystem::path& folder, ModelPart part);

// The config of a network from scratch.
ModelConfig new_config(const TrainOptions& options, int64_t vocabulary_size);

// A network that a run trains, as it is at the first step.
struct InitialNetwork {
  ModelPart part = ModelPart::kEncoder;
  std::string model;         // that its weights are of; empty: it starts from scratch
  ModelConfig config;        // with options.dropout and options.grow_to_layers
  int64_t model_layers = 0;  // of the model, before it grew
};
// Of every task but vocabulary, the retriever first. Throws Error{kNotFound, kCorruptData} where a
// model or its vocabulary cannot be read, and what require_lengths throws, or in its place
// require_chosen_size.
std::vector<InitialNetwork> initial_networks(const TrainOptions& options,
                                             const std::filesystem::path& models_folder);

// The options with the sizes of the networks that are trained in place of their own, where all of
// these start from weights: of the reader, where there are two. As they are where one is new, or
// its model is not there.
TrainOptions with_initial_sizes(TrainOptions options, const std::filesystem::path& models_folder);

// Throws Error{kInvalidArgument} naming the options whose inputs are longer than the positions of
// the network for `part`. `model`: that it comes from; empty: it is from scratch, whose joint
// inputs are cut to its positions.
void require_lengths(const TrainOptions& options, ModelPart part, const ModelConfig& config,
                     const std::string& model);

// Throws Error{kInvalidArgument} naming both where layers or hidden were chosen (they are neither
// the defaults nor those of the recipe for small networks) and nothing of that size is trained.
void require_chosen_size(const TrainOptions& options, const std::vector<InitialNetwork>& networks);

// "retriever" or "reader".
const char* network_name(ModelPart part);

}  // namespace realm

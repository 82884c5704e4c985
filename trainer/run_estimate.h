// RunEstimate: what a run will need, computed from its options before it begins: parameters,
// memory, disk and time. Free of LibTorch. Thread rule: one caller at a time; blocks on small files
// and for the calibration.
//
// Memory is the largest that a step can need, every sequence at its longest: the real peak lies
// below it, the further the shorter the texts. Time is no bound: it counts the matrix products
// alone, which is too little, of sequences at their longest, which is too much, at the rate of one
// product measured on this machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/checkpoint/model_config.h"
#include "engine/checkpoint/part_layout.h"
#include "trainer/cuda_cards.h"
#include "trainer/initial_model.h"
#include "trainer/options.h"

namespace realm {

struct EstimatedBytes {
  std::string name;  // "weights", as JSON says it
  int64_t bytes = 0;
  bool on_cards = false;  // else in the machine's own memory, or on its disk
};

// What a run computes on.
struct RunPlace {
  std::string device,
      refresh_device;        // as the options name them; empty refresh_device: no refresher
  int ranks = 1;             // processes that train together
  int threads = 1;           // of each, with the refresher's
  std::optional<int> cores;  // of this machine; nullopt: the run is trained on another
  // Of this machine; nullopt: the run needs none, or is trained on another.
  std::optional<std::vector<CudaCard>> cards;
};

struct RunEstimate {
  std::vector<InitialNetwork> networks;  // that are trained, the retriever first
  RunPlace place;
  int64_t parameters = 0;              // of all networks that are trained
  std::vector<EstimatedBytes> memory;  // adds up to what the processes take at most
  int64_t card_memory = 0;             // of it, what each process has on a card; 0: trained on none
  std::vector<EstimatedBytes> disk;    // of the checkpoints kept and the model published
  std::optional<int64_t> program;      // of `memory`: what this process holds already
  std::optional<int64_t> free_memory;  // bytes that can be had now, beside `program`
  std::optional<int64_t> free_disk;    // in the workspace's file system
  // Pieces of the vocabulary that is counted before the first step; 0: there is one already.
  int64_t counted_vocabulary = 0;
  int64_t steps = 0;
  double step_flops = 0;            // floating-point operations of a step's matrix products
  double refresh_flops = 0;         // of embedding the corpus once; 0: no refreshes
  int64_t refreshes = 0;            // in the whole run, the first index among them
  std::optional<double> gemm_rate;  // operations a second, measured; nullopt: not on the CPU
  TrainPrecision gemm_precision = TrainPrecision::kFp32;  // that it was measured in
  TrainPrecision precision = TrainPrecision::kFp32;       // of the run
  std::optional<double> seconds() const;  // of the whole run, about; nullopt: no rate
  int64_t memory_bytes() const;           // of the machine and the cards
  int64_t machine_bytes() const;          // of the machine alone
  int64_t disk_bytes() const;
};

struct EstimateOptions {
  // Of measuring the rate of a matrix product of the run's shape; 0: it is not measured.
  double calibration_seconds = 0.2;
  int ranks = 1;        // processes that are to train together
  bool is_here = true;  // on this machine, whose cores, memory and cards are looked at
};

// Throws Error{kNotFound, kCorruptData} where the workspace, a model or a file that the options
// name cannot be read, Error{kInvalidArgument} where inputs are longer than the initial model
// takes, the corpus has too few documents, or output_model is no name.
RunEstimate estimate_run(const TrainOptions& options, const EstimateOptions& how = {});

// Whether the run can be trained on this machine. Throws Error{kNotFound} for a device that it does
// not have, Error{kResourceExhausted} with the numbers when the memory (of the machine, or of a
// card where that is known) or, for a run that begins, the disk that is free is less than the run
// needs, and for one that begins what require_chosen_size throws.
enum class RunStart { kBegins, kResumes };
void require_room(const TrainOptions& options, const RunEstimate& estimate, RunStart start);

// The estimate for a person (lines) and for a program (one JSON object; null: not known).
std::string describe(const RunEstimate& estimate);
std::string to_json(const RunEstimate& estimate);

// The parts of the arithmetic, for tests.
int64_t parameter_count(ModelPart part, const ModelConfig& config);
struct PassShape {
  int64_t sequences = 0, length = 0;  // every one padded to `length` pieces
  int64_t read_rows = 0;              // positions that the last layer is read at
  int64_t vocabulary_rows = 0;        // of them, those that the vocabulary is scored at
};
// Bytes that a forward pass keeps for the way back, and the most that computing one layer adds.
int64_t activation_bytes(const ModelConfig& config, const PassShape& pass,
                         const TrainOptions& options);
// Operations of the matrix products of a forward pass.
double forward_flops(const ModelConfig& config, const PassShape& pass);

}  // namespace realm

#include "trainer/run_estimate.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "engine/base/gemm_rate.h"
#include "engine/base/machine_memory.h"
#include "storage/corpus_store.h"
#include "storage/workspace.h"
#include "trainer/bf16_rate.h"
#include "trainer/data/reading_example.h"
#include "trainer/run_inputs.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kFloat = 4, kHalf = 2;
constexpr double kBeyondAnyMemory = 1e15;  // bytes; sums of it, times ranks, are still numbers
constexpr int64_t kKeptCheckpoints = 2;    // saved_checkpoints.h, and one more while it is written

struct Network {
  ModelPart part = ModelPart::kEncoder;
  ModelConfig config;
  int64_t parameters = 0;
  std::vector<PassShape> passes;  // of one part of a process's share of a batch
};

int64_t part_size(int64_t examples, int parts) { return (examples + parts - 1) / parts; }

std::vector<Network> networks_of(const TrainOptions& o, const RunEstimate& e) {
  const int64_t share = part_size(o.batch_size, e.place.ranks);
  const int64_t batch = part_size(share, o.accumulate_steps);
  std::vector<Network> out;
  for (const InitialNetwork& initial : e.networks) {
    Network network{
        initial.part, initial.config, parameter_count(initial.part, initial.config), {}};
    if (initial.part == ModelPart::kEmbedder) {
      // Each retrieved passage is embedded once; at worst no two queries share one.
      const int64_t documents = o.task == TrainTask::kIct ? batch : batch * (o.candidates - 1) + 1;
      network.passes = {{batch, o.query_length, batch, 0},
                        {documents, o.document_length, documents, 0}};
    } else {
      const bool alone = o.task == TrainTask::kMlm && o.passage == PassageRule::kNone;
      const int64_t joint =
          std::min<int64_t>(o.query_length + o.document_length, initial.config.positions);
      const int64_t sequences = batch * (o.task == TrainTask::kPretrain ? o.candidates : 1);
      const int64_t rows =
          sequences * (kMaxTargets + (o.task == TrainTask::kMlm ? o.unmasked_targets : 0));
      network.passes = {{sequences, alone ? o.query_length : joint, rows, rows}};
    }
    out.push_back(std::move(network));
  }
  return out;
}

RunPlace place_of(const TrainOptions& o, const EstimateOptions& how) {
  const bool refreshes = o.task == TrainTask::kPretrain;
  RunPlace place{o.device, {}, how.ranks, o.threads, {}, {}};
  if (refreshes) {
    place.refresh_device = o.refresh_device.empty() ? o.device : o.refresh_device;
    place.threads += o.refresh_threads;
  }
  if (!how.is_here) return place;
  place.cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (place.device.starts_with("cuda") || place.refresh_device.starts_with("cuda"))
    place.cards = cuda_cards();
  return place;
}

int64_t file_bytes(const fs::path& file) {
  std::error_code none;
  const auto size = fs::file_size(file, none);
  return none ? 0 : static_cast<int64_t>(size);
}

// The corpus and the training text as pieces: four bytes for some four letters, beside the text.
int64_t text_bytes(const TrainOptions& o, const Workspace& workspace) {
  return 2 * (file_bytes(workspace.corpus_database()) + file_bytes(o.training_text) +
              file_bytes(o.held_out_text));
}

void add_memory(RunEstimate& e, const TrainOptions& o, const Workspace& workspace,
                const std::vector<Network>& networks, int64_t documents) {
  int64_t activations = 0;
  int64_t largest_table = 0;
  int64_t index = 0;
  for (const Network& network : networks) {
    int64_t of_network = 0;
    for (const PassShape& pass : network.passes)
      of_network += activation_bytes(network.config, pass, o);
    activations += of_network;
    largest_table = std::max(largest_table, network.config.vocabulary * network.config.hidden);
    const bool has_index = network.part == ModelPart::kEmbedder &&
                           (o.task == TrainTask::kPretrain || o.neighbour_probability > 0);
    if (has_index) {
      // Twice: the index, and the next one while it is made, each with the weights behind it; and
      // the passages packed for embedding, piece and segment of four bytes each.
      index += 2 * kFloat * (documents * network.config.projection + network.parameters) +
               documents * o.document_length * 8;
    }
  }
  e.program = resident_memory();
  const int64_t weights = e.parameters * kFloat;
  const int64_t gradients = weights + largest_table * kFloat;
  const int64_t moments = 2 * weights;
  // Each process has all of it but its own share of a batch.
  const int64_t ranks = e.place.ranks;
  const bool on_cards = o.device != "cpu";
  e.memory = {{"program", ranks * e.program.value_or(0)},
              {"texts", ranks * text_bytes(o, workspace)},
              {"weights", ranks * weights, on_cards},
              {"gradients", ranks * gradients, on_cards},
              {"moments", ranks * moments, on_cards},
              {"activations", ranks * activations, on_cards},
              {"index", ranks * index}};
  if (on_cards) e.card_memory = weights + gradients + moments + activations;
  if (e.place.cores) e.free_memory = available_memory();
}

void add_disk(RunEstimate& e, const TrainOptions& o, const Workspace& workspace,
              const std::vector<Network>& networks) {
  // Weights twice (as a model, and with the moments), and the weights behind two indexes.
  int64_t checkpoint = 4 * e.parameters * kFloat;
  for (const Network& network : networks) {
    if (network.part == ModelPart::kEmbedder && o.task == TrainTask::kPretrain)
      checkpoint += 2 * network.parameters * kFloat;
  }
  // Of those that stay, the models alone.
  const int64_t staying = o.keep_every_steps > 0 ? o.steps / o.keep_every_steps : 0;
  e.disk = {{"checkpoints", (kKeptCheckpoints + 1) * checkpoint + staying * e.parameters * kFloat}};
  if (!o.output_model.empty()) e.disk.push_back({"output_model", e.parameters * kFloat});
  std::error_code none;
  const fs::space_info space = fs::space(workspace.folder(), none);
  if (!none) e.free_disk = static_cast<int64_t>(space.available);
}

// Embeddings of the whole corpus, the first among them.
int64_t refreshes_of(const TrainOptions& o) {
  if (o.task == TrainTask::kPretrain)
    return 1 + (o.steps - 1) / (o.refresh_every_steps * o.stale_factor);
  const bool has_neighbours = o.task == TrainTask::kIct && o.neighbour_probability > 0;
  return has_neighbours ? 1 + (o.steps - 1) / o.refresh_every_steps : 0;
}

void add_time(RunEstimate& e, const TrainOptions& o, const std::vector<Network>& networks,
              int64_t documents, double calibration_seconds) {
  const int ranks = e.place.ranks;
  // Forward once and backward twice as much; checkpointed layers forward once more.
  const double ways = o.activation_checkpointing ? 4 : 3;
  e.steps = o.steps;
  e.precision = o.precision;
  GemmShape shape;
  for (const Network& network : networks) {
    for (const PassShape& pass : network.passes) {
      e.step_flops += ways * ranks * o.accumulate_steps * forward_flops(network.config, pass);
      const auto rows = static_cast<int>(std::min<int64_t>(pass.sequences * pass.length, 1024));
      if (rows > shape.rows)
        shape = {rows, static_cast<int>(network.config.intermediate),
                 static_cast<int>(network.config.hidden)};
    }
    if (network.part == ModelPart::kEmbedder) {
      e.refreshes = refreshes_of(o);
      if (e.refreshes > 0)
        e.refresh_flops =
            forward_flops(network.config, {documents, o.document_length, documents, 0});
    }
  }
  if (o.device != "cpu" || !e.place.cores || calibration_seconds <= 0 || shape.rows == 0) return;
  const int threads = std::min(o.threads * ranks, *e.place.cores);
  if (o.precision == TrainPrecision::kBf16)
    e.gemm_rate = measure_bf16_rate(shape, threads, calibration_seconds);
  if (e.gemm_rate) {
    e.gemm_precision = TrainPrecision::kBf16;
  } else {
    e.gemm_rate = measure_gemm_rate(shape, threads, calibration_seconds);
  }
}

}  // namespace

int64_t parameter_count(ModelPart part, const ModelConfig& config) {
  int64_t sum = 0;
  for (const ExpectedTensor& tensor : expected_tensors(part, config)) {
    if (!tensor.alias_of.empty()) continue;
    int64_t elements = 1;
    for (const int64_t side : tensor.shape) elements *= side;
    sum += elements;
  }
  return sum;
}

int64_t activation_bytes(const ModelConfig& c, const PassShape& pass, const TrainOptions& o) {
  const double tokens = static_cast<double>(pass.sequences) * static_cast<double>(pass.length);
  const int64_t weights = c.heads * pass.length;  // attention weights a token
  const bool dropout = c.hidden_dropout > 0 || c.attention_dropout > 0;
  // Attention keeps query, key, value and context for its products, and the weights for the second
  // product, for softmax and, with dropout, the noise: bf16 keeps its own copies of what a product
  // reads.
  int64_t attention = kFloat * (4 * c.hidden + weights * (dropout ? 3 : 1));
  // The rest keeps what layer norms, products and GELU read.
  int64_t rest = kFloat * (4 * c.hidden + 2 * c.intermediate + (dropout ? 2 * c.hidden : 0));
  if (o.precision == TrainPrecision::kBf16) {
    attention = kHalf * (4 * c.hidden + weights) + kFloat * weights * (dropout ? 2 : 1);
    rest = kHalf * (2 * c.hidden + c.intermediate) +
           kFloat * (2 * c.hidden + c.intermediate + (dropout ? 2 * c.hidden : 0));
  }
  const int64_t layer = attention + rest;
  const int64_t kept = o.activation_checkpointing ? kFloat * c.hidden : layer;
  // While a layer is computed or differentiated: scores before and after the mask and their
  // gradient, and the widest vectors with theirs.
  const int64_t passing =
      kFloat * (3 * weights + 4 * c.intermediate) + (o.activation_checkpointing ? layer : 0);
  const int64_t token = 2 * kFloat * c.hidden + (c.layers - 1) * kept + attention + passing;
  double bytes = tokens * static_cast<double>(token);
  // The last layer beyond its attention.
  bytes += static_cast<double>(pass.read_rows) * static_cast<double>(rest);
  // Logits, their log-softmax and the gradients of both.
  const int64_t score = 4 * kFloat + (o.precision == TrainPrecision::kBf16 ? 2 * kHalf : 0);
  bytes += static_cast<double>(pass.vocabulary_rows) * static_cast<double>(c.vocabulary * score);
  return static_cast<int64_t>(std::min(bytes, kBeyondAnyMemory));
}

double forward_flops(const ModelConfig& c, const PassShape& pass) {
  const auto h = static_cast<double>(c.hidden);
  const auto i = static_cast<double>(c.intermediate);
  const double tokens = static_cast<double>(pass.sequences) * static_cast<double>(pass.length);
  const auto rows = static_cast<double>(pass.read_rows);
  const double attention = 6 * h * h + 4 * static_cast<double>(pass.length) * h;  // a token
  const double rest = 2 * h * h + 4 * h * i;
  return tokens * static_cast<double>(c.layers) * attention +
         (tokens * static_cast<double>(c.layers - 1) + rows) * rest +
         static_cast<double>(pass.vocabulary_rows) * 2 * h *
             (h + static_cast<double>(c.vocabulary));
}

std::optional<double> RunEstimate::seconds() const {
  if (!gemm_rate) return std::nullopt;
  return (static_cast<double>(steps) * step_flops +
          static_cast<double>(refreshes) * refresh_flops) /
         *gemm_rate;
}

RunEstimate estimate_run(const TrainOptions& given, const EstimateOptions& how) {
  RunEstimate e;
  const Workspace workspace = Workspace::open(given.workspace, true);
  const TrainOptions options = with_vocabulary(given, workspace.models_folder());
  if (counts_vocabulary(options, workspace.models_folder()))
    e.counted_vocabulary = options.vocabulary_size;
  require_output_name(options, workspace);
  e.networks = initial_networks(options, workspace.models_folder());
  require_inputs(options, workspace);
  const int64_t documents =
      CorpusStore::open(workspace.corpus_database(), OpenMode::kReadOnly)->size();
  require_documents(options, documents);
  e.place = place_of(options, how);
  const std::vector<Network> networks = networks_of(options, e);
  for (const Network& network : networks) e.parameters += network.parameters;
  add_memory(e, options, workspace, networks, documents);
  add_disk(e, options, workspace, networks);
  add_time(e, options, networks, documents, how.calibration_seconds);
  return e;
}

}  // namespace realm

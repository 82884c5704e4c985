#include "trainer/tasks/index_refresher.h"

#include "engine/base/check.h"
#include "engine/index/faiss_index.h"
#include "engine/retrieval/device_index.h"
#include "trainer/tasks/retrieval_probe.h"

namespace realm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks{100};

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void append_weights(WeightList& out, const std::string& prefix, const Embedder& embedder) {
  for (const auto& item : embedder->named_parameters())
    out.emplace_back(prefix + item.key(), item.value().detach());
}

// LibTorch's threads of the calling thread alone. The first call makes LibTorch give this thread
// the number that all have, so that it does not do so later.
void use_threads(int count) {
  if (torch::get_num_threads() != count) torch::set_num_threads(count);
}

}  // namespace

IndexRefresher::IndexRefresher(const TaskInputs& inputs)
    : inputs_(inputs), ranks_(inputs.ranks->twin("refresh")) {
  torch::get_num_threads();  // the owner's number is settled before another thread has its own
}

IndexRefresher::~IndexRefresher() {
  if (pending_) pending_->thread.request_stop();
}

Embedder IndexRefresher::copy_of(const Embedder& weights) const {
  const torch::NoGradGuard no_grad;
  Embedder copy(weights->config());
  auto to = copy->named_parameters();
  for (const auto& item : weights->named_parameters()) to[item.key()].copy_(item.value());
  copy->to(inputs_.refresh_device);
  return copy;
}

std::vector<float> IndexRefresher::embed_queries(Embedder& embedder) const {
  if (!inputs_.held_out) return {};
  const torch::NoGradGuard no_grad;
  const SpecialIds& special = inputs_.vocabulary().special();
  std::vector<float> out;
  constexpr size_t kBatch = 32;
  const std::vector<BertInput> queries = held_out_queries(inputs_, embedder->query_masks());
  for (size_t begin = 0; begin < queries.size(); begin += kBatch) {
    const std::span<const BertInput> batch =
        std::span(queries).subspan(begin, std::min(kBatch, queries.size() - begin));
    const torch::Tensor embedded = embedder(make_batch(batch, special, inputs_.refresh_device))
                                       .to(torch::kCPU, torch::kFloat32)
                                       .contiguous();  // [b, P]
    const float* const values = embedded.data_ptr<float>();
    out.insert(out.end(), values, values + embedded.numel());
  }
  return out;
}

IndexRefresher::Built IndexRefresher::build(Embedder& embedder, int64_t generation,
                                            const std::shared_ptr<const MipsIndex>& old,
                                            const std::stop_token& stop) {
  use_threads(inputs_.options.refresh_threads);
  const auto began = Clock::now();
  Built built;
  built.vectors = embed_corpus(inputs_, embedder,
                               {.stop = stop,
                                .progress = [this](double share) { embedded_share_ = share; },
                                .ranks = ranks_.get()});
  embedded_share_ = 1;
  // On the card that trains where it has room.
  if (inputs_.device.is_cuda())
    built.index = make_device_index(*built.vectors, generation, inputs_.device);
  if (!built.index) built.index = make_index(kExactIndexType, *built.vectors, generation);
  if (old && ranks_->is_first()) {
    const std::vector<DocumentId> documents = spread_ids(built.vectors->ids(), kProbeDocuments);
    const std::vector<float> queries = embed_queries(embedder);
    built.change =
        index_change(*old, *built.index, {documents, queries, inputs_.options.candidates - 1});
  }
  built.seconds = seconds_since(began);
  return built;
}

void IndexRefresher::start(Embedder weights, int64_t step, int64_t generation) {
  REALM_CHECK(!pending_);
  embedded_share_ = 0;
  pending_.emplace();
  pending_->step = step;
  pending_->generation = generation;
  pending_->begun = Clock::now();
  pending_->weights = std::move(weights);
  std::promise<Built> promise;
  pending_->result = promise.get_future();
  pending_->thread =
      std::jthread([this, embedder = pending_->weights, generation, old = index_,
                    promise = std::move(promise)](const std::stop_token& stop) mutable {
        try {
          promise.set_value(build(embedder, generation, old, stop));
        } catch (...) {
          promise.set_exception(std::current_exception());
        }
      });
}

void IndexRefresher::take(Built built) {
  index_ = std::move(built.index);
  vectors_ = std::move(built.vectors);
  index_weights_ = pending_->weights;
  made_at_step_ = pending_->step;
  made_at_ = pending_->begun;
  pending_.reset();
}

void IndexRefresher::build_now(const Embedder& weights, int64_t generation, int64_t made_at_step) {
  index_.reset();  // there is nothing to compare with
  inputs_.looks.between_parts(kLoadStage);
  start(copy_of(weights), made_at_step, generation);
  do {
    inputs_.looks.within_part(kLoadStage);  // the destructor cancels what is under way
  } while (pending_->result.wait_for(kBetweenLooks) != std::future_status::ready);
  take(pending_->result.get());
  inputs_.looks.between_parts(kLoadStage);
}

void IndexRefresher::begin(const Embedder& weights, int64_t step) {
  start(copy_of(weights), step, index_->generation() + 1);
}

bool IndexRefresher::is_done() const {
  return pending_ &&
         pending_->result.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

IndexRefresher::Adopted IndexRefresher::adopt(const std::function<void()>& look) {
  REALM_CHECK(pending_.has_value());
  const auto began = Clock::now();
  while (!is_done()) {
    look();
    pending_->result.wait_for(kBetweenLooks);
  }
  Built built = pending_->result.get();
  Adopted adopted{seconds_since(began), built.seconds, made_at_step_, age_seconds(), built.change};
  take(std::move(built));
  return adopted;
}

double IndexRefresher::age_seconds() const { return seconds_since(made_at_); }

WeightList IndexRefresher::weights() const {
  WeightList out;
  append_weights(out, "index.", index_weights_);
  if (pending_) append_weights(out, "pending.", pending_->weights);
  return out;
}

void IndexRefresher::restore(const Restored& saved, const WeightList& weights,
                             const Embedder& like) {
  const torch::NoGradGuard no_grad;
  const auto read = [&](const std::string& prefix) {
    Embedder embedder(like->config());
    auto parameters = embedder->named_parameters();
    for (const auto& [name, tensor] : weights) {
      if (name.starts_with(prefix)) parameters[name.substr(prefix.size())].copy_(tensor);
    }
    embedder->to(inputs_.refresh_device);
    return embedder;
  };
  build_now(read("index."), saved.generation, saved.made_at_step);
  if (saved.pending_step) start(read("pending."), *saved.pending_step, saved.generation + 1);
}

}  // namespace realm
